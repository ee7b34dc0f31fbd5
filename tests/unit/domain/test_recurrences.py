"""At least, at most, by a named day: each worked by hand, and the edges of every period."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.counting import Counting
from jiyue.domain.deadlines import SHANGHAI, due
from jiyue.domain.limits import FixedDate, Period, parse_least, parse_month_day, parse_most, parse_span
from jiyue.domain.recurrences import every_year, longest_gap, may_again, tally, window, window_of, windows
from jiyue.domain.working_days import CalendarYear, WorkingCalendar

CALENDAR = WorkingCalendar(
    [
        CalendarYear(
            2025,
            off={date(2025, 10, day): "国庆节" for day in range(1, 9)},
            worked={date(2025, 9, 28): "国庆节", date(2025, 10, 11): "国庆节"},
        )
    ]
)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("per", "first", "last"),
    [
        (Period.DAY, "2025-10-01", "2025-10-01"),
        (Period.WEEK, "2025-09-29", "2025-10-05"),
        (Period.MONTH, "2025-10-01", "2025-10-31"),
        (Period.QUARTER, "2025-10-01", "2025-12-31"),
        (Period.HALF_YEAR, "2025-07-01", "2025-12-31"),
        (Period.YEAR, "2025-01-01", "2025-12-31"),
    ],
)
def test_each_period_is_one_of_the_calendar(per, first, last):
    found = window(per, at=at("2025-10-01 00:00"))
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert found.due() == at(f"{last} 23:59:59")
    assert found.due(Counting(day_ends=time(18))) == at(f"{last} 18:00:00")


@given(DAYS, st.sampled_from(Period))
def test_periods_cover_the_calendar_without_gap_or_overlap(day, per):
    found = window_of(per, day)
    assert found.first <= day <= found.last
    assert window_of(per, found.first) == window_of(per, found.last) == found
    assert window_of(per, found.last + timedelta(days=1)).first == found.last + timedelta(days=1)


@given(DAYS)
def test_a_week_runs_from_monday_to_sunday(day):
    week = window_of(Period.WEEK, day)
    assert (week.first.weekday(), week.last.weekday(), (week.last - week.first).days) == (0, 6, 6)


def test_the_longest_time_without_is_a_limit_from_the_last_time_on():
    # News on Wednesday 24 September: the next by Wednesday 8 October, the last day of the break, not after it.
    gap = parse_span("2 weeks")
    assert due(gap, start=at("2025-09-24 10:00"), calendar=CALENDAR).at == at("2025-10-08 23:59:59")


def test_what_must_be_kept_six_months_is_kept_to_the_end_of_the_corresponding_day():
    kept = parse_span("6 months")
    assert due(kept, start=at("2025-04-08 10:00"), calendar=CALENDAR).at == at("2025-10-08 23:59:59")
    assert due(kept, start=at("2025-08-31 10:00"), calendar=CALENDAR).at == at("2026-02-28 23:59:59")


def test_three_a_week_are_counted_in_the_week_of_the_calendar():
    # Sunday 28 September and Monday 29 September are two weeks, though a day lies between.
    posts = [at("2025-09-28 23:59:59"), at("2025-09-29 00:00"), at("2025-10-03 12:00"), at("2025-10-05 23:59")]
    three = parse_least("3 per week")
    assert tally(three, window(Period.WEEK, at=at("2025-10-01 09:00")), posts).is_kept
    before = tally(three, window(Period.WEEK, at=at("2025-09-28 09:00")), posts)
    assert (before.count, before.missing, before.is_kept) == (1, 2, False)


def test_each_working_day_leaves_the_holiday_out_and_takes_the_shifted_days_in():
    owed = windows(Period.WORKING_DAY, since=at("2025-09-27 00:00"), until=at("2025-10-13 00:00"), calendar=CALENDAR)
    assert [each.first.day for each in owed] == [28, 29, 30, 9, 10, 11]


def test_daily_means_every_day_of_the_calendar():
    owed = windows(Period.DAY, since=at("2025-09-30 00:00"), until=at("2025-10-04 00:00"), calendar=CALENDAR)
    assert [each.first.day for each in owed] == [30, 1, 2, 3]


def test_a_period_begun_before_the_duty_owes_nothing_and_a_running_one_not_yet():
    owed = windows(Period.QUARTER, since=at("2025-02-03 10:00"), until=at("2025-11-30 00:00"), calendar=CALENDAR)
    assert [(each.first, each.last) for each in owed] == [
        (date(2025, 4, 1), date(2025, 6, 30)),
        (date(2025, 7, 1), date(2025, 9, 30)),
    ]


def test_once_a_calendar_year_is_free_again_on_new_years_day():
    # offline from 20 December over the turn of the year counts for the year it began in.
    once, begun = parse_most("1 per year"), [at("2024-12-20 08:00")]
    assert not may_again(once, at=at("2024-12-31 23:59"), begun=begun)
    assert may_again(once, at=at("2025-01-01 00:00"), begun=begun)
    assert tally(once, window(Period.YEAR, at=begun[0]), [*begun, at("2024-03-01 08:00")]).beyond == 1


def test_without_a_period_a_maximum_is_what_exists_now():
    assert may_again(parse_most("1"), at=at("2025-01-01 00:00"), begun=[])
    assert not may_again(parse_most("1"), at=at("2025-01-01 00:00"), begun=[at("2019-01-01 00:00")])
    assert may_again(parse_least("1 per year"), at=at("2025-01-01 00:00"), begun=[at("2025-01-01 00:00")])


def test_every_year_by_a_named_day():
    named = parse_month_day("01-31")
    dues = every_year(named, since=at("2025-01-31 12:00"), until=at("2027-06-01 00:00"))
    assert [moment.date() for moment in dues] == [date(2025, 1, 31), date(2026, 1, 31), date(2027, 1, 31)]
    early = every_year(
        FixedDate(1, 1),
        since=at("2025-01-01 00:00"),
        until=at("2027-06-01 00:00"),
        counting=Counting(named_day_counts=False),
    )
    assert [moment.date() for moment in early] == [date(2025, 12, 31), date(2026, 12, 31)]


def test_the_longest_time_without_counts_both_ends():
    moments = [at("2025-01-11 00:00"), at("2025-01-05 00:00"), at("2024-01-01 00:00")]
    gap = longest_gap(moments, since=at("2025-01-01 00:00"), until=at("2025-01-14 00:00"))
    assert gap == timedelta(days=6)
    assert longest_gap([], since=at("2025-01-01 00:00"), until=at("2025-01-03 00:00")) == timedelta(days=2)
