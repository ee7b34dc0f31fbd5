"""Comments under pages: public through a signed order and sealed acts alone, kept with every trace, gone with the page."""

import json
import os
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from jiyue.config.letters import attend
from jiyue.content.models import CommentOrder
from jiyue.foundation.append_only import lifted
from jiyue.foundation.home import Home
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.campaigns.privacy import settings_of
from jiyue.interaction.comments import deciding, showing
from jiyue.interaction.comments.orders import end_order, order_of
from jiyue.interaction.comments.queries import hints_of, todo_for, votes_by_column, votes_by_page, waiting_for
from jiyue.interaction.comments.votes import GRACE, OLDEST
from jiyue.interaction.models import Comment, CommentAct, PageVoices, PageVote, SetAside
from jiyue.interaction.receiving import CITIZEN, empty_box
from jiyue.portal.counter.voices import voices_of
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import submit_withdrawal
from tests.campaigns import address_of
from tests.cast import sign_all, structured
from tests.comments import TEXT, comment, ordered, page, vote, written
from tests.letters import box, office

pytestmark = pytest.mark.django_db
CANARY = "金丝雀从不公开"
PHONE = "请打 13812345678 找我。"
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


@pytest.fixture
def record(cast, now, home, desk):
    ordered(cast.city, desk, now=now)
    return page(cast.city, now=now)


def told(record) -> dict:
    return json.loads(showing.file_of(record).read_bytes())


def texts(record) -> list[str]:
    return [one["text"] for one in told(record)["comments"]]


def state(found: Comment) -> str:
    return type(found).objects.get(pk=found.pk).standing.state


def shown(found, desk, now, words="", **how) -> CommentAct:
    return deciding.show(comment=found, words=words or found.text, by=desk.handler, now=now, **how)


@pytest.mark.req("INT-17")
def test_a_comment_is_public_when_its_keeper_showed_it_and_not_before(record, desk, now):
    found = comment(record, now=now)
    assert not showing.file_of(record).exists()
    shown(found, desk, now)
    (one,) = told(record)["comments"]
    assert (one["text"], one["covered"], one["replies"]) == (TEXT, False, [])
    written_out = showing.file_of(record).read_text("utf-8")
    assert found.number not in written_out
    assert desk.handler.username not in written_out
    event = AuditEvent.objects.get(code="interaction.comment_decided")
    assert event.data["comment_act"] == "show"
    assert TEXT not in json.dumps([row.data for row in AuditEvent.objects.all()], ensure_ascii=False)


@pytest.mark.req("INT-17")
def test_only_who_was_signed_decides(cast, record, desk, now):
    found = comment(record, now=now)
    for who in (desk.clerk, desk.replier, cast.city.manager, cast.city.editor, cast.outside.editor):
        with pytest.raises(PermissionDenied, match="不由您审核"):
            deciding.show(comment=found, words=found.text, by=who, now=now)
        with pytest.raises(PermissionDenied):
            deciding.refuse(comment=found, ground="advert", by=who, now=now)
    ordered(cast.city, desk, now=now, keeper=desk.clerk, signed=False)
    with pytest.raises(PermissionDenied):  # not signed yet
        deciding.show(comment=found, words=found.text, by=desk.clerk, now=now)
    structured(cast.city, now=now + HOUR)
    deciding.show(comment=found, words=found.text, by=desk.clerk, now=now + HOUR)
    with pytest.raises(PermissionDenied):
        deciding.hide(comment=found, reason="换人了", by=desk.handler, now=now + HOUR)
    assert texts(record) == [TEXT]


@pytest.mark.req("INT-17")
def test_nobody_puts_words_into_a_writers_mouth_and_persons_are_looked_at(record, desk, now):
    found = comment(record, f"很好。{PHONE}", now=now)
    for words in ("很好", f"很好。{PHONE}谢谢", "×××"):
        with pytest.raises(ValidationError, match="照原文"):
            shown(found, desk, now, words)
    with pytest.raises(deciding.MaybePrivate, match="个人信息"):
        shown(found, desk, now)
    shown(found, desk, now, "很好。请打 ××× 找我。")
    assert told(record)["comments"][0]["covered"]
    other = comment(record, PHONE, now=now)
    shown(other, desk, now, looked=True)
    assert len(texts(record)) == 2


