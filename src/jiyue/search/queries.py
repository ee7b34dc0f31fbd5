"""What the index should hold and does not, how it stands, and what people asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Sum

from jiyue.estate.models import Site
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.review.ledger import content_of
from jiyue.search.models import AskedQuery, IndexedItem, IndexTask, PromotedAnswer


@dataclass(frozen=True)
class Standing:
    """How the index stands: rows that wait, the oldest of them, what is indexed and what could not be read."""

    waiting: int
    oldest: datetime | None
    failing: int
    indexed: int
    public: int
    unread: int


def differing(site: Site) -> Iterator[UUID]:
    """Records that the index holds otherwise than the site shows them now, and those that it shows no more.

    What a site takes from others, and how its documents stand, change without a sign-off of the site's own.
    """
    held = IndexedItem.objects.filter(site=site, identity=OuterRef("identity"))
    same = held.filter(sign_off=OuterRef("sign_off_id"), validity=OuterRef("validity"))
    shown = PublicItem.objects.filter(site=site, state__in=LISTED)
    yield from shown.exclude(Exists(same)).values_list("identity", flat=True)
    listed = PublicItem.objects.filter(site=site, identity=OuterRef("identity"), state__in=LISTED)
    yield from IndexedItem.objects.filter(site=site).exclude(Exists(listed)).values_list("identity", flat=True)


def standing(site: Site | None = None) -> Standing:
    """How the index stands, for one site or all."""

    def of(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(site=site) if site else rows

    tasks, indexed = of(IndexTask.objects.all()), of(IndexedItem.objects.all())
    return Standing(
        waiting=tasks.count(),
        oldest=tasks.order_by("asked_at").values_list("asked_at", flat=True).first(),
        failing=tasks.exclude(problem="").count(),
        indexed=indexed.count(),
        public=of(PublicItem.objects.filter(state__in=LISTED)).count(),
        unread=indexed.exclude(unread="").count(),
    )


def asked(site: Site, *, since: date, fruitless: bool = False) -> QuerySet[Any, Any]:
    """Questions since a day with how often each was asked; with `fruitless` those that found nothing, most first."""
    rows = AskedQuery.objects.filter(site=site, on__gte=since).values("query")
    rows = rows.annotate(times_asked=Sum("times"), times_empty=Sum("without_result"))
    if fruitless:
        return rows.filter(times_empty__gt=0).order_by("-times_empty", "query")
    return rows.order_by("-times_asked", "query")


def public_title(answer: PromotedAnswer) -> str:
    """The title of the page behind a promoted answer as it is public now; empty when it is public no more."""
    items = PublicItem.objects.filter(site=answer.site_id, identity=answer.record, state__in=LISTED)
    item = items.select_related("sign_off__version").first()
    return str(content_of(item.sign_off.version, digest=item.version_digest)["title"]) if item else ""
