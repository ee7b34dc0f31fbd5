"""Years no duty can begin in, clocks put forward, zones and limits beyond reason: refused or counted, never a crash."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from jiyue.domain.deadlines import SHANGHAI, OutOfCalendar, due
from jiyue.domain.limits import NotALimit, parse_limit
from jiyue.domain.working_days import DayKind, WorkingCalendar
from jiyue.rules.library import shipped

CALENDAR = WorkingCalendar([])
LIMITS = ["12 hours", "1 day", "10000 days", "10000 working-days", "200 years", "2400 months", "same-day", "by 01-31",
          "with-event"]  # fmt: skip
EAST, WEST = timezone(timedelta(hours=23, minutes=59)), timezone(timedelta(hours=-23, minutes=-59))


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize(
    "start",
    [datetime(1, 1, 1, tzinfo=EAST), datetime(1, 1, 1, tzinfo=SHANGHAI), datetime(1899, 12, 31, tzinfo=UTC),
     datetime(2200, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=WEST)],
)  # fmt: skip
def test_a_year_that_is_a_slip_of_the_hand_is_refused(limit, start):
    with pytest.raises(OutOfCalendar):
        due(parse_limit(limit), start=start, calendar=CALENDAR)
    with pytest.raises(OutOfCalendar):
        due(parse_limit("with-event"), start=datetime(2026, 1, 1, tzinfo=UTC), calendar=CALENDAR, event_at=start)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("start", [datetime(1900, 1, 1, tzinfo=EAST), datetime(2199, 12, 31, 23, 59, tzinfo=WEST)])
def test_at_both_ends_of_what_is_allowed_every_limit_has_an_end(limit, start):
    assert due(parse_limit(limit), start=start, calendar=CALENDAR).at >= start.replace(second=0)


@pytest.mark.parametrize(
    "text",
    ["1000000000 working-days", "10001 working-days", "99999999999999999999 days", "１２ hours", "٣ days", "-1 days",
     "1e3 days", "5\u200fworking-days", "\u202e5 days", "5 working-days\x00", "5 days\n6 days", "by ０１-31", "8０ %"],
)  # fmt: skip
def test_a_limit_beyond_reason_or_in_other_digits_is_refused(text):
    with pytest.raises(NotALimit):
        parse_limit(text)


@pytest.mark.req("CAL-02")
def test_clocks_put_forward_from_1986_to_1991_neither_lengthen_nor_shorten_hours():
    forward, back = datetime(1986, 5, 3, 20, tzinfo=SHANGHAI), datetime(1986, 9, 13, 20, tzinfo=SHANGHAI)
    for start in (forward, back):
        end = due(parse_limit("12 hours"), start=start, calendar=CALENDAR).at
        assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=12)
        days = due(parse_limit("2 days"), start=start, calendar=CALENDAR).at
        assert (days.hour, days.minute, (days.date() - start.date()).days) == (23, 59, 2)


def test_the_same_moment_in_any_zone_is_due_at_the_same_time():
    start = datetime(2026, 9, 25, 17, tzinfo=UTC)
    ends = {due(parse_limit("5 working-days"), start=start.astimezone(zone), calendar=shipped().calendar).at
            for zone in (UTC, SHANGHAI, EAST, WEST)}  # fmt: skip
    assert len(ends) == 1


def test_before_the_first_calendar_a_date_is_provisional_and_says_why():
    found = due(parse_limit("5 working-days"), start=datetime(2006, 9, 29, tzinfo=UTC), calendar=shipped().calendar)
    assert found.provisional
    assert {day.why.kind for day in found.days[1:]} <= {DayKind.UNKEPT_WORKDAY, DayKind.UNKEPT_WEEKEND}
