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
from jiyue.domain.working_days import CalendarYear
from jiyue.foundation.audit import record
from jiyue.obligations.engine import ENGINE, Change, recompute, reevaluate
from jiyue.obligations.models import AppliedChange
from jiyue.rules.events import CalendarNoticed, PackNoticed, StandardsNoticed
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
from jiyue.rules.queries import calendar
from jiyue.rules.standards import shipped as standards
from jiyue.rules.standards.register import Edition

CALENDARS = "calendars"  # the folder of the years; no pack can have its name
STANDARDS = "standards"  # the shipped data standards, remembered beside the packs


def apply_changes(*, sources: Iterable[Source], now: datetime) -> int:
    """Apply every approved change that was not applied yet; gives how many changes there were."""
    asked, done = tuple(sources), 0
    for matter, row in _waiting():
        if isinstance(row, CalendarRevision):
            recompute(years=[row.year], unit=row.organisation_id, because=(matter, row.pk), now=now)
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


def notice_calendars(*, now: datetime) -> int:
    """Compute dates again where an upgrade brought the holidays of a year, or others; gives how many moved.

    The first time nothing is known to be new, so only what is provisional is looked at. A year that was decided in the
    console stays as it was decided.
    """
    told = {str(year.year): digest_of(_days_of(year)) for year in shipped().calendar.years}
    known = KnownPack.objects.filter(name=CALENDARS).first()
    seen = dict(known.values) if known else told
    if known and seen == told:
        return 0
    decided, files = calendar(), shipped().calendar
    new = [int(year) for year in told if seen.get(year) != told[year]]
    years = [year for year in new if decided.year(year) == files.year(year)]
    edition = _edition_of(years, told, now) if years else None
    moved = recompute(years=years, because=(CALENDARS, edition.pk) if edition else None, now=now)
    # Remembered last: whoever is killed before does all of it again, to the same effect.
    facts = {"version": max(told, default=""), "values": sorted(told.items()), "seen_at": now}
    with transaction.atomic():
        KnownPack.objects.update_or_create(name=CALENDARS, defaults=facts)
        if edition:
            told_of = CalendarNoticed(subject=f"{CALENDARS}:{edition.pk}", years=edition.version, moved=moved)
            record(told_of, by=ENGINE, at=now)
    return moved


@transaction.atomic
def notice_standards(*, now: datetime) -> int:
    """Tell of editions of the data standards that an upgrade brought; gives how many.

    The first time nothing is known to be new. They date no duty: what is public is compared again by `conformity`.
    """
    every = {each.words: each for editions in standards().editions.values() for each in editions}
    known = KnownPack.objects.filter(name=STANDARDS).first()
    if known and set(known.values) == every.keys():
        return 0
    new = [each for words, each in sorted(every.items()) if known and words not in known.values]
    facts = {"version": max(each.since.isoformat() for each in every.values()), "values": sorted(every), "seen_at": now}
    KnownPack.objects.update_or_create(name=STANDARDS, defaults=facts)
    if new:
        _tell_standards(new, now)
    return len(new)


def _tell_standards(new: list[Edition], now: datetime) -> None:
    values = [[each.name, each.since.isoformat()] for each in new]
    facts = {"version": max(since for _name, since in values), "values": values, "noticed_at": now}
    edition, is_new = PackEdition.objects.get_or_create(name=STANDARDS, digest=digest_of(values), defaults=facts)
    if is_new:
        names = "、".join(f"{each.title}（{each.since.isoformat()}）" for each in new)
        record(StandardsNoticed(subject=f"{STANDARDS}:{edition.pk}", standards=names), by=ENGINE, at=now)


def _edition_of(years: list[int], told: dict[str, str], now: datetime) -> PackEdition:
    values = [[str(year), date(year, 1, 1).isoformat()] for year in years]
    facts = {"version": "、".join(map(str, years)), "values": values, "noticed_at": now}
    digest = digest_of([[year, told[str(year)]] for year in years])
    return PackEdition.objects.get_or_create(name=CALENDARS, digest=digest, defaults=facts)[0]


def _days_of(year: CalendarYear) -> list[list[list[str]]]:
    return [sorted([day.isoformat(), name] for day, name in days.items()) for days in (year.off, year.worked)]


def _waiting() -> Iterator[tuple[str, Proposal]]:
    # Calendars first: a rule applied before would move dates by the new calendar too, and they would not be told as such.
    for matter, model in sorted(MATTERS.items(), key=lambda each: each[1] is not CalendarRevision):
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
