"""When something became public, as the ledger and the releases tell, and since when a site is public at all.

Dates that an editor wrote (原发布时间) decide where an item stands in a list; they decide no duty.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Min

from jiyue.content.models import Record
from jiyue.publishing.models import Publication
from jiyue.review.models import SignOff, Subject

LOCAL = ZoneInfo("Asia/Shanghai")
MOST_VALUES = 400  # in one statement; SQLite takes no more than a thousand
SHOWING = frozenset({SignOff.Act.PUBLISH, SignOff.Act.CORRECT})
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Public:
    """When a record first became public; `brought` is set for material that was not written for this platform.

    `brought`: it was signed in a batch of historic material, or imported with the time of an earlier publication. Its
    clock ran elsewhere and earlier, and starts no duty here.
    """

    at: datetime
    brought: bool = False


def first_public(identities: Collection[UUID]) -> dict[UUID, Public]:
    """When each of these records first became public on its own site; those that never did are missing.

    The moment is the later one of taking effect and of the release. What a site brought into its first release counts
    from when it took effect: before that release there was nothing to measure by.
    """
    found: dict[UUID, Public] = {}
    for chunk in chunks(sorted(identities)):
        for row in _shown(chunk):
            before = found.get(row.identity)
            if before is None or row.at < before.at:
                found[row.identity] = Public(row.at, row.batch or (before.brought if before else False))
        for identity in _imported(chunk):
            if identity in found:
                found[identity] = Public(found[identity].at, brought=True)
    return found


@dataclass(frozen=True)
class Shown:
    """One ledger row about a record that reached the public, and when."""

    identity: UUID
    act: str
    at: datetime
    batch: bool


def shown_since(identities: Collection[UUID], *, since: datetime) -> Iterator[Shown]:
    """Everything that changed what the public sees of these records, withdrawals included, from `since` on; in order."""
    for chunk in chunks(sorted(identities)):
        rows = _public_rows().filter(sign_off__identity__in=chunk, sign_off__effective_at__gte=since)
        yield from sorted((_as_shown(row) for row in rows.iterator()), key=lambda row: row.at)


def public_since(sites: Iterable[int]) -> dict[int, datetime]:
    """Since when each site is public on this platform: its first signed structure. Sites without one are missing."""
    signed = SignOff.objects.filter(site__in=list(sites), subject=Subject.STRUCTURE).order_by()
    return dict(signed.values_list("site").annotate(Min("effective_at")))


def midnight(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai."""
    return datetime.combine(day, time.min, LOCAL)


def day_of(moment: datetime) -> date:
    """The day of a moment in Asia/Shanghai."""
    return moment.astimezone(LOCAL).date()


def chunks(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """The same things, at most MOST_VALUES at a time."""
    everything = list(things)
    for start in range(0, len(everything), MOST_VALUES):
        yield everything[start : start + MOST_VALUES]


def _shown(identities: list[UUID]) -> Iterator[Shown]:
    rows = _public_rows().filter(sign_off__identity__in=identities, sign_off__act__in=SHOWING)
    return (_as_shown(row) for row in rows.iterator())


def _public_rows():
    rows = Publication.objects.filter(state=Publication.State.DEPLOYED, sign_off__subject=Subject.RECORD)
    return rows.values_list(
        "sign_off__identity", "sign_off__act", "sign_off__effective_at", "deployed_at", "release", "sign_off__batch"
    )


def _as_shown(row: tuple) -> Shown:
    identity, act, effective_at, deployed_at, release, batch = row
    at = effective_at if release in {None, 1} or deployed_at is None else max(effective_at, deployed_at)
    return Shown(identity, act, at, batch is not None)


def _imported(identities: list[UUID]) -> Iterable[UUID]:
    brought = Record.objects.filter(identity__in=identities, original_published_at__isnull=False)
    return brought.exclude(import_key="").values_list("identity", flat=True)
