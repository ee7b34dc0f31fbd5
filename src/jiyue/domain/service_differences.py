"""Where two sources of service items disagree: element by element, materials by name, steps by their order (SERV-05)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from jiyue.domain.canonical import digest_of
from jiyue.domain.service_items import RULES, Material, Question, Rows, ServiceEntry, Step, plain

Row = Material | Step | Question
_SPACES = re.compile(r"\s+")


class Kind(StrEnum):
    """What sort of difference it is."""

    CHANGED = "changed"  # both say something, and it is not the same
    ONLY_THERE = "only_there"  # a material, step or question, or a whole item, that we do not have
    ONLY_HERE = "only_here"  # one that they do not have


@dataclass(frozen=True)
class Difference:
    """One element in which an item differs.

    `field` is an element of the entry, or empty for the whole item; `row` the material's name, the step's place or the
    question; `part` the part of that row. `ours` and `theirs` are plain values, None where there is nothing; of an item
    that only they have, `theirs` is all they say of it.
    """

    code: str
    kind: Kind
    field: str = ""
    row: str = ""
    part: str = ""
    ours: Any = None
    theirs: Any = None

    @property
    def digest(self) -> str:
        """Names this difference with exactly these two values; when either side moves it is another one."""
        return digest_of([self.code, str(self.kind), self.field, self.row, self.part, self.ours, self.theirs])


def differences(ours: ServiceEntry, theirs: ServiceEntry) -> tuple[Difference, ...]:
    """In what `theirs` states, where do we differ? Line ends, spaces and the order of materials make no difference."""
    return tuple(
        each for name, rule in RULES.items() if name != "code" and name in theirs.stated
        for each in _of_element(name, rule, ours, theirs)
    )  # fmt: skip


def compare(ours: Iterable[ServiceEntry], theirs: Iterable[ServiceEntry]) -> tuple[Difference, ...]:
    """All differences of two lists of items, matched by code; an item of one side alone is one difference."""
    here, there = _by_code(ours), _by_code(theirs)
    found: list[Difference] = []
    for code in sorted(here.keys() | there.keys()):
        if code not in there:
            found.append(Difference(code, Kind.ONLY_HERE, ours=here[code].title or here[code].name))
        elif code not in here:
            found.append(Difference(code, Kind.ONLY_THERE, theirs=plain(there[code])))
        else:
            found += differences(here[code], there[code])
    return tuple(found)


def _by_code(entries: Iterable[ServiceEntry]) -> Mapping[str, ServiceEntry]:
    return {entry.code: entry for entry in entries}


def _of_element(name: str, rule: Any, ours: ServiceEntry, theirs: ServiceEntry) -> Iterator[Difference]:
    mine, other = getattr(ours, name), getattr(theirs, name)
    if isinstance(rule, Rows):
        yield from _of_rows(name, ours.code, named_rows(name, mine), named_rows(name, other))
    elif not same(mine, other):
        yield Difference(ours.code, Kind.CHANGED, name, ours=_value(mine), theirs=_value(other))


def named_rows(field: str, rows: tuple[Row, ...]) -> dict[str, Row]:
    """Rows of an element by what pairs them: steps by their place, everything else by its name."""
    rule = RULES[field]
    if field == "process" or not isinstance(rule, Rows):
        return {str(place): row for place, row in enumerate(rows, start=1)}
    named: dict[str, Row] = {}
    for row in rows:
        key = _calm(getattr(row, rule.key))
        again = sum(other == key or other.startswith(f"{key}#") for other in named)
        named[f"{key}#{again + 1}" if again else key] = row
    return named


def _of_rows(field: str, code: str, ours: Mapping[str, Row], theirs: Mapping[str, Row]) -> Iterator[Difference]:
    for key in [*ours, *(key for key in theirs if key not in ours)]:
        if key not in theirs:
            yield Difference(code, Kind.ONLY_HERE, field, key, ours=plain_row(ours[key]))
        elif key not in ours:
            yield Difference(code, Kind.ONLY_THERE, field, key, theirs=plain_row(theirs[key]))
        else:
            yield from _of_parts(field, code, key, ours[key], theirs[key])


def _of_parts(field: str, code: str, key: str, ours: Row, theirs: Row) -> Iterator[Difference]:
    for part in fields(ours):
        mine, other = getattr(ours, part.name), getattr(theirs, part.name)
        if not same(mine, other):
            yield Difference(code, Kind.CHANGED, field, key, part.name, mine, other)


def same(ours: Any, theirs: Any) -> bool:
    """Do two values say the same? Spaces, line ends and the width of letters are no difference."""
    if isinstance(ours, str) and isinstance(theirs, str):
        return _calm(ours) == _calm(theirs)
    return bool(ours == theirs)


def _calm(text: str) -> str:
    return _SPACES.sub("", text).translate(_HALF)


# Full-width forms of ASCII: systems disagree about them, and no reader does.
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def plain_row(row: Row) -> dict[str, Any]:
    """A material, step or question as plain values."""
    return {part.name: getattr(row, part.name) for part in fields(row)}


def _value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
