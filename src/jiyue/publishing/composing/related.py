"""相关内容: what a page offers beside its text, of all that the site shows: pinned by its editors, then as reckoned."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from jiyue.content.models import Record
from jiyue.content.relating import RELATED_KINDS
from jiyue.domain.kinship import SHOWN
from jiyue.publishing.composing.library import VALIDITIES
from jiyue.publishing.frame import Link, LinkGroup
from jiyue.publishing.models import PublicItem
from jiyue.publishing.pages import (
    DocumentPage,
    InterpretationPage,
    Page,
    PolicyDocumentPage,
    ServiceGuidePage,
)
from jiyue.publishing.reading import Neighbour, Reader

LOCAL = ZoneInfo("Asia/Shanghai")


def with_related(reader: Reader, page: Page, item: PublicItem, content: dict[str, Any]) -> Page:
    """The page with a group of related items, when there are any that it does not show already."""
    if not isinstance(page, DocumentPage) or item.kind not in RELATED_KINDS:
        return page
    links = tuple(related_links(reader, item, content, shown=set(_shown(page))))
    if not links:
        return page
    return replace(page, related=(*page.related, LinkGroup(title=_("相关内容"), links=links)))


def related_links(reader: Reader, item: PublicItem, content: dict[str, Any], *, shown: set[str]) -> Iterator[Link]:
    """At most SHOWN links: what the editors pinned, in their order, then the best of what was reckoned and not hidden."""
    wishes = content.get("related", {})
    hidden = set(wishes.get("hidden", ()))
    left, told = SHOWN, {item.address, *shown}
    for other in reader.neighbours(wishes.get("pinned", [])) + reader.related_to(item, content):
        address = other.card.address
        if left and other.identity not in hidden and address not in told:
            told.add(address)
            left -= 1
            yield Link(title=other.card.title, address=address, note=_note(reader, other))


def _note(reader: Reader, other: Neighbour) -> str:
    """What it is and of which day, and in words when it holds no longer."""
    card = other.card
    kind = reader.once(f"kind:{other.kind}", lambda: str(Record.Kind(other.kind).label))
    parts = [kind, card.published_at.astimezone(LOCAL).date().isoformat()]
    if card.validity in ("repealed", "expired", "amended", "not_yet"):
        parts.append(str(VALIDITIES[card.validity]))
    return "，".join(parts)


def _shown(page: DocumentPage) -> Iterator[str]:
    """Addresses that the page leads to in groups of its own."""
    yield from (link.address for group in page.related for link in group.links)
    if isinstance(page, PolicyDocumentPage):
        yield from (link.address for link in page.interpretations)
        yield from (tie.address for tie in page.lineage)
    if isinstance(page, InterpretationPage | ServiceGuidePage):
        yield from (link.address for link in page.policies)
    if isinstance(page, ServiceGuidePage):
        yield from (link.address for link in page.interpretations)
