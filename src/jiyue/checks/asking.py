"""What `jiyue check` answers (design 10). Needs no database and no settings.

Gives 0 where nothing was found, 1 where something was.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jiyue.checks.findings import Finding, Severity
from jiyue.checks.matter import Matter
from jiyue.checks.reading import matter_of_file, matter_of_html, matter_of_text
from jiyue.checks.registry import FAMILIES
from jiyue.checks.running import check
from jiyue.checks.settings import shipped

DONE: Final = 0
FOUND: Final = 1
MOST_BYTES: Final = 100 * 1024 * 1024
MOST_SECONDS: Final = 20
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_SEVERITIES: Final = {Severity.BLOCK: "禁止", Severity.WARN: "提醒", Severity.NOTE: "提示"}


class CannotAnswer(Exception):
    """The question cannot be answered as asked; the message says what and how to mend it."""


def run(options: argparse.Namespace) -> int:
    """Check each source; raises CannotAnswer for what cannot be opened at all."""
    known = [family for family, _find in FAMILIES]
    for family in options.only:
        if family not in known:
            raise CannotAnswer(f"没有 {family} 这类检测；现有：{'、'.join(known)}")
    settings = shipped(datetime.now(SHANGHAI).date())
    answers = []
    for source in options.sources:
        found = check(_matter(source, options.kind), settings, only=options.only)
        answers.append((source, [one for one in found if one.severity.weight >= Severity(options.least).weight]))
    if options.json:
        documents = [_document(source, found) for source, found in answers]
        sys.stdout.write(json.dumps(documents[0] if len(documents) == 1 else documents, ensure_ascii=False, indent=1))
        sys.stdout.write("\n")
    else:
        _tell(answers)
    return FOUND if any(found for _source, found in answers) else DONE


def _matter(source: str, kind: str | None) -> Matter:
    content = _content(source)
    if kind in ("text", "html"):
        read = matter_of_text if kind == "text" else matter_of_html
        return read(content.decode(errors="replace"), source=source)
    return matter_of_file(content, _name(source, kind), source=source)


def _name(source: str, kind: str | None) -> str:
    name = source.split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1] if source != "-" else "标准输入"
    return f"{name}.{kind}" if kind and not name.lower().endswith(kind) else name


def _content(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    if source.startswith(("http://", "https://")):
        return _fetched(source)
    try:
        return Path(source).read_bytes()
    except FileNotFoundError as error:
        raise CannotAnswer(f"没有文件 {source}；请核对路径") from error
    except IsADirectoryError as error:
        raise CannotAnswer(f"{source} 是文件夹；请逐个给出文件") from error
    except (OSError, ValueError) as error:
        raise CannotAnswer(f"读不了 {source}：{error}") from error


def _fetched(address: str) -> bytes:
    import http.client  # noqa: PLC0415 - only an address of the web needs them, and they cost a tenth of a second
    import urllib.error  # noqa: PLC0415
    import urllib.request  # noqa: PLC0415

    request = urllib.request.Request(address, headers={"User-Agent": "jiyue-check"})  # noqa: S310 - http(s) only
    try:
        with urllib.request.urlopen(request, timeout=MOST_SECONDS) as answer:  # noqa: S310 - http(s) only
            content: bytes = answer.read(MOST_BYTES + 1)
    except (OSError, ValueError, urllib.error.URLError, http.client.HTTPException) as error:
        raise CannotAnswer(f"打不开 {address}：{getattr(error, 'reason', error)}") from error
    if len(content) > MOST_BYTES:
        raise CannotAnswer(f"{address} 超过 {MOST_BYTES // 1024 // 1024} MB，请下载后拆分检测")
    return content


def _document(source: str, found: Sequence[Finding]) -> dict[str, Any]:
    counted = Counter(one.severity.value for one in found)
    return {
        "source": source,
        "findings": [one.as_json() for one in found],
        "summary": {severity.value: counted[severity.value] for severity in Severity},
    }


def _tell(answers: Sequence[tuple[str, Sequence[Finding]]]) -> None:
    for source, found in answers:
        for one in found:
            advice = f"；建议：{one.advise()}" if one.suggestion else ""
            sys.stdout.write(f"{source} {one.place} [{_SEVERITIES[one.severity]}] {one.say()}：{one.excerpt}{advice}\n")
        counted = Counter(one.severity for one in found)
        summary = "，".join(f"{word} {counted[severity]}" for severity, word in _SEVERITIES.items())
        sys.stdout.write(f"{source}：{summary}\n")
