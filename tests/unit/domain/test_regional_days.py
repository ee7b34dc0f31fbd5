"""Days off that a region set for itself, beside the national arrangement. All days here are invented."""

from datetime import date, datetime

import pytest

from jiyue.domain.deadlines import SHANGHAI, due
from jiyue.domain.limits import parse_limit
from jiyue.domain.working_days import CalendarYear, DayKind, RegionalDays, Why, WorkingCalendar
from jiyue.rules import wording

NATIONAL = WorkingCalendar([CalendarYear(2026, {date(2026, 10, 1): "国庆节"}), CalendarYear(2027)])
FESTIVAL = {date(2026, 5, day): "虚构民族节" for day in (27, 28)}
REGION = RegionalDays("示范自治区", CalendarYear(2026, FESTIVAL, {date(2026, 5, 31): "虚构民族节"}, "虚构的通知"))
WITHIN = NATIONAL.within(REGION)


def test_a_day_of_the_region_is_free_there_and_says_who_set_it():
    assert WITHIN.why(date(2026, 5, 27)) == Why(DayKind.HOLIDAY, "虚构民族节", "示范自治区")
    assert WITHIN.why(date(2026, 5, 31)) == Why(DayKind.SHIFTED_WORK, "虚构民族节", "示范自治区")
    assert wording.why(WITHIN.why(date(2026, 5, 27))) == "虚构民族节放假（示范自治区规定）"
    assert NATIONAL.why(date(2026, 5, 27)) == Why(DayKind.WORKDAY)


def test_every_other_day_is_the_nations():
    assert WITHIN.why(date(2026, 10, 1)) == Why(DayKind.HOLIDAY, "国庆节")
    assert WITHIN.why(date(2026, 5, 29)) == Why(DayKind.WORKDAY)
    assert not WITHIN.is_published(2028)


def test_of_two_regions_the_nearest_decides():
    prefecture = RegionalDays("示范自治州", CalendarYear(2026, {date(2026, 5, 27): "虚构州庆"}))
    both = NATIONAL.within(prefecture, REGION)
    assert both.why(date(2026, 5, 27)).by == "示范自治州"
    assert both.why(date(2026, 5, 28)).by == "示范自治区"


def test_a_revised_national_year_leaves_the_regions_days_as_they_are():
    revised = WITHIN.replacing(CalendarYear(2026, {date(2026, 5, 27): "别的"}))
    assert revised.why(date(2026, 5, 27)).by == "示范自治区"


def test_days_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="worked_weekday"):
        NATIONAL.within(RegionalDays("示范自治区", CalendarYear(2026, {}, {date(2026, 5, 27): "虚构"})))


def test_five_working_days_over_the_festival_by_hand():
    # Tuesday 26 May; 27 and 28 are off in the region, Sunday 31 is worked for them.
    start, limit = datetime(2026, 5, 26, 10, tzinfo=SHANGHAI), parse_limit("5 working-days")
    assert due(limit, start=start, calendar=NATIONAL).at.date() == date(2026, 6, 2)
    here = due(limit, start=start, calendar=WITHIN)
    assert here.at.date() == date(2026, 6, 3)
    assert [day.date.day for day in here.days if day.counted] == [29, 31, 1, 2, 3]
    assert not here.provisional
