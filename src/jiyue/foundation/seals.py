"""Seals on rows of the database: who can write the database but cannot read the key, cannot forge one.

The key file holds one key of 32 bytes a line, `version:hexadecimal`. The last line seals, all of them check.
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from jiyue.domain.canonical import canonical
from jiyue.domain.release_chain import stamp
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.foundation.keys import OWNER_ONLY, KeyDamaged, read_secret

KEY_LENGTH: Final = 32  # bytes
_SEALED_AS: Final = b"jiyue seal 1\n"


class Seals:
    """Makes and checks seals with the key of one home."""

    def __init__(self, home: Home) -> None:
        self._file = home.ledger_key
        self._lock = home.keys / ".lock"
        self._keys: dict[str, bytes] = {}

    def ensure(self) -> None:
        """Make the first key when there is none; several processes may do so at once."""
        with durable.locked(self._lock):
            if not self._file.exists():
                self._write({"v1": secrets.token_bytes(KEY_LENGTH)})

    def rotate(self) -> str:
        """Add a key and seal with it from now on; gives its version. Old seals stay valid. Raises KeyMissing."""
        with durable.locked(self._lock):
            keys = self._read()
            version = f"v{len(keys) + 1}"
            self._write({**keys, version: secrets.token_bytes(KEY_LENGTH)})
        self._keys = {}
        return version

    def seal(self, kind: str, fields: Mapping[str, Any]) -> str:
        """The seal of a row: `version:hexadecimal`. Raises KeyMissing, KeyExposed.

        `fields` hold texts, whole numbers, truth values, None, dates, moments with a zone, and lists and mappings of
        these; a ValueError refuses anything else, because it would not read the same when it comes back.
        """
        keys = self._known()
        version = list(keys)[-1]
        return f"{version}:{_mac(keys[version], kind, fields)}"

    def check_seal(self, kind: str, fields: Mapping[str, Any], seal: str) -> bool:
        """Was `seal` made for exactly this kind and these fields, with a key of this home? Raises as `seal`."""
        version, _, mac = seal.partition(":")
        key = self._known().get(version) or self._known(afresh=True).get(version)
        # Bytes: compare_digest refuses text outside ASCII, and a forged seal may hold anything.
        return key is not None and hmac.compare_digest(_mac(key, kind, fields).encode(), mac.encode())

    def stand_in(self, kind: str, fields: Mapping[str, Any]) -> str:
        """A name that stands for these fields without telling them: always the same in this home, whatever was rotated.

        Raises as `seal`.
        """
        known = self._known()
        return _mac(known[next(iter(known))], kind, fields)

    def _known(self, *, afresh: bool = False) -> dict[str, bytes]:
        # Another process may have rotated: a version that is not known yet is looked up once more.
        if afresh or not self._keys:
            self._keys = self._read()
        return self._keys

    def _read(self) -> dict[str, bytes]:
        try:
            lines = (line.split(":") for line in read_secret(self._file).decode().splitlines())
            keys = {version: bytes.fromhex(key) for version, key in lines}
        except ValueError as error:
            raise KeyDamaged(str(self._file)) from error
        if not keys or any(len(key) != KEY_LENGTH for key in keys.values()):
            raise KeyDamaged(str(self._file))
        return keys

    def _write(self, keys: Mapping[str, bytes]) -> None:
        text = "".join(f"{version}:{key.hex()}\n" for version, key in keys.items())
        durable.replace(self._file, text.encode(), mode=OWNER_ONLY)


def _mac(key: bytes, kind: str, fields: Mapping[str, Any]) -> str:
    sealed = _SEALED_AS + canonical({"kind": kind, "fields": _plain(fields)}).encode()
    return hmac.digest(key, sealed, "sha256").hex()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_name(name): _plain(below) for name, below in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(below) for below in value]
    raise ValueError(f"cannot be sealed: {type(value).__name__}")


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise ValueError(f"the name of a field is text, not {type(name).__name__}")
    return name
