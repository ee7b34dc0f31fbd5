"""What lies in the letter box: letters and further words, read back as strictly as if a stranger had put them there."""

import hashlib
import hmac
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from jiyue.domain.canonical import canonical
from jiyue.domain.comments import COMMENT
from jiyue.domain.letter_files import shown_name
from jiyue.domain.letters import KINDS, MOST_FILES, NUMBER, WORDS, is_text, plain_fields

TOKEN: Final = re.compile(r"[0-9a-f]{32}")
LETTER, WORD, CONTRIBUTION, STOP = "letter.json", "word.json", "contribution.json", "stop.json"
VERSION: Final = 1
_LARGEST = 256 * 1024  # bytes of a letter without its files
_HEX = re.compile(r"(?:[0-9a-f]{2})+")


class BadToken(ValueError):
    """Not the token of a letter."""


class NotStored(ValueError):
    """What lies here is no letter; the text says why."""


def checked_token(token: str) -> str:
    """The token itself. Raises BadToken for anything that might lead out of the box."""
    if not TOKEN.fullmatch(token):
        raise BadToken(repr(token[:40]))
    return token


@dataclass(frozen=True)
class StoredFile:
    """An attachment: it lies beside the letter under the number `n`; `name` is for people only."""

    n: int
    name: str
    size: int
    digest: str  # SHA-256
    type: str


@dataclass(frozen=True)
class TicketKey:
    """What opens a ticket without its code."""

    salt: bytes
    key: bytes

    def written(self) -> dict[str, str]:
        return {"salt": self.salt.hex(), "key": self.key.hex()}


@dataclass(frozen=True)
class Letter:
    """A letter as it was handed in. `at` is UTC in ISO 8601, `page` the address that was found wrong, or empty.

    Who takes it out keeps it under its `number`: the same number twice is the same letter.
    """

    token: str
    number: str
    kind: str
    host: str
    at: str
    language: str
    fields: Mapping[str, str]
    ticket: TicketKey
    page: str = ""
    files: tuple[StoredFile, ...] = ()

    def written(self) -> bytes:
        data = {**asdict(self), "v": VERSION, "ticket": self.ticket.written(), "files": [asdict(f) for f in self.files]}
        return canonical(data).encode()


@dataclass(frozen=True)
class Word:
    """A further word of the sender; `proof` shows that the writer could open the ticket of the case.

    Who takes it out keeps its `token`: the same token twice is the same word.
    """

    token: str
    number: str
    act: str
    at: str
    fields: Mapping[str, str]
    files: tuple[StoredFile, ...] = ()
    proof: str = ""

    def _data(self) -> dict[str, Any]:
        return {**asdict(self), "v": VERSION, "files": [asdict(file) for file in self.files]}

    def _proof(self, key: TicketKey) -> str:
        rest = {name: value for name, value in self._data().items() if name != "proof"}
        return hmac.new(key.key, canonical(rest).encode(), hashlib.sha256).hexdigest()

    def proved(self, key: TicketKey) -> "Word":
        return replace(self, proof=self._proof(key))

    def is_proved(self, key: TicketKey) -> bool:
        """Did whoever wrote this open the ticket with this key?"""
        return hmac.compare_digest(self.proof.encode(), self._proof(key).encode())

    def written(self) -> bytes:
        return canonical(self._data()).encode()


@dataclass(frozen=True)
class Contribution:
    """An answered survey or one opinion on a draft. Nobody is asked for a name, and no address of a network is kept.

    `about` is the identity of the record, `version` the digest of what was shown. The token follows from that of the
    browser, so that one browser counts once: who takes it out keeps the token.
    """

    token: str
    kind: str
    about: str
    version: str
    host: str
    at: str
    language: str
    fields: Mapping[str, str]

    def written(self) -> bytes:
        return canonical({**asdict(self), "v": VERSION}).encode()


@dataclass(frozen=True)
class Stop:
    """Whoever holds a mail about a letter wants no more of them; `secret` is what the mail carried."""

    token: str
    number: str
    secret: str
    at: str

    def written(self) -> bytes:
        return canonical({**asdict(self), "v": VERSION}).encode()


@dataclass(frozen=True)
class Damaged:
    """Something in the box that is no letter; `name` is that of its folder."""

    name: str
    why: str


