"""Live enquiries between visitors and the database (docs/adr/0033): what visitors say goes in as files, and what they may
read lies in one file for each conversation, locked by the secret that their browser alone holds.

The secret has 128 bits, so a digest of it is key enough; name of the file and key follow from it, neither leads back.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from jiyue.domain.canonical import canonical
from jiyue.domain.letters import plain_fields
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.interaction.letterbox.drafts import Drafts, Kept
from jiyue.interaction.letterbox.enclosures import Enclosures
from jiyue.interaction.letterbox.stored import (
    TOKEN,
    Damaged,
    NotStored,
    StoredFile,
    TicketKey,
    check_file,
    checked_token,
    files_in,
)

VERSION: Final = 1
OPEN, SAY, END, RATE = "open", "say", "end", "rate"
ACTS: Final = (OPEN, SAY, END, RATE)
MOST_LYING: Final = 5000  # things said that nobody has taken out yet; more are refused, not lost
SEEN: Final = "seen"
ROOMS_KEPT: Final = timedelta(days=2)
_LARGEST, _LARGEST_ROOM = 64 * 1024, 4 << 20  # bytes
_NONCE = 12
_FILE, _SHARED, _FOLDER, _OPEN_FOLDER = 0o600, 0o640, 0o700, 0o750
_SPOILED_AFTER: Final = timedelta(hours=1)  # what a killed writer left
_KEY = re.compile(r"(?:[0-9a-f]{64})?")
_TEXTS = ("token", "room", "act", "host", "at", "language", "key", "proof")


class BoxFull(OSError):
    """So much lies in the box that nothing more is taken for the moment."""


def room_of(secret: str) -> str:
    """The name of the conversation that this secret opens. Raises BadToken."""
    return hashlib.sha256(f"room:{checked_token(secret)}".encode()).hexdigest()[:32]


def key_of(secret: str) -> bytes:
    """What locks its file. Raises BadToken."""
    return hashlib.sha256(f"key:{checked_token(secret)}".encode()).digest()


def word_token(token: str, room: str, act: str, text: str, files: Sequence[Kept] = ()) -> str:
    """What a thing said is known by: the same form sent again is the same word, with other words or files in it another.

    It begins as the form's own, so that the page finds what it sent. Raises BadToken.
    """
    parts = [checked_token(token), room, act, text, *(kept.id for kept in files)]
    digest = hashlib.sha256(canonical(parts).encode()).hexdigest()
    return token[:16] + digest[:16]


def note_seen(file: Path) -> None:
    """The visitor looked at the conversation in this file; where that cannot be noted she has read it all the same."""
    with suppress(OSError):
        (file.parent / SEEN / file.name).touch(mode=_FILE)


@dataclass(frozen=True)
class Said:
    """One thing that a visitor did. `at` is UTC in ISO 8601; `key` (hex) comes with the first alone, the others carry a proof.

    Who takes it out keeps its `token`: the same token twice is the same word.
    """

    token: str
    room: str
    act: str
    host: str
    at: str
    language: str
    fields: Mapping[str, str]
    key: str = ""
    proof: str = ""
    files: tuple[StoredFile, ...] = ()

    def _proof(self, key: bytes) -> str:
        rest = {name: value for name, value in self._data().items() if name != "proof"}
        return hmac.new(key, canonical(rest).encode(), hashlib.sha256).hexdigest()

    def _data(self) -> dict[str, Any]:
        data = {**asdict(self), "v": VERSION}
        files = data.pop("files")
        return data | {"files": list(files)} if files else data  # without, as it was written before there were any

    def proved(self, key: bytes) -> "Said":
        return replace(self, proof=self._proof(key))

    def is_proved(self, key: bytes) -> bool:
        """Did who wrote this hold the secret of the conversation?"""
        return hmac.compare_digest(self.proof.encode(), self._proof(key).encode())

    def written(self) -> bytes:
        return canonical(self._data()).encode()


class TalkBox:
    """What is said in live enquiries of one home. Several processes may use it at once; each may be killed at any moment."""

    def __init__(self, home: Home) -> None:
        self.home = home.path
        self.inside = home.letters / "talks"
        self.brought = home.letters / "talks-files"
        self.drafts, self.enclosures = Drafts(home), Enclosures(home)
        self.damaged = home.letters / "damaged"
        self.rooms = home.live / "talks"
        self.inside.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        self.spent = home.letters / "talks-spent"
        self.rooms.mkdir(mode=_OPEN_FOLDER, parents=True, exist_ok=True)
        self.spent.mkdir(mode=_FOLDER, exist_ok=True)
        self.brought.mkdir(mode=_FOLDER, exist_ok=True)
        self.drafts.folder.mkdir(mode=_FOLDER, exist_ok=True)
        (self.rooms / SEEN).mkdir(mode=_FOLDER, exist_ok=True)

    # ── what the counter does ──

    def drop(self, said: Said, sources: Sequence[Path] = ()) -> None:
        """Put it in; it is on the disk when this returns, and the same token again changes nothing.

        `sources` are where the bytes of its files lie, which have to be on the disk. Raises OSError (BoxFull; a full disk),
        BadToken.
        """
        path = self.inside / f"{checked_token(said.token)}.json"
        if sum(name.endswith(".json") for name in os.listdir(self.inside)) >= MOST_LYING:
            raise BoxFull("too much lies in the box")
        if said.files:
            self._put_files(said.token, sources)  # first: a word that is in has its files
        temporary = durable.beside(path)
        durable.write_new(temporary, said.written(), mode=_FILE)
        try:
            with suppress(FileExistsError):
                os.link(temporary, path)
        finally:
            temporary.unlink()
        durable.settle(self.inside)

    def _put_files(self, token: str, sources: Sequence[Path]) -> None:
        folder = self.brought / f".tmp-{token}-{secrets.token_hex(4)}"
        folder.mkdir(mode=_FOLDER)
        try:
            for n, source in enumerate(sources, start=1):
                os.link(source, folder / str(n))
            durable.settle(folder)
            try:
                os.rename(folder, self.brought / token)
            except OSError:
                if not (self.brought / token).is_dir():  # from before a kill: the same files, as the token says
                    raise
            durable.settle(self.brought)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def said_by(self, token: str) -> str:
        """What `spend` noted for a form; empty where it is not spent. Raises BadToken."""
        try:
            return (self.spent / checked_token(token)).read_text()
        except FileNotFoundError:
            return ""

    def spend(self, token: str, room: str) -> bool:
        """Let a form begin this conversation and no other one; said again for the same it is True again. Raises OSError."""
        path = self.spent / checked_token(token)
        try:
            durable.write_new(path, room.encode(), mode=_FILE, settled=False)
        except FileExistsError:
            return path.read_bytes() == room.encode()
        return True

    def read(self, secret: str) -> dict[str, Any] | None:
        """What who holds this secret may read; None for one that opens nothing. Raises BadToken."""
        return opened(self.room_file(room_of(secret)), secret)

    def create(self, secret: str, page: Mapping[str, Any]) -> None:
        """The first page of a conversation; one that is there stays. Raises OSError, BadToken."""
        with suppress(FileExistsError):
            path = self.room_file(room_of(secret))
            durable.write_new(path, _locked(room_of(secret), key_of(secret), page), mode=_SHARED)

    # ── what worker and console do ──

    def waiting(self) -> Iterator[Said | Damaged]:
        """What lies in the box, in the order in which it came."""
        with os.scandir(self.inside) as entries:
            arrived = sorted(
                (entry.stat(follow_symlinks=False).st_mtime_ns, entry.name)
                for entry in entries
                if not entry.name.startswith(".")
            )
        for _at, name in arrived:
            try:
                said = _stored(self.inside / name)
                for file in said.files:
                    check_file(self.file(said, file.n), file)
                yield said
            except FileNotFoundError:
                continue  # another process took it meanwhile
            except NotStored as error:
                yield Damaged(name, str(error))

    def file(self, said: Said, n: int) -> Path:
        """Where the n-th file of a word that waits lies, until it is taken. Raises KeyError."""
        if n not in {file.n for file in said.files}:
            raise KeyError(n)
        return self.brought / checked_token(said.token) / str(n)

    def taken(self, token: str) -> None:
        """Remove what the database keeps now; may be said twice."""
        (self.inside / f"{checked_token(token)}.json").unlink(missing_ok=True)
        shutil.rmtree(self.brought / token, ignore_errors=True)

    def set_aside(self, name: str) -> None:
        """Put what cannot be read where it waits for a person."""
        if os.sep in name or name in ("", ".", ".."):
            raise ValueError(repr(name))
        self.damaged.mkdir(mode=_FOLDER, exist_ok=True)
        with suppress(FileNotFoundError):
            mark = secrets.token_hex(4)
            os.rename(self.inside / name, self.damaged / f"{name[:64]}-{mark}")
            with suppress(FileNotFoundError):
                if TOKEN.fullmatch(name.removesuffix(".json")):
                    os.rename(self.brought / name.removesuffix(".json"), self.damaged / f"{name[:32]}-files-{mark}")

    def write(self, room: str, key: bytes, page: Mapping[str, Any]) -> None:
        """What the visitor reads from now on, in one step."""
        durable.replace(self.room_file(room), _locked(room, key, page), mode=_SHARED)

    def refuse(self, said: Said, why: str) -> None:
        """Tell a visitor that her conversation could not be begun; `why` is what the page has a sentence for."""
        common = {"mine": False, "label": "", "at": said.at, "t": ""}
        words = [
            {
                **common,
                "n": 1,
                "changed": 1,
                "act": SAY,
                "mine": True,
                "text": said.fields.get("text", ""),
                "t": said.token,
            },
            {**common, "n": 2, "changed": 2, "act": END, "text": why},
        ]
        self.write(said.room, bytes.fromhex(said.key), {
            "v": 1, "seq": 2, "state": "ended", "host": said.host, "unit": "", "end": why, "rating": 0, "letter": False,
            "words": words,
        })  # fmt: skip

    def seen_at(self, room: str) -> datetime | None:
        """When the visitor looked last; None where nothing tells."""
        try:
            return datetime.fromtimestamp((self.rooms / SEEN / room).stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def room_file(self, room: str) -> Path:
        return room_file(self.home, room)

    def clear(self, *, now: datetime) -> int:
        """Forget the files of conversations that no browser remembers any more, and what killed writers left; gives how many."""
        kept = [path for path in self.rooms.iterdir() if path.is_file() and not path.name.startswith("desk-")]
        kept += [*(self.rooms / SEEN).iterdir(), *self.spent.iterdir()]
        spoiled = [*self.inside.glob(".tmp-*"), *self.rooms.glob(".tmp-*")]
        gone = set(durable.leftovers(kept, older_than=now.timestamp() - ROOMS_KEPT.total_seconds()))
        gone |= set(durable.leftovers(spoiled, older_than=now.timestamp() - _SPOILED_AFTER.total_seconds()))
        for path in gone:
            if path.parent == self.rooms:
                self.enclosures.forget(path.name)  # first: without its room nobody would know that they are there
            path.unlink(missing_ok=True)
        left = durable.leftovers(
            list(self.brought.iterdir()), older_than=now.timestamp() - _SPOILED_AFTER.total_seconds()
        )
        for folder in left:
            if not (self.inside / f"{folder.name}.json").exists():
                shutil.rmtree(folder, ignore_errors=True)
        return len(gone)

    # ── the desk's sign ──

    def hang_out(self, host: str, sign: Mapping[str, Any]) -> None:
        """What everybody may read of a desk: whether it is open, and when it opens next."""
        durable.replace(self._sign(host), canonical(dict(sign)).encode(), mode=_SHARED)

    def take_in(self, host: str) -> None:
        self._sign(host).unlink(missing_ok=True)

    def sign(self, host: str) -> dict[str, Any] | None:
        """The sign of this site's desk; None where it has none."""
        try:
            found = json.loads(self._sign(host).read_bytes())
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def _sign(self, host: str) -> Path:
        name = hashlib.sha256(f"desk:{host}".encode()).hexdigest()[:32]
        return self.rooms / f"desk-{name}.json"


