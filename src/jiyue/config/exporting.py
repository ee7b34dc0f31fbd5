"""`jiyue export`: the public library of a site as records.jsonl with its files by digest, to be taken in elsewhere.

Only what is public, and only what the ledger and the seals confirm. Killed anywhere, the same command goes on where it
ended: what it wrote is compared with what is public now, files with their digests.
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.config.outcomes import DONE, FOUND, WrongUse
from jiyue.content.events import ExchangeExported
from jiyue.content.models import Exchange
from jiyue.content.standards import faults_of
from jiyue.domain.actors import process
from jiyue.domain.canonical import digest_of
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectDamaged, ObjectMissing, ObjectStore
from jiyue.publishing.change_feed import exchange_item
from jiyue.publishing.framing import origin_of
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.sealed import SealBroken, check_item
from jiyue.review.ledger import content_of
from jiyue.rules.standards import sentence

RECORDS, PART, FILES, MANIFEST = "records.jsonl", "records.jsonl.part", "files", "manifest.json"
CHUNK = 200
TOLD = 20
ACTOR = process("export")


class Export:
    """One run into one folder."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.store = ObjectStore(Home(settings.JIYUE_HOME))
        self.origin = origin_of(site.host)
        self.records = self.files = 0
        self.refused: list[dict[str, str]] = []

    def run(self) -> None:
        """Write what is missing. Raises OSError; a record that is not as it was signed is left out and told."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / PART
        written = self._reached(part)
        with part.open("a", encoding="utf-8") as lines:
            for item in self._items():
                if str(item.identity) not in written:
                    self._one(item, lines)
            lines.flush()
            os.fsync(lines.fileno())
        os.replace(part, self.folder / RECORDS)

    def _items(self) -> Iterator[PublicItem]:
        own = PublicItem.objects.filter(site=self.site, state__in=LISTED, placed_by__isnull=True)
        yield from own.select_related("sign_off__version").order_by("pk").iterator(chunk_size=CHUNK)

    def _one(self, item: PublicItem, lines: TextIO) -> None:
        try:
            content = content_of(check_item(item).sign_off.version, digest=item.version_digest)
            line = exchange_item(self.origin, item, content)
            record = json.loads(line)["record"]
            broken = faults_of(record, organisation=self.site.owner, on=timezone.localdate())
            if broken:
                raise ValueError("；".join(sentence(fault) for fault in broken[:3]))
            for facts in record["files"]:
                self._file(facts["digest"])
        except (SealBroken, ObjectMissing, ObjectDamaged, ValueError) as error:
            self.refused.append({"address": item.address, "why": str(error) or type(error).__name__})
            return
        lines.write(line + "\n")
        self.records += 1

    def _file(self, digest: str) -> None:
        path = self.folder / FILES / digest[:2] / digest
        if path.exists() and _digest_of(path) == digest:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        self.store.check(digest)
        beside = path.with_name(f".{digest}.part")
        shutil.copyfile(self.store.path(digest), beside)
        os.replace(beside, path)
        self.files += 1

    def _reached(self, part: Path) -> set[str]:
        """The records that a killed run wrote and that still stand as it wrote them; its file keeps these lines alone.

        What was corrected or withdrawn since must not leave by a file that was begun before.
        """
        if not part.exists():
            return set()
        current = dict(self._items_now())
        beside, written = part.with_name(f".{PART}"), set()
        with part.open("rb") as before, beside.open("wb") as kept:
            for line in before:
                identity, version = _line_facts(line)
                if identity not in written and version and current.get(identity) == version and self._has_files(line):
                    kept.write(line)
                    written.add(identity)
        os.replace(beside, part)
        self.records = len(written)
        return written

    def _items_now(self) -> Iterator[tuple[str, str]]:
        rows = PublicItem.objects.filter(site=self.site, state__in=LISTED, placed_by__isnull=True)
        for identity, version in rows.values_list("identity", "version_digest").iterator(chunk_size=2000):
            yield str(identity), version

    def _has_files(self, line: bytes) -> bool:
        """Do all files of a kept line lie in the folder, whole?"""
        digests = (facts["digest"] for facts in json.loads(line)["record"]["files"])
        paths = ((self.folder / FILES / digest[:2] / digest, digest) for digest in digests)
        return all(path.exists() and _digest_of(path) == digest for path, digest in paths)


def _line_facts(line: bytes) -> tuple[str, str]:
    """Identity and version of a whole line; empty for half a line, as a kill leaves it, and for any other."""
    try:
        told = json.loads(line) if line.endswith(b"\n") else {}
        identity, version = told["record"]["identity"], told["version"]
        intact = digest_of(told["record"]) == told["digest"]
    except (ValueError, LookupError, TypeError):
        return "", ""
    return (str(identity), str(version)) if intact else ("", "")


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def run_export(options: argparse.Namespace) -> int:
    """Export, write the manifest, note the exchange. Raises WrongUse for an unknown site or an unusable folder."""
    site = Site.objects.filter(host=options.site).select_related("owner").first()
    if site is None:
        raise WrongUse(_("没有域名为 %(host)s 的网站；--site 填网站的域名") % {"host": options.site})
    export, problem = Export(site, Path(options.output)), ""
    try:
        export.run()
        manifest = _manifest(export)
        (export.folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        problem, manifest = _("写不进 %(folder)s：%(why)s") % {"folder": export.folder, "why": error.strerror}, {}
    _note(export, problem)
    outcome = {"site": site.host, "records": export.records, "files": export.files, "refused": export.refused,
               "folder": str(export.folder), "problem": problem, **manifest}  # fmt: skip
    sys.stdout.write(json.dumps(outcome, ensure_ascii=False, indent=1) + "\n" if options.json else _words(outcome))
    return DONE if not problem and not export.refused else FOUND


def _manifest(export: Export) -> dict[str, Any]:
    digest = _digest_of(export.folder / RECORDS)
    return {"origin": export.origin, "at": timezone.now().isoformat(), "records": export.records, "sha256": digest}


@transaction.atomic
def _note(export: Export, problem: str) -> None:
    state = Exchange.State.FAILED if problem else Exchange.State.PARTLY if export.refused else Exchange.State.DONE
    counts = {"records": export.records, "files": export.files, "refused": len(export.refused)}
    now = timezone.now()
    Exchange.objects.create(
        site=export.site, direction=Exchange.Direction.OUT, state=state, at=now, counts=counts,
        refusals=export.refused[:100], problem=problem,
    )  # fmt: skip
    event = ExchangeExported(
        subject=f"site:{export.site.host}", site=export.site.host, records=export.records, problem=problem
    )
    trace(event, by=ACTOR, at=now)


def _words(outcome: dict[str, Any]) -> str:
    lines = [_("导出 %(records)s 条记录，新写入 %(files)s 个文件：%(folder)s") % outcome]
    lines += [f"  {row['address']}　{row['why']}" for row in outcome["refused"][:TOLD]]
    lines += [f"✗ {outcome['problem']}"] if outcome["problem"] else []
    return "\n".join(lines) + "\n"
