"""A unit's own words in a text, by one automaton for each list."""

from collections.abc import Iterator
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from jiyue.checks.settings import Word


def own_words(text: str, words: tuple[Word, ...]) -> Iterator[tuple[Word, int, int]]:
    """Each word where it stands; of words that overlap the longest."""
    if words:
        for which, start, end in _automaton(tuple(word.text for word in words)).find_matches_as_indexes(text):
            yield words[which], start, end


@lru_cache(maxsize=64)
def _automaton(texts: tuple[str, ...]) -> AhoCorasick:
    return AhoCorasick(texts, matchkind=MatchKind.LeftmostLongest)
