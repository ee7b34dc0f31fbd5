"""Uploads that no row names: what a process left that was killed between writing a file and keeping its row.

They are set aside first and removed a month later: should the program ever be pointed at a wrong or an older database,
nothing is lost that its operator misses within that time.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from jiyue.content.models import Attachment, Picture, PictureRendition

GRACE: Final = timedelta(days=1)  # whoever uploads now has not kept the row yet
KEPT: Final = timedelta(days=30)
ASIDE: Final = ".orphans"


@dataclass(frozen=True)
class Cleared:
    set_aside: int
    removed: int


def clear_uploads(folder: Path, *, now: datetime) -> Cleared:
    """Set aside what is older than GRACE and named by no row; remove what was set aside before KEPT."""
    aside = folder / ASIDE
    removed = [path for path in _files(aside) if path.stat().st_mtime < (now - KEPT).timestamp()]
    for path in removed:
        path.unlink()
    orphans = _orphans(folder, before=(now - GRACE).timestamp())
    for path in orphans:
        target = aside / path.relative_to(folder)
        target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        os.utime(path, (now.timestamp(), now.timestamp()))  # from now on its month is counted
        path.rename(target)
    return Cleared(set_aside=len(orphans), removed=len(removed))


def _orphans(folder: Path, *, before: float) -> list[Path]:
    # Looked for first and asked after: a row kept meanwhile names its file.
    old = [path for path in _files(folder) if path.stat().st_mtime < before and ASIDE not in path.parts]
    named = _named() if old else set()
    return [path for path in old if path.relative_to(folder).as_posix() not in named]


def _named() -> set[str]:
    models = (Picture, PictureRendition, Attachment)
    return {name for model in models for name in model.objects.values_list("file", flat=True).iterator(chunk_size=2000)}


def _files(folder: Path) -> Iterator[Path]:
    for here, _folders, names in os.walk(folder):
        yield from (Path(here, name) for name in names)
