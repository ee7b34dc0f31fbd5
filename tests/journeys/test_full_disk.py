"""A home whose disk is full, database and all: the old page stays, the operator reads why, and it mends itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOM = "96m"


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "none", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
@pytest.mark.req("PAGE-12")
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_told_and_changes_nothing_public(small_disk, found):
    seen = story(found(small_disk), "tests.journeys.full_disk")
    assert seen.pop("reserve before") >= seen.pop("size")
    told = [["disk", "www.chenghu.localhost"]]
    assert (seen.pop("incident"), seen.pop("counted")) == (told, told)
    assert {name: value for name, value in seen.items() if value is not True} == {}


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_who_saves_on_a_full_disk_reads_why_and_loses_nothing_typed(small_disk, found):
    seen = story(found(small_disk), "tests.journeys.full_disk_console")
    assert {name: value for name, value in seen.items() if value is not True} == {}


def story(home: dict[str, str], module: str) -> dict:
    """What the module saw, in a process of its own with this home."""
    environment = {
        **os.environ,
        **home,
        "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.base",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    run = subprocess.run([sys.executable, "-m", module], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-4000:]
    return json.loads(run.stdout)
