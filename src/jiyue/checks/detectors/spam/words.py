"""Words of the trade in a text, each with its category and weight. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from jiyue.checks.detectors.spam.folding import fold, unspaced
from jiyue.checks.shipped import flat, shipped_list

# Weight from which a word is worth a search in the whole text; lighter ones are looked for beside it.
HEAVY = 3
_FIRM = 6
_PULLED_APART = 2  # more for a word that somebody took pains to disguise
_SHORT = 300  # characters
_MOST, _NEAR, _AROUND = 400, 40, 40


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of the trade at `start` to `end` of the text; `word` is the folded form of the list."""

    start: int
    end: int
    word: str
    category: str
    weight: float


class _Words:
    """A list of words as an automaton that knows where a Latin word begins and ends."""

    def __init__(self, entries: Sequence[tuple[str, str, float]]) -> None:
        unique = {fold(word): (category, weight) for word, category, weight in entries}
        self._words = list(unique)
        self._known = [unique[word] for word in self._words]
        self._automaton = AhoCorasick(
            self._words, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        )

    def hits(self, folded: str) -> Iterator[Hit]:
        for number, start, end in self._automaton.find_matches_as_indexes(folded):
            if _stands_alone(folded, start, end):
                yield Hit(start, end, self._words[number], *self._known[number])


def _stands_alone(text: str, start: int, end: int) -> bool:
    """A word that begins or ends with a Latin letter or digit is no part of a longer one."""
    before = start and _is_latin(text[start - 1]) and _is_latin(text[start])
    return not before and not (end < len(text) and _is_latin(text[end]) and _is_latin(text[end - 1]))


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


@cache
def _heavy() -> _Words:
    return _Words([entry for entry in _entries() if entry[2] >= HEAVY])


@cache
def _light() -> _Words:
    offers = shipped_list("spam")["offers"]
    return _Words(
        [entry for entry in _entries() if entry[2] < HEAVY]
        + [(word, "", float(offers["weight"])) for word in flat(offers["words"])]
    )


@cache
def _against() -> _Words:
    return _Words([(word, "", 0.0) for word in flat(shipped_list("spam")["against"])])


def _entries() -> list[tuple[str, str, float]]:
    return [
        (word, code, float(weight))
        for code, category in shipped_list("spam")["categories"].items()
        for weight, words in category["words"].items()
        for word in flat(words)
    ]


def heavy_hits(text: str, folded: str) -> list[Hit]:
    """Words of some weight, also those whose characters were pulled apart; in the order of the text."""
    found = list(_heavy().hits(folded))
    taken = {(hit.start, hit.end) for hit in found}
    for piece, offsets in unspaced(folded):
        for hit in _heavy().hits(piece):
            start, end = offsets[hit.start], offsets[hit.end - 1] + 1
            if hit.weight >= _FIRM and end - start > hit.end - hit.start and (start, end) not in taken:
                taken.add((start, end))
                found.append(Hit(start, end, hit.word, hit.category, hit.weight + _PULLED_APART))
    return sorted(found, key=lambda hit: (hit.start, hit.end))


def light_hits(folded: str, start: int, end: int) -> list[Hit]:
    """Ordinary words of such pages, and words of an offer (category ""), between two offsets."""
    start = max(0, start)
    return [
        Hit(hit.start + start, hit.end + start, hit.word, hit.category, hit.weight)
        for hit in _light().hits(folded[start:end])
    ]


def against_spans(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where words stand that name the trade in order to fight it."""
    start = max(0, start)
    return [(hit.start + start, hit.end + start) for hit in _against().hits(folded[start:end])]


def trade_weight(text: str) -> tuple[float, tuple[str, ...]]:
    """How much of the trade a stretch of text holds where it is densest: sum of the weights, and the words.

    Words near those that fight the trade do not count, nor does, in a long text, what is a subject of officials.
    """
    folded = fold(text)
    least = HEAVY if len(text) <= _SHORT else _FIRM
    hits = [hit for hit in heavy_hits(text, folded) if hit.weight >= least]
    hits = [hit for hit in hits if not against_spans(folded, hit.start - _AROUND, hit.end + _AROUND)]
    best: dict[str, float] = {}
    for at, first in enumerate(hits[:_MOST]):
        near = {hit.word: hit.weight for hit in hits[at : at + _NEAR] if hit.start - first.start <= _SHORT}
        if sum(near.values()) > sum(best.values()):
            best = near
    return sum(best.values()), tuple(best)


def has_light_words(text: str) -> bool:
    """Whether a short text has ordinary words that such pages are full of; something only beside other signs."""
    return len(text) <= _SHORT and any(hit.category for hit in light_hits(fold(text), 0, _SHORT))
