"""Comments of accounts and files of call centres: in as letters, out as reviewed texts, posted by people and never from here."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jiyue.domain.deadlines import local
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import account_comments, actions, calls, handling, quality, telling
from jiyue.interaction.letter_files.handing_out import hand_out, ready_for
from jiyue.interaction.letter_files.layouts import CALLS, COMMENTS
from jiyue.interaction.letter_files.taking import take_file
from jiyue.interaction.models import BroughtFile, Case, HandedFile, ReplyMark
from jiyue.interaction.sealed import opened
from tests.apps.interaction.test_calls import CENTRE, approved, rung
from tests.letters import handled, letter, office

pytestmark = pytest.mark.django_db
AN_HOUR = timedelta(hours=1)
LINK = "https://weibo.example.invalid/7/42"


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


def comment(desk, now, **more) -> Case:
    given = {
        "kind": "complaint", "account": "微博 澄湖发布", "link": LINK, "text": "东门公交站牌晚上看不清", "name": "样网友",
        "received_at": now - AN_HOUR, **more,
    }  # fmt: skip
    return account_comments.register_comment(site=desk.tenant.site, by=desk.clerk, now=now, **given)


def lines(*given) -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in given).encode()


def call_line(number: str, now, **more) -> dict[str, str]:
    at = (local(now) - AN_HOUR).isoformat()
    return {"number": number, "centre": CENTRE, "text": f"{number}：没有水", "sent_at": at, **more}


def taken(desk, layout, data: bytes, now) -> BroughtFile:
    return take_file(site=desk.tenant.site, layout=layout, name="文件.jsonl", data=data, by=desk.clerk, now=now)


# ---- comments ------------------------------------------------------------------------------------------------------


@pytest.mark.req("NM-12")
def test_a_comment_is_a_letter_with_account_link_and_moment_once(desk, now):
    case = comment(desk, now)
    assert (case.source, case.handed_by, case.page, case.clock_at) == ("account", "微博 澄湖发布", LINK, now - AN_HOUR)
    assert opened(actions.SENDER, case.number, case.sender) == {"name": "样网友"} and not case.ticket_key
    with pytest.raises(ValidationError, match="这条评论已经登记过"):
        comment(desk, now)
    for more in ({"link": "微博"}, {"account": " "}, {"text": ""}):
        with pytest.raises(ValidationError):
            comment(desk, now, **more)
    comment(desk, now, text="另一条")
    assert Case.objects.count() == 2


@pytest.mark.req("NM-12")
def test_a_reply_is_handed_out_after_its_review_and_answered_when_somebody_says_where_it_was_posted(desk, now):
    case = comment(desk, now)
    handled(case, desk, now=now)
    assert ready_for(desk.tenant.site, COMMENTS) == []
    handling.submit_reply(case=case, text="站牌的灯本周五前修好。", by=desk.handler, now=now)
    handling.approve_reply(case=case, gates=["policy", "legal", "wording"], by=desk.replier, now=now)
    row = hand_out(site=desk.tenant.site, layout=COMMENTS, by=desk.clerk, now=now)
    assert [(line["answer"], line["link"], line["text"]) for line in row.lines] == [
        ("站牌的灯本周五前修好。", LINK, "东门公交站牌晚上看不清")
    ]
    assert "样网友" not in json.dumps(row.lines, ensure_ascii=False)
    assert ready_for(desk.tenant.site, COMMENTS) == []
    given = telling.Given(way="account", at=now, person="样小编")
    with pytest.raises(ValidationError, match="完整网址"):
        handling.send_reply(case=case, by=desk.handler, now=now, given=given)
    posted = telling.Given(way="account", at=now, person="样小编", link=f"{LINK}#reply")
    handling.send_reply(case=case, by=desk.handler, now=now, given=posted)
    assert (case.state, case.given.get().link, case.given.get().person) == ("answered", f"{LINK}#reply", "样小编")


@pytest.mark.req("NM-12")
def test_a_cold_reply_is_sent_back_and_counted(desk, now):
    case = comment(desk, now)
    handled(case, desk, now=now)
    handling.submit_reply(case=case, text="知道了，自己去看公告。", by=desk.handler, now=now)
    quality.return_marked(case=case, fault="cold", reason="语气生硬，没有回答", by=desk.replier, now=now)
    assert (case.state, ReplyMark.objects.get().fault) == ("handling", "cold")


# ---- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("INT-21")
def test_a_file_of_a_call_centre_is_judged_line_by_line(desk, now):
    rung(desk, now)  # GD-1 by hand
    web = letter(desk.tenant, now=now)
    calls.add_call(case=web, text="再说一句", at=now, handed_by=CENTRE, outer_number="GD-2", by=desk.clerk, now=now)
    row = taken(desk, CALLS, lines(
        call_line("GD-1", now), call_line("GD-2", now), call_line("GD-3", now, kind="投诉", public="是", phone="000-5"),
        call_line("GD-4", now, kind="闲聊"), call_line("GD-5", now, sent_at="2099-01-01 00:00"), call_line("GD-3", now),
        call_line("GD-6", now, centre=""),
    ), now)  # fmt: skip
    assert [line["outcome"] for line in row.lines] == [
        "known",
        "known",
        "taken",
        "refused",
        "refused",
        "known",
        "refused",
    ]
    assert row.lines[1]["case"] == web.pk
    case = Case.objects.get(outer_number="GD-3")
    assert (case.kind, case.consents, case.source, case.clock_at) == ("complaint", True, "hotline", now - AN_HOUR)
    told = [line["words"] for line in row.lines]
    assert (
        "闲聊" not in told[3]
        and told[3].startswith("没有填的这种类别")
        and told[4] == "“来电时间”不能晚于现在，请核对"
        and told[6] == "没有填：热线"
    )
    event = AuditEvent.objects.get(code="interaction.error_file")
    assert event.data["channel"] == "hotline"


@pytest.mark.req("INT-21")
def test_results_go_back_once_and_never_of_a_report(desk, now):
    taken(desk, CALLS, lines(call_line("1", now), call_line("2", now), call_line("3", now, kind="举报")), now)
    one, two, three = Case.objects.order_by("pk")
    approved(one, desk, now)
    actions.return_letter(case=two, reason="不归我们管", by=desk.clerk, now=now)
    actions.return_letter(case=three, reason="查无此事", by=desk.clerk, now=now)
    later = now + AN_HOUR
    row = hand_out(site=desk.tenant.site, layout=CALLS, by=desk.clerk, now=later)
    assert [(line["number"], line["state"], line["answer"]) for line in row.lines] == [
        ("1", "已批准的答复", "已派人修好水泵，今晚起恢复供水。"), ("2", "不予受理", "不归我们管"),
    ]  # fmt: skip
    with pytest.raises(ValidationError, match="没有新的"):
        hand_out(site=desk.tenant.site, layout=CALLS, by=desk.clerk, now=later)


@pytest.mark.req("NM-12")
def test_a_file_of_comments_knows_what_was_copied_by_hand(desk, now):
    at = now - AN_HOUR
    comment(desk, now, received_at=at)
    line = {
        "account": "微博 澄湖发布",
        "link": LINK,
        "text": "东门公交站牌晚上看不清",
        "name": "样网友",
        "sent_at": local(at).isoformat(),
    }
    row = taken(desk, COMMENTS, lines(line, {**line, "text": "别的"}, {**line, "link": "首页"}), now)
    assert [each["outcome"] for each in row.lines] == ["known", "taken", "refused"]


# ---- screens -------------------------------------------------------------------------------------------------------


@pytest.mark.req("INT-21", "NM-12")
@pytest.mark.parametrize(("route", "line"), [
    ("console_call_files", {"number": "GD-1", "centre": CENTRE}),
    ("console_comment_files", {"account": "微博 澄湖发布", "link": LINK}),
])  # fmt: skip
def test_files_are_taken_and_given_on_the_screen(client, desk, now, route, line):
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")
    url = reverse(route, args=[desk.tenant.site.pk])
    data = lines({"text": "没有水", "sent_at": (local(now) - AN_HOUR).isoformat(), **line})
    sent = client.post(url, {"act": "take", "file": SimpleUploadedFile("a.jsonl", data)}, follow=True)
    assert "已登记" in sent.content.decode()
    actions.return_letter(case=Case.objects.get(), reason="不归我们管", by=desk.clerk, now=now)
    shown = client.post(url, {"act": "hand", "since": "", "until": ""}, follow=True).content.decode()
    assert "不归我们管" in shown
    file = client.get(reverse("console_error_handout_file", args=[HandedFile.objects.get().pk]), {"form": "xlsx"})
    assert file.content.startswith(b"PK")


@pytest.mark.req("NM-12")
def test_a_comment_is_registered_by_hand_on_the_screen(client, desk, now):
    client.force_login(desk.clerk, backend="jiyue.identity.backends.AccountBackend")
    url = reverse("console_comment_register", args=[desk.tenant.site.pk])
    given = {
        "account": "微信公众号 澄湖发布", "link": LINK, "received_at": "2026-01-05T09:00", "kind": "enquiry",
        "text": "几点开门？", "title": "", "name": "", "outer_number": "",
    }  # fmt: skip
    assert "平台不抓取评论" in client.get(url).content.decode()
    shown = client.post(url, given, follow=True).content.decode()
    assert "微信公众号 澄湖发布" in shown and LINK in shown
    again = client.post(url, given)
    assert again.status_code == 422 and "这条评论已经登记过" in again.content.decode()


@pytest.mark.req("INT-21")
def test_a_file_with_shifted_columns_leaves_nobodys_words_in_what_is_kept_of_it(desk, now):
    said = "我叫样某某"
    row = taken(desk, CALLS, lines(
        call_line(said, now, kind=said), call_line("13800000000", now, kind=said), call_line("11010119900101001X", now, text=""),
        call_line("GD-7", now, sent_at=said), call_line("GD-8", now, **{said: 1.5}), call_line(said, now),
    ), now)  # fmt: skip
    assert said not in str(row.lines) and "138" not in str(row.lines) and "1101" not in str(row.lines)
    assert [line["number"] for line in row.lines] == ["", "", "", "GD-7", "", ""]
    assert [line["line"] for line in row.lines] == [1, 2, 3, 4, 5, 6]


@pytest.mark.req("INT-21")
def test_a_file_cannot_take_the_numbers_of_another_units_own_telephone(cast, desk, now):
    other = office(cast.outside, now=now)
    rung(desk, now, handed_by="", outer_number="001")
    row = taken(other, CALLS, lines(call_line("001", now, centre="本单位电话")), now)
    assert row.taken == 1
    assert taken(desk, CALLS, lines(call_line("001", now, centre="本单位电话")), now).known == 1
