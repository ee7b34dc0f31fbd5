"""Files to and from the national platform of error reports: each line for itself, nothing twice, nothing believed."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from jiyue.domain.deadlines import local
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import actions, handling
from jiyue.interaction.duties import LetterSource
from jiyue.interaction.letter_files import layouts as columns
from jiyue.interaction.letter_files.handing_out import as_jsonl, hand_out, ready_for, told_of, waiting_for
from jiyue.interaction.letter_files.reading import MOST_BYTES, MOST_LINES, MOST_ROWS, FileRefused, moment_of, read_file
from jiyue.interaction.letter_files.taking import take_file
from jiyue.interaction.models import BroughtFile, Case, CaseStep, HandedAnswer, HandedFile
from jiyue.interaction.sealed import opened
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from tests.apps.interaction.test_handling import GATES, under
from tests.cast import organisation, tenant
from tests.letters import handled, letter, office

pytestmark = pytest.mark.django_db
AN_HOUR = timedelta(hours=1)
HOST = "www.chenghu.localhost"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


def report(number: str, now, **more) -> dict:
    return {
        "number": number, "site": HOST, "page": f"https://{HOST}/zwdt/1.html", "text": f"第{number}号：标题有错别字。",
        "sent_at": (local(now) - AN_HOUR).isoformat(), **more,
    }  # fmt: skip


def jsonl(*lines) -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def xlsx(*lines, heading=None, change=None) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(
        heading or [f"{column.heading}＊" if column.needed else str(column.heading) for column in columns.TAKEN]
    )
    for line in lines:
        sheet.append([line.get(column.key) for column in columns.TAKEN])
    if change:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def taken(desk, data: bytes, now, **how) -> BroughtFile:
    return take_file(
        layout=columns.ERRORS,
        site=desk.tenant.site,
        name="留言.jsonl",
        data=data,
        by=how.get("by", desk.clerk),
        now=now,
    )


def words(row: BroughtFile) -> list[tuple[int, str, str]]:
    return [(line["line"], line["outcome"], line["words"]) for line in row.lines]


# ---- in ------------------------------------------------------------------------------------------------------------


@pytest.mark.req("INT-10", "INT-07")
def test_a_file_becomes_letters_by_the_clock_of_the_platform(cast, desk, now):
    under(cast, "hubei", now=now)
    before = AuditEvent.objects.count()
    row = taken(
        desk, jsonl(report("ZC-1", now, name="例网民", phone="000-5", category="错别字"), report("ZC-2", now)), now
    )
    assert (row.taken, row.known, row.refused, row.by) == (2, 0, 0, desk.clerk)
    case = Case.objects.get(outer_number="ZC-1")
    assert (case.kind, case.state, case.source, case.handed_by) == (
        "error_report",
        "received",
        "platform",
        columns.PLATFORM,
    )
    assert (case.clock_at, case.received_at, case.recorded_at) == (now - AN_HOUR, now - AN_HOUR, now)
    assert (case.site, case.desk, case.number) == (cast.city.site, cast.city.site, "SZC-1")
    assert case.fields == {"category": "typo", "about": HOST}
    assert opened(actions.SENDER, case.number, case.sender) == {"name": "例网民", "phone": "000-5"}
    assert "例网民" not in json.dumps(row.lines) and "000-5" not in json.dumps(row.lines)
    refresh(LetterSource(), now=now)
    due = {(each.parameter, local(each.act_by).date().isoformat()) for each in Obligation.objects.pending()}
    assert ("error-report.reply", "2026-11-24") in due  # two working days, as the pack of Hubei says
    codes = list(AuditEvent.objects.order_by("sequence").values_list("code", flat=True)[before:])
    assert (codes.count("interaction.error_file"), codes.count("interaction.stepped")) == (1, 2)


@pytest.mark.req("INT-10")
def test_the_same_number_is_never_taken_twice(cast, desk, now):
    first = taken(desk, jsonl(report("ZC-1", now), report("ZC-1", now, text="另一段")), now)
    assert words(first) == [(1, "taken", ""), (2, "known", "这个编号以前登记过")]
    again = taken(desk, xlsx(report("ZC-1", now), report("ZC-3", now)), now)
    assert [line[1] for line in words(again)] == ["known", "taken"]
    assert Case.objects.count() == CaseStep.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        twin = Case.objects.get(outer_number="ZC-1")
        twin.pk, twin.number = None, "another"
        twin.save(force_insert=True)


def by_hand(desk, now, handed_by: str = columns.PLATFORM) -> Case:
    return actions.register_letter(
        site=desk.tenant.site, kind="error_report", title="错字", text="错字", outer_number="ZC-1", handed_by=handed_by,
        received_at=now, by=desk.clerk, now=now,
    )  # fmt: skip


def test_one_typed_in_by_hand_is_known_and_handed_out_too(cast, desk, now):
    case = by_hand(desk, now)
    assert words(taken(desk, jsonl(report("ZC-1", now)), now))[0][1] == "known"
    actions.return_letter(case=case, reason="所指网页不属于本站", by=desk.clerk, now=now)
    assert [
        line["number"] for line in hand_out(layout=columns.ERRORS, site=cast.city.site, by=desk.clerk, now=now).lines
    ] == ["ZC-1"]


def test_the_same_number_of_another_superior_is_another_report(cast, desk, now):
    case = by_hand(desk, now, "省政府办公厅")
    assert words(taken(desk, jsonl(report("ZC-1", now)), now))[0][1] == "taken"
    actions.return_letter(case=case, reason="所指网页不属于本站", by=desk.clerk, now=now)
    assert ready_for(cast.city.site, columns.ERRORS) == []


def test_what_is_kept_of_a_file_is_chinese_whatever_its_bringer_reads(cast, desk, now):
    taken(office(cast.outside, now=now), jsonl(report("4", now, site=cast.outside.site.host)), now)
    data = jsonl(report("1", now, page="x"), report("2", now, site="no.such.site"), report("3", now, text=1.5))
    book = xlsx(report("1", now, page="x"))
    with override("en"):
        row = taken(desk, data + jsonl(report("4", now)) + b"{", now)
        sheet = taken(desk, book, now)
        with pytest.raises(FileRefused, match="file"):
            read_file(b" ", columns.ERRORS)
    told = [line[2] for line in [*words(row), *words(sheet)]]
    assert [text[:5] for text in told] == ["“网址”要", "“网站”不", "“text", "这个编号已", "这一行不是", "“网址”要"]


def test_what_cannot_be_taken_says_its_line_and_how_to_mend_it_and_the_rest_goes_on(cast, desk, now):
    lines = [
        report("1", now, site="no.such.site"), report("2", now, site=cast.outside.site.host), report("3", now, page="首页"),
        report("4", now, sent_at="昨天"), report("5", now, sent_at=(now + AN_HOUR).isoformat()), report("6", now, text=" "),
        report("7", now, text="字" * 5001), report("8", now, category="难看"), report("9", now, title=True), report("10", now),
    ]  # fmt: skip
    data = jsonl(*lines) + "甲乙\n".encode() + b'{"number": "\xc4\xe3"}\n' + b"[1]\n" + b"[" * 60_000 + b"\n"
    row = taken(desk, data, now)
    told = {number: text for number, _outcome, text in words(row)}
    assert (row.taken, row.refused) == (1, 13)
    assert told[1] == told[2] == "“网站”不是这里受理的；请填本站或者下属单位网站的域名或标识码"
    assert told[3].startswith("“网址”要是完整的网页地址")
    assert told[4] == "“提交时间”读不懂，请写到分，例如 2026-11-20 09:30"
    assert told[5] == "“提交时间”不能晚于现在，请核对"
    assert (told[6], told[7]) == ("没有填：内容", "“内容”超过 5000 字，请缩短")
    assert told[8].startswith("没有填的这种问题类型")
    assert told[9] == "“title”应当是文字，请加引号"
    assert told[11].startswith("这一行不是完整的 JSON 对象")
    assert told[12] == "这一行不是 UTF-8 编码，请把文件另存为 UTF-8"
    assert told[13].startswith("这一行不是 JSON 对象") and told[14].startswith("这一行不是完整的 JSON 对象")


def test_strange_characters_do_not_reach_the_database(desk, now):
    row = taken(desk, jsonl(report("A\u0000B", now)) + b'{"number": "\\ud800", "text": "\\u0000"}\n', now)
    assert (row.taken, row.refused, Case.objects.get().outer_number) == (1, 1, "AB")
    strange = b'{"\\u0000\\ud800x": 1.5}\n'
    row = take_file(
        layout=columns.ERRORS, site=desk.tenant.site, name="a\x00\udc80b", data=strange, by=desk.clerk, now=now
    )
    row.refresh_from_db()
    assert (row.name, row.lines[0]["words"]) == ("a?b", "有一项不是文字，请加引号")


@pytest.mark.parametrize(("data", "words"), [
    (b"", "文件是空的"), (b" \n\n", "文件是空的"), ("甲,乙\n".encode("gbk"), "这个文件既不是 .xlsx"),
    ("{}".encode("utf-16"), "文件不是 UTF-8 编码"), (b"PK\x03\x04 broken", "不是可以读取的 Excel"),
    (b"\xd0\xcf\x11\xe0 old", "旧格式（.xls）"), (b"{}" + b" " * MOST_BYTES, "文件太大，最多 20 MB"),
    (b"{}\n" * (MOST_LINES + 1), "一次最多 300 条"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(desk, now, data, words):
    with pytest.raises(FileRefused, match=words.replace("（", ".").replace("）", ".")):
        taken(desk, data, now)
    assert not BroughtFile.objects.exists()


def test_columns_macros_and_formulas_of_a_workbook(desk, now):
    with pytest.raises(FileRefused, match="缺少这几列：网址、提交时间；"):
        read_file(xlsx(heading=["平台编号", "网站", "内容"]), columns.ERRORS)
    with pytest.raises(FileRefused, match="只有表头"):
        read_file(xlsx(), columns.ERRORS)
    with_macros = io.BytesIO(xlsx(report("1", now)))
    with zipfile.ZipFile(with_macros, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    with pytest.raises(FileRefused, match="表格里有宏"):
        read_file(with_macros.getvalue(), columns.ERRORS)

    def change(sheet):
        sheet["D2"] = '=HYPERLINK("http://evil.invalid")'
        sheet["A4"] = 1234567890123456789

    row = taken(desk, xlsx(report("1", now), report("2", now), report("3", now), change=change), now)
    assert [line[:2] for line in words(row)] == [(2, "refused"), (3, "taken"), (4, "refused")]
    assert "“内容”是公式" in words(row)[0][2] and "超过 15 位" in words(row)[2][2]


def test_rows_that_a_workbook_leaves_out_are_not_made_up_without_end(now):
    whole = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(report("1", now), report("2", now)))) as given,
        zipfile.ZipFile(whole, "w") as out,
    ):
        for name in given.namelist():
            data = given.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = re.sub(rb"<dimension[^>]*>", b"", data).replace(b'<row r="3"', b'<row r="9000000000"')
                assert b'r="9000000000"' in data
            out.writestr(name, data)
    with pytest.raises(FileRefused, match="表格超过 10000 行"):
        read_file(whole.getvalue(), columns.ERRORS)
    formatted = xlsx(report("1", now), change=lambda sheet: sheet.cell(1_048_576, 1, " "))
    with pytest.raises(FileRefused, match="空行也算"):
        read_file(formatted, columns.ERRORS)
    last = xlsx(report("1", now), change=lambda sheet: sheet.cell(MOST_ROWS, 1, " "))
    assert [line.number for line in read_file(last, columns.ERRORS)] == [2]


def test_a_moment_without_a_zone_is_beijings():
    for text in (
        "2026-11-20 09:30",
        "2026/11/20 9:30",
        "2026年11月20日 09:30",
        "2026-11-20T01:30:00Z",
        "2026-11-20 09：30",
    ):
        assert moment_of(text).isoformat()[:10] == "2026-11-20" and local(moment_of(text)).hour == 9, text
    assert [moment_of(text) for text in ("2026-11-20", "20:00", "0001-01-01 00:00", "2026-13-01 10:00")] == [None] * 4


def test_a_desk_takes_reports_about_its_own_unit_and_those_below(cast, desk, now):
    unit = organisation(
        "澄湖市水利局", "990100031", "city", superior=cast.city.organisation, kind="department", now=now
    )
    water = tenant("slj.chenghu.localhost", unit, "sl", code="9901000031", now=now)
    below = office(water, now=now, prefix="sl")
    row = taken(
        desk, jsonl(report("1", now, site="9901000031"), report("2", now, site=f"HTTPS://{water.site.host}/")), now
    )
    assert (row.taken, Case.objects.filter(site=cast.city.site, fields__about=water.site.host).count()) == (2, 2)
    assert words(taken(below, jsonl(report("3", now), report("4", now, site=water.site.host)), now))[0][1] == "refused"
    assert Case.objects.get(outer_number="4").site == water.site


def test_who_does_not_register_letters_brings_no_file(cast, desk, now):
    other = office(cast.outside, now=now)
    for person in (desk.handler, desk.replier, cast.city.editor, other.clerk):
        with pytest.raises(PermissionDenied):
            taken(desk, jsonl(report("1", now)), now, by=person)
    assert not Case.objects.exists()


def test_long_numbers_that_begin_alike_stay_two_letters(desk, now):
    long = "国办找错〔2026〕第000000000000000000"
    row = taken(desk, jsonl(report(f"{long}1", now), report(f"{long}2", now)), now)
    assert row.taken == 2
    assert all(len(case.number) <= 21 for case in Case.objects.all())


# ---- out -----------------------------------------------------------------------------------------------------------


def proposed(case: Case, desk, now, text: str) -> Case:
    handled(case, desk, now=now)
    handling.submit_reply(case=case, text=text, by=desk.handler, now=now)
    handling.approve_reply(case=case, gates=GATES, by=desk.replier, now=now)
    return case


@pytest.mark.req("INT-10", "INT-07")
def test_each_proposal_and_each_approved_answer_goes_out_once(cast, desk, now):
    under(cast, "hubei", now=now)
    site = cast.city.site
    taken(desk, jsonl(report("1", now), report("2", now), report("3", now)), now)
    one, two, _three = Case.objects.order_by("pk")
    letter(cast.city, now=now, kind="error_report", title="", category="typo", public="")  # not from the platform
    with pytest.raises(ValidationError, match="没有新的可以报送"):
        hand_out(layout=columns.ERRORS, site=site, by=desk.clerk, now=now)
    proposed(one, desk, now, "=cmd|' /C calc'!A0 已经更正。")
    actions.return_letter(case=two, reason="所指网页不属于本站", by=desk.clerk, now=now)
    first = hand_out(layout=columns.ERRORS, site=site, by=desk.clerk, now=now)
    assert [(line["number"], line["state"], line["level"]) for line in first.lines] == [
        ("1", "答复意见（正在逐级报批）", "示范省人民政府"), ("2", "不予受理", "")
    ]  # fmt: skip
    line = first.lines[0]
    assert (line["unit"], line["site"]) == ("澄湖市人民政府", HOST)
    assert line["sent_at"].endswith("+08:00") and line["proposed_at"].endswith("+08:00") and line["answered_at"] == ""
    with pytest.raises(ValidationError):
        hand_out(layout=columns.ERRORS, site=site, by=desk.clerk, now=now)
    later = now + AN_HOUR
    handling.pass_level(case=one, by=desk.replier, now=later, opinion="省政府办公厅 11 月 21 日电话同意")
    second = hand_out(layout=columns.ERRORS, site=site, by=desk.clerk, now=later)
    assert [(line["number"], line["state"]) for line in second.lines] == [("1", "已批准的答复")]
    assert second.lines[0]["decided_at"] == local(later).replace(microsecond=0).isoformat()
    handling.send_reply(case=one, by=desk.handler, now=later)
    assert ready_for(site, columns.ERRORS) == []
    today = local(later).date()
    again = hand_out(layout=columns.ERRORS, site=site, by=desk.clerk, now=later, since=today, until=today)
    assert (again.count, HandedAnswer.objects.count(), HandedFile.objects.count()) == (2, 3, 3)
    assert json.loads(as_jsonl(first).splitlines()[0]) == line
    told = AuditEvent.objects.filter(code="interaction.error_answers").order_by("sequence")
    assert [event.data["number"] for event in told] == ["2", "1", "2"]
    assert AuditEvent.objects.filter(code="interaction.letter_exported").count() == 5


@pytest.mark.req("INT-10")
def test_a_report_is_merged_only_with_a_report_and_no_private_answer_goes_out(cast, desk, now):
    taken(desk, jsonl(report("1", now), report("2", now)), now)
    one, two = Case.objects.order_by("pk")
    letter(cast.city, now=now)
    enquiry = Case.objects.exclude(kind="error_report").get()
    for case, into in ((one, enquiry), (enquiry, one)):
        with pytest.raises(ValidationError, match="网站找错只能和网站找错并案"):
            actions.merge(case=case, into=into, reason="同一件事", by=desk.clerk, now=now)
    actions.merge(case=two, into=one, reason="同一处错误", by=desk.clerk, now=now)
    actions.return_letter(case=one, reason="所指网页不属于本站", by=desk.clerk, now=now)
    assert [told.line["number"] for told in ready_for(cast.city.site, columns.ERRORS)] == ["1", "2"]
    Case.objects.filter(pk=one.pk).update(kind="enquiry")  # as merged before this was refused
    assert [told.line["number"] for told in told_of([Case.objects.get(pk=two.pk)], columns.ERRORS)] == []


def test_a_part_of_a_split_report_still_says_which_site_it_is_about(cast, desk, now):
    taken(desk, jsonl(report("1", now, category="错别字")), now)
    case = Case.objects.get()
    actions.accept(case=case, by=desk.clerk, now=now)
    part = actions.split(
        case=case, title="另一处", text="另一处也错了", desk=cast.city.site, reason="两件事", by=desk.clerk, now=now
    )  # fmt: skip
    assert part.fields == case.fields == {"category": "typo", "about": HOST}


def test_looking_at_what_waits_costs_the_same_for_many(cast, desk, now, django_assert_max_num_queries):
    taken(desk, jsonl(*(report(str(n), now) for n in range(12))), now)
    lead, *others = Case.objects.order_by("pk")
    for case in others:
        actions.merge(case=case, into=lead, reason="同一处错误", by=desk.clerk, now=now)
    actions.return_letter(case=lead, reason="所指网页不属于本站", by=desk.clerk, now=now)
    with django_assert_max_num_queries(4):
        assert len(ready_for(cast.city.site, columns.ERRORS)) == 12


def test_a_file_of_a_period_reads_what_came_about_in_it_alone(cast, desk, now, monkeypatch):
    taken(desk, jsonl(*(report(str(n), now) for n in range(4))), now)
    old, new, lead, merged = Case.objects.order_by("pk")
    later = now + timedelta(days=3)
    actions.return_letter(case=old, reason="所指网页不属于本站", by=desk.clerk, now=now)
    actions.merge(case=merged, into=lead, reason="同一处错误", by=desk.clerk, now=now)
    for case in (new, lead):
        actions.return_letter(case=case, reason="所指网页不属于本站", by=desk.clerk, now=later)
    read: list[str] = []
    monkeypatch.setattr(
        "jiyue.interaction.letter_files.handing_out.told_of",
        lambda cases, layout: (read.extend(case.outer_number for case in cases), told_of(cases, layout))[1],
    )
    day = local(later).date()
    found = ready_for(cast.city.site, columns.ERRORS, since=day, until=day)
    assert [told.line["number"] for told in found] == ["1", "2", "3"] == read


def test_what_waits_is_counted_so_far_and_the_page_says_so(client, cast, desk, now, monkeypatch):
    taken(desk, jsonl(*(report(str(n), now) for n in range(4))), now)
    for case in Case.objects.order_by("pk"):
        actions.return_letter(case=case, reason="所指网页不属于本站", by=desk.clerk, now=now)
    assert waiting_for(cast.city.site, columns.ERRORS) == (4, False)
    monkeypatch.setattr("jiyue.interaction.letter_files.handing_out.MOST_COUNTED", 3)
    assert waiting_for(cast.city.site, columns.ERRORS) == (3, True)
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")
    url = reverse("console_error_reports", args=[cast.city.site.pk])
    assert "至少有 3 条" in client.get(url).content.decode()


def test_a_draft_and_a_reply_that_was_sent_back_are_not_handed_out(cast, desk, now):
    under(cast, "hubei", now=now)
    taken(desk, jsonl(report("1", now)), now)
    case = handled(Case.objects.get(), desk, now=now)
    handling.submit_reply(case=case, text="草稿", by=desk.handler, now=now)
    assert ready_for(cast.city.site, columns.ERRORS) == []
    handling.approve_reply(case=case, gates=GATES, by=desk.replier, now=now)
    assert len(ready_for(cast.city.site, columns.ERRORS)) == 1
    handling.send_back_reply(case=case, reason="请写明改在哪里", by=desk.replier, now=now)
    assert ready_for(cast.city.site, columns.ERRORS) == []


def test_who_does_not_register_letters_hands_nothing_out(cast, desk, now):
    other = office(cast.outside, now=now)
    for person in (desk.handler, desk.replier, other.clerk):
        with pytest.raises(PermissionDenied):
            hand_out(layout=columns.ERRORS, site=cast.city.site, by=person, now=now)


# ---- on the screen -------------------------------------------------------------------------------------------------


def send(client, desk, data: bytes, name: str = "留言.jsonl"):
    file = io.BytesIO(data)
    file.name = name
    return client.post(reverse("console_error_reports", args=[desk.tenant.site.pk]), {"act": "take", "file": file})


def test_a_clerk_brings_a_file_and_takes_the_answers_away(cast, desk, now, sign_in):
    client = sign_in(desk.clerk)
    address = reverse("console_error_reports", args=[cast.city.site.pk])
    blank = client.get(reverse("console_error_blank"))
    heading = next(load_workbook(io.BytesIO(blank.content)).worksheets[0].iter_rows(values_only=True))
    assert heading[:2] == ("平台编号＊", "网站＊")
    assert "由本平台自定" in client.get(address).content.decode()
    answer = send(client, desk, xlsx(report("1", now), report("2", now, site="no.such.site"), heading=list(heading)))
    shown = client.get(answer["Location"]).content.decode()
    assert "第 3 行" in shown and "不是这里受理的；" in shown and "登记 1 条" in shown
    case = Case.objects.get()
    assert reverse("console_letter", args=[case.pk]) in shown
    assert HOST in client.get(reverse("console_letter", args=[case.pk])).content.decode()
    refused = send(client, desk, b"")
    assert (refused.status_code, "文件是空的" in refused.content.decode()) == (422, True)
    actions.return_letter(case=case, reason="=1+1 不属于本站", by=desk.clerk, now=now)
    assert "有 1 条" in client.get(address).content.decode()
    answer = client.post(address, {"act": "hand", "since": "", "until": ""})
    row = HandedFile.objects.get()
    assert answer["Location"] == reverse("console_error_handout", args=[row.pk])
    assert "不属于本站" in client.get(answer["Location"]).content.decode()
    file = reverse("console_error_handout_file", args=[row.pk])
    sheet = load_workbook(io.BytesIO(client.get(f"{file}?form=xlsx").content)).worksheets[0]
    assert (sheet["H2"].value, sheet["H2"].data_type) == ("'=1+1 不属于本站", "s")
    assert json.loads(client.get(file).content)["text"] == "=1+1 不属于本站"
    assert AuditEvent.objects.filter(code="interaction.error_answers_taken").count() == 2
    again = client.post(address, {"act": "hand", "since": "2026-11-02", "until": "2026-11-01"})
    assert (again.status_code, "后一天不早于前一天" in again.content.decode(), "2026-11-02" in again.content.decode()) == (
        422, True, True
    )  # fmt: skip


def test_nobody_of_another_desk_sees_files_or_answers(cast, desk, now, sign_in):
    taken(desk, jsonl(report("1", now)), now)
    actions.return_letter(case=Case.objects.get(), reason="不属于本站", by=desk.clerk, now=now)
    hand_out(layout=columns.ERRORS, site=cast.city.site, by=desk.clerk, now=now)
    other = office(cast.outside, now=now)
    ours = [
        reverse("console_error_reports", args=[cast.city.site.pk]),
        reverse("console_error_file", args=[BroughtFile.objects.get().pk]),
        reverse("console_error_handout", args=[HandedFile.objects.get().pk]),
        reverse("console_error_handout_file", args=[HandedFile.objects.get().pk]),
    ]  # fmt: skip
    client = sign_in(other.clerk)
    assert {client.get(address).status_code for address in ours} == {404}
    assert send(client, desk, jsonl(report("2", now))).status_code == 404
    row = taken(other, jsonl(report("1", now, site=cast.outside.site.host)), now, by=other.clerk)
    assert (row.lines[0]["outcome"], row.lines[0]["case"]) == ("refused", None)
    assert row.lines[0]["words"] == "这个编号已由别的网站登记，请联系国家平台核对"
    for person in (desk.handler, desk.replier):
        client = sign_in(person)
        assert all(client.get(address).status_code in (302, 403, 404) for address in ours)
