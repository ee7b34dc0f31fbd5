"""Workbooks (.xlsx) of strangers: opened within bounds, and whatever is wrong with one said as one thing."""

import io
import zipfile
import zlib
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MOST_UNPACKED: Final = 80 * 1024 * 1024  # bytes
# What openpyxl and the readers of XML and ZIP below it raise for damaged files: it checks hardly anything itself. A single
# wrong byte can be any of these, when the book is opened or when its rows are read.
UNREADABLE: Final = (
    ArithmeticError, AssertionError, AttributeError, EOFError, InvalidFileException, LookupError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error,
)  # fmt: skip


class TooLarge(Exception):
    """What the file would unpack to is more than this program holds."""


def opened(data: bytes, *, formulas: bool = False) -> Any:
    """The book, to be read row by row. Raises TooLarge, and UNREADABLE here and while its rows are read.

    With `formulas` a cell that holds one tells the formula instead of what it gave when the book was last saved.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
            raise TooLarge
    return load_workbook(io.BytesIO(data), read_only=True, data_only=not formulas)
