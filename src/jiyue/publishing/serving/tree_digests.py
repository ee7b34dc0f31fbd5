"""What the tree objects say about a path below trees/: the `expected_digest` of a portal."""

import os
from collections import OrderedDict
from pathlib import Path

from jiyue.domain.digests import algorithm_of, digest_of, fan_of, is_digest
from jiyue.domain.manifests import Entries, TreeDamaged, read

REMEMBERED = 4096


class TreeDigests:
    """Reads tree objects of a home, checks each against its own name, and keeps the last few in memory.

    A tree object that is missing or damaged lists nothing, so nothing below it is served.
    """

    def __init__(self, home: Path | str, *, remembers: int = REMEMBERED) -> None:
        self.objects = Path(home) / "objects"
        self.remembers = remembers
        self._known: OrderedDict[str, Entries] = OrderedDict()

    def __call__(self, path: str) -> str | None:
        """The digest of the file, or of the tree a link leads to; None for what its directory does not list."""
        folder, _, name = path.rpartition("/")
        entry = self._entries(os.path.basename(folder)).get(name)
        return entry.digest if entry else None

    def _entries(self, digest: str) -> Entries:
        entries = self._known.get(digest)
        if entries is not None:
            self._known.move_to_end(digest)
            return entries
        entries = self._read(digest)
        if entries is None:
            return {}
        self._known[digest] = entries
        if len(self._known) > self.remembers:
            self._known.popitem(last=False)
        return entries

    def _read(self, digest: str) -> Entries | None:
        if not is_digest(digest):
            return None
        try:
            data = (self.objects / fan_of(digest) / digest).read_bytes()
            return read(data) if digest_of(data, algorithm_of(digest)) == digest else None
        except (OSError, TreeDamaged):
            return None
