"""All shipped words of this family and one search for them, so that a text is gone through once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from jiyue.checks import lists

_LISTS = Path(lists.__file__).parent

# Signs that never double within a sentence; where a word ends in one (目的的, 为了了解) the dictionary tells.
SINGLE = "的了是在和与及对为将把被从向以于并由或其该所使至有"


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind`: confused, variant, misspelt, trip, single or twice. `right_in` are longer words in which `wrong` is right."""

    kind: str
    wrong: str
    right: str
    right_in: tuple[str, ...] = ()


def official_words() -> list[str]:
    """The words of official writing, each once."""
    return sorted({word for line in _lines("official-words") for word in line.split()})


def _lines(name: str) -> list[str]:
    lines = (_LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def vocabulary() -> tuple[tuple[Entry, ...], tuple[tuple[str, str], ...], AhoCorasick]:
    """The few entries, the many misspellings (wrong, right), and the search that gives places in both, one after the other."""
    pairs = {entry.wrong: entry for entry in _pairs()}
    entries = list(pairs.values())
    for line in _lines("round-trip"):
        wrong, right = line.split()
        entries.append(Entry("trip", wrong, right))
    entries += [Entry("single", sign * 2, sign) for sign in SINGLE]
    by_right = {word for line in _lines("doubled-by-right") for word in line.split()}
    entries += [Entry("twice", word * 2, word) for word in official_words() if word not in by_right]
    misspelt = tuple(one for one in _misspelt() if one[0] not in pairs)
    search = AhoCorasick([*(entry.wrong for entry in entries), *(wrong for wrong, _right in misspelt)])
    return tuple(entries), misspelt, search


def places(text: str) -> Iterator[tuple[Entry, int, int]]:
    """Every place of every entry, also where they overlap."""
    entries, misspelt, search = vocabulary()
    for which, start, end in search.find_matches_as_indexes(text, overlapping=True):
        if which < len(entries):
            yield entries[which], start, end
        else:
            yield Entry("misspelt", *misspelt[which - len(entries)]), start, end


def _pairs() -> Iterator[Entry]:
    section = ""
    for line in _lines("confused"):
        if line.startswith("["):
            section = line.strip("[]")
        else:
            words, _mark, right_in = line.partition("!")
            wrong, right = words.split()
            yield Entry(section, wrong, right, tuple(right_in.split()))


def _misspelt() -> Iterator[tuple[str, str]]:
    """misspellings.txt: a word, then for each of its characters those it is mistaken for (made by lists/making.py)."""
    for line in _lines("misspellings"):
        word, *columns = line.split(" ")
        for at, signs in enumerate(columns):
            if signs != "-":
                yield from ((word[:at] + sign + word[at + 1 :], word) for sign in signs)
