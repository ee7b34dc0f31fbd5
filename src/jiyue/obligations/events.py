from dataclasses import dataclass, field
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class DutiesFollowed(Event):
    """Duties were brought up to the facts of one source; the numbers say how many changed in which way."""

    code: ClassVar[str] = "obligations.followed"
    source: str
    arisen: int
    changed: int
    ended: int


@dataclass(frozen=True, kw_only=True)
class DutyReminded(Event):
    """It is time to act: somebody should be told."""

    code: ClassVar[str] = "obligations.reminded"
    obligation: int
    title: str
    act_by: str


@dataclass(frozen=True, kw_only=True)
class DutyEscalated(Event):
    """A duty is late; its superior unit is told, once."""

    code: ClassVar[str] = "obligations.escalated"
    obligation: int
    title: str
    unit: str
    superior: str


@dataclass(frozen=True, kw_only=True)
class DueMoved(Event):
    """A date was computed again, because a calendar arrived or another rule counts from before its start."""

    code: ClassVar[str] = "obligations.due_moved"
    obligation: int
    title: str
    due_before: str
    due_after: str
    pack: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class RuleChangeNoted(Event):
    """Somebody took note of a change of rules, asked for or decided."""

    code: ClassVar[str] = "obligations.rule_change_noted"
    matter: str
    what: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class RuleFoundAltered(Event):
    """A kept rule no longer has its digest; so many open duties began under it."""

    code: ClassVar[str] = "obligations.rule_altered"
    parameter: str
    digest: str
    duties: int


@dataclass(frozen=True, kw_only=True)
class DutyMetByHand(Event):
    """With the names and digests of the files that prove it."""

    code: ClassVar[str] = "obligations.met_by_hand"
    obligation: int
    title: str
    note: str
    files: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PersonNamed(Event):
    code: ClassVar[str] = "obligations.person_named"
    obligation: int
    title: str
    user: str


@dataclass(frozen=True, kw_only=True)
class SecondStepTaken(Event):
    """The latest limit counts from now on, for this reason."""

    code: ClassVar[str] = "obligations.second_step_taken"
    obligation: int
    title: str
    reason: str
    act_by: str


@dataclass(frozen=True, kw_only=True)
class WaiverAsked(Event):
    code: ClassVar[str] = "obligations.waiver_asked"
    obligation: int
    title: str
    grounds: str


@dataclass(frozen=True, kw_only=True)
class WaiverGranted(Event):
    code: ClassVar[str] = "obligations.waiver_granted"
    obligation: int
    title: str
    reply: str


@dataclass(frozen=True, kw_only=True)
class WaiverRefused(Event):
    code: ClassVar[str] = "obligations.waiver_refused"
    obligation: int
    title: str
    reply: str


@dataclass(frozen=True, kw_only=True)
class DutyEnrolled(Event):
    """A unit owes something again and again from a day on."""

    code: ClassVar[str] = "obligations.enrolled"
    parameter: str
    unit: str
    from_on: str


@dataclass(frozen=True, kw_only=True)
class DutyReleased(Event):
    code: ClassVar[str] = "obligations.released"
    parameter: str
    unit: str
    until_on: str
    reason: str
