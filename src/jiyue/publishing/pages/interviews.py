"""Pages of interviews and of their transcripts."""

from dataclasses import dataclass
from datetime import datetime

from jiyue.publishing.frame import Link, Picture
from jiyue.publishing.pages.documents import DocumentPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Seated:
    """Somebody who sits at the interview."""

    name: str
    post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewPage(DocumentPage):
    """The announcement. `state` is coming, open or over; `ask` and `live` are empty where there is nothing of the kind."""

    template = "interview.html"

    purpose: str
    asked_by: str
    opens_at: datetime
    closes_at: datetime
    state: str
    host_name: str = ""
    guests: tuple[Seated, ...] = ()
    picture: Picture | None = None
    contact: str = ""
    ask: str = ""
    live: str = ""
    video: str = ""
    transcripts: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptPage(DocumentPage):
    template = "transcript.html"

    interview: Link | None = None
    opens_at: datetime | None = None
    host_name: str = ""
    guests: tuple[Seated, ...] = ()
    video: str = ""
