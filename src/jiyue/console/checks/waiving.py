"""豁免 on the reviewing screen and beside a finding in public matter, and the list of all of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.checks.frame import page, sites_to_pick
from jiyue.console.checks.shown import Shown, shown
from jiyue.console.detector_words import FAMILIES, detector_word
from jiyue.console.office.frame import paged
from jiyue.console.refusals import sentences
from jiyue.identity.models import User
from jiyue.review import checking
from jiyue.review.models import CheckRun, Review, Subject, Version, Waiver
from jiyue.review.policies import fetch_waiver_for, may_revoke, may_waive, visible_waivers
from jiyue.review.sealing import is_genuine_revocation, is_genuine_waiver
from jiyue.review.waiving import revoke_waiver

WAIVERS = "console_check_waivers"
HOLDING, REVOKED = "holding", "revoked"
CHECKED = frozenset({Subject.RECORD, Subject.STRUCTURE, Subject.PLACEMENT})


def checks_of(user: User, submission: Review) -> dict[str, Any]:
    """What the reviewing screen says of the checks: findings with who may let them stand, and the author's reasons."""
    if submission.version.subject not in CHECKED or submission.act == Review.Act.WITHDRAW:
        return {"findings": []}
    run = _run(submission)
    waived = checking.waived_keys(submission.version)
    listed = [_shown(found, submission.version, waived) for found in checking.findings_of(run)] if run else []
    listed.sort(key=lambda one: (one.waived, one.tone != "cross", one.tone == "one"))
    families = {one.found.family for one in listed if one.found.blocks}
    return {
        "findings": listed,
        "stopping": [one for one in listed if one.found.blocks and not one.waived],
        "waivable": {family for family in families if may_waive(user, submission.version, family)},
        "asks_waiver": submission.instruction.get("asks_waiver", ""),
        "minors": bool(submission.instruction.get("minors")),
    }


def _run(submission: Review) -> CheckRun | None:
    """The present run while it is open; afterwards the last one that was made."""
    if submission.status == Review.Status.OPEN:
        return checking.run_for(submission.version, occasion=CheckRun.Occasion.SUBMISSION, now=timezone.now())
    return CheckRun.objects.filter(version=submission.version).order_by("-pk").first()


def _shown(found: checking.Found, version: Version, waived: set[str]) -> Shown:
    return shown(found, site=version.site, waived=found.key in waived)


@require_GET
def waivers(request: HttpRequest) -> HttpResponse:
    """Every waiver of the sites one reads: what was let stand, where, by whom, why, on which basis, and whether revoked."""
    rows = visible_waivers(request.user).select_related("site", "record", "version", "revocation")
    rows = rows.order_by("-at", "-pk").defer("version__content", "record__body")
    state = request.GET.get("state", "")
    if state in {HOLDING, REVOKED}:
        rows = rows.filter(revocation__isnull=state == HOLDING)
    site, family = request.GET.get("site", ""), request.GET.get("family", "")
    if site.isdecimal() and len(site) < 19:
        rows = rows.filter(site=site)
    if family in FAMILIES:
        rows = rows.filter(detector__startswith=f"{family}.")
    found = paged(request, rows)
    context = {
        "rows": found, "lines": [(row, detector_word(row.detector)) for row in found], "families": FAMILIES.items(),
        "family": family, "state": state, **sites_to_pick(request),
    }  # fmt: skip
    return page(request, "waivers.html", tab=WAIVERS, **context)


@require_http_methods(["GET", "POST"])
def waiver(request: HttpRequest, pk: int) -> HttpResponse:
    """One waiver whole, and taking it back with a reason for those who may."""
    found = fetch_waiver_for(request.user, pk)
    refusal: list[str] = []
    if request.method == "POST":
        try:
            revoke_waiver(waiver=found, reason=request.POST.get("reason", ""), by=request.user, now=timezone.now())
        except (PermissionDenied, ValidationError) as refused:
            refusal = sentences(refused)
        else:
            messages.success(request, _("已撤销。同样的文字下次签发时会被拦下；已经公开的，已列入公开内容的问题。"))
            return redirect("console_check_waiver", pk)
    context = {**_whole(found), "revokes": _revokes(request.user, found), "typed": request.POST, "refusal": refusal}
    answer = page(request, "waiver.html", tab=WAIVERS, **context)
    answer.status_code = 409 if refusal else 200
    return answer


def _whole(found: Waiver) -> dict[str, Any]:
    revocation = getattr(found, "revocation", None)
    genuine = is_genuine_waiver(found) and (revocation is None or is_genuine_revocation(revocation))
    return {"row": found, "kind": detector_word(found.detector), "revocation": revocation, "genuine": genuine}


def _revokes(user: User, found: Waiver) -> bool:
    return getattr(found, "revocation", None) is None and may_revoke(user, found)
