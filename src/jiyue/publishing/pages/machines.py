"""What machines read: feeds, site maps, robots.txt."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from jiyue.publishing.pages.common import ListItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """RSS 2.0 or Atom; `address` is that of the feed, `home` that of the column, both absolute, items' too."""

    form: Literal["rss", "atom"]
    title: str
    address: str
    home: str
    description: str
    updated_at: datetime
    items: tuple[ListItem, ...]
    author: str
    language: str = "zh-CN"

    @property
    def template(self) -> str:
        return f"feed.{self.form}.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMapEntry:
    """An absolute address and when what is there last changed."""

    address: str
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMapXml:
    """A part of `sitemap.xml` (at most 50,000 entries), or with `index` the list of the parts."""

    entries: tuple[SiteMapEntry, ...]
    index: bool = False

    @property
    def template(self) -> str:
        return "sitemap_index.xml" if self.index else "sitemap.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    site_map: str
    refused: tuple[str, ...] = ()
    template: ClassVar[str] = "robots.txt"
