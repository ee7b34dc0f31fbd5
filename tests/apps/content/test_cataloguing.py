"""The openness catalogue: its lines, those kept unpublished with reason and approver, and its import."""

import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from openpyxl import Workbook

from jiyue.content.catalogue_import import CatalogueRefused, gap_of, import_catalogue, limit_of, read_rows
from jiyue.content.cataloguing import (
    decide_withholding,
    lift_withholding,
    propose_withholding,
    remove_item,
    save_item,
)
from jiyue.content.models import CatalogueItem, Withholding
from jiyue.foundation.models import AuditEvent

pytestmark = [pytest.mark.django_db]
HEADINGS = ["序号", "公开事项", "公开内容", "公开依据", "责任部门", "公开栏目", "信息类别", "公开时限", "更新周期"]
GOOD = [
    "1",
    "财政预算",
    "政府预算报告",
    "政府信息公开条例第二十条",
    "澄湖市人民政府",
    "政策文件",
    "",
    "20个工作日",
    "每年",
]


@pytest.fixture
def city(cast):
    return cast.city


@pytest.fixture
def overseer(cast):
    return cast.overseer


def line(city, now, **facts) -> CatalogueItem:
    given = {"site": city.site, "unit": city.organisation, "number": "1", "name": "财政预算",
             "column": city.columns["zcwj"], **facts}  # fmt: skip
    return save_item(item=CatalogueItem(**given), by=city.manager, now=now)


def workbook(*rows: list, title: str = "") -> bytes:
    book = Workbook()
    for row in [[title]] if title else []:
        book.active.append(row)
    for row in [HEADINGS, *rows]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def taken(city, now, data: bytes, name: str = "清单.xlsx"):
    return import_catalogue(site=city.site, unit=city.organisation, name=name, data=data, by=city.manager, now=now)


@pytest.mark.req("COL-02")
def test_a_line_is_saved_with_its_facts_traced(city, now):
    item = line(city, now)
    item.limit = "20 working-days"
    save_item(item=item, by=city.manager, now=now)
    assert item.since == date(2026, 11, 21)
    events = AuditEvent.objects.filter(subject=f"catalogue:{item.pk}").order_by("sequence")
    assert [event.data["after"]["limit"] for event in events] == ["", "20 working-days"]


@pytest.mark.req("COL-02")
@pytest.mark.parametrize("facts", [{"limit": "soon"}, {"renewal": "same-day"}, {"number": ""}])
def test_a_line_that_says_nothing_sensible_is_refused(city, now, facts):
    with pytest.raises(ValidationError):
        line(city, now, **facts)


def test_a_line_belongs_to_its_own_site_and_a_number_stands_once(cast, now):
    city = cast.city
    with pytest.raises(ValidationError):
        line(city, now, column=cast.outside.columns["zcwj"])
    item = line(city, now)
    with pytest.raises(ValidationError):
        line(city, now)
    remove_item(item=item, reason="职能划出", by=city.manager, now=now)
    assert line(city, now).pk != item.pk
    with pytest.raises(PermissionDenied):
        save_item(item=CatalogueItem(site=city.site, unit=city.organisation, number="9", name="人事"),
                  by=cast.outside.manager, now=now)  # fmt: skip


@pytest.mark.req("COL-20")
def test_keeping_a_line_unpublished_needs_reason_basis_and_another_person(cast, overseer, now):
    city = cast.city
    item = line(city, now)
    with pytest.raises(ValidationError):
        propose_withholding(item=item, reason="涉密", basis="", by=city.manager, now=now)
    asked = propose_withholding(item=item, reason="涉及商业秘密", basis="条例第十五条", by=city.manager, now=now)
    with pytest.raises(ValidationError):
        propose_withholding(item=item, reason="再申请", basis="条例", by=city.manager, now=now)
    for stranger in (city.manager, cast.outside.manager, cast.operator):
        with pytest.raises(PermissionDenied):
            decide_withholding(withholding=asked, approve=True, opinion="", by=stranger, now=now)
    decided = decide_withholding(withholding=asked, approve=True, opinion="同意", by=overseer, now=now)
    assert (decided.state, decided.decided_by) == (Withholding.State.APPROVED, overseer)
    lifted = lift_withholding(withholding=decided, opinion="可以公开", by=city.manager, now=now)
    assert (lifted.state, lifted.lifted_at) == (Withholding.State.LIFTED, now)


