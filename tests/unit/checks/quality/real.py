"""The real texts beside the checkout, as matters. They are for measuring only and are not part of the project."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from jiyue.checks.matter import Matter
from jiyue.checks.reading import matter_of_text

OFFICIAL = (
    "state_council_docs", "guangzhou_local_docs", "regulations_national", "regulations_local_sample",
    "judicial_interpretations_sample", "provincial_work_reports_2026", "state_council_work_reports_1954_2025",
)  # fmt: skip
_FIELDS = {
    "title": "title", "doc_no": "document_number", "index_no": "index_number", "issuer": "issuer",
    "written_date": "written_on", "published_date": "published_on",
}  # fmt: skip


def folder() -> Path:
    """`JIYUE_TEST_DATA`, else ../shared/data beside the checkout."""
    beside = Path(__file__).resolve().parents[4].parent / "shared/data"
    return Path(os.environ.get("JIYUE_TEST_DATA", beside))


def rows(name: str) -> Iterator[dict[str, object]]:
    """The records of one file, policy_docs/… or spelling/…; none where the data is absent."""
    path = folder() / f"{name}.jsonl"
    if path.exists():
        yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


@cache
def official_documents() -> tuple[Matter, ...]:
    """Documents, regulations and reports, with the fields known of each."""
    return tuple(_matter(name, row) for name in OFFICIAL for row in rows(f"policy_docs/{name}"))


def _matter(name: str, row: dict[str, object]) -> Matter:
    text = str(row.get("text") or row.get("full_text") or row.get("content") or "")
    fields = {ours: str(row[theirs]) for theirs, ours in _FIELDS.items() if row.get(theirs)}
    return replace(matter_of_text(text, source=f"{name}/{row.get('id', '')}"), fields=fields)
