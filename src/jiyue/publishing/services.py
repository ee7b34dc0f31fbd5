"""Services as the public sees them: guides with their signed content, what is wrong with them, and how far one gets online.

A guide that is public is read from what was signed, checked against seal and digest; one that never was, from its draft.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from jiyue.content.belonging import items_for
from jiyue.content.models import ServiceGuide, ServiceItem
from jiyue.content.models.records import State
from jiyue.content.service_entries import entry_of_draft, entry_of_facts
from jiyue.content.synchronising import Ours
from jiyue.domain.service_items import ServiceEntry
from jiyue.domain.service_quality import FORM_FILES, Fault, Guide, elements_of, faults
from jiyue.domain.service_usability import Finding, PublicGuide, Thresholds, judge
from jiyue.estate.models import Block, Site
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.moments import chunks
from jiyue.publishing.sealed import check_item
from jiyue.review.ledger import content_of
from jiyue.rules.queries import answer_for

MISSING, ITEMS, ELEMENTS = "inspection.guide.missing", "inspection.guide.items", "inspection.guide.elements"
# What the pack calls an element class → what a guide holds.
CLASSES: Mapping[str, str] = {
    "name": "title", "legal-basis": "basis", "conditions": "conditions", "materials": "materials", "place": "place",
    "hours": "hours", "telephone": "telephone", "procedure": "process",
}  # fmt: skip
APPLICATION = ServiceGuide.OnlineDepth.APPLICATION


@dataclass(frozen=True)
class Shown:
    """A guide, its entry, and where the public reads it (no address: it never was public, and this is the draft)."""

    guide: ServiceGuide
    entry: ServiceEntry
    files: Mapping[str, frozenset[str]]
    address: str = ""

    @property
    def is_public(self) -> bool:
        return bool(self.address)


@dataclass(frozen=True)
class Standing:
    """A guide with everything that is wrong with it."""

    shown: Shown
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Reach:
    """How far the public guides of one site go online: how many at each degree, of how many (SERV-03, SERV-09)."""

    site: Site
    degrees: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.degrees.values())

    @property
    def online(self) -> int:
        """Flows that can be applied for or wholly done online."""
        return sum(number for degree, number in self.degrees.items() if degree >= APPLICATION)

    @property
    def share(self) -> int | None:
        """The online ones in percent, rounded down; None without a single guide."""
        return 100 * self.online // self.total if self.total else None


def shown_guides(sites: Iterable[Site] | QuerySet[Site]) -> list[Shown]:
    """The guides of sites as shown, withdrawn ones left out, by site and code. Raises SealBroken, SignOffRefused."""
    guides = _guides(sites)
    public = _public([guide.identity for guide in guides])
    found = [_shown(guide, public.get(guide.identity)) for guide in guides]
    return sorted(found, key=lambda one: (one.guide.site.name, one.entry.code, one.guide.pk))


def ours(site: Site) -> list[Ours]:
    """What a comparison takes as ours."""
    return [Ours(one.guide, one.entry) for one in shown_guides([site])]


def standings(shown: Sequence[Shown], *, today: date) -> list[Standing]:
    """Each guide with its faults on a day (Asia/Shanghai); the same item of other sites is asked for its legal limit."""
    legal = _legal_days({one.guide.item_id for one in shown if one.guide.item_id})
    usable = {site.pk: set(items_for(site).values_list("pk", flat=True)) for site in {one.guide.site for one in shown}}
    return [Standing(one, faults(_with_facts(one, legal, usable), today=today)) for one in shown]


def usability(site: Site, shown: Sequence[Shown], *, today: date) -> tuple[Finding, ...]:
    """The veto 服务不实用 for a site, by the rules in force for its owner; only public guides count."""
    guides = [
        PublicGuide(str(one.guide.pk), one.entry.title, _classes(one.entry)) for one in shown if one.is_public
    ]  # fmt: skip
    serves = Block.SERVICES in site.compulsory_blocks
    return judge(guides, has_to_serve=serves, thresholds=thresholds(site, on=today))


def thresholds(site: Site, *, on: date) -> Thresholds | None:
    """What the rules in force set for the veto on guides; None where one of the values is missing."""
    answers = {name: answer_for(site.owner, name, on=on) for name in (MISSING, ITEMS, ELEMENTS)}
    if not all(answer.is_set for answer in answers.values()):
        return None
    missing, items, elements = (getattr(answers[name].terms, "value", None) for name in (MISSING, ITEMS, ELEMENTS))
    codes = tuple(each["code"] for each in elements or () if each["code"] in CLASSES)
    return Thresholds(codes, int(missing), int(items)) if codes and missing and items else None


def reaches(sites: Sequence[Site], shown: Sequence[Shown]) -> list[Reach]:
    """How far each site's public guides go online, sites without any guide included."""
    found = []
    for site in sites:
        depths = [one.entry.online_depth or 1 for one in shown if one.is_public and one.guide.site_id == site.pk]
        found.append(Reach(site, {degree: depths.count(degree) for degree in ServiceGuide.OnlineDepth.values}))
    return found


