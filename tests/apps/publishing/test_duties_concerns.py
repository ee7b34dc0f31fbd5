"""An emergency and a rumour owe their word to the public; what is timed, and by which rule."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from tests.apps.publishing.duty_stories import Story, at, duties, only
from tests.cast import draft, reviewed, with_body

from jiyue.concerns.actions import (
    close_concern,
    draft_answer,
    end_contact,
    link_answer,
    open_concern,
    record_step,
    save_contact,
    strike_step,
    withdraw_concern,
)
from jiyue.concerns.models import Concern, Contact, Step
from jiyue.domain.duties import State
from jiyue.publishing.concerns import course, told, unanswered_for

pytestmark = pytest.mark.django_db
BODY = [{"type": "paragraph", "value": "<p>渗漏点已经围住，住户不用转移。</p>", "id": "p1"}]
RELEASE, BRIEFING = "emergency.release", "emergency.briefing"


@pytest.fixture
def story(db, home) -> Story:
    return Story("national")


def opened(story, kind="emergency", *, found=None, by=None, **facts) -> Concern:
    found = found or at(9, 24, 2)
    given = {"level": "major", "happened_at": found - timedelta(hours=1)} if kind == "emergency" else {}
    concern = Concern(
        site=story.city.site, kind=kind, title="湖堤渗漏", what="湖堤出现渗漏", origin="patrol", unit=story.city.organisation,
        found_at=found, **{**given, **facts},
    )  # fmt: skip
    return open_concern(concern=concern, by=by or story.city.editor, now=max(found, facts.pop("now", found)))


def told_at(story, concern, moment):
    """A release about the concern, written, reviewed and public at one moment."""
    record = draft_answer(
        concern=concern,
        column=story.city.columns["yw"],
        title="关于湖堤渗漏的情况通报",
        by=story.city.editor,
        now=moment,
    )
    record.source = "澄湖市水利局"
    record = with_body(record, BODY, by=story.city.editor, now=moment)
    reviewed(story.city, record, now=moment)
    story.release(now=moment)
    return record


def step(story, concern, kind, moment, **facts) -> Step:
    made = Step(concern=concern, kind=kind, at=moment, what="已办理", **facts)
    return record_step(step=made, by=story.city.editor, now=moment)


@pytest.mark.req("RESP-01")
def test_a_grave_emergency_owes_a_release_and_a_briefing_from_the_event_on_and_the_ledger_meets_it(story):
    """At 01:00 it happened: 06:00 and 01:00 of the next day, through the night; it was found an hour later."""
    concern = opened(story)
    story.look("emergencies", at(9, 24, 3))
    release, briefing = only(RELEASE), only(BRIEFING)
    assert (release.due_at, briefing.due_at) == (at(9, 24, 6), at(9, 25, 1))
    assert (release.subject, release.unit) == (f"concern:{concern.pk}", story.city.organisation)
    record = told_at(story, concern, at(9, 24, 5))
    assert record.emergency, "it goes first in every queue of review"
    step(story, concern, "briefing", at(9, 25, 2))
    story.look("emergencies", at(9, 25, 3))
    assert only(RELEASE).state(at(9, 25, 3)) == State.MET
    assert only(BRIEFING).state(at(9, 25, 3)) == State.MET_LATE


@pytest.mark.req("RESP-01")
@pytest.mark.parametrize("level", ["larger", "ordinary"])
def test_of_lesser_emergencies_the_text_sets_no_hours(story, level):
    opened(story, level=level)
    story.look("emergencies", at(9, 24, 3))
    assert not list(duties(RELEASE))


def test_a_struck_step_meets_nothing_and_what_was_registered_in_error_owes_nothing(story):
    concern = opened(story)
    briefing = step(story, concern, "briefing", at(9, 24, 4))
    story.look("emergencies", at(9, 24, 5))
    strike_step(step=briefing, reason="还没有开", by=story.city.editor, now=at(9, 24, 5))
    assert told([concern])[concern.pk].briefed_at is None
    with pytest.raises(ValidationError, match="已经划去"):
        strike_step(step=briefing, reason="再划一次", by=story.city.editor, now=at(9, 24, 5))
    withdraw_concern(concern=concern, reason="重复登记", by=story.city.editor, now=at(9, 24, 6))
    story.look("emergencies", at(9, 24, 7))
    assert only(RELEASE).state(at(9, 24, 7)) == State.ENDED


@pytest.mark.req("RESP-03")
def test_a_rumour_is_timed_from_finding_through_report_to_refutation(story):
    """The nation says "in time" and no figure: nothing is owed by the clock, and every step has its own."""
    concern = opened(story, "rumour", found=at(9, 24, 8))
    step(story, concern, "reported", at(9, 24, 9))
    told_at(story, concern, at(9, 24, 11))
    close_concern(concern=concern, outcome="已澄清", by=story.city.editor, now=at(9, 24, 12))
    concern.refresh_from_db()
    lines = [(line.name, line.since_last) for line in course(concern, told([concern])[concern.pk])]
    hour = timedelta(hours=1)
    assert lines == [("found", None), ("reported", hour), ("first", 2 * hour), ("closed", hour)]
    story.look("rumours", at(9, 24, 13))
    assert not list(duties("rumour.refutation"))


@pytest.mark.req("RESP-01")
def test_the_order_of_becoming_public_decides_what_was_the_first_release(story):
    concern = opened(story)
    later = draft(story.city, now=at(9, 24, 3), title="后来的通报")
    link_answer(concern=concern, record=later, by=story.city.editor, now=at(9, 24, 3))
    told_at(story, concern, at(9, 24, 4))
    reviewed(story.city, later, now=at(9, 24, 9))
    story.release(now=at(9, 24, 9))
    names = [(line.name, getattr(line.thing, "record", None)) for line in course(concern, told([concern])[concern.pk])]
    assert [name for name, _record in names] == ["happened", "found", "first", "later"]
    assert names[-1][1].pk == later.pk


@pytest.mark.req("RESP-02", "RESP-06")
def test_what_nobody_answered_is_listed_for_those_who_keep_the_site_and_for_nobody_else(story):
    topic = opened(story, "hot_topic", found=at(9, 20))
    opinion = opened(story, "opinion", found=at(9, 21))
    people = story.city.people
    for part in ("editor", "manager"):
        assert unanswered_for(people[part], most=50) == [topic, opinion]
    assert unanswered_for(people["first"], most=50) == []
    assert unanswered_for(story.cast.outside.editor, most=50) == []
    told_at(story, topic, at(9, 22))
    step(story, opinion, "reported", at(9, 22))
    assert unanswered_for(people["editor"], most=50) == []


@pytest.mark.req("RESP-04", "RESP-05")
def test_a_delivery_says_where_to_and_contacts_are_the_units_own(story):
    concern, editor = opened(story), story.city.editor
    with pytest.raises(ValidationError, match="推送到哪里"):
        step(story, concern, "delivered", at(9, 24, 4))
    paper = Contact(unit=story.city.organisation, kind="media", name="澄湖日报（示范）", phone="000-55503")
    save_contact(contact=paper, by=editor, now=at(9, 24, 3))
    made = step(story, concern, "delivered", at(9, 24, 4), contact=paper)
    assert made.contact.name == "澄湖日报（示范）"
    other = Contact(unit=story.cast.outside.organisation, kind="media", name="邻江日报（示范）")
    save_contact(contact=other, by=story.cast.outside.editor, now=at(9, 24, 3))
    with pytest.raises(ValidationError, match="本单位的联系册"):
        step(story, concern, "delivered", at(9, 24, 4), contact=other)
    with pytest.raises(PermissionDenied):
        end_contact(contact=paper, by=story.cast.outside.editor, now=at(9, 24, 5))
    renewed = Contact(unit=story.city.organisation, kind="media", name="澄湖日报（示范）", phone="000-55504")
    save_contact(contact=renewed, instead_of=paper, by=editor, now=at(9, 24, 5))
    paper.refresh_from_db()
    assert paper.ended_at == at(9, 24, 5) and made.contact.phone == "000-55503"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"happened_at": None}, "请填写事发时间"),
        ({"level": ""}, "请选择事件级别"),
        ({"happened_at": at(9, 24, 3)}, "事发时间不能晚于发现时间"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(story, facts, said):
    with pytest.raises(ValidationError, match=said):
        opened(story, **facts)


def test_steps_keep_to_the_time_of_the_matter_and_to_open_matters(story):
    concern = opened(story)
    with pytest.raises(ValidationError, match="不能晚于现在"):
        record_step(
            step=Step(concern=concern, kind="other", at=at(9, 25), what="明天"), by=story.city.editor, now=at(9, 24)
        )
    with pytest.raises(ValidationError, match="不能早于"):
        step(story, concern, "other", at(9, 23))
    foreign = draft(story.cast.outside, now=at(9, 24), title="外地稿件")
    with pytest.raises(ValidationError, match="本网站"):
        link_answer(concern=concern, record=foreign, by=story.city.editor, now=at(9, 24))
    close_concern(concern=concern, outcome="险情解除", by=story.city.editor, now=at(9, 24, 9))
    with pytest.raises(ValidationError, match="已经办结"):
        step(story, concern, "other", at(9, 24, 10))


def test_nobody_registers_for_a_foreign_site_and_no_reviewer_does(story):
    for user in (story.cast.outside.editor, story.city.people["first"], story.cast.supervisor):
        with pytest.raises(PermissionDenied):
            opened(story, by=user)
    assert not Concern.objects.exists()
