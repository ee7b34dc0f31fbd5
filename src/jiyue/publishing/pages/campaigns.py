"""Pages of surveys, opinion calls and what came of them."""

from dataclasses import dataclass
from datetime import datetime

from jiyue.publishing.frame import Link
from jiyue.publishing.pages.documents import DocumentPage


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPage(DocumentPage):
    """What surveys and opinion calls have in common. `state` is coming, open or over; `join` is empty unless it is open."""

    purpose: str
    asked_by: str
    opens_at: datetime
    closes_at: datetime
    state: str
    contact: str = ""
    join: str = ""
    results: tuple[Link, ...] = ()
    documents: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPage(CampaignPage):
    template = "survey.html"

    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionCallPage(CampaignPage):
    """The draft is the body; each part of it leads to where an opinion on it is written, while it is open."""

    template = "opinion_call.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyBar:
    """One line of a chart: how many, which share of a hundred (with a decimal), and a word more."""

    label: str
    count: int
    share: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyChart:
    """The answers to one question. A matrix has a chart for each row in `parts`."""

    title: str
    answered: int
    note: str = ""
    bars: tuple[TallyBar, ...] = ()
    parts: "tuple[TallyChart, ...]" = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """What became of a group of opinions."""

    title: str
    summary: str
    count: int
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignResultPage(DocumentPage):
    template = "campaign_result.html"

    total: int
    counted_at: datetime
    campaign: Link | None = None
    asked_by: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    charts: tuple[TallyChart, ...] = ()
    outcomes: tuple[TallyBar, ...] = ()
    treated: tuple[Treated, ...] = ()
    documents: tuple[Link, ...] = ()
