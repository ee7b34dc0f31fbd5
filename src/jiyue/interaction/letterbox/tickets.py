"""Tickets: what a sender may know of a case, each locked by the query code that the sender alone has."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from jiyue.domain.canonical import canonical
from jiyue.domain.letters import CODE_DIGITS
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.interaction.letterbox.stored import TicketKey

_MARK = b"JYT1"
_SALT, _NONCE = 16, 12
# Ten digits at this cost: whoever stole the files computes for most of a year of one processor for each ticket, and a
# letter costs the counter three milliseconds. (Eight digits at sixteen times the cost would protect less.)
_COST: Final = 10  # binary logarithm of scrypt's n; each ticket names its own
_COSTS = range(10, 19)
_FILE, _FOLDER = 0o600, 0o700


@dataclass(frozen=True)
class Opened:
    """A ticket that its code opened: what it says, and the key that proves so."""

    state: dict[str, Any]
    key: TicketKey


class Tickets:
    """The tickets of one home."""

    def __init__(self, home: Home) -> None:
        self.folder = home.letters / "tickets"

    def new_code(self) -> str:
        return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"

    def issue(self, code: str) -> TicketKey:
        """A key that this code and a fresh salt lead to."""
        salt = bytes([_COST]) + secrets.token_bytes(_SALT)
        return TicketKey(salt, _key(code, salt))

    def create(self, number: str, key: TicketKey, state: Mapping[str, Any]) -> None:
        """The first ticket of a case. Raises FileExistsError when the number is taken."""
        path = self._path(number)
        fresh = not path.parent.exists()
        path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        durable.write_new(path, _sealed(number, key, state), mode=_FILE)
        durable.settle(path.parent)
        if fresh:
            durable.settle(self.folder)

    def write(self, number: str, key: TicketKey, state: Mapping[str, Any]) -> None:
        """What the sender reads from now on, in one step; also where the ticket was lost."""
        path = self._path(number)
        path.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        durable.replace(path, _sealed(number, key, state), mode=_FILE)

    def has(self, number: str) -> bool:
        """Is there a ticket of this number, whatever it is of?"""
        return self._path(number).exists()

    def read(self, number: str, code: str) -> dict[str, Any] | None:
        """What the sender of this case may know; None for a wrong code as for a number that nobody has."""
        opened = self.open(number, code)
        return opened.state if opened else None

    def open(self, number: str, code: str) -> Opened | None:
        """As `read`, with the key. A number that nobody has takes as long as a wrong code."""
        try:
            data = self._path(number).read_bytes()
        except FileNotFoundError:
            data = b""
        salt, nonce, sealed = _parts(data) or (bytes([_COST]) + bytes(_SALT), b"", b"")
        key = TicketKey(salt, _key(code, salt))
        try:
            state = json.loads(ChaCha20Poly1305(key.key).decrypt(nonce, sealed, number.encode())) if sealed else None
        except InvalidTag:
            return None
        return Opened(state, key) if isinstance(state, dict) else None

    def _path(self, number: str) -> Path:
        name = hashlib.sha256(number.encode()).hexdigest()
        return self.folder / name[:2] / name


def _key(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(code.encode(), salt=salt[1:], n=1 << salt[0], r=8, p=1, maxmem=1 << 29, dklen=32)


def _sealed(number: str, key: TicketKey, state: Mapping[str, Any]) -> bytes:
    nonce = os.urandom(_NONCE)
    sealed = ChaCha20Poly1305(key.key).encrypt(nonce, canonical(dict(state)).encode(), number.encode())
    return _MARK + key.salt + nonce + sealed


def _parts(data: bytes) -> tuple[bytes, bytes, bytes] | None:
    start, middle = len(_MARK), len(_MARK) + 1 + _SALT
    if not data.startswith(_MARK) or len(data) <= middle + _NONCE or data[start] not in _COSTS:
        return None
    return data[start:middle], data[middle : middle + _NONCE], data[middle + _NONCE :]
