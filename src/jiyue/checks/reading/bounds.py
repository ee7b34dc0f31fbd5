"""How much of a file is looked at, and how a file says that it cannot be read."""

from dataclasses import dataclass
from typing import Any

MIB = 1024 * 1024


@dataclass(frozen=True)
class Bounds:
    """Sizes in bytes, times in seconds."""

    file_bytes: int = 100 * MIB
    archive_bytes: int = 300 * MIB
    archive_ratio: int = 150
    archive_entries: int = 5_000
    characters: int = 3_000_000
    pdf_pages: int = 1_000
    pdf_seconds: int = 60
    pdf_memory: int = 1024 * MIB


class Unread(Exception):
    """This cannot be read: a stable code, and what the sentence about it needs."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values = code, values
