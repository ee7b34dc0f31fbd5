"""先查后建 (LIB-05): what exists already under a similar name is shown before a new column is proposed, and the proposal
keeps that it was looked at and why a new one is needed all the same (Hubei art. 25; Chaoyang art. 7, 12).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from jiyue.content.actions import save_column
from jiyue.content.events import ReuseConsidered
from jiyue.content.models import Column, EditorialPlan, Record
from jiyue.content.models.records import State
from jiyue.domain.actors import Actor
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace

RECENT_DAYS = 365
MOST_READ = 5000  # titles looked through for recent items
ALIKE = 0.5  # share of common pairs of characters from which two names are shown as similar
COVERED = 0.75  # share of the pairs of a title that is being begun
FEWEST_PAIRS = 4
MOST = 8
PUBLIC = Q(state=State.PUBLISHED)


@dataclass(frozen=True)
class Existing:
    """A column that has something public under a similar name."""

    name: str
    site: str
    host: str
    path: str
    own: bool
    alike: float


@dataclass(frozen=True)
class Alike:
    """Something that exists under a similar name: `sort` says what it is, in words, `where` where it stands."""

    sort: str
    name: str
    where: str
    own: bool
    alike: float

    def told(self) -> str:
        return f"{self.sort}：{self.name}（{self.where}）"


@dataclass(frozen=True)
class RecordAlike:
    """An item with a similar title; `own` when it is of the site that asks."""

    pk: int
    identity: UUID
    title: str
    kind: str
    state: str
    site: str
    path: str
    own: bool
    alike: float


def matter_alike(*, site: Site, name: str, columns: bool, now: datetime, but: int | None = None) -> list[Alike]:
    """Columns (where asked), plans in hand, topics and recent items with a similar name, the most similar first.

    Of other sites only what is public. `but` is the key of a plan that is not to find itself.
    """
    wanted = name.strip()
    if len(wanted) < 2:
        return []
    found = [*_plans_alike(site, wanted, but), *_records_alike(site, wanted, now)]
    if columns:
        found += [
            Alike(_("栏目"), one.name, f"{one.site} /{one.path}/", one.own, one.alike)
            for one in similar_columns(site=site, name=wanted)
        ]
    return sorted(found, key=lambda one: (-one.alike, not one.own, one.where, one.name))[:MOST]


def _plans_alike(site: Site, wanted: str, but: int | None) -> Iterator[Alike]:
    ended = [EditorialPlan.State.REFUSED, EditorialPlan.State.WITHDRAWN]
    plans = EditorialPlan.objects.filter(site=site).exclude(state__in=ended).exclude(pk=but or 0)
    for plan in plans.only("title", "kind", "state", "due_on")[:MOST_READ]:
        if (share := alike(wanted, plan.title)) >= ALIKE:
            yield Alike(str(plan.get_kind_display()), plan.title, str(plan.get_state_display()), True, share)


def _records_alike(site: Site, wanted: str, now: datetime) -> Iterator[Alike]:
    names = dict(Record.Kind.choices)
    for one in _titles_alike(site, wanted, now, PUBLIC, like=alike):
        yield Alike(str(names[one.kind]), one.title, f"{one.site} /{one.path}/", one.own, one.alike)


def records_alike(*, site: Site, name: str, public: Q | Exists, now: datetime) -> list[RecordAlike]:
    """Items with a similar title, the most similar first: the site's own, and others' that are `public`.

    The titles are those of the rows; what another site shows is to be read from what was signed.
    """
    wanted = name.strip()
    found = _titles_alike(site, wanted, now, public, like=told_by) if len(wanted) >= 2 else ()
    return sorted(found, key=lambda one: (-one.alike, not one.own, one.path, one.pk))[:MOST]


def _titles_alike(
    site: Site, wanted: str, now: datetime, public: Q | Exists, *, like: Callable[[str, str], float]
) -> Iterator[RecordAlike]:
    """Topics of any age, and the newest items of a year; only titles are read, never a body."""
    reach = Record.objects.filter(Q(site=site) | public).order_by("-changed_at", "-pk")
    topics = reach.filter(kind=Record.Kind.TOPIC)
    items = reach.exclude(kind=Record.Kind.TOPIC).filter(changed_at__gte=now - timedelta(days=RECENT_DAYS))
    names = ("pk", "identity", "title", "kind", "state", "site", "site__name", "column__path")
    for rows in (topics, items):
        facts = rows.values_list(*names)[:MOST_READ].iterator(chunk_size=2000)
        for key, identity, title, kind, state, at, owner, path in facts:
            if (share := like(wanted, title)) >= ALIKE:
                yield RecordAlike(key, identity, title, kind, state, owner, path, at == site.pk, share)


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


def told_by(wanted: str, title: str) -> float:
    """The same for a title that somebody only begins: most of its pairs inside a longer one make the two similar too."""
    pairs = set(_pairs(wanted))
    covered = len(pairs & set(_pairs(title))) / len(pairs) if len(pairs) >= FEWEST_PAIRS else 0.0
    return max(alike(wanted, title), covered if covered >= COVERED else 0.0)


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
