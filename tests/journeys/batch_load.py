"""A large batch whose freezing and whose order are killed at random moments; run by `test_batch_kills` in a process of its own.

The parent never opens the database while children live; each child is somebody at the console, or the worker's timer.
"""

import gc
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from importlib import import_module
from pathlib import Path

import django

from tests.journeys.kill_load import child

SEED = 20261122
STATE = """
select (select count(*) from review_review), (select count(*) from review_signoff where batch_id is not null),
       (select count(distinct identity) from review_signoff where batch_id is not null),
       (select group_concat(distinct state) from content_record)
"""
ORDERS = "select (select count(*) from review_batchorder)"


def main(kills: int) -> dict:
    django.setup()
    # Loaded once, before any fork, so that the children spend their short lives on work.
    for name in ("config.schedule", "review.actions", "review.batches", "review.ledger"):
        import_module(f"jiyue.{name}")
    gc.collect()
    gc.freeze()  # as `jiyue up` does: a child that looks through all of it for garbage copies every page of it
    chance, seen = random.Random(SEED), {}  # noqa: S311 - moments, not secrets
    met = sum(killed(submit, chance, 1.5) for _ in range(kills))
    seen["half submitted"] = rows(STATE)
    whole(submit)
    seen["submitted"] = rows(STATE)
    whole(sign)
    signed = [rows(STATE)[1]]
    for _ in range(kills):
        met += killed(carry_on, chance, 0.4)
        signed.append(rows(STATE)[1])
    whole(carry_on)
    seen |= {"signed": signed, "end": rows(STATE), "orders": rows(ORDERS), "kills": met}
    whole(ledger_is_whole)
    return seen


def killed(run: Callable[[], object], chance: random.Random, most: float) -> bool:
    """Begin it and kill it at a random moment; false when it was faster."""
    process = child(run)
    time.sleep(chance.uniform(0, most))
    os.kill(process, signal.SIGKILL)
    _pid, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status) or status == 0, f"it failed by itself: {status}"
    return os.WIFSIGNALED(status)


def whole(run: Callable[[], object]) -> None:
    _pid, status = os.waitpid(child(run), 0)
    assert status == 0, f"{run.__name__} failed: {status}"


def rows(statement: str) -> list:
    """One row, through a connection that is closed again before the next fork."""
    with closing(sqlite3.connect(Path(os.environ["JIYUE_HOME"]) / "db.sqlite3")) as database:
        return list(database.execute(statement).fetchone())


def submit() -> None:
    from django.utils import timezone

    from jiyue.review.batches import open_review_of, records_of, submit_batch
    from jiyue.review.models import Batch

    batch = in_small_pieces(Batch.objects.get())
    if open_review_of(batch) is None:
        submit_batch(batch=batch, records=records_of(batch), by=person("ch_editor"), now=timezone.now())


def sign() -> None:
    from django.utils import timezone

    from jiyue.review import actions
    from jiyue.review.checklist import ALL_GATES
    from jiyue.review.models import Review

    review = in_small_pieces(Review.objects.get())
    read = {"reason": "不涉及国家秘密", "looked_at": json.loads(review.version.content)["sample"]}
    for name in ("ch_first", "ch_secrecy", "ch_final"):
        review = actions.approve(review=review, by=person(name), now=timezone.now(), gates=ALL_GATES, **read)


def carry_on() -> None:
    from django.utils import timezone

    from jiyue.review.batches import carry_on_batches
    from jiyue.review.models import Review

    in_small_pieces(None)
    while Review.objects.get().status == "signing":
        carry_on_batches(now=timezone.now(), seconds=0.05)


def ledger_is_whole() -> None:
    from jiyue.review import ledger

    assert ledger.broken_rows() == []


def in_small_pieces(thing):
    """So many transactions that a kill meets the middle of the work."""
    from jiyue.review import batches, ledger

    batches.PIECE = ledger.PIECE = 5
    return thing


def person(name: str):
    from jiyue.identity.models import User

    return User.objects.get(username=name)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))))
