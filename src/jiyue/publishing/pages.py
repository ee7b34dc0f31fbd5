"""Every public page as plain data: what the baker fills in and what the portal's templates may read.

Nothing here knows a database, a request or a template engine. Every moment is an aware `datetime`; every day is a
`date`. Addresses inside the site are root-relative (`/zwgk/…`); only `canonical` and links to other hosts are absolute.
`body` and the other fields named `*_html` or `body` hold HTML that the review sanitised at submission; the templates
escape every other string.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, Protocol

from jiyue.publishing.frame import (
    Assets,
    Download,
    Link,
    LinkGroup,
    Picture,
    SiteFrame,
    Validity,
    Video,
)


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
class TopicCard:
    title: str
    address: str
    summary: str = ""
    picture: Picture | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    """A block is shown only when there is something in it. `doors` are 我要办, 我要查, 我要说 as words."""

    template = "home.html"

    lead: ListItem | None = None
    headlines: ListBlock | None = None
    lists: tuple[ListBlock, ...] = ()
    doors: tuple[LinkGroup, ...] = ()
    topics: tuple[TopicCard, ...] = ()
    topics_address: str = ""
    neighbours: tuple[LinkGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPage(Page):
    """A list of a column.

    `number` counts from the oldest page, so a full page never changes; None is the newest page (`index.html`).
    `total` is the number of items of the column and belongs to the newest page only: on a numbered page it would
    force every page to be baked again for each new item. `lists` are the newest of each sub-column, for a column that
    is a gate to others. `years` are filters; the current one is marked. `pictured` shows cards instead of lines.
    """

    template = "column.html"

    items: tuple[ListItem, ...] = ()
    lists: tuple[ListBlock, ...] = ()
    number: int | None = None
    newer: str = ""
    older: str = ""
    total: int | None = None
    empty_why: str = ""
    years: tuple[Link, ...] = ()
    siblings: tuple[Link, ...] = ()
    pictured: bool = False
    expected_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPage(Page):
    """What a column published in one year, by month, newest first.

    A year too long for one page shows its newest; `gates` then lead into the column's list, month by month, with the
    number of items as note. `years` are all years of the column, the present one marked.
    """

    template = "year.html"

    year: int
    total: int
    months: tuple[ListBlock, ...] = ()
    gates: tuple[Link, ...] = ()
    years: tuple[Link, ...] = ()
    siblings: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A change made after publication, kept in sight with its old wording."""

    at: datetime
    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage(Page):
    """What article, notice, policy document and interpretation have in common.

    `images` are addresses of pictures in the text (tag `Image`). `origin` is where a placed item comes from.
    `banner` is a worded warning above the text (repealed, corrected, archived). `related` are groups of links.
    Where `hour_known` is false only the day of `published_at` may be shown.
    """

    published_at: datetime
    source: str
    body: str
    hour_known: bool = True
    author: str = ""
    editor: str = ""
    subtitle: str = ""
    images: tuple[str, ...] = ()
    origin: Link | None = None
    banner: str = ""
    corrections: tuple[Correction, ...] = ()
    downloads: tuple[Download, ...] = ()
    related: tuple[LinkGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage(DocumentPage):
    template = "article.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage(DocumentPage):
    """A notice (通知公告): an article that may carry a number and a day until which it applies."""

    template = "notice.html"

    document_number: str = ""
    issuer: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLink:
    title: str
    address: str
    document_number: str = ""
    published_at: datetime | None = None
    hour_known: bool = True
    validity: Validity = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpretationLink:
    title: str
    address: str
    form: str
    published_at: datetime
    hour_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTie:
    """How a document hangs together with another: `how` is amended_by, repealed_by, amends or repeals, from `on`."""

    how: str
    on: date
    title: str
    address: str
    document_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineItem:
    """A heading or article of the text: `anchor` is an id inside `body`; level 1 chapter, 2 section, 3 article."""

    title: str
    anchor: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDocumentPage(DocumentPage):
    """A policy document with the facts of GB/T 33480 and the disclosure catalogue; absent facts are not shown."""

    template = "policy_document.html"

    index_number: str = ""
    document_number: str = ""
    issuers: tuple[str, ...] = ()
    drafting_unit: str = ""
    written_on: date | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    validity: Validity = ""
    validity_note: str = ""
    lineage: tuple[DocumentTie, ...] = ()
    subject_class: str = ""
    public_scope: str = ""
    outline: tuple[OutlineItem, ...] = ()
    interpretations: tuple[InterpretationLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpretationPage(DocumentPage):
    """An interpretation (政策解读); `form` is worded (文字解读, 图表解读, 视频解读 …)."""

    template = "interpretation.html"

    form: str = ""
    interpreting_unit: str = ""
    policies: tuple[PolicyLink, ...] = ()
    outline: tuple[OutlineItem, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage(Page):
    """A topic (专题). An ended one stays readable and is marked 已归档 with its day (development guideline, annex)."""

    template = "topic.html"

    purpose: str = ""
    keeper: str = ""
    picture: Picture | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    archived_on: date | None = None
    body: str = ""
    lists: tuple[ListBlock, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryPage(DocumentPage):
    """Pictures and films, each at its own size with its words; nothing plays or moves by itself."""

    template = "gallery.html"

    pictures: tuple[Picture, ...] = ()
    videos: tuple[Video, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPage(Page):
    template = "plain.html"

    body: str
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMapPage(Page):
    template = "site_map.html"

    groups: tuple[LinkGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Page):
    """The frame of the search page. Baked like any other, with a place between two marks that live answers are put
    into; as it lies it says that nobody answers.
    """

    template = "search.html"


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
