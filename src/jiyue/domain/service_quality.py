"""What is wrong with a service guide as it stands: gaps, forms that are missing, links, limits, contradictions.

Everything here is computed from what the platform itself knows. Whether a foreign system answers at this moment is not
asked: that takes a request to it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from jiyue.domain.service_items import ServiceEntry, is_link

# Needed in every guide, and then in those of items one applies for (platform-standards 4.5; inspection.guide.elements).
ELEMENTS: Final = (
    "title", "basis", "handling_body", "fee_standard", "place", "time_limit", "hours", "telephone", "conditions",
    "certificates", "materials", "process",
)  # fmt: skip
FORM_FILES: Final = ("blank", "instructions", "sample")
LINKS: Final = ("online_address", "query_address", "consultation_address", "supervision_address")
# Where the citizen hands something over: these must lead to the item's own handling system.
HANDLING: Final = ("online_address", "query_address")
APPLICATION: Final = 3  # from this degree on there has to be somewhere to apply
_FREE = re.compile(r"不收费|免费|无收费|不收取")
_AMOUNT = re.compile(r"[0-9一二三四五六七八九十百千万]\s*元")


class Group(StrEnum):
    """Which list a fault stands in."""

    ELEMENTS = "elements"
    FORMS = "forms"
    LINKS = "links"
    LIMITS = "limits"
    CONTRADICTIONS = "contradictions"
    EXAMINATION = "examination"


@dataclass(frozen=True)
class Fault:
    """One thing to mend: what (`code`), at which element or material, and the two values where two disagree."""

    group: Group
    code: str
    at: str = ""
    ours: str = ""
    theirs: str = ""


@dataclass(frozen=True)
class Guide:
    """A guide with what the platform knows about it besides its own words."""

    entry: ServiceEntry
    material_files: Mapping[str, frozenset[str]] = field(default_factory=dict)
    system_host: str = ""
    has_item: bool = True
    item_ended: bool = False
    outside_catalogue: bool = False
    legal_days_elsewhere: tuple[int, ...] = ()
    review_on: date | None = None


def elements_of(entry: ServiceEntry) -> frozenset[str]:
    """Which of ELEMENTS the guide fills in. Its legal basis may stand in the item or in the guide."""
    has = {
        "title": entry.title, "basis": entry.item_basis or entry.legal_basis, "handling_body": entry.handling_body,
        "fee_standard": entry.fee_standard, "place": entry.place, "hours": entry.hours, "telephone": entry.telephone,
        "time_limit": entry.limit_note or entry.promised_days is not None or entry.legal_days is not None,
        "conditions": entry.conditions, "certificates": entry.certificates, "materials": entry.materials,
        "process": entry.process,
    }  # fmt: skip
    return frozenset(name for name in ELEMENTS if has[name])


def faults(guide: Guide, *, today: date) -> tuple[Fault, ...]:
    """Everything wrong with one guide on a day (Asia/Shanghai), in the order of the groups."""
    return (
        *_gaps(guide), *_forms(guide), *_links(guide), *_limits(guide), *_contradictions(guide), *_examination(guide, today),
    )  # fmt: skip


def _gaps(guide: Guide) -> Iterator[Fault]:
    filled = elements_of(guide.entry)
    yield from (Fault(Group.ELEMENTS, "missing", name) for name in ELEMENTS if name not in filled)


def _forms(guide: Guide) -> Iterator[Fault]:
    for material in guide.entry.materials:
        if not material.needs_form:
            continue
        there = guide.material_files.get(material.name, frozenset())
        lacking = [name for name in FORM_FILES if name not in there]
        if material.instructions and "instructions" in lacking:
            lacking.remove("instructions")
        yield from (Fault(Group.FORMS, name, material.name) for name in lacking)


def _links(guide: Guide) -> Iterator[Fault]:
    if (guide.entry.online_depth or 0) >= APPLICATION and not guide.entry.online_address:
        yield Fault(Group.LINKS, "no_address", "online_address")
    for name in LINKS:
        address = getattr(guide.entry, name)
        if not address:
            continue
        if not is_link(address):
            yield Fault(Group.LINKS, "broken", name, address)
        elif name in HANDLING and guide.system_host and not _within(address, guide.system_host):
            yield Fault(Group.LINKS, "foreign", name, urlsplit(address).hostname or "", guide.system_host)


def _within(address: str, host: str) -> bool:
    found = (urlsplit(address).hostname or "").lower()
    return found == host or found.endswith(f".{host}")


def _limits(guide: Guide) -> Iterator[Fault]:
    legal, promised = guide.entry.legal_days, guide.entry.promised_days
    if legal is not None and promised is not None and promised > legal:
        yield Fault(Group.LIMITS, "promised_longer", "promised_days", str(promised), str(legal))
    others = sorted({days for days in guide.legal_days_elsewhere if legal is not None and days != legal})
    if others:
        yield Fault(Group.LIMITS, "legal_differs", "legal_days", str(legal), "、".join(map(str, others)))


def _contradictions(guide: Guide) -> Iterator[Fault]:
    entry, fee = guide.entry, guide.entry.fee_standard
    if not guide.has_item:
        yield Fault(Group.CONTRADICTIONS, "no_item")
        return
    if guide.item_ended:
        yield Fault(Group.CONTRADICTIONS, "item_ended", ours=entry.code)
    if guide.outside_catalogue:
        yield Fault(Group.CONTRADICTIONS, "outside_catalogue", ours=entry.code)
    if fee and entry.charged and _FREE.search(fee) and not _AMOUNT.search(fee):
        yield Fault(Group.CONTRADICTIONS, "charged_item_free", "fee_standard", fee)
    if fee and not entry.charged and _AMOUNT.search(fee) and not _FREE.search(fee):
        yield Fault(Group.CONTRADICTIONS, "free_item_charges", "fee_standard", fee)


def _examination(guide: Guide, today: date) -> Iterator[Fault]:
    if guide.review_on is None:
        yield Fault(Group.EXAMINATION, "no_day")
    elif guide.review_on <= today:
        yield Fault(Group.EXAMINATION, "day_passed", ours=guide.review_on.isoformat())
