"""Pages that lead to others: home, columns, years, site map, search."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from jiyue.publishing.frame import Link, LinkGroup, Picture, Window
from jiyue.publishing.pages.common import ListBlock, ListItem, Page
from jiyue.publishing.pages.services import ServiceEntrance


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
    services: ServiceEntrance | None = None
    topics: tuple[TopicCard, ...] = ()
    topics_address: str = ""
    neighbours: tuple[LinkGroup, ...] = ()
    window: Window | None = None


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
    library: Link | None = None


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
class LibraryLine:
    """A document of the policy library: `item.address` is absolute where another site keeps it."""

    item: ListItem
    interpretations: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPage(Page):
    """A page of the policy library (政策文件库): its front, a shelf, or a year of a shelf.

    `facets` stand on the front, with the number of documents as note. `asked` are the parameters that the search page
    takes for the same choice, as far as it knows it (`is_narrowed`). `number` counts from the oldest page of a year, so
    that a full page never changes.
    """

    template = "policy_library.html"

    lead: str
    items: tuple[LibraryLine, ...] = ()
    total: int | None = None
    facets: tuple[LinkGroup, ...] = ()
    years: tuple[Link, ...] = ()
    shelf: Link | None = None
    other: Link | None = None
    asked: tuple[tuple[str, str], ...] = ()
    is_narrowed: bool = False
    number: int | None = None
    newer: str = ""
    older: str = ""
    empty_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMapPage(Page):
    template = "site_map.html"

    groups: tuple[LinkGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderMailbox:
    """A leader who may be written to; a closed mailbox says in `words` why (INT-15). `leader` is the record's identity."""

    leader: str
    name: str
    post: str
    words: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterPage(Page):
    """The frame of the pages on which people write letters. As it lies it says that nobody answers.

    `beside` leads to what belongs beside the asking for information: the site's guide and its annual reports (DISC-03);
    `mailboxes` are the leaders whom it offers to write to, `limits` says by when letters are answered, class by class where
    the rule has classes, in the words of the rule packs (INT-04).
    """

    template = "counter.html"
    beside: tuple[Link, ...] = ()
    mailboxes: tuple[LeaderMailbox, ...] = ()
    limits: tuple[str, ...] = ()

    @property
    def mailboxes_data(self) -> str:
        """The same for the process that answers in this frame, which reads nothing but the frame."""
        return json.dumps([asdict(each) for each in self.mailboxes], ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Page):
    """The frame of the search page. Baked like any other, with a place between two marks that live answers are put
    into; as it lies it says that nobody answers.
    """

    template = "search.html"
