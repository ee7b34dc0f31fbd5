"""我的工作: the first page after signing in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from jiyue.console import rules
from jiyue.console.duties import reasons, words
from jiyue.console.duties.reasons import Reason
from jiyue.console.duties.watching import watch_of
from jiyue.console.work import Line, lines_for
from jiyue.disclosure.models import SUBJECT as REQUESTS
from jiyue.disclosure.queries import KIND as REQUEST
from jiyue.disclosure.queries import duties_of
from jiyue.domain.todo import Todo
from jiyue.interaction.duties import ANSWERING
from jiyue.interaction.queries import KIND as LETTER
from jiyue.interaction.queries import LED
from jiyue.obligations.models import Obligation
from jiyue.obligations.queries import KIND
from jiyue.rules.queries import Book, book

MOST_SHOWN = 50


@dataclass(frozen=True)
class Shown:
    """A line with how late it is and by which rule, where a rule stands behind it."""

    line: Line
    clock: words.Clock | None = None
    why: str = ""
    reason: Reason | None = None

    @property
    def todo(self) -> Todo:
        return self.line.todo


def my_work(request: HttpRequest) -> HttpResponse:
    """What waits for this person, of all sites, by the clock."""
    now = timezone.now()
    lines = lines_for(request.user)
    waiting = [line for line in lines if line.todo.kind != "draft"]
    drafts = [line for line in lines if line.todo.kind == "draft"]
    context = {
        "duties": shown(waiting[:MOST_SHOWN], now=now),
        "duties_left_out": max(0, len(waiting) - MOST_SHOWN),
        "drafts": shown(drafts[:MOST_SHOWN], now=now),
        "watch": watch_of(request.user, now),
        "now": now,
        "writes": rules.writes(request.user),
        "reads": rules.reads_content(request.user),
    }
    return TemplateResponse(request, "console/work.html", context)


def shown(lines: Iterable[Line], *, now: datetime) -> list[Shown]:
    """The lines with their clocks; the rules of all of them are read at once."""
    rows = list(lines)
    keys = [int(line.todo.ref) for line in rows if line.todo.kind == KIND]
    found = Obligation.objects.filter(pk__in=keys).select_related("rule", "unit") if keys else ()
    duties = {(KIND, str(duty.pk)): duty for duty in found} | of_letters(rows) | of_requests(rows)
    rules_ = book() if duties else None
    return [_shown(line, duties, rules_, now) for line in rows]


def of_letters(lines: Iterable[Line]) -> dict[tuple[str, str], Obligation]:
    """The duty to answer behind each letter in the list."""
    found = [line.todo for line in lines if line.todo.kind in (LETTER, LED)]
    refs = {f"letter:{todo.ref}": (todo.kind, todo.ref) for todo in found}
    if not refs:
        return {}
    duties = Obligation.objects.pending().filter(subject__in=list(refs), parameter__in=ANSWERING)
    return {refs[duty.subject]: duty for duty in duties.select_related("rule", "unit")}


def of_requests(lines: Iterable[Line]) -> dict[tuple[str, str], Obligation]:
    """What is owed first of each disclosure request in the list."""
    refs = {f"{REQUESTS}{line.todo.ref}": (REQUEST, line.todo.ref) for line in lines if line.todo.kind == REQUEST}
    return {refs[subject]: duty for subject, duty in duties_of(refs).items()} if refs else {}


def _shown(line: Line, duties, rules_: Book | None, now: datetime) -> Shown:
    duty = duties.get((line.todo.kind, line.todo.ref))
    if duty is None or rules_ is None:
        return Shown(line)
    days = rules_.calendar_for(duty.unit.lineage)
    clock = words.clock(duty, now=now, calendar=days)
    return Shown(line, clock, reasons.short(duty), reasons.of_obligation(duty, calendar=days))
