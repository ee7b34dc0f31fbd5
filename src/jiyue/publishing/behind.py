"""Guides that say of their item what it no longer is: the item changed after they were signed (SERV-14)."""

from collections.abc import Iterable

from jiyue.content.guides import item_facts
from jiyue.content.models import ServiceGuide, ServiceItem
from jiyue.publishing.models import PublicItem
from jiyue.publishing.validity import signed_content


def guides_behind(item: ServiceItem, guides: Iterable[ServiceGuide]) -> set[int]:
    """Keys of those of an item's guides whose public version repeats other facts, or whose item has ended."""
    by_identity = {guide.identity: guide.pk for guide in guides}
    rows = PublicItem.objects.filter(identity__in=by_identity, placed_by=None, state=PublicItem.State.SHOWN)
    now = item_facts(item)
    return {
        by_identity[row.identity]
        for row in rows.select_related("sign_off__version")
        if item.ended_on is not None or signed_content(row)["detail"]["item"] != now
    }