def read(folder: Path) -> Letter | Word | Contribution | Stop:
    """What was handed in, from a folder of the box. Raises NotStored; FileNotFoundError when it was just taken."""
    if not stat.S_ISDIR(folder.lstat().st_mode) or not TOKEN.fullmatch(folder.name):
        raise NotStored("not a letter's folder")
    if (folder / CONTRIBUTION).exists():
        return _contribution(folder)
    if (folder / STOP).exists():
        return _stop(folder)
    is_letter = (folder / LETTER).exists()
    data = _json(folder / (LETTER if is_letter else WORD))
    if data.get("v") != VERSION or data.get("token") != folder.name:
        raise NotStored("version or token")
    stored = _letter(data) if is_letter else _word(data)
    for file in stored.files:
        check_file(folder / str(file.n), file)
    return stored


def _json(path: Path) -> dict[str, Any]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        if path.parent.exists():
            raise NotStored("no letter in it") from None
        raise
    except OSError as error:
        raise NotStored(f"unreadable: {error.strerror}") from error
    with open(descriptor, "rb") as file:
        raw = file.read(_LARGEST + 1)
    if len(raw) > _LARGEST:
        raise NotStored("too long")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise NotStored("not JSON") from error
    if not isinstance(data, dict):
        raise NotStored("not an object")
    return data


def _letter(data: dict[str, Any]) -> Letter:
    texts = _texts(data, "token", "number", "kind", "host", "at", "language", "page")
    if texts["kind"] not in (*KINDS, COMMENT):
        raise NotStored("unknown kind")
    return Letter(**texts, fields=_fields(data), ticket=_ticket(data.get("ticket")), files=files_in(data))


def _word(data: dict[str, Any]) -> Word:
    texts = _texts(data, "token", "number", "act", "at", "proof")
    if texts["act"] not in WORDS:
        raise NotStored("unknown act")
    return Word(**texts, fields=_fields(data), files=files_in(data))


def _contribution(folder: Path) -> Contribution:
    data = _json(folder / CONTRIBUTION)
    if data.get("v") != VERSION or data.get("token") != folder.name:
        raise NotStored("version or token")
    texts = _plain_texts(data, "token", "kind", "about", "version", "host", "at", "language")
    return Contribution(**texts, fields=_fields(data))


def _stop(folder: Path) -> Stop:
    data = _json(folder / STOP)
    if data.get("v") != VERSION or data.get("token") != folder.name:
        raise NotStored("version or token")
    return Stop(**_texts(data, "token", "number", "secret", "at"))


def _plain_texts(data: dict[str, Any], *names: str) -> dict[str, str]:
    found = {name: data.get(name) for name in names}
    if not all(is_text(value) for value in found.values()):
        raise NotStored("a text is missing")
    return {name: str(value) for name, value in found.items()}


def _texts(data: dict[str, Any], *names: str) -> dict[str, str]:
    texts = _plain_texts(data, *names)
    if not NUMBER.fullmatch(texts["number"]):
        raise NotStored("number")
    return texts


def _fields(data: dict[str, Any]) -> dict[str, str]:
    fields = plain_fields(data.get("fields"))
    if fields is None:
        raise NotStored("fields")
    return fields


def _ticket(data: Any) -> TicketKey:
    if not isinstance(data, dict):
        raise NotStored("ticket")
    salt, key = data.get("salt"), data.get("key")
    if not (isinstance(salt, str) and isinstance(key, str) and _HEX.fullmatch(salt) and _HEX.fullmatch(key)):
        raise NotStored("ticket")
    return TicketKey(bytes.fromhex(salt), bytes.fromhex(key))


def files_in(data: dict[str, Any]) -> tuple[StoredFile, ...]:
    """The attachments that stored data name. Raises NotStored."""
    rows = data.get("files")
    if not isinstance(rows, list) or len(rows) > MOST_FILES:
        raise NotStored("files")
    return tuple(_file(n, row) for n, row in enumerate(rows, start=1))


def _file(n: int, row: Any) -> StoredFile:
    kinds = {"n": int, "name": str, "size": int, "digest": str, "type": str}
    if not isinstance(row, dict) or not all(type(row.get(name)) is kind for name, kind in kinds.items()):
        raise NotStored("files")
    if not all(is_text(row[name]) for name, kind in kinds.items() if kind is str):
        raise NotStored("files")
    file = StoredFile(**{name: row[name] for name in kinds})
    if file.n != n or file.name != shown_name(file.name):
        raise NotStored("name of a file")
    return file


def check_file(path: Path, file: StoredFile) -> None:
    """Do the bytes of an attachment lie there as they were named? Raises NotStored."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise NotStored(f"file {file.n}: {error.strerror}") from error
    with open(descriptor, "rb") as opened:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_size != file.size:
            raise NotStored(f"file {file.n}: size")
        if hashlib.file_digest(opened, "sha256").hexdigest() != file.digest:
            raise NotStored(f"file {file.n}: digest")
