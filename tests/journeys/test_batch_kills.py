"""Kill -9 while a large batch is frozen and while its order is carried out: one decision, each document once, none left out."""

import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.apps.content.test_importing import article, lines_of
from tests.journeys.test_import import city_home, importing, own_home, run, script, start  # noqa: F401 - its fixtures

DOCUMENTS = 300
KILLS = int(os.environ.get("JIYUE_KILLS", "20" if os.environ.get("CI") else "4"))
BEGIN = """
import django, sys, time
django.setup()
from django.utils import timezone
from jiyue.identity.models import User
from jiyue.review import actions, ledger
from jiyue.review.batches import carry_on_batches, open_review_of, records_of
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import Batch, Review, SignOff
actions.PIECE = ledger.PIECE = 5
who = lambda name: User.objects.get(username=name)
batch = Batch.objects.get()
print("begun", flush=True)
"""
SUBMIT = (
    BEGIN
    + """
if open_review_of(batch) is None:
    actions.submit_batch(batch=batch, records=records_of(batch), by=who("ch_editor"), now=timezone.now())
"""
)
SIGN = (
    BEGIN
    + """
review = Review.objects.get()
if review.status == "open":
    for name in ("ch_first", "ch_final"):
        review = actions.approve(review=review, by=who(name), now=timezone.now(), gates=ALL_GATES)
"""
)
CARRY_ON = (
    BEGIN
    + """
while Review.objects.get().status == "signing":
    carry_on_batches(now=timezone.now(), seconds=0.05)
"""
)
BROKEN = "from jiyue.review import ledger; from jiyue.review.models import BatchOrder; \
print(len(ledger.broken_rows()), BatchOrder.objects.count())"


def killed(home: Path, text: str, chance: random.Random, most: float) -> bool:
    """Run it and kill it at a random moment; false when it was faster."""
    with start(home, "-c", text) as process:
        assert process.stdout.readline() == "begun\n"
        time.sleep(chance.uniform(0, most))
        late = process.poll() is not None
        process.send_signal(signal.SIGKILL)
    return not late


def state(home: Path) -> tuple[int, int, int, str]:
    """Reviews, ledger rows of the batch, documents in them, and the states of all records."""
    with closing(sqlite3.connect(home / "db.sqlite3")) as database:
        reviews = database.execute("select count(*) from review_review").fetchone()[0]
        rows = database.execute(
            "select count(*), count(distinct identity) from review_signoff where batch_id is not null"
        ).fetchone()
        states = database.execute("select group_concat(distinct state) from content_record").fetchone()[0]
    return reviews, *rows, states


@pytest.mark.slow
@pytest.mark.req("REV-11")
def test_a_batch_that_is_killed_again_and_again_is_signed_once_and_whole(own_home, tmp_path):  # noqa: F811
    file = tmp_path / "历史.jsonl"
    file.write_bytes(lines_of([article(n) for n in range(DOCUMENTS)]))
    assert run(own_home, *importing(file)).returncode == 0
    chance = random.Random(20261122)  # noqa: S311 - moments, not secrets
    kills = sum(killed(own_home, SUBMIT, chance, 1.5) for _ in range(KILLS))
    reviews, rows, *_ = state(own_home)
    assert reviews <= 1 and rows == 0
    assert run(own_home, "-c", SUBMIT).returncode == 0
    assert state(own_home) == (1, 0, 0, "first")
    signed = run(own_home, "-c", SIGN)
    assert signed.returncode == 0, signed.stderr
    seen = [state(own_home)[1]]
    for _ in range(KILLS):
        kills += killed(own_home, CARRY_ON, chance, 0.4)
        seen.append(state(own_home)[1])
    assert seen == sorted(seen) and all(count % 5 == 0 for count in seen)
    assert run(own_home, "-c", CARRY_ON).returncode == 0
    assert state(own_home) == (1, DOCUMENTS, DOCUMENTS, "signed_off")
    assert kills >= KILLS // 2
    assert script(own_home, BROKEN) == "0 1"
