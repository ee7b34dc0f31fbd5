"""What other sites offered to ours, and what ours took: take, refuse, delay, stop (LIB-03)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jiyue.console.gate import may_open
from jiyue.console.library.placements import GROUPS, STATES_OF, Line, lines_of, listed
from jiyue.console.library.shelf import PER_PAGE, page_number
from jiyue.console.library.taking import choosing, take_into, taken_words
from jiyue.console.refusals import sentences
from jiyue.console.sites import current_site
from jiyue.content.models import Placement
from jiyue.content.placing import OPEN, delay, refuse
from jiyue.content.policies import fetch_placement_for
from jiyue.estate.policies import sites_with
from jiyue.identity.roles import Permission
from jiyue.review.placing import submit_end


@require_GET
def placements(request: HttpRequest) -> HttpResponse:
    """Offers and takings of the site in hand, or of all sites the person may read."""
    group = request.GET.get("state", "")
    group = group if group in STATES_OF else GROUPS[0][0]
    page = page_number(request.GET)
    found = _readable(request).filter(state__in=STATES_OF[group]).order_by("-changed_at", "-pk")
    rows = list(listed(found)[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    context = {
        "lines": lines_of(rows[:PER_PAGE]),
        "groups": GROUPS,
        "group": group,
        "page": page,
        "more": len(rows) > PER_PAGE,
        "query": f"state={group}",
        "all_sites": current_site(request) is None,
        "acts": may_open(request.user, "console_placement"),
    }
    return TemplateResponse(request, "console/library/placements.html", context)


@require_GET
def placement(request: HttpRequest, identity) -> HttpResponse:
    """One offer or taking, with what can be done about it now."""
    return _screen(request, fetch_placement_for(request.user, identity))


@require_POST
def answer(request: HttpRequest, identity) -> HttpResponse:
    """Take, refuse, delay or stop. A refusal shows the same screen again with the sentence and everything typed."""
    found = fetch_placement_for(request.user, identity)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        return redirect("console_placement", identity)
    try:
        done = act(request, found)
    except (PermissionDenied, ValidationError) as refusal:
        return _screen(request, fetch_placement_for(request.user, identity), refusal=sentences(refusal), status=409)
    messages.success(request, done)
    return redirect("console_placements")


def _take(request: HttpRequest, found: Placement) -> str:
    return taken_words(take_into(request, found.record, site=found.site))


def _refuse(request: HttpRequest, found: Placement) -> str:
    refuse(placement=found, reason=_reason(request, "refuse_reason"), by=request.user, now=timezone.now())
    return _("已回复不取用，来源网站会看到原因。")


def _delay(request: HttpRequest, found: Placement) -> str:
    now, reason = timezone.now(), _reason(request, "delay_reason")
    until = _day(request.POST.get("until", ""))
    if until is None or until <= timezone.localdate(now):
        raise ValidationError(_("请填写今天以后的日期，到那一天再提醒您"))
    delay(placement=found, until=until, reason=reason, by=request.user, now=now)
    return _("已暂缓，到期会再出现在“我的工作”里。")


def _end(request: HttpRequest, found: Placement) -> str:
    submit_end(placement=found, reason=_reason(request, "end_reason"), by=request.user, now=timezone.now())
    return _("已送终审。终审通过后，本网站不再显示这篇稿件，来源网站不受影响。")


ACTS: dict[str, Callable[[HttpRequest, Placement], str]] = {
    "take": _take, "refuse": _refuse, "delay": _delay, "end": _end,
}  # fmt: skip


def _screen(request: HttpRequest, found: Placement, *, refusal: list[str] | None = None, status: int = 200):
    (line,) = lines_of([found])
    context: dict[str, Any] = {
        "line": line,
        "placement": found,
        "review_open": line.review is not None and may_open(request.user, "console_review"),
        "open": found.state in OPEN,
        "typed": request.POST,
        "refusal": refusal,
        "tomorrow": timezone.localdate() + timedelta(days=1),
        **_form(request, line),
    }
    return TemplateResponse(request, "console/library/placement.html", context, status=status)


def _form(request: HttpRequest, line: Line) -> dict[str, Any]:
    if line.item is None or line.placement.state not in OPEN:
        return {"columns": []}
    return choosing(request.user, line.item, asked=str(line.placement.site_id), in_hand=None)


def _readable(request: HttpRequest) -> QuerySet[Placement]:
    sites = sites_with(request.user, Permission.READ_CONTENT)
    in_hand = current_site(request)
    return Placement.objects.filter(site__in=sites.filter(pk=in_hand.pk) if in_hand else sites)


def _reason(request: HttpRequest, name: str) -> str:
    reason = request.POST.get(name, "").strip()
    if len(reason) > (Placement._meta.get_field("reason").max_length or 0):
        raise ValidationError(_("原因请控制在 200 字以内"))
    return reason


def _day(given: str) -> date | None:
    try:
        return parse_date(given)
    except ValueError:  # well formed, but no such day
        return None
