"""检测 in the house: what the checks say about a version, kept sealed, and which findings still stop the sign-off.

A run is remembered by version and engine. The engine is the program's detectors with the shipped lists and the unit's
own settings: whenever one of them changes, the version is read again, and nobody can sign on an older answer.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings as installation
from django.utils.translation import gettext as _

import jiyue.checks
from jiyue.checks.findings import Finding as Raw
from jiyue.checks.findings import Severity, filled
from jiyue.checks.matter import Matter
from jiyue.checks.queries import settings_for
from jiyue.checks.reading import matter_of_file
from jiyue.checks.running import check
from jiyue.checks.settings import Settings
from jiyue.domain.canonical import digest_of
from jiyue.domain.deadlines import local
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.identity.models import Organisation
from jiyue.review.matters import StoredFile, files_of, words_of
from jiyue.review.models import CheckRun, FileRun, Subject, Version, Waiver
from jiyue.review.sealing import (
    file_run_facts,
    is_genuine_file_run,
    is_genuine_run,
    is_genuine_waiver,
    run_facts,
    seals,
)

LONGEST = 200  # characters of a place or an excerpt that are kept
MANY = 200  # versions of a batch looked up at a time
GIVING = ("matters.py", "structure_words.py")  # beside this file: what is read of a version


@dataclass(frozen=True)
class Found:
    """One finding as it is kept and shown. `key` stands for the detector and the very words, without telling them.

    `message` and `suggestion` are templates in Chinese; `say` and `advise` translate them where a person reads them.
    `source` is the name of the file, "" for the text itself. `mends` is how many places one button can mend.
    """

    key: str
    detector: str
    severity: str
    message: str
    values: Mapping[str, str]
    suggestion: str
    basis: str
    place: str
    source: str
    excerpt: str
    start: int
    end: int
    mends: int

    @property
    def blocks(self) -> bool:
        return self.severity == Severity.BLOCK

    @property
    def family(self) -> str:
        return self.detector.partition(".")[0]

    @property
    def where(self) -> str:
        """The place, for people, with the file it is in."""
        return f"{_('附件《%(name)s》') % {'name': self.source}} {self.place}".strip() if self.source else self.place

    def say(self) -> str:
        return filled(_(self.message), self.values)

    def advise(self) -> str:
        return filled(_(self.suggestion), self.values) if self.suggestion else ""


@dataclass(frozen=True)
class Engine:
    """The checks as they are in force for one site on one day. `name` changes whenever they could answer otherwise."""

    settings: Settings
    name: str

    def read(self, matter: Matter, *, source: str = "") -> list[Found]:
        """What all detectors find in one matter."""
        return [found_of(raw, matter, source) for raw in check(matter, self.settings)]


def engine_for(site: Site, *, now: datetime) -> Engine:
    """The checks in force for the site's owner."""
    return engine_of(site.owner, now=now)


def engine_of(unit: Organisation, *, now: datetime) -> Engine:
    """The checks in force for a unit: what ships, what the units above it decided, and its own lists."""
    settings = settings_for(unit, now=local(now).date())
    return Engine(settings, digest_of([_program(), settings.revision]))


def found_of(raw: Raw, matter: Matter, source: str) -> Found:
    """A detector's finding as it is kept."""
    return Found(
        key=_key(raw.detector, matter.text[raw.start : raw.end]), detector=raw.detector, severity=raw.severity.value,
        message=raw.message, values=dict(raw.values), suggestion=raw.suggestion or "", basis=raw.basis,
        place=raw.place[:LONGEST], source=source, excerpt=raw.excerpt[:LONGEST], start=raw.start, end=raw.end,
        mends=len(raw.fixes),
    )  # fmt: skip


def run_for(version: Version, *, occasion: str, now: datetime, engine: Engine | None = None) -> CheckRun:
    """What the present checks say about a version: the sealed run that is there, else a new one."""
    engine = engine or engine_for(version.site, now=now)
    known = CheckRun.objects.filter(version=version, engine=engine.name).order_by("-pk")
    genuine = next((run for run in known if run.version_digest == version.digest and is_genuine_run(run)), None)
    return genuine or _run(version, engine, occasion=occasion, now=now)


def findings_of(run: CheckRun) -> list[Found]:
    """The findings of a run."""
    return [found_from(row) for row in run.findings]


def found_from(row: Mapping[str, Any]) -> Found:
    """A finding as it was kept in JSON."""
    return Found(**{field.name: row[field.name] for field in fields(Found)})


def open_findings(run: CheckRun) -> list[Found]:
    """The findings that stop the sign-off: "block" and not waived by somebody who may."""
    if not run.blocks:
        return []
    waived = waived_keys(run.version)
    return [found for found in findings_of(run) if found.blocks and found.key not in waived]


def waived_keys(version: Version) -> set[str]:
    """Keys of findings that may stand in what the version is of. Who wrote the version waives nothing in it.

    Any row that says a waiver is revoked ends it, even one whose seal does not fit: in doubt the finding stops.
    """
    writers = writers_of(version)
    rows = Waiver.objects.filter(identity=version.identity, revocation=None)
    return {row.key for row in rows if row.by_id not in writers and is_genuine_waiver(row)}


def writers_of(version: Version) -> set[int]:
    return {*version.writers, version.author_id}


