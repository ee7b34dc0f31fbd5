"""Which standards a record of a unit has to keep to on a day: the shipped edition, and what the unit and its superiors
ask beyond it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from jiyue.domain.canonical import digest_of
from jiyue.identity.models import Organisation
from jiyue.rules.models import LocalStandard, Proposal
from jiyue.rules.standards import Edition, as_schema, demands_of, shipped


@dataclass(frozen=True)
class Standard:
    """One schema that counts: the shipped edition (`row` is None) or what a unit asks beyond it."""

    words: str
    title: str
    since: date
    schema: Mapping[str, Any]
    row: LocalStandard | None = None


def standards_of(organisation: Organisation, name: str, *, on: date) -> list[Standard]:
    """The shipped edition first, then the platform's and each superior's newest addition, the unit's own last.

    Empty for a kind without a standard.
    """
    edition = shipped().in_force(name, on)
    if edition is None:
        return []
    return [_of_edition(edition), *(_of_row(row, edition) for row in additions_of(organisation, name, on=on))]


def additions_of(organisation: Organisation, name: str, *, on: date) -> list[LocalStandard]:
    """Of the platform and of each unit above, and of the unit itself, the approved addition that counts on a day."""
    newest: dict[int | None, LocalStandard] = {}
    for row in _counting(organisation).filter(standard=name, from_on__lte=on).order_by("from_on", "pk"):
        newest[row.organisation_id] = row
    order: dict[int | None, int] = {unit: place for place, unit in enumerate(_lineage(organisation))}
    return sorted(newest.values(), key=lambda row: order.get(row.organisation_id, -1))


def edition_key(organisation: Organisation, *, on: date) -> str:
    """A digest of all standards that count for a unit on a day: another one means that something came into force."""
    counting = [
        (standard.words, standard.row.pk if standard.row else 0)
        for name in sorted(shipped().editions) for standard in standards_of(organisation, name, on=on)
    ]  # fmt: skip
    return digest_of(counting)


def schema_of_row(row: LocalStandard) -> dict[str, Any]:
    """The addition as a JSON Schema. Raises DemandRefused, LookupError for a standard that does not exist."""
    edition = shipped().in_force(row.standard, row.from_on)
    if edition is None:
        raise LookupError(row.standard)
    return _of_row(row, edition).schema  # type: ignore[return-value]


def _counting(organisation: Organisation) -> QuerySet[LocalStandard]:
    reach = Q(organisation__isnull=True) | Q(organisation__in=_lineage(organisation))
    return LocalStandard.objects.filter(reach, state=Proposal.State.APPROVED).select_related("organisation")


def _lineage(organisation: Organisation) -> list[int]:
    """Keys from the top down to the unit."""
    return [int(key) for key in organisation.lineage.split("/") if key]


def _of_edition(edition: Edition) -> Standard:
    return Standard(edition.words, edition.title, edition.since, edition.schema)


def _of_row(row: LocalStandard, edition: Edition) -> Standard:
    schema = as_schema(demands_of(row.demands, edition.schema), edition.schema)
    return Standard(f"{row.standard}+{row.pk}", edition.title, row.from_on, schema, row)
