"""The annual report as a whole: entered with sources, complete or not drawn, summed over a government's units."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from jiyue.config.duties import heed, sweep
from jiyue.content.models import Article
from jiyue.disclosure import reporting
from jiyue.disclosure.annual import annual_of, columns_for, draw_up, save_annual
from jiyue.disclosure.annual_duties import OF_DEPARTMENT, OF_GOVERNMENT
from jiyue.disclosure.annual_writing import file_of
from jiyue.disclosure.models import AnnualReport, KeptReport
from jiyue.disclosure.stepping import ChangedMeanwhile
from jiyue.domain.deadlines import SHANGHAI, local
from jiyue.domain.disclosure_annual import CELLS, LINES, added, is_number, plain, summed
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.enrolling import enrol
from jiyue.obligations.models import Obligation
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from tests.apps.rules.decisions import overseers
from tests.cast import reviewed, structured
from tests.disclosure import COMPANY, asked
from tests.letters import office

pytestmark = pytest.mark.django_db
FIGURES = {f"{row}-{column}": str(n) for n, (row, column) in enumerate(CELLS)} | {"charges-amount": "12.50"}
SOURCES = {line.name: "市司法局目录" for line in LINES}
PROSE = {"overview": "一年来。\n第二段<b>。", "problems": "有的答复不够规范。", "others": "没有收取信息处理费。"}


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


@pytest.fixture
def year(now):
    return local(now).year - 1


def saved(site, year, desk, now, **changed):
    given = {"whole": False, "version": 0, "figures": FIGURES, "sources": SOURCES, "prose": PROSE, **changed}
    return save_annual(site=site, year=year, by=desk.clerk, now=now, **given)


def kept(site, year, desk, now) -> KeptReport:
    return reporting.keep_report(site=site, year=year, by=desk.clerk, now=now)


@pytest.mark.req("DISC-03")
def test_a_complete_report_becomes_a_draft_that_goes_through_review(cast, desk, year, now):
    site = cast.city.site
    asked(cast.city, now=datetime(year, 12, 20, tzinfo=UTC))
    assert len(annual_of(site, year).lacks) == 1 + len(LINES) + 3
    kept(site, year, desk, now)
    saved(site, year, desk, now)
    assert annual_of(site, year).lacks == ()
    column = columns_for(site).first()
    made = draw_up(site=site, year=year, whole=False, column=column, by=desk.clerk, now=now)
    assert (made.state, made.kind, made.site) == ("draft", "article", site)
    body = made.typed.body
    kinds = [block.block_type for block in body]
    assert kinds.count("heading") == 6 and kinds.count("table") == 4 + 2
    words = str(made.typed.body.raw_data)
    for said in (
        "一、总体情况",
        "六、其他需要报告的事项",
        "第二十条第（八）项",
        "12.5",
        "&lt;b&gt;",
        "一、本年新收政府信息公开申请数量",
    ):
        assert said in words
    assert not made.versions.exists()  # nothing is public, nothing is signed
    # the second time the same draft is brought up to date
    row = AnnualReport.objects.get()
    saved(site, year, desk, now, version=row.version, prose={**PROSE, "others": "收取三百元。"})
    again = draw_up(site=site, year=year, whole=False, column=column, by=desk.clerk, now=now)
    assert again.pk == made.pk and "收取三百元" in str(again.typed.body.raw_data)


@pytest.mark.parametrize(("given", "field"), [
    ({"figures": {**FIGURES, "rules-issued": "十"}}, "rules-issued"),
    ({"figures": {"licences-decisions": "-1"}}, "licences-decisions"),
    ({"figures": {"rules-issued": "1.5"}}, "rules-issued"), ({"figures": {"charges-amount": "1e9"}}, "charges-amount"),
    ({"sources": {"rules": "长" * 301}}, "source-rules"), ({"prose": {"others": "长" * 10_001}}, "others"),
])  # fmt: skip
def test_what_is_no_number_is_told_at_its_field(cast, desk, year, now, given, field):
    with pytest.raises(ValidationError) as refusal:
        saved(cast.city.site, year, desk, now, **given)
    assert list(refusal.value.message_dict) == [field]


def test_half_of_it_is_kept_and_not_drawn(cast, desk, year, now):
    site = cast.city.site
    saved(site, year, desk, now, figures={"rules-issued": "007"}, sources={}, prose={"overview": "先写一点"})
    found = annual_of(site, year)
    assert found.two["rules"] == {"issued": "7"}
    with pytest.raises(ValidationError, match="还没有确认"):
        draw_up(site=site, year=year, whole=False, column=columns_for(site).first(), by=desk.clerk, now=now)


def test_two_at_once_do_not_overwrite_each_other(cast, desk, year, now):
    saved(cast.city.site, year, desk, now)
    for version in (0, 7):
        with pytest.raises(ChangedMeanwhile):
            saved(cast.city.site, year, desk, now, version=version)
    saved(cast.city.site, year, desk, now, version=1)


def test_only_the_desk_of_the_site_writes_it_and_only_into_its_own_columns(cast, desk, year, now):
    site = cast.city.site
    for person in (desk.handler, cast.supervisor, cast.outside.editor):
        with pytest.raises(PermissionDenied):
            save_annual(
                site=site,
                year=year,
                whole=False,
                version=0,
                figures=FIGURES,
                sources=SOURCES,
                prose=PROSE,
                by=person,
                now=now,
            )
    kept(site, year, desk, now)
    saved(site, year, desk, now)
    foreign = cast.outside.columns["tzgg"]
    with pytest.raises(ValidationError, match="本网站的栏目"):
        draw_up(site=site, year=year, whole=False, column=foreign, by=desk.clerk, now=now)


def test_the_sum_of_a_government_names_who_is_missing_and_what_changed(cast, desk, year, now):
    site = cast.city.site
    asked(cast.city, now=datetime(year, 11, 20, tzinfo=UTC))
    before = annual_of(site, year, whole=True)
    assert before.three is None and before.missing
    kept(site, year, desk, now)
    found = annual_of(site, year, whole=True)
    assert found.three["new"]["total"] == 1
    assert not any(site.name in name for name in found.missing)
    assert [site.name in name for name in found.without_two] == [True]
    assert found.differing == ()
    assert not any(cast.outside.site.name in name for name in (*found.missing, *found.stated))
    from jiyue.disclosure.actions import register_request

    register_request(
        site=site, fields=COMPANY, source="post", received_at=datetime(year, 12, 1, tzinfo=UTC), by=desk.clerk, now=now
    )
    assert [site.name in name for name in annual_of(site, year, whole=True).differing] == [True]
    saved(site, year, desk, now)
    saved(site, year, desk, now, whole=True, figures={}, sources={})
    found = annual_of(site, year, whole=True)
    assert found.two["charges"] == {"amount": "12.5"} and found.without_two == () and found.lacks == ()
    made = draw_up(site=site, year=year, whole=True, column=columns_for(site).first(), by=desk.clerk, now=now)
    if found.missing:
        assert found.missing[0] in str(made.typed.body.raw_data)


def test_a_department_sums_nobody_up(client, cast, desk, year, now):
    site = cast.city.site
    site.owner.kind = "department"
    site.owner.save(update_fields=["kind"])
    with pytest.raises(PermissionDenied, match="政府的网站"):
        saved(site, year, desk, now, whole=True)
    client.force_login(desk.clerk)
    address = f"{reverse('console_disclosure_annual')}?site={site.pk}&year={year}&whole=1"
    assert "汇总由政府的网站做" in client.get(address).content.decode()


def test_the_whole_report_as_docx_and_pdf(cast, desk, year, now):
    site = cast.city.site
    kept(site, year, desk, now)
    saved(site, year, desk, now)
    found = annual_of(site, year)
    with zipfile.ZipFile(io.BytesIO(file_of(found, "docx"))) as archive:
        words = archive.read("word/document.xml").decode()
    assert "行政事业性收费" in words and "有的答复不够规范" in words and "总计" in words
    assert file_of(found, "pdf").startswith(b"%PDF")


def test_by_the_forms_of_the_screen_nothing_typed_is_lost(client, cast, desk, year, now):
    site = cast.city.site
    client.force_login(desk.clerk)
    address = f"{reverse('console_disclosure_annual')}?site={site.pk}&year={year}"
    assert "表三、表四还没有确认" in client.get(address).content.decode()
    typed = {
        "act": "save",
        "version": "0",
        **PROSE,
        **FIGURES,
        **{f"source-{name}": text for name, text in SOURCES.items()},
    }
    wrong = client.post(address, {**typed, "rules-issued": "十件"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "请填不带单位的数字" in page and "十件" in page and "有的答复不够规范" in page
    assert "已保存" in client.post(address, typed, follow=True).content.decode()
    kept(site, year, desk, now)
    page = client.get(address).content.decode()
    assert "生成稿件" in page
    column = columns_for(site).first()
    assert "已生成稿件" in client.post(address, {"act": "draw", "column": column.pk}, follow=True).content.decode()
    export = reverse("console_disclosure_annual_export")
    for form, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        assert client.get(f"{export}?site={site.pk}&year={year}&form={form}").content.startswith(start)
    assert client.get(f"{export}?site={site.pk}&year={year}&form=exe").status_code == 404
    assert client.get(f"{export}?site={cast.outside.site.pk}&year={year}&form=pdf").status_code == 404
    client.force_login(desk.handler)
    assert "您可以查看" in client.get(address).content.decode()


def test_numbers_are_plain_and_added():
    assert (plain("007"), plain("1.50"), plain("0.0"), plain("100")) == ("7", "1.5", "0", "100")
    assert not is_number("issued", "１２") and not is_number("issued", "") and is_number("amount", "0.35")
    assert added([{"charges": {"amount": "0.1"}}, {"charges": {"amount": "0.2"}}])["charges"] == {"amount": "0.3"}
    assert summed([{"a": {"x": 1}}, {"a": {"x": 2, "y": 3}}]) == {"a": {"x": 3, "y": 3}}


@pytest.mark.req("DISC-03")
@pytest.mark.parametrize(("whole", "parameter"), [(False, OF_DEPARTMENT), (True, OF_GOVERNMENT)])
def test_the_published_report_meets_its_standing_duty_and_says_where_it_is(cast, desk, year, now, whole, parameter):
    site = cast.city.site
    structured(cast.city, now=now)
    overseer = overseers(None, now=now)[0]
    begins = datetime(year + 1, 1, 1, tzinfo=SHANGHAI)
    enrol(parameter=parameter, unit=site.owner, from_on=begins.date(), by=overseer, now=now)
    Publisher().publish(site, now=now)
    sweep(now=now)
    duty = Obligation.objects.get(parameter=parameter, started_at=begins)
    assert duty.done_at is None
    asked(cast.city, now=datetime(year, 12, 20, tzinfo=UTC))
    kept(site, year, desk, now)
    saved(site, year, desk, now)
    if whole:
        given = {"whole": True, "version": 0, "figures": {}, "sources": {}, "prose": PROSE}
        save_annual(site=site, year=year, by=desk.clerk, now=now, **given)
    made = draw_up(site=site, year=year, whole=whole, column=columns_for(site).first(), by=desk.clerk, now=now)
    sweep(now=now)
    duty.refresh_from_db()
    assert duty.done_at is None  # a draft is no report
    reviewed(cast.city, Article.objects.get(pk=made.pk), now=now)
    Publisher().publish(site, now=now)
    for event in AuditEvent.objects.filter(code="publishing.release_deployed"):
        heed(event, now)
    duty.refresh_from_db()
    assert duty.done_at is not None and duty.met_at == duty.done_at and duty.evidence == {}
    address = PublicItem.objects.get(identity=made.identity, placed_by=None).address
    assert duty.title.endswith(f"，见 https://{site.host}{address}")
    sweep(now=now)
    duty.refresh_from_db()
    assert duty.done_at is not None
