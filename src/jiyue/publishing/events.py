from dataclasses import dataclass, field
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class ReleaseDeployed(Event):
    code: ClassVar[str] = "publishing.release_deployed"
    release: int
    root: str
    sign_offs: list
    pages: int
    late_seconds: float = 0.0  # behind the moment of a scheduled sign-off
    turned: list = field(
        default_factory=list
    )  # documents that stand otherwise now, though nothing of theirs was signed


@dataclass(frozen=True, kw_only=True)
class BakeHasFailed(Event):
    code: ClassVar[str] = "publishing.bake_failed"
    sequence: int
    problem: str


@dataclass(frozen=True, kw_only=True)
class RolledBack(Event):
    code: ClassVar[str] = "publishing.rolled_back"
    release: int
    restores: int
    reason: str
    kept: int


@dataclass(frozen=True, kw_only=True)
class PublishingResumed(Event):
    code: ClassVar[str] = "publishing.resumed"
    release: int


@dataclass(frozen=True, kw_only=True)
class RetryAsked(Event):
    code: ClassVar[str] = "publishing.retry_asked"
    sequence: int


@dataclass(frozen=True, kw_only=True)
class IncidentFound(Event):
    code: ClassVar[str] = "publishing.incident_found"
    kind: str
    what: str


@dataclass(frozen=True, kw_only=True)
class KeyRotated(Event):
    code: ClassVar[str] = "publishing.key_rotated"
    key_id: str


@dataclass(frozen=True, kw_only=True)
class PagesExamined(Event):
    """Told when somebody asked for it, and when the night found something new or mended."""

    code: ClassVar[str] = "publishing.pages_examined"
    pages: int
    found: list
    mended: list


@dataclass(frozen=True, kw_only=True)
class PagesSeen(Event):
    code: ClassVar[str] = "publishing.pages_seen"
    rule: str
    title: str
    holds: bool
    note: str
    edition: str
