"""How a duty stands, and when to remind."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.duties import Course, Fact, Foresight, State

BEGUN = datetime(2026, 9, 28, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def course(**given) -> Course:
    moments = {"started_at": BEGUN, "act_by": BEGUN + 10 * DAY, "remind_at": BEGUN + 7 * DAY, **given}
    return Course(**moments)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (-HOUR, State.NOT_BEGUN),
        (timedelta(), State.OPEN),
        (7 * DAY, State.DUE_SOON),
        (10 * DAY, State.DUE_SOON),
        (10 * DAY + timedelta(seconds=1), State.OVERDUE),
        (99 * DAY, State.OVERDUE),
    ],
)
def test_a_duty_with_one_limit_passes_through_its_states(after, expected):
    assert course().state(BEGUN + after) == expected


def test_beyond_the_latest_limit_a_duty_is_breached():
    two = course(latest_at=BEGUN + 20 * DAY)
    assert [two.state(BEGUN + days * DAY) for days in (9, 15, 21)] == [State.DUE_SOON, State.OVERDUE, State.BREACHED]


def test_after_the_second_step_the_latest_limit_counts():
    stepped = course(act_by=BEGUN + 20 * DAY, latest_at=BEGUN + 20 * DAY, remind_at=BEGUN + 18 * DAY)
    assert [stepped.state(BEGUN + days * DAY) for days in (15, 19, 21)] == [State.OPEN, State.DUE_SOON, State.BREACHED]
    assert course(act_by=BEGUN + 20 * DAY, done_at=BEGUN + 15 * DAY).state(BEGUN) == State.MET


def test_what_was_done_stays_done_whatever_else_was_said():
    done = course(done_at=BEGUN + DAY, waived_at=BEGUN + 2 * DAY, ended_at=BEGUN + 3 * DAY)
    assert done.state(BEGUN + 30 * DAY) == State.MET
    assert course(done_at=BEGUN + 11 * DAY).state(BEGUN) == State.MET_LATE
    assert course(waived_at=BEGUN).state(BEGUN + 99 * DAY) == State.WAIVED
    assert course(ended_at=BEGUN).state(BEGUN + 99 * DAY) == State.ENDED


def test_three_things_name_a_duty():
    fact = Fact(parameter="message.reply", subject="letter:7", title="路灯不亮", unit=1, started_at=BEGUN)
    assert fact.key == ("message.reply", "letter:7", BEGUN)


@pytest.mark.parametrize(
    ("given", "lead"), [(12 * HOUR, 4 * HOUR), (HOUR, HOUR), (9 * DAY, 3 * DAY), (365 * DAY, 7 * DAY)]
)
def test_a_reminder_comes_a_third_of_the_time_before_the_end_within_bounds(given, lead):
    assert Foresight().remind_at(started_at=BEGUN, act_by=BEGUN + given) == BEGUN + given - lead


@given(st.integers(-1_000, 1_000_000), st.integers(1, 10), st.integers(0, 100), st.integers(0, 400))
def test_no_reminder_before_the_beginning_or_after_the_end(minutes, share, hours, days):
    end = BEGUN + timedelta(minutes=minutes)
    at = Foresight(share, hours * HOUR, days * DAY).remind_at(started_at=BEGUN, act_by=end)
    assert min(BEGUN, end) <= at <= end
