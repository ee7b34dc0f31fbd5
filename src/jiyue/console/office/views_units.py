"""单位: the organisation tree along either chain. The operator edits it, supervisors read their part."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.console.office.forms import OrganisationForm
from jiyue.console.office.frame import attempt, page
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_organisation_for, is_operator, visible_organisations, visible_sites
from jiyue.identity.actions import save_organisation
from jiyue.identity.models import Membership, Organisation
from jiyue.identity.queries import drawn_tree, superiors_of

CHAINS = Membership.Chain


def units(request: HttpRequest) -> HttpResponse:
    """The tree along one chain, with the sites each unit owns."""
    chain = CHAINS.VERTICAL if request.GET.get("chain") == CHAINS.VERTICAL else CHAINS.TERRITORIAL
    wanted = request.GET.get("q", "").strip()
    found = visible_organisations(request.user)
    if wanted:
        found = found.filter(name__icontains=wanted) | found.filter(code__startswith=wanted)
    elif chain == CHAINS.VERTICAL:
        found = found.exclude(vertical_superior=None, vertical_subordinates=None).distinct()
    owned: dict[int, list[Site]] = {}
    for site in visible_sites(request.user):
        owned.setdefault(site.owner_id, []).append(site)
    rows = [(branch, owned.get(branch.unit.pk, [])) for branch in drawn_tree(found, chain=chain)]
    return page(
        request,
        "units.html",
        rows=rows,
        chain=chain,
        chains=CHAINS.choices,
        q=wanted,
        operates=is_operator(request.user),
    )


def unit(request: HttpRequest, organisation: int) -> HttpResponse:
    """The card of a unit: who approves and supervises it along either chain."""
    found = fetch_organisation_for(request.user, organisation)
    shown = visible_organisations(request.user)
    readable = set(shown.values_list("pk", flat=True))
    ways = [(label, superiors_of(found, chain=chain)) for chain, label in CHAINS.choices]
    context = {
        "unit": found,
        "ways": [(label, [(above, above.pk in readable) for above in way]) for label, way in ways],
        "below": shown.filter(superior=found),
        "below_vertically": shown.filter(vertical_superior=found),
        "owned": visible_sites(request.user).filter(owner=found),
        "operates": is_operator(request.user),
    }
    return page(request, "unit.html", **context)


def add_unit(request: HttpRequest) -> HttpResponse:
    return _edit(request, Organisation())


def change_unit(request: HttpRequest, organisation: int) -> HttpResponse:
    return _edit(request, fetch_organisation_for(request.user, organisation))


def _edit(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    if not is_operator(request.user):
        raise PermissionDenied
    form = OrganisationForm(request.POST or None, instance=organisation, user=request.user)
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _save(request, organisation)):
        messages.success(request, _("单位已保存"))
        return redirect("console_unit", organisation.pk)
    return page(request, "unit_form.html", form=form, unit=organisation)


def _save(request: HttpRequest, organisation: Organisation) -> None:
    save_organisation(organisation=organisation, by=request.user.actor(), now=timezone.now())
