"""数据标准: the register, one standard with its fields and texts, what units ask beyond it, and what breaks it."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from jiyue.console import standard_rows as reading
from jiyue.console.gate import may_open
from jiyue.console.office.frame import page, paged
from jiyue.console.rulebook.views_changes import proposed, sent
from jiyue.console.sites import current_site
from jiyue.console.standards.forms import DemandForm
from jiyue.console.stewardship.frame import few_sites, readable_sites
from jiyue.estate.policies import fetch_site_for
from jiyue.identity.models import Organisation
from jiyue.identity.roles import Permission
from jiyue.publishing.models import NonConformity
from jiyue.rules.actions import propose_standard
from jiyue.rules.local_standards import additions_of
from jiyue.rules.models import LocalStandard
from jiyue.rules.policies import may_propose, proposable_units
from jiyue.rules.standards import Edition, shipped
from jiyue.rules.standards.demands import fields_of
from jiyue.rules.standards.register import CLASSES

FOLDER = "standards"


def standards(request: HttpRequest) -> HttpResponse:
    """The register: every standard with its class, edition in force, and whether units ask more."""
    today, unit = timezone.localdate(), _unit(request)
    register = shipped()
    lines = [
        {"edition": edition, "class": CLASSES[register.classes[name]], "texts": register.texts[name],
         "editions": len(register.editions[name]), "more": additions_of(unit, name, on=today) if unit else []}
        for name in _ordered() if (edition := register.in_force(name, today))
    ]  # fmt: skip
    open_cases = NonConformity.objects.filter(mended_at__isnull=True, site__in=readable_sites(request)).count()
    return page(request, "standards.html", folder=FOLDER, lines=lines, unit=unit, open_cases=open_cases,
                reads=may_open(request.user, "console_nonconforming_all"))  # fmt: skip


def standard(request: HttpRequest, standard: str) -> HttpResponse:
    """One standard: its fields, what it follows and what was not found, its editions, and what the unit in hand adds."""
    today, unit = timezone.localdate(), _unit(request)
    edition = _edition(standard, request.GET.get("edition", ""), today)
    register = shipped()
    more = additions_of(unit, standard, on=today) if unit else []
    context = {
        "edition": edition, "class": CLASSES[register.classes[standard]], "texts": register.texts[standard],
        "editions": register.editions[standard], "in_force": register.in_force(standard, today),
        "rows": reading.rows_of(edition, more), "more": more, "unit": unit,
        "asks": register.classes[standard] == "format" and proposable_units(request.user).exists(),
    }  # fmt: skip
    return page(request, "standard.html", folder=FOLDER, **context)


def schema(request: HttpRequest, standard: str) -> HttpResponse:
    """The edition as a JSON Schema file."""
    edition = _edition(standard, request.GET.get("edition", ""), timezone.localdate())
    answer = JsonResponse(reading.as_json(edition, None), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{edition.name}-{edition.since}.json"'
    return answer


def demand(request: HttpRequest, standard: str) -> HttpResponse:
    """Propose what records of this kind must fulfil beyond the standard, for a unit and everything below it."""
    edition = _edition(standard, "", timezone.localdate())
    if shipped().classes[standard] != "format":
        raise Http404
    units = proposable_units(request.user).order_by("lineage")
    form = DemandForm(
        request.POST or None, edition=edition, units=units, everywhere=may_propose(request.user, None),
        initial=_initial(request, units, edition),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in form.field_order}
        act = {"demands": form.demands(), "by": request.user, "now": timezone.now()}
        row = proposed(form, lambda: propose_standard(standard=standard, **given, **act))
        if row is not None:
            return sent(request, row)
    return page(request, "demand.html", folder=FOLDER, form=form, edition=edition)


def nonconforming(request: HttpRequest, site: int | None = None) -> HttpResponse:
    """Public records that break a standard in force, of one site or of all that the person reads."""
    sites = readable_sites(request)
    found = fetch_site_for(request.user, site, Permission.READ_CONTENT) if site else None
    cases = NonConformity.objects.filter(mended_at__isnull=True, site__in=sites).select_related(
        "site", "record__column"
    )
    cases = cases.filter(site=found) if found else cases
    context = {"rows": paged(request, cases), "in_site": found, "sites": few_sites(request)}
    return page(request, "nonconforming.html", folder=FOLDER, **context)


def _unit(request: HttpRequest) -> Organisation | None:
    """The unit in hand: the owner of the current site, else the person's own."""
    site = current_site(request)
    return site.owner if site else request.user.organisation


def _ordered() -> list[str]:
    """Classification first, then formats, then interfaces."""
    order = list(CLASSES)
    return sorted(shipped().editions, key=lambda name: order.index(shipped().classes[name]))


def _edition(name: str, asked: str, on: date) -> Edition:
    register = shipped()
    found = register.edition(f"{name}@{asked}") if asked else register.in_force(name, on)
    if found is None:
        raise Http404
    return found


def _initial(request: HttpRequest, units: Any, edition: Edition) -> dict[str, Any]:
    """Begin with what the unit asks today: a later proposal replaces it as a whole."""
    unit = units.filter(pk=_unit(request).pk).first() if _unit(request) else units.first()
    rows = LocalStandard.objects.filter(Q(organisation=unit), standard=edition.name, state="approved")
    last = rows.filter(from_on__lte=timezone.localdate()).order_by("from_on", "pk").last()
    initial: dict[str, Any] = {"organisation": unit}
    fields = fields_of(edition.schema)
    for name, asked in (last.demands if last else {}).items():
        for code, value in asked.items():
            is_lines = code == "allowed" and "enum" not in fields.get(name, {})
            initial[f"{code}:{name}"] = "\n".join(value) if is_lines else value
    return initial
