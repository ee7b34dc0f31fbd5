"""Live enquiries: once each, in order, to the right person, through every kill and every second hand."""

import json
import os
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from jiyue.config import letters as clock
from jiyue.demo.enquiring import Enquiries
from jiyue.domain.deadlines import local
from jiyue.estate.models import Block
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.enquiries import actions, desks, telling
from jiyue.interaction.enquiries.policies import fetch_enquiry_for, visible_enquiries
from jiyue.interaction.enquiries.statistics import enquiry_statistics
from jiyue.interaction.enquiries.taking import empty_box
from jiyue.interaction.letterbox import talks as box_of
from jiyue.interaction.letterbox.talks import room_of
from jiyue.interaction.models import Case, Enquiry, EnquiryDuty, EnquiryWord, SetAside
from jiyue.interaction.receiving import empty_box as empty_letters
from jiyue.rules.queries import book
from tests.enquiries import Visitor, desk_of, talk_box
from tests.letters import dropped, office

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def people(cast, now, home):
    return office(cast.city, now=now)


@pytest.fixture
def desk(cast, people, now):
    return desk_of(cast.city, now=now)


@pytest.fixture
def served(desk, people, now):
    desks.come_on_duty(desk=desk, by=people.clerk, now=now)
    return desk


@pytest.fixture
def visitor(cast):
    return Visitor(cast.city.site.host)


@pytest.fixture
def talking(served, visitor, people, now):
    actions.take(enquiry=visitor.begin("老年卡在哪里换？", now=now), by=people.clerk, now=now)
    return visitor


def acts(visitor) -> list[str]:
    return [word["act"] for word in visitor.page["words"]]


@pytest.mark.req("INT-16")
def test_a_visitor_is_answered(talking, people, now):
    actions.answer(enquiry=talking.enquiry, text="到街道便民服务中心。", by=people.clerk, now=now)
    talking.say("谢谢", now=now)
    empty_box(now=now)
    assert acts(talking) == ["say", "take", "answer", "say"]
    assert talking.texts[2:] == ["到街道便民服务中心。", "谢谢"]
    assert talking.page["state"] == "talking"
    told = json.dumps(talking.page, ensure_ascii=False)
    assert "值班员 1 号" in told and people.clerk.name not in told and people.clerk.username not in told


def test_the_trail_has_the_steps_and_no_word(talking, people, now):
    actions.answer(enquiry=talking.enquiry, text="到街道便民服务中心。", by=people.clerk, now=now)
    actions.end(enquiry=talking.enquiry, topic="service", subject="换卡", by=people.clerk, now=now)
    rows = AuditEvent.objects.filter(code="interaction.enquiry_stepped").order_by("pk")
    assert [row.data["enquiry_act"] for row in rows] == ["open", "take", "end"]
    whole = json.dumps(
        [row.data for row in AuditEvent.objects.filter(code__startswith="interaction.enquiry")], ensure_ascii=False
    )
    assert "老年卡" not in whole and "便民" not in whole and "换卡" not in whole


def test_what_comes_twice_is_said_once(talking, people, now):
    said = talking.say("还在吗", now=now)
    empty_box(now=now)
    talk_box().drop(said)  # a kill between commit and removal, or a button pressed twice
    empty_box(now=now)
    assert talking.texts.count("还在吗") == 1 and not list(talk_box().waiting())
    for _time in range(2):
        actions.answer(enquiry=talking.enquiry, text="在的", by=people.clerk, now=now, token="e" * 32)
    assert talking.texts.count("在的") == 1


def test_a_beginning_that_comes_twice_is_one_conversation(served, visitor, now):
    said = visitor.say("您好", now=now, act=box_of.OPEN)
    empty_box(now=now)
    talk_box().drop(said)
    empty_box(now=now)
    assert Enquiry.objects.count() == 1 and EnquiryWord.objects.count() == 1


def test_a_commit_whose_file_was_not_written_is_told_by_the_worker(talking, people, now, monkeypatch):
    def killed(_row):
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(telling, "tell", killed)
        actions.answer(enquiry=talking.enquiry, text="请稍等", by=people.clerk, now=now)
    assert "请稍等" not in talking.texts and talking.enquiry.told_due
    assert telling.tell_due() == 1 and talking.texts[-1] == "请稍等"
    assert telling.tell_due() == 0


