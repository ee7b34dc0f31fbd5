"""Applying rule changes to what is open: approved ones, and values that came with an upgrade of the program.

Each is applied once. A worker that is killed in between applies it again, which changes nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction

from jiyue.domain.canonical import digest_of
from jiyue.domain.deadlines import local
from jiyue.domain.duties import Source
from jiyue.domain.rulesets import UNDATED, Pack
from jiyue.foundation.audit import record
from jiyue.obligations.engine import ENGINE, Change, recompute, reevaluate
from jiyue.obligations.models import AppliedChange
from jiyue.rules.events import PackNoticed
from jiyue.rules.library import shipped
from jiyue.rules.models import (
    CalendarRevision,
    KnownPack,
    LocalPack,
    LocalStandard,
    Override,
    PackAssignment,
    PackEdition,
    Proposal,
)
from jiyue.rules.policies import MATTERS


def apply_changes(*, sources: Iterable[Source], now: datetime) -> int:
    """Apply every approved change that was not applied yet; gives how many changes there were."""
    asked, done = tuple(sources), 0
    for matter, row in _waiting():
        if isinstance(row, CalendarRevision):
            recompute(years=[row.year], unit=row.organisation_id, now=now)
        else:
            reevaluate(_change(row), sources=asked, now=now)
        AppliedChange.objects.get_or_create(matter=matter, row=row.pk, defaults={"applied_at": now})
        done += 1
    return done


def notice_packs(*, sources: Iterable[Source], now: datetime) -> int:
    """Apply values that the shipped files have and did not have when last looked at; gives how many there are.

    A pack seen for the first time is only remembered. A value corrected in place changes nothing that has begun, nor does
    one without a known day: it counts for what begins from the day on which it was noticed.
    """
    asked, found = tuple(sources), 0
    today = local(now).date()
    for name in shipped().names:
        pack = shipped().pack(name)
        known = KnownPack.objects.filter(name=name).first()
        added = _added(pack, known, now)
        for parameter, since in added:
            reevaluate(Change(since=since, parameter=parameter), sources=asked, now=now)
        if known is None or known.values != _values(pack):
            _remember(pack, added, [*added, *((parameter, today) for parameter in _corrected(pack, known))], now)
        found += len(added)
    return found


def _waiting() -> Iterator[tuple[str, Proposal]]:
    for matter, model in MATTERS.items():
        if model is LocalStandard:  # what a record must contain dates no duty
            continue
        applied = AppliedChange.objects.filter(matter=matter).values("row")
        rows = model._default_manager.filter(state=Proposal.State.APPROVED).exclude(pk__in=applied)
        yield from ((matter, row) for row in rows.order_by("answered_at", "pk"))


def _change(row: Proposal) -> Change:
    match row:
        case Override():
            return Change(since=row.from_on, parameter=row.parameter, unit=row.organisation_id)
        case PackAssignment():
            return Change(since=row.from_on, unit=row.organisation_id)
        case LocalPack():
            return Change(since=row.in_force_on)
    raise TypeError(row)


def _values(pack: Pack) -> list[list[str]]:
    return sorted(
        [parameter, value.since.stated, digest_of(value.as_json())]
        for parameter, values in pack.values.items()
        for value in values
    )


def _added(pack: Pack, known: KnownPack | None, now: datetime) -> list[tuple[str, date]]:
    if known is None:
        return []
    seen = {(parameter, since) for parameter, since, _digest in known.values}
    return [
        (parameter, local(now).date() if value.since.stated == UNDATED else value.since.day)
        for parameter, values in sorted(pack.values.items())
        for value in values
        if (parameter, value.since.stated) not in seen
    ]


def _corrected(pack: Pack, known: KnownPack | None) -> list[str]:
    """Parameters of which a value of a day that was known before says something else now."""
    if known is None:
        return []
    seen = {(parameter, since): digest for parameter, since, digest in known.values}
    changed = (
        parameter for parameter, since, digest in _values(pack) if seen.get((parameter, since), digest) != digest
    )
    return sorted(set(changed))


@transaction.atomic
def _remember(pack: Pack, added: list[tuple[str, date]], turned: list[tuple[str, date]], now: datetime) -> None:
    facts = {"version": pack.version, "values": _values(pack), "seen_at": now}
    KnownPack.objects.update_or_create(name=pack.name, defaults=facts)
    told = [[parameter, since.isoformat()] for parameter, since in added]
    if turned:
        values = sorted({parameter: since.isoformat() for parameter, since in turned}.items())
        digest = digest_of([pack.version, values, facts["values"]])
        new = {"version": pack.version, "values": [list(value) for value in values], "noticed_at": now}
        PackEdition.objects.get_or_create(name=pack.name, digest=digest, defaults=new)
    record(PackNoticed(subject=f"pack:{pack.name}", version=pack.version, values=told), by=ENGINE, at=now)
