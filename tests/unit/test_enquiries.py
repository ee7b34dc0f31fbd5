"""Hours of a desk for live enquiries: as people type them, on working days, and when they begin next."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from jiyue.domain.enquiries import BadHours, Range, hours_of, is_open, next_opening, written_hours

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = hours_of("9:00-12:00、14:00-17:00")


def is_working(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    "text", ["9:00-12:00、14:00-17:00", "14:00至17:00,9:00至12:00", " 09：00—12：00；14:00~17:00 "]
)
def test_hours_are_read_as_they_are_typed(text):
    assert hours_of(text) == (Range(time(9), time(12)), Range(time(14), time(17)))
    assert hours_of(written_hours(hours_of(text))) == hours_of(text)


@pytest.mark.parametrize(
    "text", ["", "上午", "9-12", "25:00-26:00", "12:00-9:00", "9:00-12:00、11:00-13:00", "9:00-10:00、" * 30]
)
def test_what_are_no_hours_is_refused(text):
    with pytest.raises(BadHours):
        hours_of(text)


@pytest.mark.parametrize(
    ("at", "open_", "following"),
    [
        ("2026-11-20T08:59", False, "2026-11-20T09:00"),
        ("2026-11-20T09:00", True, "2026-11-20T14:00"),
        ("2026-11-20T12:00", False, "2026-11-20T14:00"),
        ("2026-11-20T17:00", False, "2026-11-23T09:00"),
        ("2026-11-21T10:00", False, "2026-11-23T09:00"),
    ],
)
def test_open_on_working_days_within_the_hours(at, open_, following):
    moment = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    assert is_open(HOURS, moment, is_working) is open_
    assert next_opening(HOURS, moment, is_working) == datetime.fromisoformat(following).replace(tzinfo=ZONE)


def test_where_no_day_is_a_working_day_nothing_is_promised():
    assert next_opening(HOURS, datetime(2026, 11, 20, tzinfo=ZONE), lambda _day: False) is None
