"""How often something must happen or may happen: counted in periods of the calendar.

The longest time without (`gap: 2 weeks`) is a limit from the last time on and needs nothing here; `deadlines.due`
computes it. Reasons for each meaning: docs/rules/units.md.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from jiyue.domain.counting import USUAL, Counting
from jiyue.domain.deadlines import SHANGHAI, end_of, local, months_after, next_fixed
from jiyue.domain.limits import FixedDate, Period, Rate
from jiyue.domain.working_days import ONE_DAY, WorkingCalendar


@dataclass(frozen=True)
class Window:
    """One period of the calendar in Shanghai, from the first moment of `first` to the last of `last`."""

    per: Period
    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time.min, SHANGHAI)

    @property
    def ends(self) -> datetime:
        """The first moment that is no longer in it."""
        return datetime.combine(self.last + ONE_DAY, time.min, SHANGHAI)

    def due(self, counting: Counting = USUAL) -> datetime:
        """Until when what is owed once or more in this period can be done."""
        return end_of(self.last, counting)

    def holds(self, moment: datetime) -> bool:
        """Raises NaiveMoment."""
        return self.first <= local(moment).date() <= self.last


@dataclass(frozen=True)
class Tally:
    """How a rate stands in one window: `missing` still to be done, `beyond` done too often."""

    window: Window
    count: int
    missing: int
    beyond: int

    @property
    def is_kept(self) -> bool:
        return not self.missing and not self.beyond


def window(per: Period, *, at: datetime) -> Window:
    """The period that holds the moment. Raises NaiveMoment."""
    return window_of(per, local(at).date())


def window_of(per: Period, day: date) -> Window:
    """The period that holds the day; a week begins on Monday, a quarter in January, April, July or October."""
    first = _FIRST_DAYS[per](day)
    return Window(per, first, _next_first(per, first) - ONE_DAY)


def windows(per: Period, *, since: datetime, until: datetime, calendar: WorkingCalendar) -> Iterator[Window]:
    """The whole periods between two moments, `until` excluded from the last.

    A period already running at `since` is left out: nobody owes a full week's posts for the Friday a column opened.
    Days count from the day of `since` itself when it begins at midnight. Of working days, days off are left out.
    Raises NaiveMoment.
    """
    begun, end = local(since), local(until)
    each = window_of(per, begun.date())
    if each.begins < begun:
        each = _following(each)
    while each.ends <= end:
        if per is not Period.WORKING_DAY or calendar.is_working(each.first):
            yield each
        each = _following(each)


def tally(rate: Rate, window: Window, moments: Iterable[datetime]) -> Tally:
    """How many of the moments lie in the window, against the rate. Raises NaiveMoment."""
    count = sum(window.holds(moment) for moment in moments)
    missing = max(0, rate.least - count) if rate.least is not None else 0
    beyond = max(0, count - rate.most) if rate.most is not None else 0
    return Tally(window, count, missing, beyond)


def may_again(rate: Rate, *, at: datetime, begun: Iterable[datetime]) -> bool:
    """Whether one more may begin at this moment under a maximum; a thing belongs to the period it began in.

    Without a period, `begun` are those that exist now. Raises NaiveMoment.
    """
    if rate.most is None:
        return True
    if rate.per is None:
        return len(list(begun)) < rate.most
    return tally(rate, window(rate.per, at=at), begun).count < rate.most


def every_year(named: FixedDate, *, since: datetime, until: datetime, counting: Counting = USUAL) -> Iterator[datetime]:
    """When each year's act is due at the latest, from `since` to `until`. Raises NaiveMoment."""
    day, end = next_fixed(named, on=local(since).date(), counting=counting), local(until)
    while (moment := end_of(day, counting)) <= end:
        yield moment
        day = next_fixed(named, on=day + ONE_DAY, counting=counting)


def longest_gap(moments: Iterable[datetime], *, since: datetime, until: datetime) -> timedelta:
    """The longest time without any of the moments between two others. Raises NaiveMoment."""
    begun, end = local(since), local(until)
    points = [begun, *sorted(each for each in map(local, moments) if begun < each < end), end]
    return max(later - earlier for earlier, later in pairwise(points))


def _following(each: Window) -> Window:
    return window_of(each.per, each.last + ONE_DAY)


def _next_first(per: Period, first: date) -> date:
    if per in _MONTHS:
        return months_after(first, _MONTHS[per])
    return first + timedelta(days=7 if per is Period.WEEK else 1)


def _first_of_months(length: int) -> Callable[[date], date]:
    return lambda day: date(day.year, (day.month - 1) // length * length + 1, 1)


_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}
_FIRST_DAYS: dict[Period, Callable[[date], date]] = {
    Period.DAY: lambda day: day,
    Period.WORKING_DAY: lambda day: day,
    Period.WEEK: lambda day: day - timedelta(days=day.weekday()),
    **{per: _first_of_months(length) for per, length in _MONTHS.items()},
}
