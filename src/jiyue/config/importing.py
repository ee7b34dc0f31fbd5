"""`jiyue import`: documents into the library as drafts, with a report of what was understood and what was not."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.config.outcomes import DONE, FOUND, WrongUse
from jiyue.content.import_report import DOUBTFUL, NOT_READY, REFUSED, ImportReport, field_name
from jiyue.content.importing import import_all
from jiyue.content.intake import read_many
from jiyue.content.models import Column, Record
from jiyue.content.policies import may_write_in
from jiyue.estate.models import Site
from jiyue.foundation.durable import is_full, locked
from jiyue.foundation.home import Home
from jiyue.identity.models import User
from jiyue.review.batches import draw_up, open_review_of, records_of, submit_batch
from jiyue.review.models import Batch, Review
from jiyue.review.refusals import ReviewRefused

BAR = 28  # characters
TOLD = 20  # lines of each kind in the report for people; --json holds all


@dataclass(frozen=True)
class Errand:
    """Who brings what where."""

    files: list[Path]
    column: Column
    by: User
    source: str
    name: str

    @property
    def site(self) -> Site:
        return self.column.site


def run_import(options: argparse.Namespace) -> int:
    """Import, draw up the batch, submit it if asked. Raises WrongUse for an unknown site, column, person or file."""
    errand = _errand(options)
    report, began = ImportReport(), time.monotonic()
    trouble, batch, review = "", None, None
    with locked(Home(settings.JIYUE_HOME).prepare().uploads / f".importing-{errand.site.host}"):
        try:
            _take_in(errand, report, now=timezone.now())
            batch = _draw_up(errand, report, now=timezone.now())
            review = _submit(batch, errand, now=timezone.now()) if options.submit and batch else None
        except (OSError, OperationalError, PermissionDenied, ValidationError) as error:
            trouble = _in_words(error)
    outcome = _outcome(errand, report, batch, review, trouble, time.monotonic() - began)
    if options.json:
        sys.stdout.write(json.dumps(outcome, ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(outcome)) + "\n")
    return DONE if report.is_clean() and not trouble else FOUND


# ---- who, what, where ----------------------------------------------------------------------------------------------


def _errand(options: argparse.Namespace) -> Errand:
    site = Site.objects.filter(host=options.site).select_related("owner").first()
    if site is None:
        raise WrongUse(_("没有域名为 %(host)s 的网站；--site 填网站的域名") % {"host": options.site})
    path = options.column.strip("/")
    column = Column.objects.filter(site=site, path=path).select_related("responsible", "site__owner").first()
    if column is None:
        raise WrongUse(_("%(host)s 没有栏目 %(path)s；栏目路径形如 zwgk/zcwj") % {"host": site.host, "path": path})
    person = User.objects.filter(username=options.by, is_active=True).first()
    if person is None:
        raise WrongUse(_("没有可用的账号 %(name)s；--by 填编辑的登录名") % {"name": options.by})
    if not may_write_in(person, column):
        values = {"name": person.username, "column": column.name}
        raise WrongUse(_("%(name)s 不能在“%(column)s”栏目录入；请换一个编辑账号，或换一个开放的栏目") % values)
    files = [Path(file) for file in options.files]
    if not any(file.is_file() for file in files):
        raise WrongUse(_("找不到文件 %(name)s；请核对路径") % {"name": options.files[0]})
    return Errand(files, column, person, options.source.strip(), options.name.strip())


# ---- the run -------------------------------------------------------------------------------------------------------


def _take_in(errand: Errand, report: ImportReport, *, now: datetime) -> None:
    bar = ProgressBar(sum(_expected(file) for file in errand.files), sys.stderr)
    groups = import_all(
        results=read_many(errand.files), column=errand.column, by=errand.by, now=now, source=errand.source
    )
    try:
        for group in groups:
            report.add(group)
            bar.show(len(report.documents) + len(report.refused))
    finally:
        bar.close()


def _draw_up(errand: Errand, report: ImportReport, *, now: datetime) -> Batch | None:
    ready = report.submittable
    if not ready:
        return None
    facts = {"column": errand.column.path, "files": list(_file_facts(errand.files)), **report.for_batch()}
    return draw_up(
        site=errand.site, identities=ready, name=errand.name or _name(errand, now), report=facts, by=errand.by, now=now
    )


def _submit(batch: Batch, errand: Errand, *, now: datetime) -> Review | None:
    """The review the batch is in; a command that was killed after submitting finds it there."""
    return open_review_of(batch) or submit_batch(batch=batch, records=records_of(batch), by=errand.by, now=now)


def _name(errand: Errand, now: datetime) -> str:
    values = {
        "day": timezone.localtime(now).date().isoformat(),
        "file": errand.files[0].name[:60],
        "n": len(errand.files),
    }
    return _("%(day)s 导入 %(file)s 等 %(n)s 个文件") % values


def _file_facts(files: list[Path]) -> Iterator[dict[str, Any]]:
    for path in files:
        if path.is_file():
            with path.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
            yield {"name": path.name, "bytes": path.stat().st_size, "sha256": digest}


def _expected(path: Path) -> int:
    """About how many items a file holds, for the progress bar alone."""
    if path.suffix.lower() not in {".jsonl", ".ndjson"} or not path.is_file():
        return 1
    with path.open("rb") as file:
        return sum(1 for _line in file)


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError) and is_full(error):
        return _("磁盘空间不足；已录入的都保留，腾出空间后用同一条命令继续")
    if isinstance(error, OperationalError):
        return _("数据库忙或写不进去（%(why)s）；已录入的都保留，稍后用同一条命令继续") % {"why": error}
    if isinstance(error, ValidationError):
        return "；".join(error.messages[:TOLD])
    if isinstance(error, ReviewRefused | PermissionDenied):
        return str(error)
    raise error


# ---- what is told --------------------------------------------------------------------------------------------------


def _outcome(
    errand: Errand, report: ImportReport, batch: Batch | None, review: Review | None, trouble: str, seconds: float
) -> dict[str, Any]:
    return {
        "site": errand.site.host,
        "column": errand.column.path,
        "by": errand.by.username,
        "counts": report.counts(),
        "new": report.made,
        "there": report.there,
        "fields": report.understood(),
        "unchecked": report.unchecked,
        "documents": report.documents,
        "refused": report.refused,
        "batch": _batch_facts(batch),
        "review": review.pk if review else None,
        "stopped": _stopped(review),
        "trouble": trouble,
        "seconds": round(seconds, 2),
    }


def _stopped(review: Review | None) -> list[dict[str, Any]]:
    """What the checks left out of the batch: it stays a draft until it is mended or waived."""
    rows = review.instruction.get("stopped", ()) if review else ()
    titles = dict(
        Record.objects.filter(identity__in=[row["identity"] for row in rows]).values_list("identity", "title")
    )
    return [{**row, "title": titles.get(UUID(row["identity"]), "")} for row in rows]


def _batch_facts(batch: Batch | None) -> dict[str, Any] | None:
    if batch is None:
        return None
    return {
        "identity": str(batch.identity), "name": batch.name, "records": len(batch.report["records"]),
        "seed": batch.report["seed"], "sample": batch.sample,
    }  # fmt: skip


def _lines(outcome: dict[str, Any]) -> Iterator[str]:
    """The report for a person at a terminal."""
    counts = outcome["counts"]
    rate = (outcome["new"] + outcome["there"]) / outcome["seconds"] if outcome["seconds"] else 0
    yield (
        _(
            "读懂 %(read)s 篇，存疑 %(doubtful)s 篇，暂不能送审 %(not_ready)s 篇，拒绝 %(refused)s 条，重复 %(duplicate)s 条"
        )
        % counts
    )
    yield _("新建草稿 %(new)s 篇，以前已录入 %(there)s 篇；用时 %(seconds)s 秒，每秒 %(rate)s 篇") % {
        **{name: outcome[name] for name in ("new", "there", "seconds")}, "rate": round(rate),
    }  # fmt: skip
    yield from _field_lines(outcome["fields"])
    if outcome["unchecked"]:
        yield _("%(n)s 篇政策文件的有效性没有核定，页面上会这样标明；核定后请在稿件里改为“有效”或其他结论。") % {
            "n": outcome["unchecked"]
        }
    yield from _listed(
        _("拒绝"), [(row["source"], [row["why"]]) for row in outcome["refused"] if row["status"] == REFUSED]
    )
    yield from _listed(_("暂不能送审"), _sentences(outcome, NOT_READY, "lacks"))
    yield from _listed(_("存疑"), _sentences(outcome, DOUBTFUL, "doubts"))
    yield from _listed(
        _("检测拦下，没有放进批次"), [(f"《{row['title'][:40]}》", row["reasons"]) for row in outcome["stopped"]]
    )
    yield from _batch_lines(outcome)
    if outcome["trouble"]:
        yield f"✗ {outcome['trouble']}"


def _field_lines(fields: dict[str, dict[str, int]]) -> Iterator[str]:
    if not any(sum(levels.values()) for levels in fields.values()):
        return
    yield _("政策文件的各项信息（读到 / 存疑 / 没有）：")
    for name, levels in fields.items():
        yield f"  {field_name(name)}　{levels['found']} / {levels['doubtful']} / {levels['absent']}"


def _sentences(outcome: dict[str, Any], status: str, key: str) -> list[tuple[str, list[str]]]:
    return [
        (f"{row['source']}《{row['title'][:40]}》", row[key]) for row in outcome["documents"] if row["status"] == status
    ]


def _listed(heading: str, rows: list[tuple[str, list[str]]]) -> Iterator[str]:
    if not rows:
        return
    yield f"{heading}（{len(rows)}）："
    for where, sentences in rows[:TOLD]:
        yield f"  {where}　{'；'.join(sentences)}"
    if len(rows) > TOLD:
        yield "  " + _("另有 %(n)s 条，用 --json 查看全部") % {"n": len(rows) - TOLD}


def _batch_lines(outcome: dict[str, Any]) -> Iterator[str]:
    batch = outcome["batch"]
    if batch is None:
        yield _("没有可以送审的草稿")
        return
    yield _("批次“%(name)s”：%(records)s 篇，抽样种子 %(seed)s") % batch
    if outcome["review"]:
        yield _("已送审，等待审核人抽查并签发")
    elif not outcome["trouble"]:
        yield _("还没有送审；加上 --submit 再运行一次即可送审")


class ProgressBar:
    """How far it is, on a terminal as a bar that moves, elsewhere a line for each tenth."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self.total, self.stream = max(total, 1), stream
        self.moves = stream.isatty()
        self.began, self.tenth = time.monotonic(), -1

    def show(self, done: int) -> None:
        share = min(done / self.total, 1.0)
        words = f"{done}/{max(self.total, done)}，{done / max(time.monotonic() - self.began, 0.001):.0f} 篇/秒"
        if self.moves:
            filled = round(share * BAR)
            self.stream.write(f"\r[{'█' * filled}{'·' * (BAR - filled)}] {words} ")
        elif int(share * 10) > self.tenth:
            self.tenth = int(share * 10)
            self.stream.write(f"{words}\n")
        self.stream.flush()

    def close(self) -> None:
        if self.moves:
            self.stream.write("\n")
