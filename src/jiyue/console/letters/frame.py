"""What the screens of 信件 share: how a letter's state looks, its clock, the duty behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiyue.console.duties import words
from jiyue.console.duties.reasons import Reason, of_obligation
from jiyue.console.office.frame import page as office_page
from jiyue.domain.cases import Kind, State
from jiyue.interaction.duties import ANSWERING
from jiyue.interaction.models import Case
from jiyue.interaction.words import KINDS, STATES
from jiyue.obligations.models import Obligation
from jiyue.rules.queries import book

FOLDER = "letters"
TONES = {
    State.RECEIVED: "hollow", State.INCOMPLETE: "back", State.RETURNED: "bar", State.ACCEPTED: "hollow",
    State.HANDLING: "one", State.WAITING: "back", State.REVIEWING: "two", State.PASSING: "three", State.READY: "seal",
    State.ANSWERED: "full", State.CLOSED: "full", State.DISPUTED: "cross", State.WITHDRAWN: "bar", State.MERGED: "bar",
}  # fmt: skip

# Whose word is waited for, where nobody is named.
AWAITED = {
    State.RECEIVED: gettext_lazy("信件受理人"), State.INCOMPLETE: gettext_lazy("来信人"),
    State.ACCEPTED: gettext_lazy("信件受理人"), State.HANDLING: gettext_lazy("信件承办人"),
    State.WAITING: gettext_lazy("来信人"), State.REVIEWING: gettext_lazy("答复审核人"),
    State.READY: gettext_lazy("信件承办人"), State.DISPUTED: gettext_lazy("信件受理人"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A letter in a list: its state in words, and how long is left."""

    case: Case
    clock: words.Clock | None
    duty: Obligation | None

    @property
    def state(self) -> Any:
        return STATES[State(self.case.state)]

    @property
    def kind(self) -> Any:
        return KINDS[Kind(self.case.kind)]

    @property
    def tone(self) -> str:
        return TONES[State(self.case.state)]


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Render one screen of the letters."""
    return office_page(request, template, folder=FOLDER, **context)


def rows_of(cases: Iterable[Case], *, now: datetime) -> list[Row]:
    """The letters with their clocks; the duties of all of them are read at once."""
    found = list(cases)
    subjects = {f"letter:{case.pk}": case for case in found}
    duties = Obligation.objects.filter(subject__in=list(subjects), parameter__in=ANSWERING).order_by("started_at")
    newest = {duty.subject: duty for duty in duties.select_related("rule", "unit")}
    rules = book() if newest else None
    return [_row(case, newest.get(f"letter:{case.pk}"), rules, now) for case in found]


def awaited(case: Case) -> str:
    """Whose word the letter waits for; empty when for nobody's."""
    if case.state in (State.HANDLING, State.READY) and case.handler is not None:
        return str(case.handler.name)
    if case.state == State.PASSING and case.level is not None:
        return str(case.level.name)
    return str(AWAITED.get(State(case.state), ""))


def reason_of(duty: Obligation | None) -> Reason | None:
    """Why that day, by rule and article."""
    return of_obligation(duty, calendar=book().calendar_for(duty.unit.lineage)) if duty is not None else None


def _row(case: Case, duty: Obligation | None, rules: Any, now: datetime) -> Row:
    if duty is None or duty.started_at != case.clock_at:
        return Row(case, None, None)
    return Row(case, words.clock(duty, now=now, calendar=rules.calendar_for(duty.unit.lineage)), duty)
