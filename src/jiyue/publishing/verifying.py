"""Is what the public sees exactly what was signed? Answered from the files alone: no database, no trust in anyone.

Checked: the line of keys; each release file (form, sequence, parent, time, signature); that the public root and the
published chain head are those of the newest release; every directory and every byte of that release; and that the
originals of all earlier releases are still in the object store, so that one can go back to them.
"""

import errno
import json
import os
import stat
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, TextIO

from jiyue.domain import manifests
from jiyue.domain.digests import algorithm_of, digest_of, fan_of, hasher, written
from jiyue.domain.manifests import Entries, Entry, TreeDamaged
from jiyue.domain.release_chain import Problem, PublicKey, Release, ReleaseDamaged, check_chain, check_host
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.foundation.keys import KeyDamaged, KeyRing, TrustedKeys
from jiyue.foundation.objects import READ_ONLY, ObjectDamaged, ObjectMissing, ObjectStore
from jiyue.publishing.deploying import heads_bytes, public_target, read_heads
from jiyue.publishing.problem_wording import CHINESE, sentence
from jiyue.publishing.trees import SEALED, link_target

# Fewer directories are checked sooner than a second process has started.
_WORTH_A_PROCESS: Final = 500
_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class HostReport:
    host: str
    releases: int
    sequence: int  # of the newest release; 0 when none can be read
    root: str
    at: str


@dataclass(frozen=True)
class Report:
    hosts: tuple[HostReport, ...]
    problems: tuple[Problem, ...]
    directories: int
    files: int
    bytes: int
    seconds: float
    deep: bool

    @property
    def is_clean(self) -> bool:
        return not self.problems

    def as_json(self, language: str = CHINESE) -> dict[str, Any]:
        """Plain data for `--json`; each problem carries its sentence."""
        problems = [{**problem._asdict(), "message": sentence(problem, language)} for problem in self.problems]
        return {
            "clean": self.is_clean,
            "deep": self.deep,
            "hosts": [vars(host) for host in self.hosts],
            "directories": self.directories,
            "files": self.files,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "problems": problems,
        }


@dataclass
class _Tally:
    problems: list[Problem] = field(default_factory=list)
    directories: int = 0
    files: int = 0
    bytes: int = 0

    def add(self, other: "_Tally") -> None:
        self.problems += other.problems
        self.directories += other.directories
        self.files += other.files
        self.bytes += other.bytes


def verify(
    home: Home, host: str | None = None, *, deep: bool = True, first_key: str = "", witness: bytes = b""
) -> Report:
    """Check one host or all. `deep` reads every byte; without it sizes, modes and entries are compared.

    Whoever owns the keys could write the whole chain anew. Two things from elsewhere find that: `first_key`, the id of
    the key that one trusts, and `witness`, an earlier copy of /.well-known/jiyue-release.json of any host. Raises
    LookupError for a host of which there is no trace, ReleaseDamaged for a witness that is no such copy.
    """
    started = time.perf_counter()
    ring = KeyRing(home)
    tally = _Tally()
    trusted = _trusted(ring, tally, first_key)
    if witness:
        tally.problems += _witness_problems(home, witness)
    checks = [_HostCheck(home, name, trusted, tally) for name in _hosts(home, host)]
    for check in checks:
        check.check_chain()
    _check_trees(home, checks, tally, deep=deep)
    if deep:
        for check in checks:
            check.check_originals()
    return Report(
        hosts=tuple(check.report() for check in checks),
        problems=tuple(tally.problems),
        directories=tally.directories,
        files=tally.files,
        bytes=tally.bytes,
        seconds=time.perf_counter() - started,
        deep=deep,
    )


def print_json(report: Report, language: str = CHINESE, stream: TextIO | None = None) -> None:
    """Exactly one JSON document, to standard output unless told otherwise."""
    json.dump(report.as_json(language), stream or sys.stdout, ensure_ascii=False, indent=1)
    (stream or sys.stdout).write("\n")


# ---- hosts and keys ----------------------------------------------------------------------------------------------


def _hosts(home: Home, host: str | None) -> list[str]:
    known = {name for folder in (home.releases, home.deployed, home.heads) for name in _names(folder)}
    if host is None:
        return sorted(known)
    if check_host(host) not in known:
        raise LookupError(host)
    return [host]


def _names(folder: Path) -> list[str]:
    """Names in a folder, without locks and files of a switch that is under way."""
    return [name for name in os.listdir(folder) if not name.startswith(".")] if folder.is_dir() else []


def _trusted(ring: KeyRing, tally: _Tally, first_key: str) -> TrustedKeys:
    try:
        trusted = ring.trusted()
        tally.problems += ring.problems()
    except KeyDamaged as error:
        tally.problems.append(Problem("key-damaged", str(error)))
        return TrustedKeys(())
    found = trusted.keys[0].key_id if trusted.keys else ""
    if first_key and found != first_key:
        tally.problems.append(Problem("anchor-differs", "keys/public", first_key, found))
    return trusted


