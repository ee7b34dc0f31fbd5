from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class ConcernOpened(Event):
    code: ClassVar[str] = "concerns.opened"
    concern: str
    title: str
    unit: str
    began_at: str


@dataclass(frozen=True, kw_only=True)
class ConcernClosed(Event):
    code: ClassVar[str] = "concerns.closed"
    title: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ConcernWithdrawn(Event):
    code: ClassVar[str] = "concerns.withdrawn"
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StepRecorded(Event):
    code: ClassVar[str] = "concerns.step_recorded"
    step: str
    title: str
    what: str
    done_at: str


@dataclass(frozen=True, kw_only=True)
class StepStruck(Event):
    code: ClassVar[str] = "concerns.step_struck"
    step: str
    title: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AnswerLinked(Event):
    code: ClassVar[str] = "concerns.answer_linked"
    title: str
    record: str


@dataclass(frozen=True, kw_only=True)
class ContactSaved(Event):
    code: ClassVar[str] = "concerns.contact_saved"
    name: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class ContactEnded(Event):
    code: ClassVar[str] = "concerns.contact_ended"
    name: str
    unit: str
