"""Which worker begins with what.

`--dist worksteal` deals equal numbers of tests in their order, and lets a worker that has nothing left take the end of
another's. So each part begins with what takes long: a minute's test that comes last leaves everybody else idle.
"""

from collections.abc import Iterable

import pytest

# The longest first, as `--durations` tells them; whatever else is slow comes after these in its shuffled order.
LONGEST = (
    "journeys/test_kills.py",
    "contracts/test_isolation_forms.py",
    "contracts/test_nothing_else_publishes.py",
    "contracts/test_isolation.py",
    "browser/test_portal_pages.py",
    "browser/test_console_journey.py",
    "journeys/test_import.py",
    "browser/test_whole_story.py",
    "contracts/test_isolation_editors.py",
    "contracts/test_no_english.py",
    "journeys/test_batch_kills.py",
    "journeys/test_duty_kills.py",
)
SLOW = ("tests/browser/", "tests/journeys/")
NO_DATABASE = "tests/unit/"


def dealt(items: list[pytest.Item], *, workers: int) -> list[pytest.Item]:
    """The items in parts, as long as `worksteal` makes them.

    A file's slow tests stay together: many share something costly. The first worker makes the database; the others begin
    with tests that need none, instead of waiting for it.
    """
    slow = [item for item in items if is_slow(item)]
    light = [item for item in items if file_of(item).startswith(NO_DATABASE) and not is_slow(item)]
    taken = set(map(id, (*slow, *light)))
    rest = [item for item in items if id(item) not in taken]
    parts: list[list[pytest.Item]] = [[] for _worker in range(workers)]
    for number, file in enumerate(by_length(map(file_of, slow))):
        parts[number % workers] += [item for item in slow if file_of(item) == file]
    ordered: list[pytest.Item] = []
    for number, part in enumerate(parts):
        size = (len(items) - len(ordered)) // (workers - number)
        room = max(0, size - len(part))
        first, light = (light[:room], light[room:]) if number else ([], light)
        fill = room - len(first)
        ordered += [*first, *part, *rest[:fill]]
        rest = rest[fill:]
    return [*ordered, *rest, *light]


def by_length(files: Iterable[str]) -> list[str]:
    """Each once, the longest first."""
    place = {f"tests/{name}": number for number, name in enumerate(LONGEST)}
    return sorted(dict.fromkeys(files), key=lambda file: place.get(file, len(LONGEST)))


def is_slow(item: pytest.Item) -> bool:
    return item.get_closest_marker("slow") is not None or file_of(item).startswith(SLOW)


def file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
