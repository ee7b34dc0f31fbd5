"""From a question to what an engine has to look up. Knows no engine: every engine reads the same plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiyue.search.entries import bare
from jiyue.search.folding import fold
from jiyue.search.numbers import asked_numbers
from jiyue.search.sounds import asked_sounds
from jiyue.search.tokens import IDLE, cut, needed, words

MOST_PARTS = 12
Grams = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that a document must hold: one of `ways`, each a set of grams that must all be there.

    The first way is what was typed; the others are synonyms and count less.
    """

    ways: tuple[Grams, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`least` is the number of parts that is enough; None demands all of them."""

    parts: tuple[Part, ...] = ()
    least: int | None = None
    words: tuple[str, ...] = ()
    title: Grams = ()
    exact: str = ""
    numbers: tuple[Grams, ...] = ()
    sounds: tuple[Grams, ...] = ()
    in_titles: bool = False  # parts are looked for in titles alone
    everything: bool = False  # nothing was typed: whatever the chosen facets leave

    @property
    def is_empty(self) -> bool:
        return not (self.parts or self.numbers or self.sounds or self.everything)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What else must hold: values by facet, sites of the scope (None: all), and the time of publication."""

    facets: Mapping[str, str]
    sites: tuple[int, ...] | None = None
    since: int | None = None


def plan(query: str, synonyms: Mapping[str, Sequence[str]]) -> Plan:
    """Everything typed must be there, side by side as typed."""
    chunks = [chunk for chunk in query.split() if needed(chunk)][:MOST_PARTS]
    parts = tuple(_part(chunk, synonyms) for chunk in chunks)
    return _plan(query, parts, synonyms)


def looser(query: str, synonyms: Mapping[str, Sequence[str]]) -> Plan:
    """The words of what was typed, idle ones left out; each must be there, wherever."""
    parts = tuple(_part(word, synonyms) for word in asked_words(query))
    return _plan(query, parts, synonyms)


def loosest(query: str, synonyms: Mapping[str, Sequence[str]]) -> Plan:
    """Half of the words or more; the long ones say more than the short."""
    parts = tuple(_part(word, synonyms, weight=float(len(word))) for word in asked_words(query))
    return _plan(query, parts, synonyms, least=max(1, -(-len(parts) // 2)))


def asked_words(query: str) -> list[str]:
    """The words of a question that an answer must hold; all of them when every one is idle."""
    found = list(dict.fromkeys(cut(query)))
    return ([word for word in found if word not in IDLE] or found)[:MOST_PARTS]


def _part(text: str, synonyms: Mapping[str, Sequence[str]], weight: float = 1.0) -> Part:
    folded = fold(text)
    others = [folded.replace(term, other) for term in synonyms if term in folded for other in synonyms[term]]
    ways = dict.fromkeys(tuple(needed(way)) for way in (text, *others))
    return Part(ways=tuple(way for way in ways if way), weight=weight)


def _plan(query: str, parts: tuple[Part, ...], synonyms: Mapping[str, Sequence[str]], least: int | None = None) -> Plan:
    folded = fold(query)
    same = [other for term in synonyms if term in folded for other in synonyms[term]]
    ranked = dict.fromkeys((*words(query), *asked_words(query), *(word for other in same for word in words(other))))
    return Plan(
        parts=parts,
        least=least,
        words=tuple(ranked),
        title=tuple(needed(query)),
        exact=bare(query),
        numbers=tuple(asked_numbers(query)),
        sounds=tuple(asked_sounds(query)),
    )
