"""Facts about tasks of the year and the notes that units owe about them."""

from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class ProgressAsked(Event):
    code: ClassVar[str] = "content.progress_asked"
    title: str
    unit: str
    cycle: str


@dataclass(frozen=True, kw_only=True)
class ProgressReleased(Event):
    code: ClassVar[str] = "content.progress_released"
    title: str
    unit: str
    reason: str
