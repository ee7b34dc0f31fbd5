"""Bytes to text: which encoding a Chinese text file is in, and what was lost on the way."""

import codecs
from collections.abc import Callable
from typing import Any, TypeAlias

from jiyue.checks.reading.bounds import Unread

Said: TypeAlias = tuple[str, dict[str, Any]]
"""A code (encoding_assumed, encoding_mixed, encoding_damaged) and what its sentence needs."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# Frequent characters that only one of the two scripts has, and some of both: GB18030 and Big5 share most byte pairs,
# so bytes cannot decide, only which reading makes sense.
_COMMON = {
    "gb18030": "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过民前面后"
    "务关机政府通知条例规定办法实施单位管理公开服务省市县区各部门",
    "big5": "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過民前面後"
    "務關機政府通知條例規定辦法實施單位管理公開服務省市縣區各部門",
}


def decoded(content: bytes, *, declared: str = "") -> tuple[str, list[Said]]:
    """The text and what is to be said of how it was read. Raises Unread `binary` or `encoding_unknown`."""
    for mark, codec, label in _MARKS:
        if content.startswith(mark):
            return _marked(content, codec, label)
    unmarked = _as_utf16(content)
    if unmarked is not None:
        return unmarked
    if _is_binary(content):
        raise Unread("binary")
    for attempt in (_as_utf8, _as_declared(declared), _as_chinese, _by_lines, _as_damaged):
        found = attempt(content)
        if found is not None:
            return found
    raise Unread("encoding_unknown")


def _marked(content: bytes, codec: str, label: str) -> tuple[str, list[Said]]:
    text = content.decode(codec, "replace")
    return text, [] if label == "UTF-8" else [("encoding_assumed", {"encoding": label})]


def _as_utf16(content: bytes) -> tuple[str, list[Said]] | None:
    """UTF-16 without its mark: there are zero bytes, and one order of bytes makes sense."""
    if b"\x00" not in content[:8000]:
        return None
    for codec in ("utf-16-le", "utf-16-be"):
        text = content[: len(content) // 2 * 2].decode(codec, "replace")
        latin = sum(sign.isascii() and sign.isprintable() for sign in text[:4000])
        if _sense(text, "gb18030") > 0.1 or latin > 0.9 * len(text[:4000]):
            return text, [("encoding_assumed", {"encoding": "UTF-16"})]
    return None


def _is_binary(content: bytes) -> bool:
    sample = content[:8000]
    odd = sum(1 for byte in sample if byte < 32 and byte not in (9, 10, 12, 13, 27))
    return odd > len(sample) / 20


def _as_utf8(content: bytes) -> tuple[str, list[Said]] | None:
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        return None


def _as_declared(declared: str) -> Callable[[bytes], tuple[str, list[Said]] | None]:
    wanted = declared.strip().lower()
    codec = "gb18030" if wanted in ("gb2312", "gbk", "gb18030") else "big5hkscs" if wanted == "big5" else ""

    def attempt(content: bytes) -> tuple[str, list[Said]] | None:
        if not codec:
            return None
        try:
            return content.decode(codec), [("encoding_assumed", {"encoding": declared.upper()})]
        except UnicodeDecodeError:
            return None

    return attempt


def _as_chinese(content: bytes) -> tuple[str, list[Said]] | None:
    readings = []
    for codec, label in (("gb18030", "GB18030"), ("big5hkscs", "Big5")):
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        readings.append((_sense(text, label.lower()), label, text))
    if not readings:
        return None
    score, label, text = max(readings, key=lambda reading: reading[0])
    return (text, [("encoding_assumed", {"encoding": label})]) if score > 0.02 else None


def _sense(text: str, script: str) -> float:
    """The share of frequent characters among all that are not ASCII."""
    signs = [sign for sign in text[:20_000] if ord(sign) > 127]
    return sum(sign in _COMMON[script] for sign in signs) / len(signs) if signs else 0.0


def _by_lines(content: bytes) -> tuple[str, list[Said]] | None:
    lines, utf8, other = [], 0, 0
    for line in content.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            utf8 += not line.isascii()
        except UnicodeDecodeError:
            try:
                lines.append(line.decode("gb18030"))
                other += 1
            except UnicodeDecodeError:
                return None
    sensible = utf8 and other and _sense("".join(lines), "gb18030") > 0.02
    return ("\n".join(lines), [("encoding_mixed", {})]) if sensible else None


def _as_damaged(content: bytes) -> tuple[str, list[Said]] | None:
    for codec in ("utf-8", "gb18030"):
        text = content.decode(codec, "replace")
        lost = text.count("\ufffd")
        if lost <= max(1, len(text) / 100) and _sense(text, "gb18030") > 0.02:
            return text, [("encoding_damaged", {"count": lost})]
    return None