def read_files(files: Iterable[StoredFile], *, engine: Engine, now: datetime) -> None:
    """Read files whose answer is not known yet. Before a transaction begins: a long PDF must hold up nobody else."""
    for file in files:
        _of_file(file, engine, now=now)


def findings_in_files(files: Iterable[StoredFile], *, engine: Engine, now: datetime) -> list[Found]:
    """What is found in some files."""
    return [found for file in files for found in _of_file(file, engine, now=now)]


def reasons_of(version: Version, *, now: datetime) -> list[str]:
    """Why the checks refuse this version, in words; one sentence for each open finding, at most a few."""
    if version.subject == Subject.BATCH:
        return _reasons_of_batch(version, now=now)
    found = open_findings(run_for(version, occasion=CheckRun.Occasion.SIGN_OFF, now=now))
    return in_words(found)


def in_words(found: list[Found], *, most: int = 5) -> list[str]:
    """Findings as sentences: where, what, and that there are more."""
    told = [
        _("检测发现必须处理的问题：%(where)s，%(what)s") % {"where": one.where, "what": one.say()}
        for one in found[:most]
    ]
    if len(found) > most:
        told.append(_("检测发现的必须处理的问题另有 %(n)s 处") % {"n": len(found) - most})
    return told


# ---- reading -------------------------------------------------------------------------------------------------------


def _run(version: Version, engine: Engine, *, occasion: str, now: datetime) -> CheckRun:
    found = list(_read(version, engine, now=now))
    rows = [asdict(one) for one in found]
    run = CheckRun(
        version=version, version_digest=version.digest, engine=engine.name, occasion=occasion, findings=rows,
        digest=digest_of(rows), blocks=_count(found, Severity.BLOCK), warns=_count(found, Severity.WARN), at=now,
    )  # fmt: skip
    run.seal = seals().seal("check-run", run_facts(run))
    run.save(force_insert=True)
    return run


def _read(version: Version, engine: Engine, *, now: datetime) -> Iterator[Found]:
    content = json.loads(version.content)
    if version.subject == Subject.PLACEMENT:
        yield from _read_origin(content, engine, now=now)
        return
    yield from engine.read(words_of(content, version.subject, at=version.created_at))
    for file in files_of(content):
        yield from _of_file(file, engine, now=now)


def _read_origin(content: Mapping[str, Any], engine: Engine, *, now: datetime) -> Iterator[Found]:
    """What comes from another site is read again with the lists of the unit that takes it (REV-06)."""
    origin = Version.objects.filter(identity=content["record"], sign_offs__isnull=False).order_by("-number").first()
    if origin is not None:
        yield from _read(origin, engine, now=now)


def _of_file(file: StoredFile, engine: Engine, *, now: datetime) -> list[Found]:
    known = FileRun.objects.filter(file_digest=file.digest, name=file.name, engine=engine.name).order_by("-pk")
    run = next((run for run in known if is_genuine_file_run(run)), None) or _file_run(file, engine, now=now)
    return [found_from(row) for row in run.findings]


def _file_run(file: StoredFile, engine: Engine, *, now: datetime) -> FileRun:
    data = ObjectStore(Home(installation.JIYUE_HOME)).get(file.digest)
    rows = [asdict(one) for one in engine.read(matter_of_file(data, file.name), source=file.name)]
    run = FileRun(
        file_digest=file.digest, name=file.name[:255], engine=engine.name, findings=rows, digest=digest_of(rows), at=now
    )
    run.seal = seals().seal("file-run", file_run_facts(run))
    run.save(force_insert=True)
    return run


def _reasons_of_batch(version: Version, *, now: datetime) -> list[str]:
    """A batch is signed for as one matter: every document in it must be clean."""
    engine = engine_for(version.site, now=now)
    listed = [entry["version"] for entry in json.loads(version.content)["versions"]]
    found: list[Found] = []
    for start in range(0, len(listed), MANY):
        found += _stopping(listed[start : start + MANY], engine, now=now)
    return in_words(found)


def _stopping(versions: list[int], engine: Engine, *, now: datetime) -> list[Found]:
    runs: dict[int, CheckRun] = {}
    for run in CheckRun.objects.filter(version__in=versions, engine=engine.name).select_related("version__site"):
        if run.version_digest == run.version.digest and is_genuine_run(run):
            runs[run.version_id] = run
    for version in Version.objects.filter(pk__in=set(versions) - set(runs)).select_related("site__owner"):
        runs[version.pk] = _run(version, engine, occasion=CheckRun.Occasion.SIGN_OFF, now=now)
    return [found for run in runs.values() for found in open_findings(run)]


def _count(found: list[Found], severity: Severity) -> int:
    return sum(1 for one in found if one.severity == severity)


def _key(detector: str, words: str) -> str:
    """Stands for these words under this detector. Keyed: an identity number has too few values for a plain digest."""
    return seals().stand_in("finding", {"detector": detector, "words": words})


@cache
def _program() -> str:
    """The digest of the detectors, the shipped lists and what is given to them: another program reads everything again."""
    folder, here = Path(jiyue.checks.__file__).parent, Path(__file__).parent
    parts = sorted(
        path for path in folder.rglob("*") if path.suffix in {".py", ".yaml"} and "migrations" not in path.parts
    )
    parts += [here / name for name in GIVING]
    return digest_of([(str(path.relative_to(folder.parent)), sha256(path.read_bytes()).hexdigest()) for path in parts])