@pytest.mark.req("INT-17")
def test_what_is_not_shown_reaches_no_public_byte_and_its_writer_reads_why(cast, record, desk, now):
    receipt = written(record, CANARY, now=now)
    attend(now)
    found = Comment.objects.get(number=receipt.number)
    with pytest.raises(ValidationError, match="哪部法律"):
        deciding.refuse(comment=found, ground="law", by=desk.handler, now=now)
    with pytest.raises(ValidationError, match="请选择"):
        deciding.refuse(comment=found, ground="opinion", by=desk.handler, now=now)
    deciding.refuse(comment=found, ground="law", article="民法典第一千零二十四条", by=desk.handler, now=now)
    Publisher().publish(cast.city.site, now=now)
    attend(now)
    home = Home(settings.JIYUE_HOME)
    for folder in (home.path / "deployed", home.live, home.index, home.objects):
        for top, _folders, names in os.walk(folder):
            for name in names:
                with open(os.path.join(top, name), "rb") as file:
                    assert CANARY.encode() not in file.read(), name
    ticket = box().tickets.read(receipt.number, receipt.code)
    assert ticket["state"] == "comment_refused"
    assert "民法典第一千零二十四条" in ticket["steps"][-1]["why"]
    assert ticket["may"] == ["withdraw"]
    deciding.show(comment=found, words=CANARY, by=desk.handler, now=now)  # a second look
    assert texts(record) == [CANARY]


@pytest.mark.req("INT-17")
def test_hidden_later_it_is_kept_with_the_reason(record, desk, now):
    found = comment(record, now=now)
    shown(found, desk, now)
    with pytest.raises(ValidationError, match="为什么隐藏"):
        deciding.hide(comment=found, reason=" ", by=desk.handler, now=now)
    deciding.hide(comment=found, reason="本人来电要求", by=desk.handler, now=now)
    assert texts(record) == []
    assert Comment.objects.get().text == TEXT
    assert [row.act for row in CommentAct.objects.order_by("number")] == ["show", "hide"]
    with pytest.raises(ValidationError, match="已隐藏"):
        deciding.hide(comment=found, reason="再来", by=desk.handler, now=now)


@pytest.mark.req("REV-07")
def test_an_answer_is_public_through_a_second_person(record, desk, now):
    found = comment(record, now=now)
    with pytest.raises(ValidationError, match="待审核"):
        deciding.write_reply(comment=found, text="谢谢", by=desk.handler, now=now)
    shown(found, desk, now)
    with pytest.raises(ValidationError, match="个人信息"):
        deciding.write_reply(comment=found, text=PHONE, by=desk.handler, now=now)
    deciding.write_reply(comment=found, text="已加三个地点。", by=desk.handler, now=now)
    assert told(record)["comments"][0]["replies"] == []
    for who in (desk.handler, desk.clerk):
        with pytest.raises(PermissionDenied):
            deciding.approve_reply(comment=found, draft=deciding.drafted(found).number, by=who, now=now)
    first = deciding.drafted(found).number
    deciding.return_reply(comment=found, draft=first, reason="写清在哪里", by=desk.replier, now=now)
    deciding.write_reply(comment=found, text="已加三个地点：东区、西区、北区。", by=desk.handler, now=now)
    for late in (deciding.approve_reply, partial(deciding.return_reply, reason="写清在哪里")):
        with pytest.raises(ValidationError, match="看过最新的"):  # she read the first one
            late(comment=found, draft=first, by=desk.replier, now=now)
    latest = deciding.drafted(found).number
    deciding.approve_reply(comment=found, draft=latest, by=desk.replier, now=now)
    (reply,) = told(record)["comments"][0]["replies"]
    assert (reply["text"], reply["unit"]) == ("已加三个地点：东区、西区、北区。", record.site.owner.name)
    with pytest.raises(ValidationError, match="没有等待"):
        deciding.approve_reply(comment=found, draft=latest, by=desk.replier, now=now)


@pytest.mark.req("INT-17")
def test_a_forged_row_is_not_told_nor_anything_after_it(record, desk, now):
    first, second = comment(record, "第一条", now=now), comment(record, CANARY, now=now)
    shown(first, desk, now)
    row = CommentAct.objects.get()
    row.pk, row.number, row.comment, row.words, row.previous = None, 2, second, CANARY, row.seal
    row._state.adding = True
    row.save()
    showing.note(record)
    showing.attend(now=now)
    assert texts(record) == ["第一条"]
    assert told(record)["broken"] == 2
    event = AuditEvent.objects.get(code="interaction.comments_broken")
    assert event.data["number"] == 2
    with lifted(), connection.cursor() as cursor:
        cursor.execute("update interaction_commentact set words = %s where number = 1", [CANARY])
    showing.note(record)
    showing.attend(now=now)
    assert texts(record) == []


