"""规则变动: what changes for the person, from when, what of her open work is under it and what keeps the old rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.office.frame import page, paged
from jiyue.console.proposals import what_changes
from jiyue.console.rulebook.effects import effect_of
from jiyue.console.rulebook.views_changes import demanded
from jiyue.console.rulebook.views_packs import FOLDER
from jiyue.obligations.actions import note_rule_change
from jiyue.obligations.models import Obligation, ObligationQuerySet
from jiyue.obligations.noticing import Meaning, RuleChange, changes_for, fetch_change_for, meaning_of
from jiyue.obligations.noticing_days import moves_of
from jiyue.rules.models import CalendarRevision, LocalStandard, PackEdition
from jiyue.rules.problem_wording import sentence
from jiyue.rules.problems import PackRefused
from jiyue.rules.queries import book
from jiyue.rules.standards import shipped as standards
from jiyue.rules.standards.differences import difference

MOST_LISTED = 50


@dataclass(frozen=True)
class Listed:
    """The first duties of many, and how many there are."""

    rows: Sequence[Obligation]
    count: int

    @property
    def left_out(self) -> int:
        return self.count - len(self.rows)


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Every change of rules that the person has to learn of, what she has not taken note of first."""
    found = changes_for(request.user, timezone.now())
    found.sort(key=lambda each: each[1])
    shown = paged(request, found)
    lines = [(change, what_changes(change), noted) for change, noted in shown]
    waiting = sum(not noted for _change, noted in found)
    return page(request, "notices.html", folder=FOLDER, rows=shown, lines=lines, waiting=waiting)


@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, matter: str, change: int) -> HttpResponse:
    """One change of rules and what it means for her; she takes note of it here."""
    now = timezone.now()
    found, noted = fetch_change_for(request.user, matter, change, now)
    if request.method == "POST":
        if request.POST.get("stage", found.stage) != found.stage:
            messages.warning(request, _("这项变动刚刚有了批复，请看过现在的内容再确认"))
            return redirect("console_rule_notice", matter, change)
        try:
            note_rule_change(change=found, by=request.user, now=now)
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已知悉：%(what)s") % {"what": what_changes(found)})
        return redirect("console_rule_notices")
    context = {"change": found, "row": found.row, "what": what_changes(found), "noted": noted}
    return page(request, "notice.html", folder=FOLDER, **context, **_meant(found, request))


def _meant(change: RuleChange, request: HttpRequest) -> dict[str, Any]:
    if change.of_days:
        row = change.row
        days = effect_of(row, book()) if isinstance(row, CalendarRevision) else None
        return {"dated": True, "effect": days, "moves": moves_of(change, request.user, timezone.now())}
    if isinstance(change.row, PackEdition) and change.of_data:
        register = standards()
        told = [difference(register, f"{name}@{since}") for name, since in change.row.values]
        return {"standards": [each for each in told if each is not None]}
    if isinstance(change.row, LocalStandard):
        return {"demanding": True, **demanded(change.row)}
    try:
        meaning: Meaning = meaning_of(change, request.user, timezone.now())
    except PackRefused as refused:
        return {"broken": [sentence(problem) for problem in refused.problems]}
    return {
        "turned": meaning.turned, "following": _listed(meaning.following), "keeping": _listed(meaning.keeping),
    }  # fmt: skip


def _listed(rows: ObligationQuerySet) -> Listed:
    return Listed(list(rows[:MOST_LISTED]), rows.order_by().count())
