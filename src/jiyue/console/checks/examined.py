"""复查: findings in what is public, each to its handling, and the nights on which everything was gone through."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.checks.frame import page, sites_to_pick
from jiyue.console.checks.shown import Shown, shown
from jiyue.console.gate import may_open
from jiyue.console.office.frame import paged
from jiyue.console.refusals import sentences
from jiyue.content.policies import may_write
from jiyue.estate.policies import may_manage
from jiyue.review.checking import found_from
from jiyue.review.models import Finding, Subject
from jiyue.review.policies import fetch_finding_for, may_report_leak, may_waive, visible_examinations, visible_findings
from jiyue.review.structure_findings import places_of
from jiyue.review.structure_words import Kept, Said
from jiyue.review.waiving import waive

OPEN, HANDLED = "open", "handled"
FINDINGS = "console_findings"
# The screen on which each part of a structure is changed; all but a column's are of the site.
SCREENS = {
    Kept.PROFILE: "console_profile", Kept.COLUMN: "console_column_change", Kept.NOTICES: "console_notices",
    Kept.WINDOWS: "console_windows", Kept.MARKS: "console_marks", Kept.MAILBOXES: "console_mailboxes",
    Kept.COMMENTS: "console_comment_orders",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A finding in public matter, in words."""

    finding: Finding
    shown: Shown


@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """Findings in what is public on the sites one reads; open ones first asked for, handled ones a click away."""
    state = HANDLED if request.GET.get("state") == HANDLED else OPEN
    rows = visible_findings(request.user).filter(handled_at__isnull=state == OPEN)
    site = request.GET.get("site", "")
    if site.isdecimal() and len(site) < 19:
        rows = rows.filter(site=site)
    rows = rows.select_related("site", "record").defer("record__body")
    found = paged(request, rows.order_by("-found_at", "-pk"))
    context = {"rows": found, "lines": [_row(row) for row in found], "state": state, **sites_to_pick(request)}
    return page(request, "findings_public.html", tab=FINDINGS, **context)


@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: what, where, what to do; mended by its writers, or let stand by a reviewer who may."""
    found = fetch_finding_for(request.user, pk)
    refusal: list[str] = []
    if request.method == "POST":
        try:
            _waive(request, found)
        except (PermissionDenied, ValidationError) as refused:
            refusal = sentences(refused)
        else:
            messages.success(request, _("已豁免，并记入豁免清单。"))
            return redirect("console_finding", pk)
    answer = page(request, "finding_public.html", tab=FINDINGS, refusal=refusal, **_context(request, found))
    answer.status_code = 409 if refusal else 200
    return answer


@require_GET
def examinations(request: HttpRequest) -> HttpResponse:
    """The nights, newest first: how much was public, how much of it had changed and was read, what was found."""
    rows = visible_examinations(request.user).select_related("site").order_by("-night", "site__name", "pk")
    site = request.GET.get("site", "")
    if site.isdecimal() and len(site) < 19:
        rows = rows.filter(site=site)
    return page(
        request, "examinations.html", tab="console_examinations", rows=paged(request, rows), **sites_to_pick(request)
    )


def _waive(request: HttpRequest, found: Finding) -> None:
    given = request.POST
    waive(
        version=found.version, key=found.key, grounds=given.get("grounds", ""), basis=given.get("basis", ""),
        by=request.user, now=timezone.now(),
    )  # fmt: skip


def _context(request: HttpRequest, found: Finding) -> dict[str, Any]:
    row = _row(found)
    record, user = found.record, request.user
    return {
        **_structure(request, found),
        "row": row, "found": found, "typed": request.POST,
        "mends": record is not None and found.handled_at is None and may_write(user, record),
        "waives": found.handled_at is None and may_waive(user, found.version, row.shown.found.family),
        "leaks": (
            record is not None and found.handled_at is None and may_open(user, "console_open_leak")
            and may_report_leak(user, record)
        ),
    }  # fmt: skip


def _structure(request: HttpRequest, found: Finding) -> dict[str, Any]:
    """Of what is no record: every place with these words, and what is left to be done about them."""
    if found.version.subject != Subject.STRUCTURE:
        return {}
    manages = found.handled_at is None and may_manage(request.user, found.site)
    places = places_of(found, now=timezone.now())
    return {
        "places": [(place, _screen(request, found, place.said) if manages else "") for place in places],
        "submits": manages and bool(places) and all(place.mended for place in places),
        "of_structure": True,
    }  # fmt: skip


def _screen(request: HttpRequest, found: Finding, said: Said) -> str:
    """Where the words are changed; no address where the person is not offered that."""
    screen = SCREENS[said.kept]
    return reverse(screen, args=[said.key or found.site_id]) if may_open(request.user, screen) else ""


def _row(finding: Finding) -> Row:
    return Row(finding, shown(found_from(finding.said), site=finding.site))
