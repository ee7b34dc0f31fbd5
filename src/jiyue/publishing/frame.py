"""The small parts pages are made of, and the frame that all pages of one site share. Plain data, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

# 未生效, 有效, 已修改, 已废止, 已失效; empty: the document does not say.
Validity = Literal["", "unchecked", "not_yet", "valid", "amended", "repealed", "expired", "coming", "open", "over"]
NoticeKind = Literal["migration", "closure", "offline", "pause", "emergency", "other"]
STANDARD_CHANNELS = ("zwdt", "zwgk", "zwfw", "zmhd", "ztzl")  # 政务动态 政务公开 政务服务 政民互动 专题专栏


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    title: str
    address: str
    note: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkGroup:
    title: str
    links: tuple[Link, ...]
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """`alt` is empty only for a decorative picture. Width and height are those of the file, in pixels."""

    address: str
    alt: str
    width: int
    height: int
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    address: str
    title: str
    poster: str = ""
    transcript: str = ""
    kind: Literal["video", "audio"] = "video"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file to take away; `size` in bytes, `pages` when the kind of file has pages."""

    title: str
    address: str
    kind: str
    size: int
    pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A mark of the footer: the words, where they lead, and a picture of our own host (never of another).

    `width` and `height` are what the footer gives the picture, in CSS pixels.
    """

    text: str
    address: str = ""
    image: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """飘窗: what floats over the home page until its end."""

    title: str
    address: str
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One of the five standard channels (Hebi art. 23); `key` is one of STANDARD_CHANNELS."""

    key: str
    title: str
    address: str
    children: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A life-cycle notice in force when the page was baked, half-open: [`starts_at`, `ends_at`)."""

    kind: NoticeKind
    text: str
    starts_at: datetime
    ends_at: datetime | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """Addresses of what a page loads; file names carry a digest, so they never change under an address.

    `counter_script` is loaded by pages of the counter alone, `voices_script` by pages that take comments or votes.
    """

    stylesheet: str
    site_stylesheet: str
    script: str
    counter_script: str = ""
    voices_script: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragments:
    """The parts that all pages of a site share, rendered once. `header` has one variant per channel, and ""."""

    head: str
    header: Mapping[str, str]
    footer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFrame:
    """What every page of one site shows around its own matter.

    `origin` is scheme and host (and port, if any) without a slash. `colour` is `#rrggbb`. `blocks` are the codes of
    the switched-on blocks. `mourning` bakes the grey mode. `notices` are those in force at baking time; give them to
    every page that shall show them (the home page must: Hubei art. 13). `preview` marks pages of the console that show
    a draft; such a page is never baked.
    """

    name: str
    host: str
    origin: str
    identification_code: str
    icp: Mark
    police_filing: Mark
    party_mark: Mark
    owner: str
    contact: Contact
    colour: str
    assets: Assets
    error_report_address: str
    error_report: Mark | None = None
    mark: str = ""
    name_foreign: str = ""
    operator: str = ""
    language: str = "zh-CN"
    channels: tuple[Channel, ...] = ()
    notices: tuple[Notice, ...] = ()
    site_map: tuple[LinkGroup, ...] = ()
    site_map_address: str = "/wzdt.html"
    editions: tuple[Link, ...] = ()
    group_portal: Link | None = None
    blocks: frozenset[str] = frozenset()
    mourning: bool = False
    preview: bool = False
    fragments: Fragments | None = field(default=None, compare=False, repr=False)


def missing_marks(frame: SiteFrame) -> tuple[str, ...]:
    """Codes of the seven marks of the footer that this frame lacks; a site with any is not baked (Hubei art. 15)."""
    marks = {
        "party_mark": frame.party_mark.text,
        "identification_code": frame.identification_code,
        "icp": frame.icp.text,
        "police_filing": frame.police_filing.text,
        "owner_and_contact": frame.owner and (frame.contact.phone or frame.contact.email or frame.contact.address),
        "error_report": frame.error_report_address,
        "site_map": frame.site_map_address,
    }
    return tuple(code for code, value in marks.items() if not value)
