"""Comments under public pages and votes on pages: under which order, how long, and why one is not shown. Pure.

No list here judges an opinion: the grounds are what the law and the place itself make one.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from jiyue.domain.campaigns import COMING, OPEN, OVER

COMMENT, VOTE = "comment", "vote"  # the codes under which they lie in the letter box
SHORTEST, LONGEST = 2, 1000  # characters of a comment
LONGEST_REPLY: Final = 2000
LONGEST_REASON: Final = 200  # of a moderator's reason, and of a vote's
PER_PAGE: Final = 20
MASK: Final = "×××"
# Records with a page of their own that can be read and judged; what takes answers in another way is not among them.
KINDS: Final = frozenset({
    "article", "notice", "policy_document", "interpretation", "service_guide", "public_answer", "gallery",
    "campaign_result", "transcript",
})  # fmt: skip


class State(StrEnum):
    """How a comment stands."""

    WAITING = "waiting"
    SHOWN = "shown"
    REFUSED = "refused"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class Ground(StrEnum):
    """Why a comment is not shown. None of them is about what somebody thinks."""

    PERSON = "person"
    ADVERT = "advert"
    BESIDE = "beside"
    REPEAT = "repeat"
    LAW = "law"


def order_for(orders: Iterable[Mapping[str, Any]], *, page: str, columns: Iterable[int]) -> Mapping[str, Any] | None:
    """The order that counts for a page: its own, that of the nearest of its `columns`, that of the whole site.

    One that takes neither comments nor votes switches both off below it; then, and without any order, None.
    """
    rows = list(orders)
    found = next((row for row in rows if row["page"] and row["page"] == page), None)
    for column in columns:
        found = found or next((row for row in rows if row["column"] == column), None)
    found = found or next((row for row in rows if not row["page"] and not row["column"]), None)
    return found if found is not None and (found["takes_comments"] or found["takes_votes"]) else None


def columns_above(columns: Mapping[int, Mapping[str, Any]], column: int | None) -> list[int]:
    """A column and those above it, the nearest first, of columns as a structure tells them."""
    found: list[int] = []
    while column is not None and column in columns and column not in found:
        found.append(column)
        column = columns[column]["parent"]
    return found


def standing(order: Mapping[str, Any], at: datetime) -> str:
    """Before its beginning, open, or over; without times it is open."""
    if order["opens_at"] and at < datetime.fromisoformat(order["opens_at"]):
        return COMING
    return OVER if order["closes_at"] and at >= datetime.fromisoformat(order["closes_at"]) else OPEN


def is_covered(original: str, shown: str) -> bool:
    """Differs what is to be shown from what was written only by `MASK` in the place of some of its words?

    So nobody puts words into a writer's mouth.
    """
    if shown == original:
        return bool(shown.strip())
    parts = shown.split(MASK)
    if not "".join(parts).strip():
        return False
    if len(parts) == 1 or not original.startswith(parts[0]):
        return False
    at = len(parts[0])
    for part in parts[1:-1]:
        at = original.find(part, at + 1)
        if at < 0:
            return False
        at += len(part)
    return original.endswith(parts[-1]) and len(original) - len(parts[-1]) > at
