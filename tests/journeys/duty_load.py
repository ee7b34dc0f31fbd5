"""Sweeps over changing facts, eight at once and killed at random moments; run by `test_duty_kills` in a process of its own.

The parent never opens the database while children live; each child is the nightly sweep with a clock of its own.
"""

import gc
import json
import os
import random
import signal
import sys
import time
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from importlib import import_module

import django

from jiyue.domain.duties import Fact
from tests.clock import NOW
from tests.journeys.kill_load import child, in_child

SEED = 20261122
LETTERS = 600  # three batches of the engine
SHIFT = 25  # letters that come, and letters that go, from one round to the next
TOGETHER = 8


class Letters:
    """In round n the letters from n·SHIFT on are there; a third of them is answered, another third each time."""

    code = "letters"
    parameters = ("message.reply",)

    def __init__(self, unit: int, turn: int) -> None:
        self.unit, self.turn = unit, turn

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        first = self.turn * SHIFT
        for number in range(first, first + LETTERS):
            yield Fact(
                parameter="message.reply", subject=f"letter:{number}", title=f"第{number}封来信", unit=self.unit,
                started_at=NOW - timedelta(hours=number), met_at=NOW if (number + self.turn) % 3 == 0 else None,
            )  # fmt: skip


def main(kills: int) -> dict:
    django.setup()
    for name in ("config.duties", "foundation.audit"):
        import_module(f"jiyue.{name}")
    import_module("tests.cast")
    gc.collect()
    gc.freeze()  # as `jiyue up` does: a child that looks through all of it for garbage copies every page of it
    unit = in_child(found)["unit"]
    at_once = [child(lambda: sweep(unit, 0)) for _process in range(TOGETHER)]
    failed = [status for process in at_once if (status := os.waitpid(process, 0)[1])]
    together = {"failed": failed, **in_child(lambda: judge(unit, 0))}
    began = time.monotonic()
    in_child(lambda: sweep(unit, 1))
    longest, chance, turn = 1.5 * (time.monotonic() - began), random.Random(SEED), 1  # noqa: S311  the same in every run
    for turn in range(2, kills + 2):
        process = child(lambda: sweep(unit, turn))  # noqa: B023  (the child is forked within this round)
        time.sleep(chance.uniform(0.01, longest))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return {"together": together, "killed": in_child(lambda: judge(unit, turn))}


def found() -> dict:
    from tests.cast import organisation

    return {"unit": organisation("澄湖市人民政府", "11990000000000001X", "city", now=NOW).pk}


def sweep(unit: int, turn: int) -> dict:
    from jiyue.config import duties

    duties.SOURCES = (Letters(unit, turn),)
    now = NOW + timedelta(minutes=turn)
    duties.sweep(now=now)
    duties.attend(now)
    return {}


def judge(unit: int, turn: int) -> dict:
    """After one whole sweep: what differs from what the facts say, what was done or told twice."""
    from django.db.models import Count

    from jiyue.foundation.audit import broken_links
    from jiyue.foundation.models import AuditEvent
    from jiyue.obligations.engine import refresh
    from jiyue.obligations.models import Obligation

    sweep(unit, turn)
    source, now = Letters(unit, turn), NOW + timedelta(minutes=turn)
    stated = {fact.subject: fact for fact in source.facts(subjects=None, now=now)}
    rows = {row.subject: row for row in Obligation.objects.all()}
    told = AuditEvent.objects.filter(code="obligations.followed")
    counted = {name: sum(event.data[name] for event in told) for name in ("arisen", "ended")}
    reminded = AuditEvent.objects.filter(code="obligations.reminded").values("data__obligation").annotate(n=Count("pk"))
    wrong = {
        "missing": sorted(set(stated) - set(rows)),
        "doubled": Obligation.objects.count() - len(rows),
        "differing": [key for key, fact in stated.items() if key in rows and rows[key].done_at != fact.met_at],
        "left_open": [key for key, row in rows.items() if key not in stated and not (row.done_at or row.ended_at)],
        "ended_wrongly": [key for key in stated if key in rows and rows[key].ended_at],
        "told_too_often": counted["arisen"] - len(rows),
        "reminded_twice": [row["data__obligation"] for row in reminded if row["n"] > 1],
        "unreminded": Obligation.objects.pending().filter(reminded_at=None, remind_at__lte=now).count(),
        "trail": len(broken_links(AuditEvent.objects.order_by("sequence"))),
        "not_settled": bool(refresh(source, now=now)),
    }
    return {"rows": len(rows), "wrong": {name: found for name, found in wrong.items() if found}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))))
