"""Tree objects as directories that a web server can serve: each once, never changed, shared by all releases.

A directory holds hard links to objects and relative symbolic links to the directories below it. A directory that
exists is complete, and so is everything below it: children come before parents, and a directory gets its name last.

Hard links share their bytes with the object store. Nothing in the project opens such a file for writing (mode 0444),
but an account that may ignore modes could damage both at once: keep the backup elsewhere.
"""

import errno
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jiyue.domain import manifests
from jiyue.domain.digests import fan_of, is_digest
from jiyue.domain.manifests import Entries, Entry
from jiyue.foundation import durable
from jiyue.foundation.durable import beside, is_full, leftovers
from jiyue.foundation.home import Home
from jiyue.foundation.objects import READ_ONLY, ObjectMissing, ObjectStore, StoreFull

log = logging.getLogger(__name__)

SEALED: Final = 0o555
# Another file system, a file system without hard links (or a kernel that protects them), too many links to one file.
_NO_LINK: Final = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP})


class Trees:
    def __init__(self, home: Home, store: ObjectStore) -> None:
        self.home = home
        self.store = store
        self._objects = str(home.objects)

    def path(self, digest: str) -> Path:
        return self.home.tree_folder(digest)

    def has(self, digest: str) -> bool:
        return self.path(digest).is_dir()

    def materialise(self, root: str) -> list[Path]:
        """Make the directory of `root` and all below it; gives those that were not there yet, children first.

        It may be run again at any time and by several processes at once. Where the file system cannot link, files are
        copied and a warning is logged. Raises ObjectMissing, ObjectDamaged and StoreFull, leaving no part of a
        directory behind.
        """
        built: list[Path] = []
        try:
            self._materialise(root, built)
        except OSError as error:
            if is_full(error):
                raise StoreFull(error.errno, error.strerror, str(self.home.trees)) from error
            raise
        return built

    @contextmanager
    def in_use(self, *, collecting: bool = False) -> Iterator[None]:
        """Hold while directories are counted upon; who is `collecting` what nobody needs holds it alone."""
        with durable.locked(self.home.trees / ".lock", shared=not collecting):
            yield

    def digests(self) -> Iterator[str]:
        """Every directory there is, in no order."""
        for fan in self.home.trees.iterdir():
            if fan.is_dir():
                yield from (folder.name for folder in fan.iterdir() if is_digest(folder.name))

    def set_aside(self, digest: str) -> Path:
        """Take a directory away in one step, parents before their children; `discard` what this gives."""
        aside = beside(self.path(digest))
        os.rename(self.path(digest), aside)
        return aside

    def discard(self, folder: Path) -> None:
        """Delete a directory that has no name any more, or none yet."""
        if folder.is_dir():
            folder.chmod(0o755)
            shutil.rmtree(folder)

    def clear_leftovers(self, *, older_than: float) -> int:
        """Remove what killed builders left behind; `older_than` is a time in seconds since the epoch."""
        found = list(leftovers(self.home.trees.glob("*/.tmp-*"), older_than=older_than))
        for folder in found:
            self.discard(folder)
        return len(found)

    def _materialise(self, digest: str, built: list[Path]) -> None:
        if self.has(digest):
            # The collector spares what was asked for lately: see `collecting`.
            os.utime(self.path(digest))
            return
        entries = manifests.read(self.store.get(digest))
        for entry in entries.values():
            if entry.kind == manifests.TREE:
                self._materialise(entry.digest, built)
        built.append(self._build(digest, entries))

    def _build(self, digest: str, entries: Entries) -> Path:
        folder = self.path(digest)
        folder.parent.mkdir(mode=0o755, exist_ok=True)
        temporary = beside(folder)
        temporary.mkdir(mode=0o755)
        try:
            self._fill(temporary, entries)
            # Sealed before the rename: within one parent, renaming needs no right on the folder itself.
            temporary.chmod(SEALED)
            _rename_unless_there(temporary, folder)
        finally:
            self.discard(temporary)
        return folder

    def _fill(self, folder: Path, entries: Entries) -> None:
        # Text, not Path: a list of 100,000 documents is a directory of 10,000 files, built anew for each publication.
        inside, copied = f"{folder}/", 0
        for name, entry in entries.items():
            if entry.kind == manifests.TREE:
                os.symlink(link_target(entry.digest), inside + name)
            elif not self._linked(entry, inside + name):
                copied += 1
        if copied:
            log.warning("%s: %d files copied, because the file system refused to link them", folder, copied)

    def _linked(self, entry: Entry, path: str) -> bool:
        source = f"{self._objects}/{fan_of(entry.digest)}/{entry.digest}"
        try:
            os.link(source, path)
        except FileNotFoundError as error:
            raise ObjectMissing(entry.digest) from error
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
            shutil.copyfile(source, path)
            os.chmod(path, READ_ONLY)
            return False
        return True


def link_target(digest: str) -> str:
    """What a symbolic link inside a tree directory says to lead to the directory `digest`."""
    return f"../../{fan_of(digest)}/{digest}"


def _rename_unless_there(temporary: Path, folder: Path) -> None:
    try:
        os.rename(temporary, folder)
    except OSError as error:
        # Another process was quicker: its directory is the same, byte for byte.
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST) or not folder.is_dir():
            raise
