from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class Submitted(Event):
    code: ClassVar[str] = "review.submitted"
    version: int
    digest: str
    act: str


@dataclass(frozen=True, kw_only=True)
class Recalled(Event):
    code: ClassVar[str] = "review.recalled"
    version: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Approved(Event):
    code: ClassVar[str] = "review.approved"
    version: int
    level: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Returned(Event):
    code: ClassVar[str] = "review.returned"
    version: int
    level: str
    reason: str
    principle: str


@dataclass(frozen=True, kw_only=True)
class SignedOff(Event):
    code: ClassVar[str] = "review.signed_off"
    sequence: int
    act: str
    version: int
    digest: str
    effective_at: str


@dataclass(frozen=True, kw_only=True)
class RouteChanged(Event):
    code: ClassVar[str] = "review.route_changed"
    content_class: str
    before: list
    after: list


@dataclass(frozen=True, kw_only=True)
class BatchDrawnUp(Event):
    code: ClassVar[str] = "review.batch_drawn_up"
    name: str
    documents: int
    seed: str
    counts: dict
