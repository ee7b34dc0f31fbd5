"""转载任务: what a superior wants carried on, which site has done so, and until when the others must."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.console.duties import words
from jiyue.console.duties.reasons import Reason, of_obligation
from jiyue.console.gate import may_open
from jiyue.console.office.frame import paged
from jiyue.console.stewardship.forms import ReasonForm, ReprintForm
from jiyue.console.stewardship.frame import chosen_site, done, few_sites, page, readable_sites
from jiyue.content.models import ReprintTask
from jiyue.content.policies import fetch_reprint_for, may_order_reprints, visible_reprints
from jiyue.content.stewarding import order_reprint, withdraw_reprint
from jiyue.domain.duties import LATE, State
from jiyue.obligations.models import Obligation
from jiyue.publishing.stewardship import reprints_of
from jiyue.rules.policies import proposable_units
from jiyue.rules.queries import Book, book

TAB = "console_reprints"


@dataclass(frozen=True)
class Row:
    """A task, and how one site stands to it; without `duty` that site need not carry it."""

    task: ReprintTask
    duty: Obligation | None
    state: str = ""
    clock: words.Clock | None = None
    reason: Reason | None = None


def reprints(request: HttpRequest) -> HttpResponse:
    """The tasks that concern the sites one reads or that one may order; what the site in hand owes stands first."""
    site = chosen_site(request)
    tasks = list(visible_reprints(request.user).select_related("organisation").order_by("-released_at", "-pk"))
    duties = reprints_of(tasks, [site.pk]) if site else {}
    now, rules = timezone.now(), book()
    shown = paged(request, sorted(tasks, key=lambda task: _place(task, duties.get((task.pk, site.pk if site else 0)))))
    rows = [_row(task, duties.get((task.pk, site.pk)) if site else None, rules, now) for task in shown]
    context = {"rows": rows, "shown": shown, "in_site": site, "sites": few_sites(request), "picked": _picked(site)}
    orders = proposable_units(request.user).exists()
    return page(request, "reprints.html", tab=TAB, orders=orders, query=f"site={site.pk}" if site else "", **context)


def reprint(request: HttpRequest, reprint: int) -> HttpResponse:
    """One task with every site of the reader that owes it; who may order it may take it back."""
    task = fetch_reprint_for(request.user, reprint)
    acts = task.withdrawn_at is None and may_order_reprints(request.user, task.organisation)
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        if not acts:
            raise PermissionDenied
        act = {"task": task, "by": request.user, "now": timezone.now()}
        if done(form, lambda: withdraw_reprint(reason=form.reason, **act)):
            messages.success(request, _("已撤销，各网站不用再转载"))
            return redirect("console_reprint", task.pk)
    now, rules = timezone.now(), book()
    duties = reprints_of([task], readable_sites(request).values_list("pk", flat=True))
    rows = [
        _row(task, duty, rules, now) for duty in sorted(duties.values(), key=lambda duty: (_done(duty), duty.act_by))
    ]
    counts = {"all": len(rows), "late": sum(row.state in LATE for row in rows), "met": sum(map(_is_met, rows))}

    return page(
        request,
        "reprint.html",
        tab=TAB,
        task=task,
        rows=rows,
        counts=counts,
        form=form,
        acts=acts,
        drafts=may_open(request.user, "console_reprint_draft"),
    )


def add_reprint(request: HttpRequest) -> HttpResponse:
    units = proposable_units(request.user).order_by("lineage")
    initial = {"released_at": timezone.localtime(), "organisation": units.first()}
    form = ReprintForm(request.POST or None, units=units, initial=initial)
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: order_reprint(task=form.instance, **act)):
        messages.success(request, _("已布置；各网站的转载期限从原发布时间算起"))
        return redirect("console_reprint", form.instance.pk)
    about = _("这个单位和它下级单位主办的网站都要转载")
    words_ = {"title": _("布置转载任务"), "button": _("布置"), "about": about, "grid": True}
    return page(request, "act.html", tab=TAB, form=form, back_to=TAB, **words_)


def _row(task: ReprintTask, duty: Obligation | None, rules: Book, now: datetime) -> Row:
    if duty is None:
        return Row(task, None)
    days = rules.calendar_for(duty.unit.lineage)
    clock = None if _done(duty) else words.clock(duty, now=now, calendar=days)
    return Row(task, duty, duty.state(now), clock, of_obligation(duty, calendar=days))


def _place(task: ReprintTask, duty: Obligation | None) -> tuple[bool, float]:
    """What is still owed first, by its moment; then the newest."""
    waits = duty is not None and not _done(duty)
    return not waits, duty.act_by.timestamp() if duty and waits else -task.released_at.timestamp()


def _done(duty: Obligation) -> bool:
    return bool(duty.done_at or duty.waived_at or duty.ended_at)


def _is_met(row: Row) -> bool:
    return row.state in (State.MET, State.MET_LATE)


def _picked(site: Any) -> str:
    return str(site.pk) if site else ""
