"""Whether people may comment or vote under a page: from signed structures, and nothing else (ADR 0032, ADR 0037)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jiyue.domain.comments import KINDS, columns_above, order_for
from jiyue.publishing import pages
from jiyue.publishing.composing.machines import takes_letters
from jiyue.publishing.models import PublicItem
from jiyue.publishing.reading import Reader
from jiyue.publishing.reconciling import signed_structure
from jiyue.publishing.sealed import SealBroken, check_item


def voices_of(reader: Reader, item: PublicItem, content: dict[str, Any]) -> pages.Voices | None:
    """What stands under the page of an item; of one that is placed here, as far as the site that published it takes it too."""
    if item.kind not in KINDS or not takes_letters(reader):
        return None
    own = _order(reader.structure.get("comments", ()), reader.columns, item)
    if own is None:
        return None
    version = "" if reader.frame.preview else item.sign_off.version_digest
    told = pages.Voices(
        about=str(item.identity), version=version, title=content["title"], takes_comments=own["takes_comments"],
        takes_votes=own["takes_votes"], opens_at=own["opens_at"], closes_at=own["closes_at"], named=own["named"],
    )  # fmt: skip
    return _as_at_home(reader, item, told) if item.placed_by_id else told


def _order(
    orders: Sequence[Mapping[str, Any]], columns: Mapping[int, Mapping[str, Any]], item: PublicItem
) -> Mapping[str, Any] | None:
    if not orders:
        return None
    return order_for(orders, page=str(item.identity), columns=columns_above(columns, item.column_id))


def _as_at_home(reader: Reader, item: PublicItem, told: pages.Voices) -> pages.Voices | None:
    """The same as far as the order of the site that published it goes; who decides, and until when, that order says."""
    origin = PublicItem.objects.select_related("site").get(identity=item.identity, placed_by=None)
    try:
        structure = reader.once(f"voices-at-home:{origin.site_id}", lambda: signed_structure(origin.site))
        columns = {column["id"]: column for column in structure["columns"]}
        order = _order(structure.get("comments", ()), columns, check_item(origin))
    except (LookupError, SealBroken):
        return None  # told where that site is published; here its pages take nothing meanwhile
    comments = told.takes_comments and order is not None and order["takes_comments"]
    votes = told.takes_votes and order is not None and order["takes_votes"]
    if order is None or not (comments or votes):
        return None
    return replace(
        told, takes_comments=comments, takes_votes=votes, opens_at=order["opens_at"], closes_at=order["closes_at"],
        named="", home=origin.site.host, at=origin.address, unit=structure["profile"]["name"],
    )  # fmt: skip
