"""The openness catalogue against what is public: which lines have content, since when, and which have none and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from jiyue.content.models import CatalogueItem, Record, Withholding
from jiyue.publishing.freshness import listed_items

FoundItem = Any  # a CatalogueItem with what `with_content` adds, which the type of a model cannot say
NOTHING = Value(None, output_field=DateTimeField())


@dataclass(frozen=True)
class Counts:
    """How far a catalogue is kept: its lines, those with content, those kept unpublished, and those that lack content."""

    lines: int
    published: int
    withheld: int

    @property
    def missing(self) -> int:
        return self.lines - self.published - self.withheld


def with_content(items: QuerySet[CatalogueItem], *, now: datetime) -> QuerySet[FoundItem]:
    """Lines with `first_at` and `latest_at` of their public content, and `withheld`.

    Records that name the line are its content. Where a column belongs to one line alone, everything in the column is.
    """
    others = CatalogueItem.objects.filter(column=OuterRef("column"), removed_on=None).exclude(pk=OuterRef("pk"))
    approved = Withholding.objects.filter(item=OuterRef("pk"), state=Withholding.State.APPROVED)
    return items.annotate(
        withheld=Exists(approved), shares_column=Exists(others), first_at=_content("published_at", now),
        latest_at=_content("-published_at", now),
    )  # fmt: skip


def lines_of(items: QuerySet[CatalogueItem], *, now: datetime) -> QuerySet[FoundItem]:
    """The lines of a catalogue as a table shows them, removed ones left out, with what is public of each."""
    rows = with_content(items.filter(removed_on=None), now=now)
    return rows.select_related("site", "unit", "responsible", "column").order_by("unit", "number", "pk")


def without_content(items: QuerySet[CatalogueItem], *, now: datetime) -> QuerySet[FoundItem]:
    """Lines that nothing public answers and that nobody agreed to keep unpublished (COL-02)."""
    return lines_of(items, now=now).filter(withheld=False, latest_at=None)


def withheld(items: QuerySet[CatalogueItem], *, now: datetime) -> QuerySet[FoundItem]:
    """Lines that stay unpublished with a reason and an approver; they can be counted (COL-20)."""
    return lines_of(items, now=now).filter(withheld=True)


def counts(items: QuerySet[CatalogueItem], *, now: datetime) -> dict[int, Counts]:
    """The counts of each unit's catalogue, by unit."""
    rows = with_content(items.filter(removed_on=None), now=now).order_by().values_list("unit", "withheld", "latest_at")
    found: dict[int, list[int]] = {}
    for unit, kept, latest in rows:
        numbers = found.setdefault(unit, [0, 0, 0])
        numbers[0] += 1
        numbers[1 if latest is not None and not kept else 2] += int(kept or latest is not None)
    return {unit: Counts(*numbers) for unit, numbers in found.items()}


def _content(order: str, now: datetime) -> Coalesce:
    named = Record.objects.filter(catalogue_item=OuterRef(OuterRef("pk"))).values("identity")
    shown = listed_items().filter(published_at__lte=now)
    linked = shown.filter(identity__in=named, site=OuterRef("site")).order_by(order).values("published_at")[:1]
    inside = shown.filter(column=OuterRef("column")).order_by(order).values("published_at")[:1]
    alone = Case(When(shares_column=False, then=Subquery(inside)), default=NOTHING)
    return Coalesce(Subquery(linked), alone)
