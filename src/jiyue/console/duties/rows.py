"""The one list: duties and what other apps have, merged by the clock, each as a row ready to be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from operator import itemgetter
from typing import Any

from django.db.models import Case, When
from django.urls import reverse
from django.utils.translation import gettext as _

from jiyue.console import work
from jiyue.console.duties import reasons, words
from jiyue.console.duties.asked import PER_PAGE, Asked
from jiyue.console.duties.reasons import Reason
from jiyue.console.gate import may_open
from jiyue.console.work import Line
from jiyue.domain.todo import Todo
from jiyue.obligations.models import Obligation
from jiyue.obligations.queries import KIND as OBLIGATION
from jiyue.obligations.queries import is_recorded_late
from jiyue.publishing.models import Publication
from jiyue.review.models import Review, Subject
from jiyue.review.policies import visible_reviews
from jiyue.review.queries import TitleIn, title_of

MOST_OTHERS = 200
_key = itemgetter(0)


@dataclass(frozen=True)
class Row:
    """One line of a list: `duty` with its reason, or `todo` of another app with the one act for it."""

    title: str
    why: str
    where: str
    address: str
    at: datetime
    clock: words.Clock | None = None
    duty: Obligation | None = None
    reason: Reason | None = None
    todo: Todo | None = None
    act: Any = ""
    state: str = ""
    person: str = ""
    late_record: bool = False


@dataclass(frozen=True)
class Found:
    rows: list[Row]
    more: bool


def found(asked: Asked) -> Found:
    """The asked page, with the same number of questions however many there are."""
    others = other_lines(asked) if asked.with_others else []
    start, stop = (asked.page - 1) * PER_PAGE, asked.page * PER_PAGE + 1
    if not others:
        rows = [duty_row(one, asked) for one in asked.duties()[start:stop]]
        return Found(rows[:PER_PAGE], len(rows) > PER_PAGE)
    duties = list(asked.duties()[:stop])
    merged = sorted([*map(_key_of_duty, duties), *map(_key_of_line, others)], key=lambda pair: pair[0])[start:stop]
    rows = [_row(thing, asked) for _key, thing in merged]
    return Found(rows[:PER_PAGE], len(rows) > PER_PAGE)


def every_row(asked: Asked, most: int) -> Iterable[Row]:
    """All rows of a question in the same order, at most so many; for a file."""
    others = sorted(map(_key_of_line, other_lines(asked) if asked.with_others else []), key=_key)
    for _when, thing in merge(others, map(_key_of_duty, asked.duties()[:most]), key=_key):
        yield duty_row(thing, asked, with_days=False) if isinstance(thing, Obligation) else line_row(thing)


def duty_row(duty: Obligation, asked: Asked, *, with_days: bool = True) -> Row:
    """A duty as a row; without days it costs no computing."""
    return Row(
        title=duty.title,
        why=reasons.short(duty),
        where=duty.site.name if duty.site else duty.unit.name,
        address=reverse("console_duty", args=[duty.pk]),
        at=duty.act_by,
        clock=words.clock(duty, now=asked.now, calendar=asked.calendar_of(duty)),
        duty=duty,
        reason=reasons.of_obligation(duty, calendar=asked.calendar_of(duty)) if with_days else None,
        act=_("办理"),
        state=duty.state(asked.now),
        person=duty.person.name if duty.person else "",
        late_record=is_recorded_late(duty),
    )


def line_row(line: Line) -> Row:
    """Work of another app as a row."""
    todo = line.todo
    return Row(
        title=todo.title, why=todo.what, where=todo.site, address=line.address, at=todo.due or todo.since, todo=todo,
        act=line.act.label, state=todo.state,
    )  # fmt: skip


def other_lines(asked: Asked) -> list[Line]:
    """What other apps have: for the person herself, or for everybody of a site, a unit or all she may read."""
    if asked.mine:
        return [line for line in work.lines_for(asked.user) if line.todo.kind not in (OBLIGATION, "draft")]
    return [*_reviews(asked), *_failures(asked)]


def _reviews(asked: Asked) -> list[Line]:
    rows = visible_reviews(asked.user).filter(status=Review.Status.OPEN, **_inside(asked))
    placed = Case(When(version__subject__in=[Subject.PLACEMENT, Subject.TAKING], then=TitleIn("version__content")))
    rows = rows.select_related("site", "version", "version__record", "submitted_by").annotate(placed_title=placed)
    rows = rows.defer("version__content", "version__record__body").order_by("-emergency", "waiting_since", "pk")
    return [_line(asked, _review(review)) for review in rows[:MOST_OTHERS]]


def _review(review: Review) -> Todo:
    record = review.version.record
    what = record.get_kind_display() if record else review.version.get_subject_display()
    return Todo(
        kind="review", ref=str(review.pk), site=review.site.name, title=title_of(review), what=str(what),
        state=review.level, since=review.waiting_since, emergency=review.emergency,
    )  # fmt: skip


def _failures(asked: Asked) -> list[Line]:
    if not may_open(asked.user, "console_publications"):
        return []
    rows = Publication.objects.filter(state=Publication.State.FAILED, **_inside(asked))
    return [_line(asked, todo) for todo in work.failed_in(rows, asked.user)]


def _inside(asked: Asked) -> dict[str, Any]:
    inside: dict[str, Any] = {"site": asked.site} if asked.site else {}
    return inside | ({"site__owner": asked.unit} if asked.unit else {})


def _line(asked: Asked, todo: Todo) -> Line:
    return work.line_of(asked.user, todo)


def _key_of_duty(duty: Obligation) -> tuple[tuple, Obligation]:
    return (True, duty.act_by, "", duty.pk), duty


def _key_of_line(line: Line) -> tuple[tuple, Line]:
    todo = line.todo
    return (not todo.emergency, todo.due or todo.since, todo.kind, int(todo.ref) if todo.ref.isdecimal() else 0), line


def _row(thing: Obligation | Line, asked: Asked) -> Row:
    return line_row(thing) if isinstance(thing, Line) else duty_row(thing, asked)
