"""Pages of what was written: articles, notices, policy documents, interpretations, galleries, plain pages."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

from jiyue.publishing.frame import Download, Link, LinkGroup, Picture, Validity, Video
from jiyue.publishing.pages.common import ListBlock, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A change made after publication, kept in sight with its old wording."""

    at: datetime
    what: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """What people may do under a page, as it was signed; moments are ISO 8601 or empty. The counter reads `data`.

    `home` and `at` are host and address of the page where it was published first, on a site that shows it by placement; what
    counts stands there (ADR 0037). `unit` is that site's name.
    """

    about: str
    version: str
    title: str
    takes_comments: bool
    takes_votes: bool
    opens_at: str = ""
    closes_at: str = ""
    named: str = ""
    home: str = ""
    at: str = ""
    unit: str = ""

    @property
    def data(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


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
    voices: Voices | None = None


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
class PublicQuestion:
    """A question of the public with the section of the interpretation that answers it; `title` is the interpretation's."""

    words: str
    address: str
    section: str = ""
    title: str = ""


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
    """A policy document with the facts of GB/T 33480 and the disclosure catalogue; absent facts are not shown.

    The shelves are where it stands in the policy library: with its issuers, its subject, and what it is needed for.
    `editions` are the document itself as files.
    """

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
    questions: tuple[PublicQuestion, ...] = ()
    issuer_shelves: tuple[Link, ...] = ()
    subject_shelves: tuple[Link, ...] = ()
    need_shelves: tuple[Link, ...] = ()
    editions: tuple[Download, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpretationPage(DocumentPage):
    """An interpretation (政策解读); `form` is worded (文字解读, 图表解读, 视频解读 …)."""

    template = "interpretation.html"

    form: str = ""
    interpreting_unit: str = ""
    policies: tuple[PolicyLink, ...] = ()
    questions: tuple[PublicQuestion, ...] = ()
    outline: tuple[OutlineItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryPage(DocumentPage):
    """Pictures and films, each at its own size with its words; nothing plays or moves by itself."""

    template = "gallery.html"

    pictures: tuple[Picture, ...] = ()
    videos: tuple[Video, ...] = ()


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
    work: "WorkFacts | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFacts:
    """What a task of the year (折子工程、便民实事、重点项目) is to reach, and where that was set (COL-11)."""

    kind: str
    year: int
    number: str
    target: str
    documents: tuple[PolicyLink, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPage(Page):
    template = "plain.html"

    body: str
    updated_at: datetime | None = None