def test_nobody_speaks_in_a_conversation_whose_secret_she_has_not(talking, cast, now):
    forged = Visitor(cast.city.site.host)
    said = forged.say("冒充", now=now)
    box = talk_box()
    box.taken(said.token)
    box.drop(
        box_of.Said(
            said.token, room_of(talking.secret), "say", said.host, said.at, "zh-CN", {"text": "冒充"}, proof=said.proof
        )
    )
    empty_box(now=now)
    assert "冒充" not in talking.texts and SetAside.objects.count() == 1


def test_a_word_of_another_site_is_set_aside(talking, cast, now):
    elsewhere = Visitor(cast.outside.site.host, talking.secret)
    elsewhere.say("别处来的", now=now)
    empty_box(now=now)
    assert "别处来的" not in talking.texts and SetAside.objects.count() == 1


def test_where_there_is_no_desk_nothing_begins(cast, people, now):
    Visitor(cast.outside.site.host).say("有人吗", now=now, act=box_of.OPEN)
    empty_box(now=now)
    assert not Enquiry.objects.exists() and SetAside.objects.count() == 1


def test_two_officers_take_one_visitor_and_one_gets_her(served, visitor, people, now):
    desks.come_on_duty(desk=served, by=people.handler, now=now)
    enquiry = visitor.begin("您好", now=now)
    actions.take(enquiry=enquiry, by=people.clerk, now=now)
    with pytest.raises(actions.TakenByOther, match="值班员 1 号"):
        actions.take(enquiry=enquiry, by=people.handler, now=now)
    actions.take(enquiry=enquiry, by=people.clerk, now=now)  # pressed twice
    assert acts(visitor) == ["say", "take"]
    with pytest.raises(PermissionDenied, match="值班员 1 号"):
        actions.answer(enquiry=visitor.enquiry, text="我来", by=people.handler, now=now)


def test_nobody_takes_more_than_the_desk_lets_her(cast, served, people, now):
    desk_of(cast.city, now=now, most_each=1)
    first, second = (Visitor(cast.city.site.host).begin("您好", now=now) for _n in range(2))
    actions.take(enquiry=first, by=people.clerk, now=now)
    with pytest.raises(ValidationError, match="同时接待 1 位"):
        actions.take(enquiry=second, by=people.clerk, now=now)


def test_who_is_not_on_duty_takes_nobody(desk, visitor, people, cast, now):
    enquiry = visitor.begin("您好", now=now)
    with pytest.raises(ValidationError, match="上岗"):
        actions.take(enquiry=enquiry, by=people.handler, now=now)
    for stranger in (cast.city.editor, cast.outside.editor, people.replier):
        with pytest.raises(PermissionDenied):
            desks.come_on_duty(desk=desk, by=stranger, now=now)
        with pytest.raises(PermissionDenied):
            actions.take(enquiry=enquiry, by=stranger, now=now)


def test_places_in_the_queue_are_told(served, cast, people, now):
    visitors = [Visitor(cast.city.site.host) for _n in range(3)]
    for n, one in enumerate(visitors):
        one.begin("您好", now=now + n * timedelta(seconds=1))
    assert [one.page["state"] for one in visitors] == ["waiting-1", "waiting-2", "waiting-3"]
    actions.take(enquiry=visitors[0].enquiry, by=people.clerk, now=now)
    clock.watch_talks(now)
    clock.talk(now)
    assert [one.page["state"] for one in visitors] == ["talking", "waiting-1", "waiting-2"]


def test_a_visitor_is_handed_over_with_a_note_that_she_does_not_read(talking, served, people, now):
    duty = desks.come_on_duty(desk=served, by=people.handler, now=now)
    actions.hand_over(enquiry=talking.enquiry, to=duty, note="问过两次了，有点急", by=people.clerk, now=now)
    assert acts(talking) == ["say", "take", "hand"]
    assert "有点急" not in json.dumps(talking.page, ensure_ascii=False)
    assert talking.enquiry.person == people.handler and talking.enquiry.words.filter(act="note").exists()
    with pytest.raises(PermissionDenied):
        actions.answer(enquiry=talking.enquiry, text="我再说一句", by=people.clerk, now=now)


def test_handing_over_to_somebody_who_has_left_is_refused(talking, served, people, now):
    duty = desks.come_on_duty(desk=served, by=people.handler, now=now)
    desks.leave_duty(desk=served, by=people.handler, now=now)
    with pytest.raises(ValidationError, match="刚刚下岗"):
        actions.hand_over(enquiry=talking.enquiry, to=duty, note="", by=people.clerk, now=now)


