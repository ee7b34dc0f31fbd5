"""Pages of who governs: leaders and institutions."""

from dataclasses import dataclass
from datetime import datetime

from jiyue.publishing.frame import Link, Picture
from jiyue.publishing.pages.common import ListBlock, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderCard:
    name: str
    post: str
    address: str
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderGroup:
    title: str
    leaders: tuple[LeaderCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadersPage(Page):
    template = "leaders.html"

    groups: tuple[LeaderGroup, ...] = ()
    empty_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderPage(Page):
    """One leader: `duties` is the division of work in words, `body` the curriculum vitae as HTML."""

    template = "leader.html"

    name: str
    post: str
    duties: str = ""
    body: str = ""
    picture: Picture | None = None
    published_at: datetime
    hour_known: bool = True
    lists: tuple[ListBlock, ...] = ()
    others: tuple[LeaderCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionLine:
    name: str
    address: str
    phone: str = ""
    duties: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionGroup:
    title: str
    institutions: tuple[InstitutionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionsPage(Page):
    template = "institutions.html"

    groups: tuple[InstitutionGroup, ...] = ()
    empty_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerOffice:
    name: str
    duties: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionPage(Page):
    """One institution: `body` holds its functions as HTML; the other facts are shown as a quiet table."""

    template = "institution.html"

    name: str
    published_at: datetime
    hour_known: bool = True
    head: str = ""
    body: str = ""
    office_address: str = ""
    office_hours: str = ""
    phone: str = ""
    fax: str = ""
    postcode: str = ""
    website: Link | None = None
    inner_offices: tuple[InnerOffice, ...] = ()
