"""复查: everything public is checked again every night (PRIV-04, MON-05, COL-16; Ningxia 2.2.1, Chaoyang art. 28).

Only what changed since is read: another version, or the same one after the program, its lists or the unit's settings
changed. `Examined` says for each thing what was read last, so a run that was killed goes on where it stopped.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from jiyue.domain.actors import process
from jiyue.domain.deadlines import local
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.review import checking, rectifying
from jiyue.review.checking import Engine, Found
from jiyue.review.events import SiteExamined
from jiyue.review.models import CheckRun, Examination, Examined, Finding, SignOff, Subject, Version
from jiyue.review.models.checks import Severity
from jiyue.review.sealing import is_genuine
from jiyue.review.structure_findings import said_where

MANY = 300  # things looked up at a time
DAY_BEGINS = 12  # o'clock: an examination after midnight belongs to the night that began the evening before
FOLLOWED = (Severity.BLOCK, Severity.WARN)
READ = (Subject.RECORD, Subject.STRUCTURE)


@dataclass
class Told:
    """What one site's examination came to."""

    public: int = 0
    read: int = 0
    found: int = 0
    settled: int = 0


def examine_all(*, now: datetime) -> dict[str, Told]:
    """Examine every site that has anything public; by host. Each site's night is recorded when it is through."""
    sites = Site.objects.filter(sign_offs__isnull=False).distinct().select_related("owner").order_by("pk")
    return {site.host: examine(site, now=now) for site in sites}


def examine(site: Site, *, now: datetime) -> Told:
    """Examine what changed on one site since the last time, and note that the examination took place."""
    night, engine, told = night_of(now), checking.engine_for(site, now=now), Told()
    row, _made = Examination.objects.get_or_create(site=site, night=night, defaults={"started_at": now})
    public: set[UUID] = set()
    for rows in _public_rows(site, now=now):
        public |= {sign_off.identity for sign_off in rows}
        for sign_off in _changed(rows, engine):
            found, settled = _examine_one(sign_off.version, engine, now=now)
            told.read, told.found, told.settled = told.read + 1, told.found + found, told.settled + settled
    told.settled += _settle_withdrawn(site, public, now=now) + _settle_over(site, now=now)
    told.public = len(public)
    if told.read or told.settled or row.finished_at is None:
        _note(row, told, now=now)
    rectifying.follow(site, now=now, night=True)
    return told


def examine_one(identity: UUID, *, now: datetime) -> None:
    """Examine one thing that was just signed off or withdrawn, so that its findings need not wait for the night."""
    last = _last_genuine(identity)
    if last is None or last.subject not in READ:
        return
    if last.act == SignOff.Act.WITHDRAW:
        _settle(Finding.objects.filter(identity=identity), Finding.Handling.WITHDRAWN, now=now)
    else:
        _examine_one(last.version, checking.engine_for(last.site, now=now), now=now)
    rectifying.follow(last.site, now=now, night=False)


def open_again(identity: UUID, *, key: str, now: datetime) -> bool:
    """Read a public thing again after a waiver of its finding was taken back; gives whether the finding is open now."""
    last = _last_genuine(identity)
    if last is None or last.act == SignOff.Act.WITHDRAW:
        return False
    _examine_one(last.version, checking.engine_for(last.site, now=now), now=now)
    rectifying.follow(last.site, now=now, night=False)
    return Finding.objects.filter(identity=identity, key=key, handled_at=None).exists()


def night_of(now: datetime) -> date:
    """The night a moment belongs to, by the date on which it began."""
    return (local(now) - timedelta(hours=DAY_BEGINS)).date()


# ---- what is public and changed ------------------------------------------------------------------------------------


def _public_rows(site: Site, *, now: datetime) -> Iterator[list[SignOff]]:
    """The last ledger row of everything public on a site, some at a time."""
    newest = (
        SignOff.objects.filter(site=site, subject__in=READ, effective_at__lte=now)
        .values("identity").annotate(last=Max("sequence")).order_by("identity").values_list("last", flat=True)
    )  # fmt: skip
    listed = list(newest)
    for start in range(0, len(listed), MANY):
        rows = SignOff.objects.filter(sequence__in=listed[start : start + MANY]).select_related("version__site__owner")
        yield [row for row in rows if row.act != SignOff.Act.WITHDRAW and is_genuine(row)]


