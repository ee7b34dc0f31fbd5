"""One example worked by hand for each kind of limit, around National Day 2025 where the calendar matters.

September 2025                October 2025
26 Fri  working               1 Wed to 8 Wed  off (4, 5 a weekend)
27 Sat  weekend               9 Thu  working
28 Sun  worked in exchange    10 Fri  working
29 Mon  working               11 Sat  worked in exchange
30 Tue  working               12 Sun  weekend; 13 Mon  working
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from jiyue.domain.counting import Counting
from jiyue.domain.deadlines import SHANGHAI, NaiveMoment, due
from jiyue.domain.limits import parse_limit
from jiyue.domain.working_days import CalendarYear, DayKind, Why, WorkingCalendar

BREAK = "国庆节、中秋节"
YEAR_2025 = CalendarYear(
    2025,
    off={date(2025, 10, number): BREAK for number in range(1, 9)},
    worked={date(2025, 9, 28): BREAK, date(2025, 10, 11): BREAK},
)
CALENDAR = WorkingCalendar([YEAR_2025, CalendarYear(2026)])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def end(limit: str, start: str, **more) -> str:
    return due(parse_limit(limit), start=at(start), calendar=CALENDAR, **more).at.strftime("%Y-%m-%d %H:%M:%S")


def test_five_working_days_run_round_the_holiday_and_count_the_shifted_days():
    # From Friday 26 September 10:00. Counted: 28 (1), 29 (2), 30 (3), 9 October (4), 10 (5).
    computed = due(parse_limit("5 working-days"), start=at("2025-09-26 10:00"), calendar=CALENDAR)
    assert computed.at == at("2025-10-10 23:59:59")
    assert not computed.provisional
    assert [day.date.day for day in computed.days if day.counted] == [28, 29, 30, 9, 10]
    assert computed.days[0].date == date(2025, 9, 26)
    assert [day.why for day in computed.days[1:3]] == [Why(DayKind.WEEKEND), Why(DayKind.SHIFTED_WORK, BREAK)]
    assert {day.why for day in computed.days[5:13]} == {Why(DayKind.HOLIDAY, BREAK)}


def test_a_start_on_a_day_off_waits_for_the_next_working_day():
    # From Friday 3 October. Counted: 9 (1), 10 (2), 11 the worked Saturday (3), 13 (4), 14 (5).
    assert end("5 working-days", "2025-10-03 08:00") == "2025-10-14 23:59:59"


def test_hours_run_through_nights_and_holidays():
    assert end("12 hours", "2025-09-30 20:30") == "2025-10-01 08:30:00"


def test_days_are_days_of_the_calendar_and_end_where_they_end():
    assert end("7 days", "2025-09-26 10:00") == "2025-10-03 23:59:59"


def test_weeks_months_and_years_end_on_the_corresponding_day():
    assert end("2 weeks", "2025-09-24 10:00") == "2025-10-08 23:59:59"
    assert end("6 months", "2025-04-01 10:00") == "2025-10-01 23:59:59"
    assert end("1 year", "2024-10-01 10:00") == "2025-10-01 23:59:59"
    assert end("1 month", "2025-01-31 10:00") == "2025-02-28 23:59:59"
    assert end("1 month", "2024-01-31 10:00") == "2024-02-29 23:59:59"
    assert end("1 year", "2024-02-29 10:00") == "2025-02-28 23:59:59"


def test_the_same_day_is_the_day_of_the_event_even_a_day_off():
    assert end("same-day", "2025-10-01 23:30") == "2025-10-01 23:59:59"


def test_at_the_same_time_means_the_moment_of_the_other_event():
    assert end("with-event", "2025-09-30 10:00") == "2025-09-30 10:00:00"
    assert end("with-event", "2025-09-30 10:00", event_at=at("2025-10-09 09:15")) == "2025-10-09 09:15:00"


def test_a_named_day_still_counts_and_a_day_off_does_not_move_it():
    assert end("by 01-31", "2025-01-01 00:00") == "2025-01-31 23:59:59"  # a Friday of the Spring Festival
    assert end("by 01-31", "2025-01-31 12:00") == "2025-01-31 23:59:59"
    assert end("by 01-31", "2025-02-01 00:00") == "2026-01-31 23:59:59"


def test_where_the_texts_are_silent_a_pack_may_count_otherwise():
    early = Counting(start_day_counts=True, day_ends=time(18), named_day_counts=False)
    assert end("5 working-days", "2025-09-26 10:00", counting=early) == "2025-10-09 18:00:00"
    assert end("7 days", "2025-09-26 10:00", counting=early) == "2025-10-02 18:00:00"
    assert end("by 01-31", "2025-01-31 12:00", counting=early) == "2026-01-30 18:00:00"


def test_a_day_is_the_day_in_shanghai():
    # 17:00 UTC of the 25th is 01:00 of the 26th there.
    start = datetime(2025, 9, 25, 17, tzinfo=UTC)
    assert due(parse_limit("same-day"), start=start, calendar=CALENDAR).at == at("2025-09-26 23:59:59")


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(NaiveMoment):
        due(parse_limit("5 days"), start=datetime(2025, 9, 26, 10), calendar=CALENDAR)  # noqa: DTZ001
    with pytest.raises(NaiveMoment):
        due(
            parse_limit("with-event"),
            start=at("2025-09-26 10:00"),
            calendar=CALENDAR,
            event_at=datetime(2025, 9, 26, 10),  # noqa: DTZ001
        )


def test_counting_over_days_nobody_has_announced_is_provisional():
    start = at("2026-12-25 10:00")
    assert not due(parse_limit("1 working-day"), start=start, calendar=CALENDAR).provisional  # Monday 28
    over = due(parse_limit("5 working-days"), start=start, calendar=CALENDAR)
    assert over.provisional
    assert over.days[-1].why == Why(DayKind.UNPUBLISHED_WORKDAY)
    assert not due(parse_limit("30 days"), start=start, calendar=CALENDAR).provisional
    arrived = CALENDAR.replacing(CalendarYear(2027, off={date(2027, 1, 1): "元旦"}))
    settled = due(parse_limit("5 working-days"), start=start, calendar=arrived)
    assert (settled.provisional, settled.at) == (False, over.at + timedelta(days=3))
