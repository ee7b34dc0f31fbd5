"""Receipts: number and code of what was handed in, kept a while for whoever sends the same page twice."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from jiyue.domain.canonical import canonical
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.interaction.letterbox.stored import checked_token

_NONCE = 12
_FILE = 0o600


@dataclass(frozen=True)
class Receipt:
    """What the sender keeps; of a further word, `code` and `ticket` are empty. `at` is UTC in ISO 8601."""

    number: str
    code: str
    at: str


@dataclass(frozen=True)
class Noted:
    """A receipt before (`sent` false) and after its letter is in the box; salt and key of its ticket are hexadecimal.

    `stored` is the token under which the letter lies in the box. It is not that of the form: a page sent again after
    its receipt was forgotten is a new letter, and nobody who sees the box can open receipts.
    """

    receipt: Receipt
    stored: str = ""
    salt: str = ""
    key: str = ""
    sent: bool = False


class Receipts:
    """Sealed by the token, which the form carries and nothing here keeps."""

    def __init__(self, home: Home) -> None:
        self.folder = home.letters / "receipts"

    def write(self, token: str, noted: Noted) -> None:
        """Not waited for until it is on the disk: a kill loses nothing, and after a power cut the same page sent again
        is at worst a second letter with a number of its own. A letter waits for the disk five times as it is.
        """
        nonce = os.urandom(_NONCE)
        sealed = ChaCha20Poly1305(_key(token)).encrypt(nonce, canonical(asdict(noted)).encode(), None)
        path = self._path(token)
        temporary = durable.beside(path)
        durable.write_new(temporary, nonce + sealed, mode=_FILE, settled=False)
        os.rename(temporary, path)

    def read(self, token: str) -> Noted | None:
        """What was noted under this token; a damaged note is none."""
        path = self._path(token)
        try:
            data = path.read_bytes()
            facts = json.loads(ChaCha20Poly1305(_key(token)).decrypt(data[:_NONCE], data[_NONCE:], None))
        except (FileNotFoundError, InvalidTag, ValueError, TypeError, KeyError):
            return None
        return Noted(**{**facts, "receipt": Receipt(**facts["receipt"])})

    def clear(self, *, older_than: float) -> int:
        """Forget those last written before `older_than` (seconds since the epoch); gives how many."""
        old = list(durable.leftovers(self.folder.iterdir(), older_than=older_than))
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _path(self, token: str) -> Path:
        return self.folder / hashlib.sha256(checked_token(token).encode()).hexdigest()


def _key(token: str) -> bytes:
    return hashlib.sha256(f"receipt:{checked_token(token)}".encode()).digest()