@pytest.mark.req("COL-02")
@pytest.mark.parametrize("title", ["", "澄湖市人民政府政务公开清单"])
def test_a_workbook_is_taken_in_and_the_same_one_again_changes_nothing_twice(city, now, title):
    data = workbook(GOOD, [2, "规划计划", "", "", "", "", "major", "及时", ""], title=title)
    assert taken(city, now, data).added == 2
    again = taken(city, now, data)
    assert (again.added, again.changed, CatalogueItem.objects.count()) == (0, 2, 2)
    first = CatalogueItem.objects.get(number="1")
    assert (first.limit, first.renewal, first.column, first.responsible) == (
        "20 working-days", "1 year", city.columns["zcwj"], city.organisation,
    )  # fmt: skip


@pytest.mark.req("COL-02")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_of_an_office_program_is_taken_in(city, now, encoding):
    text = "\r\n".join(",".join(row) for row in (HEADINGS, GOOD))
    assert taken(city, now, text.encode(encoding), "清单.csv").added == 1


@pytest.mark.req("COL-02")
def test_every_wrong_row_is_named_and_nothing_is_taken_in(city, now):
    rows = [
        GOOD,
        ["1", "重复的序号", "", "", "", "", "", "", ""],
        ["3", "", "", "", "", "", "", "", ""],
        ["4", "人事信息", "", "", "不存在的单位", "不存在的栏目", "秘密", "尽快", "偶尔"],
    ]
    with pytest.raises(CatalogueRefused) as refused:
        taken(city, now, workbook(*rows))
    assert not CatalogueItem.objects.exists()
    named = [(problem.row, problem.heading) for problem in refused.value.problems]
    assert named == [(3, "序号"), (4, "公开事项"), (5, "责任部门"), (5, "公开栏目"), (5, "信息类别"), (5, "公开时限"),
                     (5, "更新周期")]  # fmt: skip
    assert "第 3 行“序号”：和第 2 行的序号重复" in refused.value.messages


@pytest.mark.req("COL-02")
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("清单.xlsx", b"not a workbook"),
        ("清单.xls", b"\xd0\xcf\x11\xe0"),
        ("清单.csv", "姓名,电话\n样小鹿,000\n".encode()),
        ("清单.csv", "序号,公开事项\n".encode()),
        ("清单.csv", b"\x00\x01\x02\x03" * 50),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_in_words(city, now, name, data):
    with pytest.raises(CatalogueRefused) as refused:
        taken(city, now, data, name)
    assert [problem.row for problem in refused.value.problems] == [0]


def test_only_who_keeps_the_catalogue_imports_it(cast, now):
    city = cast.city
    for stranger in (city.editor, cast.outside.manager, cast.operator):
        with pytest.raises(PermissionDenied):
            import_catalogue(
                site=city.site, unit=city.organisation, name="清单.xlsx", data=workbook(GOOD), by=stranger, now=now
            )


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("自信息形成或者变更之日起20个工作日内", "20 working-days"), ("十五个工作日", "15 working-days"), ("3日", "3 days"),
        ("当日", "same-day"), ("同步", "with-event"), ("及时", ""), ("", ""), ("5 working-days", "5 working-days"),
        ("两个月", "2 months"), ("24小时", "24 hours"),
    ],
)  # fmt: skip
def test_limits_as_offices_write_them(text, limit):
    assert limit_of(text) == limit


@pytest.mark.parametrize("text", ["尽快", "5个工作日或10个工作日", "0日", "N日"])
def test_a_limit_that_cannot_be_read_is_no_limit(text):
    with pytest.raises(ValueError, match=text):
        limit_of(text)


@pytest.mark.parametrize(
    ("text", "gap"), [("每年", "1 year"), ("每季度", "3 months"), ("每两周", "2 weeks"), ("及时", "")]
)
def test_renewals_as_offices_write_them(text, gap):
    assert gap_of(text) == gap


def test_numbers_that_a_workbook_holds_as_numbers_stay_whole():
    rows = read_rows(name="清单.xlsx", data=workbook([1.0, "财政预算", None, None, None, None, None, None, None]))
    assert rows[0][1]["number"] == "1"
