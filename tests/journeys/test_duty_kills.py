"""Eight sweeps at once, then kill -9 in the middle of twenty: no duty is doubled, none is lost, nobody is told twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KILLS = 20


@pytest.mark.slow
@pytest.mark.req("CAL-03")
def test_sweeps_at_once_and_killed_ones_leave_what_the_facts_say(tmp_path, found):
    environment = {
        **os.environ,
        **found(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.base",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    run = subprocess.run(
        [sys.executable, "-m", "tests.journeys.duty_load", str(KILLS)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-4000:]
    seen = json.loads(run.stdout)
    assert seen["together"] == {"failed": [], "rows": 600, "wrong": {}}
    assert seen["killed"]["rows"] >= 600
    assert seen["killed"]["wrong"] == {}
