"""Whether people may comment or vote under a page: from the signed structure of the site, and nothing else (ADR 0032)."""

from typing import Any

from jiyue.domain.comments import KINDS, columns_above, order_for
from jiyue.publishing import pages
from jiyue.publishing.composing.machines import takes_letters
from jiyue.publishing.models import PublicItem
from jiyue.publishing.reading import Reader


def voices_of(reader: Reader, item: PublicItem, content: dict[str, Any]) -> pages.Voices | None:
    """What stands under the page of an item; nothing under a page that another site shows."""
    orders = reader.structure.get("comments", ())
    if not orders or item.kind not in KINDS or item.placed_by_id or not takes_letters(reader):
        return None
    above = columns_above(reader.columns, item.column_id)
    order = order_for(orders, page=str(item.identity), columns=above)
    if order is None:
        return None
    return pages.Voices(
        about=str(item.identity), version="" if reader.frame.preview else item.sign_off.version_digest,
        title=content["title"], takes_comments=order["takes_comments"], takes_votes=order["takes_votes"],
        opens_at=order["opens_at"], closes_at=order["closes_at"], named=order["named"],
    )  # fmt: skip
