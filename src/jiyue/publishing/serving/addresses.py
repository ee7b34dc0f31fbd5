"""From the target of a request line to an address inside a site, or a refusal."""

import json
import re
from dataclasses import dataclass

WELL_KNOWN = ".well-known"
LONGEST_NAME = 255  # bytes, what file systems take
HIDDEN_SUFFIXES = (".gone", ".moved")  # marks of the tree, not pages
ERROR_PAGES = frozenset(("/404.html", "/410.html", "/503.html"))

_PLAIN = re.compile(rb"(?:/[0-9A-Za-z_-][0-9A-Za-z_.~-]*)*/?")
_ESCAPE = re.compile(rb"%(..)?", re.DOTALL)
_REFUSED_ESCAPES = frozenset((b"2f", b"5c", b"00"))


class BadTarget(ValueError):
    """The target cannot be an address: answer 400."""


@dataclass(frozen=True, slots=True)
class Address:
    path: str
    query: str
    is_servable: bool
    logged: str  # the path as a JSON string; never the query, which may hold what a citizen typed


def parse_target(target: bytes) -> Address:
    """Decode and normalise an origin-form target.

    Dot segments and doubled slashes are folded. Raises `BadTarget` for broken escapes, encoded slashes, backslashes,
    control bytes and for climbing above the root. What is well formed but can never be a page is not servable.
    """
    raw, _, query = target.partition(b"?")
    if not raw.startswith(b"/") or b"#" in target:
        raise BadTarget
    path = raw.decode("ascii") if _PLAIN.fullmatch(raw) else _fold(_decoded(raw))
    return Address(path, query.decode("latin-1"), _is_servable(path), json.dumps(path))


def _decoded(raw: bytes) -> str:
    decoded = _ESCAPE.sub(_byte, raw)
    if min(decoded) < 0x20 or b"\x7f" in decoded or b"\\" in decoded:
        raise BadTarget
    return decoded.decode("utf-8", "surrogateescape")


def _byte(match: re.Match[bytes]) -> bytes:
    digits = match[1]
    if digits is None or digits.lower() in _REFUSED_ESCAPES:
        raise BadTarget
    try:
        return bytes.fromhex(digits.decode("ascii"))
    except ValueError:
        raise BadTarget from None


def _fold(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if not kept:
                raise BadTarget
            kept.pop()
        elif segment not in ("", "."):
            kept.append(segment)
    closing = "/" if kept and segments[-1] in ("", ".", "..") else ""
    return "/" + "/".join(kept) + closing


def _is_servable(path: str) -> bool:
    segments = path[1:].split("/")
    if path in ERROR_PAGES or path.endswith(HIDDEN_SUFFIXES) or not _is_utf8(path):
        return False
    if segments[0] == WELL_KNOWN:
        segments = segments[1:]
    return all(not segment.startswith(".") and len(segment.encode()) <= LONGEST_NAME for segment in segments)


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
