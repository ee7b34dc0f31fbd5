"""自动取用: the rules of one's sites, a new one with a look at what it would have taken, and who shares with the portal."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.gate import may_open
from jiyue.console.library.placements import lines_of, listed
from jiyue.console.office.frame import attempt, page, paged
from jiyue.console.sites import current_site
from jiyue.console.stewardship.forms import ReasonForm
from jiyue.console.stewardship.frame import chosen_site, few_sites
from jiyue.console.takings.forms import FromWhere, RuleForm, columns_for
from jiyue.content.models import Placement, TakingRule
from jiyue.content.policies import (
    fetch_taking_rule_for,
    may_propose_taking,
    may_stop_taking,
    visible_taking_rules,
)
from jiyue.content.takings import CHANGEABLE, save_rule, stop_rule
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.roles import Permission
from jiyue.publishing.sharing import shares_of
from jiyue.review.models import Review
from jiyue.review.taking import PREVIEW_DAYS, submit_rule, would_take

FOLDER = "library"
SHOWN = 20
PERIODS: tuple[tuple[str, Any, int], ...] = (
    ("month", gettext_lazy("最近 30 天"), 30),
    ("quarter", gettext_lazy("最近 90 天"), 90),
    ("year", gettext_lazy("最近一年"), 365),
)


@dataclass(frozen=True)
class Sample:
    """One line of the preview."""

    title: str
    at: datetime
    column: str


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Rules of the site in hand or of all one reads, and rules by which others take from them."""
    mine = sites_with(request.user, Permission.READ_CONTENT)
    here = current_site(request)
    mine = mine.filter(pk=here.pk) if here else mine
    found = visible_taking_rules(request.user).select_related("site", "column", "origin", "origin_column", "unit")
    taking = paged(request, found.filter(site__in=mine).order_by("state", "-changed_at", "-pk"))
    giving = (
        found.filter(origin__in=mine, state=TakingRule.State.IN_FORCE).exclude(site__in=mine).order_by("site__name")
    )
    counts = _counts([rule.pk for rule in taking])
    context = {
        "rows": [(rule, counts.get(rule.pk, Counter())) for rule in taking],
        "shown": taking,
        "giving": list(giving[:SHOWN]),
        "proposes": may_open(request.user, "console_taking_new"),
    }
    return page(request, "taking_rules.html", folder=FOLDER, **context)


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, identity) -> HttpResponse:
    """One rule: what it says, what it took, what it will take; who may stop it, can."""
    found = fetch_taking_rule_for(request.user, identity)
    stops = found.state == TakingRule.State.IN_FORCE and may_stop_taking(request.user, found)
    form = ReasonForm(request.POST or None, name="reason", label=_("停用的原因"))
    if request.method == "POST":
        if not stops:
            raise PermissionDenied
        act = {"rule": found, "by": request.user, "now": timezone.now()}
        if form.is_valid() and attempt(form, lambda: stop_rule(reason=form.reason, **act)):
            messages.success(request, _("已停用。已经取用的内容不受影响，等候中的不再取用。"))
            return redirect("console_taking", identity)
    placements = listed(found.placements.order_by("-changed_at", "-pk"))
    context = {
        "rule": found,
        "lines": lines_of(placements[:SHOWN]),
        "counts": _counts([found.pk]).get(found.pk, Counter()),
        "review": Review.objects.filter(version__identity=found.identity).order_by("-pk").first(),
        "reads_review": may_open(request.user, "console_review"),
        "acts": may_open(request.user, "console_placement"),
        "edits": found.state in CHANGEABLE and may_propose_taking(request.user, found.column),
        "stops": stops,
        "form": form,
    }
    return page(request, "taking_rule.html", folder=FOLDER, **context)


@require_http_methods(["GET", "POST"])
def add_rule(request: HttpRequest) -> HttpResponse:
    """First where from, then what; a look before it is submitted."""
    where = FromWhere(request.GET if "origin" in request.GET else None)
    if not where.is_valid():
        return page(request, "taking_from.html", folder=FOLDER, form=where)
    blank = TakingRule(proposed_by=request.user)
    return _form(request, blank, origin=where.cleaned_data["origin"])


@require_http_methods(["GET", "POST"])
def change_rule(request: HttpRequest, identity) -> HttpResponse:
    """A rule that came back, or was never submitted."""
    found = fetch_taking_rule_for(request.user, identity)
    if found.state not in CHANGEABLE or not may_propose_taking(request.user, found.column):
        return redirect("console_taking", identity)
    return _form(request, found, origin=found.origin)


def _form(request: HttpRequest, rule: TakingRule, *, origin: Site | None) -> HttpResponse:
    initial = {"from_on": timezone.localdate()} if rule._state.adding else None
    form = RuleForm(
        request.POST or None, instance=rule, columns=columns_for(request.user), origin=origin, initial=initial
    )
    context: dict[str, Any] = {"form": form, "origin": origin, "days": PREVIEW_DAYS, "rule": rule}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "submit" and attempt(form, lambda: _submit(request, form.instance)):
            messages.success(request, _("已送终审。签发以后开始执行。"))
            return redirect("console_taking", form.instance.identity)
        if request.POST.get("act") != "submit":
            context |= _preview(form.instance)
    return page(request, "taking_rule_form.html", folder=FOLDER, **context)


@transaction.atomic
def _submit(request: HttpRequest, rule: TakingRule) -> None:
    now = timezone.now()
    submit_rule(rule=save_rule(rule=rule, by=request.user, now=now), by=request.user, now=now)


def _preview(rule: TakingRule) -> dict[str, Any]:
    found, all_read = would_take(rule, now=timezone.now())
    samples = [Sample(each.content["title"], each.shown_since, each.content["column_path"]) for each in found[:SHOWN]]
    return {"previewed": True, "samples": samples, "count": len(found), "all_read": all_read}


def _counts(rules: list[int]) -> dict[int, Counter[str]]:
    """By rule: how many of its placements are in which state."""
    found: dict[int, Counter[str]] = {}
    for key, state in Placement.objects.filter(rule__in=rules).values_list("rule", "state"):
        found.setdefault(key, Counter())[state] += 1
    return found


@require_GET
def sharing(request: HttpRequest) -> HttpResponse:
    """Which sites below a portal it shows something of, and which not, in a period (LIB-04)."""
    site = chosen_site(request)
    code = request.GET.get("period", "")
    days = next((days for known, _words, days in PERIODS if known == code), PERIODS[0][2])
    now = timezone.now()
    shares = shares_of(site, since=now - timedelta(days=days), until=now) if site else []
    context = {
        "portal": site,
        "sites": few_sites(request),
        "picked": str(site.pk) if site else "",
        "periods": PERIODS,
        "period": code or PERIODS[0][0],
        "shares": shares,
        "sharing": sum(1 for share in shares if share.shared),
        "silent": sum(1 for share in shares if share.silent),
    }
    return page(request, "sharing.html", folder=FOLDER, **context)
