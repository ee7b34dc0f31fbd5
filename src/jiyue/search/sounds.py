"""Pinyin of titles and of what was typed: whole syllables, initials, and what sounds alike.

Phrases are not asked for a reading: that takes 45 MB. A character with two common readings is kept under both.
"""

import os
import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise, product

# Read while the package is imported; without it the phrases are loaded.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")

from pypinyin import Style, pinyin
from pypinyin.pinyin_dict import pinyin_dict

from jiyue.search.folding import fold
from jiyue.search.tokens import is_latin, runs

READINGS = 2  # of one character
COMBINED = 4  # readings of one word
INITIALS = range(2, 9)  # characters
LETTERS = re.compile(r"[a-z' ]+")
SPLITS = 4  # ways to read a run of letters


@cache
def readings(sign: str) -> tuple[str, ...]:
    """The common readings of one character without tones, the commonest first; the sign itself for anything else."""
    if ord(sign) not in pinyin_dict:
        return (sign,)
    [found] = pinyin(sign, style=Style.NORMAL, heteronym=True)
    return tuple(dict.fromkeys(sound.replace("ü", "v") for sound in found))[:READINGS]


def sounds(word: str) -> list[str]:
    """The word in letters, without spaces, by each of its likely readings."""
    return ["".join(way) for way in _ways(fold(word))]


def initials(word: str) -> list[str]:
    """The first letters of the word's syllables, by each of its likely readings."""
    return list(dict.fromkeys("".join(sound[:1] for sound in way) for way in _ways(fold(word))))


def _ways(word: str) -> Iterable[tuple[str, ...]]:
    ways = [readings(sign) for sign in word]
    while _count(ways) > COMBINED:
        longest = max(range(len(ways)), key=lambda at: len(ways[at]))
        ways[longest] = ways[longest][:1]
    return product(*ways)


def _count(ways: list[tuple[str, ...]]) -> int:
    count = 1
    for way in ways:
        count *= len(way)
    return count


def title_sounds(title: str) -> list[str]:
    """Tokens under which a title is found by letters: syllables, pairs of them, and the initials of its parts."""
    found: dict[str, None] = {}
    for run in runs(title):
        if not is_latin(run):
            ways = [readings(sign) for sign in run]
            found |= {sound: None for way in ways for sound in way}
            found |= {f"{a}{b}": None for one, two in pairwise(ways) for a in one for b in two}
            found |= dict.fromkeys(_initial_parts(run))
    return list(found)


def _initial_parts(run: str) -> Iterable[str]:
    letters = "".join(readings(sign)[0][:1] for sign in run)
    return (f"~{letters[at : at + length]}" for length in INITIALS for at in range(len(letters) - length + 1))


def asked_sounds(query: str) -> list[tuple[str, ...]]:
    """Ways to read a question as pinyin: each is a set of tokens that must all be there. None for anything else."""
    folded = fold(query).strip()
    if not LETTERS.fullmatch(folded) or not 2 <= len(folded) <= 60:
        return []
    joined = folded.replace(" ", "").replace("'", "")
    ways = list(dict.fromkeys(tuple(_tokens(way)) for way in _split(joined)))[:SPLITS]
    if len(joined) in INITIALS:
        ways.append((f"~{joined}",))
    return ways


def _tokens(way: tuple[str, ...]) -> list[str]:
    if len(way) == 1:
        return list(way)
    return [f"{one}{two}" for one, two in pairwise(way)]


def _split(letters: str) -> list[tuple[str, ...]]:
    """Ways to cut letters into syllables, fewest first. The work is bounded: only a few ways are kept at each place."""
    ends: list[list[tuple[str, ...]]] = [[()], *([] for _ in letters)]
    for at in range(len(letters)):
        for length in range(1, 7):
            syllable = letters[at : at + length]
            if len(syllable) == length and syllable in _syllables():
                ends[at + length] += [(*way, syllable) for way in ends[at]]
                ends[at + length] = sorted(set(ends[at + length]), key=lambda way: (len(way), way))[:SPLITS]
    return ends[-1]


@cache
def _syllables() -> frozenset[str]:
    found = {sound for code in range(0x4E00, 0x9FA6) for sound in _plain(pinyin_dict.get(code, ""))}
    return frozenset(sound for sound in found if set(sound) & set("aeiouv"))


def _plain(marked: str) -> Iterable[str]:
    return (sound.translate(_TONES) for sound in marked.split(",") if sound)


_TONES = str.maketrans("āáǎàōóǒòēéěèīíǐìūúǔùüǖǘǚǜńňǹḿ", "aaaaooooeeeeiiiiuuuuvvvvvnnnm", "\u0300\u0304\u030c\u0301")