def room_file(home: Path | str, room: str) -> Path:
    return Path(home, "live", "talks", room)


def opened(path: Path, secret: str) -> dict[str, Any] | None:
    """The page in the file, if this secret opens it."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_ROOM)
    except OSError:
        return None
    return unlocked(data, secret)


def unlocked(data: bytes, secret: str) -> dict[str, Any] | None:
    """The page in these bytes, if this secret opens them. Raises BadToken."""
    try:
        room = room_of(secret).encode()
        page = json.loads(ChaCha20Poly1305(key_of(secret)).decrypt(data[:_NONCE], data[_NONCE:], room))
    except (InvalidTag, ValueError):
        return None
    return page if isinstance(page, dict) else None


def ticket_of(key: bytes) -> TicketKey:
    """The same key, for files that are locked as those of letters are."""
    return TicketKey(b"", key)


def _locked(room: str, key: bytes, page: Mapping[str, Any]) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, canonical(dict(page)).encode(), room.encode())


def _stored(path: Path) -> Said:
    """Read as strictly as if a stranger had put it there. Raises NotStored, FileNotFoundError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise NotStored(f"unreadable: {error.strerror}") from error
    with open(descriptor, "rb") as file:
        try:
            raw = file.read(_LARGEST + 1)
        except OSError as error:
            raise NotStored(f"unreadable: {error.strerror}") from error
    try:
        data = json.loads(raw) if len(raw) <= _LARGEST else None
    except (ValueError, RecursionError) as error:
        raise NotStored("not JSON") from error
    return _said(path, data)


def _said(path: Path, data: Any) -> Said:
    if not isinstance(data, dict) or data.get("v") != VERSION or path.name != f"{data.get('token')}.json":
        raise NotStored("version or token")
    texts: dict[str, str] = {name: data[name] for name in _TEXTS if isinstance(data.get(name), str)}
    fields = plain_fields(data.get("fields"))
    if fields is None or len(texts) < len(_TEXTS):
        raise NotStored("a text is missing")
    if texts["act"] not in ACTS or not (TOKEN.fullmatch(texts["token"]) and TOKEN.fullmatch(texts["room"])):
        raise NotStored("act or token")
    if not _KEY.fullmatch(texts["key"]):
        raise NotStored("key")
    files = files_in(data) if "files" in data else ()
    if files and texts["act"] != SAY:
        raise NotStored("files")
    return Said(**texts, fields=fields, files=files)
