"""Kill -9 of worker and console at random moments of a publishing load: nothing signed is lost, nothing is half done."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A full run takes minutes: 200 where everything is proven, fewer while somebody works.
KILLS = int(os.environ.get("JIYUE_KILLS", "200" if os.environ.get("CI") else "25"))


@pytest.mark.slow
@pytest.mark.req("PAGE-12", "REV-11")
def test_after_kills_at_random_moments_everything_signed_is_public_and_whole(tmp_path):
    environment = {
        **os.environ,
        "JIYUE_HOME": str(tmp_path / "home"),
        "JIYUE_DATABASE": "sqlite",
        "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.base",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    run = subprocess.run(
        [sys.executable, "-m", "tests.journeys.kill_load", str(KILLS)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-4000:]
    found = json.loads(run.stdout)
    assert found["kills"] >= KILLS
    assert found["promised"] > 0
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
    assert {name: found[name] for name in wrong if found[name]} == {}
