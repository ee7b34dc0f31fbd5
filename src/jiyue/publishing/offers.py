"""办事服务 that a site offers: its own guides, those it placed, and, for a portal, those of the departments below it.

A guide of a department is no copy here: the portal names it and leads to its one page (SERV-14). Its title and item
come from the signed version behind the department's sealed row, and a release there that touches a guide calls the
portal (`groups.call_group`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet

from jiyue.content.needs import Theme
from jiyue.domain.rule_terms import Setting
from jiyue.estate.models import Block, Site
from jiyue.publishing.framing import origin_of
from jiyue.publishing.groups import group_of
from jiyue.publishing.models import PublicItem
from jiyue.publishing.read_keys import group_key, services_key
from jiyue.publishing.reading import Reader
from jiyue.publishing.sealed import SealBroken, check_item
from jiyue.publishing.validity import local_day, signed_content
from jiyue.rules.queries import answer_for

GUIDE = "service_guide"
GATHERED = frozenset({Site.Kind.DEPARTMENT, Site.Kind.SUBSITE})
APPLICATION = 3  # from this online depth on one applies online


@dataclass(frozen=True, slots=True)
class Offer:
    """One public guide as lists show it. `address` is absolute for a guide of another site."""

    identity: str
    title: str
    address: str
    unit: str
    item: dict[str, Any]
    depth: int
    online_address: str
    consultation_address: str
    has_forms: bool
    site: int  # whose guide it is

    @property
    def online(self) -> bool:
        return self.depth >= APPLICATION and bool(self.online_address)

    def codes(self, name: str) -> Collection[str]:
        """The codes of the item's audiences, themes or life events."""
        return self.item.get(name) or ()

    @property
    def unit_code(self) -> str:
        """The last part of the address of the unit's list."""
        return unit_code(self.unit)


def unit_code(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:10]


def is_on(reader: Reader) -> bool:
    """Does the site offer services at all (PLAT-03)?"""
    return Block.SERVICES in reader.frame.blocks


def services_column(reader: Reader) -> dict[str, Any] | None:
    """The column that is the entrance: the first open one of its kind; None where services are switched off."""
    if not is_on(reader):
        return None
    return next((column for column in reader.open_columns() if column["kind"] == "services"), None)


def offers(reader: Reader) -> list[Offer]:
    """Every guide that the site offers, by title. The page at hand then follows every guide of the site and its group."""
    reader.note(services_key(reader.site.pk))
    reader.note(group_key(reader.site.pk))
    return list(reader.once("offers", lambda: _offers(reader)))


def themes_of(reader: Reader) -> list[str]:
    """Codes of the themes that the site shows: those of the rules in force, and whatever else its guides have."""
    asked = _asked_themes(reader)
    used = {code for offer in offers(reader) for code in offer.codes("themes")}
    return [*asked, *(code for code in Theme.values if code in used and code not in asked)]


def _asked_themes(reader: Reader) -> list[str]:
    if reader.structure["profile"]["kind"] != Site.Kind.PORTAL:
        return []  # the texts ask portals only
    return list(reader.once("themes", lambda: _themes_in_force(reader)))


def _themes_in_force(reader: Reader) -> list[str]:
    answer = answer_for(reader.site.owner, "service.themes", on=local_day(reader.at))
    terms = answer.value.terms if answer.value else None
    return list(terms.value) if isinstance(terms, Setting) else []


def _offers(reader: Reader) -> list[Offer]:
    own = {str(item.identity): _offer(item, item.address) for item in _shown(reader, Q(site=reader.site))}
    group = [profile["site"] for profile in group_of(reader.site) if profile["kind"] in GATHERED]
    for item in _shown(reader, Q(site__in=group, placed_by=None)):
        try:
            own.setdefault(str(item.identity), _offer(item, origin_of(item.site.host) + item.address))
        except SealBroken:
            continue  # a damaged row of a department is its own trouble; the reconciler repairs and reports it
    return sorted(own.values(), key=lambda offer: (offer.title, offer.identity))


def _shown(reader: Reader, where: Q) -> QuerySet[PublicItem]:
    # A department's row may be there ahead of its moment; what is not in effect yet is nobody's to see.
    found = PublicItem.objects.filter(where, kind=GUIDE, state=PublicItem.State.SHOWN)
    return found.filter(sign_off__effective_at__lte=reader.at).select_related("sign_off__version", "site")


def _offer(item: PublicItem, address: str) -> Offer:
    content = signed_content(check_item(item))
    detail = content["detail"]
    return Offer(
        identity=str(item.identity), title=content["title"], address=address, unit=content["responsible"],
        item=detail["item"], depth=detail["online_depth"], online_address=detail["online_address"],
        consultation_address=detail["consultation_address"],
        has_forms=any(row["blank"] for row in detail["materials"]), site=item.site_id,
    )  # fmt: skip
