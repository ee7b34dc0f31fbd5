"""豁免 on the reviewing screen and beside a finding in public matter, and the list of all of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from jiyue.console.checks.frame import page, sites_to_pick
from jiyue.console.checks.shown import Shown, shown
from jiyue.console.detector_words import FAMILIES, detector_word
from jiyue.console.office.frame import paged
from jiyue.identity.models import User
from jiyue.review import checking
from jiyue.review.models import CheckRun, Review, Subject, Version
from jiyue.review.policies import may_waive, visible_waivers

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
    """Every waiver of the sites one reads: what was let stand, where, by whom, why, on which basis, when."""
    rows = visible_waivers(request.user).select_related("site", "record", "version").order_by("-at", "-pk")
    rows = rows.defer("version__content", "record__body")
    site, family = request.GET.get("site", ""), request.GET.get("family", "")
    if site.isdecimal() and len(site) < 19:
        rows = rows.filter(site=site)
    if family in FAMILIES:
        rows = rows.filter(detector__startswith=f"{family}.")
    found = paged(request, rows)
    context = {
        "rows": found, "lines": [(row, detector_word(row.detector)) for row in found], "families": FAMILIES.items(),
        "family": family, **sites_to_pick(request),
    }  # fmt: skip
    return page(request, "waivers.html", tab="console_check_waivers", **context)
