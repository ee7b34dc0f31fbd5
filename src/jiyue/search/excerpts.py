"""The lines under a title: where the words stand, marked. Made from the stored text; everything is escaped."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from jiyue.search.folding import fold
from jiyue.search.tokens import IDLE, cut

LENGTH = 120  # characters of an excerpt
LEAD = 24  # characters before the first mark
LOOKED_AT = 20_000  # characters of a text that is searched for the best place
MOST_SPANS = 60  # marked places that are looked at
Span = tuple[int, int]


def marked_words(query: str, others: Iterable[str] = ()) -> list[str]:
    """What is marked in titles and excerpts: what was typed as a whole, then its words; longest first."""
    chunks = [fold(chunk) for chunk in query.split()]
    found = dict.fromkeys((*chunks, *(word for word in cut(query) if word not in IDLE), *map(fold, others)))
    return sorted((word for word in found if word.strip()), key=len, reverse=True)


def mark(text: str, words: Sequence[str]) -> Markup:
    """The whole text with the words marked."""
    return _written(text, _spans(fold(text), words), 0, len(text))


def excerpt(text: str, words: Sequence[str]) -> Markup:
    """The stretch of the text that says most of the words, with them marked."""
    folded = _compared(text[:LOOKED_AT], words)
    spans = _spans(folded, words)
    start = _sentence_before(folded, _best_place(spans))
    end = min(len(text), start + LENGTH)
    inside = [(max(at, start), min(until, end)) for at, until in spans if at < end and until > start]
    cut_off = Markup("…")
    made = _written(text, inside, start, end)
    return (cut_off if start else Markup("")) + made + (cut_off if end < len(text) else Markup(""))


def _compared(text: str, words: Sequence[str]) -> str:
    # Almost every text is written as it is compared; folding a long one takes a millisecond.
    return text if any(word in text for word in words) else fold(text)


def _best_place(spans: list[Span]) -> int:
    """Where the stretch with the most marked characters begins."""
    best, place = -1, 0
    for at, _until in spans[:MOST_SPANS]:
        covered = sum(until - since for since, until in spans[:MOST_SPANS] if at <= since < at + LENGTH - LEAD)
        if covered > best:
            best, place = covered, at
    return place


def _sentence_before(folded: str, place: int) -> int:
    """A little before a place, behind the end of a sentence where one is near."""
    start = max(0, place - LEAD)
    ends = [folded.rfind(sign, start, place) for sign in "。；！？\n"]
    return max(ends) + 1 if max(ends) >= 0 else start


def _spans(folded: str, words: Sequence[str]) -> list[Span]:
    """Places of the words, longer ones first; none overlaps another."""
    taken = bytearray(len(folded))
    found: list[Span] = []
    for word in words:
        at = folded.find(word)
        while at >= 0 and len(found) < MOST_SPANS:
            if not any(taken[at : at + len(word)]):
                taken[at : at + len(word)] = b"\1" * len(word)
                found.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    return sorted(found)


def _written(text: str, spans: list[Span], start: int, end: int) -> Markup:
    made, at = [], start
    for since, until in spans:
        made += [escape(_flat(text[at:since])), Markup("<mark>"), escape(_flat(text[since:until])), Markup("</mark>")]
        at = until
    made.append(escape(_flat(text[at:end])))
    return Markup("").join(made)


def _flat(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")
