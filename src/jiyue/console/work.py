"""我的工作: what waits for this person, of all sites, by the clock (D5)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiyue.console import rules
from jiyue.console.gate import may_open
from jiyue.console.library import placements
from jiyue.content.queries import todo_for as unfinished
from jiyue.domain.todo import Todo, by_the_clock
from jiyue.estate.policies import sites_with
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.publishing.models import Publication
from jiyue.review.queries import todo_for as reviews

MOST_SHOWN = 50


def failed_publications(user: User) -> list[Todo]:
    """Publications that failed on the sites the person manages."""
    found = Publication.objects.filter(
        state=Publication.State.FAILED, site__in=sites_with(user, Permission.MANAGE_SITE)
    ).select_related("site", "sign_off__version__record")
    return [_failed(row) for row in found.defer("sign_off__version__content")[:MOST_SHOWN]]


def _failed(row: Publication) -> Todo:
    record = row.sign_off.version.record
    return Todo(
        kind="failed", ref=str(row.site_id), site=row.site.name, title=record.title if record else row.site.name,
        what=str(row.get_state_display()), state="failed", since=row.sign_off.effective_at, note=row.problem,
    )  # fmt: skip


def offered(user: User) -> list[Todo]:
    """What other sites offered to the person's sites, and delayed offers whose day has come."""
    return placements.todo_for(user, today=timezone.localdate())


# Each app says what it has for a person; adding a duty to the list is adding its function here.
SOURCES: list[Callable[[User], list[Todo]]] = [reviews, unfinished, failed_publications, offered]


@dataclass(frozen=True)
class Act:
    """The one next thing to do with a todo: its words and the route that opens it."""

    label: object
    view_name: str


ACTS: dict[str, Act] = {
    "review": Act(_("审核"), "console_review"),
    "returned": Act(_("修改"), "console_edit"),
    "draft": Act(_("继续编写"), "console_edit"),
    "structure": Act(_("查看并送审"), "console_structure"),
    "placement": Act(_("处理"), "console_placement"),
    "failed": Act(_("查看"), "console_publications"),
}


@dataclass(frozen=True)
class Line:
    """A todo with where its one act leads; no address where the person is offered none."""

    todo: Todo
    act: Act
    address: str


def lines_for(user: User) -> list[Line]:
    """Everything that waits for the person, in the order it should be done."""
    todos = by_the_clock(todo for source in SOURCES for todo in source(user))
    return [Line(todo, ACTS[todo.kind], _address(user, todo)) for todo in todos]


def my_work(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    lines = lines_for(request.user)
    duties = [line for line in lines if line.todo.kind != "draft"]
    drafts = [line for line in lines if line.todo.kind == "draft"]
    context = {
        "duties": duties[:MOST_SHOWN],
        "duties_left_out": max(0, len(duties) - MOST_SHOWN),
        "drafts": drafts[:MOST_SHOWN],
        "now": timezone.now(),
        "writes": rules.writes(request.user),
    }
    return TemplateResponse(request, "console/work.html", context)


def _address(user: User, todo: Todo) -> str:
    act = ACTS[todo.kind]
    return reverse(act.view_name, args=[todo.ref]) if may_open(user, act.view_name) else ""
