"""Files for a sender to take away, each locked by the key of her ticket (docs/adr/0035).

What a file is called, how large it is and until when it may be taken stands in the ticket; here lie locked bytes alone.
"""

import hashlib
import os
import re
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from jiyue.domain.canonical import canonical
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.interaction.letterbox.stored import TicketKey

KEPT: Final = timedelta(days=180)  # our own: no text of law in the rule packs names a time
_MARK = b"JYE1"
_NONCE, _TAG = 12, 16
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
_FILE, _FOLDER = 0o600, 0o700


class Enclosures:
    """The locked files of one home: the worker puts them there, the counter opens them for who has the code."""

    def __init__(self, home: Home) -> None:
        self.folder = home.letters / "enclosures"

    def size(self, number: str, name: str) -> int | None:
        """How many bytes it has when it is opened; None where none lies. Raises ValueError for what is no name of a file."""
        try:
            return self._path(number, name).stat().st_size - len(_MARK) - _NONCE - _TAG
        except FileNotFoundError:
            return None

    def put(self, number: str, name: str, key: TicketKey, data: bytes, *, at: datetime) -> None:
        """Lock a file and put it there in one step, on the disk when this returns; `at` is when its time begins."""
        path = self._path(number, name)
        path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        nonce = os.urandom(_NONCE)
        locked = ChaCha20Poly1305(key.key).encrypt(nonce, data, _about(number, name))
        temporary = durable.beside(path)
        durable.write_new(temporary, _MARK + nonce + locked, mode=_FILE)
        os.utime(temporary, (at.timestamp(), at.timestamp()))
        durable.move(temporary, path)

    def read(self, number: str, name: str, key: TicketKey) -> bytes | None:
        """The bytes; None for what is not there, is not of this ticket, or was damaged."""
        if not _ID.fullmatch(name):
            return None
        try:
            data = self._path(number, name).read_bytes()
        except FileNotFoundError:
            return None
        start = len(_MARK) + _NONCE
        if not data.startswith(_MARK) or len(data) <= start:
            return None
        try:
            return ChaCha20Poly1305(key.key).decrypt(data[len(_MARK) : start], data[start:], _about(number, name))
        except InvalidTag:
            return None

    def forget(self, number: str) -> None:
        """Take away everything that lies there for this number."""
        shutil.rmtree(self._folder(number), ignore_errors=True)

    def clear(self, *, now: datetime) -> int:
        """Forget what has been kept its time, and what killed writers left behind; gives how many files."""
        old, gone = (now - KEPT).timestamp(), 0
        for folder in self.folder.glob("??/*"):
            with suppress(FileNotFoundError, NotADirectoryError):
                for path in durable.leftovers(list(folder.iterdir()), older_than=old):
                    path.unlink(missing_ok=True)
                    gone += 1
                if not any(folder.iterdir()):
                    shutil.rmtree(folder, ignore_errors=True)
        return gone

    def _path(self, number: str, name: str) -> Path:
        if not _ID.fullmatch(name):
            raise ValueError(repr(name[:80]))
        return self._folder(number) / name

    def _folder(self, number: str) -> Path:
        of = hashlib.sha256(number.encode()).hexdigest()
        return self.folder / of[:2] / of


def _about(number: str, name: str) -> bytes:
    return canonical({"number": number, "file": name}).encode()
