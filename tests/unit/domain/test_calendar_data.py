"""The files of rulepacks/calendars against what the packages and, for 2019, the State Council's own notice say."""

import json
import os
import re
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from jiyue.domain.working_days import DayKind
from tests.unit.domain.calendars import FOLDER, SHIPPED, YEARS


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


def test_every_year_from_2007_to_2026_is_there():
    assert [year.year for year in SHIPPED.years] == list(YEARS)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_both_sources(year):
    china = holidays.China(years=range(year - 1, year + 2))
    ours = [SHIPPED.is_working(day) for day in days_of(year)]
    assert ours == [chinese_calendar.is_workday(day) for day in days_of(year)]
    assert ours == [china.is_working_day(day) for day in days_of(year)]


@pytest.mark.parametrize("year", YEARS)
def test_breaks_are_those_of_the_notices(year):
    listed = {day for day in chinese_calendar.constants.holidays if day.year == year}
    # Days in the middle of three at the Dragon Boat Festival, weekend days all, which chinesecalendar leaves out.
    forgotten = {date(2011, 6, 5), date(2012, 6, 23), date(2015, 6, 21)}
    assert set(SHIPPED.year(year).off) == listed | {day for day in forgotten if day.year == year}
    assert set(SHIPPED.year(year).worked) == {day for day in chinese_calendar.constants.workdays if day.year == year}


def statutory(year: int) -> int:
    """Days off that are given and not only moved: weekdays off without the weekend days worked for them."""
    days = days_of(year)
    off = sum(SHIPPED.why(day).kind is DayKind.HOLIDAY and day.weekday() < 5 for day in days)
    return off - sum(SHIPPED.why(day).kind is DayKind.SHIFTED_WORK for day in days)


def test_the_number_of_days_off_follows_the_law_of_the_year():
    law = {year: 10 if year < 2008 else 11 if year < 2025 else 13 for year in YEARS}
    moved_over_the_turn_of_the_year = {2007: +2, 2011: -1, 2012: +1}
    given_once = {2015: 1, 2020: 2}  # Victory Day; the epidemic gave 31 January and freed 1 February
    for extra in (moved_over_the_turn_of_the_year, given_once):
        law = {year: days + extra.get(year, 0) for year, days in law.items()}
    assert {year: statutory(year) for year in YEARS} == law


@pytest.fixture
def notice_of_2019() -> str:
    beside = FOLDER.parents[2] / "shared" / "data"
    folder = Path(os.environ.get("JIYUE_TEST_DATA", beside)) / "policy_docs"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("test data is missing: set JIYUE_TEST_DATA")
        pytest.skip("no test data beside the checkout")
    records = map(json.loads, (folder / "state_council_docs.jsonl").read_text(encoding="utf-8").splitlines())
    (text,) = (record["text"] for record in records if record["doc_no"] == SHIPPED.year(2019).notice)
    return text


def test_the_notice_of_2019_names_the_same_days_but_for_labour_day_changed_later(notice_of_2019):
    worked = [(int(month), int(day)) for month, day in re.findall(r"(\d+)月(\d+)日（星期.）", notice_of_2019)]
    ours = [*SHIPPED.year(2018).worked, *SHIPPED.year(2019).worked]
    later = {date(2019, 4, 28), date(2019, 5, 5)}
    assert {(12, 29), *worked} <= {(day.month, day.day) for day in ours}
    assert {day for day in ours if (day.month, day.day) not in worked and day.year == 2019} == later
    for text in ("2月4日至10日", "10月1日至7日"):
        assert text in notice_of_2019
    assert all(SHIPPED.year(2019).off[date(2019, 2, day)] for day in range(4, 11))
    assert all(SHIPPED.year(2019).off[date(2019, 10, day)] for day in range(1, 8))
