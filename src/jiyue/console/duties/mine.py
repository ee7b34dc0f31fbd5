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
from jiyue.console.work import Line, lines_for
from jiyue.domain.todo import Todo
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
        "now": now,
        "writes": rules.writes(request.user),
        "reads": rules.reads_content(request.user),
    }
    return TemplateResponse(request, "console/work.html", context)


def shown(lines: Iterable[Line], *, now: datetime) -> list[Shown]:
    """The lines with their clocks; the rules of all of them are read at once."""
    rows = list(lines)
    keys = [int(line.todo.ref) for line in rows if line.todo.kind == KIND]
    duties = Obligation.objects.filter(pk__in=keys).select_related("rule", "unit").in_bulk() if keys else {}
    rules_ = book() if keys else None
    return [_shown(line, duties, rules_, now) for line in rows]


def _shown(line: Line, duties, rules_: Book | None, now: datetime) -> Shown:
    duty = duties.get(int(line.todo.ref)) if line.todo.kind == KIND else None
    if duty is None or rules_ is None:
        return Shown(line)
    days = rules_.calendar_for(duty.unit.lineage)
    clock = words.clock(duty, now=now, calendar=days)
    return Shown(line, clock, reasons.short(duty), reasons.of_obligation(duty, calendar=days))