def _changed(rows: list[SignOff], engine: Engine) -> Iterator[SignOff]:
    seen = Examined.objects.filter(identity__in=[row.identity for row in rows], engine=engine.name)
    known = dict(seen.values_list("identity", "version"))
    yield from (row for row in rows if known.get(row.identity) != row.version_id)


def _last_genuine(identity: UUID) -> SignOff | None:
    rows = (
        SignOff.objects.filter(identity=identity).select_related("version__site__owner", "site").order_by("-sequence")
    )
    return next((row for row in rows if is_genuine(row)), None)


# ---- findings and what became of them ------------------------------------------------------------------------------


@transaction.atomic
def _examine_one(version: Version, engine: Engine, *, now: datetime) -> tuple[int, int]:
    """Read one public version; gives how many findings are new and how many are settled."""
    run = checking.run_for(version, occasion=CheckRun.Occasion.EXAMINATION, now=now, engine=engine)
    waived = checking.waived_keys(version)
    open_now = {one.key: one for one in checking.findings_of(run) if one.severity in FOLLOWED and one.key not in waived}
    before = {row.key: row for row in Finding.objects.filter(identity=version.identity)}
    new = [_told_of(found, version, before.get(key), now=now) for key, found in open_now.items()]
    gone = [row.pk for key, row in before.items() if row.handled_at is None and key not in open_now]
    changed = any(row.version_id != version.pk for row in before.values())
    handling = Finding.Handling.MENDED if changed else Finding.Handling.SETTLED
    settled = _settle(Finding.objects.filter(pk__in=gone), handling, now=now)
    values = {"site": version.site, "version": version, "engine": engine.name, "at": now}
    Examined.objects.update_or_create(identity=version.identity, defaults=values)
    return sum(new), settled


def _told_of(found: Found, version: Version, row: Finding | None, *, now: datetime) -> bool:
    """Keep one finding; gives whether it is new, or open again."""
    if row is not None and row.handled_at is None:
        Finding.objects.filter(pk=row.pk).update(version=version, said=asdict(found), severity=found.severity)
        return False
    values = {
        "site": version.site, "record": version.record, "version": version, "detector": found.detector,
        "severity": found.severity, "said": asdict(found), "found_at": now, "handled_at": None, "handling": "",
    }  # fmt: skip
    Finding.objects.update_or_create(identity=version.identity, key=found.key, defaults=values)
    return True


def _settle_withdrawn(site: Site, public: set[UUID], *, now: datetime) -> int:
    still = Finding.objects.filter(site=site, handled_at=None).values_list("identity", flat=True).distinct()
    gone = [identity for identity in still if identity not in public and not _still_placed(identity)]
    return _settle(Finding.objects.filter(identity__in=gone), Finding.Handling.WITHDRAWN, now=now)


def _still_placed(identity: UUID) -> bool:
    """A taken item is not gone through by night, but a finding in it lasts as long as it is placed."""
    last = _last_genuine(identity)
    return last is not None and last.subject == Subject.PLACEMENT and last.act != SignOff.Act.WITHDRAW


def _settle_over(site: Site, *, now: datetime) -> int:
    """A notice or a window whose time is over is public no more, though nobody signed anything since."""
    rows = Finding.objects.filter(site=site, handled_at=None, version__subject=Subject.STRUCTURE)
    gone = [row.pk for row in rows.select_related("version") if _is_over(row, now)]
    return _settle(Finding.objects.filter(pk__in=gone), Finding.Handling.WITHDRAWN, now=now)


def _is_over(row: Finding, now: datetime) -> bool:
    places = said_where(row)
    return bool(places) and all(said.is_over(now) for said in places)


def _settle(findings, handling: str, *, now: datetime) -> int:
    return findings.filter(handled_at=None).update(handled_at=now, handling=handling)


def _note(row: Examination, told: Told, *, now: datetime) -> None:
    with transaction.atomic():
        row.finished_at, row.public = now, told.public
        row.read, row.found, row.settled = row.read + told.read, row.found + told.found, row.settled + told.settled
        row.save()
        event = SiteExamined(
            subject=f"site:{row.site.host}", site=row.site.host, night=row.night.isoformat(), **asdict(told)
        )
        trace(event, by=process("examination"), at=now)
