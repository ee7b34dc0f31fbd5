"""What the baker asks of the portal."""

from dataclasses import dataclass
from typing import Protocol

from jiyue.publishing.frame import Assets, SiteFrame
from jiyue.publishing.pages.common import Page
from jiyue.publishing.pages.machines import Feed, Robots, SiteMapXml
from jiyue.publishing.pages.refusals import PlatformNotFound

AnyPage = Page | PlatformNotFound | Feed | SiteMapXml | Robots


def template_for(page: AnyPage) -> str:
    """Name of the portal template that renders this page."""
    return page.template


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFile:
    """A file that every tree must hold besides its pages; `address` is root-relative."""

    address: str
    content: bytes


class Renderer(Protocol):
    """What the baker asks of the portal. The portal stands above publishing, so the baker is handed one."""

    def with_fragments(self, frame: SiteFrame) -> SiteFrame:
        """The frame with the parts common to all its pages rendered; to be called once per change of the frame."""

    @property
    def edition(self) -> str:
        """Changes whenever a template does: then every page is baked anew."""

    def render(self, page: AnyPage) -> str: ...

    def assets(self, colour: str) -> tuple[Assets, tuple[AssetFile, ...]]:
        """Addresses for SiteFrame.assets and the files behind them, for a site of this colour (`#rrggbb`)."""
