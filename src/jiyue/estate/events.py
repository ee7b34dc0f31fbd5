from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class SiteChanged(Event):
    code: ClassVar[str] = "estate.site_changed"
    before: dict
    after: dict


@dataclass(frozen=True, kw_only=True)
class Appointed(Event):
    code: ClassVar[str] = "estate.appointed"
    user: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Dismissed(Event):
    code: ClassVar[str] = "estate.dismissed"
    user: str
    role: str


@dataclass(frozen=True, kw_only=True)
class NoticePosted(Event):
    code: ClassVar[str] = "estate.notice_posted"
    kind: str
    text: str
    until: str


@dataclass(frozen=True, kw_only=True)
class NoticeCorrected(Event):
    """Other words in the same notice, of the same time."""

    code: ClassVar[str] = "estate.notice_corrected"
    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SiteStatusChanged(Event):
    code: ClassVar[str] = "estate.site_status_changed"
    before: str
    after: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class MarkPictureChanged(Event):
    code: ClassVar[str] = "estate.mark_picture_changed"
    mark: str
    before: dict
    after: dict


@dataclass(frozen=True, kw_only=True)
class WindowPlanned(Event):
    code: ClassVar[str] = "estate.window_planned"
    title: str
    address: str
    until: str


@dataclass(frozen=True, kw_only=True)
class WindowEnded(Event):
    code: ClassVar[str] = "estate.window_ended"
    title: str