def _witness_problems(home: Home, witness: bytes) -> Iterator[Problem]:
    release = read_heads(witness)
    file = home.release_file(release.host, release.sequence)
    found = digest_of(file.read_bytes(), algorithm_of(release.root)) if file.is_file() else ""
    if found != release.digest:
        yield Problem("witness-differs", f"releases/{release.host}/{file.name}", release.digest, found)


class _HostCheck:
    """What can be said of one host."""

    def __init__(self, home: Home, host: str, trusted: TrustedKeys, tally: _Tally) -> None:
        self.home = home
        self.host = host
        self.trusted = trusted
        self.tally = tally
        self.releases: list[Release] = []
        self.count = 0

    @property
    def newest(self) -> Release | None:
        return self.releases[-1] if self.releases else None

    def report(self) -> HostReport:
        newest = self.newest
        if newest is None:
            return HostReport(self.host, self.count, 0, "", "")
        return HostReport(self.host, self.count, newest.sequence, newest.root, newest.at)

    def check_chain(self) -> None:
        """Releases, public root and chain head as of one moment."""
        with _still(self.home, self.host):
            files = self._release_files()
            link = self._link()
            heads = self._heads()
        self.count = len(files)
        self.tally.problems += check_chain(self.host, files, self.trusted.keys, self.trusted.verify)
        self.releases = sorted(_readable(files), key=lambda release: release.sequence)
        self.tally.problems += self._root_problems(link)
        self.tally.problems += self._heads_problems(heads, self.trusted.keys)

    def check_originals(self) -> None:
        """The objects of all releases before the newest, which was checked byte by byte."""
        store = ObjectStore(self.home)
        seen: set[str] = set()
        for release in self.releases[:-1]:
            path = f"releases/{self.host}/{release.sequence:08d}.json"
            self.tally.problems += _original_problems(store, release.root, path, seen)

    def _release_files(self) -> dict[str, bytes]:
        folder = self.home.release_folder(self.host)
        return {name: (folder / name).read_bytes() for name in _names(folder)}

    def _link(self) -> str | None:
        path = self.home.public_root(self.host)
        if not os.path.lexists(path):
            return None
        return os.readlink(path) if path.is_symlink() else _kind_of(path.lstat())

    def _heads(self) -> bytes | None:
        file = self.home.heads_file(self.host)
        return file.read_bytes() if file.is_file() else None

    def _root_problems(self, found: str | None) -> Iterator[Problem]:
        path = f"deployed/{self.host}"
        if self.newest is None:
            if found is not None:
                yield Problem("root-foreign", path, found=found)
            return
        expected = public_target(self.newest.root)
        if found is None:
            yield Problem("root-missing", path, expected)
        elif found != expected:
            yield Problem("root-differs", path, expected, found)

    def _heads_problems(self, found: bytes | None, keys: Iterable[PublicKey]) -> Iterator[Problem]:
        path = f"heads/{self.host}/jiyue-release.json"
        if self.newest is None:
            return
        if found is None:
            yield Problem("heads-missing", path)
        elif found != heads_bytes(self.newest, keys):
            yield Problem("heads-differ", path)


@contextmanager
def _still(home: Home, host: str) -> Iterator[None]:
    """Keep switches of the host away for a moment; a home that nobody can write needs no lock."""
    writable = os.access(home.releases, os.W_OK)
    with durable.locked(home.releases / f".lock-{host}") if writable else nullcontext():
        yield


def _readable(files: Mapping[str, bytes]) -> Iterator[Release]:
    for data in files.values():
        try:
            yield Release.read(data)
        except ReleaseDamaged:
            continue  # `check_chain` has reported it


def _original_problems(store: ObjectStore, root: str, path: str, seen: set[str]) -> Iterator[Problem]:
    try:
        for _, entries in manifests.trees(root, store.get, seen):
            for entry in entries.values():
                if entry.kind == manifests.FILE and entry.digest not in seen:
                    seen.add(entry.digest)
                    yield from _kept_problems(store, entry, path)
    except (ObjectMissing, ObjectDamaged, TreeDamaged) as error:
        yield _manifest_problem(error, path, root)


def _kept_problems(store: ObjectStore, entry: Entry, path: str) -> Iterator[Problem]:
    try:
        if store.size(entry.digest) != entry.size:
            yield Problem("object-damaged", path, entry.digest)
    except ObjectMissing:
        yield Problem("object-missing", path, entry.digest)


def _manifest_problem(error: Exception, path: str, digest: str) -> Problem:
    code = "manifest-missing" if isinstance(error, ObjectMissing) else "manifest-damaged"
    named = str(error) if isinstance(error, ObjectMissing | ObjectDamaged) else digest
    return Problem(code, path, named)


# ---- directories -------------------------------------------------------------------------------------------------


def _check_trees(home: Home, checks: Iterable[_HostCheck], tally: _Tally, *, deep: bool) -> None:
    jobs: list[tuple[str, str]] = []
    seen: set[str] = set()
    for check in checks:
        if check.newest:
            jobs += _directories(home, check.newest.root, f"deployed/{check.host}", seen, tally)
    for part in _results(partial(_check_directory, home, deep), jobs):
        tally.add(part)


