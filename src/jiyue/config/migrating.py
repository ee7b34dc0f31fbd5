"""The database brought to this program's models. Nothing but time is saved here: the steps are Django's own.

At every step Django draws the models anew, tens of thousands of classes for a new database.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.apps import apps
from django.core.management import call_command


def migrate() -> None:
    """All steps that are not done yet."""
    with _seldom_collecting(), _knowing_what_is_swappable():
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Looking through all these classes again and again for garbage was a fifth of the time."""
    kept = gc.get_threshold()
    gc.set_threshold(100_000, 5, 5)
    try:
        yield
    finally:
        gc.set_threshold(*kept)


@contextmanager
def _knowing_what_is_swappable() -> Iterator[None]:
    """Django keeps for every relation by which setting its model is named, and forgets it with every model that a step
    draws, although that of the program itself does not change.
    """
    vars(apps)["get_swappable_settings_name"] = cache(apps.get_swappable_settings_name)
    try:
        yield
    finally:
        del vars(apps)["get_swappable_settings_name"]
