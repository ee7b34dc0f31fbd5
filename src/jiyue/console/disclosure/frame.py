"""What the screens of 公开申请 share: how a request's state looks, its clock, the duty behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from jiyue.console.duties import words
from jiyue.console.office.frame import page as office_page
from jiyue.disclosure.models import SUBJECT, Request
from jiyue.disclosure.queries import duties_of
from jiyue.disclosure.words import APPLICANTS, STATES
from jiyue.domain.disclosure import State
from jiyue.domain.disclosure_outcomes import Applicant
from jiyue.obligations.models import Obligation
from jiyue.rules.queries import book

FOLDER = "disclosure"
TONES = {
    State.RECEIVED: "hollow", State.CORRECTING: "back", State.HANDLING: "one", State.CONSULTING: "three", State.PAYING: "back",
    State.REVIEWING: "two", State.READY: "seal", State.DECIDED: "full", State.WITHDRAWN: "bar",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A request in a list: its state in words, and how long is left."""

    asked: Request
    clock: words.Clock | None
    duty: Obligation | None

    @property
    def state(self) -> Any:
        return STATES[State(self.asked.state)]

    @property
    def applicant(self) -> Any:
        return APPLICANTS[Applicant(self.asked.applicant)]

    @property
    def tone(self) -> str:
        return TONES[State(self.asked.state)]


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Render one screen of the requests."""
    return office_page(request, template, folder=FOLDER, **context)


def rows_of(requests: Iterable[Request], *, now: datetime) -> list[Row]:
    """The requests with their clocks; the duties of all of them are read at once."""
    found = list(requests)
    duties = duties_of(f"{SUBJECT}{one.pk}" for one in found)
    rules = book() if duties else None
    return [_row(one, duties.get(f"{SUBJECT}{one.pk}"), rules, now) for one in found]


def _row(one: Request, duty: Obligation | None, rules: Any, now: datetime) -> Row:
    if duty is None:
        return Row(one, None, None)
    return Row(one, words.clock(duty, now=now, calendar=rules.calendar_for(duty.unit.lineage)), duty)
