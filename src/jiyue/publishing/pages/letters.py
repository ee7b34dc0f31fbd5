"""Pages of 来信公开: an answer, the list with its facets, the figures."""

from dataclasses import dataclass
from datetime import date

from jiyue.publishing.frame import Link
from jiyue.publishing.pages.common import AnswerLine, Page
from jiyue.publishing.pages.documents import DocumentPage
from jiyue.publishing.pages.services import Facet


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAnswerPage(DocumentPage):
    """A letter and its answer (INT-05). `question` and `answer` are paragraphs; `rating` is 1 to 5, None unrated.

    `services` are the guides of the item that it is about; without an address the name of the item alone.
    """

    template = "public_answer.html"

    letter_kind: str
    unit: str
    received_on: date | None
    accepted_on: date | None
    answered_on: date | None
    question: tuple[str, ...]
    answer: tuple[str, ...]
    rating: int | None = None
    addressee: str = ""
    services: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage(Page):
    """来信公开: the newest answers, those of one value of a facet (`total` counts all of them), or a closed list page."""

    template = "answers.html"

    lines: tuple[AnswerLine, ...] = ()
    total: int = 0
    facets: tuple[Facet, ...] = ()
    years: tuple[Link, ...] = ()
    entrance: Link | None = None
    figures: Link | None = None
    number: int | None = None
    newer: str = ""
    older: str = ""
    writes: bool = False
    empty_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a chart: its words, its number, and its length in per mille of the longest."""

    title: str
    value: int
    length: int
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars with a name. The same numbers stand in a table of the page."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """One line of figures; shares in words, "—" where there is nothing to divide."""

    title: str
    received: int
    answered: int
    in_time: str
    median: str
    satisfaction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkLine:
    """One line of figures of live enquiries; shares in words, "—" where there is nothing to divide."""

    title: str
    held: int
    taken: int
    in_time: str
    letters: int
    satisfaction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFiguresPage(Page):
    """来信办理统计 of one year, of a site and what lies below it, as of a day."""

    template = "letter_figures.html"

    year: int
    as_of: date | None
    whole: FigureLine | None
    kinds: tuple[FigureLine, ...] = ()
    channels: tuple[FigureLine, ...] = ()
    classes: tuple[FigureLine, ...] = ()
    units: tuple[FigureLine, ...] = ()
    charts: tuple[Chart, ...] = ()
    talks: tuple[TalkLine, ...] = ()
    years: tuple[Link, ...] = ()
    entrance: Link | None = None
