"""Putting a tree before the public: one signed release file, then one rename.

The release file is the point of no return. Everything that needs space on the disk is written before it; everything
after it is a rename, and `recover` does those again when the process was killed between them. One lock per host keeps
two processes apart; the kernel frees it when a process dies.
"""

import errno
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from jiyue.domain import manifests
from jiyue.domain.canonical import canonical
from jiyue.domain.digests import SHA256, fan_of
from jiyue.domain.manifests import File
from jiyue.domain.release_chain import PUBLISH, ROLLBACK, PublicKey, Release, ReleaseDamaged, check_host, stamp
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.foundation.keys import KeyRing
from jiyue.foundation.objects import ObjectStore
from jiyue.publishing.reversal import Withdrawn, reversed_to
from jiyue.publishing.trees import Trees

RELEASE_MODE: Final = 0o444
HEADS_MODE: Final = 0o644
# A clock that is set back by time synchronisation moves by less; more would date a release falsely.
CLOCK_TOLERANCE: Final = timedelta(seconds=5)
# Beyond this number one `sync` of everything is quicker than one for each file.
_SETTLE_SINGLY: Final = 256


class BaseMoved(RuntimeError):
    """Another release was switched since `prepare`: prepare again on top of it."""


class DeployFull(OSError):
    """The disk is full. What the public sees has not changed."""


class ChainDamaged(RuntimeError):
    """The newest release file cannot be trusted; `jiyue verify` says more. Nothing was changed."""


class ClockBehind(RuntimeError):
    """The clock shows an earlier time than the newest release: releasing now would date it falsely."""


@dataclass(frozen=True)
class Prepared:
    """A tree that is complete on the disk and may be switched to."""

    host: str
    base: str | None  # root of the release it was made upon; None before the first
    root: str
    changed: tuple[str, ...]  # paths that differ from the base

    @property
    def is_empty(self) -> bool:
        return self.root == self.base


@dataclass(frozen=True)
class Recovered:
    """What had to be done again; all empty when nothing was amiss."""

    host: str
    sequence: int  # of the newest release; 0 when there is none
    actions: tuple[str, ...]  # of "leftovers", "tree", "link", "heads"


@dataclass(frozen=True)
class RolledBack:
    release: Release
    kept: tuple[str, ...]  # paths that did not go back, because they are or lead to something withdrawn


