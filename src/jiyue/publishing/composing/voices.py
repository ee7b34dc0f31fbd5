"""Whether people may comment or vote under a page: from signed structures, and nothing else (ADR 0032, ADR 0037)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jiyue.domain.canonical import canonical
from jiyue.domain.comments import KINDS, columns_above, order_for
from jiyue.estate.models import Site
from jiyue.publishing import pages
from jiyue.publishing.composing.machines import takes_letters
from jiyue.publishing.models import PageRead, PublicItem
from jiyue.publishing.read_keys import VOICES, site_key, voices_key
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
    # Its next structure calls this site, and the page is due where the orders in it are others.
    reader.note(site_key(origin.site_id))
    reader.note(voices_key(origin.site_id, reader.once(f"voices-mark:{origin.site_id}", lambda: _mark_of(origin.site))))
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


def voices_due(site: Site) -> set[str]:
    """Keys of the pages that tell of comments and votes at home otherwise than the site that published them does now."""
    rows = PageRead.objects.filter(site=site, key__gte=VOICES, key__lt=VOICES[:-1] + ";")
    found = {key: int(key.split(":")[1]) for key in rows.values_list("key", flat=True).distinct()}
    homes = Site.objects.in_bulk(set(found.values()))
    marks = {pk: _mark_of(home) for pk, home in homes.items()}
    return {key for key, pk in found.items() if key != voices_key(pk, marks.get(pk, ""))}


def _mark_of(home: Site) -> str:
    """Stands for what the signed structure of a site says of comments and votes, and where; empty where nothing holds."""
    try:
        structure = signed_structure(home)
    except (LookupError, SealBroken):
        return ""
    above = [[column["id"], column.get("parent")] for column in structure["columns"]]
    said = [structure.get("comments", []), above, structure["profile"]["name"]]
    return hashlib.sha256(canonical(said).encode()).hexdigest()[:32]
