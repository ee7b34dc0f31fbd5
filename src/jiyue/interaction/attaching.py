"""Attachments on their way from the letter box into the database: the bytes first, under their digest, in the private store."""

from collections.abc import Callable, Iterable
from pathlib import Path

from jiyue.foundation.objects import ObjectStore
from jiyue.interaction.letterbox import StoredFile


def kept_files(store: ObjectStore, files: Iterable[StoredFile], lies_at: Callable[[int], Path]) -> dict[int, str]:
    """The bytes of the attachments, put into the private store before the database names them; digest by number."""
    kept = {}
    for file in files:
        with lies_at(file.n).open("rb") as stream:
            kept[file.n] = store.put_stream(stream)
    return kept
