"""Facts about columns and stories that are planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class PlanProposed(Event):
    code: ClassVar[str] = "content.plan_proposed"
    kind: str
    title: str
    unit: str
    due_on: str
    found: Sequence[str]
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlanDecided(Event):
    code: ClassVar[str] = "content.plan_decided"
    kind: str
    title: str
    state: str
    opinion: str


@dataclass(frozen=True, kw_only=True)
class PlanWithdrawn(Event):
    code: ClassVar[str] = "content.plan_withdrawn"
    kind: str
    title: str


@dataclass(frozen=True, kw_only=True)
class PlanCarriedOut(Event):
    """A draft was begun, or a column opened, as planned; `led_to` names it."""

    code: ClassVar[str] = "content.plan_carried_out"
    kind: str
    title: str
    led_to: str
