"""Pages of 办事服务: a guide, the entrance, its lists, the catalogue of items."""

from dataclasses import dataclass

from jiyue.publishing.frame import Download, Link
from jiyue.publishing.pages.common import AnswerLine, Page
from jiyue.publishing.pages.documents import DocumentPage, InterpretationLink, PolicyLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a guide's table: its name, and one or more lines of text."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideMaterial:
    """What one brings. `asked` are words (原件, 2 份, 申请人自备); the three files are for a form (SERV-04)."""

    name: str
    asked: tuple[str, ...] = ()
    needed_when: str = ""
    instructions: tuple[str, ...] = ()
    blank: Download | None = None
    instructions_file: Download | None = None
    sample: Download | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideStep:
    name: str
    what: str
    how_long: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideQuestion:
    question: str
    answer: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceGuidePage(DocumentPage):
    """A guide as tables. `glance` is what most readers came for; `online` leads to the handling system (`note`: its host).

    `depth` says in words how far one gets online. `answers` are letters about the item with their answers, the newest;
    `all_answers` leads to the others. Who follows `write` asks about this very item.
    """

    template = "service_guide.html"

    item_class: str = ""
    depth: str = ""
    glance: tuple[Row, ...] = ()
    rows: tuple[Row, ...] = ()
    more: tuple[Row, ...] = ()
    materials: tuple[GuideMaterial, ...] = ()
    steps: tuple[GuideStep, ...] = ()
    questions: tuple[GuideQuestion, ...] = ()
    online: Link | None = None
    links: tuple[Link, ...] = ()
    policies: tuple[PolicyLink, ...] = ()
    interpretations: tuple[InterpretationLink, ...] = ()
    telephone: str = ""
    place: str = ""
    operator: str = ""
    audiences: tuple[str, ...] = ()
    answers: tuple[AnswerLine, ...] = ()
    all_answers: str = ""
    write: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideLine:
    """A guide in a list: who handles it, what kind of item it is, how far online, and where to go at once."""

    title: str
    address: str
    unit: str
    item_class: str = ""
    depth: str = ""
    online: Link | None = None
    forms: str = ""
    consultation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A way to narrow the services: its name and its values with the number of guides as note; none is left out."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReach:
    """How many of the guides of one site can be applied for online; `share` in percent, rounded down."""

    name: str
    address: str
    total: int
    online: int
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesPage(Page):
    """办事服务: the one entrance of a site (SERV-01). `themes` are those of the rules in force, empty ones too.

    `entries` are the ways to approval, mailbox, call centre and agency; `reach` has a line for each site of a group.
    """

    template = "services.html"

    total: int
    catalogue: Link
    audiences: tuple[Link, ...] = ()
    modes: tuple[Link, ...] = ()
    themes: Facet | None = None
    events: Facet | None = None
    units: Facet | None = None
    entries: tuple[Link, ...] = ()
    reach: tuple[SiteReach, ...] = ()
    guides: tuple[GuideLine, ...] = ()
    empty_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceListPage(Page):
    """The guides of one value of a facet; `facet` has all its values, the present one marked."""

    template = "service_list.html"

    facet: Facet
    guides: tuple[GuideLine, ...] = ()
    empty_why: str = ""
    entrance: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueLine:
    """One item of the catalogue with the guides of all units that handle it."""

    code: str
    name: str
    audiences: str
    charge: str
    guides: tuple[GuideLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueClass:
    """The items of one class; a class that must be there and has none says so."""

    title: str
    anchor: str
    lines: tuple[CatalogueLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCataloguePage(Page):
    """政务服务事项目录 (SERV-02, SERV-07)."""

    template = "service_catalogue.html"

    classes: tuple[CatalogueClass, ...] = ()
    total: int = 0
    entrance: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntrance:
    """What a home page shows of the services: the way in, for whom, and by theme."""

    link: Link
    total: int
    audiences: tuple[Link, ...] = ()
    themes: tuple[Link, ...] = ()