class Deployer:
    """Releases of the hosts of one home. Any number of processes may have one."""

    def __init__(self, home: Home, signer: KeyRing, *, algorithm: str = SHA256) -> None:
        self.home = home
        self.signer = signer
        self.store = ObjectStore(home, algorithm=algorithm)
        self.trees = Trees(home, self.store)

    # ---- reading ---------------------------------------------------------------------------------------------------

    def hosts(self) -> tuple[str, ...]:
        """Hosts that have had a release."""
        return tuple(sorted(folder.name for folder in self.home.releases.iterdir() if folder.is_dir()))

    def sequences(self, host: str) -> list[int]:
        folder = self.home.release_folder(check_host(host))
        names = os.listdir(folder) if folder.is_dir() else []
        return sorted(int(name[:8]) for name in names if len(name) == 13 and name[:8].isdecimal())

    def releases(self, host: str) -> tuple[Release, ...]:
        """All releases, oldest first. Raises ChainDamaged for a file that is no release."""
        return tuple(self.release(host, sequence) for sequence in self.sequences(host))

    def release(self, host: str, sequence: int) -> Release:
        """Raises LookupError when there is no such release, ChainDamaged when it cannot be read."""
        file = self.home.release_file(check_host(host), sequence)
        try:
            return Release.read(file.read_bytes())
        except FileNotFoundError as error:
            raise LookupError(f"{host}: no release {sequence}") from error
        except ReleaseDamaged as error:
            raise ChainDamaged(str(file)) from error

    def newest(self, host: str) -> Release | None:
        sequences = self.sequences(host)
        return self.release(host, sequences[-1]) if sequences else None

    def find(self, host: str, path: str) -> File | None:
        """The file that the newest release has at `path`."""
        newest = self.newest(host)
        entry = manifests.find(newest.root, path, self.store.get) if newest else None
        return entry.file if entry and entry.kind == manifests.FILE else None

    def standing(self, host: str) -> tuple[Release | None, Callable[[str], bytes | None]]:
        """The newest release, and what gives the bytes that it has at an address.

        That raises ObjectMissing and ObjectDamaged with the digest of what is lost.
        """
        newest = self.newest(host)

        def read(address: str) -> bytes | None:
            found = manifests.find(newest.root, address.lstrip("/"), self.store.get) if newest else None
            return self.store.get(found.file.digest) if found and found.kind == manifests.FILE else None

        return newest, read

    # ---- publishing ------------------------------------------------------------------------------------------------

    def prepare(self, host: str, changes: Mapping[str, File | None]) -> Prepared:
        """Make the tree that follows from the newest release and `changes`, whole, checked and on the disk.

        Nothing public changes. The objects of `changes` must be in the store. Raises BadPath, PathConflict,
        ObjectMissing, ObjectDamaged (also for a wrong size) and DeployFull.
        """
        newest = self.newest(host)
        return self.prepare_upon(host, newest.root if newest else None, changes)

    def prepare_upon(self, host: str, base: str | None, changes: Mapping[str, File | None]) -> Prepared:
        """As `prepare`, upon another root."""
        check_host(host)
        with _telling_full(), self.trees.in_use():
            applied = manifests.apply(changes, root=base, load=self.store.get, algorithm=self.store.algorithm)
            for data in applied.objects.values():
                self.store.put(data)
            changed = list(manifests.diff(base, applied.root, self.store.get))
            files = {difference.after for difference in changed if difference.after}
            for file in files:
                self.store.check(file.digest, size=file.size)
            folders = self.trees.materialise(applied.root)
            self._settle(files, applied.objects, folders)
        return Prepared(host, base, applied.root, tuple(difference.path for difference in changed))

    def switch(
        self,
        prepared: Prepared,
        *,
        now: datetime,
        ledger_head: str,
        kind: str = PUBLISH,
        reason: str = "",
        restores: int = 0,
    ) -> Release:
        """Make `prepared` public. What is equal to what is public already needs no release: the newest one is given.

        1. the release file, signed; 2. the symbolic link; 3. the public copy of the chain head. Raises BaseMoved,
        ClockBehind, ChainDamaged, DeployFull; after each of them the old pages stand.
        """
        with _telling_full(), self._alone(prepared.host):
            newest = self._recovered(prepared.host, [])
            if (newest.root if newest else None) != prepared.base:
                raise BaseMoved(prepared.host)
            if newest and prepared.is_empty and kind == PUBLISH:
                return newest
            self.trees.materialise(prepared.root)
            key = self.signer.active()
            draft = Release(
                host=prepared.host,
                sequence=newest.sequence + 1 if newest else 1,
                parent=newest.digest if newest else "",
                root=prepared.root,
                at=stamp(_honest(now, newest)),
                ledger_head=ledger_head,
                kind=kind,
                reason=reason,
                restores=restores,
                key_id=key.key_id,
            )
            return self._switch(self._signed(draft, key))

    def recover(self, host: str) -> Recovered:
        """Bring link and public copy to the newest release. For the start, after a kill, and after a key rotation.

        It may be run at any time, also when nothing is amiss. Raises ChainDamaged, ObjectMissing, DeployFull.
        """
        actions: list[str] = []
        with _telling_full(), self._alone(check_host(host)):
            newest = self._recovered(host, actions)
        return Recovered(host, newest.sequence if newest else 0, tuple(actions))

    # ---- going back --------------------------------------------------------------------------------------------------

    def rollback(
        self, host: str, *, to_sequence: int, reason: str, now: datetime, ledger_head: str, keep: Withdrawn = ()
    ) -> RolledBack:
        """Bring back the tree of an earlier release, by a new release.

        `keep` says which paths were withdrawn since (or: a function that says it of a path): they stay as they are
        today, and so does every file whose old bytes hold the address of one of them. Raises LookupError for a release
        that never was, and as `prepare` and `switch`.
        """
        newest = self.newest(host)
        if newest is None:
            raise LookupError(f"{host}: no release")
        old = self.release(host, to_sequence)
        reversal = reversed_to(old.root, newest.root, store=self.store, keep=keep)
        prepared = self.prepare_upon(host, newest.root, reversal.changes)
        release = self.switch(
            prepared, now=now, ledger_head=ledger_head, kind=ROLLBACK, reason=reason, restores=to_sequence
        )
        return RolledBack(release, reversal.kept)

    # ---- steps -------------------------------------------------------------------------------------------------------

    def _switch(self, release: Release) -> Release:
        pending = _Pending(self.home, release.host)
        pending.clear()
        try:
            pending.release.parent.mkdir(mode=0o750, exist_ok=True)
            durable.write_new(pending.release, release.file, mode=RELEASE_MODE)
            pending.write_link(release.root)
            pending.write_heads(self._heads(release))
            durable.move(pending.release, self.home.release_file(release.host, release.sequence))
            pending.place_link()
            pending.place_heads()
        finally:
            pending.clear()
        return release

    def _recovered(self, host: str, actions: list[str]) -> Release | None:
        pending = _Pending(self.home, host)
        if pending.clear():
            actions.append("leftovers")
        newest = self.newest(host)
        if newest is None:
            return None
        self._refuse_false(newest, host)
        if self.trees.materialise(newest.root):
            actions.append("tree")
        if _link(self.home.public_root(host)) != public_target(newest.root):
            pending.write_link(newest.root)
            pending.place_link()
            actions.append("link")
        heads = self._heads(newest)
        if _content(self.home.heads_file(host)) != heads:
            pending.write_heads(heads)
            pending.place_heads()
            actions.append("heads")
        return newest

    def _refuse_false(self, newest: Release, host: str) -> None:
        genuine = self.signer.trusted().verify(newest.key_id, newest.signed_bytes, newest.signature)
        if not genuine or newest.host != host or newest.sequence != self.sequences(host)[-1]:
            raise ChainDamaged(str(self.home.release_file(host, self.sequences(host)[-1])))

    def _signed(self, draft: Release, key: PublicKey) -> Release:
        return replace(draft, signature=self.signer.sign_with(key, draft.signed_bytes).value)

    def _heads(self, release: Release) -> bytes:
        return heads_bytes(release, self.signer.public_keys())

    def _settle(self, files: Iterable[File], trees: Iterable[str], folders: Iterable[Path]) -> None:
        objects = [self.store.path(digest) for digest in {*(file.digest for file in files), *trees}]
        paths = {*objects, *folders}
        if len(paths) > _SETTLE_SINGLY:
            os.sync()
            return
        for path in paths | {path.parent for path in paths}:
            durable.settle(path)

    @contextmanager
    def _alone(self, host: str) -> Iterator[None]:
        with durable.locked(self.home.releases / f".lock-{host}"), self.trees.in_use():
            yield


