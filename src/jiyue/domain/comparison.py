"""What changed between two texts, said in pieces a page can mark. Made for Chinese: a character is a word of its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

TOKEN = re.compile(r"[0-9A-Za-z]+(?:[.,:/-][0-9A-Za-z]+)*|\s+|.", re.S)
# Character by character is quadratic; a longer paragraph than this is shown as replaced.
LONGEST = 3000
# Two characters that happen to be equal between two changes make a text of marks nobody can read.
SHORTEST_COMMON = 3


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    change: Change
    text: str


@dataclass(frozen=True)
class ChangedLine:
    """One paragraph that is new, gone or altered: its pieces in reading order, and how many stayed before it."""

    change: str
    pieces: tuple[Piece, ...]
    skipped: int


def changed_lines(before: str, after: str) -> list[ChangedLine]:
    """The paragraphs that differ, in order; empty when the texts say the same."""
    old, new = before.split("\n"), after.split("\n")
    found, skipped = [], 0
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            skipped += b - a
            continue
        for line in _paired(old[a:b], new[c:d]):
            found.append(ChangedLine(line.change, line.pieces, skipped))
            skipped = 0
    return found


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one, each piece marked as same, added or removed."""
    if len(before) > LONGEST or len(after) > LONGEST:
        return _whole(before, after)
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(Change.SAME, "".join(old[a:b])))
            continue
        if b > a:
            found.append(Piece(Change.REMOVED, "".join(old[a:b])))
        if d > c:
            found.append(Piece(Change.ADDED, "".join(new[c:d])))
    return _calmed(found)


def _paired(old: list[str], new: list[str]) -> Iterator[ChangedLine]:
    for index in range(max(len(old), len(new))):
        before = old[index] if index < len(old) else None
        after = new[index] if index < len(new) else None
        if before is None:
            yield ChangedLine("added", (Piece(Change.ADDED, after or ""),), 0)
        elif after is None:
            yield ChangedLine("removed", (Piece(Change.REMOVED, before),), 0)
        else:
            yield ChangedLine("altered", pieces(before, after), 0)


def _calmed(found: list[Piece]) -> tuple[Piece, ...]:
    """Short equal pieces between changes join them, and neighbours of one kind become one."""
    removed, added, calm = "", "", []
    for index, piece in enumerate(found):
        inner = 0 < index < len(found) - 1
        if piece.change == Change.SAME and not (inner and len(piece.text) < SHORTEST_COMMON):
            calm += _marked(removed, added)
            removed = added = ""
            calm.append(piece)
            continue
        removed += piece.text if piece.change != Change.ADDED else ""
        added += piece.text if piece.change != Change.REMOVED else ""
    return tuple(calm + _marked(removed, added))


def _marked(removed: str, added: str) -> list[Piece]:
    gone = [Piece(Change.REMOVED, removed)] if removed else []
    return gone + ([Piece(Change.ADDED, added)] if added else [])


def _whole(before: str, after: str) -> tuple[Piece, ...]:
    return (Piece(Change.SAME, before),) if before == after else tuple(_marked(before, after))
