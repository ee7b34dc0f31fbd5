"""整改: what has to be put right in public content, by whom, until when, and whether the night found it gone."""

from collections.abc import Iterable
from dataclasses import dataclass
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
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.checks.frame import page, sites_to_pick
from jiyue.console.checks.shown import Shown, shown
from jiyue.console.office.frame import attempt, paged
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.content.policies import may_write
from jiyue.identity.models import User
from jiyue.obligations.models import Obligation
from jiyue.obligations.policies import visible_obligations
from jiyue.publishing.duties.rectifications import PARAMETER
from jiyue.review.checking import found_from
from jiyue.review.models import Rectification
from jiyue.review.policies import (
    fetch_rectification_for,
    may_assign_rectification,
    may_report_rectification,
    rectifiers,
    visible_rectifications,
)
from jiyue.review.rectifying import assign, report

LIST = "console_rectifications"
OPEN, REPORTED, CLOSED = Rectification.State.OPEN, Rectification.State.REPORTED, Rectification.State.CLOSED
TONES = {OPEN: "cross", REPORTED: "three", CLOSED: "full"}
MOST_EXPORTED = 10_000


class MeasuresForm(forms.Form):
    measures = forms.CharField(
        label=gettext_lazy("怎么整改的"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=gettext_lazy("写做了什么、什么时候生效；当晚复查，问题不在了才算完成"),
    )  # fmt: skip


class PersonForm(forms.Form):
    person = forms.ModelChoiceField(
        label=gettext_lazy("整改人"), queryset=User.objects.none(), empty_label=gettext_lazy("请选择")
    )

    def __init__(self, *args: Any, row: Rectification, **kwargs: Any) -> None:
        super().__init__(*args, initial={"person": row.person_id}, **kwargs)
        self.fields["person"].queryset = rectifiers(row.site)


@dataclass(frozen=True)
class Line:
    """A rectification in words, with the duty that its limit makes, if any text or the unit sets one."""

    row: Rectification
    shown: Shown
    duty: Obligation | None

    @property
    def tone(self) -> str:
        return TONES[Rectification.State(self.row.state)]

    @property
    def word(self) -> str:
        return str(Rectification.State(self.row.state).label)

    @property
    def about(self) -> str:
        record = self.row.finding.record
        return record.title if record else self.row.site.name


@require_GET
def rectifications(request: HttpRequest) -> HttpResponse:
    """Rectifications of the sites one reads; open ones first asked for."""
    rows, state = _chosen(request)
    found = paged(request, rows)
    context = {
        "rows": found, "lines": lines_of(found), "state": state, "states": Rectification.State.choices,
        "parameter": PARAMETER, **sites_to_pick(request),
    }  # fmt: skip
    return page(request, "rectifications.html", tab=LIST, **context)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list as a table, as it is narrowed on the screen."""
    rows, _state = _chosen(request)
    head = [
        _("网站"), _("稿件"), _("问题"), _("在哪里"), _("发现时间"), _("时限"), _("整改人"), _("状态"), _("怎么整改的"),
        _("复查未通过次数"), _("复查通过时间"), _("处理"),
    ]  # fmt: skip
    return as_xlsx("rectifications", _("整改"), [head, *map(_cells, lines_of(rows[:MOST_EXPORTED]))])


@require_http_methods(["GET", "POST"])
def rectification(request: HttpRequest, pk: int) -> HttpResponse:
    """One rectification: what, where, until when, and saying what was done."""
    row = fetch_rectification_for(request.user, pk)
    reports = row.closed_at is None and may_report_rectification(request.user, row)
    form = MeasuresForm(request.POST or None, initial={"measures": row.measures})
    if request.method == "POST":
        if not reports:
            raise PermissionDenied
        act = {"rectification": row, "by": request.user, "now": timezone.now()}
        if form.is_valid() and attempt(form, lambda: report(**act, **form.cleaned_data)):
            messages.success(request, _("已填报；今天夜里复查，问题不在了就结束整改。"))
            return redirect("console_rectification", pk)
    return _page(request, row, form=form, reports=reports)


@require_http_methods(["GET", "POST"])
def charge(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the person who puts it right; the same screen, with the form for it."""
    row = fetch_rectification_for(request.user, pk)
    if row.closed_at is not None or not may_assign_rectification(request.user, row):
        raise PermissionDenied
    form = PersonForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        act = {"rectification": row, "by": request.user, "now": timezone.now()}
        if attempt(form, lambda: assign(**act, **form.cleaned_data)):
            messages.success(request, _("已指定整改人，列入其工作清单。"))
            return redirect("console_rectification", pk)
    return _page(request, row, form=form, reports=False, charging=True)


def lines_of(rows: Iterable[Rectification]) -> list[Line]:
    """Rectifications in words, each with its duty; one question for all of them."""
    listed = list(rows)
    subjects = [f"rectification:{row.pk}" for row in listed]
    duties = {duty.subject: duty for duty in Obligation.objects.filter(parameter=PARAMETER, subject__in=subjects)}
    return [
        Line(row, shown(found_from(row.finding.said), site=row.site), duties.get(f"rectification:{row.pk}"))
        for row in listed
    ]


def _chosen(request: HttpRequest) -> tuple[QuerySet[Rectification], str]:
    asked = request.GET.get("state", "")
    state = asked if asked in Rectification.State.values else OPEN
    rows = visible_rectifications(request.user).select_related("site__owner", "finding__record", "person")
    rows = rows.filter(closed_at__isnull=state != CLOSED).defer("finding__record__body")
    if state != CLOSED:
        rows = rows.filter(reported_at__isnull=state == OPEN)
    site = request.GET.get("site", "")
    if site.isdecimal() and len(site) < 19:
        rows = rows.filter(site=site)
    return rows.order_by("-closed_at", "opened_at", "pk"), state


def _page(request: HttpRequest, row: Rectification, **context: Any) -> HttpResponse:
    [line] = lines_of([row])
    user, record = request.user, row.finding.record
    context |= {
        "line": line, "row": row, "parameter": PARAMETER,
        "assigns": row.closed_at is None and may_assign_rectification(user, row),
        "mends": record is not None and row.closed_at is None and may_write(user, record),
        "follows": line.duty is not None and visible_obligations(user).filter(pk=line.duty.pk).exists(),
    }  # fmt: skip
    return page(request, "rectification.html", tab=LIST, **context)


def _cells(line: Line) -> list[str]:
    row, found = line.row, line.shown
    return [
        row.site.name, line.about, found.what, found.found.where, _clock(row.opened_at),
        _clock(line.duty.due_at) if line.duty else _("没有规定"), row.person.name if row.person else "", line.word,
        row.measures, str(row.failed_times), _clock(row.closed_at), row.get_outcome_display(),
    ]  # fmt: skip


def _clock(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""
