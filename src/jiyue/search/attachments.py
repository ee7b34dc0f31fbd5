"""The words inside an attachment, read once by its digest: the content behind a digest never changes."""

import logging
from pathlib import Path

from jiyue.checks.reading import matter_of_file

logger = logging.getLogger(__name__)
TEXT_KINDS = frozenset(("pdf", "docx", "xlsx", "txt", "csv", "html", "htm", "pptx", "doc", "xls", "wps", "ofd"))
LARGEST = 60 << 20  # bytes
LONGEST = 400_000  # signs of one attachment that are looked up


def text_of(path: Path, name: str) -> str | None:
    """The text of a file, at most LONGEST signs; None when it cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            return None
        matter = matter_of_file(path.read_bytes(), name)
    except OSError:
        logger.exception("attachment %s", name)
        return None
    return matter.text[:LONGEST] if matter.text or not matter.troubles else None
