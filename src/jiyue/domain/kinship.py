"""相关: how much two published items have to do with each other, by facts that both state. No clicks, no opinions.

A fact that many items share says little: it weighs by its rarity. Being named by the other weighs most, however often
that happens. Scores are whole hundredths, so that every machine orders alike.
"""

from collections.abc import Mapping
from math import log2

MOST_COUNTED = 200  # what more items than this share tells nothing about any of them
LEAST = 400  # hundredths: one rare word alone ties nothing; of real documents, every second page has a suggestion
SHOWN = 5
NAMED = 600
# Hundredths that a shared fact of a kind weighs when hardly any other item has it.
WEIGHTS: Mapping[str, int] = {
    "word": 300,  # of title and keywords
    "document": 500,  # both explain, change or apply the same document
    "topic": 250,
    "cites": 250,  # both name the same title or number
    "subject": 200,
    "theme": 120,
    "event": 120,
    "issuer": 60,
}


def rarity(count: int, among: int) -> float:
    """From 1 for what two of many items share to 0 for what all have. `count` items of `among` have the fact."""
    most = min(among, MOST_COUNTED)
    if most <= 2 or count >= most:  # of two items, what both have may well be what ties them: but nothing says so
        return 0.0
    return log2(most / max(count, 2)) / log2(most / 2)


def weight(kind: str, *, count: int, among: int) -> int:
    """What a shared fact adds, in hundredths."""
    return round(WEIGHTS[kind] * rarity(count, among))
