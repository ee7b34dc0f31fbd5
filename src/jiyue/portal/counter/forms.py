"""What a browser sends: fields and files, read strictly and within limits."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from jiyue.domain.letters import tidied
from jiyue.publishing.serving.requests import Request

MOST_FIELDS = 80
LONGEST_TEXT = 64 * 1024  # bytes of all texts together
MOST_FILES_SENT = 20
_BOUNDARY = re.compile(
    r'multipart/form-data;.*?\bboundary="?([0-9A-Za-z\'()+_,./:=?-]{1,70})"?\s*(?:;.*)?', re.IGNORECASE
)
_NAME = re.compile(r'\bname="([a-z_:]{1,40})"')
_FILENAME = re.compile(r'\bfilename="((?:[^"\r\n])*)"')


class Unreadable(ValueError):
    """What was sent is no form of ours."""


@dataclass(frozen=True)
class SentFile:
    name: str
    data: bytes


@dataclass(frozen=True)
class Sent:
    """Texts by name (the last of a name counts, so a button after a hidden field wins), and files."""

    texts: dict[str, str] = field(default_factory=dict)
    files: tuple[SentFile, ...] = ()

    def get(self, name: str) -> str:
        return self.texts.get(name, "")


def read(request: Request, *, most_fields: int = MOST_FIELDS) -> Sent:
    """The form in the body of a request, tidied. Raises Unreadable."""
    body = request.body or b""
    kind = request.fields.content_type
    if kind.lower().startswith("multipart/"):
        match = _BOUNDARY.fullmatch(kind)
        if match is None:
            raise Unreadable("boundary")
        return _multipart(body, match[1].encode())
    if kind.partition(";")[0].strip().lower() not in ("application/x-www-form-urlencoded", ""):
        raise Unreadable("type")
    return Sent(_texts(body, most_fields))


def _texts(body: bytes, most_fields: int) -> dict[str, str]:
    if len(body) > LONGEST_TEXT * 3:
        raise Unreadable("too long")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="replace", max_num_fields=most_fields
        )  # fmt: skip
    except (ValueError, UnicodeDecodeError) as error:
        raise Unreadable("fields") from error
    return {name: tidied(value) for name, value in pairs}


def _multipart(body: bytes, boundary: bytes) -> Sent:
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(parts) < 2 or parts[0] or not parts[-1].startswith(b"--"):
        raise Unreadable("parts")
    if len(parts) > MOST_FIELDS + MOST_FILES_SENT:
        raise Unreadable("too many parts")
    texts: dict[str, str] = {}
    files: list[SentFile] = []
    long = 0
    for part in parts[1:-1]:
        head, mark, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if not mark:
            raise Unreadable("part")
        name, filename = _named(head)
        if filename is None:
            long += len(data)
            texts[name] = tidied(data.decode("utf-8", "replace"))
        elif filename or data:
            files.append(SentFile(filename, data))
    if long > LONGEST_TEXT or len(files) > MOST_FILES_SENT:
        raise Unreadable("too long")
    return Sent(texts, tuple(files))


def _named(head: bytes) -> tuple[str, str | None]:
    for line in head.decode("utf-8", "replace").split("\r\n"):
        if line.lower().startswith("content-disposition:"):
            name, filename = _NAME.search(line), _FILENAME.search(line)
            if name is None:
                break
            given = filename[1] if filename else None
            # Browsers write what would end the name as an escape (HTML, 4.10.21.8).
            return name[1], given.replace("%22", '"').replace("%0D%0A", " ") if given is not None else None
    raise Unreadable("name")
