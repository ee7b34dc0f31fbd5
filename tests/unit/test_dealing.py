"""How the tests are dealt: none is lost, none runs twice, the long ones come first, a file's slow ones stay together."""

from dataclasses import dataclass, field
from random import Random

import pytest

from tests.dealing import LONGEST, dealt, file_of, is_slow


@dataclass(frozen=True, eq=False)
class Item:
    nodeid: str
    marks: frozenset = field(default=frozenset())

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


SLOW = frozenset({"slow"})
LONG = [Item(f"tests/{name}::test_{n}", SLOW) for name in LONGEST for n in range(3)]
PLAIN = [Item(f"tests/apps/a/test_{n % 9}.py::test_{n}") for n in range(200)]
LIGHT = [Item(f"tests/unit/test_{n % 7}.py::test_{n}") for n in range(90)]


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
@pytest.mark.parametrize("items", [[], LONG, LIGHT, LONG + PLAIN, PLAIN + LIGHT, LONG + PLAIN + LIGHT])
def test_none_is_lost_and_none_runs_twice(items, workers):
    given = Random(7).sample(items, len(items))  # noqa: S311 - any order will do
    found = dealt(given, workers=workers)
    assert len(found) == len(items)
    assert set(found) == set(items)


def test_each_of_two_begins_with_its_share_and_the_second_needs_no_database_at_first():
    items = Random(7).sample(LONG + PLAIN + LIGHT, len(LONG + PLAIN + LIGHT))  # noqa: S311 - any order will do
    found = dealt(items, workers=2)
    first, second = found[: len(found) // 2], found[len(found) // 2 :]
    assert file_of(first[0]) == f"tests/{LONGEST[0]}"
    assert [is_slow(item) for item in first].index(False) == sum(map(is_slow, first))
    assert set(second[: len(LIGHT)]) == set(LIGHT)
    assert file_of(second[len(LIGHT)]) == f"tests/{LONGEST[1]}"
    assert {file_of(item) for item in first if is_slow(item)}.isdisjoint(map(file_of, filter(is_slow, second)))
