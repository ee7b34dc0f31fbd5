"""A JIYUE_HOME for one measurement, removed when it is over, and the few words with which figures are printed."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def own_home() -> Iterator[Path]:
    """Django set up on an empty, migrated home in a temporary folder. Once in a process, before any model is imported."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    with tempfile.TemporaryDirectory(prefix="jiyue-bench-") as folder:
        os.environ["JIYUE_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "jiyue.config.settings.base"
        _set_up()
        yield Path(folder)
        _close()


def _set_up() -> None:
    import django
    from django.core.management import call_command

    from jiyue.foundation.home import Home

    Home.from_environment().prepare()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _close() -> None:
    from django.db import connections

    connections.close_all()


def figure(name: str, value: str, goal: str = "", *, met: bool | None = None) -> None:
    """One line of a report; `met` says whether the goal was reached."""
    verdict = "" if met is None else ("  met" if met else "  MISSED")
    print(f"  {name:<58} {value:>22}{f'   goal {goal}' if goal else ''}{verdict}", flush=True)
