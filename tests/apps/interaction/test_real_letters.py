"""Letters that people really wrote, 2011 to 2020, with the answers that they were given and when.

They go through the acts as if they had been written here: clocks, figures and repeated letters are compared with
lines of their own that use nothing of the program. Some two hundred in CI; all 1,665 with JIYUE_LETTERS=all.
"""

import json
import os
import statistics
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.letter_figures import median
from jiyue.foundation.audit import broken_links
from jiyue.foundation.models import AuditEvent
from jiyue.interaction.accounts import counted_anew, sums_of
from jiyue.interaction.models import Case
from jiyue.interaction.queries import alike
from jiyue.rules.library import shipped
from jiyue.rules.reckoning import reckon
from tests.letters import answered, letter, office
from tests.unit.domain.calendars import FOLDER, SHIPPED

TODAY = date(2026, 11, 22)
PACKS = ("national", "hubei", "ningxia", "hebi", "chaoyang", "xiangxi")
# 鹤壁第二十九条, as a person reads it. 湘西第十七条 says what the nation does; where a text says 及时 or the like, the nation's
# days hold, which rest on two reports of 2015 and 2017 alone.
LIMITS = dict.fromkeys(PACKS, (7, 15)) | {"hebi": (5, 10)}
SOME = ("2019-01-01", "2019-02-15")
REPEATED = 34  # of all letters; each pair was read, and each asks for the same


@cache
def real() -> list[dict]:
    folder = Path(os.environ.get("JIYUE_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
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


@pytest.mark.req("INT-04", "CAL-01")
@pytest.mark.parametrize("pack", PACKS)
def test_the_clock_of_each_letter_under_each_pack(pack):
    answer = shipped().ruleset(pack).answer("message.reply", TODAY)
    usual, longest = LIMITS[pack]
    late = 0
    for row in real():
        start = moment(row["asked_at"])
        found = reckon(answer, start=start, calendar=SHIPPED)
        assert found.due.at.astimezone(SHANGHAI).date() == last_day(start.date(), usual), row["id"]
        assert found.latest.at.astimezone(SHANGHAI).date() == last_day(start.date(), longest), row["id"]
        late += moment(row["replied_at"]) > found.latest.at
    assert late == sum(
        moment(row["replied_at"]).date() > last_day(moment(row["asked_at"]).date(), longest) for row in real()
    )
    assert 0 < late < len(real())


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.req("INT-03", "INT-04", "INT-05")
def test_real_letters_go_all_the_way_and_repeated_ones_are_hinted(cast, monkeypatch):
    rows = wanted()
    founded = moment(rows[0]["asked_at"]) - timedelta(days=1)
    desk = office(cast.city, now=founded)
    told: set[tuple[str, str]] = set()
    cases: dict[str, Case] = {}
    for row in rows:
        case = letter(
            cast.city, now=moment(row["asked_at"]), title=row["title"], text=row["content"],
            phone=f"000-{int(row['user'].strip('AU')):08d}",
        )  # fmt: skip
        cases[row["id"]] = case
        told |= {
            (case.number, other.case.number)
            for other in alike(case, desk.clerk)
            if not other.same_sender or other.share >= 0.5
        }
    ids = {case.number: key for key, case in cases.items()}
    assert {(ids[one], ids[other]) for one, other in told} == repeated(rows)
    assert len(told) == REPEATED or len(rows) < len(real())
    for row in sorted(rows, key=lambda row: row["replied_at"]):
        answered(cases[row["id"]], desk, now=moment(row["replied_at"]), text=row["reply"])
    stored = Case.objects.in_bulk(field_name="number")
    assert all(
        case.state == "answered" and case.met_at == moment(row["replied_at"])
        for row, case in ((row, stored[cases[row["id"]].number]) for row in rows)
    )
    assert_figures(cast.city, rows)
    assert broken_links(AuditEvent.objects.order_by("sequence")) == []


def assert_figures(city, rows: list[dict]) -> None:
    """What the program counted, against a count by lines of our own."""
    sums = sums_of(city.site.pk)
    assert sums == counted_anew(city.site.pk)
    assert sorted(sums) == sorted({row["asked_at"][:4] for row in rows})
    for year, kinds in sums.items():
        asked = [(moment(row["asked_at"]), moment(row["replied_at"])) for row in rows if row["asked_at"][:4] == year]
        days = [worked_between(start.date(), end.date()) for start, end in asked]
        [found] = kinds.values()
        assert (found["received"], found["answered"]) == (len(asked), len(asked))
        assert median({int(n): count for n, count in found["days"].items()}) == statistics.median(days)
        assert found["in_time"] == sum(end.date() <= last_day(start.date(), 7) for start, end in asked)


def worked_between(start: date, end: date) -> int:
    """Working days after the one day up to the other."""
    off, worked = free_days()
    days = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    return sum(day.isoformat() in worked or (day.weekday() < 5 and day.isoformat() not in off) for day in days)


def repeated(rows: list[dict]) -> set[tuple[str, str]]:
    """Pairs within 60 days whose texts share half of their pairs of characters, by lines of our own."""

    def pairs(row):
        plain = "".join(filter(str.isalnum, row["title"] + row["content"]))
        return {plain[n] + plain[n + 1] for n in range(len(plain) - 1)}

    found = set()
    for n, row in enumerate(rows):
        for other in rows[:n]:
            if moment(row["asked_at"]) - moment(other["asked_at"]) <= timedelta(days=60):
                mine, theirs = pairs(row), pairs(other)
                if len(mine & theirs) * 2 >= len(mine | theirs):
                    found.add((row["id"], other["id"]))
    return found