def without_guide(site: Site) -> list[ServiceItem]:
    """Items of the catalogue of the site's own unit for which the site has no guide."""
    own = ServiceItem.objects.filter(organisation=site.owner_id, ended_on=None)
    return list(own.exclude(guides__site=site).order_by("code"))


def _shown(guide: ServiceGuide, item: PublicItem | None) -> Shown:
    if item is None:
        rows = {str(row.get("name") or ""): _files(row) for row in guide.stream("materials")}
        return Shown(guide, entry_of_draft(guide), rows)
    content = content_of(item.sign_off.version, digest=item.version_digest)
    detail = content["detail"]
    rows = {str(row.get("name") or ""): _files(row) for row in detail.get("materials") or ()}
    return Shown(guide, entry_of_facts(detail, title=content["title"]), rows, item.address)


def _files(row: Mapping[str, Any]) -> frozenset[str]:
    there = {name for name in FORM_FILES if row.get(name)}
    return frozenset(there | ({"instructions"} if row.get("instructions_file") else set()))


def _classes(entry: ServiceEntry) -> frozenset[str]:
    filled = elements_of(entry)
    return frozenset(code for code, name in CLASSES.items() if name in filled)


def _with_facts(one: Shown, legal: Mapping[int, Mapping[int, int]], usable: Mapping[int, set[int]]) -> Guide:
    guide, item = one.guide, one.guide.item
    others = {days for pk, days in legal.get(guide.item_id or 0, {}).items() if pk != guide.pk}
    return Guide(
        one.entry, one.files, system_host=item.system_host if item else "", has_item=item is not None,
        item_ended=bool(item and item.ended_on), review_on=guide.review_on, legal_days_elsewhere=tuple(sorted(others)),
        outside_catalogue=bool(item) and guide.item_id not in usable[guide.site_id],
    )  # fmt: skip


def _guides(sites: Iterable[Site] | QuerySet[Site]) -> list[ServiceGuide]:
    found = ServiceGuide.objects.filter(site__in=sites).exclude(state=State.WITHDRAWN)
    return list(found.select_related("site__owner", "item", "responsible", "column"))


def _public(identities: Sequence[UUID]) -> dict[UUID, PublicItem]:
    found: dict[UUID, PublicItem] = {}
    for chunk in chunks(identities):
        items = PublicItem.objects.filter(identity__in=chunk, placed_by=None, state__in=LISTED)
        found |= {item.identity: check_item(item) for item in items.select_related("sign_off__version")}
    return found


def _legal_days(items: set[int]) -> dict[int, dict[int, int]]:
    """The legal limits that all guides of these items name: item → guide → days."""
    found: dict[int, dict[int, int]] = {}
    rows = ServiceGuide.objects.filter(item__in=items, legal_days__isnull=False).exclude(state=State.WITHDRAWN)
    for item, guide, days in rows.values_list("item", "pk", "legal_days"):
        found.setdefault(item, {})[guide] = int(days or 0)
    return found
