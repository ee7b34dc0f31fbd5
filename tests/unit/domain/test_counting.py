"""How days are counted where the texts are silent: read strictly, and never to a time before the beginning."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.counting import USUAL, Counting, NotACounting, read_counting
from jiyue.domain.deadlines import SHANGHAI, due
from jiyue.domain.limits import parse_limit
from jiyue.domain.working_days import WorkingCalendar

CALENDAR = WorkingCalendar([])
USUAL_AS_WRITTEN = {"start-day": "not-counted", "day-ends": "midnight", "named-day": "counted"}


@pytest.mark.req("CAL-03")
def test_the_convention_is_what_is_computed_without_any_setting():
    assert read_counting(USUAL_AS_WRITTEN) == USUAL == Counting()


def test_a_close_of_work_is_an_hour_of_the_afternoon():
    other = {"start-day": "counted", "day-ends": "17:30", "named-day": "not-counted"}
    assert read_counting(other) == Counting(True, time(17, 30), False)


@pytest.mark.parametrize(
    ("setting", "part"),
    [
        ("midnight", "value"),
        (["start-day"], "value"),
        ({**USUAL_AS_WRITTEN, "weekend": "counted"}, "weekend"),
        ({**USUAL_AS_WRITTEN, "start-day": "yes"}, "start-day"),
        ({**USUAL_AS_WRITTEN, "start-day": True}, "start-day"),
        ({**USUAL_AS_WRITTEN, "start-day": ["counted"]}, "start-day"),
        ({"day-ends": "midnight", "named-day": "counted"}, "start-day"),
        ({**USUAL_AS_WRITTEN, "day-ends": "00:00"}, "day-ends"),
        ({**USUAL_AS_WRITTEN, "day-ends": "24:00"}, "day-ends"),
        ({**USUAL_AS_WRITTEN, "day-ends": "17:60"}, "day-ends"),
        ({**USUAL_AS_WRITTEN, "day-ends": "１７:３０"}, "day-ends"),
        ({**USUAL_AS_WRITTEN, "day-ends": 1730}, "day-ends"),
        ({**USUAL_AS_WRITTEN, "named-day": None}, "named-day"),
    ],
)
def test_anything_else_is_no_way_of_counting(setting, part):
    with pytest.raises(NotACounting) as refused:
        read_counting(setting)
    assert refused.value.part == part


COUNTINGS = st.builds(
    Counting, st.booleans(), st.sampled_from([time(12), time(17, 30), time(23, 59, 59)]), st.booleans()
)
LIMITS = st.sampled_from(
    ["1 day", "3 days", "1 working-day", "5 working-days", "1 week", "1 month", "same-day", "by 01-31", "by 12-31"]
)
STARTS = st.integers(0, 21 * 365 * 86_400).map(lambda s: datetime(2007, 1, 1, tzinfo=SHANGHAI) + timedelta(seconds=s))


@given(COUNTINGS, LIMITS, STARTS)
def test_nothing_is_due_before_it_began(counting, limit, start):
    found = due(parse_limit(limit), start=start, calendar=CALENDAR, counting=counting)
    assert found.at >= start.replace(microsecond=0)
    assert found.days[-1].date == found.at.date()


def test_what_begins_after_the_close_of_its_own_last_day_has_until_midnight():
    closing, evening = Counting(day_ends=time(17, 30)), datetime(2026, 11, 23, 20, tzinfo=SHANGHAI)
    same_day, next_day = (due(parse_limit(limit), start=evening, calendar=CALENDAR, counting=closing).at
                          for limit in ("same-day", "1 day"))  # fmt: skip
    assert same_day == evening.replace(hour=23, minute=59, second=59)
    assert next_day == (evening + timedelta(days=1)).replace(hour=17, minute=30)
