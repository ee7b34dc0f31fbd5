"""Answers before they meet a connection, and the conditions under which only a part of one is sent."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_RANGE = re.compile(r"bytes=[ \t]*(?:([0-9]{1,19})-([0-9]{1,19})?|-([0-9]{1,19}))[ \t]*")

REASONS = {
    200: "OK",
    206: "Partial Content",
    301: "Moved Permanently",
    303: "See Other",
    304: "Not Modified",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    411: "Length Required",
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
    505: "HTTP Version Not Supported",
}


@dataclass(frozen=True, slots=True)
class Large:
    """A stretch of a file that is read while it is sent. `digest` is what the whole must hash to, if that is known."""

    path: str
    start: int
    count: int
    digest: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` are all but Date and Connection, each line ended; `body` or `large` follows, not after HEAD.

    With `passed`, somebody else is asked first, and this is what is said when nobody answers. With `later`, the answer is
    made in a thread, because it waits for the disk, and this is what is said when that fails. With `follows`, what changes in
    a file of live words after `since` is sent as it comes, until the reader leaves; `secret` opens a file that is locked.
    """

    status: int
    headers: bytes
    body: bytes = b""
    large: Large | None = None
    passed: Path | None = None
    later: "Callable[[], Answer] | None" = None
    follows: Path | None = None
    since: int = 0
    secret: str = ""


class Unsatisfiable(Exception):
    """The range begins behind the end of the file."""


def matches(condition: str, etag: str) -> bool:
    """Weak comparison of an If-None-Match list with an entity tag (RFC 9110, 13.1.2)."""
    if condition.strip() == "*":
        return True
    return any(tag.strip().removeprefix("W/") == etag for tag in condition.split(","))


def parse_range(value: str, size: int) -> tuple[int, int] | None:
    """(start, count) of one range of bytes; None when the whole is to be sent (several ranges, another unit, nonsense).

    Raises `Unsatisfiable`.
    """
    match = _RANGE.fullmatch(value)
    if match is None:
        return None
    first, last, suffix = match.groups()
    if suffix is not None:
        count = min(int(suffix), size)
        start = size - count
    else:
        start = int(first)
        stop = min(int(last), size - 1) if last else size - 1
        if last and int(last) < start:
            return None
        count = stop - start + 1
    if count <= 0 or start >= size:
        raise Unsatisfiable
    return start, count
