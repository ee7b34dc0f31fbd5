"""Facts become duties, once, under the rule of the day they began."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.duties import State
from jiyue.domain.limits import Span, Unit
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.engine import Change, recompute, reevaluate, refresh
from jiyue.obligations.models import Obligation
from jiyue.obligations.queries import explain, is_recorded_late
from tests.apps.obligations.facts import CHECK, INTERPRETATION, NEWS, REPLY, REPORT, Stated, fact, only, rows
from tests.apps.rules.decisions import approved_calendar, approved_override, assigned
from tests.cast import organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hebi")]
DAY = timedelta(days=1)
SURVEY = "survey.result"  # neither Hebi nor the nation sets it


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=SHANGHAI)


@pytest.mark.req("CAL-03")
def test_a_fact_and_the_pack_of_its_day_make_a_duty_with_both_limits(cast, now):
    done = refresh(Stated([fact(cast.city)]), now=now)
    duty = only()
    assert (done.arisen, done.changed, done.ended) == (1, 0, 0)
    # Saturday 21 November 2026: five working days end on Friday, ten a week later.
    assert (duty.due_at, duty.latest_at) == (at(2026, 11, 27, 23, 59, 59), at(2026, 12, 4, 23, 59, 59))
    assert (duty.act_by, duty.pack, duty.provisional) == (duty.due_at, "hebi", False)
    assert (duty.unit, duty.site, duty.state(now)) == (cast.city.organisation, cast.city.site, State.OPEN)
    assert [basis.article for basis in duty.answer.basis] == ["第二十九条"]
    assert now < duty.remind_at < duty.due_at


def test_what_no_pack_sets_makes_no_duty(cast, now):
    assigned_nothing = fact(cast.outside, SURVEY)
    refresh(Stated([assigned_nothing]), now=now)
    assert not Obligation.objects.exists()


@pytest.mark.parametrize(
    ("parameter", "start", "due"),
    [
        (NEWS, (2026, 11, 2, 10), (2026, 11, 16, 23, 59, 59)),
        (REPORT, (2026, 1, 1), (2026, 1, 31, 23, 59, 59)),
        (CHECK, (2026, 10, 1), (2026, 12, 31, 23, 59, 59)),
    ],
)
@pytest.mark.req("CAL-04")
def test_recurring_duties_have_their_own_ends(cast, pair, now, parameter, start, due):
    long_ago = now.replace(year=2023)
    assigned(cast.outside.organisation, "hubei" if parameter != NEWS else "hebi", long_ago.date(), pair, now=long_ago)
    refresh(Stated([fact(cast.outside, parameter, started_at=at(*start))]), now=now)
    assert only().due_at == at(*due)


def test_a_limit_of_its_own_comes_before_the_packs(cast, now):
    refresh(Stated([fact(cast.city, limit=Span(2, Unit.DAYS))]), now=now)
    assert (only().due_at, only().latest_at) == (at(2026, 11, 23, 23, 59, 59), None)
    assert explain(only()).own_limit == "2 days"


def test_a_limit_at_the_same_time_follows_the_other_event(cast, pair, now):
    long_ago = now.replace(year=2023)
    assigned(cast.outside.organisation, "hubei", long_ago.date(), pair, now=long_ago)
    source = Stated([fact(cast.outside, INTERPRETATION)])
    refresh(source, now=now)
    assert only().due_at == now
    source.stated = [fact(cast.outside, INTERPRETATION, event_at=now + DAY)]
    refresh(source, now=now)
    assert (only().due_at, only().act_by) == (now + DAY, now + DAY)


def test_refreshing_twice_is_refreshing_once(cast, now):
    source = Stated([fact(cast.city), fact(cast.city, NEWS, "column:1", met_at=now), fact(cast.outside, NEWS)])
    refresh(source, now=now)
    before = rows()
    for later in (0, 1, 40):
        assert not refresh(source, now=now + later * DAY)
    assert rows() == before


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_facts_does_not_matter(cast, now, order):
    stated = [
        fact(cast.city, NEWS, "column:1", started_at=now - 9 * DAY, met_at=now - 2 * DAY),
        fact(cast.city, NEWS, "column:1", started_at=now - 2 * DAY),
        fact(cast.city, REPLY, "letter:1", ended_at=now),
    ]
    for number in order:
        refresh(Stated([stated[number]]), subjects=[stated[number].subject], now=now)
    refresh(Stated([stated[number] for number in order]), now=now)
    assert [row.state(now) for row in Obligation.objects.order_by("parameter", "started_at")] == [
        State.MET, State.OPEN, State.ENDED,
    ]  # fmt: skip


def test_a_duty_is_met_late_or_open_again_as_the_facts_say(cast, now):
    for met_at, expected in [
        (None, State.OVERDUE), (now + 5 * DAY, State.MET), (now + 8 * DAY, State.MET_LATE), (None, State.OVERDUE),
    ]:  # fmt: skip
        refresh(Stated([fact(cast.city, met_at=met_at)]), now=now)
        assert only().state(now + 9 * DAY) == expected


def test_what_is_stated_no_more_has_ended_and_can_come_back(cast, now):
    source = Stated([fact(cast.city), fact(cast.city, subject="letter:2", met_at=now)])
    refresh(source, now=now)
    said, source.stated = source.stated, []
    assert refresh(source, now=now).ended == 1
    assert sorted(row.state(now) for row in Obligation.objects.all()) == [State.ENDED, State.MET]
    source.stated = said
    assert refresh(source, now=now).changed == 1
    assert Obligation.objects.pending().count() == 1


def test_only_the_subjects_asked_for_are_looked_at(cast, now):
    source = Stated([fact(cast.city), fact(cast.city, subject="letter:2")])
    refresh(source, now=now)
    source.stated = []
    assert refresh(source, subjects=["letter:2"], now=now).ended == 1
    assert Obligation.objects.pending().get().subject == "letter:1"


def test_a_source_that_fails_ends_nothing(cast, now):
    refresh(Stated([fact(cast.city)]), now=now)

    class Broken(Stated):
        def facts(self, *, subjects, now):
            yield fact(cast.city, subject="letter:2")
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        refresh(Broken(), now=now)
    assert Obligation.objects.pending().count() == 1


def test_sources_do_not_end_each_others_duties(cast, now):
    refresh(Stated([fact(cast.city)]), now=now)
    refresh(Stated([], code="another"), now=now)
    assert only().state(now) == State.OPEN


@pytest.mark.req("PLAT-07")
def test_changing_a_pack_never_changes_what_started_under_the_old_one(cast, pair, now):
    source = Stated([fact(cast.city), fact(cast.city, NEWS, "column:1")])
    refresh(source, now=now)
    before = rows()
    day = (now + 3 * DAY).date()
    approved_override(cast.city.organisation, REPLY, "limit: 1 working-days", day, pair, now=now)
    assigned(cast.city.organisation, "xiangxi", day, pair, now=now)
    later = now + 4 * DAY
    assert reevaluate(Change(since=day, unit=cast.city.organisation.pk), sources=[source], now=later) == 0
    refresh(source, now=later)
    assert rows() == before
    source.stated.append(fact(cast.city, subject="letter:9", started_at=later))
    refresh(source, now=later)
    assert Obligation.objects.get(subject="letter:9").due_at == at(2026, 11, 26, 23, 59, 59)


def test_a_new_value_reaches_only_what_began_on_or_after_its_day_below_its_unit_and_of_its_parameter(cast, pair, now):
    before, after = now, now + 2 * DAY
    source = Stated(
        [
            fact(cast.city, subject="letter:1", started_at=before),
            fact(cast.city, subject="letter:2", started_at=after),
            fact(cast.city, NEWS, "column:1", started_at=after),
            fact(cast.outside, subject="letter:3", started_at=after),
        ]
    )
    refresh(source, now=now)
    was = {row.subject: row.due_at for row in Obligation.objects.all()}
    day = after.date()
    approved_override(cast.city.organisation, REPLY, "limit: 1 working-days", day, pair, now=now)
    change = Change(since=day, parameter=REPLY, unit=cast.city.organisation.pk)
    assert reevaluate(change, sources=[source], now=now) == 1
    moved = {row.subject for row in Obligation.objects.all() if row.due_at != was[row.subject]}
    assert moved == {"letter:2"}
    assert Obligation.objects.get(subject="letter:2").pack == f"unit:{cast.city.organisation.pk}"
    assert AuditEvent.objects.first().data["cause"] == "rule"
    assert reevaluate(change, sources=[source], now=now) == 0


def test_a_first_value_makes_duties_of_facts_that_owed_nothing(cast, pair, now):
    parameter = SURVEY
    source = Stated(
        [fact(cast.city, parameter), fact(cast.city, parameter, "letter:2", started_at=now + DAY)],
        parameters=(parameter,),
    )
    refresh(source, now=now)
    assert not Obligation.objects.exists()
    day = (now + DAY).date()
    approved_override(cast.city.organisation, parameter, "limit: 2 working-days", day, pair, now=now)
    assert reevaluate(Change(since=day, parameter=parameter), sources=[source], now=now) == 1
    assert only().subject == "letter:2"


@pytest.mark.req("CAL-01")
def test_a_date_in_a_year_not_announced_is_provisional_until_the_calendar_arrives(cast, pair, now):
    refresh(Stated([fact(cast.city, started_at=at(2027, 2, 1, 9))]), now=now)
    assert (only().provisional, only().due_at) == (True, at(2027, 2, 8, 23, 59, 59))
    approved_calendar(2027, {f"2027-02-0{n}": "春节" for n in range(5, 9)}, {}, pair, now=now)
    assert recompute(years=[2027], now=now) == 1
    assert (only().provisional, only().due_at) == (False, at(2027, 2, 10, 23, 59, 59))
    assert recompute(years=[2027], now=now) == 0
    assert AuditEvent.objects.first().data["cause"] == "calendar"


def test_a_revised_year_moves_what_runs_in_it_and_nothing_that_is_done(cast, pair, now):
    refresh(Stated([fact(cast.city), fact(cast.city, subject="letter:2", met_at=now)]), now=now)
    approved_calendar(2026, {"2026-11-23": "停电放假"}, {}, pair, now=now)
    assert recompute(years=[2026], now=now) == 1
    assert [row.due_at.astimezone(SHANGHAI).day for row in Obligation.objects.order_by("subject")] == [30, 27]


def test_a_clock_that_goes_backwards_changes_nothing(cast, now):
    source = Stated([fact(cast.city), fact(cast.city, NEWS, "column:1", met_at=now)])
    refresh(source, now=now)
    before = rows()
    assert not refresh(source, now=now - 400 * DAY)
    assert recompute(now=now - 400 * DAY) == 0
    assert rows() == before


def test_a_fact_dated_in_the_future_is_shown_and_not_due_before_it_begins(cast, now):
    refresh(Stated([fact(cast.city, started_at=now + 10 * DAY)]), now=now)
    assert only().state(now) == State.NOT_BEGUN
    assert only().remind_at >= now + 10 * DAY
    assert only().state(now + 10 * DAY) == State.OPEN


def test_an_event_recorded_late_counts_from_its_own_time_and_is_told(cast, now):
    source = Stated([fact(cast.city, started_at=now - 20 * DAY, recorded_at=now), fact(cast.city, subject="letter:2")])
    refresh(source, now=now)
    late, in_time = Obligation.objects.order_by("subject")
    assert (late.state(now), explain(late).recorded_late) == (State.BREACHED, True)
    assert not is_recorded_late(in_time)


def test_another_unit_or_person_of_the_fact_is_followed_and_the_rule_stays(cast, now):
    refresh(Stated([fact(cast.city)]), now=now)
    rule = only().rule
    bureau = organisation("澄湖市教育局", "990100021", "city", superior=cast.city.organisation, now=now)
    refresh(Stated([fact(cast.city, unit=bureau.pk, person=cast.city.editor.pk, title="路灯还是不亮")]), now=now)
    assert (only().unit, only().person, only().title) == (bureau, cast.city.editor, "路灯还是不亮")
    assert only().rule == rule
    refresh(Stated([fact(cast.city, unit=bureau.pk)]), now=now)
    assert only().person == cast.city.editor


@pytest.mark.req("PLAT-07")
def test_every_date_can_be_explained_from_the_row_alone(cast, now):
    refresh(Stated([fact(cast.city, started_at=at(2026, 9, 30, 10))]), now=now)
    told = explain(only())
    assert (told.answer.pack, told.answer.pack_title, told.moved, told.provisional) == (
        "hebi",
        "河南省鹤壁市",
        False,
        False,
    )
    days = {day.date.isoformat(): (day.counted, day.why.name or day.why.kind.value) for day in told.moments.due.days}
    assert days["2026-09-30"] == (False, "workday")
    assert days["2026-10-01"][0] is False
    assert sum(counted for counted, _why in days.values()) == 5
    assert told.moments.due.at == only().due_at


def test_one_wording_of_a_rule_is_kept_once(cast, now):
    refresh(Stated([fact(cast.city, subject=f"letter:{n}", started_at=now + n * DAY) for n in range(9)]), now=now)
    assert len({row.rule_id for row in Obligation.objects.all()}) == 1
    assert {row.answer.on for row in Obligation.objects.all()} == {(now + n * DAY).date() for n in range(9)}


def test_following_facts_leaves_one_trace_a_batch_and_none_when_nothing_changed(cast, now):
    source = Stated([fact(cast.city, subject=f"letter:{n}") for n in range(3)])
    for _again in range(2):
        refresh(source, now=now)
    (event,) = AuditEvent.objects.filter(code="obligations.followed")
    assert event.data == {"source": "stated", "arisen": 3, "changed": 0, "ended": 0}


@pytest.mark.parametrize("wrong", [{"started_at": at(9999, 12, 31, 23)}, {"started_at": datetime(1, 1, 1, tzinfo=SHANGHAI)},
                                   {"met_at": at(9999, 12, 31)}, {"limit": Span(2_900_000, Unit.DAYS)}])  # fmt: skip
def test_one_impossible_date_stops_nobody_elses_duties_and_is_logged(cast, now, caplog, wrong):
    facts = [fact(cast.city, subject="letter:0", **wrong), fact(cast.city, subject="letter:1")]
    assert refresh(Stated(facts), now=now).arisen == 1
    assert only().subject == "letter:1"
    assert "letter:0" in caplog.text
