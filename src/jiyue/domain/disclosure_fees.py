"""信息处理费: what a number of items or pages costs by a table of the rule pack. Pure; yuan without fractions.

Both tables rise on the excess alone: the thirty-first page costs its own price, the first thirty theirs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """By which table a request is charged; never by both."""

    BY_ITEM = "by_item"
    BY_QUANTITY = "by_quantity"


class FeeClock(StrEnum):
    """What the answer period does while a fee is waited for; RUNS where no rule in force says anything."""

    RUNS = "runs"
    STOPS = "stops"
    RESTARTS = "restarts"


@dataclass(frozen=True)
class FeeStep:
    """One line of the fee table: from, to (None: and above), and what each costs in yuan, or the step by which it grows."""

    first: int
    last: int | None
    fee: int | None
    per: int | None = None
    more: int | None = None


@dataclass(frozen=True)
class FeeLine:
    """So many of a request in one line of the table, and what each of them costs."""

    first: int
    last: int
    each: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def sum(self) -> int:
        return self.count * self.each


def charged(steps: Sequence[FeeStep], count: int, *, before: int = 0) -> list[FeeLine]:
    """What `count` more cost after `before`, line by line, the free ones too. Raises ValueError for a count below one."""
    if count < 1 or before < 0:
        raise ValueError((count, before))
    first, last = before + 1, before + count
    lines = (FeeLine(max(low, first), min(high, last), each) for low, high, each in _bands(steps, last))
    return [line for line in lines if line.first <= line.last]


def total(lines: Sequence[FeeLine]) -> int:
    """Yuan."""
    return sum(line.sum for line in lines)


def _bands(steps: Sequence[FeeStep], until: int) -> Iterator[tuple[int, int, int]]:
    each = 0
    for step in steps:
        if step.fee is not None:
            each = step.fee
            yield step.first, min(step.last or until, until), each
            continue
        low, per = step.first, max(1, step.per or 1)
        while low <= until:  # ten more items, a hundred yuan more for each of them
            each += step.more or 0
            yield low, low + per - 1, each
            low += per
