"""The head of an HTTP/1.x request: strict where two readers could disagree, because a proxy may stand in front."""

import re
from dataclasses import dataclass

from jiyue.publishing.serving.addresses import Address, BadTarget, parse_target

_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e\x80-\xff]+) HTTP/([0-9])\.([0-9])")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)")
_HOST = re.compile(r"([0-9a-z](?:[0-9a-z_-]*[0-9a-z])?(?:\.[0-9a-z](?:[0-9a-z_-]*[0-9a-z])?)*)\.?(?::[0-9]{0,5})?")
_LITERAL = re.compile(r"\[[0-9a-f:.]+\](?::[0-9]{0,5})?")
_QUALITY = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")
_ABSOLUTE = re.compile(rb"(?i:http)s?://([^/?#]*)(.*)", re.DOTALL)

REMEMBERED_BLOCK = 2048
REMEMBERED = 2048
NO_HOST = ""
READING = (b"GET", b"HEAD")
LONGEST_LENGTH = 12  # digits of Content-Length


class Refused(Exception):
    """The request is answered with this status and the connection ends."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Fields:
    """What the server wants to know from a block of header fields."""

    host: str | None
    connection: frozenset[str]
    takes_gzip: bool
    if_none_match: str | None
    if_range: str | None
    range: str | None
    refusal: int  # 0, or the status that answers a request with a body where none is taken
    is_https: bool = False  # as a proxy before us says; who says it herself gets a stricter cookie and nothing else
    forwarded_for: str = ""  # what a proxy says of the client; believed by nobody but who listens for a proxy alone
    length: int | None = None  # bytes of the body, where that is told in the one way that is taken
    content_type: str = ""
    language: str = ""
    cookie: str = ""
    awaits_leave: bool = False  # the client sends its body when it was told to go on


@dataclass(slots=True)  # not frozen: one is made for every request, and freezing would double the time that takes
class Request:
    method: str
    address: Address
    host: str
    fields: Fields
    keeps_alive: bool
    is_old: bool  # HTTP/1.0
    body: bytes | None = None  # read whole before the request is answered; None when none was taken


def parse_host(value: str) -> str:
    """The host without port and trailing dot, in lower case. An address literal is nobody's site.

    Raises `Refused` for user information, paths and whatever else is not a host.
    """
    lowered = value.lower()
    match = _HOST.fullmatch(lowered)
    if match and len(lowered) <= 255:
        return match[1]
    if _LITERAL.fullmatch(lowered):
        return NO_HOST
    raise Refused(400)


def parse_fields(block: bytes) -> Fields:
    """Read header lines, each ended by CRLF. Raises `Refused`."""
    found: dict[str, str] = {}
    for line in block.split(b"\r\n"):
        match = _FIELD.fullmatch(line)
        if match is None:
            raise Refused(400)
        name, value = match[1].decode("ascii").lower(), match[2].decode("latin-1").rstrip(" \t")
        if name in found:
            if name in ("host", "content-length", "transfer-encoding"):
                raise Refused(400)
            value = f"{found[name]}, {value}"
        found[name] = value
    return Fields(
        host=parse_host(found["host"]) if "host" in found else None,
        connection=frozenset(token.strip().lower() for token in found.get("connection", "").split(",")),
        takes_gzip=takes_gzip(found.get("accept-encoding", "")),
        if_none_match=found.get("if-none-match"),
        if_range=found.get("if-range"),
        range=found.get("range"),
        refusal=_body_refusal(found),
        is_https=found.get("x-forwarded-proto", "").lower() == "https",
        forwarded_for=found.get("x-forwarded-for", ""),
        length=_length(found),
        content_type=found.get("content-type", ""),
        language=found.get("accept-language", ""),
        cookie=found.get("cookie", ""),
        awaits_leave=found.get("expect", "").lower() == "100-continue",
    )


def _length(found: dict[str, str]) -> int | None:
    length = found.get("content-length", "")
    if "transfer-encoding" in found or not (length.isascii() and length.isdigit()) or len(length) > LONGEST_LENGTH:
        return None
    return int(length)


def _body_refusal(found: dict[str, str]) -> int:
    length = found.get("content-length")
    if "transfer-encoding" in found:
        return 400 if length is not None else 411
    if length is None:
        return 0
    if not (length.isascii() and length.isdigit()):
        return 400
    return 413 if length.strip("0") else 0


def takes_gzip(accepted: str) -> bool:
    """Does `Accept-Encoding` allow gzip? An explicit mention outranks the asterisk; quality zero forbids."""
    qualities: dict[str, float] = {}
    for part in accepted.lower().split(","):
        coding, _, parameter = part.partition(";")
        match = _QUALITY.fullmatch(parameter.strip()) if parameter else None
        qualities[coding.strip()] = float(match[1]) if match else (0.0 if parameter else 1.0)
    for name in ("gzip", "x-gzip", "*"):
        if name in qualities:
            return qualities[name] > 0
    return False


_EMPTY = Fields(None, frozenset(), False, None, None, None, 0)
_known_fields: dict[bytes, Fields] = {}
_known_addresses: dict[bytes, Address] = {}


def _fields(block: bytes) -> Fields:
    # One client sends the same block again and again; reading it is pure, so the last few are kept.
    fields = _known_fields.get(block)
    if fields is None:
        fields = parse_fields(block) if block else _EMPTY
        if len(block) <= REMEMBERED_BLOCK:
            _remember(_known_fields, block, fields)
    return fields


def _address(target: bytes) -> Address:
    address = _known_addresses.get(target)
    if address is None:
        try:
            address = parse_target(target)
        except BadTarget:
            raise Refused(400) from None
        if len(target) <= 512:
            _remember(_known_addresses, target, address, 16 * REMEMBERED)
    return address


def _remember(known: dict, key: bytes, value: object, most: int = REMEMBERED) -> None:
    if len(known) >= most:
        known.clear()
    known[key] = value


def parse(head: bytes) -> Request:
    """Read a request head, without its last empty line. Raises `Refused`."""
    line, _, block = head.partition(b"\r\n")
    match = _LINE.fullmatch(line)
    if match is None:
        raise Refused(400)
    method, target, major, minor = match.groups()
    if major != b"1":
        raise Refused(505)
    fields = _fields(block)
    host = fields.host
    if target[:1] != b"/":
        authority, target = _absolute(target)
        if host is not None:
            host = authority
    if host is None:
        if minor != b"0":
            raise Refused(400)
        host = NO_HOST
    if fields.refusal and method in READING:
        raise Refused(fields.refusal)
    old = minor == b"0"
    # After a body the connection ends, whether it was read or not: nobody's idea of where it ends can differ from ours.
    keeps = not fields.refusal and "close" not in fields.connection and (not old or "keep-alive" in fields.connection)
    return Request(method.decode("ascii"), _address(target), host, fields, keeps, old)


def _absolute(target: bytes) -> tuple[str, bytes]:
    match = _ABSOLUTE.fullmatch(target)
    if match is None:
        raise Refused(400)
    rest = match[2] if match[2].startswith(b"/") else b"/" + match[2]
    return parse_host(match[1].decode("latin-1")), rest
