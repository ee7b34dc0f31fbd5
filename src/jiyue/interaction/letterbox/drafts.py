"""Files that were taken while a letter is still being written: kept under the token of its form."""

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from jiyue.domain.canonical import canonical
from jiyue.domain.letter_files import judge, refuse_too_many, shown_name
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.interaction.letterbox.stored import checked_token

KEPT_FREE: Final = 256 << 20  # bytes of the disk that files of strangers never take
_ID = re.compile(r"[0-9a-f]{16}")
_FILE, _FOLDER = 0o600, 0o700


class NoRoom(OSError):
    """The disk is so full that no file is taken any more; letters still are."""


@dataclass(frozen=True)
class Kept:
    """A file that was judged and kept; `id` names it in the form."""

    id: str
    name: str
    size: int
    digest: str
    type: str


class Drafts:
    """The files of unfinished letters of one home."""

    def __init__(self, home: Home) -> None:
        self.folder = home.letters / "tmp"

    def keep(self, token: str, name: str, data: bytes) -> Kept:
        """Take a file; the same file twice is one. Raises FileRefused, NoRoom, BadToken and OSError."""
        name = shown_name(name)
        media_type = judge(name, data)
        digest = hashlib.sha256(data).hexdigest()
        kept = Kept(hashlib.sha256(f"{digest}{name}".encode()).hexdigest()[:16], name, len(data), digest, media_type)
        with self._locked(token) as folder:
            others = self._of(folder)
            if kept in others:
                return kept
            refuse_too_many([*(o.name for o in others), name], [*(o.size for o in others), kept.size])
            self._refuse_filling(len(data))
            folder.mkdir(mode=_FOLDER, exist_ok=True)
            durable.replace(folder / f"{kept.id}.data", data, mode=_FILE)
            facts = asdict(kept) | {"at": time.time_ns()}
            durable.replace(folder / f"{kept.id}.json", canonical(facts).encode(), mode=_FILE)
        return kept

    def of(self, token: str) -> tuple[Kept, ...]:
        """The files kept under a token, in the order in which they came."""
        return self._of(self._folder(token))

    def path(self, token: str, kept: Kept) -> Path:
        return self._folder(token) / f"{kept.id}.data"

    def remove(self, token: str, file_id: str) -> None:
        """Put a file away again; nothing happens when there is none of this id."""
        if not _ID.fullmatch(file_id):
            return
        with self._locked(token) as folder:
            for ending in (".json", ".data"):
                (folder / f"{file_id}{ending}").unlink(missing_ok=True)

    def forget(self, token: str) -> None:
        """The letter is in the box, or nobody will send it any more."""
        shutil.rmtree(self._folder(token), ignore_errors=True)

    def _of(self, folder: Path) -> tuple[Kept, ...]:
        found = []
        for path in folder.glob("*.json"):
            facts = json.loads(path.read_bytes())
            found.append((facts.pop("at"), Kept(**facts)))
        return tuple(kept for _at, kept in sorted(found, key=lambda one: one[0]))

    def _refuse_filling(self, size: int) -> None:
        disk = os.statvfs(self.folder)
        if disk.f_bavail * disk.f_frsize - size < KEPT_FREE:
            raise NoRoom(f"{self.folder}: less than {KEPT_FREE} bytes are free")

    @contextmanager
    def _locked(self, token: str) -> Iterator[Path]:
        folder = self._folder(token)
        with durable.locked(lock_of(self.folder, token)):
            yield folder

    def _folder(self, token: str) -> Path:
        return self.folder / checked_token(token)


def lock_of(folder: Path, token: str) -> Path:
    """The lock of a token: one of 256, because a file for each could never be taken away safely."""
    return folder / "locks" / checked_token(token)[:2]
