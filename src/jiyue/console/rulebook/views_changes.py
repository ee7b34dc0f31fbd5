"""规则调整: an overseer proposes, another answers; what it will change is shown before."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiyue.console.office.frame import page, paged, refuse
from jiyue.console.proposals import what
from jiyue.console.rulebook.effects import effect_of, provisional_in
from jiyue.console.rulebook.forms import AssignForm, Reply
from jiyue.console.rulebook.value_form import ValueForm
from jiyue.console.rulebook.views_packs import FOLDER, all_packs
from jiyue.console.standard_rows import demand_rows
from jiyue.content.standards import exchanged
from jiyue.domain.rulesets import Parameter
from jiyue.identity.models import Membership, Organisation
from jiyue.identity.policies import below
from jiyue.obligations.engine import recompute
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.rules.actions import Unusable, approve, assign_pack, matter_of, propose_override
from jiyue.rules.actions import refuse as answer_no
from jiyue.rules.library import shipped
from jiyue.rules.local_standards import schema_of_row
from jiyue.rules.models import CalendarRevision, LocalStandard, Override, Proposal
from jiyue.rules.policies import (
    MATTERS,
    fetch_proposal_for,
    may_answer,
    may_propose,
    proposable_units,
    to_answer,
    visible,
)
from jiyue.rules.problem_wording import sentence
from jiyue.rules.problems import PackRefused
from jiyue.rules.queries import Book, book
from jiyue.rules.standards import faults
from jiyue.rules.standards import shipped as standards

NEWEST = 200  # public records that a new demand is tried on while somebody waits
MOST_AT_ONCE = 2_000  # dates that are computed again while somebody waits; more are left to the worker


def changes(request: HttpRequest) -> HttpResponse:
    """All proposals the person may read, what waits for her first."""
    matter = request.GET.get("matter", "")
    models = [MATTERS[matter]] if matter in MATTERS else list(MATTERS.values())
    mine = {(matter_of(row), row.pk) for row in to_answer(request.user)}
    rows = [row for model in models for row in visible(request.user, model)]
    rows.sort(key=lambda row: ((matter_of(row), row.pk) not in mine, -row.proposed_at.timestamp()))
    shown = paged(request, rows)
    lines = [(row, matter_of(row), (matter_of(row), row.pk) in mine, what(row)) for row in shown]
    query = f"matter={matter}" if matter in MATTERS else ""
    context = {"rows": shown, "lines": lines, "matter": matter, "waiting": len(mine), "query": query}
    return page(request, "changes.html", folder=FOLDER, proposes=proposable_units(request.user).exists(), **context)


def change(request: HttpRequest, matter: str, change: int) -> HttpResponse:
    """One proposal with what it will do; its answer by another person."""
    row = fetch_proposal_for(request.user, matter, change)
    form = Reply(request.POST or None)
    if request.method == "POST":
        if not may_answer(request.user, row):
            raise PermissionDenied
        if form.is_valid() and (answered := _answered(request, row, form)):
            return answered
    context = {
        "row": row,
        "matter": matter,
        "what": what(row),
        "form": form,
        "answers": may_answer(request.user, row),
        "own": row.proposed_by_id == request.user.pk,
        **(demanded(row) if isinstance(row, LocalStandard) else _effect(row)),
    }
    return page(request, "change.html", folder=FOLDER, **context)


def add_override(request: HttpRequest, parameter: str) -> HttpResponse:
    """Propose one value for a unit from a day on."""
    known = shipped().parameters.get(parameter)
    if known is None:
        raise Http404
    units, rules = proposable_units(request.user).order_by("lineage"), book()
    unit = _chosen(request, units)
    holds = rules.answer(unit.lineage if unit else "/", known.name, timezone.localdate())
    form = ValueForm(
        request.POST or None, parameter=known, units=units, packs=_packs(request, rules), value=holds.value,
        initial={"scope": f"unit:{unit.pk}" if unit else ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        row = proposed(form, lambda: _propose_override(request, form, known))
        if row is not None:
            return sent(request, row)
    return page(request, "override.html", folder=FOLDER, form=form, parameter=known, holds=holds, unit=unit)


def add_assignment(request: HttpRequest) -> HttpResponse:
    """Propose which pack counts for a unit from a day on."""
    library, units = all_packs(book()), proposable_units(request.user).order_by("lineage")
    names = [(name, library.pack(name).title) for name in library.names]
    form = AssignForm(request.POST or None, units=units, packs=names)
    if request.method == "POST" and form.is_valid():
        act = {"by": request.user, "now": timezone.now()}
        row = proposed(form, lambda: assign_pack(**form.cleaned_data, **act))
        if row is not None:
            return sent(request, row)
    return page(request, "assign.html", folder=FOLDER, form=form)


def _propose_override(request: HttpRequest, form: ValueForm, parameter: Parameter) -> Override:
    given = {name: form.cleaned_data[name] for name in ("from_on", "document", "number", "article", "grounds")}
    return propose_override(
        parameter=parameter.name, value=form.written(), by=request.user, now=timezone.now(), **form.reach(), **given
    )


def proposed(form: Any, act: Callable[[], Proposal]) -> Proposal | None:
    """The new proposal; a refusal stands beside its field and nothing typed is lost."""
    try:
        return act()
    except Unusable as refusal:
        if refusal.problems and hasattr(form, "tell"):
            form.tell(refusal.problems)
        else:
            _refused(form, refusal)
    except ValidationError as refusal:
        _refused(form, refusal)
    except PermissionDenied as refusal:
        form.add_error(None, str(refusal))
    return None


def _refused(form: Any, refusal: ValidationError) -> None:
    """The action speaks of unit or pack where the form asks for both in one field."""
    refuse(form, refusal)
    for problem in getattr(refusal, "problems", ()):
        form.add_error(None, f"{problem.file} {problem.line}: {sentence(problem)}")


def sent(request: HttpRequest, row: Proposal) -> HttpResponse:
    messages.success(request, _("已提出，等另一位督办人员批复"))
    return redirect("console_change", matter_of(row), row.pk)


def _answered(request: HttpRequest, row: Proposal, form: Reply) -> HttpResponse | None:
    yes = request.POST.get("answer") == "yes"
    act = {"proposal": row, "by": request.user, "now": timezone.now(), "reply": form.cleaned_data["reply"]}
    try:
        (approve if yes else answer_no)(**act)
    except ValidationError as refusal:
        _refused(form, refusal)
        return None
    messages.success(request, _approved(row) if yes else _("已答复：不批准"))
    return redirect("console_change", matter_of(row), row.pk)


def _approved(row: Proposal) -> str:
    """What happens now, in one sentence; of a calendar, how many dates moved or became certain."""
    if isinstance(row, LocalStandard):
        return _("已批准。起用日期起送审的稿件按新要求，已经公开的正在重新核对")
    if not isinstance(row, CalendarRevision):
        return _("已批准。起用日期以后开始的事项按新规则，以前开始的不变")
    open_dates = provisional_in(row.year, row.organisation).count()
    if open_dates > MOST_AT_ONCE:
        return _("已批准。有 %(n)s 个未完成事项的日期可能变化，正在后台重新计算") % {"n": open_dates}
    moved = recompute(years=[row.year], unit=row.organisation_id, because=(matter_of(row), row.pk), now=timezone.now())
    sentence_ = ngettext(
        "已批准。重新计算了 %(all)s 个未完成事项，其中 %(n)s 个的日期有变化或由暂定变为确定",
        "已批准。重新计算了 %(all)s 个未完成事项，其中 %(n)s 个的日期有变化或由暂定变为确定",
        moved,
    )
    return sentence_ % {"all": open_dates, "n": moved}


def demanded(row: LocalStandard) -> dict[str, Any]:
    """What a unit asks of its records, and how many of the newest public ones would break it."""
    edition = standards().in_force(row.standard, row.from_on)
    if edition is None:
        return {}
    items = PublicItem.objects.filter(state__in=LISTED, placed_by__isnull=True, kind=row.standard)
    if row.organisation is not None:
        items = items.filter(below(row.organisation, chain=Membership.Chain.TERRITORIAL, prefix="site__owner__"))
    newest = list(items.select_related("sign_off__version").order_by("-published_at", "-serial")[:NEWEST])
    schema = schema_of_row(row)
    broken = sum(1 for item in newest if faults(exchanged(json.loads(item.sign_off.version.content)), schema))
    return {"demands": demand_rows(row, edition), "looked": len(newest), "broken_now": broken}


def _effect(row: Proposal) -> dict[str, Any]:
    if row.state == Proposal.State.REFUSED:
        return {}
    try:
        return {"effect": effect_of(row, book())}
    except PackRefused as refused:
        return {"broken": [sentence(problem) for problem in refused.problems]}


def _chosen(request: HttpRequest, units: Any) -> Organisation | None:
    """The unit a form starts with: the asked one, her own, or the first she may propose for."""
    ref = request.GET.get("unit", "")
    if ref.isdecimal() and len(ref) < 19 and (found := units.filter(pk=int(ref)).first()):
        return found
    return units.filter(pk=request.user.organisation_id).first() or units.first()


def _packs(request: HttpRequest, rules: Book) -> list[tuple[str, str]]:
    """Packs whose values the person may change for everybody: only overseers of the whole platform may."""
    if not may_propose(request.user, None):
        return []
    library = all_packs(rules)
    return [(name, library.pack(name).title) for name in library.names]
