"""清单、变更通知、公开承诺: what a unit's own lists say is owed (COL-02, COL-18, COL-21)."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When

from jiyue.content.models import CatalogueItem, ChangeNotice, Commitment
from jiyue.domain.duties import Fact
from jiyue.domain.limits import Limit, SameDay, Span, Unit, parse_limit, parse_span
from jiyue.obligations.models import Obligation
from jiyue.publishing.duties.reach import LONG_MET, named, reaches
from jiyue.publishing.duties.records import OF_CLASS
from jiyue.publishing.models import Publication, PublicItem
from jiyue.publishing.moments import chunks, day_of, midnight
from jiyue.publishing.openness import FoundItem, with_content
from jiyue.review.models import SignOff, Subject

AnsweredNotice = Any  # a ChangeNotice with what `with_answers` adds, which the type of a model cannot say
RENEWAL, CHANGE, COMMITMENT = "content.update", "disclosure.change", "commitment.keep"


class CatalogueSource:
    """Each line of the openness catalogue owes its first content, and its next one where it must be renewed."""

    code = "catalogue"
    parameters = (*OF_CLASS.values(), RENEWAL)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        keys = named(subjects, "catalogue")
        items = with_content(CatalogueItem.objects.filter(removed_on=None), now=now).filter(withheld=False)
        if keys is not None:
            items = items.filter(pk__in=keys)
        for reach in reaches(None if keys is None else set(items.values_list("site", flat=True))):
            rows = list(items.filter(site__in=list(reach.since)).order_by("pk"))
            renewals = _open_renewals(self.code, rows)
            for item in rows:
                started = max(midnight(item.since), reach.since[item.site_id])
                yield from _catalogue_facts(item, started, renewals.get(item.pk, ()), now)


class ChangeSource:
    """A changed fact owes an update of what shows it: of its record, or else of its column."""

    code = "changes"
    parameters = (CHANGE,)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        keys = named(subjects, "change")
        notices = with_answers(ChangeNotice.objects.filter(withdrawn_at=None))
        if keys is not None:
            notices = notices.filter(pk__in=keys)
        for reach in reaches(None if keys is None else set(notices.values_list("site", flat=True))):
            rows = notices.filter(site__in=list(reach.since)).order_by("pk")
            for notice in rows.filter(Q(answered_at=None) | Q(answered_at__gte=now - LONG_MET)):
                yield Fact(
                    parameter=CHANGE, subject=f"change:{notice.pk}", title=notice.what, unit=notice.unit_id,
                    site=notice.site_id, area=f"column:{notice.column_id}", started_at=notice.changed_at,
                    event_at=notice.changed_at, met_at=notice.answered_at, recorded_at=notice.created_at,
                )  # fmt: skip


class CommitmentSource:
    """A promise owes what was promised, by the day it was promised for."""

    code = "commitments"
    parameters = (COMMITMENT,)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        keys = named(subjects, "commitment")
        rows = Commitment.objects.filter(withdrawn_at=None).exclude(kept_at__lt=now - LONG_MET).order_by("pk")
        for row in rows if keys is None else rows.filter(pk__in=keys):
            yield Fact(
                parameter=COMMITMENT, subject=f"commitment:{row.pk}", title=row.title, unit=row.unit_id,
                site=row.site_id, person=row.person_id, started_at=midnight(row.made_on), met_at=row.kept_at,
                recorded_at=row.created_at, limit=_until(row),
            )  # fmt: skip


def with_answers(notices: QuerySet[ChangeNotice]) -> QuerySet[AnsweredNotice]:
    """Notices with `answered_at`: when the record, or anything in the column, next changed in public."""
    changes = SignOff.objects.filter(
        subject=Subject.RECORD, site=OuterRef("site"), publication__state=Publication.State.DEPLOYED,
        effective_at__gte=OuterRef("changed_at"),
    ).order_by("effective_at")  # fmt: skip
    of_record = changes.filter(identity=OuterRef("record__identity"))
    inside = PublicItem.objects.filter(column=OuterRef(OuterRef("column"))).values("identity")
    in_column = changes.filter(identity__in=inside)
    answered = Case(
        When(record__isnull=False, then=Subquery(of_record.values("effective_at")[:1])),
        default=Subquery(in_column.values("effective_at")[:1]),
    )
    return notices.annotate(answered_at=answered)


def _open_renewals(code: str, items: list[CatalogueItem]) -> dict[int, list[datetime]]:
    """When the renewals that are still open began, by line."""
    found: dict[int, list[datetime]] = {}
    for some in chunks(items):
        subjects = [f"catalogue:{item.pk}" for item in some if item.renewal]
        rows = Obligation.objects.pending().filter(source=code, parameter=RENEWAL, subject__in=subjects)
        for subject, started in rows.values_list("subject", "started_at"):
            found.setdefault(int(subject.partition(":")[2]), []).append(started)
    return found


def _catalogue_facts(item: FoundItem, started: datetime, renewals: Iterable[datetime], now: datetime) -> Iterator[Fact]:
    first, latest = item.first_at, item.latest_at
    if first is None or max(first, started) > now - LONG_MET:
        met_at = max(first, started) if first else None
        yield _catalogue_fact(item, OF_CLASS[item.information_class], started, _own(item.limit), met_at)
    if latest is not None and item.renewal:
        since, gap = max(midnight(day_of(latest)), started), parse_span(item.renewal)
        yield from (_catalogue_fact(item, RENEWAL, begun, gap, latest) for begun in renewals if begun < since)
        yield _catalogue_fact(item, RENEWAL, since, gap, None)


def _catalogue_fact(
    item: CatalogueItem, parameter: str, started: datetime, limit: Limit | None, met_at: datetime | None
) -> Fact:
    return Fact(
        parameter=parameter, subject=f"catalogue:{item.pk}", title=item.name, unit=item.responsible_id or item.unit_id,
        site=item.site_id, area=f"column:{item.column_id}" if item.column_id else "", started_at=started, met_at=met_at,
        recorded_at=item.created_at, limit=limit,
    )  # fmt: skip


def _own(limit: str) -> Limit | None:
    return parse_limit(limit) if limit else None


def _until(row: Commitment) -> Limit:
    days = (row.due_on - row.made_on).days
    return Span(days, Unit.DAYS) if days else SameDay()