def _directories(home: Home, root: str, path: str, seen: set[str], tally: _Tally) -> Iterator[tuple[str, str]]:
    """Each directory once, with the public path at which it was met first."""
    if root in seen:
        return
    seen.add(root)
    try:
        entries = manifests.read(ObjectStore(home).get(root))
    except (ObjectMissing, ObjectDamaged, TreeDamaged) as error:
        tally.problems.append(_manifest_problem(error, path, root))
        return
    yield root, path
    for name, entry in entries.items():
        if entry.kind == manifests.TREE:
            yield from _directories(home, entry.digest, f"{path}/{name}", seen, tally)


def _results(check: "partial[_Tally]", jobs: list[tuple[str, str]]) -> Iterator[_Tally]:
    # A fork of a process with other threads may inherit a lock that nobody opens: then one after the other.
    workers = min(os.cpu_count() or 1, 8) if threading.active_count() == 1 else 1
    if len(jobs) < _WORTH_A_PROCESS or workers == 1:
        yield from map(check, jobs)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from pool.map(check, jobs, chunksize=max(1, len(jobs) // (workers * 8)))


def _check_directory(home: Home, deep: bool, job: tuple[str, str]) -> _Tally:
    digest, path = job
    tally = _Tally(directories=1)
    entries = manifests.read(ObjectStore(home).get(digest))
    try:
        descriptor = os.open(home.tree_folder(digest), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        tally.problems.append(Problem("directory-missing", path, digest))
        return tally
    try:
        _Directory(home, path, descriptor, tally, deep).check(entries)
    finally:
        os.close(descriptor)
    return tally


@dataclass(frozen=True)
class _Directory:
    home: Home
    path: str
    descriptor: int
    tally: _Tally
    deep: bool

    def check(self, entries: Entries) -> None:
        found = set(os.listdir(self.descriptor))
        self._check_mode(self.path, os.fstat(self.descriptor), SEALED)
        for name in sorted(found - entries.keys()):
            self._report("entry-foreign", name)
        for name, entry in entries.items():
            if name not in found:
                self._report("entry-missing", name, entry.digest)
            elif entry.kind == manifests.TREE:
                self._check_link(name, entry)
            else:
                self._check_file(name, entry)

    def _check_link(self, name: str, entry: Entry) -> None:
        expected = link_target(entry.digest)
        state = os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
        found = os.readlink(name, dir_fd=self.descriptor) if stat.S_ISLNK(state.st_mode) else _kind_of(state)
        if found != expected:
            self._report("entry-replaced", name, expected, found)

    def _check_file(self, name: str, entry: Entry) -> None:
        try:
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=self.descriptor)
        except OSError as error:
            # O_NOFOLLOW answers ELOOP to a symbolic link.
            code = "entry-replaced" if error.errno == errno.ELOOP else "unreadable"
            self._report(code, name, manifests.FILE, error.strerror or "")
            return
        try:
            self._check_open(name, entry, file)
        finally:
            os.close(file)

    def _check_open(self, name: str, entry: Entry, file: int) -> None:
        state = os.fstat(file)
        if not stat.S_ISREG(state.st_mode):
            self._report("entry-replaced", name, manifests.FILE, _kind_of(state))
            return
        self._check_mode(f"{self.path}/{name}", state, READ_ONLY)
        found = _digest_in(file, entry.digest) if self.deep else entry.digest
        if found != entry.digest or state.st_size != entry.size:
            self._report("content-differs", name, f"{entry.digest} ({entry.size})", f"{found} ({state.st_size})")
        self._check_original(name, entry, state, is_same=found == entry.digest)
        self.tally.files += 1
        self.tally.bytes += state.st_size

    def _check_original(self, name: str, entry: Entry, public: os.stat_result, *, is_same: bool) -> None:
        try:
            original = os.stat(f"{self.home.objects}/{fan_of(entry.digest)}/{entry.digest}")
            linked = original.st_ino == public.st_ino and original.st_dev == public.st_dev
            if linked and not is_same:
                self._report("object-damaged", name, entry.digest)
            elif not linked and self.deep:
                ObjectStore(self.home).check(entry.digest, size=entry.size)
        except (ObjectMissing, FileNotFoundError):
            self._report("object-missing", name, entry.digest)
        except ObjectDamaged:
            self._report("object-damaged", name, entry.digest)

    def _check_mode(self, path: str, state: os.stat_result, expected: int) -> None:
        found = stat.S_IMODE(state.st_mode)
        if found != expected:
            self.tally.problems.append(Problem("mode-wrong", path, f"{expected:04o}", f"{found:04o}"))

    def _report(self, code: str, name: str, expected: str = "", found: str = "") -> None:
        self.tally.problems.append(Problem(code, f"{self.path}/{name}", expected, found))


def _digest_in(file: int, like: str) -> str:
    hash_object = hasher(algorithm_of(like))
    while piece := os.read(file, _PIECE):
        hash_object.update(piece)
    return written(hash_object)


def _kind_of(state: os.stat_result) -> str:
    kinds = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "link"}
    return kinds.get(stat.S_IFMT(state.st_mode), "special file")
