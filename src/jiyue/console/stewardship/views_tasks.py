"""年度任务: the year's tasks, who reports about each and how often, and the notes that came (COL-11)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.office.frame import paged
from jiyue.console.rulebook.forms import Day
from jiyue.console.stewardship.forms import Limits, ReasonForm, spoken
from jiyue.console.stewardship.frame import done, page
from jiyue.content.models import Column, ProgressDuty, Record, Topic
from jiyue.content.policies import may_write, visible_records, writable_columns
from jiyue.content.task_policies import (
    fetch_progress_duty_for,
    fetch_task_for,
    may_set_progress,
    reporting_sites,
    reporting_units,
    visible_tasks,
)
from jiyue.content.tasking import ask_for_progress, begin_note, release_from_progress
from jiyue.domain.duties import State as DutyState
from jiyue.identity.models import Organisation
from jiyue.obligations.models import Obligation
from jiyue.publishing.duties.tasks import notes_about

TASKS = "console_tasks"
LATE_STATES = frozenset({DutyState.OVERDUE, DutyState.BREACHED})
MOST_NOTES = 200


class AskForm(forms.ModelForm):
    cycle = Limits(
        gap=True, label=gettext_lazy("报送周期"),
        help_text=gettext_lazy("按政府或规定的要求写，例如“每月”、“每季度”；没有规定就留空，只登记、不催办"),
    )  # fmt: skip
    since = Day(label=gettext_lazy("起算日期"))

    class Meta:
        model = ProgressDuty
        fields = ["unit", "cycle", "since"]

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        self.fields["unit"].empty_label = _("请选择")

    def _post_clean(self) -> None:
        # The action validates the whole duty, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class NoteForm(forms.Form):
    column = forms.ModelChoiceField(
        label=gettext_lazy("写在哪个栏目"), queryset=Column.objects.none(), empty_label=gettext_lazy("请选择")
    )

    def __init__(self, *args: Any, columns: QuerySet[Column], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns
        self.fields["column"].label_from_instance = lambda column: f"{column.site.name} {column.name} /{column.path}/"


@dataclass(frozen=True)
class Reporter:
    """One unit that reports about a task: its last note, and its open duty where a cycle was set."""

    row: ProgressDuty
    latest: datetime | None
    duty: Obligation | None
    late: bool

    @property
    def cycle(self) -> str:
        return spoken(self.row.cycle) if self.row.cycle else ""


def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks in sight, the latest year first, each with who reports and how many are late."""
    rows = visible_tasks(request.user).select_related("site", "responsible").defer("body")
    rows = rows.order_by("archived", "-work_year", "work_kind", "work_number", "pk")
    kind = request.GET.get("kind", "")
    shown = paged(request, rows.filter(work_kind=kind) if kind in Topic.Work.values else rows)
    reporters = _reporters([row.pk for row in shown], now=timezone.now())
    lines = [(row, reporters.get(row.pk, [])) for row in shown]
    context = {"rows": shown, "lines": lines, "kinds": Topic.Work.choices, "picked": kind, "query": f"kind={kind}"}
    return page(request, "tasks.html", tab=TASKS, **context)


def task(request: HttpRequest, task: int) -> HttpResponse:
    """One task: what is to be reached, who reports, the notes; a unit begins its note here."""
    found = fetch_task_for(request.user, task)
    sets = may_set_progress(request.user, found) and not found.archived
    columns = _columns(request, found)
    ask = AskForm(
        _asked(request, "ask") if sets else None, instance=ProgressDuty(task=found), units=reporting_units(found),
        initial={"since": timezone.localdate()},
    )  # fmt: skip
    note = NoteForm(_asked(request, "note") if columns.exists() else None, columns=columns)
    if request.method == "POST":
        if not (ask.is_bound or note.is_bound):
            raise PermissionDenied
        answer = _act(request, found, ask, note)
        if answer is not None:
            return answer
    context = {
        "row": found, "sets": sets, "ask": ask, "note": note, "writes": columns.exists(),
        "reporters": _reporters([found.pk], now=timezone.now()).get(found.pk, []), "notes": _notes(request, found),
        "documents": list(found.documents.all()),
    }  # fmt: skip
    return page(request, "task.html", tab=TASKS, **context)


def release(request: HttpRequest, progress: int) -> HttpResponse:
    """A unit reports no more about a task, with the reason."""
    found = fetch_progress_duty_for(request.user, progress)
    if not may_set_progress(request.user, found.task):
        raise PermissionDenied
    form = ReasonForm(request.POST or None, name="ended_reason", label=_("停止的原因"))
    act = {"duty": found, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: release_from_progress(reason=form.reason, **act)):
        messages.success(request, _("已停止报送"))
        return redirect("console_task", found.task_id)
    words = {"title": _("停止报送进展"), "button": _("停止"), "about": f"{found.unit.name} · {found.task.title}"}
    return page(request, "act.html", tab=TASKS, form=form, back_to=TASKS, **words)


def _act(request: HttpRequest, task: Topic, ask: AskForm, note: NoteForm) -> HttpResponse | None:
    by: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    if ask.is_bound:
        if done(ask, lambda: ask_for_progress(duty=ask.instance, **by)):
            messages.success(request, _("已登记报送单位"))
            return redirect("console_task", task.pk)
        return None
    made: list[Record] = []
    if done(note, lambda: made.append(begin_note(task=task, column=note.cleaned_data["column"], **by))):
        messages.success(request, _("草稿已建好；写完送审，公开以后推送给任务所在的网站"))
        return redirect("console_edit", made[0].pk)
    return None


def _columns(request: HttpRequest, task: Topic) -> QuerySet[Column]:
    """Columns in which the person may write a note about the task."""
    keys = [
        key for site in reporting_sites(request.user, task)
        for key in writable_columns(request.user, site).values_list("pk", flat=True)
    ] if not task.archived else []  # fmt: skip
    return Column.objects.filter(pk__in=keys).select_related("site").order_by("site", "path")


def _reporters(tasks: list[int], *, now: datetime) -> dict[int, list[Reporter]]:
    duties = list(ProgressDuty.objects.filter(task__in=tasks, ended_at=None).select_related("unit").order_by("pk"))
    notes = notes_about(tasks)
    pending = Obligation.objects.pending().filter(subject__in=[f"progress:{row.pk}" for row in duties])
    owed = {row.subject: row for row in pending.order_by("-act_by")}
    found: dict[int, list[Reporter]] = {}
    for row in duties:
        duty = owed.get(f"progress:{row.pk}")
        came = notes.get((row.task_id, row.unit_id), [])
        late = duty is not None and duty.state(now) in LATE_STATES
        found.setdefault(row.task_id, []).append(Reporter(row, came[-1] if came else None, duty, late))
    return found


def _notes(request: HttpRequest, task: Topic) -> list[tuple[Record, bool]]:
    """Notes that the person may read, the oldest first as readers see them; and whether she writes them."""
    rows = visible_records(request.user).filter(part_of=task).select_related("site", "responsible").defer("body")
    return [(row, may_write(request.user, row)) for row in rows.order_by("created_at", "pk")[:MOST_NOTES]]


def _asked(request: HttpRequest, act: str) -> Any:
    return request.POST if request.method == "POST" and request.POST.get("act") == act else None
