"""Kill -9 while a large batch is frozen and while its order is carried out: one decision, each document once, none left out."""

import json
import os

import pytest

from tests.apps.content.test_importing import article, lines_of
from tests.journeys.test_import import city_home, importing, own_home, run  # noqa: F401 - its fixtures

DOCUMENTS = 300
KILLS = int(os.environ.get("JIYUE_KILLS", "20" if os.environ.get("CI") else "4"))


@pytest.mark.slow
@pytest.mark.req("REV-11")
def test_a_batch_that_is_killed_again_and_again_is_signed_once_and_whole(own_home, tmp_path):  # noqa: F811
    file = tmp_path / "历史.jsonl"
    file.write_bytes(lines_of([article(n) for n in range(DOCUMENTS)]))
    assert run(own_home, *importing(file)).returncode == 0
    load = run(own_home, "-m", "tests.journeys.batch_load", str(KILLS))
    assert load.returncode == 0, load.stderr[-4000:]
    seen = json.loads(load.stdout)
    reviews, rows, *_ = seen["half submitted"]
    assert reviews <= 1 and rows == 0
    assert seen["submitted"] == [1, 0, 0, "first"]
    signed = seen["signed"]
    assert signed == sorted(signed) and all(count % 5 == 0 for count in signed)
    assert seen["end"] == [1, DOCUMENTS, DOCUMENTS, "signed_off"]
    assert seen["orders"] == [1]
    assert seen["kills"] >= KILLS // 2
