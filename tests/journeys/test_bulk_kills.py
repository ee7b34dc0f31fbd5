"""Kill -9 of the console in the middle of an act on many letters: each once, none by halves, and the rest is told."""

import os

import pytest

from tests.journeys.bulk_kills import LETTERS
from tests.journeys.test_kills import load

ROUNDS = 10 if os.environ.get("CI") else 3


@pytest.mark.slow
@pytest.mark.req("INT-02")
def test_what_a_clerk_confirmed_for_many_letters_is_done_once_for_each(tmp_path, found):
    seen = load(found(tmp_path / "home"), "tests.journeys.bulk_kills", ROUNDS)
    every = seen.pop("rounds") * LETTERS
    assert seen.pop("cut") == ROUNDS and seen.pop("stopped in the middle") > 0
    counted = {name: seen.pop(name) for name in ("asked", "done", "steps", "letters")}
    assert counted == dict.fromkeys(counted, every)
    assert {name: value for name, value in seen.items() if value} == {}, seen
