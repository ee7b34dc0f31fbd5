"""The annual disclosure report as a whole: its six parts, and table two, which people enter with where a number is from. Pure.

Rows and columns of table two are those of the official form (field notes, section 13).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Prose(StrEnum):
    """The parts that are written: one, five and six."""

    OVERVIEW = "overview"
    PROBLEMS = "problems"
    OTHERS = "others"


@dataclass(frozen=True)
class Line:
    """A row of table two: which item of article 20 it belongs to, and which columns it has."""

    name: str
    item: str
    columns: tuple[str, ...]


ISSUED, REPEALED, IN_FORCE, DECISIONS, AMOUNT = "issued", "repealed", "in_force", "decisions", "amount"
LINES: Final = (
    Line("rules", "（一）", (ISSUED, REPEALED, IN_FORCE)),
    Line("normative", "（一）", (ISSUED, REPEALED, IN_FORCE)),
    Line("licences", "（五）", (DECISIONS,)),
    Line("penalties", "（六）", (DECISIONS,)),
    Line("coercion", "（六）", (DECISIONS,)),
    Line("charges", "（八）", (AMOUNT,)),
)
CELLS: Final = tuple((line.name, column) for line in LINES for column in line.columns)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)
Figures = Mapping[str, Mapping[str, str]]


def is_number(column: str, text: str) -> bool:
    """Can it stand in this column? Sums of money are in 万元 and may have a fraction."""
    return bool((_AMOUNT if column == AMOUNT else _WHOLE).fullmatch(text))


def plain(text: str) -> str:
    """The number without what only looks like one: `007` is 7, `1.50` is 1.5. Raises decimal.InvalidOperation."""
    number = Decimal(text).normalize()
    return f"{number:f}"


def lacking(figures: Figures, sources: Mapping[str, str]) -> list[str]:
    """The rows in which a number or its source is not there yet."""
    return [
        line.name
        for line in LINES
        if not sources.get(line.name) or not all(figures.get(line.name, {}).get(column) for column in line.columns)
    ]


def added(all_of_them: Iterable[Figures]) -> dict[str, dict[str, str]]:
    """Table two of a whole: the sums of its units; what a unit did not enter counts as nothing."""
    given = list(all_of_them)
    return {
        line.name: {
            column: plain(str(sum((Decimal(one.get(line.name, {}).get(column) or 0) for one in given), Decimal())))
            for column in line.columns
        }
        for line in LINES
    }


def summed(tables: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[str, dict[str, int]]:
    """Table three or four of a whole: cell by cell the sums of its units."""
    found: dict[str, dict[str, int]] = {}
    for table in tables:
        for row, cells in table.items():
            into = found.setdefault(row, {})
            for column, figure in cells.items():
                into[column] = into.get(column, 0) + figure
    return found
