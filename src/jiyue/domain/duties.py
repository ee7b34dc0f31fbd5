"""What is owed: the fact that starts a duty, the source that states facts, and how a duty stands at a moment.

A *fact* says that something happened, at a time, to a unit. A rule makes of it what must be done, and until when. This
module computes; which rule is in force is asked elsewhere.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from jiyue.domain.deadlines import Stop
from jiyue.domain.duty_moments import Classed
from jiyue.domain.limits import Limit


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that happened and by which something is owed. All moments are aware.

    `subject` names what it is about and never changes (`record:<identity>`, `column:<pk>`); together with `parameter`
    and `started_at` it names the duty. `area` is the part of a site it belongs to (`column:<pk>`), for people whose
    appointment is narrowed. `event_at` is the moment of the other event, for limits of the kind "at the same time as".
    `stopped` are stretches that do not count, where the text says so.
    `recorded_at` is when the platform learned of it; None means: at once. `limit` is given only where the limit is the
    thing's own and not the pack's. `by_hand` says that the platform cannot see it done: only then a person may close it,
    with evidence; what the platform can see, no note makes happen. `classed` are the classes it was said to be of, in the
    order in which they were said: what is said before the limit passed moves it, by the rule of the day it began.
    """

    parameter: str
    subject: str
    title: str
    unit: int
    started_at: datetime
    site: int | None = None
    person: int | None = None
    area: str = ""
    met_at: datetime | None = None
    ended_at: datetime | None = None
    event_at: datetime | None = None
    recorded_at: datetime | None = None
    limit: Limit | None = None
    stopped: tuple[Stop, ...] = ()
    by_hand: bool = False
    classed: tuple[Classed, ...] = ()

    @property
    def key(self) -> tuple[str, str, datetime]:
        """What makes it this duty and no other."""
        return self.parameter, self.subject, self.started_at


class Source(Protocol):
    """States the facts of one kind. Reading again gives the same facts: nothing is remembered between two readings.

    A source states every fact whose duty may still be open; what is long met it may leave out. A fact that it does not
    state any more ends its open duty.
    """

    @property
    def code(self) -> str: ...

    @property
    def parameters(self) -> tuple[str, ...]: ...

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        """The facts of these subjects, or all of them."""
        ...


class State(StrEnum):
    """How a duty stands. Derived, never stored."""

    NOT_BEGUN = "not_begun"
    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    BREACHED = "breached"
    MET = "met"
    MET_LATE = "met_late"
    WAIVED = "waived"
    ENDED = "ended"


LATE = frozenset({State.OVERDUE, State.BREACHED})
CLOSED = frozenset({State.MET, State.MET_LATE, State.WAIVED, State.ENDED})


@dataclass(frozen=True, kw_only=True)
class Course:
    """The moments of one duty. `act_by` is the normal limit, or the latest one once the second step was taken."""

    started_at: datetime
    act_by: datetime
    remind_at: datetime
    latest_at: datetime | None = None
    done_at: datetime | None = None
    waived_at: datetime | None = None
    ended_at: datetime | None = None

    def state(self, now: datetime) -> State:
        """How it stands at `now`; a duty that was done counts as done, whatever else was said about it."""
        if self.done_at is not None:
            return State.MET_LATE if self.done_at > self.act_by else State.MET
        if self.waived_at is not None:
            return State.WAIVED
        if self.ended_at is not None:
            return State.ENDED
        return self._running(now)

    def _running(self, now: datetime) -> State:
        if now < self.started_at:
            return State.NOT_BEGUN
        if now > self.act_by:
            return State.BREACHED if self.latest_at is not None and now > self.latest_at else State.OVERDUE
        return State.DUE_SOON if now >= self.remind_at else State.OPEN


@dataclass(frozen=True)
class Foresight:
    """How early a reminder comes: a share of the time given, within bounds. A habit of the platform, not of any text."""

    share: int = 3  # a third of the time before its end
    least: timedelta = timedelta(hours=2)
    most: timedelta = timedelta(days=7)

    def remind_at(self, *, started_at: datetime, act_by: datetime) -> datetime:
        """The moment to remind: never before the duty begins, never after it is due."""
        lead = min(max((act_by - started_at) / self.share, self.least), self.most)
        return min(max(started_at, act_by - lead), act_by)
