"""One duty: its page tells every day, and nothing typed is lost."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jiyue.domain.deadlines import SHANGHAI
from jiyue.obligations.actions import ask_waiver
from jiyue.obligations.models import Obligation, Waiver

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# Two days before the National Day of 2026, whose break ends with a worked Saturday.
BEFORE_THE_BREAK = datetime(2026, 9, 29, 10, tzinfo=SHANGHAI)


def text(answer) -> str:
    return answer.content.decode()


def test_the_page_tells_rule_packs_and_each_day_with_why(cast, owe, on):
    duty = owe(title="路灯不亮", started_at=BEFORE_THE_BREAK, recorded_at=BEFORE_THE_BREAK + 3 * DAY)
    page = text(on(cast.city.editor, "console_duty", duty.pk))
    for words in (
        "第二十九条",
        "2026-10-01",
        "国庆节放假",
        "调休上班",
        "第 5 个工作日",
        "第 10 个工作日",
        "补录",
        "最迟期限",
    ):
        assert words in page, words


def test_a_provisional_date_says_so(cast, owe, on):
    duty = owe(started_at=datetime(2026, 12, 29, 10, tzinfo=SHANGHAI))
    assert "暂定" in text(on(cast.city.editor, "console_duty", duty.pk))


@pytest.mark.req("CAL-04")
def test_met_by_hand_with_evidence(cast, owe, send, on):
    duty = owe(title="路灯不亮", started_at=timezone.now() - DAY)
    answer = send(cast.city.editor, "console_duty_meet", duty.pk, **{"meet-note": "路灯已修好"})
    assert answer.status_code == 302
    assert Obligation.objects.get().evidence["note"] == "路灯已修好"
    page = text(on(cast.city.editor, "console_duty", duty.pk))
    assert "路灯已修好" in page and "人工办结" in page and "登记办结" not in page


def test_nothing_typed_is_lost_when_it_is_refused(cast, owe, send):
    duty = owe(title="路灯不亮", started_at=timezone.now() - DAY)
    data = {"meet-note": "路灯已修好，共三盏", "meet-at": "2020-01-01T08:00"}
    answer = send(cast.city.editor, "console_duty_meet", duty.pk, **data)
    page = text(answer)
    assert answer.status_code == 422
    assert "路灯已修好，共三盏" in page and "2020-01-01T08:00" in page and "完成时间不能早于起算时间" in page
    assert Obligation.objects.get().done_at is None


def test_what_the_platform_sees_is_not_closed_by_hand(cast, owe, send, on):
    duty = owe(started_at=timezone.now() - DAY, by_hand=False)
    assert "登记办结" not in text(on(cast.city.editor, "console_duty", duty.pk))
    answer = send(cast.city.editor, "console_duty_meet", duty.pk, **{"meet-note": "路灯已修好"})
    assert answer.status_code == 422 and "路灯已修好" in text(answer) and "自动办结" in text(answer)


def test_the_second_step_wants_its_reason(cast, owe, send):
    duty = owe(started_at=timezone.now())
    assert send(cast.city.editor, "console_duty_step", duty.pk).status_code in (302, 422)
    send(cast.city.editor, "console_duty_step", duty.pk, **{"step-reason": "需要现场调查"})
    taken = Obligation.objects.get()
    assert taken.act_by == taken.latest_at


def test_a_waiver_is_asked_below_and_answered_above(cast, owe, send, on, above):
    duty = owe(title="路灯不亮", started_at=timezone.now())
    assert send(cast.city.editor, "console_duty_ask", duty.pk, **{"ask-grounds": " "}).status_code == 422
    assert send(cast.city.editor, "console_duty_ask", duty.pk, **{"ask-grounds": "道路整体改造"}).status_code == 302
    waiver = Waiver.objects.get()
    assert "路灯不亮" in text(on(above, "wagtailadmin_home"))
    assert "批复豁免申请" in text(on(above, "console_duty", duty.pk))
    assert send(cast.city.editor, "console_waiver", waiver.pk, **{"answer-answer": "grant"}).status_code == 404
    refused = send(above, "console_waiver", waiver.pk, **{"answer-answer": "refuse"})
    assert refused.status_code == 422 and "请写明不批准的原因" in text(refused)
    assert (
        send(above, "console_waiver", waiver.pk, **{"answer-answer": "grant", "answer-reply": "同意"}).status_code
        == 302
    )
    assert Obligation.objects.get().waived_at is not None
    assert "同意" in text(on(cast.city.editor, "console_duty", duty.pk))


def test_a_manager_names_who_is_to_do_it(cast, owe, send, on):
    duty = owe(title="路灯不亮")
    editor, manager, foreign = cast.city.editor, cast.city.manager, cast.outside.editor
    assert send(editor, "console_duty_name", duty.pk, **{"person-person": editor.pk}).status_code == 404
    refused = send(manager, "console_duty_name", duty.pk, **{"person-person": foreign.pk})
    assert refused.status_code == 422 and foreign.name not in text(refused)
    assert send(manager, "console_duty_name", duty.pk, **{"person-person": editor.pk}).status_code == 302
    assert Obligation.objects.get().person == editor
    assert "路灯不亮" in text(on(editor, "console_duties"))
    assert "路灯不亮" not in text(on(manager, "console_duties"))


def test_a_foreign_duty_does_not_exist(cast, owe, on, send):
    duty = owe()
    waiver = ask_waiver(obligation=duty, grounds="x", by=cast.city.editor, now=timezone.now())
    for person in (cast.outside.editor, cast.operator):
        assert on(person, "console_duty", duty.pk).status_code == 404
        assert send(person, "console_duty_meet", duty.pk, **{"meet-note": "x"}).status_code == 404
        assert send(person, "console_waiver", waiver.pk, **{"answer-answer": "grant"}).status_code == 404


def test_who_only_reads_may_not_act(cast, owe, send, on):
    duty = owe()
    assert "登记办结" not in text(on(cast.city.first, "console_duty", duty.pk))
    assert send(cast.city.first, "console_duty_meet", duty.pk, **{"meet-note": "x"}).status_code == 404


# --- files that prove it

PDF = b"%PDF-1.4\n% a report\n%%EOF\n"


@pytest.mark.req("CAL-04")
def test_a_file_proves_it_and_is_read_by_whoever_may_read_the_duty_and_by_nobody_else(cast, owe, send, on):
    duty = owe(title="路灯不亮", started_at=timezone.now() - DAY)
    upload = SimpleUploadedFile("巡查报告.pdf", PDF)
    answer = send(cast.city.editor, "console_duty_meet", duty.pk, **{"meet-note": "见报告", "meet-file": upload})
    assert answer.status_code == 302
    (kept,) = Obligation.objects.get().evidence["files"]
    assert (kept["name"], kept["size"]) == ("巡查报告.pdf", len(PDF))
    assert "巡查报告.pdf" in text(on(cast.supervisor, "console_duty", duty.pk))
    file = on(cast.city.editor, "console_duty_proof", duty.pk, 1)
    assert b"".join(file.streaming_content) == PDF
    assert file["Content-Disposition"].startswith("attachment") and file["Content-Type"] == "application/octet-stream"
    assert file["X-Content-Type-Options"] == "nosniff" and "no-store" in file["Cache-Control"]
    for person, number in ((cast.outside.editor, 1), (cast.city.editor, 2), (cast.city.editor, 0)):
        assert on(person, "console_duty_proof", duty.pk, number).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("报告.pdf", b"MZ\x90\x00 a program", "内容与扩展名不符"),
        ("报告.exe", PDF, "不接收"),
        ("报告.html", b"<script>alert(1)</script>", "不接收"),
        ("报告.docx", b"PK\x03\x04 not a document", "内容与扩展名不符"),
        ("长" * 130 + ".pdf", PDF, "文件名太长"),
    ],
)
def test_what_is_not_what_its_name_says_proves_nothing_and_nothing_typed_is_lost(cast, owe, send, name, content, said):
    duty = owe(title="路灯不亮", started_at=timezone.now() - DAY)
    data = {"meet-note": "路灯已修好，共三盏", "meet-file": SimpleUploadedFile(name, content)}
    answer = send(cast.city.editor, "console_duty_meet", duty.pk, **data)
    assert answer.status_code == 422 and said in text(answer) and "路灯已修好，共三盏" in text(answer)
    assert Obligation.objects.get().done_at is None


def test_an_empty_file_and_one_that_is_too_large_are_refused(cast, owe, send):
    duty = owe(title="路灯不亮", started_at=timezone.now() - DAY)
    for content in (b"", PDF + b"0" * (20 << 20)):
        data = {"meet-note": "x", "meet-file": SimpleUploadedFile("a.pdf", content)}
        assert send(cast.city.editor, "console_duty_meet", duty.pk, **data).status_code == 422
    assert Obligation.objects.get().done_at is None
