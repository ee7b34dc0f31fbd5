"""公开承诺 and 变更通知: what was promised to the public, and which published facts are no longer so."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.office.frame import paged
from jiyue.console.office.views_columns import units_of
from jiyue.console.stewardship.forms import ChangeNoticeForm, CommitmentForm, KeptForm, ReasonForm
from jiyue.console.stewardship.frame import chosen_site, done, few_sites, page, readable_sites
from jiyue.content.models import ChangeNotice, Commitment
from jiyue.content.policies import fetch_stewarded_for, may_steward, visible_stewardship
from jiyue.content.stewarding import (
    keep_commitment,
    make_commitment,
    notify_change,
    withdraw_change_notice,
    withdraw_commitment,
)
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for
from jiyue.publishing.duties.stewardship import with_answers

COMMITMENTS, NOTIFICATIONS = "console_commitments", "console_notifications"
UNKEPT, OPEN, KEPT, LATE_KEPT, WITHDRAWN = "unkept", "open", "kept", "late", "withdrawn"
STATES = {
    UNKEPT: gettext_lazy("逾期未兑现"), OPEN: gettext_lazy("未到期"), KEPT: gettext_lazy("已兑现"),
    LATE_KEPT: gettext_lazy("逾期兑现"), WITHDRAWN: gettext_lazy("已撤销"),
}  # fmt: skip
TONES = {UNKEPT: "cross", OPEN: "one", KEPT: "full", LATE_KEPT: "three", WITHDRAWN: "bar"}


def commitments(request: HttpRequest) -> HttpResponse:
    """Promises of the sites one reads, what is overdue first."""
    rows = visible_stewardship(request.user, Commitment).select_related("site", "unit").order_by("due_on", "pk")
    rows = _of_site(request, rows)
    lines = [(row, state) for row in rows for state in [state_of(row)]]
    lines.sort(key=lambda line: (list(STATES).index(line[1]), line[0].due_on))
    shown = paged(request, lines)
    context = {"rows": shown, "lines": [(row, STATES[state], TONES[state]) for row, state in shown]}
    return page(request, "commitments.html", tab=COMMITMENTS, **context, **_sites(request))


def add_commitment(request: HttpRequest, site: int) -> HttpResponse:
    found = _steward_site(request, site)
    fresh = Commitment(site=found, unit=found.owner, made_on=timezone.localdate())
    form = CommitmentForm(request.POST or None, instance=fresh, units=units_of(found))
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: make_commitment(commitment=form.instance, **act)):
        messages.success(request, _("已登记"))
        return redirect("console_commitment", form.instance.pk)
    words = {"title": _("登记公开承诺"), "button": _("登记"), "about": found, "grid": True}
    return page(request, "act.html", tab=COMMITMENTS, form=form, back_to=COMMITMENTS, **words)


def commitment(request: HttpRequest, commitment: int) -> HttpResponse:
    """One promise; who keeps the site says that it was kept, or takes it back."""
    found = fetch_stewarded_for(request.user, Commitment, commitment)
    open_ = found.kept_at is None and found.withdrawn_at is None
    acts = open_ and may_steward(request.user, found.site)
    kept = KeptForm(_asked(request, "keep"), initial={"kept_at": timezone.localtime()})
    back = ReasonForm(_asked(request, "withdraw"))
    if request.method == "POST":
        if not acts:
            raise PermissionDenied
        if _commitment_act(request, found, kept, back):
            messages.success(request, _("已保存"))
            return redirect("console_commitment", found.pk)
    state = state_of(found)
    context = {"row": found, "word": STATES[state], "tone": TONES[state], "acts": acts, "form": kept, "back": back}
    return page(request, "commitment.html", tab=COMMITMENTS, **context)


def notifications(request: HttpRequest) -> HttpResponse:
    """Changed facts of the sites one reads, what is not answered first."""
    rows = with_answers(visible_stewardship(request.user, ChangeNotice))
    rows = _of_site(request, rows.select_related("site", "unit", "column", "record")).order_by("-changed_at")
    lines = sorted(rows, key=lambda row: (row.withdrawn_at is not None, row.answered_at is not None))
    return page(request, "notifications.html", tab=NOTIFICATIONS, rows=paged(request, lines), **_sites(request))


def add_notification(request: HttpRequest, site: int) -> HttpResponse:
    found = _steward_site(request, site)
    fresh = ChangeNotice(site=found, unit=found.owner)
    form = ChangeNoticeForm(
        request.POST or None, instance=fresh, site=found, units=units_of(found),
        initial={"changed_at": timezone.localtime()},
    )  # fmt: skip
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: notify_change(notice=form.instance, **act)):
        messages.success(request, _("已登记，更新期限开始计算"))
        return redirect("console_notification", form.instance.pk)
    words = {"title": _("登记变更通知"), "button": _("登记"), "about": found, "grid": True}
    return page(request, "act.html", tab=NOTIFICATIONS, form=form, back_to=NOTIFICATIONS, **words)


def notification(request: HttpRequest, notification: int) -> HttpResponse:
    """One changed fact; a notice given in error is withdrawn."""
    found = fetch_stewarded_for(request.user, ChangeNotice, notification)
    row = with_answers(
        ChangeNotice.objects.filter(pk=found.pk).select_related("site", "unit", "column", "record")
    ).get()
    acts = row.withdrawn_at is None and may_steward(request.user, row.site)
    form = ReasonForm(request.POST or None)
    act = {"notice": found, "by": request.user, "now": timezone.now()}
    if request.method == "POST":
        if not acts:
            raise PermissionDenied
        if done(form, lambda: withdraw_change_notice(reason=form.reason, **act)):
            messages.success(request, _("已撤销"))
            return redirect("console_notification", found.pk)
    return page(request, "notification.html", tab=NOTIFICATIONS, row=row, form=form, acts=acts)


def state_of(row: Commitment) -> str:
    """One code for how a promise stands; its own day is the limit."""
    if row.withdrawn_at is not None:
        return WITHDRAWN
    if row.kept_at is None:
        return UNKEPT if row.due_on < timezone.localdate() else OPEN
    return KEPT if timezone.localdate(row.kept_at) <= row.due_on else LATE_KEPT


def _commitment_act(request: HttpRequest, row: Commitment, kept: KeptForm, back: ReasonForm) -> bool:
    act = {"commitment": row, "by": request.user, "now": timezone.now()}
    if kept.is_bound:
        return done(kept, lambda: keep_commitment(**kept.cleaned_data, **act))
    return back.is_bound and done(back, lambda: withdraw_commitment(reason=back.reason, **act))


def _asked(request: HttpRequest, act: str) -> Any:
    return request.POST if request.method == "POST" and request.POST.get("act") == act else None


def _of_site(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """All sites, or the one asked for."""
    asked = request.GET.get("site", "")
    if asked.isdecimal() and len(asked) < 19:
        return rows.filter(site__in=readable_sites(request).filter(pk=int(asked)))
    return rows


def _sites(request: HttpRequest) -> dict[str, Any]:
    site = chosen_site(request)
    adds = site is not None and may_steward(request.user, site)
    asked = request.GET.get("site", "")
    return {"sites": few_sites(request), "in_site": site, "adds": adds, "picked": asked, "query": f"site={asked}"}


def _steward_site(request: HttpRequest, site: int) -> Site:
    found = fetch_site_for(request.user, site)
    if not may_steward(request.user, found):
        raise PermissionDenied
    return found
