"""政策解读: a document that touches the public owes its interpretation from the moment it is online (POL-03, P-31)."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from jiyue.content.models import PolicyDocument, Record
from jiyue.domain.duties import Fact
from jiyue.publishing.duties.reach import LONG_MET, Reach, named, reaches
from jiyue.publishing.duties.records import BROUGHT, TOUCHING
from jiyue.publishing.models import ItemLink, PublicItem
from jiyue.publishing.moments import Public, chunks, first_public

PARAMETER = "interpretation.publish"
READ = ("identity", "title", "site_id", "column_id", "responsible_id", "drafting_unit_id", "site__owner_id",
        "created_by_id")  # fmt: skip


class InterpretationSource:
    """One fact a public document of general or vital interest; met by the first interpretation that is online.

    A document that is withdrawn or repealed owes none any more. An interpretation on any site of the platform counts.
    """

    code = "interpretations"
    parameters = (PARAMETER,)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        identities = named(subjects, "record")
        documents = PolicyDocument.objects.filter(public_effect__in=TOUCHING).exclude(BROUGHT)
        sites = None
        if identities is not None:
            documents = documents.filter(identity__in=identities)
            sites = set(documents.values_list("site", flat=True))
        for reach in reaches(sites):
            yield from self._of(documents.filter(site__in=list(reach.since)), reach, now)

    def _of(self, documents, reach: Reach, now: datetime) -> Iterator[Fact]:
        rows = {row.identity: row for row in documents.order_by("pk").values_list(*READ, named=True)}
        shown = {identity for identity in shown_of(rows) if identity in rows}
        public = first_public(shown)
        explained = first_interpretation(shown)
        for identity in sorted(shown & public.keys()):
            document, met_at = public[identity], explained.get(identity)
            if document.brought or (met_at is not None and max(met_at, document.at) < now - LONG_MET):
                continue
            yield _fact(rows[identity], document, met_at)


def shown_of(identities: Collection[UUID]) -> Iterator[UUID]:
    """Those of the records that are public and in force now, on their own site."""
    for chunk in chunks(sorted(identities)):
        items = PublicItem.objects.filter(identity__in=chunk, placed_by=None, state=PublicItem.State.SHOWN)
        items = items.exclude(validity__in=(PublicItem.Validity.REPEALED, PublicItem.Validity.EXPIRED))
        yield from items.values_list("identity", flat=True)


def first_interpretation(documents: Collection[UUID]) -> dict[UUID, datetime]:
    """When the first interpretation of each document became public; those without one are missing."""
    pairs: list[tuple[UUID, UUID]] = []
    for chunk in chunks(sorted(documents)):
        links = ItemLink.objects.filter(target__in=chunk, item__kind=Record.Kind.INTERPRETATION)
        pairs += links.values_list("target", "item__identity")
    public = first_public({identity for _target, identity in pairs})
    found: dict[UUID, datetime] = {}
    for target, identity in pairs:
        if identity in public:
            found[target] = min(found.get(target, public[identity].at), public[identity].at)
    return found


def _fact(row: Any, document: Public, explained_at: datetime | None) -> Fact:
    return Fact(
        parameter=PARAMETER, subject=f"record:{row.identity}", title=row.title, site=row.site_id,
        unit=row.drafting_unit_id or row.responsible_id or row.site__owner_id, person=row.created_by_id,
        area=f"column:{row.column_id}", started_at=document.at, event_at=document.at,
        # One that was online before the document is in time; nothing is met before it is owed.
        met_at=max(explained_at, document.at) if explained_at else None,
    )  # fmt: skip
