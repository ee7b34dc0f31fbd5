"""Pages for an address that has nothing to show: 404, 410, 503, moved."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from jiyue.publishing.frame import Link
from jiyue.publishing.pages.common import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFoundPage(Page):
    """404 of one site, the same file for every address, so it names none."""

    template = "404.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class GonePage(Page):
    """410: withdrawn. `what` is the former title (empty when it must not be repeated), `reason` the worded reason."""

    template = "410.html"

    what: str = ""
    reason: str = ""
    withdrawn_at: datetime | None = None
    replacement: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnavailablePage(Page):
    """503. `reason` says why, `back_at` when it is expected to work again."""

    template = "503.html"

    reason: str = ""
    back_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedPage(Page):
    """The stub left at an old address; `target` is where the matter is now."""

    template = "moved.html"

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformNotFound:
    """The answer to a host that no site owns. It shows nothing of any site, so it has no frame."""

    template: ClassVar[str] = "platform_404.html"
