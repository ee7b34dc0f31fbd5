"""Workbooks (.xlsx) of strangers: opened within bounds, and whatever is wrong with one said as one thing."""

import io
import zipfile
import zlib
from contextlib import suppress
from typing import Any, Final
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MOST_UNPACKED: Final = 80 * 1024 * 1024  # bytes
# A dozen kilobytes of ZIP are millions of empty elements, and openpyxl makes an object of each: counted before it looks.
MOST_PARTS: Final = 5_000  # files in the ZIP
MOST_ELEMENTS: Final = 2_000_000  # in the whole book
MOST_IN_ONE: Final = 50_000  # within one row or one shared string: Excel's 16,384 columns, each with formula and value
MOST_STRINGS: Final = 200_000  # shared ones
MOST_ASIDE: Final = 200_000  # of a part, outside its rows or shared strings: styles, merged cells, conditions
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
        _require_few(archive)
    return load_workbook(io.BytesIO(data), read_only=True, data_only=not formulas)


def _require_few(archive: zipfile.ZipFile) -> None:
    """Raises TooLarge, ValueError for entities. What is no XML is left to openpyxl, as is how a part is used."""
    if len(archive.infolist()) > MOST_PARTS:
        raise TooLarge
    left = MOST_ELEMENTS
    for member in archive.infolist():
        count = _Count(left)
        with archive.open(member) as part, suppress(expat.ExpatError):  # openpyxl stops at the same place
            count.parser.ParseFile(part)
        left -= count.elements


class _Count:
    """The elements of one part, each in a row, in a shared string, or aside. Nothing of it is kept."""

    def __init__(self, left: int) -> None:
        self.left, self.elements, self.strings, self.aside, self.inside = left, 0, 0, 0, 0
        self.depth = self.unit = 0  # `unit` is the depth of the row or string that is open, 0 outside of both
        self.root = self.second = ""
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity

    def _start(self, name: str, _attributes: object) -> None:
        self.depth += 1
        self.elements += 1
        if self.unit:
            self.inside += 1
        else:
            self._aside(name.rpartition(":")[2])
        if self.elements > self.left or self.inside > MOST_IN_ONE:
            raise TooLarge

    def _aside(self, name: str) -> None:
        if self.depth == 1:
            self.root = name
        elif self.depth == 2:
            self.second = name
        is_string = (self.root, self.depth, name) == ("sst", 2, "si")
        if is_string or (self.root, self.second, self.depth, name) == ("worksheet", "sheetData", 3, "row"):
            self.unit, self.inside = self.depth, 0
            self.strings += is_string
        else:
            self.aside += 1
        if self.aside > MOST_ASIDE or self.strings > MOST_STRINGS:
            raise TooLarge

    def _end(self, _name: str) -> None:
        if self.depth == self.unit:
            self.unit = 0
        self.depth -= 1

    def _entity(self, *_declared: object) -> None:
        raise ValueError("entities")
