"""Services exchanged and compared with another source: nothing is overwritten, nothing lost, nothing public by itself."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from openpyxl import load_workbook

from jiyue.content.actions import RecordLocked, save_column
from jiyue.content.models import Column, ItemDifference, ServiceGuide, ServiceItem, Synchronisation
from jiyue.content.needs import Audience, LifeEvent, Theme
from jiyue.content.service_blocks import ORIGINALS, SOURCES
from jiyue.content.service_entries import entry_of_draft
from jiyue.content.service_importing import Made, ServiceFileRefused, import_entries, read_file
from jiyue.content.service_sentences import ELEMENTS, of_line
from jiyue.content.service_sheets import read_workbook, workbook_of
from jiyue.content.service_sources import answered, any_wanted, ask_for_comparison, set_source, want_nightly
from jiyue.content.synchronising import Ours, keep_ours, note_failure, synchronise, take_theirs
from jiyue.domain import service_items
from jiyue.domain.actors import process
from jiyue.domain.service_items import RULES, entry_of, plain, written
from jiyue.foundation.models import AuditEvent
from jiyue.review.actions import submit
from tests.cast import TEST
from tests.services import guide_of, item_of

pytestmark = pytest.mark.django_db
State = ItemDifference.State
NEW = {
    "code": "990100-SB-0007", "name": "社会保障卡申领", "item_class": "public_service", "audiences": ["person"],
    "item_basis": "《社会保险法》第五十八条", "title": "社会保障卡申领", "place": "市民中心二楼", "promised_days": 5,
    "materials": [{"name": "居民身份证", "original": "shown"}], "process": [{"name": "受理", "what": "窗口收件"}],
}  # fmt: skip


@pytest.fixture
def column(cast, now) -> Column:
    made = Column(
        site=cast.city.site, kind=Column.Kind.SERVICES, channel=Column.Channel.SERVICES, name="办事服务", slug="bsfw",
        responsible=cast.city.organisation, description="办事指南", keywords="办事",
    )  # fmt: skip
    return save_column(column=made, by=TEST, now=now)


@pytest.fixture
def guide(cast, now) -> ServiceGuide:
    return guide_of(cast.city, item_of(cast, now=now), now=now)


def lines_of(*values):
    return read_file("\n".join(json.dumps(value) for value in values).encode())


def imported(cast, by, now, *values):
    entries = [line.entry for line in lines_of(*values)]
    return list(import_entries(site=cast.city.site, entries=entries, source="平台.jsonl", by=by, now=now))


def compared(cast, now, *entries, by=None, complete=True, lines=None) -> Synchronisation:
    site = cast.city.site
    mine = [Ours(guide, entry_of_draft(guide)) for guide in ServiceGuide.objects.filter(site=site)]
    data = "\n".join(written(entry) for entry in entries).encode()
    return synchronise(
        site=site, origin="file", source="平台.jsonl", data=data, lines=lines or read_file(data), ours=mine, by=by,
        actor=process("test"), now=now, complete=complete,
    )  # fmt: skip


def open_rows() -> list[ItemDifference]:
    return list(ItemDifference.objects.filter(state=State.OPEN).order_by("pk"))


# ---- the format ----------------------------------------------------------------------------------------------------


def test_the_codes_of_the_format_are_those_of_the_platform():
    assert Audience.values == list(service_items.AUDIENCES)
    assert Theme.values == list(service_items.THEMES)
    assert LifeEvent.values == list(service_items.LIFE_EVENTS)
    assert ServiceItem.ItemClass.values == list(service_items.ITEM_CLASSES)
    assert ServiceGuide.Disclosure.values == list(service_items.DISCLOSURES)
    assert [code for code, _words in ORIGINALS] == list(service_items.ORIGINALS)
    assert [code for code, _words in SOURCES] == list(service_items.MATERIAL_SOURCES)
    assert max(ServiceGuide.OnlineDepth.values) == service_items.MOST_DEPTH
    assert set(ELEMENTS) == set(RULES)


def test_no_value_of_the_format_is_too_long_for_the_platform():
    fields = {field.name: field for field in (*ServiceItem._meta.fields, *ServiceGuide._meta.fields)}
    for name, rule in RULES.items():
        kept = fields.get(name)
        if isinstance(rule, service_items.Text) and kept is not None and kept.max_length:
            assert rule.most <= kept.max_length, name


@pytest.mark.req("SERV-13")
def test_a_guide_survives_both_forms_of_the_exchange(guide):
    entry = entry_of_draft(guide)
    assert entry.materials[0].instructions and entry.online_depth == 4 and entry.code == "990100-SL-0001"
    [line] = read_file(written(entry).encode())
    assert line.entry == entry
    [row] = read_file(workbook_of([entry]))
    filled = {name for name, value in plain(entry).items() if value not in ("", None, [])} - {"code"}
    assert row.entry == replace(entry, stated=row.entry.stated) and row.entry.stated == filled


def test_a_workbook_is_read_in_words_and_each_fault_has_its_row_and_element(guide):
    book = load_workbook(BytesIO(workbook_of([entry_of_draft(guide)])))
    headings = [cell.value for cell in book["事项"][1]]
    book["事项"].cell(2, headings.index("承诺办结时限（工作日）") + 1).value = "十天"
    book["事项"].cell(2, headings.index("服务对象") + 1).value = "个人、法人和其他组织"
    book["材料"].cell(3, 1).value, book["材料"].cell(3, 2).value = "990100-XX-9999", "身份证"
    out = BytesIO()
    book.save(out)
    found = [text for line in read_workbook(out.getvalue()) for text in of_line(line)]
    assert found == [
        "第 2 行：承诺办结时限（工作日）：应当是 0～3650 的整数，写的是 十天",
        "“材料”等表：事项编码：“事项”表里没有编码 990100-XX-9999",
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"  \n", b"PK\x03\x04broken", b"x" * (21 << 20)])
def test_what_is_no_file_of_services_is_refused_with_a_reason(data):
    with pytest.raises(ServiceFileRefused) as refused:
        read_file(data)
    assert str(refused.value)


# ---- import --------------------------------------------------------------------------------------------------------


@pytest.mark.req("SERV-05")
def test_an_overseer_brings_items_and_an_editor_draft_guides(cast, now, column):
    [made] = imported(cast, cast.overseer, now, NEW)
    assert (made.item, made.guide, made.refused) == (True, None, "")
    [made] = imported(cast, cast.city.editor, now, NEW)
    kept = ServiceGuide.objects.get()
    assert made.guide == kept and not made.item
    assert (kept.state, kept.column, kept.item.code, kept.place) == ("draft", column, NEW["code"], "市民中心二楼")
    assert [step["what"] for step in kept.stream("process")] == ["窗口收件"]
    assert not kept.versions.exists()


def test_a_second_run_makes_nothing_twice_and_changes_nothing(cast, now, column):
    for by in (cast.overseer, cast.city.editor):
        imported(cast, by, now, NEW)
    ServiceGuide.objects.update(place="三楼")
    for by in (cast.overseer, cast.city.editor):
        assert imported(cast, by, now, {**NEW, "name": "别的名字", "place": "一楼"}) == [Made(NEW["code"])]
    assert ServiceGuide.objects.get().place == "三楼" and ServiceItem.objects.get().name == NEW["name"]


def test_one_entry_that_cannot_be_kept_stops_no_other(cast, now):
    wrong = {**NEW, "code": "990100-SB-0008", "audiences": []}
    told = imported(cast, cast.overseer, now, wrong, NEW)
    assert [(each.item, bool(each.refused)) for each in told] == [(False, True), (True, False)]
    assert "服务对象" in told[0].refused and ServiceItem.objects.count() == 1
    assert AuditEvent.objects.get(code="content.services_imported").data["refused"] == 1


def test_who_may_do_neither_brings_nothing_and_a_foreign_code_is_not_taken(cast, now, column):
    with pytest.raises(PermissionDenied):
        imported(cast, cast.city.manager, now, NEW)
    with pytest.raises(PermissionDenied):
        imported(cast, cast.outside.editor, now, NEW)
    ServiceItem.objects.create(
        code=NEW["code"], name="别市", organisation=cast.outside.organisation, item_class="licensing", legal_basis="法",
        audiences=["person"], created_by=cast.overseer, created_at=now, changed_at=now,
    )  # fmt: skip
    [told] = imported(cast, cast.city.editor, now, NEW)
    assert "别的单位" in told.refused and not ServiceGuide.objects.exists()


# ---- comparison ----------------------------------------------------------------------------------------------------


@pytest.mark.req("SERV-05")
def test_a_comparison_keeps_each_difference_once_and_ends_it_when_it_is_gone(cast, now, guide):
    entry = entry_of_draft(guide)
    theirs = replace(entry, promised_days=7, materials=())
    run = compared(cast, now, theirs)
    assert (run.items, run.equal, run.different, run.only_here, run.only_there) == (1, 0, 1, 0, 0)
    assert [(row.field, row.kind, row.ours, row.theirs) for row in open_rows() if row.field == "promised_days"] == [
        ("promised_days", "changed", 10, 7)
    ]
    again = compared(cast, now, theirs)
    assert ItemDifference.objects.count() == 2 and {row.last_run_id for row in open_rows()} == {again.pk}
    compared(cast, now, entry)
    assert not open_rows() and set(ItemDifference.objects.values_list("state", flat=True)) == {State.GONE}
    assert AuditEvent.objects.filter(code="content.services_compared").count() == 3


def test_of_several_guides_of_an_item_the_one_with_the_same_title_is_compared(cast, now, guide):
    guide_of(cast.city, guide.item, now=now, title="取水许可延续办事指南", place="别处")
    run = compared(cast, now, replace(entry_of_draft(guide), promised_days=7))
    assert (run.different, [(row.guide, row.field) for row in open_rows()]) == (1, [(guide, "promised_days")])


def test_silence_of_a_part_or_of_a_damaged_file_says_nothing(cast, now, guide):
    other = entry_of({"code": "990100-XX-0001", "name": "别的"})
    assert compared(cast, now, other, complete=False).only_here == 0
    damaged = read_file((written(other) + "\n{").encode())
    run = compared(cast, now, other, lines=damaged)
    assert (run.only_here, run.refused, run.problems) == (
        0,
        1,
        ["第 2 行：这一行不是完整的 JSON，或者同一个名称写了两次"],
    )
    assert compared(cast, now, other).only_here == 1


@pytest.mark.req("SERV-05")
def test_theirs_is_taken_into_a_draft_and_the_files_of_ours_stay(cast, now, guide):
    entry = entry_of_draft(guide)
    material = replace(entry.materials[0], copies=2)
    step = replace(entry.process[1], how_long="3 个工作日")
    theirs = replace(
        entry, promised_days=7, materials=(material,), process=(entry.process[0], step), telephone="000-999"
    )
    compared(cast, now, theirs)
    assert len(open_rows()) == 4
    with pytest.raises(PermissionDenied):
        take_theirs(differences=open_rows(), by=cast.city.manager, now=now)
    take_theirs(differences=open_rows(), by=cast.city.editor, now=now)
    kept = ServiceGuide.objects.get()
    [row] = kept.stream("materials")
    assert (kept.promised_days, kept.telephone, row["copies"]) == (7, "000-999", 2)
    assert row["blank"] and row["sample"] and kept.stream("process")[1]["how_long"] == "3 个工作日"
    assert kept.latest_revision.user == cast.city.editor and not kept.versions.exists()
    assert set(ItemDifference.objects.values_list("state", flat=True)) == {State.TAKEN}


def test_rows_that_only_one_side_has_come_and_go(cast, now, guide):
    entry = entry_of_draft(guide)
    new = replace(entry.materials[0], name="营业执照", needs_form=False, instructions="")
    theirs = replace(
        entry, materials=(new,), process=(*entry.process, replace(entry.process[0], name="送达", what="邮寄"))
    )
    compared(cast, now, theirs)
    take_theirs(differences=open_rows(), by=cast.city.editor, now=now)
    assert entry_of_draft(ServiceGuide.objects.get()) == theirs


def test_until_the_draft_is_public_a_taken_difference_is_not_asked_again_unless_it_was_undone(cast, now, guide):
    public = entry_of_draft(guide)
    theirs = replace(public, promised_days=7)

    def run():
        shown = [Ours(ServiceGuide.objects.get(), public)]
        data = written(theirs).encode()
        synchronise(site=cast.city.site, origin="file", source="x", data=data, lines=read_file(data), ours=shown, by=None,
                    actor=process("test"), now=now)  # fmt: skip
        return ItemDifference.objects.get().state

    assert run() == State.OPEN
    take_theirs(differences=open_rows(), by=cast.city.editor, now=now)
    assert run() == State.TAKEN
    ServiceGuide.objects.update(promised_days=9)
    assert run() == State.OPEN


def test_a_draft_that_was_changed_meanwhile_is_not_written_over(cast, now, guide):
    compared(cast, now, replace(entry_of_draft(guide), promised_days=7))
    ServiceGuide.objects.update(promised_days=3)
    with pytest.raises(ValidationError, match="已经改过"):
        take_theirs(differences=open_rows(), by=cast.city.editor, now=now)
    assert ServiceGuide.objects.get().promised_days == 3 and len(open_rows()) == 1


def test_a_guide_under_review_is_not_changed(cast, now, guide):
    compared(cast, now, replace(entry_of_draft(guide), promised_days=7))
    submit(record=guide, by=cast.city.editor, now=now)
    with pytest.raises(RecordLocked):
        take_theirs(differences=open_rows(), by=cast.city.editor, now=now)


def test_what_the_item_says_for_all_sites_is_its_overseers_to_change(cast, now, guide):
    compared(cast, now, replace(entry_of_draft(guide), themes=("education",)))
    [row] = open_rows()
    with pytest.raises(PermissionDenied):
        take_theirs(differences=[row], by=cast.city.editor, now=now)
    assert take_theirs(differences=[row], by=cast.overseer, now=now) is None
    assert ServiceItem.objects.get().themes == ["education"]


def test_an_item_that_only_they_have_becomes_a_draft_when_the_catalogue_knows_it(cast, now, column):
    compared(cast, now, entry_of(NEW))
    [row] = open_rows()
    with pytest.raises(ValidationError, match="登记"):
        take_theirs(differences=[row], by=cast.city.editor, now=now)
    imported(cast, cast.overseer, now, NEW)
    guide = take_theirs(differences=[row], by=cast.city.editor, now=now)
    assert guide.title == NEW["title"] and not guide.versions.exists()


@pytest.mark.req("SERV-05")
def test_ours_is_kept_with_a_reason_and_asked_again_only_when_a_side_moves(cast, now, guide):
    entry = entry_of_draft(guide)
    compared(cast, now, replace(entry, promised_days=7))
    [row] = open_rows()
    with pytest.raises(ValidationError, match="为什么"):
        keep_ours(difference=row, reason="  ", by=cast.city.manager, now=now)
    with pytest.raises(PermissionDenied):
        keep_ours(difference=row, reason="已核对", by=cast.outside.manager, now=now)
    keep_ours(difference=row, reason="已核对 3 号文", by=cast.city.manager, now=now)
    compared(cast, now, replace(entry, promised_days=7))
    assert not open_rows()
    compared(cast, now, replace(entry, promised_days=6))
    assert [row.theirs for row in open_rows()] == [6]
    with pytest.raises(ValidationError, match="处理过"):
        keep_ours(difference=row, reason="再来", by=cast.city.manager, now=now)


# ---- the source ----------------------------------------------------------------------------------------------------


def test_the_source_is_the_managers_and_must_be_an_address_of_the_web(cast, now):
    act = {"site": cast.city.site, "now": now}
    for stranger in (cast.city.editor, cast.outside.manager):
        with pytest.raises(PermissionDenied):
            set_source(address="https://zwfw.example.gov.cn/items", by=stranger, **act)
    for wrong in ("ftp://x.cn/", "https://a:b@x.cn/", "nonsense"):
        with pytest.raises(ValidationError, match="网址"):
            set_source(address=wrong, by=cast.city.manager, **act)
    source = set_source(address=" https://zwfw.example.gov.cn/items ", by=cast.city.manager, **act)
    assert source.address == "https://zwfw.example.gov.cn/items" and source.wanted_at == now
    assert any_wanted(now)
    answered(source=source)
    assert not any_wanted(now)
    ask_for_comparison(source=source, by=cast.city.editor, now=now)
    assert any_wanted(now)
    answered(source=source)
    assert (want_nightly(now=now), want_nightly(now=now)) == (1, 0)
    assert set_source(address="", by=cast.city.manager, **act) is None
    assert AuditEvent.objects.filter(code="content.service_source_set").count() == 2


def test_a_comparison_that_could_not_take_place_is_told_and_decides_nothing(cast, now, guide):
    compared(cast, now, replace(entry_of_draft(guide), promised_days=7))
    run = note_failure(
        site=cast.city.site, origin="address", source="https://x.cn/", trouble="对方没有答完", by=None,
        actor=process("test"), now=now,
    )  # fmt: skip
    assert run.trouble and len(open_rows()) == 1
