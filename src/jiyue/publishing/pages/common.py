"""What every page is made of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from jiyue.publishing.frame import Link, Picture, SiteFrame, Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class Crumb:
    title: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """The column a page stands in: words of the Column* tags, the channel to mark, the unit that keeps it."""

    name: str
    address: str
    description: str
    keywords: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    channel: str = ""
    keeper: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """One line of a list. `picture` is for lead stories and galleries.

    Of a document, `dated_on` is the day that it names itself, and `shelves` is where it stands in the policy library.

    Where `hour_known` is false only the day of `published_at` may be shown; `updated_at` is then when this site took the
    item in, for machines that want a moment.
    """

    title: str
    address: str
    published_at: datetime
    hour_known: bool = True
    updated_at: datetime | None = None
    source: str = ""
    summary: str = ""
    document_number: str = ""
    validity: Validity = ""
    picture: Picture | None = None
    issuer: str = ""
    dated_on: date | None = None
    shelves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlock:
    """A short list under its own heading, with `address` for 更多; `empty_why` says why there is nothing yet."""

    title: str
    address: str = ""
    items: tuple[ListItem, ...] = ()
    empty_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What all pages know. `canonical` is absolute and, for a placed item, the address at its origin.

    `crumbs` begin below the home page, which every trail starts with. A feed is Atom when its address says so.
    """

    template: ClassVar[str]

    frame: SiteFrame
    title: str
    address: str
    canonical: str
    description: str = ""
    keywords: tuple[str, ...] = ()
    column: ColumnFacts | None = None
    crumbs: tuple[Crumb, ...] = ()
    feeds: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """An answered letter in a list."""

    item: ListItem
    letter_kind: str
    unit: str
    accepted_on: date | None
    answered_on: date | None
    addressee: str = ""
