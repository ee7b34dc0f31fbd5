"""What each unit promises, over all moments of the published years and beyond."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.counting import Counting
from jiyue.domain.deadlines import SHANGHAI, NaiveMoment, due, local
from jiyue.domain.limits import FixedDate, NotALimit, SameDay, Span, Unit, WithEvent, parse_limit
from jiyue.domain.working_days import OPEN
from tests.unit.domain.calendars import SHIPPED

MOMENTS = st.datetimes(datetime(2007, 1, 1), datetime(2028, 6, 1), timezones=st.just(SHANGHAI))  # noqa: DTZ001
FEW = st.integers(1, 40)
SPANS = st.builds(Span, FEW, st.sampled_from(Unit))
NAMED = st.dates().filter(lambda day: (day.month, day.day) != (2, 29)).map(lambda day: FixedDate(day.month, day.day))
LIMITS = SPANS | NAMED | st.builds(SameDay) | st.builds(WithEvent)


def of(limit, start, **more):
    return due(limit, start=start, calendar=SHIPPED, **more)


def days(amount: int) -> Span:
    return Span(amount, Unit.WORKING_DAYS)


@given(LIMITS, MOMENTS)
def test_it_is_never_due_before_it_began(limit, start):
    assert of(limit, start).at >= start.replace(microsecond=0)


@given(LIMITS, MOMENTS, MOMENTS)
def test_what_began_later_is_never_due_earlier(limit, one, other):
    earlier, later = sorted((one, other))
    assert of(limit, earlier).at <= of(limit, later).at


@given(LIMITS, MOMENTS, st.integers(-12, 14))
def test_the_same_moment_told_in_another_zone_is_due_at_the_same_time(limit, start, hours):
    abroad = start.astimezone(timezone(timedelta(hours=hours)))
    assert of(limit, abroad) == of(limit, start)


@given(LIMITS, MOMENTS)
def test_all_but_hours_and_events_end_with_the_last_second_of_a_day(limit, start):
    if not isinstance(limit, WithEvent) and getattr(limit, "unit", None) is not Unit.HOURS:
        assert of(limit, start).at.time().isoformat() == "23:59:59"
    assert of(limit, start).at.tzinfo is SHANGHAI


@given(LIMITS, MOMENTS)
def test_the_days_lead_from_the_start_to_the_end(limit, start):
    computed = of(limit, start)
    assert computed.days[0].date == start.date()
    assert computed.days[-1].date == computed.at.date()
    assert computed.days[-1].counted
    assert all(day.working is day.why.working is SHIPPED.is_working(day.date) for day in computed.days)


@given(LIMITS, MOMENTS)
def test_a_limit_is_written_as_it_is_read(limit, start):
    assert parse_limit(str(limit)) == limit


@given(st.text())
def test_any_text_is_a_limit_or_refused(text):
    try:
        parse_limit(text)
    except NotALimit as refused:
        assert refused.code


# Working days


@given(FEW, MOMENTS)
def test_the_last_is_a_working_day_and_exactly_so_many_lie_in_between(amount, start):
    computed = of(days(amount), start)
    assert SHIPPED.is_working(computed.at.date())
    between = (computed.at.date() - start.date()).days
    assert sum(SHIPPED.is_working(start.date() + timedelta(days=each)) for each in range(1, between + 1)) == amount


@given(FEW, FEW, MOMENTS)
def test_counting_on_from_the_end_is_counting_once(one, more, start):
    assert of(days(more), of(days(one), start).at).at == of(days(one + more), start).at


@given(FEW, MOMENTS, MOMENTS)
def test_the_hour_of_the_start_does_not_matter(amount, start, other):
    same_day = start.replace(hour=other.hour, minute=other.minute, second=other.second)
    assert of(days(amount), start).at == of(days(amount), same_day).at


@given(FEW, MOMENTS)
def test_counting_the_start_day_saves_a_day_exactly_when_it_is_a_working_day(amount, start):
    saving = of(days(amount), start, counting=Counting(start_day_counts=True))
    if SHIPPED.is_working(start.date()):
        assert saving.at == (of(days(amount - 1), start).at if amount > 1 else of(SameDay(), start).at)
    else:
        assert saving.at == of(days(amount), start).at


@given(FEW, MOMENTS)
def test_it_is_provisional_exactly_when_a_day_counted_over_is_not_settled(amount, start):
    computed = of(days(amount), start)
    assert computed.provisional is not all(SHIPPED.is_settled(day.date) for day in computed.days[1:])
    told = {day.why.kind for day in computed.days[1:]} & OPEN
    assert computed.provisional is bool(told)


# The other units


@given(FEW, MOMENTS)
def test_hours_are_elapsed_hours_whatever_the_day(amount, start):
    assert of(Span(amount, Unit.HOURS), start).at.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=amount)


@given(FEW, MOMENTS)
def test_days_and_weeks_are_days_of_the_calendar(amount, start):
    computed = of(Span(amount, Unit.DAYS), start)
    assert (computed.at.date() - start.date()).days == amount
    assert sum(day.counted for day in computed.days) == amount
    assert (of(Span(amount, Unit.WEEKS), start).at.date() - start.date()).days == 7 * amount


@given(FEW, MOMENTS)
def test_a_month_ends_on_the_corresponding_day_or_the_last_of_the_month(amount, start):
    last = of(Span(amount, Unit.MONTHS), start).at
    assert (last.year - start.year) * 12 + last.month - start.month == amount
    assert last.day == min(start.day, monthrange(last.year, last.month)[1])


@given(FEW, MOMENTS)
def test_a_year_ends_on_the_same_day_but_for_29_february(amount, start):
    last = of(Span(amount, Unit.YEARS), start).at
    assert (last.year, last.month) == (start.year + amount, start.month)
    assert last.day == start.day or (start.month, start.day, last.day) == (2, 29, 28)


@given(st.builds(SameDay), MOMENTS)
def test_the_same_day_is_the_day_in_shanghai(limit, start):
    assert of(limit, start.astimezone(UTC)).at.date() == local(start).date()


@given(MOMENTS, MOMENTS)
def test_with_the_event_is_the_moment_of_the_event(start, event):
    assert of(WithEvent(), start, event_at=event).at == event
    assert of(WithEvent(), start).at == start


@given(NAMED, MOMENTS)
def test_a_named_day_comes_within_a_year_and_is_its_own_last_day(named, start):
    last = of(named, start).at.date()
    assert (last.month, last.day) == (named.month, named.day)
    assert 0 <= (last - start.date()).days <= 365
    on_it = datetime.combine(last, start.time(), SHANGHAI)
    assert of(named, on_it).at.date() == last


@given(NAMED, MOMENTS)
def test_before_a_named_day_is_the_day_before_where_a_pack_says_so(named, start):
    last = of(named, start, counting=Counting(named_day_counts=False)).at.date() + timedelta(days=1)
    assert (last.month, last.day) == (named.month, named.day)


@given(SPANS, MOMENTS)
def test_only_working_days_ask_the_calendar(limit, start):
    if limit.unit is not Unit.WORKING_DAYS:
        assert not of(limit, start).provisional


@given(LIMITS, MOMENTS)
def test_a_naive_moment_is_refused(limit, start):
    with pytest.raises(NaiveMoment):
        of(limit, start.replace(tzinfo=None))
