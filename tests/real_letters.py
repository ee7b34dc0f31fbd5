"""Letters that people really wrote, 2011 to 2020, with the answers that they were given and when; days by lines of our own."""

import json
import os
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from jiyue.domain.deadlines import SHANGHAI
from tests.unit.domain.calendars import FOLDER

SOME = ("2019-01-01", "2019-02-15")


@cache
def real() -> list[dict]:
    folder = Path(os.environ.get("JIYUE_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
    file = folder / "citizen_letters" / "letters_with_replies.jsonl"
    if not file.exists():
        if os.environ.get("CI"):
            pytest.fail("test data is missing: set JIYUE_TEST_DATA")
        pytest.skip("no test data beside this checkout")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return sorted(rows, key=lambda row: (row["asked_at"], row["id"]))


def wanted() -> list[dict]:
    every = os.environ.get("JIYUE_LETTERS") == "all"
    return [row for row in real() if every or SOME[0] <= row["asked_at"] < SOME[1]]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@cache
def free_days() -> tuple[frozenset[str], frozenset[str]]:
    years = [yaml.load(file.read_text(), yaml.BaseLoader) for file in sorted(FOLDER.glob("*.yaml"))]  # noqa: S506
    return frozenset(day for year in years for day in year["off"]), frozenset(
        day for year in years for day in year["worked"]
    )


def last_day(start: date, count: int) -> date:
    """So many working days after a day, by lines of our own."""
    off, worked = free_days()
    day = start
    while count:
        day += timedelta(days=1)
        text = day.isoformat()
        count -= text in worked or (day.weekday() < 5 and text not in off)
    return day


def worked_between(start: date, end: date) -> int:
    """Working days after the one day up to the other."""
    off, worked = free_days()
    days = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    return sum(day.isoformat() in worked or (day.weekday() < 5 and day.isoformat() not in off) for day in days)