def forged(record, second: Comment) -> None:
    """A row after the last one, copied past the actions."""
    row = CommentAct.objects.filter(record=record).latest("number")
    row.pk, row.number, row.comment, row.words, row.previous = None, row.number + 1, second, CANARY, row.seal
    row._state.adding = True
    row.save()


@pytest.mark.req("INT-17")
def test_behind_a_forged_row_nothing_appears_and_what_is_hidden_or_taken_back_goes(record, desk, now):
    hidden, taken_back, kept, late = (comment(record, f"第{n}条", now=now) for n in "一二三四")
    for found in (hidden, taken_back, kept):
        shown(found, desk, now)
    forged(record, late)
    deciding.hide(comment=hidden, reason="指名道姓", by=desk.handler, now=now)
    deciding.withdraw(comment=taken_back, actor=CITIZEN, now=now)
    shown(late, desk, now)
    assert texts(record) == ["第三条"]
    assert told(record)["broken"] == 4
    deciding.hide(comment=kept, reason="指名道姓", by=desk.handler, now=now)
    with lifted(), connection.cursor() as cursor:  # one that was not sealed so hides nothing
        cursor.execute("update interaction_commentact set reason = %s where comment_id = %s", ["改", kept.pk])
    showing.note(record)
    showing.attend(now=now)
    assert texts(record) == []  # its first row does not hold any more either
    assert told(record)["broken"] == 3


@pytest.mark.req("INT-17")
def test_who_acts_while_a_structure_is_signed_is_judged_by_the_one_she_read(cast, record, desk, now):
    first, second = comment(record, "第一条", now=now), comment(record, "第二条", now=now)
    moment = timedelta(seconds=1)
    shown(first, desk, now + 2 * moment)  # read before the commit of what is signed from one second on
    ordered(cast.city, desk, now=now + moment, keeper=desk.clerk)
    old = CommentAct.objects.get()
    showing.note(record)
    showing.attend(now=now + HOUR)
    assert (texts(record), told(record)["broken"]) == (["第一条"], 0)
    stale = CommentAct(
        record=record, comment=second, number=2, act="show", words=second.text, by=desk.handler,
        actor=desk.handler.username, at=now + HOUR, order=old.order, place=old.place, previous=old.seal,
    )  # fmt: skip
    showing.seal_act(stale)
    stale.save()
    showing.note(record)
    showing.attend(now=now + HOUR)
    assert (texts(record), told(record)["broken"]) == (["第一条"], 2)


@pytest.mark.req("INT-17")
@pytest.mark.parametrize("before", ["refused", "hidden"])
def test_its_writer_takes_it_back_for_good_after_it_was_refused_or_hidden(record, desk, now, before):
    from jiyue.interaction.letterbox import NewWord

    receipt = written(record, now=now)
    attend(now)
    found = Comment.objects.select_related("record__site__owner").get()
    if before == "refused":
        deciding.refuse(comment=found, ground="advert", by=desk.handler, now=now)
    else:
        shown(found, desk, now)
        deciding.hide(comment=found, reason="离题", by=desk.handler, now=now)
    attend(now)
    opened = box().tickets.open(receipt.number, receipt.code)
    assert opened.state["may"] == ["withdraw"]
    box().drop_word(NewWord(token="a" * 32, number=receipt.number, act="withdraw", at=now, fields={}), opened.key)
    attend(now)
    ticket = box().tickets.read(receipt.number, receipt.code)
    assert (state(found), ticket["state"], ticket["may"]) == ("withdrawn", "withdrawn", [])
    with pytest.raises(ValidationError):
        shown(found, desk, now)


@pytest.mark.req("INT-17", "INT-18")
def test_the_signed_times_and_the_moment_of_sending_bind_the_worker(cast, desk, home, now):
    begun, over = now + HOUR, now + 2 * HOUR
    ordered(cast.city, desk, now=now, opens_at=begun, closes_at=over)
    record = page(cast.city, now=now)
    minute = timedelta(minutes=1)
    for at, at_work in (
        (begun - GRACE / 2, begun), (over + GRACE + minute, over + 3 * HOUR), (begun + HOUR / 2, begun),
        (begun + minute, begun + OLDEST + HOUR),
    ):  # fmt: skip
        written(record, now=at)
        vote(record, now=at)
        attend(at_work)
        assert (Comment.objects.count(), PageVote.objects.count()) == (0, 0), at
    assert SetAside.objects.count() == 8
    for n, at in enumerate((begun - minute, begun, over + GRACE - minute), start=1):
        written(record, now=at)
        vote(record, now=at)
        attend(at + minute)
        assert (Comment.objects.count(), PageVote.objects.count()) == (n, n), at


