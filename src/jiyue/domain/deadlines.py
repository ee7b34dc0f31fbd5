"""When a limit ends, and each day on the way with why it counts or does not.

Pure: everything comes from the event's own time, no clock is asked. All moments are aware; days are those of
Asia/Shanghai. Reasons for each meaning: docs/rules/units.md.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from jiyue.domain.counting import END_OF_DAY, USUAL, Counting
from jiyue.domain.limits import FixedDate, Limit, SameDay, Span, Unit, WithEvent
from jiyue.domain.working_days import ONE_DAY, Why, WorkingCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A moment of another year is a slip of the hand, and the longest limit still ends within what a calendar can say.
YEARS = range(1900, 2200)


# From the day after the first to the last, that one included: the day on which something was asked still counts.
Stop = tuple[date, date]


class NaiveMoment(ValueError):
    """A moment without a time zone: nobody can say which day it is."""


class OutOfCalendar(ValueError):
    """A moment of a year that no duty can begin in (YEARS)."""


@dataclass(frozen=True)
class Day:
    """A day between the start and the end of a limit. `counted`: it is one of the days the limit numbers; `stopped`: it
    would be, but the limit stood still.
    """

    date: date
    working: bool
    why: Why
    counted: bool
    stopped: bool = False


@dataclass(frozen=True)
class Due:
    """The end of a limit. `provisional`: it was counted over days that no announcement has settled.

    `days` begins with the start day. Limits in days and working days give every day until the last, the others only
    their first and their last, because nothing between is counted or skipped.
    """

    at: datetime
    provisional: bool
    days: tuple[Day, ...]


def due(
    limit: Limit,
    *,
    start: datetime,
    calendar: WorkingCalendar,
    event_at: datetime | None = None,
    counting: Counting = USUAL,
    stopped: Sequence[Stop] = (),
) -> Due:
    """When what began at `start` must be done, in Asia/Shanghai.

    `event_at` is the moment of the other event of a limit "at the same time as"; without it the start is that event.
    `stopped` are stretches during which a limit in working days stands still; other limits know none. Raises
    NaiveMoment, OutOfCalendar.
    """
    begun = _datable(start)
    match limit:
        case Span():
            return _after(limit, begun, calendar, counting, stopped)
        case SameDay():
            return _on(begun.date(), begun, calendar, counting)
        case WithEvent():
            return _at(_datable(event_at) if event_at else begun, begun, calendar)
        case FixedDate():
            return _on(next_fixed(limit, on=begun.date(), counting=counting), begun, calendar, counting)
        case _:
            assert_never(limit)


def local(moment: datetime) -> datetime:
    """The moment as clocks in Shanghai show it. Raises NaiveMoment."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise NaiveMoment(moment.isoformat())
    return moment.astimezone(SHANGHAI)


def _datable(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise OutOfCalendar(moment.isoformat())
    return local(moment)


def end_of(day: date, counting: Counting = USUAL) -> datetime:
    """The last moment of a day for what must be done on it."""
    return datetime.combine(day, counting.day_ends, SHANGHAI)


def _last_moment(day: date, begun: datetime, counting: Counting) -> datetime:
    """Nothing is due before it began: what begins after the close of its own last day has until midnight."""
    end = end_of(day, counting)
    return end if begun <= end else datetime.combine(day, END_OF_DAY, SHANGHAI)


def months_after(day: date, months: int) -> date:
    """The corresponding day of a later month, its last one where that month is shorter (31 January: 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_fixed(limit: FixedDate, *, on: date, counting: Counting = USUAL) -> date:
    """The last day to act for the named day, from `on` onwards: this year's, or next year's once it has passed."""
    early = timedelta(days=0 if counting.named_day_counts else 1)
    this_year = limit.in_year(on.year) - early
    return this_year if on <= this_year else limit.in_year(on.year + 1) - early


def _after(limit: Span, begun: datetime, calendar: WorkingCalendar, counting: Counting, stopped: Sequence[Stop]) -> Due:
    zero = begun.date() - ONE_DAY if counting.start_day_counts else begun.date()
    match limit.unit:
        case Unit.HOURS:
            # Elapsed hours, so they are added on a clock that is never put forward or back.
            return _at(local(begun.astimezone(UTC) + timedelta(hours=limit.amount)), begun, calendar)
        case Unit.DAYS:
            return _counted_days(zero, limit.amount, begun, calendar, counting)
        case Unit.WORKING_DAYS:
            return _working_days(zero, limit.amount, begun, calendar, counting, stopped)
        case Unit.WEEKS:
            return _on(zero + timedelta(weeks=limit.amount), begun, calendar, counting)
        case Unit.MONTHS:
            return _on(months_after(zero, limit.amount), begun, calendar, counting)
        case Unit.YEARS:
            return _on(months_after(zero, limit.amount * 12), begun, calendar, counting)
        case _:
            assert_never(limit.unit)


def _working_days(
    zero: date, amount: int, begun: datetime, calendar: WorkingCalendar, counting: Counting, stopped: Sequence[Stop]
) -> Due:
    days = [] if counting.start_day_counts else [_day(zero, calendar, counted=False)]
    day, left, settled = zero, amount, True
    while left:
        day += ONE_DAY
        why = calendar.why(day)
        still = any(since < day <= until for since, until in stopped)
        days.append(Day(day, why.working, why, why.working and not still, still))
        settled = settled and why.settled
        left -= why.working and not still
    return Due(_last_moment(day, begun, counting), not settled, tuple(days))


def _counted_days(zero: date, amount: int, begun: datetime, calendar: WorkingCalendar, counting: Counting) -> Due:
    days = [] if counting.start_day_counts else [_day(zero, calendar, counted=False)]
    days += [_day(zero + timedelta(days=number), calendar, counted=True) for number in range(1, amount + 1)]
    return Due(_last_moment(days[-1].date, begun, counting), False, tuple(days))


def _on(last: date, begun: datetime, calendar: WorkingCalendar, counting: Counting) -> Due:
    return Due(_last_moment(last, begun, counting), False, _ends(begun.date(), last, calendar))


def _at(moment: datetime, begun: datetime, calendar: WorkingCalendar) -> Due:
    return Due(moment, False, _ends(begun.date(), moment.date(), calendar))


def _ends(first: date, last: date, calendar: WorkingCalendar) -> tuple[Day, ...]:
    """First and last day alone; counted is the last one, on which the limit ends."""
    if first == last:
        return (_day(last, calendar, counted=True),)
    return _day(first, calendar, counted=False), _day(last, calendar, counted=True)


def _day(day: date, calendar: WorkingCalendar, *, counted: bool) -> Day:
    why = calendar.why(day)
    return Day(day, why.working, why, counted)
