"""信息公开时限: what happened has to be public in time, by its class, its kind and its column (COL-06, COL-19, POL-01).

A record owes from its event on, whether it is a draft still or public already. Nothing is owed for what began before
its site was public here, nor for historic material: those clocks ran elsewhere.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiyue.content.models import Column, InformationClass, PolicyDocument, Record
from jiyue.domain.duties import Fact
from jiyue.domain.limits import Limit
from jiyue.publishing.duties.reach import LONG_MET, Reach, named, reaches
from jiyue.publishing.freshness import POLICY, SUBSITE, TABLE, Demands
from jiyue.publishing.models import PublicItem
from jiyue.publishing.moments import LOCAL, Public, day_of, first_public, midnight
from jiyue.rules.queries import book

OF_CLASS: Mapping[str, str] = {
    InformationClass.REGULATIONS: "disclosure.regulations",
    InformationClass.MAJOR: "disclosure.major",
    InformationClass.OTHER: "disclosure.other",
}
DOCUMENT = "document.publish"
TOUCHING = (PolicyDocument.Effect.VITAL, PolicyDocument.Effect.GENERAL)
BROUGHT = ~Q(import_key="") & Q(original_published_at__isnull=False)
READ = (
    "pk", "identity", "title", "site_id", "column_id", "responsible_id", "site__owner_id", "created_by_id", "created_at",
    "information_class", "event_on", "event_time", "policydocument__issued_on", "policydocument__written_on",
    "policydocument__public_effect", "policydocument__public_scope",
)  # fmt: skip


@dataclass(frozen=True)
class Happened:
    """When the event of a record was. Where only its day is known, "together with it" means until the day is over."""

    started_at: datetime
    event_at: datetime


@dataclass(frozen=True)
class Owed:
    """One thing that a record owes, and from which event."""

    parameter: str
    event: Happened
    limit: Limit | None = None


class RecordSource:
    """Facts of records: by information class, as policy documents, and by the event-bound columns they stand in."""

    code = "records"
    parameters = (*OF_CLASS.values(), DOCUMENT, SUBSITE, TABLE, POLICY)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        demands = Demands(book(), on=day_of(now))
        identities = named(subjects, "record")
        records = Record.objects.exclude(BROUGHT)
        sites = None
        if identities is not None:
            records = records.filter(identity__in=identities)
            sites = set(records.values_list("site", flat=True))
        for reach in reaches(sites):
            yield from self._of(records.filter(site__in=list(reach.since)), reach, demands, now)

    def _of(self, records: QuerySet[Record], reach: Reach, demands: Demands, now: datetime) -> Iterator[Fact]:
        bound = event_columns(reach, demands)
        rows = list(_candidates(records, bound, now).values_list(*READ, named=True))
        public = first_public({row.identity for row in rows})
        for row in rows:
            first = public.get(row.identity)
            for owed in _owed(row, bound.get(row.column_id, ())):
                if not reach.began_before(row.site_id, owed.event.event_at) and not (first and first.brought):
                    yield _fact(row, owed, first)


def event_columns(reach: Reach, demands: Demands) -> dict[int, tuple[tuple[str, Limit | None], ...]]:
    """Columns in which each item is owed by its own event: parameter and own limit for every such column."""
    columns = Column.objects.filter(site__in=list(reach.since), closed_at=None).exclude(kind=Column.Kind.CHANNEL)
    found = {}
    for column in columns.select_related("site__owner", "responsible"):
        demand = demands.of(column)
        owed = [(demand.parameter, demand.own)] if demand is not None and demand.by_event else []
        if SUBSITE not in dict(owed) and demands.same_day(column):
            owed.append((SUBSITE, None))
        if owed:
            found[column.pk] = tuple(owed)
    return found


def happened(day: date | None, at: time | None = None) -> Happened | None:
    """The event on this day, at this time of Asia/Shanghai if it is known."""
    if day is None:
        return None
    if at is not None:
        moment = datetime.combine(day, at, LOCAL)
        return Happened(moment, moment)
    return Happened(midnight(day), datetime.combine(day, time(23, 59, 59), LOCAL))


def _candidates(records: QuerySet[Record], bound: Iterable[int], now: datetime) -> QuerySet[Record]:
    classed = ~Q(information_class="")
    document = Q(policydocument__public_effect__in=TOUCHING)
    own = PublicItem.objects.filter(identity=OuterRef("identity"), site=OuterRef("site"), placed_by=None)
    fresh = own.filter(changed_at__gte=now - LONG_MET)
    dated = Q(event_on__isnull=False) | Q(policydocument__isnull=False)
    wanted = dated & (classed | document | Q(column__in=list(bound)))
    return records.filter(wanted).filter(~Exists(own) | Exists(fresh)).order_by("pk")


def _owed(row: Any, bound: Iterable[tuple[str, Limit | None]]) -> Iterator[Owed]:
    issued = happened(row.policydocument__issued_on or row.policydocument__written_on)
    event = happened(row.event_on, row.event_time) or issued
    if event is not None:
        if row.information_class:
            yield Owed(OF_CLASS[row.information_class], event)
        yield from (Owed(parameter, event, limit) for parameter, limit in bound)
    active = row.policydocument__public_scope == PolicyDocument.Scope.ACTIVE
    if issued is not None and active and row.policydocument__public_effect in TOUCHING:
        yield Owed(DOCUMENT, issued)


def _fact(row: Any, owed: Owed, first: Public | None) -> Fact:
    return Fact(
        parameter=owed.parameter, subject=f"record:{row.identity}", title=row.title,
        unit=row.responsible_id or row.site__owner_id, site=row.site_id, person=row.created_by_id,
        area=f"column:{row.column_id}", started_at=owed.event.started_at, event_at=owed.event.event_at,
        met_at=first.at if first else None, recorded_at=row.created_at, limit=owed.limit,
    )  # fmt: skip


def subjects_of(identities: Iterable[UUID]) -> set[str]:
    """The subjects of records, for whoever says that something happened to them."""
    return {f"record:{identity}" for identity in identities}
