"""Kill -9 of two processes that make the same duties: each is there once, told once, and due when it should be."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("JIYUE_KILLS", "60" if os.environ.get("CI") else "10"))


@pytest.mark.slow
@pytest.mark.req("CAL-03")
def test_two_processes_killed_at_random_moments_leave_every_duty_once_and_told_once(tmp_path):
    environment = {
        **os.environ,
        "JIYUE_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.base",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    run = subprocess.run(
        [sys.executable, "-m", "tests.journeys.duty_load", str(KILLS)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-4000:]
    found = json.loads(run.stdout)
    assert found.pop("kills") >= KILLS
    assert found.pop("before")["duties"] > 0
    assert found == {
        "duties": 500, "open": 333, "other_dates": 0, "told_twice": 0, "not_told": 0, "told_in_vain": 0, "broken": [],
        "changed_again": False,
    }  # fmt: skip
