"""Text as the trade's word list sees it: simplified, half width, lower case, look-alikes made plain. Pure.

Every sign is replaced by one sign, so offsets hold.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from opencc import OpenCC

from jiyue.checks.detectors.links.hosts import LOOK_ALIKES

# Rare characters put in place of common ones of the trade's own words.
_STAND_INS = dict(zip("愽亰澚啚倛泒喥伱咑荬搏彸", "博京澳图棋派度你打买博公", strict=True))
# What is put between the characters of a word: spaces, marks, signs without width.
NOISE = (
    r"[\s\u00ad\u00b7\u200b-\u200f\u2022\u202a-\u202e\u2060-\u2064\u25a0-\u25ff\u2605\u2606\u3000\u30fb\ufeff"
    r".。,，、*＊_＿\-–—~～^`'\"|丨/\\+=@#$%&!！?？…:：;；]"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACED = re.compile(rf"(?:[\u4e00-\u9fff]{NOISE}{{1,3}}){{2,200}}[\u4e00-\u9fff]")
_READING = re.compile("(?<=[\u4e00-\u9fff])[(（\\[【][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}[)）\\]】]", re.IGNORECASE)

Piece = tuple[str, tuple[int, ...]]


def fold(text: str) -> str:
    """The text folded, sign by sign."""
    low = text.lower()
    if len(low) != len(text):  # a few letters of other scripts grow when made small
        low = "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)
    folds, unusual = _folds()
    return unusual.sub(lambda found: folds[found[0]], low) if unusual.search(low) else low


def unspaced(text: str) -> Iterator[Piece]:
    """Stretches with what was put between their characters taken out, each sign with its offset in `text`."""
    for found in _SPACED.finditer(text):
        yield _kept(text, found.start(), found.end(), re.compile(NOISE))
    if _INVISIBLE.search(text):
        yield _kept(text, 0, len(text), _INVISIBLE)
    if len(readings(text)) > 1:
        yield _kept(text, 0, len(text), _READING)


def readings(text: str) -> list[tuple[int, int]]:
    """Where a reading in Latin letters stands in brackets after a character: 通(tong)知."""
    return [found.span() for found in _READING.finditer(text)]


def _kept(text: str, start: int, end: int, dropped: re.Pattern[str]) -> Piece:
    signs: list[str] = []
    offsets: list[int] = []
    at = start
    for found in dropped.finditer(text, start, end):
        signs.append(text[at : found.start()])
        offsets.extend(range(at, found.start()))
        at = found.end()
    signs.append(text[at:end])
    offsets.extend(range(at, end))
    return "".join(signs), tuple(offsets)


@cache
def _folds() -> tuple[Mapping[str, str], re.Pattern[str]]:
    folds = dict(_STAND_INS)
    han = [chr(code) for code in range(0x4E00, 0xA000)]
    simple = OpenCC("t2s").convert("\n".join(han)).split("\n")
    folds.update({one: other for one, other in zip(han, simple, strict=True) if one != other and len(other) == 1})
    for code in [*range(0xFF01, 0xFF5F), *range(0x2460, 0x2500), *range(0x2F00, 0x2FD6), *range(0xF900, 0xFAFF)]:
        plain = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(plain) == 1 and plain != chr(code):
            folds[chr(code)] = folds.get(plain, plain)
    folds.update({chr(code): chr(plain) for code, plain in LOOK_ALIKES.items()})
    folds["\u3000"] = " "
    return folds, re.compile("[" + re.escape("".join(folds)) + "]")
