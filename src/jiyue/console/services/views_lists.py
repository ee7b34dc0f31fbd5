"""指南检查: the veto on services as it stands today, and everything wrong with each guide, with what to do about it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.console.office.frame import paged
from jiyue.console.office.spreadsheets import as_csv, as_xlsx
from jiyue.console.services import words
from jiyue.console.services.frame import page
from jiyue.console.stewardship.frame import chosen_site, few_sites, readable_sites
from jiyue.content.models import ServiceGuide
from jiyue.content.policies import may_edit_now
from jiyue.domain.service_quality import Fault, Group
from jiyue.domain.service_usability import Finding
from jiyue.estate.models import Site
from jiyue.publishing.services import (
    Shown,
    Standing,
    reaches,
    shown_guides,
    standings,
    thresholds,
    usability,
    without_guide,
)

TAB, DEPTHS = "console_services", "console_service_depths"


@dataclass(frozen=True)
class Row:
    """One fault of one guide."""

    shown: Shown
    fault: Fault
    edits: bool

    @property
    def group(self) -> str:
        return str(words.GROUPS[self.fault.group])

    @property
    def what(self) -> str:
        return words.fault(self.fault)

    @property
    def advice(self) -> str:
        return words.advice(self.fault)

    @property
    def link(self) -> str:
        """Where it is mended; who may not edit sees the way of the record."""
        if self.fault.group == Group.EXAMINATION and self.fault.code == "day_passed":
            return reverse("console_looked_at", args=[self.shown.guide.pk])
        return reverse("console_edit" if self.edits else "console_path", args=[self.shown.guide.pk])


@dataclass(frozen=True)
class Veto:
    """One veto item in words."""

    finding: Finding
    name: str
    word: str
    tone: str
    why: str


def services(request: HttpRequest) -> HttpResponse:
    """One site: the veto, the counts of each kind of fault, the faults themselves."""
    site = chosen_site(request)
    shown = shown_guides([site]) if site else []
    found = standings(shown, today=timezone.localdate())
    wanted, unit = _wanted(request), request.GET.get("unit", "")
    rows = paged(request, list(_rows(request, found, wanted, unit)))
    counts = Counter(fault.group for each in found for fault in each.faults)
    context = {
        "in_site": site, "sites": few_sites(request), "rows": rows, "wanted": wanted, "unit": unit,
        "units": _units(found), "vetoes": _vetoes(site, shown) if site else [],
        "counts": [(group.value, words.GROUPS[group], counts[group]) for group in Group],
        "guides": len(shown), "whole": sum(not each.faults for each in found),
        "missing": without_guide(site) if site else [],
        "query": f"site={site.pk}&group={wanted}&unit={unit}" if site else "",
    }  # fmt: skip
    return page(request, "lists.html", tab=TAB, **context)


def services_export(request: HttpRequest) -> HttpResponse:
    """The same faults as a workbook, with who is responsible."""
    site = chosen_site(request)
    found = standings(shown_guides([site]) if site else [], today=timezone.localdate())
    rows = _rows(request, found, _wanted(request), request.GET.get("unit", ""))
    return as_xlsx(f"service-faults-{site.host if site else 'none'}", _("指南检查"), _lines(rows))


def depths(request: HttpRequest) -> HttpResponse:
    """资源清单: how far each public item can be handled online, of the site in hand and of the sites of its group."""
    site = chosen_site(request)
    sites = _group(request, site)
    shown = shown_guides(sites)
    every = reaches(sites, shown)
    mine = [one for one in shown if one.is_public and site and one.guide.site_id == site.pk]
    context = {
        "in_site": site, "sites": few_sites(request), "every": every,
        "here": next((reach for reach in every if site and reach.site.pk == site.pk), None),
        "degrees": ServiceGuide.OnlineDepth.choices, "rows": paged(request, [_named(one) for one in mine]),
        "query": f"site={site.pk}" if site else "",
    }  # fmt: skip
    return page(request, "depths.html", tab=DEPTHS, **context)


def depths_export(request: HttpRequest) -> HttpResponse:
    """The resource list as CSV or workbook: every public item of the group with its degree."""
    site = chosen_site(request)
    shown = [one for one in shown_guides(_group(request, site)) if one.is_public]
    name = f"service-resources-{site.host if site else 'none'}"
    if request.GET.get("form") == "csv":
        return as_csv(name, _resources(shown))
    return as_xlsx(name, _("网上服务资源清单"), _resources(shown))


def _wanted(request: HttpRequest) -> str:
    asked = request.GET.get("group", "")
    return asked if asked in set(Group) else ""


def _rows(request: HttpRequest, found: Iterable[Standing], wanted: str, unit: str) -> Iterator[Row]:
    for each in found:
        guide = each.shown.guide
        if unit and str(guide.responsible_id) != unit:
            continue
        faults = [fault for fault in each.faults if wanted in ("", fault.group)]
        edits = bool(faults) and may_edit_now(request.user, guide)
        yield from (Row(each.shown, fault, edits) for fault in faults)


def _units(found: Iterable[Standing]) -> list[tuple[str, str]]:
    units = {each.shown.guide.responsible for each in found if each.shown.guide.responsible}
    return sorted((str(unit.pk), unit.name) for unit in units)


def _vetoes(site: Site, shown: Sequence[Shown]) -> list[Veto]:
    today = timezone.localdate()
    rules = thresholds(site, on=today)
    values = {"missing": rules.missing if rules else 0, "items": rules.items if rules else 0}
    return [_veto(each, words.why(each, **values)) for each in usability(site, shown, today=today)]


def _veto(finding: Finding, why: str) -> Veto:
    word, tone = words.VERDICTS[finding.verdict]
    return Veto(finding, str(words.VETOES[finding.code]), str(word), tone, why)


def _group(request: HttpRequest, site: Site | None) -> list[Site]:
    """The site in hand and those below it that the person may read too."""
    return [site, *readable_sites(request).filter(superior_site=site)] if site else []


def _named(one: Shown) -> tuple[Shown, str]:
    return one, _depth(one)


def _depth(one: Shown) -> str:
    return str(ServiceGuide.OnlineDepth(one.entry.online_depth or 1).label)


def _lines(rows: Iterable[Row]) -> Iterator[list[Any]]:
    yield [_("事项编码"), _("办事指南"), _("责任单位"), _("状态"), _("问题类别"), _("问题"), _("怎么办")]
    for row in rows:
        guide = row.shown.guide
        unit = guide.responsible.name if guide.responsible else ""
        yield [
            row.shown.entry.code,
            row.shown.entry.title,
            unit,
            guide.get_state_display(),
            row.group,
            row.what,
            row.advice,
        ]


def _resources(shown: Iterable[Shown]) -> Iterator[list[Any]]:
    yield [
        _("网站"),
        _("事项编码"),
        _("事项名称"),
        _("办事指南"),
        _("办理机构"),
        _("网办深度"),
        _("在线办理网址"),
        _("指南网址"),
    ]
    for one in shown:
        entry, site = one.entry, one.guide.site
        yield [site.name, entry.code, entry.name, entry.title, entry.handling_body, _depth(one), entry.online_address,
               f"//{site.host}{one.address}"]  # fmt: skip
