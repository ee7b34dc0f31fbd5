"""Figures about letters: sums that can be added up, and what follows from them. Pure, small, and without any person.

A sum is a plain mapping, so that it can be sealed and stored as it is: `received`, `answered`, `limited` (answered where
a rule set a limit), `in_time`, `ended` (withdrawn or merged), `days` (working days → how many), `ratings` (score → how many).
"""

from collections.abc import Iterable, Mapping
from typing import Any

Sum = dict[str, Any]
COUNTS = ("received", "answered", "limited", "in_time", "ended")
SPREADS = ("days", "ratings")


def empty() -> Sum:
    return {**dict.fromkeys(COUNTS, 0), **{name: {} for name in SPREADS}}


def of_one(*, answered: bool, ended: bool, in_time: bool | None, days: int | None, rating: int | None) -> Sum:
    """The sum of a single letter."""
    one = empty()
    one["received"] = 1
    one["ended"] = int(ended)
    if answered:
        one["answered"] = 1
        one["limited"], one["in_time"] = int(in_time is not None), int(bool(in_time))
        if days is not None:
            one["days"] = {str(days): 1}
    if rating is not None:
        one["ratings"] = {str(rating): 1}
    return one


def added(one: Mapping[str, Any], other: Mapping[str, Any], *, times: int = 1) -> Sum:
    """Both together; with `times` -1 the other taken away. Raises ValueError where less than nothing would be left."""
    found = empty()
    for name in COUNTS:
        found[name] = one[name] + times * other[name]
    for name in SPREADS:
        keys = {*one[name], *other[name]}
        spread = {key: one[name].get(key, 0) + times * other[name].get(key, 0) for key in keys}
        found[name] = {key: spread[key] for key in sorted(spread) if spread[key]}
    if any(found[name] < 0 for name in COUNTS) or any(n < 0 for name in SPREADS for n in found[name].values()):
        raise ValueError("less than nothing")
    return found


def total(sums: Iterable[Mapping[str, Any]]) -> Sum:
    found = empty()
    for one in sums:
        found = added(found, one)
    return found


def median_days(of: Mapping[str, Any]) -> float | None:
    """The middle of the working days to the answer; None without an answer."""
    return median({int(key): count for key, count in of["days"].items()})


def median(spread: Mapping[int, int]) -> float | None:
    """The middle value of a spread, of two middle ones their mean."""
    count = sum(spread.values())
    if not count:
        return None
    lower, upper = _at(spread, (count - 1) // 2), _at(spread, count // 2)
    return (lower + upper) / 2


def share_in_time(of: Mapping[str, Any]) -> int | None:
    """Per cent of the answers with a limit that came within it, rounded down; None where none had one."""
    return 100 * of["in_time"] // of["limited"] if of["limited"] else None


def satisfaction(of: Mapping[str, Any]) -> tuple[int, int] | None:
    """Per cent of ratings of 4 and 5, rounded down, and how many rated; None where nobody did."""
    rated = sum(of["ratings"].values())
    return (100 * (of["ratings"].get("4", 0) + of["ratings"].get("5", 0)) // rated, rated) if rated else None


def _at(spread: Mapping[int, int], place: int) -> int:
    for value in sorted(spread):
        place -= spread[value]
        if place < 0:
            return value
    raise IndexError(place)
