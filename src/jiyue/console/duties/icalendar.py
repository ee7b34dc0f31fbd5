"""Calendars for other programs to read (RFC 5545): what is due, and nothing about anybody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

CONTENT_TYPE = "text/calendar; charset=utf-8"
_LINE = 75  # octets, without the line break (3.1)
_PRODUCT = "-//Jiyue//Duties//ZH"


@dataclass(frozen=True)
class Entry:
    """One date: on a whole day, or at a moment (aware)."""

    uid: str
    title: str
    at: date | datetime
    note: str = ""
    address: str = ""
    late: bool = False


def calendar_of(entries: Iterable[Entry], *, name: str, now: datetime) -> bytes:
    """The file: folded lines, CRLF, escaped text."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
             f"X-WR-CALNAME:{escaped(name)}", "X-WR-TIMEZONE:Asia/Shanghai",
             "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"]  # fmt: skip
    for entry in entries:
        lines.extend(_event(entry, now))
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """A TEXT value (3.3.11); what no calendar can hold is left out."""
    plain = "".join(letter for letter in text.replace("\r\n", "\n") if letter >= " " or letter in "\n\t")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> bytes:
    """A content line of at most 75 octets a piece, never cut inside a character (3.1)."""
    pieces: list[bytes] = []
    piece = b""
    for letter in line:
        octets = letter.encode()
        # The space that begins a continued line counts too.
        if len(piece) + len(octets) > (_LINE if not pieces else _LINE - 1):
            pieces.append(piece)
            piece = b""
        piece += octets
    pieces.append(piece)
    return b"\r\n ".join(pieces) + b"\r\n"


def _event(entry: Entry, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(entry.uid)}"
    yield f"DTSTAMP:{_moment(now)}"
    if isinstance(entry.at, datetime):
        yield f"DTSTART:{_moment(entry.at)}"
        yield f"DTEND:{_moment(entry.at)}"
    else:
        yield f"DTSTART;VALUE=DATE:{entry.at:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.at + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(entry.title)}"
    if entry.note:
        yield f"DESCRIPTION:{escaped(entry.note)}"
    if entry.address:
        yield f"URL:{entry.address}"
    yield "TRANSP:TRANSPARENT"
    yield f"PRIORITY:{1 if entry.late else 5}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