def test_who_has_visitors_does_not_leave(talking, served, people, now):
    with pytest.raises(ValidationError, match="还有没结束的会话"):
        desks.leave_duty(desk=served, by=people.clerk, now=now)


def test_an_officer_whose_console_is_closed_gives_her_visitors_back(talking, people, cast, now):
    other = Visitor(cast.city.site.host)
    other.begin("后来的", now=now + MINUTE)
    later = now + 4 * MINUTE
    clock.watch_talks(later)
    assert talking.enquiry.state == "waiting" and talking.enquiry.person is None
    assert acts(talking)[-1] == "back" and talking.page["state"] == "waiting-1"
    assert not EnquiryDuty.objects.filter(ended_at=None).exists()


def test_an_open_console_keeps_its_officer_on_duty(talking, people, now):
    for n in range(1, 10):
        desks.keep_alive(by=people.clerk, now=now + n * MINUTE)
    clock.watch_talks(now + 10 * MINUTE)
    assert talking.enquiry.state == "talking"


def test_silence_ends_a_conversation_but_never_one_that_waits_for_an_answer(talking, people, now):
    later = now + 20 * MINUTE
    EnquiryDuty.objects.update(seen_at=later)
    clock.watch_talks(later)
    assert talking.enquiry.state == "talking"  # the visitor asked, and nobody answered yet
    actions.answer(enquiry=talking.enquiry, text="在便民服务中心。", by=people.clerk, now=later)
    clock.watch_talks(later + 2 * MINUTE)
    assert talking.enquiry.state == "talking"
    EnquiryDuty.objects.update(seen_at=later + 16 * MINUTE)
    clock.watch_talks(later + 16 * MINUTE)
    assert (talking.enquiry.state, talking.enquiry.end) == ("ended", "idle") and acts(talking)[-1] == "end"


def test_who_waits_before_a_desk_that_closed_is_let_go(visitor, desk, now):
    visitor.begin("有人吗", now=now)
    clock.watch_talks(now + MINUTE)
    assert visitor.enquiry.state == "waiting"
    clock.watch_talks(now + 3 * MINUTE)
    assert (visitor.enquiry.state, visitor.enquiry.end) == ("ended", "closed")


def test_who_came_within_the_hours_is_served_after_them_while_somebody_is_there(visitor, served, people, cast, now):
    visitor.begin("有人吗", now=now)
    desk_of(cast.city, now=now, hours="0:00-0:01")
    later = now + 5 * MINUTE
    EnquiryDuty.objects.update(seen_at=later)
    clock.watch_talks(later)
    assert visitor.enquiry.state == "waiting"  # the hours are over, the officer is still there
    desks.leave_duty(desk=served, by=people.clerk, now=later)
    clock.watch_talks(later + MINUTE)
    assert visitor.enquiry.state == "waiting"
    clock.watch_talks(later + 3 * MINUTE)
    assert (visitor.enquiry.state, visitor.enquiry.end) == ("ended", "closed")


def test_a_word_after_the_end_is_kept(talking, people, now):
    actions.end(enquiry=talking.enquiry, topic="service", subject="换卡", by=people.clerk, now=now)
    talking.say("还有一个问题", now=now)
    empty_box(now=now)
    assert acts(talking)[-1] == "late" and talking.enquiry.state == "ended"
    with pytest.raises(ValidationError, match="已经结束"):
        actions.answer(enquiry=talking.enquiry, text="在", by=people.clerk, now=now)


def test_the_visitor_ends_and_rates_once(talking, now):
    talking.say("", now=now, act=box_of.RATE, score="4")
    empty_box(now=now)
    assert talking.enquiry.rating is None  # not before the end
    talking.say("", now=now, act=box_of.END)
    for score in ("9", "5", "1"):
        talking.say("", now=now, act=box_of.RATE, score=score)
    empty_box(now=now)
    assert (talking.enquiry.end, talking.enquiry.rating) == ("visitor", 5)
    assert talking.page["rating"] == 5


def test_personal_data_in_an_answer_is_held_until_somebody_looked(talking, people, now):
    with pytest.raises(actions.MaybePrivate, match="13812345678"):
        actions.answer(enquiry=talking.enquiry, text="打他手机 13812345678", by=people.clerk, now=now)
    actions.answer(enquiry=talking.enquiry, text="打他手机 13812345678", by=people.clerk, now=now, looked=True)
    assert talking.texts[-1].endswith("13812345678")


