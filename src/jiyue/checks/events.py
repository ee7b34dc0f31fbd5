from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class WordAdded(Event):
    code: ClassVar[str] = "checks.word_added"
    family: str
    text: str
    suggestion: str
    severity: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class WordEnded(Event):
    code: ClassVar[str] = "checks.word_ended"
    family: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SettingDecided(Event):
    """`kind` is that of `CheckSetting`, `value` what was decided, as JSON."""

    code: ClassVar[str] = "checks.setting_decided"
    kind: str
    name: str
    value: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class SettingEnded(Event):
    code: ClassVar[str] = "checks.setting_ended"
    kind: str
    name: str