class _Pending:
    """The three files of a switch before they get their names. Their names are fixed: the lock of the host guards them,
    and whoever holds it may clear what a killed process left.
    """

    def __init__(self, home: Home, host: str) -> None:
        self.home = home
        self.host = host
        self.release = home.release_folder(host) / ".new"
        self.link = home.deployed / f".new-{host}"
        self.heads = home.heads_file(host).with_name(".new")

    def write_link(self, root: str) -> None:
        os.symlink(public_target(root), self.link)

    def write_heads(self, data: bytes) -> None:
        self.heads.parent.mkdir(mode=0o755, exist_ok=True)
        durable.write_new(self.heads, data, mode=HEADS_MODE)

    def place_link(self) -> None:
        durable.move(self.link, self.home.public_root(self.host))

    def place_heads(self) -> None:
        durable.move(self.heads, self.home.heads_file(self.host))

    def clear(self) -> bool:
        """Was there anything to clear?"""
        left = [path for path in (self.release, self.link, self.heads) if os.path.lexists(path)]
        for path in left:
            path.unlink()
        return bool(left)


def heads_bytes(release: Release, keys: Iterable[PublicKey]) -> bytes:
    """What /.well-known/jiyue-release.json says: the newest release, its digest, and the keys from the first on."""
    fields = {"release": asdict(release), "digest": release.digest, "keys": [asdict(key) for key in keys]}
    return canonical(fields).encode() + b"\n"


def read_heads(data: bytes) -> Release:
    """The release of which `heads_bytes` told. Raises ReleaseDamaged; its signature is not checked here."""
    try:
        return Release.read(canonical(json.loads(data)["release"]).encode() + b"\n")
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseDamaged(str(error)) from error


def public_target(root: str) -> str:
    """What the symbolic link of a host says when `root` is public."""
    return f"../trees/{fan_of(root)}/{root}"


def _link(path: Path) -> str:
    try:
        return os.readlink(path)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EINVAL):
            return ""
        raise


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _honest(now: datetime, newest: Release | None) -> datetime:
    if newest is None or now >= newest.moment:
        return now
    if newest.moment - now > CLOCK_TOLERANCE:
        raise ClockBehind(f"{newest.host}: newest release {newest.at}, clock {stamp(now)}")
    return newest.moment


@contextmanager
def _telling_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if durable.is_full(error):
            raise DeployFull(error.errno, error.strerror, error.filename) from error
        raise