@pytest.mark.req("INT-16")
def test_a_letter_of_the_visitor_is_tied_to_the_conversation(talking, cast, now):
    receipt = dropped(cast.city, now=now, talk=room_of(talking.secret))
    empty_letters(now=now)
    case = Case.objects.get(number=receipt.number)
    assert talking.enquiry.case == case and "talk" not in case.fields
    clock.talk(now)
    assert talking.page["letter"] is True


def test_a_report_of_a_wrong_stands_apart_from_the_conversation(talking, cast, now):
    receipt = dropped(cast.city, now=now, kind="report", talk=room_of(talking.secret))
    empty_letters(now=now)
    assert Case.objects.get(number=receipt.number).kind == "report"
    assert talking.enquiry.case is None
    clock.talk(now)
    assert talking.page["letter"] is False


def test_a_letter_of_another_site_is_tied_to_nothing(talking, cast, now):
    cast.outside.site.blocks = [Block.INTERACTION]
    cast.outside.site.save()
    dropped(cast.outside, now=now, talk=room_of(talking.secret))
    dropped(cast.city, now=now, talk="0" * 32)
    empty_letters(now=now)
    assert Case.objects.count() == 2 and talking.enquiry.case is None


def test_conversations_are_read_by_who_reads_the_letters_of_the_site(talking, people, cast):
    for reader in (people.clerk, people.handler, people.replier, cast.supervisor):
        assert fetch_enquiry_for(reader, talking.enquiry.pk)
    for other in (cast.city.editor, cast.outside.editor, cast.operator, cast.auditor):
        assert not visible_enquiries(other).exists()
        with pytest.raises(Http404):
            fetch_enquiry_for(other, talking.enquiry.pk)


def test_the_sign_says_whether_one_can_begin(cast, desk, people, now):
    calendar = book().calendar_for(cast.city.site.owner.lineage)
    while not calendar.is_working(local(now).date()) or local(now).hour == 23:
        now += timedelta(hours=12)

    def why() -> str:
        desks.hang_out(now=now)
        return talk_box().sign(cast.city.site.host)["why"]

    assert why() == "nobody"
    desks.come_on_duty(desk=desk, by=people.clerk, now=now)
    assert why() == ""
    desk_of(cast.city, now=now, most_waiting=1)
    Visitor(cast.city.site.host).begin("您好", now=now)
    assert why() == "full"
    desk_of(cast.city, now=now, hours="3:00-3:01")
    assert why() == "hours"
    desk_of(cast.city, now=now, is_on=False)
    desks.hang_out(now=now)
    assert talk_box().sign(cast.city.site.host) is None


@pytest.mark.parametrize(
    ("field", "value"), [("hours", "白天"), ("idle_minutes", 0), ("most_each", 99), ("most_waiting", 0), ("title", " ")]
)
def test_settings_that_make_no_sense_are_refused(cast, people, now, field, value):
    with pytest.raises(ValidationError) as refused:
        desk_of(cast.city, now=now, **{field: value})
    assert field in refused.value.message_dict


def test_only_the_manager_of_the_site_sets_its_desk(cast, people, now):
    given = {
        "is_on": True,
        "hours": "9:00-12:00",
        "title": "值班员",
        "idle_minutes": 5,
        "most_each": 1,
        "most_waiting": 1,
    }
    for other in (people.clerk, cast.outside.manager, cast.city.editor):
        with pytest.raises(PermissionDenied):
            desks.set_desk(site=cast.city.site, by=other, now=now, **given)


@pytest.mark.req("INT-16")
def test_conversations_are_counted_like_letters(talking, people, cast, now):
    actions.answer(enquiry=talking.enquiry, text="在便民服务中心。", by=people.clerk, now=now + MINUTE)
    actions.end(enquiry=talking.enquiry, topic="service", subject="换卡", by=people.clerk, now=now + 2 * MINUTE)
    talking.say("", now=now + 2 * MINUTE, act=box_of.RATE, score="5")
    lost = Visitor(cast.city.site.host)
    lost.begin("有人吗", now=now)
    lost.say("", now=now, act=box_of.END)
    empty_box(now=now + 3 * MINUTE)
    sites = type(cast.city.site).objects.filter(pk=cast.city.site.pk)
    found = enquiry_statistics(
        sites, since=now.date() - timedelta(days=1), until=now.date() + timedelta(days=1), whole="合计"
    )
    line = found.whole
    assert (line.began, line.answered, line.left, line.wait, line.length, line.satisfied) == (2, 1, 1, 0, 120, 100)
    assert [(one.name, one.began) for one in found.people] == [(people.clerk.name, 1)]


