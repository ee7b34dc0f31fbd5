"""The last order of the best results: what an engine cannot see cheaply, done alike for every engine."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jiyue.search.entries import Found, bare
from jiyue.search.folding import fold

CANDIDATES = 30  # results that are put in order anew
YEAR = 365.25 * 86400
BEGINNING = 500  # characters that are folded to look for a phrase
TITLE_PHRASE, TITLE_SHARE, TEXT_PHRASE, FRESH, FADES, OVER = 10.0, 16.0, 4.0, 3.0, 4.0, 6.0
PAST = frozenset({"repealed", "expired"})


@dataclass(frozen=True, slots=True)
class Sought:
    """A question as its results are judged by it."""

    whole: str  # without signs
    chunks: tuple[str, ...]

    @classmethod
    def of(cls, query: str) -> "Sought":
        return cls(bare(query), tuple(fold(chunk) for chunk in query.split()))


def reranked(found: Sequence[Found], query: str, *, now: float) -> list[Found]:
    """The same results, the best first; `now` in seconds since 1970."""
    sought = Sought.of(query)
    judged = [replace(one, score=one.score + bonus(one, sought, now=now)) for one in found]
    return sorted(judged, key=lambda one: (-one.score, -one.card["published"], one.card["key"]))


def bonus(found: Found, sought: Sought, *, now: float) -> float:
    """How much better (or worse) a result is than its words say."""
    title = bare(found.card["title"])
    inside = bool(sought.whole) and sought.whole in title
    points = (TITLE_PHRASE + TITLE_SHARE * len(sought.whole) / len(title)) if inside else 0.0
    if not inside and sought.chunks:
        points += TEXT_PHRASE * sum(_holds(found.text, chunk) for chunk in sought.chunks) / len(sought.chunks)
    age = max(0.0, (now - found.card["published"]) / YEAR)
    points += FRESH * math.exp(-age / FADES)
    return points - (OVER if found.card["validity"] in PAST else 0.0)


def _holds(text: str, chunk: str) -> bool:
    # Almost every text is written as it is compared; to fold all of it would cost more than the search.
    return chunk in text or chunk in fold(text[:BEGINNING])
