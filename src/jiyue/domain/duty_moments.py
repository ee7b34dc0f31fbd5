"""The moments that a rule gives a duty. Pure: everything comes from the fact's own times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiyue.domain.counting import USUAL, Counting
from jiyue.domain.deadlines import Day, Due, Stop, due, end_of, local
from jiyue.domain.limits import Limit, Period, Rate, WithEvent
from jiyue.domain.recurrences import window_of
from jiyue.domain.rule_terms import ClassLimit, Deadline, Recurrence
from jiyue.domain.rulesets import Answer
from jiyue.domain.working_days import ONE_DAY, WorkingCalendar

Classed = tuple[str, datetime]  # the name of a class, and when somebody said that the thing is of it


@dataclass(frozen=True)
class Moments:
    """The normal limit, and the latest one where the text has two; each with its days."""

    due: Due
    latest: Due | None = None
    of_class: ClassLimit | None = None  # whose limits these are, where the text has classes and somebody chose one

    @property
    def provisional(self) -> bool:
        return self.due.provisional or (self.latest is not None and self.latest.provisional)


def moments_of(
    answer: Answer,
    *,
    start: datetime,
    calendar: WorkingCalendar,
    own: Limit | None = None,
    event_at: datetime | None = None,
    stopped: Sequence[Stop] = (),
    classed: Sequence[Classed] = (),
) -> Moments | None:
    """Until when what began at `start` must be done; None where no pack sets a limit or a cycle.

    `own` is a limit of the thing itself and comes before the pack's. A rate is owed until the end of the period in
    which it began; each working day's on the first working day from the start on. Days of the pack's limits are counted
    as the answer says; `own` was asked for on this platform and is counted by its convention. While a limit in working
    days stands still (`stopped`), no day of it passes. `classed` says in their order which classes it was said to be of.
    Raises NaiveMoment, OutOfCalendar.
    """
    counting = answer.counted if own is None else USUAL

    def ends(limit: Limit) -> Due:
        return due(limit, start=start, calendar=calendar, event_at=event_at, counting=counting, stopped=stopped)

    if own is not None:
        return Moments(ends(own))
    match answer.terms:
        case Deadline() as deadline:
            return _in_class(deadline, ends, start, classed)
        case Recurrence(rate=Rate() as rate):
            return Moments(_window_end(rate, start, calendar, counting))
        case Recurrence() as cycle:
            return Moments(ends(cycle.gap or cycle.by or WithEvent()))
    return None


def _in_class(rule: Deadline, ends: Callable[[Limit], Due], start: datetime, classed: Sequence[Classed]) -> Moments:
    """By the class that was last said in time. What was said once the limit had passed moves nothing: a lapse stays."""
    found = Moments(ends(rule.limit), ends(rule.latest) if rule.latest else None)
    for name, at in classed:
        if at > max(start, found.due.at):
            break
        own = rule.of_class(name)
        if own is not None:
            found = Moments(ends(own.limit), ends(own.latest) if own.latest else None, own)
    return found


def _window_end(rate: Rate, start: datetime, calendar: WorkingCalendar, counting: Counting) -> Due:
    first = day = local(start).date()
    per = rate.per or Period.DAY
    settled = True
    while per is Period.WORKING_DAY and not calendar.is_working(day):
        settled = settled and calendar.is_settled(day)
        day += ONE_DAY
    last = window_of(per, day).last
    settled = settled and (per is not Period.WORKING_DAY or calendar.is_settled(last))
    days = dict.fromkeys((first, last))
    return Due(end_of(last, counting), not settled, tuple(_day(each, last, calendar) for each in days))


def _day(day: date, last: date, calendar: WorkingCalendar) -> Day:
    why = calendar.why(day)
    return Day(day, why.working, why, day == last)
