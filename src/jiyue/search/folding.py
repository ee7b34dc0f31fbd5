"""Text as it is compared: one form for width, case and script, of the same length, so that places in it stay true."""

import re
import unicodedata
from functools import cache

import opencc

# Runs that mean something: Latin letters and digits together, Chinese characters together.
RUN = re.compile(r"[0-9a-z]+|[〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+")
CONTROL = dict.fromkeys((*range(32), *range(127, 160)), " ")
# Lone surrogates cannot be written anywhere; marks of direction and width say nothing to a search.
UNWRITABLE = dict.fromkeys(range(55296, 57344), " ")
INVISIBLE = dict.fromkeys((173, 1564, *range(8203, 8208), *range(8232, 8239), *range(8288, 8298), 65279), " ")


def clean(text: str) -> str:
    """The text without what cannot be stored or shown; each such sign becomes a space."""
    return text.translate(_cleaning())


def fold(text: str) -> str:
    """Half width, lower case, simplified characters. As long as `text`, sign for sign."""
    return text.translate(_folding())


@cache
def _cleaning() -> dict[int, str]:
    kept = {ord("\n"), ord("\t")}
    return {code: sign for code, sign in (CONTROL | UNWRITABLE | INVISIBLE).items() if code not in kept}


@cache
def _folding() -> dict[int, str]:
    table: dict[int, str] = dict(CONTROL | UNWRITABLE | INVISIBLE)
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x370, 0x530), *range(0x2000, 0x2200), *range(0x2460, 0x2500),
                 *range(0x3000, 0x3100), *range(0xF900, 0xFB00), *range(0xFF00, 0xFFF0)):  # fmt: skip
        sign = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(sign) == 1 and sign != chr(code) and code not in table:
            table[code] = sign
    return table | _simplified()


def _simplified() -> dict[int, str]:
    signs = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    simple = opencc.OpenCC("t2s").convert("\n".join(signs)).split("\n")
    return {ord(sign): to for sign, to in zip(signs, simple, strict=True) if sign != to and len(to) == 1}
