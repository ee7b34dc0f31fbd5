"""Kill -9 of real processes at random moments of a load: nothing signed, accepted or shown is lost, nothing is half done."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A full run takes minutes: 200 where everything is proven, fewer while somebody works.
KILLS = int(os.environ.get("JIYUE_KILLS", "200" if os.environ.get("CI") else "25"))
CONSOLE_KILLS = 20
TALK_KILLS = 14


@pytest.mark.slow
@pytest.mark.req("PAGE-12", "REV-11")
def test_after_kills_at_random_moments_everything_signed_is_public_and_whole(tmp_path, found):
    seen = load(found(tmp_path / "home"), "tests.journeys.kill_load", KILLS)
    assert seen["kills"] >= KILLS
    assert seen["promised"] >= KILLS // 4  # every other pair was killed after it had signed
    wrong = (
        "missing",
        "unpublished",
        "lost_pages",
        "half_signed",
        "ledger",
        "trail",
        "verify",
        "reconcile",
        "incidents",
    )
    assert {name: seen[name] for name in wrong if seen[name]} == {}


@pytest.mark.slow
@pytest.mark.req("REV-11")
def test_what_the_killed_console_accepted_is_there_and_whole(tmp_path, found):
    seen = load(found(tmp_path / "home"), "tests.journeys.console_kills", CONSOLE_KILLS)
    assert seen.pop("kills") >= CONSOLE_KILLS
    assert seen.pop("accepted") > CONSOLE_KILLS / 2
    assert seen.pop("signed") > 0
    assert {name: value for name, value in seen.items() if value} == {}


@pytest.mark.slow
@pytest.mark.req("INT-16")
def test_no_word_of_a_live_enquiry_is_lost_or_said_twice(tmp_path, found):
    seen = load(found(tmp_path / "home"), "tests.journeys.talk_kills", TALK_KILLS)
    assert seen.pop("kills") >= TALK_KILLS
    assert seen.pop("said") >= 2 * TALK_KILLS
    assert seen.pop("answered") > 0
    assert {name: value for name, value in seen.items() if value} == {}


def load(home: dict[str, str], module: str, kills: int) -> dict:
    """What a load of this home found after so many kills, in a process of its own."""
    environment = {
        **os.environ,
        **home,
        "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.base",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    run = subprocess.run(
        [sys.executable, "-m", module, str(kills)], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return json.loads(run.stdout)
