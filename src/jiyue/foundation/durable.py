"""Writing so that a crash, a full disk or a kill leaves either the old file or the new one, never a part."""

import errno
import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# EFBIG: a quota by RLIMIT_FSIZE; to the person it is the same trouble.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def is_full(error: OSError) -> bool:
    return error.errno in FULL


def beside(path: Path) -> Path:
    """A name for a temporary neighbour that no other process uses; it begins with `.tmp-`."""
    return path.with_name(f".tmp-{os.getpid()}-{secrets.token_hex(6)}")


def write_new(path: Path, data: bytes, *, mode: int, settled: bool = True) -> None:
    """Create `path` with `data`; raises FileExistsError. After any other OSError nothing is left of it.

    `settled` waits until the bytes are on the disk.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(descriptor, "wb", buffering=0) as file:
            write_all(file.fileno(), data)
            os.fchmod(file.fileno(), mode)
            if settled:
                os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte: a short write is what a full disk answers first."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def replace(path: Path, data: bytes, *, mode: int) -> None:
    """Put `data` in the place of `path` in one step, on the disk before it returns."""
    temporary = beside(path)
    write_new(temporary, data, mode=mode)
    move(temporary, path)


def move(temporary: Path, path: Path) -> None:
    """Rename over `path` and settle the folder; when that fails the temporary file is removed."""
    try:
        os.rename(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    settle(path.parent)


def settle(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def leftovers(paths: Iterable[Path], *, older_than: float) -> Iterator[Path]:
    """Those last written to before `older_than` (seconds since the epoch); what a living writer takes away is none."""
    for path in paths:
        with suppress(FileNotFoundError):
            if path.lstat().st_mtime < older_than:
                yield path


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock file `path`; waits for its turn. The kernel lets go when the process dies, however it dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