@pytest.mark.req("INT-18")
def test_votes_are_told_at_most_once_a_minute(record, desk, now):
    def cast_and_told(at) -> int:
        vote(record, now=at)
        attend(at)
        return told(record)["useful"]

    assert cast_and_told(now) == 1
    os.utime(showing.file_of(record), (now.timestamp(), now.timestamp()))
    assert cast_and_told(now + showing.REST / 2) == 1
    assert cast_and_told(now + showing.REST) == 3
    os.utime(showing.file_of(record), (now.timestamp(), now.timestamp()))
    shown(comment(record, now=now), desk, now)
    assert texts(record) == [TEXT]


def test_an_order_written_past_the_ledger_gives_nobody_the_word(cast, desk, home, now):
    structured(cast.city, now=now)
    record = page(cast.city, now=now)
    CommentOrder.objects.create(site=cast.city.site, takes_comments=True, named="样", keeper=desk.handler)
    assert order_of(record, now) is None
    written(record, now=now)
    empty_box(now=now)
    assert not Comment.objects.exists()


@pytest.mark.req("INT-17")
def test_a_kill_between_commit_and_file_is_made_good(record, desk, now, monkeypatch):
    found = comment(record, now=now)
    monkeypatch.setattr(deciding, "tell", lambda *_args, **_how: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        shown(found, desk, now)
    assert not showing.file_of(record).exists()
    assert state(found) == "shown"
    attend(now)
    assert texts(record) == [TEXT]
    row = PageVoices.objects.get()
    assert row.told == row.turn
    assert showing.attend(now=now) == 0


def test_a_kill_between_commit_and_removal_from_the_box_makes_one_comment(record, now, monkeypatch):
    from jiyue.config.letters import COMMENTS
    from jiyue.interaction.letterbox import LetterBox

    written(record, now=now)
    with monkeypatch.context() as patch:
        patch.setattr(LetterBox, "taken", lambda *_args: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            empty_box(now=now, parts=(COMMENTS,))
    attend(now)
    assert Comment.objects.count() == 1
    assert not list(box().waiting())


def test_its_writer_takes_it_back_once_and_others_cannot(record, desk, now):
    from jiyue.interaction.letterbox import NewWord, TicketKey, new_token

    receipt = written(record, now=now)
    attend(now)
    found = Comment.objects.get()
    shown(found, desk, now)
    attend(now)
    opened = box().tickets.open(receipt.number, receipt.code)
    assert opened.state["state"] == "comment_shown"
    assert opened.state["may"] == ["withdraw"]
    word = NewWord(token=new_token(), number=receipt.number, act="withdraw", at=now, fields={})
    box().drop_word(NewWord(**{**word.__dict__, "token": new_token()}), TicketKey(b"x" * 17, b"y" * 32))
    attend(now)
    assert texts(record) == [TEXT]
    assert SetAside.objects.count() == 1
    for _again in range(2):
        box().drop_word(NewWord(**{**word.__dict__, "token": new_token()}), opened.key)
        attend(now)
    assert texts(record) == []
    assert state(found) == "withdrawn"
    assert CommentAct.objects.filter(act="withdraw").count() == 1
    assert box().tickets.read(receipt.number, receipt.code)["state"] == "withdrawn"


@pytest.mark.parametrize(
    "how", [{"about": "nobody"}, {"about": "0123abcd-0000-4000-8000-000000000000"}, {"text": ""}, {"text": "长" * 1001}]
)
def test_what_the_form_would_not_have_let_through_is_set_aside(record, now, how):
    written(record, now=now, **{"text": TEXT, **how})
    attend(now)
    assert not Comment.objects.exists()
    assert SetAside.objects.count() == 1


def test_what_was_sent_before_the_page_knew_of_a_change_is_kept(cast, record, desk, now):
    end_order(order=CommentOrder.objects.get(), by=cast.city.manager, now=now)
    structured(cast.city, now=now + HOUR)
    comment(record, now=now + HOUR + GRACE / 2)
    assert Comment.objects.count() == 1
    with pytest.raises(PermissionDenied):
        shown(Comment.objects.get(), desk, now + HOUR * 2)
    written(record, now=now + HOUR + GRACE)
    attend(now + HOUR + GRACE)
    assert Comment.objects.count() == 1


@pytest.mark.req("INT-17")
def test_the_page_carries_the_signed_order_and_no_word_of_a_comment(cast, record, desk, now):
    found = comment(record, CANARY, now=now)
    shown(found, desk, now)
    vote(record, now=now)
    attend(now)
    Publisher().publish(cast.city.site, now=now)
    folder, address = Home(settings.JIYUE_HOME).path / "deployed" / cast.city.site.host, address_of(record)
    baked = (folder / address.lstrip("/")).read_bytes()
    carried = voices_of(baked, address)
    assert (carried.about, carried.takes_comments, carried.takes_votes) == (str(record.identity), True, True)
    assert carried.named == "市政府办公室 样管理"
    assert CANARY.encode() not in baked
    assert desk.handler.username.encode() not in baked
    sign_all(
        cast.city, submit_withdrawal(record=record, kind="error", reason="错了", by=cast.city.editor, now=now), now=now
    )
    Publisher().publish(cast.city.site, now=now)
    assert not (folder / address.lstrip("/")).exists()
    with pytest.raises(PermissionDenied, match="撤下"):
        shown(comment(record, now=now), desk, now)


@pytest.mark.req("INT-18")
def test_votes_count_once_and_only_as_they_came_through_the_box(record, now):
    first = vote(record, now=now)
    vote(record, "no", "看不懂第二步", now=now)
    vote(record, now=now, token=first.token)
    attend(now)
    assert (told(record)["useful"], told(record)["useless"]) == (1, 1)
    assert "看不懂" not in showing.file_of(record).read_text("utf-8")
    PageVote.objects.create(
        record=record, token="1" * 32, version="f" * 64, at=now, language="zh-CN", is_useful=True, seal="0" * 64
    )
    showing.note(record)
    showing.attend(now=now)
    assert told(record)["useful"] == 1
    (line,) = votes_by_page([record.site])
    assert (line.useful, line.useless, line.reasons, line.share) == (2, 1, 1, 67)
    assert votes_by_column([line]) == [(record.column.name, 2, 1)]


@pytest.mark.parametrize("fields", [{"useful": "maybe"}, {"useful": "yes", "reason": "长" * 201}])
def test_a_vote_that_is_none_is_set_aside(record, now, fields):
    given = vote(record, fields["useful"], fields.get("reason", ""), now=now)
    attend(now)
    assert not PageVote.objects.exists()
    assert SetAside.objects.get().token == given.token


def test_what_waits_is_told_to_who_has_the_next_word(cast, record, desk, now):
    found = comment(record, now=now)
    assert [todo.ref for todo in todo_for(desk.handler)] == [str(found.pk)]
    assert todo_for(desk.clerk) == todo_for(desk.replier) == todo_for(cast.outside.editor) == []
    shown(found, desk, now)
    deciding.write_reply(comment=found, text="谢谢您。", by=desk.handler, now=now)
    assert waiting_for(desk.handler) == []
    assert [todo.state for todo in todo_for(desk.replier)] == ["comment-drafted"]


def test_hints_name_persons_links_and_repeats_and_no_opinion(record, now):
    found = comment(record, f"办得太慢了，领导不作为！{PHONE}看 www.example.com 加微信", now=now)
    hints = [(hint.what, hint.words) for hint in hints_of(found, settings_of(record, now=now))]
    assert ("有网址", "www.") in hints
    assert any(what == "可能是个人信息" for what, _words in hints)
    assert not any("不作为" in words for _what, words in hints)
    assert list(hints_of(comment(record, "办得太慢了，一点也不好", now=now), settings_of(record, now=now))) == []
    twice = comment(record, "办得太慢了，一点也不好", now=now)
    assert "1 条一样" in next(hints_of(twice, settings_of(record, now=now))).what


def test_orders_are_refused_where_they_cannot_stand(cast, desk, home, now):
    structured(cast.city, now=now)
    survey = page(cast.city, now=now)
    for how, words in (
        ({"keeper": None}, "指定评论管理员"), ({"named": " "}, "公布评论管理员"), ({"keeper": desk.replier}, "受理人或者承办人"),
        ({"deputy": desk.handler}, "另一位"), ({"opens_at": now, "closes_at": now}, "之后"),
        ({"column": cast.city.columns["yw"], "record": survey}, "只选一个"),
        ({"column": cast.outside.columns["yw"]}, "本网站的栏目"), ({"by": cast.city.editor}, "由网站管理员"),
    ):  # fmt: skip
        with pytest.raises((ValidationError, PermissionDenied), match=words):
            ordered(cast.city, desk, now=now, signed=False, **how)
    assert not CommentOrder.objects.exists()
    first = ordered(cast.city, desk, now=now, signed=False)
    assert ordered(cast.city, desk, now=now, signed=False, takes_votes=False).pk == first.pk
