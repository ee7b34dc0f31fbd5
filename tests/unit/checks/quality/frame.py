"""How the families are measured, and how the table of docs/checks.md is written.

A module of this package that has `sections()` takes part: `python -m tests.unit.checks.quality` writes them all.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from jiyue.checks.matter import Matter
from jiyue.checks.reading import matter_of_html, matter_of_text
from jiyue.checks.settings import Settings, shipped

ROOT = Path(__file__).parents[4]
TODAY = date(2026, 11, 22)
PLAIN: Settings = shipped(TODAY)
Span = tuple[int, int]


@dataclass(frozen=True)
class Section:
    """One heading of the page: what was measured and how, a table, and what is known to be missing."""

    title: str
    about: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    order: int = 50
    known: tuple[str, ...] = ()


@dataclass
class Score:
    """Places that should be found, those that were, and findings beside them."""

    gold: int = 0
    hit: int = 0
    false: int = 0
    misses: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)

    def judge(self, text: str, gold: Sequence[Span], found: Iterable[Span]) -> None:
        """Count one text: a place is hit by any overlap; a finding that overlaps no place is false."""
        found = list(found)
        self.gold += len(gold)
        for start, end in gold:
            if any(a < end and start < b for a, b in found):
                self.hit += 1
            else:
                self.misses.append(text[max(0, start - 24) : end + 12])
        for start, end in found:
            if not any(a < end and start < b for a, b in gold):
                self.false += 1
                self.alarms.append(text[max(0, start - 24) : end + 12])

    @property
    def recall(self) -> float:
        return self.hit / self.gold if self.gold else 1.0

    @property
    def precision(self) -> float:
        return self.hit / (self.hit + self.false) if self.hit + self.false else 1.0

    def row(self, name: str) -> tuple[str, ...]:
        return (name, str(self.gold), f"{self.recall:.4f}", f"{self.precision:.4f}", str(self.false))


SCORED = ("", "places", "recall", "precision", "false alarms")


def data(folder: str) -> Path:
    """A folder of the data made by others. Skips where it is absent, outside of CI."""
    root = Path(os.environ.get("JIYUE_TEST_DATA", ROOT.parent / "shared" / "data")) / folder
    if not root.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("test data is missing: set JIYUE_TEST_DATA")
        pytest.skip("no test data beside the checkout (JIYUE_TEST_DATA)")
    return root


def records(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


@lru_cache(maxsize=1)
def official_texts() -> tuple[tuple[str, Matter], ...]:
    """Clean official documents, regulations and reports: name and matter."""
    found = []
    for path in sorted(data("policy_docs").glob("*.jsonl")):
        for number, record in enumerate(records(path), 1):
            text = record.get("text") or record.get("full_text") or record.get("content") or ""
            name = f"{path.stem}:{number}"
            found.append((name, matter_of_text(str(text), source=name)))
    return tuple(found)


@lru_cache(maxsize=1)
def official_pages() -> tuple[tuple[str, Matter], ...]:
    """Pages of official sites; those known to carry inserted promotion are left out, they are positives of others."""
    folder = data("gov_html")
    listed = {str(row["file"]): row for row in records(folder / "index.jsonl")}
    return tuple(
        (path.name, matter_of_html(path.read_bytes().decode("utf-8", "replace"), source=path.name))
        for path in sorted((folder / "pages").iterdir())
        if not listed.get(path.name, {}).get("inserted_promotion")
    )


def written(sections: Iterable[Section]) -> str:
    """The measured part of docs/checks.md."""
    pieces = []
    for section in sorted(sections, key=lambda one: (one.order, one.title)):
        lines = [f"## {section.title}", "", section.about, ""]
        if section.rows:
            lines += [_line(section.header), _line(["---"] * len(section.header)), *map(_line, section.rows), ""]
        lines += [f"- {sentence}" for sentence in section.known]
        pieces.append("\n".join(lines).rstrip() + "\n")
    return "\n".join(pieces)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


def replaced(page: str, measured: str) -> str:
    """The page with its measured part renewed."""
    return re.sub(
        f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _found: f"{BEGIN}\n{measured}\n{END}", page, flags=re.S
    )
