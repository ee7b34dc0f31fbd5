"""Bytes to text for intake: decoded, cleaned of what no text holds, and what is to be said of it."""

from jiyue.checks.reading.bounds import Unread
from jiyue.checks.reading.decoding import decoded
from jiyue.content.intake.items import IntakeRefused, Note, note
from jiyue.content.sanitising import clean_text

_GARBLED = ("锟斤拷", "烫烫烫", "屯屯屯", "ï»¿", "Ã¤", "â€œ", "涓\ue15f", "鐨勪", "鏀垮簻")


def decode(content: bytes, *, name: str, declared: str = "") -> tuple[str, list[Note]]:
    """The text, cleaned of what no text holds, and notes. Raises IntakeRefused if binary or unknown."""
    try:
        text, said = decoded(content, declared=declared)
    except Unread as unread:
        raise IntakeRefused(unread.code, name=name) from unread
    return _settled(text, [note(code, **values) for code, values in said])


def settle(text: str) -> tuple[str, list[Note]]:
    """The same cleaning for text that came decoded already (JSON escapes can hold halves of characters)."""
    return _settled(text, [])


def _settled(text: str, notes: list[Note]) -> tuple[str, list[Note]]:
    zeros = text.count("\x00")
    halves = sum(1 for sign in text if "\ud800" <= sign <= "\udfff") if not _encodes(text) else 0
    if zeros:
        notes.append(note("null_bytes", count=zeros))
    if halves:
        notes.append(note("lone_surrogates", count=halves))
    if any(sign in text for sign in _GARBLED):
        notes.append(note("looks_garbled"))
    return clean_text(text.replace("\r\n", "\n").replace("\r", "\n")).removeprefix("\ufeff"), notes


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
