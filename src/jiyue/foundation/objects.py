"""Bytes under their digest. What is stored is never changed; whoever has the digest can prove what it was."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

from jiyue.domain.digests import SHA256, algorithm_of, digest_of, fan_of, hasher, is_digest, written
from jiyue.foundation.durable import is_full, leftovers, write_all
from jiyue.foundation.home import Home

READ_ONLY: Final = 0o444
_PIECE: Final = 1 << 20


class ObjectMissing(LookupError):
    """No object with this digest is in the store."""


class ObjectDamaged(ValueError):
    """The stored bytes do not have the digest under which they lie."""


class StoreFull(OSError):
    """The disk or the quota is used up; nothing of the object was kept."""


class ObjectStore:
    """The objects of one home. Any number of processes may use the same one."""

    def __init__(self, home: Home, *, algorithm: str = SHA256) -> None:
        """`algorithm` is that of new objects; those of another algorithm stay readable."""
        hasher(algorithm)
        self.home = home
        self.algorithm = algorithm
        # Text, not Path, where thousands of objects a second are put.
        self._folder = str(home.objects)

    def path(self, digest: str) -> Path:
        """Where the object lies, or would lie; raises ObjectMissing for text that is no digest."""
        if not is_digest(digest):
            raise ObjectMissing(digest)
        return self.home.object_file(digest)

    def has(self, digest: str) -> bool:
        return is_digest(digest) and self.home.object_file(digest).is_file()

    def size(self, digest: str) -> int:
        """Bytes; raises ObjectMissing."""
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError as error:
            raise ObjectMissing(digest) from error

    def put(self, data: bytes) -> str:
        """Keep `data` and give its digest. Raises StoreFull.

        It is safe against a kill at once, against a power cut after `settle`.
        """
        digest = digest_of(data, self.algorithm)
        if not self._holds(digest, len(data)):
            # Made in the folder in which it stays: ext4 looks for a free inode near the folder a file is made in, and
            # one folder for all new files would make every one of them search the same, full neighbourhood.
            with self._new_file(self._fan(digest)) as (descriptor, temporary):
                write_all(descriptor, data)
                self._keep(temporary, digest)
        return digest

    def put_stream(self, stream: BinaryIO) -> str:
        """As `put`, for what need not fit in memory."""
        with self._new_file(self._folder) as (descriptor, temporary):
            hash_object, size = hasher(self.algorithm), 0
            while piece := stream.read(_PIECE):
                write_all(descriptor, piece)
                hash_object.update(piece)
                size += len(piece)
            digest = written(hash_object)
            if self._holds(digest, size):
                _forget(temporary)
            else:
                self._keep(temporary, digest)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes, checked against their digest. Raises ObjectMissing, ObjectDamaged."""
        try:
            data = self.path(digest).read_bytes()
        except FileNotFoundError as error:
            raise ObjectMissing(digest) from error
        if digest_of(data, algorithm_of(digest)) != digest:
            raise ObjectDamaged(digest)
        return data

    def check(self, digest: str, *, size: int | None = None) -> None:
        """As `get`, without holding the bytes in memory; a `size` in bytes must be that of the object too."""
        hash_object = hasher(algorithm_of(digest))
        if size is not None and self.size(digest) != size:
            raise ObjectDamaged(digest)
        try:
            with self.path(digest).open("rb", buffering=0) as file:
                while piece := file.read(_PIECE):
                    hash_object.update(piece)
        except FileNotFoundError as error:
            raise ObjectMissing(digest) from error
        if written(hash_object) != digest:
            raise ObjectDamaged(digest)

    def digests(self) -> Iterator[str]:
        """Every object in the store, in no order."""
        for folder in self.home.objects.iterdir():
            if folder.is_dir():
                yield from (file.name for file in folder.iterdir() if is_digest(file.name))

    def remove(self, digest: str) -> None:
        """Forget an object; only for `publishing`, which knows what is still referred to."""
        self.path(digest).unlink(missing_ok=True)

    def clear_leftovers(self, *, older_than: float) -> int:
        """Remove what killed writers left behind; `older_than` is a time in seconds since the epoch."""
        names = chain(self.home.objects.glob(".tmp-*"), self.home.objects.glob("*/.tmp-*"))
        found = list(leftovers(names, older_than=older_than))
        for file in found:
            file.unlink(missing_ok=True)
        return len(found)

    def _holds(self, digest: str, size: int) -> bool:
        # A wrong size is a damaged object: write it anew, that heals it.
        try:
            found = os.stat(f"{self._fan(digest)}/{digest}")
        except FileNotFoundError:
            return False
        return found.st_size == size

    def _fan(self, digest: str) -> str:
        return f"{self._folder}/{fan_of(digest)}"

    @contextmanager
    def _new_file(self, folder: str) -> Iterator[tuple[int, str]]:
        temporary = f"{folder}/.tmp-{os.getpid()}-{secrets.token_hex(6)}"
        try:
            descriptor = _created(temporary)
            try:
                os.fchmod(descriptor, READ_ONLY)
                yield descriptor, temporary
            finally:
                os.close(descriptor)
        except BaseException as error:
            _forget(temporary)
            if isinstance(error, OSError) and is_full(error):
                raise StoreFull(error.errno, error.strerror, self._folder) from error
            raise

    def _keep(self, temporary: str, digest: str) -> None:
        folder = self._fan(digest)
        try:
            os.rename(temporary, f"{folder}/{digest}")
        except FileNotFoundError:
            _make(folder)
            os.rename(temporary, f"{folder}/{digest}")


def _created(path: str) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, READ_ONLY)
    except FileNotFoundError:
        _make(os.path.dirname(path))
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, READ_ONLY)


def _make(folder: str) -> None:
    with suppress(FileExistsError):
        os.mkdir(folder, 0o750)


def _forget(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)
