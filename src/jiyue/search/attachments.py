"""The words inside attachments: read once by digest, in a process of its own, while the index goes on without them.

What stands behind a digest never changes, so what was read is kept beside the index. The process gets a path and gives a
file; it has no database, a bound on its memory and on its time, and it ends when nothing is left to read.
"""

import contextlib
import json
import logging
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore

logger = logging.getLogger(__name__)
TEXT_KINDS = frozenset(("pdf", "docx", "xlsx", "txt", "csv", "html", "htm", "pptx", "doc", "xls", "wps", "ofd"))
SECONDS = 120.0  # for one file; what takes longer counts as unreadable
COMMAND = (sys.executable, "-m", "jiyue.search.attachment_reader")

Key: TypeAlias = tuple[str, str]  # digest and kind of a file


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a file; None when it cannot be read."""

    text: str | None


def key_of_file(digest: str, name: str) -> Key | None:
    """How the text of a file is asked for; None for kinds that hold no text."""
    kind = name.rpartition(".")[2].lower()
    return (digest, kind) if kind in TEXT_KINDS else None


class Texts:
    """What was read, a file each in the private folder of the index."""

    def __init__(self, home: Home) -> None:
        self.folder = home.index / "texts"

    def of(self, key: Key) -> Read | None:
        """What was read of a file; None when nobody did yet."""
        try:
            return Read(json.loads(self.path(key).read_bytes()))
        except (FileNotFoundError, ValueError):  # a torn file is read anew
            return None

    def path(self, key: Key) -> Path:
        return self.folder / f"{key[0]}.{key[1]}"

    def note_unread(self, key: Key) -> None:
        """Keep that a file cannot be read."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        self.path(key).write_text("null")

    def forget_unread(self) -> None:
        """What could not be read is tried again: a newer program may be able to."""
        for file in self.folder.glob("*"):
            if file.stat().st_size <= len("null"):
                file.unlink(missing_ok=True)

    def keep_only(self, keys: set[Key]) -> None:
        """Forget what no public page names any more."""
        kept = {self.path(key).name for key in keys}
        for file in self.folder.glob("*"):
            if file.name not in kept:
                file.unlink(missing_ok=True)


class Reader:
    """Has files read, one after the other. Nothing here waits: `finished` is asked at every round."""

    def __init__(self, home: Home, command: tuple[str, ...] = COMMAND) -> None:
        self.texts = Texts(home)
        self.store = ObjectStore(home)
        self.command = command
        self._waiting: dict[Key, None] = {}
        self._reading: Key | None = None
        self._until = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def want(self, key: Key) -> None:
        """Have a file read, unless it is being read or waits."""
        if key != self._reading:
            self._waiting[key] = None

    def finished(self) -> list[Key]:
        """The files that were read, or given up, since the last question; then goes on with the next."""
        done = []
        while (self._reading is not None or self._begin()) and self._has_ended():
            assert self._reading is not None  # noqa: S101 - for the type checker
            done.append(self._reading)
            self._reading = None
        if self._reading is None:
            self.close()
        return done

    def close(self) -> None:
        """End the process; it is started again when there is something to read."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _begin(self) -> bool:
        if not self._waiting:
            return False
        key = next(iter(self._waiting))
        del self._waiting[key]
        self._reading, self._until = key, time.monotonic() + SECONDS
        asked = json.dumps([str(self.store.path(key[0])), key[1], str(self.texts.path(key))]) + "\n"
        if self._process is None:
            self.texts.folder.mkdir(parents=True, exist_ok=True, mode=0o750)
            self._process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        with contextlib.suppress(BrokenPipeError):  # it died; its end is seen below
            assert self._process.stdin is not None  # noqa: S101 - for the type checker
            os.write(self._process.stdin.fileno(), asked.encode())
        return True

    def _has_ended(self) -> bool:
        assert self._process is not None and self._process.stdout is not None and self._reading is not None  # noqa: S101
        ready, _writes, _faults = select.select([self._process.stdout], [], [], 0)
        if not ready and time.monotonic() < self._until:
            return False
        if not ready or not os.read(self._process.stdout.fileno(), 1):
            logger.warning("attachment %s.%s could not be read: %s", *self._reading, "died" if ready else "too slow")
            self.close()
            self.texts.note_unread(self._reading)
        return True
