"""Figures about live enquiries: sums that can be added up, without any person. Pure.

A sum is a plain mapping, so that it can be sealed and stored as it is: `held` (begun), `taken` by somebody, `answered`,
`in_time` (first answer within the time that the desk had set), `letters` made of it, `ratings` (score → how many).
"""

from collections.abc import Iterable, Mapping
from typing import Any

Sum = dict[str, Any]
HELD, TAKEN, ANSWERED, IN_TIME, LETTERS = "held", "taken", "answered", "in_time", "letters"
COUNTS = (HELD, TAKEN, ANSWERED, IN_TIME, LETTERS)


def empty() -> Sum:
    return {**dict.fromkeys(COUNTS, 0), "ratings": {}}


def counted(one: Mapping[str, Any], *what: str, rating: int | None = None) -> Sum:
    """The sum with one more of each of these, and a rating of 1 to 5 if one is given."""
    found = {**one, "ratings": dict(one["ratings"])}
    for name in what:
        found[name] += 1
    if rating is not None:
        found["ratings"][str(rating)] = found["ratings"].get(str(rating), 0) + 1
    return found


def total(sums: Iterable[Mapping[str, Any]]) -> Sum:
    found = empty()
    for one in sums:
        for name in COUNTS:
            found[name] += one[name]
        for score, count in one["ratings"].items():
            found["ratings"][score] = found["ratings"].get(score, 0) + count
    return found


def share_in_time(of: Mapping[str, Any]) -> int | None:
    """Per cent of the conversations that were taken whose first answer came in time, rounded down; None where none was."""
    return 100 * int(of[IN_TIME]) // int(of[TAKEN]) if of[TAKEN] else None
