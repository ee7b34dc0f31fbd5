"""What was probably meant: known terms of titles that sound like what was typed, or differ from it by one sign."""

from collections.abc import Iterator

from jiyue.search.engines.base import Engine
from jiyue.search.entries import LONGEST_TERM, bare
from jiyue.search.planning import Narrowed, plan
from jiyue.search.sounds import LETTERS, sounds
from jiyue.search.synonyms import Synonyms

OFFERED = 3
TRIED = 8
NEIGHBOURS = 300  # terms of one beginning that are compared sign by sign
SHORTEST = 2


def corrections(engine: Engine, query: str, synonyms: Synonyms, narrowed: Narrowed) -> list[str]:
    """Other questions that find something on the same site; none of them is the question itself."""
    asked = bare(query)
    found: list[str] = []
    for tried, other in enumerate(_others(engine, asked)):
        if tried >= TRIED or len(found) >= OFFERED:
            break
        if other not in found and other != asked and engine.search(plan(other, synonyms), narrowed, limit=1).total:
            found.append(other)
    return found


def suggested_terms(engine: Engine, folded: str, *, limit: int = 12) -> list[str]:
    """Known terms that begin with what was typed, in characters, in pinyin or by initials; most used first."""
    found = {term: count for term, count in engine.terms(folded, limit=limit) if "|" not in term and term[0] != "~"}
    if LETTERS.fullmatch(folded):
        for prefix in (folded.replace(" ", ""), f"~{folded.replace(' ', '')}"):
            found |= {
                term.rpartition("|")[2]: count for term, count in engine.terms(prefix, limit=limit) if "|" in term
            }
    return sorted(found, key=lambda term: (-found[term], len(term), term))


def _others(engine: Engine, asked: str) -> Iterator[str]:
    if LETTERS.fullmatch(asked):
        yield from suggested_terms(engine, asked)
        return
    if not SHORTEST <= len(asked) <= 30:
        return
    for length in range(min(len(asked), LONGEST_TERM), SHORTEST - 1, -1):
        for at in range(len(asked) - length + 1):
            window = asked[at : at + length]
            for other in _alike(engine, window):
                yield asked[:at] + other + asked[at + length :]
    for length in range(min(len(asked), LONGEST_TERM), SHORTEST, -1):
        for at in range(len(asked) - length + 1):
            window = asked[at : at + length]
            for other in _close(engine, window):
                yield asked[:at] + other + asked[at + length :]


def _alike(engine: Engine, window: str) -> list[str]:
    """Terms that sound like the window and are not it; nothing when the window is a term itself."""
    heard = [term.rpartition("|")[2] for sound in sounds(window) for term, _count in engine.terms(f"{sound}|", limit=5)]
    return [] if window in heard else list(dict.fromkeys(heard))


def _close(engine: Engine, window: str) -> list[str]:
    """Terms of the same first sign that differ from the window by one."""
    terms = [term for term, _count in engine.terms(window[0], limit=NEIGHBOURS) if "|" not in term]
    if window in terms:
        return []
    return [term for term in terms if len(term) >= len(window) - 1 and differ_by_one(term, window)]


def differ_by_one(one: str, two: str) -> bool:
    """Does one sign put in, taken out or changed make one out of the other?"""
    if one == two or abs(len(one) - len(two)) > 1:
        return False
    short, long = sorted((one, two), key=len)
    same = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest = same + (len(short) == len(long))
    return short[rest:] == long[same + 1 :]
