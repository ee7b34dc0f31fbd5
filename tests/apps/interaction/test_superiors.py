"""上级转办: files of letters handed down, by the superior's number, moment and limit, and results handed back once (INT-07)."""

import io
import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from jiyue.config.command import _parser
from jiyue.config.letter_files import run_letter_files
from jiyue.domain.deadlines import local
from jiyue.interaction import actions
from jiyue.interaction.duties import LetterSource
from jiyue.interaction.handling import duty_of
from jiyue.interaction.letter_files.handing_out import hand_out
from jiyue.interaction.letter_files.layouts import SUPERIORS
from jiyue.interaction.letter_files.taking import take_file
from jiyue.interaction.models import Case, HandedFile, LetterAccount
from jiyue.obligations.engine import refresh
from tests.apps.interaction.test_handling import under
from tests.letters import answered, office

pytestmark = pytest.mark.django_db
PROVINCE, STATE = "示范省人民政府办公厅", "国家信访局"
DAY = timedelta(days=1)


@pytest.fixture
def desk(cast, now):
    under(cast, "hebi", now=now - 20 * DAY)
    return office(cast.city, now=now)


def line(number, now, **more):
    return {
        "number": number, "superior": PROVINCE, "text": "东门的路灯坏了两个月。", "name": "样来信", "phone": "000-5550",
        "sent_at": local(now - DAY).isoformat(timespec="minutes"), **more,
    }  # fmt: skip


def taken(desk, now, *lines, by=None):
    data = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines).encode()
    return take_file(
        site=desk.tenant.site, layout=SUPERIORS, name="转办.jsonl", data=data, by=by or desk.clerk, now=now
    )  # fmt: skip


def told(row):
    return [(each["number"], each["outcome"]) for each in row.lines]


@pytest.mark.req("INT-07")
def test_a_file_becomes_letters_by_number_moment_and_limit_of_the_superior(desk, now):
    row = taken(
        desk, now, line("S-1", now), line("S-2", now, limit="2个工作日", kind="投诉"), line("S-3", now, limit="60日"),
        line("S-4", now, limit=(local(now) + 2 * DAY).date().isoformat()), line("S-5", now, limit="尽快"),
        line("S-6", now, limit="2020-01-01"), line("S-7", now, superior="我为政府网站找错平台"), line("", now),
        line("S-8", now, limit="9999-12-31"),
    )  # fmt: skip
    assert [outcome for _number, outcome in told(row)] == [*["taken"] * 4, *["refused"] * 5]
    refresh(LetterSource(), now=now)
    plain, short, long, dated = Case.objects.order_by("pk")
    assert (plain.outer_number, plain.handed_by, plain.source, plain.number) == ("S-1", PROVINCE, "superior", "SS-1")
    assert plain.clock_at.replace(second=0, microsecond=0) == (now - DAY).replace(second=0, microsecond=0)
    assert (short.own_limit, duty_of(short).own_limit, short.kind) == ("2 working-days", "2 working-days", "complaint")
    assert duty_of(short).act_by < duty_of(plain).act_by
    assert (long.own_limit, duty_of(long).act_by) == ("", duty_of(plain).act_by)  # the rule is shorter and counts
    assert local(duty_of(dated).act_by).date() == (local(now) + 2 * DAY).date()


@pytest.mark.req("INT-07")
def test_the_same_number_of_a_superior_is_registered_once(cast, desk, now):
    actions.register_letter(
        site=desk.tenant.site, kind="enquiry", title="路灯", text="坏了", outer_number="S-1", handed_by=PROVINCE,
        received_at=now - DAY, by=desk.clerk, now=now,
    )  # fmt: skip
    row = taken(desk, now, line("S-1", now), line("S-2", now), line("S-2", now), line("S-2", now, superior=STATE))
    assert told(row) == [("S-1", "known"), ("S-2", "taken"), ("S-2", "known"), ("S-2", "taken")]
    again = taken(desk, now, line("S-2", now))
    assert told(again) == [("S-2", "known")]
    other = office(cast.outside, now=now, prefix="w")
    assert told(taken(other, now, line("S-2", now))) == [("S-2", "taken")]  # a superior hands the same down to several
    with pytest.raises(PermissionDenied):
        taken(desk, now, line("S-9", now), by=other.clerk)
    assert "样来信" not in json.dumps(row.lines, ensure_ascii=False)


