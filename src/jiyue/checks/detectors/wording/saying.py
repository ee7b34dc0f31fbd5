"""What the detectors of this family have in common: a finding about a span, and the word borders around it."""

from collections.abc import Iterator
from functools import lru_cache

from jiyue.checks.findings import Finding, Fix, Severity
from jiyue.checks.matter import NOTHING, Matter
from jiyue.checks.segmenter import segmenter

_AROUND = 8


def finding(
    matter: Matter,
    detector: str,
    message: str,
    span: tuple[int, int],
    *,
    severity: Severity = Severity.WARN,
    suggestion: str | None = None,
    basis: str = "",
    replacement: str | None = None,
    **values: object,
) -> Finding:
    """A finding with some words around it; `replacement` mends the span."""
    start, end = span
    before, after = max(0, start - _AROUND), min(len(matter.text), end + _AROUND)
    return Finding(
        detector=f"wording.{detector}",
        severity=severity,
        message=message,
        start=start,
        end=end,
        excerpt=" ".join(matter.text[before:after].split()),
        suggestion=suggestion,
        basis=basis,
        fix=Fix(start, end, replacement) if replacement is not None else None,
        values={name: str(value) for name, value in values.items()} or NOTHING,
    )


def is_han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def window(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with up to eight Chinese characters on both sides."""
    first, last = start, end
    while first > 0 and start - first < _AROUND and is_han(text[first - 1]):
        first -= 1
    while last < len(text) and last - end < _AROUND and is_han(text[last]):
        last += 1
    return first, last


@lru_cache(maxsize=10_000)
def _cut(words: str) -> tuple[str, ...]:
    return tuple(segmenter().cut(words, False))


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The words of the dictionary the text around the span falls into."""
    first, last = window(text, start, end)
    at = first
    for word in _cut(text[first:last]):
        yield at, at + len(word)
        at += len(word)


def crosses_words(text: str, start: int, end: int) -> bool:
    """Whether a word reaches over a border of the span: 布署 in 公布署名 is none."""
    return any((a < start < b) or (a < end < b) for a, b in pieces(text, start, end))


def breaks_words(text: str, start: int, end: int) -> bool:
    """Like `crosses_words`, but a word around the whole span (银行帐户) does not count."""
    return any((a < start < b < end) or (start < a < end < b) for a, b in pieces(text, start, end))
