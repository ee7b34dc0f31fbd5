"""What a file of a deployed tree must be, asked by the server before it shows one."""

import os
from functools import lru_cache

from jiyue.domain import manifests
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectDamaged, ObjectMissing, ObjectStore

REMEMBERED = 4096  # manifests of directories


class Fingerprints:
    """`Fingerprints(home)(path)`: the digest that the manifest gives a file, or the tree that a link must lead to.

    None for what no manifest lists, and for a manifest that is missing or damaged: then nothing of it is shown.
    """

    def __init__(self, home: Home) -> None:
        self._store = ObjectStore(home)
        self._entries = lru_cache(maxsize=REMEMBERED)(self._read)

    def __call__(self, path: str) -> str | None:
        folder, name = os.path.split(path)
        try:
            entry = self._entries(os.path.basename(folder)).get(name)
        except (ObjectMissing, ObjectDamaged, manifests.TreeDamaged):
            return None
        return entry.digest if entry else None

    def _read(self, tree: str) -> manifests.Entries:
        return manifests.read(self._store.get(tree))
