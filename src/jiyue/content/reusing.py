"""先查后建 (LIB-05): what exists already under a similar name is shown before a new column is proposed, and the proposal
keeps that it was looked at and why a new one is needed all the same (Hubei art. 25; Chaoyang art. 7, 12).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from jiyue.content.actions import save_column
from jiyue.content.events import ReuseConsidered
from jiyue.content.models import Column, Record
from jiyue.content.models.records import State
from jiyue.domain.actors import Actor
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace

ALIKE = 0.5  # share of common pairs of characters from which two names are shown as similar
MOST = 8


@dataclass(frozen=True)
class Existing:
    """A column that has something public under a similar name."""

    name: str
    site: str
    host: str
    path: str
    own: bool
    alike: float


def similar_columns(*, site: Site, name: str) -> list[Existing]:
    """Open columns with a similar name, the most similar first: the site's own, and others' that have something public."""
    wanted = name.strip()
    if len(wanted) < 2:
        return []
    public = Record.objects.filter(column=OuterRef("pk"), state=State.PUBLISHED)
    rows = Column.objects.filter(Q(site=site) | Exists(public), closed_at__isnull=True)
    facts = rows.values_list("name", "site__name", "site__host", "path", "site")
    found = [
        Existing(known, owner, host, path, key == site.pk, share)
        for known, owner, host, path, key in facts.iterator(chunk_size=2000) if (share := alike(wanted, known)) >= ALIKE
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.alike, not one.own, one.host, one.path))[:MOST]


def alike(one: str, other: str) -> float:
    """How similar two names are: 1 for the same, 0 for nothing in common; one inside the other counts as similar."""
    if one == other:
        return 1.0
    left, right = set(_pairs(one)), set(_pairs(other))
    share = len(left & right) / len(left | right) if left and right else 0.0
    inside = min(len(one), len(other)) >= 2 and (one in other or other in one)
    return max(share, 0.75) if inside else share


@transaction.atomic
def propose_column(*, column: Column, reason: str, by: Actor, now: datetime) -> Column:
    """Create a column after what is similar was looked at. Raises ValidationError without a reason where there is any."""
    found = similar_columns(site=column.site, name=column.name)
    if found and not reason.strip():
        raise ValidationError({"reuse_reason": _("已经有名称相近的栏目，请先看看能不能用，仍要新建的请写明理由")})
    save_column(column=column, by=by, now=now)
    if found:
        event = ReuseConsidered(
            subject=f"column:{column.pk}", site=column.site.host, name=column.name, reason=reason.strip(),
            found=[f"{one.site} /{one.path}/ {one.name}" for one in found],
        )  # fmt: skip
        trace(event, by=by, at=now)
    return column


def _pairs(name: str) -> Iterator[str]:
    return (name[place : place + 2] for place in range(len(name) - 1))
