"""稿源名单: where one may reprint from, proposed by a unit and decided by its overseer (REPR-03)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.office.frame import paged
from jiyue.console.reprinting.forms import OpinionForm, SourceForm
from jiyue.console.stewardship.frame import done
from jiyue.console.stewardship.frame import page as framed
from jiyue.content.models import PermittedSource
from jiyue.content.policies import (
    fetch_permit_for,
    may_decide_source,
    may_order_reprints,
    may_propose_source,
    visible_sources,
)
from jiyue.content.reprinting import decide_source, end_source, propose_source
from jiyue.estate.policies import sites_with
from jiyue.identity.models import Organisation
from jiyue.identity.roles import Permission
from jiyue.rules.policies import proposable_units

TAB = "console_sources"
State = PermittedSource.State


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """The lists that bind one's sites; what waits for a decision first."""
    found = visible_sources(request.user).select_related("organisation", "only_for", "proposed_by", "decided_by")
    waiting = found.filter(state=State.PROPOSED).order_by("proposed_at", "pk")
    listed = paged(
        request, found.exclude(state=State.PROPOSED).order_by("state", "organisation__lineage", "name", "pk")
    )
    context = {
        "waiting": [(source, may_decide_source(request.user, source)) for source in waiting],
        "shown": listed,
        "any_approved": found.filter(state=State.APPROVED, only_for=None).exists(),
        "proposes": _units(request).exists(),
    }
    return framed(request, "../reprinting/sources.html", tab=TAB, **context)


@require_http_methods(["GET", "POST"])
def add_source(request: HttpRequest) -> HttpResponse:
    form = SourceForm(request.POST or None, units=_units(request))
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: propose_source(source=form.instance, **act)):
        messages.success(request, _("已提出，由督办人员决定后生效"))
        return redirect(TAB)
    return framed(request, "../reprinting/source_new.html", tab=TAB, form=form)


@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, permit: int) -> HttpResponse:
    """One source, to be decided or ended."""
    found = fetch_permit_for(request.user, permit)
    decides = found.state == State.PROPOSED and may_decide_source(request.user, found)
    ends = found.state == State.APPROVED and may_order_reprints(request.user, found.organisation)
    form = OpinionForm(request.POST or None)
    if request.method == "POST":
        if not (decides or ends):
            raise PermissionDenied
        if done(form, lambda: _act(request, found, form.cleaned_data["opinion"], ends=ends)):
            messages.success(request, _("已停用") if ends else _("已登记您的决定"))
            return redirect(TAB)
    context = {"source": found, "form": form, "decides": decides, "ends": ends}
    return framed(request, "../reprinting/source.html", tab=TAB, **context)


def _act(request: HttpRequest, found: PermittedSource, opinion: str, *, ends: bool) -> None:
    act = {"source": found, "opinion": opinion, "by": request.user, "now": timezone.now()}
    if ends:
        end_source(**act)
    else:
        decide_source(approve=request.POST.get("act") == "approve", **act)


def _units(request: HttpRequest):
    managed = sites_with(request.user, Permission.MANAGE_SITE).values("owner")
    ordered = proposable_units(request.user).values("pk")
    found = Organisation.objects.filter(Q(pk__in=managed) | Q(pk__in=ordered)).order_by("lineage")
    may = [unit.pk for unit in found if may_propose_source(request.user, unit)]
    return Organisation.objects.filter(pk__in=may).order_by("lineage")
