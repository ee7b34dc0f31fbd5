"""What is sent of a file: its headers, and its bytes when it is small enough to keep in memory."""

import errno
import hashlib
import os
import stat
from collections import OrderedDict
from dataclasses import dataclass, field

from jiyue.domain.digests import algorithm_of, digest_of, hasher, written
from jiyue.publishing.serving import media
from jiyue.publishing.serving.answers import Answer, Large
from jiyue.publishing.serving.trees import READ, ExpectedDigest, ForeignChange

OVERHEAD = 2048  # what an entry costs beside its bytes
REMEMBERED_LARGE = 10_000
CHUNK = 256 * 1024
TAKEN_AWAY = frozenset((errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.EPERM))

Key = tuple[str, str]  # path of the file, address asked for


@dataclass(frozen=True, slots=True)
class Content:
    """One representation of one file, with the answer that sends the whole of it."""

    size: int
    etag: str
    headers: bytes  # without length
    whole: Answer

    def part(self, start: int, count: int) -> Answer:
        headers = self.headers + (
            f"Content-Range: bytes {start}-{start + count - 1}/{self.size}\r\nContent-Length: {count}\r\n".encode()
        )
        large = self.whole.large
        if large is None:
            return Answer(206, headers, self.whole.body[start : start + count])
        return Answer(206, headers, large=Large(large.path, start, count, large.digest))


@dataclass(slots=True)
class Contents:
    """Small files in memory, at most `limit` bytes of them, the least used leaving first.

    The path of a file names the digest of its directory: a new release makes nothing stale, and what it did not
    change stays in memory. Every file is hashed when it is read and compared with what the tree says.
    """

    limit: int
    small_file: int
    expected_digest: ExpectedDigest | None = None
    size: int = 0
    _kept: OrderedDict[Key, Content] = field(default_factory=OrderedDict)
    _verified: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def get(self, key: Key, *, is_packed: bool, varies: bool) -> Content:
        """The file with its headers, from memory or from the disk. Raises `ForeignChange`."""
        content = self._kept.get(key)
        if content is None:
            content = self._load(key, is_packed, varies)
            if content.whole.large is None:
                self._keep(key, content)
        else:
            self._kept.move_to_end(key)
        return content

    def read(self, path: str) -> bytes:
        """The bytes of a small file that the tree lists. Raises `ForeignChange`."""
        fd, facts = _opened(path)
        with open(fd, "rb") as file:
            data = file.read(facts.st_size + 1)
        self._verified_tag(path, data)
        return data

    def _keep(self, key: Key, content: Content) -> None:
        self._kept[key] = content
        self.size += content.size + OVERHEAD
        while self.size > self.limit:
            _, leaving = self._kept.popitem(last=False)
            self.size -= leaving.size + OVERHEAD

    def _load(self, key: Key, is_packed: bool, varies: bool) -> Content:
        path, address = key
        fd, facts = _opened(path)
        with open(fd, "rb") as file:
            if facts.st_size > self.small_file:
                return self._large(key, facts, is_packed, varies)
            data = file.read(self.small_file + 1)
        digest = self._verified_tag(path, data)
        headers = _headers(address, digest, is_packed, varies)
        whole = Answer(200, headers + f"Content-Length: {len(data)}\r\n".encode(), data)
        return Content(len(data), _etag(digest), headers, whole)

    def _large(self, key: Key, facts: os.stat_result, is_packed: bool, varies: bool) -> Content:
        path, address = key
        digest = self._expected(path) if self.expected_digest else None
        tag = digest or f"{facts.st_ino:x}-{facts.st_size:x}-{facts.st_mtime_ns:x}"
        headers = _headers(address, tag, is_packed, varies)
        large = Large(path, 0, facts.st_size, digest)
        whole = Answer(200, headers + f"Content-Length: {facts.st_size}\r\n".encode(), large=large)
        return Content(facts.st_size, _etag(tag), headers, whole)

    def open_large(self, large: Large) -> int:
        """A descriptor of a large file whose content was compared with its digest; slow the first time.

        Raises `ForeignChange`. May run in another thread.
        """
        fd, facts = _opened(large.path)
        identity = (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
        expected = large.digest
        if expected is None or self._verified.get(large.path) == identity:
            return fd
        with open(fd, "rb", closefd=False) as file:
            digest = written(hashlib.file_digest(file, lambda: hasher(algorithm_of(expected))))
        if digest != expected:
            os.close(fd)
            raise ForeignChange(large.path)
        if len(self._verified) >= REMEMBERED_LARGE:
            self._verified.clear()
        self._verified[large.path] = identity
        return fd

    def _verified_tag(self, path: str, data: bytes) -> str:
        """The digest of `data`, after comparing it with the tree when there is something to compare with."""
        expected = self._expected(path) if self.expected_digest else None
        digest = digest_of(data, algorithm_of(expected or ""))
        if expected is not None and digest != expected:
            raise ForeignChange(path)
        return digest

    def _expected(self, path: str) -> str:
        expected = self.expected_digest(path) if self.expected_digest else None
        if expected is None:
            raise ForeignChange(path)
        return expected


def _opened(path: str) -> tuple[int, os.stat_result]:
    """A descriptor of a regular file that was found a moment ago in a tree that never changes.

    Raises `ForeignChange` when it is not so any more, and `OSError` when this machine is in trouble.
    """
    try:
        fd = os.open(path, READ)
    except OSError as error:
        if error.errno in TAKEN_AWAY:
            raise ForeignChange(path) from None
        raise
    facts = os.fstat(fd)
    if not stat.S_ISREG(facts.st_mode):
        os.close(fd)
        raise ForeignChange(path)
    return fd, facts


def _etag(digest: str) -> str:
    return f'"{digest[:32]}"'


def _headers(address: str, tag: str, is_packed: bool, varies: bool) -> bytes:
    name = address + "index.html" if address.endswith("/") else address
    headers = media.headers_for(address, name)
    headers["ETag"] = _etag(tag)
    headers["Accept-Ranges"] = "bytes"
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    if varies:
        headers["Vary"] = "Accept-Encoding"
    return media.encoded(headers)
