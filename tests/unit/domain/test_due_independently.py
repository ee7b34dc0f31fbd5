"""12,000 seeded cases over all published years against a computation written another way, from other data.

Ours walks day by day over rulepacks/calendars. The other one cuts a sorted list of chinesecalendar's working days, adds
months with dateutil, hours in seconds since 1970, and looks for named days in a list of all days.
"""

import random
from bisect import bisect_right
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest
from dateutil.relativedelta import relativedelta

from jiyue.domain.deadlines import SHANGHAI, due
from jiyue.domain.limits import FixedDate, Limit, SameDay, Span, Unit, WithEvent
from tests.unit.domain.calendars import SHIPPED, YEARS

CASES, SEED = 12_000, 20251001
FIRST, LAST = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
LARGEST = {Unit.HOURS: 400, Unit.DAYS: 60, Unit.WORKING_DAYS: 40, Unit.WEEKS: 30, Unit.MONTHS: 40, Unit.YEARS: 5}


@pytest.fixture(scope="module")
def working_days() -> list[date]:
    return chinese_calendar.get_workdays(FIRST, LAST)


def cases():
    dice = random.Random(SEED)  # noqa: S311  # a seed, not a secret
    seconds = int((LAST - FIRST).total_seconds()) - 90 * 86_400
    for _ in range(CASES):
        start = datetime.combine(FIRST, time.min, SHANGHAI) + timedelta(seconds=dice.randrange(seconds))
        yield _limit(dice), start


def _limit(dice: random.Random) -> Limit:
    kind = dice.randrange(12)
    if kind < 6:
        return Span(dice.randint(1, LARGEST[Unit.WORKING_DAYS]), Unit.WORKING_DAYS)
    if kind < 10:
        unit = dice.choice(list(Unit))
        return Span(dice.randint(1, LARGEST[unit]), unit)
    return dice.choice([SameDay(), WithEvent(), FixedDate(dice.randint(1, 12), dice.randint(1, 28)), FixedDate(1, 31)])


def otherwise(limit: Limit, start: datetime, working_days: list[date]) -> datetime:
    if isinstance(limit, WithEvent):
        return start
    if isinstance(limit, Span) and limit.unit is Unit.HOURS:
        return datetime.fromtimestamp(start.timestamp() + 3600 * limit.amount, UTC)
    return datetime(*_last_day(limit, start.date(), working_days).timetuple()[:3], 15, 59, 59, tzinfo=UTC)


def _last_day(limit: Limit, day: date, working_days: list[date]) -> date:
    match limit:
        case Span(amount, Unit.WORKING_DAYS):
            return working_days[bisect_right(working_days, day) + amount - 1]
        case Span(amount, unit):
            return day + relativedelta(**{unit.value: amount})
        case SameDay():
            return day
        case FixedDate(month, number):
            following = (date.fromordinal(day.toordinal() + ahead) for ahead in range(367))
            return next(each for each in following if (each.month, each.day) == (month, number))
    raise AssertionError(limit)


@pytest.mark.req("CAL-01", "CAL-02")
def test_twelve_thousand_due_times_agree_with_another_computation(working_days):
    checked = Counter()
    for limit, start in cases():
        computed = due(limit, start=start, calendar=SHIPPED)
        assert computed.at == otherwise(limit, start, working_days), (str(limit), start)
        assert not computed.provisional or computed.at > datetime(2026, 12, 29, tzinfo=SHANGHAI)
        checked[start.year] += 1
    assert sum(checked.values()) == CASES >= 10_000
    assert sorted(checked) == list(YEARS)


@pytest.mark.req("CAL-01")
def test_the_explained_days_are_the_working_days_of_the_other_source(working_days):
    known = set(working_days)
    for limit, start in cases():
        if not isinstance(limit, Span) or limit.unit is not Unit.WORKING_DAYS:
            continue
        first, *others = due(limit, start=start, calendar=SHIPPED).days
        assert (first.date, first.counted) == (start.date(), False)
        assert [day.date for day in others if day.counted] == [day.date for day in others if day.date in known]
        assert sum(day.counted for day in others) == limit.amount
        assert [(day.date - first.date).days for day in others] == list(range(1, len(others) + 1))
