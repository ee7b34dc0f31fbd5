"""上架: on which shelves of the policy library a public document stands, and which of its pages a change touches.

A library is a site's own, or that of a portal's whole group. Its lists are divided by year, and a year's list is numbered
from the oldest document, so that a full page keeps its number, its items and its bytes (ADR 0005): a new document changes
the front page, and of each of its shelves the first page and the open page of one year.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear

from jiyue.content.models import Record
from jiyue.domain.moments import SHANGHAI
from jiyue.estate.models import Site
from jiyue.publishing.models import LISTED, PublicItem, ShelfCall, ShelfPlace

BASE = "/zcwjk/"
GROUP = "/zcwjk/group/"
ALL = "all"  # the shelf of every document
LENGTH = 50  # documents a page
FACETS = ("issuer", "subject", "validity", "audience", "theme", "event")
NEEDS = {"audience": "audiences", "theme": "themes", "event": "life_events"}  # facet: field of the document
NAMED = ("issuer", "subject")  # facets whose values are words of an editor, not codes
ADDRESS = re.compile(
    r"^/zcwjk/(?P<group>group/)?(?:(?P<facet>issuer|subject|validity|audience|theme|event)/(?P<value>[0-9a-z_-]+)/)?"
    r"(?:(?P<year>[12]\d{3})/(?:(?P<number>[1-9]\d{0,5})\.html)?)?$"
)


class Place(NamedTuple):
    """Where a document stands on a shelf: by its day, then by its number in the ledger."""

    on: date
    serial: int


# (shelf, year): the lowest place from which something may stand otherwise now
Touched = dict[tuple[str, int], Place]


@dataclass(frozen=True)
class Library:
    """The policy library of a site: of its own documents, or with `sites` of its whole group."""

    site: int
    sites: tuple[int, ...] = ()

    @property
    def base(self) -> str:
        return GROUP if self.sites else BASE

    def places(self, shelf: str) -> QuerySet[ShelfPlace]:
        """What stands on a shelf, in no order."""
        found = ShelfPlace.objects.filter(shelf=shelf)
        return found.filter(site__in=self.sites, is_origin=True) if self.sites else found.filter(site=self.site)

    def year(self, shelf: str, year: int) -> QuerySet[ShelfPlace]:
        """What stands on a shelf of one year, oldest first."""
        in_year = self.places(shelf).filter(on__gte=date(year, 1, 1), on__lte=date(year, 12, 31))
        return in_year.order_by("on", "serial", "pk")

    def newest(self, shelf: str) -> QuerySet[ShelfPlace]:
        """What stands on a shelf, newest first."""
        return self.places(shelf).order_by("-on", "-serial", "-pk")

    def years(self, shelf: str) -> list[tuple[int, int]]:
        """Years of a shelf with the number of their documents, newest first."""
        rows = self.places(shelf).annotate(year=ExtractYear("on")).order_by().values_list("year")
        return sorted(rows.annotate(count=Count("pk")), reverse=True)

    def counts(self) -> dict[str, list[tuple[str, str, int]]]:
        """By facet: shelf, its name where an editor gave it, and how many documents stand there."""
        found: dict[str, list[tuple[str, str, int]]] = {facet: [] for facet in FACETS}
        places = ShelfPlace.objects.exclude(shelf=ALL)
        places = places.filter(site__in=self.sites, is_origin=True) if self.sites else places.filter(site=self.site)
        rows = places.order_by().values_list("shelf", "name").annotate(count=Count("pk"))
        for shelf, name, count in rows:
            facet = facet_of(shelf)
            if facet not in NAMED or shelf == named_shelf(facet, name):
                found[facet].append((shelf, name, count))
        return found

    def shelf_address(self, shelf: str) -> str:
        return self.base if shelf == ALL else f"{self.base}{shelf.replace(':', '/')}/"

    def year_address(self, shelf: str, year: int, number: int | None = None) -> str:
        page = f"{number}.html" if number else ""
        return f"{self.shelf_address(shelf)}{year:04d}/{page}"

    def addresses(self) -> Iterator[str]:
        """Every page of the library."""
        yield self.base
        shelves = [ALL, *(shelf for found in self.counts().values() for shelf, _name, _count in found)]
        for shelf in shelves:
            yield self.shelf_address(shelf)
            for year, count in self.years(shelf):
                yield self.year_address(shelf, year)
                yield from (self.year_address(shelf, year, number) for number in range(1, closed_pages(count) + 1))

    def due(self, touched: Touched) -> set[str]:
        """The pages that these changes touch. An address that has nothing any more is among them."""
        found = {self.base} if touched else set()
        for (shelf, year), place in touched.items():
            found |= {self.shelf_address(shelf), self.year_address(shelf, year)}
            rows = self.year(shelf, year)
            before = rows.filter(Q(on__lt=place.on) | Q(on=place.on, serial__lt=place.serial)).count()
            # From the first that may have been open before, to one more than there is: it may be gone now.
            numbers = range(closed_pages(before) + 1, closed_pages(rows.count()) + 2)
            found |= {self.year_address(shelf, year, number) for number in numbers}
        return found


def member_key(site: int) -> str:
    """The key of a site's belonging to a group, which the front of the group's library notes for each."""
    return f"member:{site}"


def closed_pages(count: int) -> int:
    """How many pages of a list are full and numbered; the open one holds between one and two lengths."""
    return max(0, -(-(count - 2 * LENGTH) // LENGTH))


def facet_of(shelf: str) -> str:
    return shelf.partition(":")[0]


def value_of(shelf: str) -> str:
    return shelf.partition(":")[2]


def named_shelf(facet: str, name: str) -> str:
    """The shelf of a name that an editor wrote: short, stable and without signs that an address must quote."""
    return f"{facet}:{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def shelves_of(item: PublicItem, content: dict[str, Any]) -> dict[str, str]:
    """Shelves of an item with the names of those that an editor named; none for what is no listed document."""
    if item.kind != Record.Kind.POLICY_DOCUMENT or item.state not in LISTED:
        return {}
    detail = content["detail"]
    named = [("issuer", name) for name in issuers_of(detail)]
    named += [("subject", subject)] if (subject := subject_of(content)) else []
    coded = [("validity", item.validity)] if item.validity else []
    coded += [(facet, code) for facet, field in NEEDS.items() for code in detail.get(field, ())]
    return (
        {ALL: ""} | {named_shelf(*pair): pair[1] for pair in named} | {f"{facet}:{code}": "" for facet, code in coded}
    )


def issuers_of(detail: dict[str, Any]) -> list[str]:
    """Who issued a document; several put their names together with 、."""
    return list(dict.fromkeys(name.strip() for name in (detail.get("issuer") or "").split("、") if name.strip()))


def subject_of(content: dict[str, Any]) -> str:
    """The first level of the subject class (主题分类): what stands before a stroke."""
    return re.split(r"[／/\\]", content["subject_class"] or "", maxsplit=1)[0].strip()


def day_of(item: PublicItem, content: dict[str, Any]) -> date:
    """The day by which the library orders: of issue, else of writing, else of publication."""
    detail = content["detail"]
    told = detail.get("issued_on") or detail.get("written_on")
    return date.fromisoformat(told) if told else item.published_at.astimezone(SHANGHAI).date()


def renew(item: PublicItem, content: dict[str, Any], touched: Touched) -> None:
    """Put a saved item on the shelves where it now belongs, and note everything that this may change."""
    if item.kind != Record.Kind.POLICY_DOCUMENT:
        return
    touch(item, touched)
    wanted = facts_of(item, content)
    there = {ShelfFacts.of(row): row.pk for row in item.shelves.all()}
    if gone := [pk for facts, pk in there.items() if facts not in wanted]:
        ShelfPlace.objects.filter(pk__in=gone).delete()
    fresh = sorted(wanted - there.keys())
    ShelfPlace.objects.bulk_create(ShelfPlace(item=item, site_id=item.site_id, **facts._asdict()) for facts in fresh)
    for facts in wanted:
        lower(touched, facts.shelf, Place(facts.on, facts.serial))


def touch(item: PublicItem, touched: Touched) -> None:
    """Something that the lists show of an item changes, or it goes away."""
    for row in item.shelves.all():
        lower(touched, row.shelf, Place(row.on, row.serial))


def lower(touched: Touched, shelf: str, place: Place) -> None:
    """Note that a shelf may stand otherwise from this place on."""
    known = touched.get((shelf, place.on.year))
    touched[shelf, place.on.year] = min(known, place) if known else place


def is_shelved_rightly(item: PublicItem, content: dict[str, Any]) -> bool:
    """Does an item stand on the shelves where it belongs, and on no other?"""
    return {ShelfFacts.of(row) for row in item.shelves.all()} == facts_of(item, content)


class ShelfFacts(NamedTuple):
    """What a row of a shelf says of its item."""

    shelf: str
    name: str
    on: date
    serial: int
    is_origin: bool

    @classmethod
    def of(cls, row: ShelfPlace) -> "ShelfFacts":
        return cls(row.shelf, row.name, row.on, row.serial, row.is_origin)


def facts_of(item: PublicItem, content: dict[str, Any]) -> set[ShelfFacts]:
    """What the rows of an item have to say."""
    shelves = shelves_of(item, content)
    on = day_of(item, content) if shelves else date.min
    origin = item.placed_by_id is None
    return {ShelfFacts(shelf, name, on, item.serial, origin) for shelf, name in shelves.items()}


# ---- a portal's library of its whole group -------------------------------------------------------------------------


def call_viewers(viewers: Iterable[Site], touched: Touched, *, now: datetime) -> None:
    """Documents of a site of their group changed: these portals bake what they show of them."""
    ShelfCall.objects.bulk_create(
        ShelfCall(site=viewer, shelf=shelf, on=place.on, serial=place.serial, called_at=now)
        for viewer in viewers
        for (shelf, _year), place in sorted(touched.items())
    )


def calls_for(site: Site) -> tuple[Touched, list[int]]:
    """What changed in the group since the portal last baked it, and the keys of the rows that say so."""
    touched: Touched = {}
    rows = list(ShelfCall.objects.filter(site=site))
    for row in rows:
        lower(touched, row.shelf, Place(row.on, row.serial))
    return touched, [row.pk for row in rows]


def answered(calls: list[int]) -> None:
    """The release that shows these changes is out."""
    ShelfCall.objects.filter(pk__in=calls).delete()