def test_the_demo_city_tells_its_conversations(cast, people, now):
    structure = {"site_manager": cast.city.manager, "letter_clerk": people.clerk}
    Enquiries({"portal": cast.city.site}, lambda _site, role: structure[role], now).tell()
    answered, letter = Enquiry.objects.order_by("opened_at")
    assert (answered.end, answered.rating, answered.topic) == ("officer", 5, "service")
    assert letter.case is not None and letter.case.number.endswith("-997002")
    assert not EnquiryDuty.objects.filter(ended_at=None).exists()


def test_a_queue_that_is_full_takes_nobody_and_says_so(cast, served, now):
    desk_of(cast.city, now=now, most_waiting=2)
    visitors = [Visitor(cast.city.site.host) for _n in range(3)]
    for one in visitors:
        one.say("您好", now=now, act=box_of.OPEN)
    empty_box(now=now)
    assert Enquiry.objects.count() == 2 and not SetAside.objects.exists() and not list(talk_box().waiting())
    page = visitors[2].page
    assert page["state"] == "ended" and acts(visitors[2]) == ["say", "end"] and visitors[2].texts == ["您好", "full"]


def test_who_waits_and_looks_no_more_gives_up_her_place(served, people, cast, now):
    gone, there, writes = (Visitor(cast.city.site.host) for _n in range(3))
    for one in (gone, there, writes):
        one.begin("您好", now=now)
    later = now + 11 * MINUTE
    for one, seen in ((gone, now), (there, later), (writes, now)):
        marker = talk_box().rooms / "seen" / room_of(one.secret)
        marker.touch()
        os.utime(marker, (seen.timestamp(), seen.timestamp()))
    writes.say("还在等", now=later)
    empty_box(now=later)
    EnquiryDuty.objects.update(seen_at=later)
    clock.watch_talks(later)
    assert (gone.enquiry.state, gone.enquiry.end, gone.texts[-1]) == ("ended", "away", "away")
    assert there.enquiry.state == writes.enquiry.state == "waiting"


def test_a_beginning_that_cannot_be_kept_is_told(served, cast, now):
    token = "d" * 32
    first, second = Visitor(cast.city.site.host), Visitor(cast.city.site.host)
    first.say("您好", now=now, act=box_of.OPEN, token=token)
    empty_box(now=now)
    second.say("您好", now=now, act=box_of.OPEN, token=token)
    empty_box(now=now)
    assert second.texts == ["您好", "failed"] and SetAside.objects.get().problem == "IntegrityError"


def test_a_row_that_cannot_be_told_holds_up_no_other(talking, served, cast, people, now):
    other = Visitor(cast.city.site.host)
    other.begin("后来的", now=now)
    Enquiry.objects.filter(pk=talking.enquiry.pk).update(key="not ours", told_due=True)
    Enquiry.objects.filter(pk=other.enquiry.pk).update(told_due=True)
    assert telling.tell_due() == 1 and telling.tell_due() == 0
    talking.say("还在吗", now=now)
    empty_box(now=now)
    assert SetAside.objects.get().problem == "NotOurs" and not list(talk_box().waiting())


def test_the_signs_are_renewed_whatever_failed_before(desk, cast, now, monkeypatch):
    def broken(**_given):
        raise RuntimeError

    monkeypatch.setattr(clock.enquiries, "attend", broken)
    clock.watch_talks(now)
    assert talk_box().sign(cast.city.site.host)["at"] == now.isoformat()


def test_another_topic_of_one_that_is_over_leaves_a_trace(talking, people, now):
    for topic in ("service", "service", "policy"):
        actions.end(enquiry=talking.enquiry, topic=topic, subject="换卡", by=people.clerk, now=now)
    rows = AuditEvent.objects.filter(code="interaction.enquiry_stepped").order_by("pk")
    assert [row.data["enquiry_act"] for row in rows] == ["open", "take", "end", "topic"]
