"""Keys that sign releases: private halves in files that only their owner may read, public halves beside them.

A new key is introduced by a statement that the key before it signs. Whoever trusts the first key can therefore follow
the line to every later one; nothing but `keys/private` is secret.
"""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jiyue.domain.canonical import canonical
from jiyue.domain.release_chain import Problem, PublicKey, check_keys, in_order, key_id_of, stamp
from jiyue.foundation import durable
from jiyue.foundation.home import Home

OWNER_ONLY: Final = 0o600


class KeyMissing(LookupError):
    """There is no key to sign with."""


class KeyExists(RuntimeError):
    """There is a key already; a further one comes by rotation, so that the line of trust is not broken."""


class KeyExposed(PermissionError):
    """Other accounts of the machine can read the private key, or it belongs to another account."""


class KeyDamaged(ValueError):
    """A key file does not hold what such a file must hold."""


class Signature(NamedTuple):
    key_id: str
    value: str  # hexadecimal


class SignatureAlgorithm(Protocol):
    """A way to sign. Its name stands in front of every key id, so that old releases stay verifiable."""

    name: str

    def generate(self) -> bytes: ...

    def public(self, private: bytes) -> bytes: ...

    def sign(self, private: bytes, payload: bytes) -> bytes: ...

    def verify(self, public: bytes, payload: bytes, signature: bytes) -> bool: ...


class Ed25519:
    name = "ed25519"

    def generate(self) -> bytes:
        return Ed25519PrivateKey.generate().private_bytes_raw()

    def public(self, private: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()

    def sign(self, private: bytes, payload: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(private).sign(payload)

    def verify(self, public: bytes, payload: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, payload)
        except (InvalidSignature, ValueError):
            return False
        return True


ALGORITHMS: Final[Mapping[str, SignatureAlgorithm]] = {Ed25519.name: Ed25519()}


class TrustedKeys:
    """Public keys by id; enough to verify."""

    def __init__(
        self, keys: tuple[PublicKey, ...], *, algorithms: Mapping[str, SignatureAlgorithm] = ALGORITHMS
    ) -> None:
        self.keys = keys
        self._by_id = {key.key_id: key for key in keys}
        self._algorithms = algorithms

    def verify(self, key_id: str, payload: bytes, signature: str) -> bool:
        """False for an unknown key, an unknown algorithm or a signature that is not even hexadecimal."""
        key = self._by_id.get(key_id)
        algorithm = self._algorithms.get(key.algorithm) if key else None
        if key is None or algorithm is None:
            return False
        try:
            return algorithm.verify(bytes.fromhex(key.public), payload, bytes.fromhex(signature))
        except ValueError:
            return False


class KeyRing:
    """The signing keys of a home. A key signs when its public half is the last of the line."""

    def __init__(
        self,
        home: Home,
        *,
        algorithm: str = Ed25519.name,
        algorithms: Mapping[str, SignatureAlgorithm] = ALGORITHMS,
    ) -> None:
        """`algorithm` is that of keys made from now on."""
        self._private = home.keys / "private"
        self._public = home.keys / "public"
        self._lock = home.keys / ".lock"
        self._algorithm = algorithm
        self._algorithms = algorithms

    def create(self, *, now: datetime) -> PublicKey:
        """Make the first key. Raises KeyExists."""
        with durable.locked(self._lock):
            if self.public_keys():
                raise KeyExists(str(self._public))
            return self._introduce(None, now)

    def ensure(self, *, now: datetime) -> PublicKey:
        """The active key; makes the first one when there is none."""
        with durable.locked(self._lock):
            keys = self.public_keys()
            return keys[-1] if keys else self._introduce(None, now)

    def rotate(self, *, now: datetime) -> PublicKey:
        """Make a new key, introduced by the active one; from now on the new one signs. Raises KeyMissing.

        The public copies at /.well-known/ name the new key after the next release or `Deployer.recover`.
        """
        with durable.locked(self._lock):
            return self._introduce(self.active(), now)

    def active(self) -> PublicKey:
        """The key that signs now. Raises KeyMissing."""
        keys = self.public_keys()
        if not keys:
            raise KeyMissing(str(self._public))
        return keys[-1]

    def public_keys(self) -> tuple[PublicKey, ...]:
        """All keys that ever signed, from the first to the active one."""
        every = self.every_public_key()
        return in_order(every, TrustedKeys(every, algorithms=self._algorithms).verify)

    def every_public_key(self) -> tuple[PublicKey, ...]:
        """As they lie in the folder, also those outside the line of trust. Raises KeyDamaged."""
        return tuple(_read_public(file) for file in sorted(self._public.glob("*.json")))

    def trusted(self) -> TrustedKeys:
        """The keys of the line of trust."""
        return TrustedKeys(self.public_keys(), algorithms=self._algorithms)

    def problems(self) -> list[Problem]:
        return check_keys(self.every_public_key(), self.public_keys())

    def sign(self, payload: bytes) -> Signature:
        """Raises KeyMissing, KeyExposed."""
        return self.sign_with(self.active(), payload)

    def sign_with(self, key: PublicKey, payload: bytes) -> Signature:
        algorithm = self._algorithms[key.algorithm]
        private = _read_private(self._private_file(key.key_id))
        return Signature(key.key_id, algorithm.sign(private, payload).hex())

    def _introduce(self, old: PublicKey | None, now: datetime) -> PublicKey:
        # The private half first: a crash in between leaves a key that nobody names, and the old one stays active.
        algorithm = self._algorithms[self._algorithm]
        private = algorithm.generate()
        public = algorithm.public(private)
        key_id = key_id_of(algorithm.name, public)
        self._private.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._public.mkdir(mode=0o755, exist_ok=True)
        durable.write_new(self._private_file(key_id), private.hex().encode(), mode=OWNER_ONLY)
        introducer = old.key_id if old else key_id
        unsigned = PublicKey(key_id, public.hex(), stamp(now), introducer)
        signature = self.sign_with(old or unsigned, unsigned.signed_bytes)
        key = replace(unsigned, signature=signature.value)
        durable.replace(self._public / f"{key_id}.json", canonical(asdict(key)).encode() + b"\n", mode=0o644)
        return key

    def _private_file(self, key_id: str) -> Path:
        return self._private / f"{key_id}.key"


def read_secret(path: Path) -> bytes:
    """The content of a file that only its owner may read. Raises KeyMissing, KeyExposed."""
    try:
        with path.open("rb") as file:
            _refuse_exposed(path, os.fstat(file.fileno()))
            return file.read()
    except FileNotFoundError as error:
        raise KeyMissing(str(path)) from error


def _refuse_exposed(path: Path, found: os.stat_result) -> None:
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o077:
        raise KeyExposed(f"{path} has mode {mode:04o}: other accounts can reach it. Mend it with: chmod 600 {path}")
    if found.st_uid != os.geteuid():
        raise KeyExposed(f"{path} belongs to account {found.st_uid}, not to the one that runs this ({os.geteuid()})")


def _read_private(file: Path) -> bytes:
    try:
        return bytes.fromhex(read_secret(file).decode())
    except ValueError as error:
        raise KeyDamaged(str(file)) from error


def _read_public(file: Path) -> PublicKey:
    try:
        key = PublicKey(**json.loads(file.read_bytes()))
        bytes.fromhex(key.public)
    except (ValueError, TypeError) as error:
        raise KeyDamaged(str(file)) from error
    return key
