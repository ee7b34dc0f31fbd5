"""What became public in a period, counted: by the five kinds of openness, subject and form, per site and unit (COL-13);
and what happened when, beside when it became public (COL-17).

Only what is public now is counted, once, on its own site. Its classes are those that its editors keep for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from jiyue.content.models import Record
from jiyue.domain.deadlines import SHANGHAI
from jiyue.estate.models import Site
from jiyue.obligations.models import Obligation
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.moments import midnight

HappenedRecord = Any  # a Record with `public_at`, which the type of a model cannot say
DAY = timedelta(days=1)
DISCLOSURE = "disclosure."


@dataclass(frozen=True)
class Tally:
    """One line of counts: of a site or a unit, in all and by the kinds of openness ("" for items without one)."""

    name: str
    total: int
    by_kind: Mapping[str, int]


@dataclass(frozen=True)
class Counts:
    """What a question finds. `subjects` and `forms` hold every class with its number, the largest first."""

    total: int
    by_kind: Mapping[str, int]
    sites: list[Tally]
    units: list[Tally]
    subjects: list[tuple[str, int]]
    forms: list[tuple[str, int]]


def counts(sites: QuerySet[Site], *, since: date, until: date) -> Counts:
    """Count what became public on these sites from the first day to the last (Asia/Shanghai)."""
    records = _public(sites, since, until)
    unit = records.annotate(unit=Coalesce("responsible__name", "site__owner__name"))
    by_kind = dict(records.values_list("openness").annotate(number=Count("pk")).order_by())
    return Counts(
        total=sum(by_kind.values()), by_kind=by_kind,
        sites=_tallies(records.values_list("site__name", "openness")),
        units=_tallies(unit.values_list("unit", "openness")),
        subjects=_classes(records, "subject_class"), forms=_classes(records, "form_class"),
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One event with the moment it became public; `duty` is what the rules say of it, where they say something."""

    record: Record
    event_on: date
    public_at: datetime | None
    duty: Obligation | None

    @property
    def happened_at(self) -> datetime:
        """The moment of the event; its midnight where no hour is known."""
        return datetime.combine(self.event_on, self.record.event_time or time.min, SHANGHAI)

    @property
    def days(self) -> int | None:
        """Calendar days from the day of the event to the day it became public; below nought when it was announced before."""
        return None if self.public_at is None else (self.public_at.astimezone(SHANGHAI).date() - self.event_on).days


def events(sites: QuerySet[Site], *, since: date, until: date, information_class: str) -> QuerySet[HappenedRecord]:
    """Items about something that happened in the period, with `public_at`; of one class of information, or of all."""
    shown = PublicItem.objects.filter(identity=OuterRef("identity"), placed_by=None).values("published_at")[:1]
    records = Record.objects.filter(site__in=sites, event_on__range=(since, until))
    if information_class:
        records = records.filter(information_class=information_class)
    records = records.select_related("site", "responsible").defer("body").annotate(public_at=Subquery(shown))
    return records.order_by(F("public_at").asc(nulls_first=True), "event_on", "pk")


def told(records: list[HappenedRecord]) -> list[Told]:
    """The events of one page with what is owed about each; one question."""
    subjects = {f"record:{record.identity}": record for record in records}
    rows = Obligation.objects.filter(subject__in=subjects, parameter__startswith=DISCLOSURE).order_by("started_at")
    owed = {row.subject: row for row in rows}
    return [
        Told(record, record.event_on, record.public_at, owed.get(subject)) for subject, record in subjects.items()
        if record.event_on is not None
    ]  # fmt: skip


def _public(sites: QuerySet[Site], since: date, until: date) -> QuerySet[Record]:
    items = PublicItem.objects.filter(
        site__in=sites, placed_by=None, state__in=LISTED, published_at__gte=midnight(since),
        published_at__lt=midnight(until) + DAY,
    )  # fmt: skip
    return Record.objects.filter(identity__in=items.values("identity"))


def _tallies(rows: QuerySet) -> list[Tally]:
    found: dict[str, dict[str, int]] = {}
    for name, kind, number in rows.annotate(number=Count("pk")).order_by():
        found.setdefault(name, {})[kind] = number
    return [Tally(name, sum(kinds.values()), kinds) for name, kinds in sorted(found.items())]


def _classes(records: QuerySet[Record], field: str) -> list[tuple[str, int]]:
    rows = records.values_list(field).annotate(number=Count("pk")).order_by("-number", field)
    return [(name, number) for name, number in rows]
