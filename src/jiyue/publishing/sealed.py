"""Seals of the projection: a row that was changed behind the publisher's back does not count (ADR 0003, ADR 0005)."""

from datetime import datetime
from typing import NamedTuple, TypeVar
from uuid import uuid4

from jiyue.content.models import Column
from jiyue.domain.release_chain import stamp
from jiyue.publishing.models import LISTED, ColumnTotal, ListPage, PublicItem, Relation
from jiyue.review.sealing import seals


class SealBroken(Exception):
    """A row of the projection was changed behind the publisher's back. `subject` names it."""

    def __init__(self, subject: str):
        super().__init__(subject)
        self.subject = subject


def item_facts(item: PublicItem) -> dict:
    """What the seal of an item covers."""
    # Items from before documents had a standing of their own keep their seals.
    standing = {"validity": item.validity} if item.validity else {}
    return standing | {
        "site": item.site_id,
        "identity": str(item.identity),
        "column": item.column_id,
        "kind": item.kind,
        "state": item.state,
        "sign_off": item.sign_off_id,
        "placed_by": item.placed_by_id,
        "digest": item.version_digest,
        "serial": item.serial,
        "address": item.address,
        "published_at": item.published_at,
    }


def seal_item(item: PublicItem) -> None:
    item.seal = seals().seal("public-item", item_facts(item))


def check_item(item: PublicItem) -> PublicItem:
    """The same item, if its seal holds. Raises SealBroken."""
    if not seals().check_seal("public-item", item_facts(item), item.seal):
        raise SealBroken(f"public-item:{item.identity}")
    return item


def seal_relation(row: Relation) -> None:
    row.seal = seals().seal("relation", _relation_facts(row))


class Tie(NamedTuple):
    """A relation without the machinery of a model: a whole bake reads twelve for each page."""

    item_id: int
    target_id: int
    score: int
    shared: list[str]
    seal: str


TieT = TypeVar("TieT", Relation, Tie)


def check_relation(row: TieT) -> TieT:
    """The same relation, if its seal holds. Raises SealBroken."""
    if not seals().check_seal("relation", _relation_facts(row), row.seal):
        item = PublicItem.objects.filter(pk=row.item_id).first()
        raise SealBroken(f"relations:{item.identity if item else row.item_id}")
    return row


def _relation_facts(row: Relation | Tie) -> dict:
    return {"item": row.item_id, "target": row.target_id, "score": row.score, "shared": row.shared}


def check_total(column: Column) -> int:
    """The number of listed items of a column, compared with the sealed number, pages and last page. Raises SealBroken."""
    row = ColumnTotal.objects.filter(column=column).first()
    facts = _total_facts(column.pk, row.division if row else "")
    if row is None:
        intact = not facts["total"] and not facts["pages"]
    else:
        intact = row.total == facts["total"] and seals().check_seal("total", facts, row.seal)
    if not intact:
        raise SealBroken(f"column:{column.pk}")
    return facts["total"]


def seal_total(column_id: int, *, division: str | None = None) -> None:
    """Seal what a column lists now and how its list is divided. Only after the old seal was checked.

    `division` names a new dividing; without one the last stays.
    """
    if division is None:
        known = ColumnTotal.objects.filter(column=column_id).values_list("division", flat=True).first()
        division = known or new_division()
    facts = _total_facts(column_id, division)
    values = {"total": facts["total"], "division": division, "seal": seals().seal("total", facts)}
    ColumnTotal.objects.update_or_create(column_id=column_id, defaults=values)


def new_division() -> str:
    """A name that no dividing of any column ever had."""
    return uuid4().hex


def seal_page(page: ListPage) -> None:
    page.seal = seals().seal("list-page", page_facts(page))


def check_page(page: ListPage) -> ListPage:
    """The same closed page, if its seal holds. That it belongs to the present division is the total's to say.

    Raises SealBroken.
    """
    if not seals().check_seal("list-page", page_facts(page), page.seal):
        raise SealBroken(f"column:{page.column_id}")
    return page


def check_pages(column: Column) -> None:
    """All closed pages of a column: each sealed, of one division, in an unbroken row. Raises SealBroken."""
    divisions = set(ColumnTotal.objects.filter(column=column).values_list("division", flat=True))
    before: tuple[int, datetime | None, int] = (0, None, 0)
    for page in ListPage.objects.filter(column=column).order_by("number"):
        check_page(page)
        if (page.number - 1, page.from_at, page.from_serial) != before or {page.division} != divisions:
            raise SealBroken(f"column:{column.pk}")
        before = (page.number, page.until_at, page.until_serial)


def page_facts(page: ListPage) -> dict:
    """What the seal of a closed page covers."""
    return {
        "column": page.column_id,
        "number": page.number,
        "from": [page.from_at and stamp(page.from_at), page.from_serial],
        "until": [stamp(page.until_at), page.until_serial],
        "division": page.division,
    }


def _total_facts(column_id: int, division: str) -> dict:
    pages = ListPage.objects.filter(column=column_id)
    last = pages.order_by("-number").first()
    return {
        "column": column_id,
        "total": PublicItem.objects.filter(column=column_id, state__in=LISTED).count(),
        "pages": pages.count(),
        "last": page_facts(last) if last else None,
        "division": division,
    }