@pytest.mark.req("INT-07")
def test_results_go_back_once_approved_and_to_one_superior_in_a_file(desk, now):
    taken(
        desk, now, line("S-1", now), line("S-2", now, superior=STATE), line("S-3", now), line("S-4", now, kind="举报")
    )
    one, two, three, wrong = Case.objects.order_by("pk")
    answered(one, desk, now=now)
    for case in (two, three, wrong):
        actions.return_letter(case=case, reason="不归我们管", by=desk.clerk, now=now)
    given = {"site": desk.tenant.site, "layout": SUPERIORS, "by": desk.clerk, "now": now + DAY}
    with pytest.raises(ValidationError, match="请选择给哪个上级单位"):
        hand_out(**given)
    row = hand_out(**given, to=PROVINCE)
    assert [(each["number"], each["superior"], each["state"]) for each in row.lines] == [
        ("S-1", PROVINCE, "已批准的答复"), ("S-3", PROVINCE, "不予受理"),
    ]  # fmt: skip
    assert [each["number"] for each in hand_out(**given).lines] == ["S-2"]  # only one superior is left
    with pytest.raises(ValidationError):
        hand_out(**given)


def test_more_than_one_file_of_one_superior_holds_up_no_other(desk, now, monkeypatch):
    taken(desk, now, *(line(f"S-{n}", now) for n in range(3)), line("T-1", now, superior=STATE))
    for case in Case.objects.all():
        actions.return_letter(case=case, reason="不归我们管", by=desk.clerk, now=now)
    monkeypatch.setattr("jiyue.interaction.letter_files.handing_out.MOST_AT_ONCE", 2)
    row = hand_out(site=desk.tenant.site, layout=SUPERIORS, by=desk.clerk, now=now + DAY, to=STATE)
    assert [each["number"] for each in row.lines] == ["T-1"]


def test_a_part_of_a_letter_keeps_the_limit_of_the_superior(desk, now):
    taken(desk, now, line("S-1", now, limit="2个工作日"))
    case = Case.objects.get()
    actions.accept(case=case, by=desk.clerk, now=now)
    part = actions.split(
        case=case, title="西门", text="西门的灯也坏了。", desk=desk.tenant.site, reason="两件事", by=desk.clerk, now=now
    )
    refresh(LetterSource(), now=now)
    assert (part.own_limit, duty_of(part).act_by) == (case.own_limit, duty_of(case).act_by)


def test_in_time_is_judged_by_the_limit_of_the_superior(desk, now):
    taken(desk, now, line("S-1", now, limit="1日"))
    answered(Case.objects.get(), desk, now=now + 2 * DAY)
    assert LetterAccount.objects.get().in_time is False


def test_a_workbook_does_as_well(desk, now):
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append(["上级编号＊", "转办单位＊", "内容＊", "转办时间＊", "办理期限"])
    sheet.append(["S-1", PROVINCE, "路灯坏了", local(now - DAY).strftime("%Y-%m-%d %H:%M"), "3个工作日"])
    book.save(out)
    row = take_file(
        site=desk.tenant.site, layout=SUPERIORS, name="转办.xlsx", data=out.getvalue(), by=desk.clerk, now=now
    )
    assert (told(row), Case.objects.get().own_limit) == ([("S-1", "taken")], "3 working-days")


@pytest.mark.req("INT-07")
def test_the_screen_takes_and_hands_back(client, desk, now):
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")
    url = reverse("console_superior_files", args=[desk.tenant.site.pk])
    lines = [line("S-1", now), line("S-2", now, superior=STATE)]
    data = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines).encode()
    client.post(url, {"act": "take", "file": SimpleUploadedFile("a.jsonl", data)})
    for case in Case.objects.all():
        actions.return_letter(case=case, reason="不归我们管", by=desk.clerk, now=now)
    assert "请选择" in client.get(url).content.decode()
    assert client.post(url, {"act": "hand", "to": "", "since": "", "until": ""}).status_code in (200, 422)
    assert not HandedFile.objects.exists()
    shown = client.post(url, {"act": "hand", "to": STATE, "since": "", "until": ""}, follow=True).content.decode()
    assert "S-2" in shown and "S-1" not in shown


@pytest.mark.req("INT-07")
def test_the_command_takes_and_hands_back(desk, now, tmp_path, capsys):
    path, out = tmp_path / "转办.jsonl", tmp_path / "结果.jsonl"
    path.write_text(json.dumps(line("S-1", now), ensure_ascii=False) + "\n")
    given = ("--site", desk.tenant.site.host, "--by", desk.clerk.username)

    def run(*words):
        return run_letter_files(_parser().parse_args(["superiors", *words, *given]))

    assert run("take", str(path)) == 0
    assert run("hand-out", "-o", str(out)) == 1
    actions.return_letter(case=Case.objects.get(), reason="不归我们管", by=desk.clerk, now=now)
    assert run("hand-out", "-o", str(out), "--to", STATE) == 1
    assert run("hand-out", "-o", str(out), "--to", PROVINCE) == 0
    assert json.loads(out.read_text())["answer"] == "不归我们管"
