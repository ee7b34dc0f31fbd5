"""From a rule and a start to a day: the normal and the latest limit, computed apart."""

from dataclasses import dataclass
from datetime import datetime

from jiyue.domain.deadlines import Due, due
from jiyue.domain.limits import Limit
from jiyue.domain.rule_terms import Deadline, Recurrence
from jiyue.domain.rulesets import Answer
from jiyue.domain.working_days import WorkingCalendar


class NoDate(ValueError):
    """The rule says nothing about a day: it is of another kind, or bound to an event or a calendar period."""


@dataclass(frozen=True)
class Reckoning:
    """When what began at `start` is due, and at the latest, where the text has a second limit."""

    answer: Answer
    start: datetime
    limit: Limit
    due: Due
    latest: Due | None = None

    @property
    def provisional(self) -> bool:
        return self.due.provisional or bool(self.latest and self.latest.provisional)


def reckon(
    answer: Answer, *, start: datetime, calendar: WorkingCalendar, event_at: datetime | None = None
) -> Reckoning:
    """Raises NoDate, NotSet where no pack sets the rule, and NaiveMoment for moments without a time zone."""
    terms = answer.found.terms
    limit, latest = _limits(terms)
    if limit is None:
        raise NoDate(answer.parameter)

    def ends(each: Limit) -> Due:
        return due(each, start=start, calendar=calendar, event_at=event_at, counting=answer.counted)

    return Reckoning(
        answer=answer,
        start=start,
        limit=limit,
        due=ends(limit),
        latest=None if latest is None else ends(latest),
    )


def _limits(terms: object) -> tuple[Limit | None, Limit | None]:
    """A recurrence runs from the last time: the longest gap, or the next fixed day."""
    if isinstance(terms, Deadline):
        return terms.limit, terms.latest
    if isinstance(terms, Recurrence):
        return terms.gap or terms.by, None
    return None, None
