"""How well and how fast documents are read: against metadata that the reader never sees."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jiyue.content.intake.items import Item, Limits
from jiyue.content.intake.reading import read_many
from jiyue.content.intake.records import KEYS
from jiyue.domain.chinese_numerals import dates_in
from jiyue.domain.document_numbers import same_number
from jiyue.domain.official_text import Reading, read_official_text

MEASURED = ("document_number", "written_on")


def measure(paths: Iterable[Path | str], *, limits: Limits | None = None) -> dict[str, Any]:
    """Shares of equal fields, by text alone, for records that state both number and date; and documents per second.

    Misses name the record with what was given and read. `intake` times the whole way from file to item.
    """
    files = [Path(path) for path in paths]
    records = [record for path in files for record in _records(path)]
    equal, misses, seconds = _compared(records)
    started = time.perf_counter()
    results = list(read_many(files, limits=limits or Limits()))
    whole = time.perf_counter() - started
    judged = equal["judged"]
    return {
        "records": len(records),
        "judged": judged,
        "equal_number": equal["document_number"] / judged if judged else None,
        "equal_date": equal["written_on"] / judged if judged else None,
        "equal_both": equal["both"] / judged if judged else None,
        "misses": misses,
        "reading": {"seconds": round(seconds, 3), "per_second": round(len(records) / seconds) if seconds else None},
        "intake": {
            "items": sum(isinstance(result, Item) for result in results),
            "refused": dict(Counter(result.note.code for result in results if not isinstance(result, Item))),
            "seconds": round(whole, 3),
            "per_second": round(len(results) / whole) if whole else None,
        },
    }


def _records(path: Path) -> Iterator[dict[str, Any]]:
    if path.suffix != ".jsonl":
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _first(record: dict[str, Any], name: str) -> str:
    return next((str(record[key]) for key in KEYS[name] if record.get(key)), "")


def _compared(records: list[dict[str, Any]]) -> tuple[Counter[str], list[dict[str, str]], float]:
    equal: Counter[str] = Counter()
    misses = []
    seconds = 0.0
    for record in records:
        started = time.perf_counter()
        reading = read_official_text(_first(record, "text"))
        seconds += time.perf_counter() - started
        given = {name: _first(record, name) for name in MEASURED}
        if not all(given.values()):
            continue
        same = {"document_number": _same_number(reading, given), "written_on": _same_day(reading, given)}
        equal.update(["judged", *(name for name in MEASURED if same[name]), *(["both"] if all(same.values()) else [])])
        if not all(same.values()):
            read = {f"read_{name}": str(reading.value(name)) for name in MEASURED}
            misses.append({"id": str(record.get("id", "")), **given, **read})
    return equal, misses, seconds


def _same_number(reading: Reading, given: dict[str, str]) -> bool:
    read = reading.value("document_number")
    return isinstance(read, str) and same_number(read, given["document_number"])


def _same_day(reading: Reading, given: dict[str, str]) -> bool:
    mention = next(dates_in(given["written_on"]), None)
    return mention is not None and mention.day is not None and reading.value("written_on") == mention.day
