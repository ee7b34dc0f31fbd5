from datetime import date

import pytest

from jiyue.domain.working_days import CalendarFault, CalendarYear, DayKind, Why, WorkingCalendar, faults

YEAR = CalendarYear(2025, off={date(2025, 10, 1): "国庆节"}, worked={date(2025, 9, 28): "国庆节"})


def test_every_kind_of_day_gives_its_reason():
    calendar = WorkingCalendar([YEAR])
    assert calendar.why(date(2025, 9, 28)) == Why(DayKind.SHIFTED_WORK, "国庆节")
    assert calendar.why(date(2025, 10, 1)) == Why(DayKind.HOLIDAY, "国庆节")
    assert calendar.why(date(2025, 10, 4)) == Why(DayKind.WEEKEND)
    assert calendar.why(date(2025, 10, 9)) == Why(DayKind.WORKDAY)
    assert calendar.why(date(2027, 10, 1)) == Why(DayKind.UNPUBLISHED_WORKDAY)
    assert calendar.why(date(2027, 10, 2)) == Why(DayKind.UNPUBLISHED_WEEKEND)
    assert [calendar.is_working(date(2025, 9, day)) for day in (26, 27, 28)] == [True, False, True]


def test_what_the_law_fixes_by_date_is_off_provisionally_until_the_year_is_announced():
    calendar = WorkingCalendar([YEAR]).fixing({(1, 1): "元旦", (10, 2): "国庆节"})
    assert calendar.why(date(2027, 1, 1)) == Why(DayKind.UNPUBLISHED_HOLIDAY, "元旦")
    assert not calendar.is_working(date(2027, 1, 1)) and not calendar.is_settled(date(2027, 1, 1))
    assert calendar.why(date(2027, 10, 2)) == Why(DayKind.UNPUBLISHED_WEEKEND)
    # An announced year says itself what is off; a year before all that are kept is not guessed at.
    assert calendar.replacing(CalendarYear(2027)).why(date(2027, 1, 1)) == Why(DayKind.WORKDAY)
    assert calendar.why(date(2024, 1, 1)) == Why(DayKind.UNKEPT_WORKDAY)
    assert calendar.within().why(date(2027, 1, 1)).kind is DayKind.UNPUBLISHED_HOLIDAY


def test_the_last_days_of_december_wait_for_the_next_announcement():
    calendar = WorkingCalendar([YEAR])
    assert calendar.is_published(2025)
    assert calendar.is_settled(date(2025, 12, 28))
    assert not calendar.is_settled(date(2025, 12, 29))
    assert calendar.why(date(2025, 12, 29)) == Why(DayKind.UNSETTLED_WORKDAY)
    assert calendar.is_working(date(2025, 12, 29))
    assert calendar.replacing(CalendarYear(2026)).why(date(2025, 12, 29)) == Why(DayKind.WORKDAY)
    off = CalendarYear(2025, off={date(2025, 12, 31): "元旦"})
    assert calendar.replacing(off).why(date(2025, 12, 31)) == Why(DayKind.HOLIDAY, "元旦")
    assert WorkingCalendar([CalendarYear(2023)]).why(date(2023, 12, 31)) == Why(DayKind.UNSETTLED_WEEKEND)
    assert not calendar.is_settled(date(2024, 6, 1))


def test_a_revision_takes_the_place_of_its_year():
    revised = CalendarYear(2025, off={date(2025, 9, 3): "纪念日"})
    calendar = WorkingCalendar([YEAR])
    assert calendar.replacing(revised).years == (revised,)
    assert calendar.years == (YEAR,)
    assert calendar.year(2026) is None


def test_a_calendar_that_cannot_be_is_refused():
    broken = CalendarYear(
        2025,
        off={date(2024, 12, 31): "元旦", date(2025, 10, 1): " ", date(2025, 10, 4): "国庆节"},
        worked={date(2025, 10, 4): "国庆节", date(2025, 10, 9): "国庆节"},
    )
    assert faults(broken) == (
        CalendarFault("other_year", date(2024, 12, 31)),
        CalendarFault("no_name", date(2025, 10, 1)),
        CalendarFault("off_and_worked", date(2025, 10, 4)),
        CalendarFault("worked_weekday", date(2025, 10, 9)),
    )
    with pytest.raises(ValueError, match="other_year"):
        WorkingCalendar([broken])
    with pytest.raises(ValueError, match="two calendars of 2025"):
        WorkingCalendar([YEAR, YEAR])
