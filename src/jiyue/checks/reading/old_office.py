"""DOC and XLS of Office 97 to 2003: every text such a file keeps, shown or not, with headers, notes and comments.

XLS by xlrd, DOC by its piece table ([MS-DOC] 2.4.1), which holds all parts of the document one after the other. What was
deleted with changes kept is among it. Pictures and embedded objects are not looked into. PPT is not read.
"""

import io
import re
import struct
from collections.abc import Iterator
from datetime import date, timedelta

import xlrd
from xlrd.compdoc import CompDoc, CompDocError

from jiyue.checks.matter import Link, Table, Trouble, whole
from jiyue.checks.reading.bounds import MIB, Bounds, Unread
from jiyue.checks.reading.building import Builder, Span

LARGEST = 30 * MIB  # xlrd takes some ten seconds for this much; a page of numbers has a few kilobytes
_MOST_COLUMNS = 400
# What the reader of compound files and of workbooks is known to raise for a file that somebody broke.
_BROKEN = (
    xlrd.XLRDError, CompDocError, AssertionError, struct.error, LookupError, ValueError, TypeError, ArithmeticError,
    AttributeError, EOFError, MemoryError, RecursionError, NotImplementedError,
)  # fmt: skip
_MAGIC, _ENCRYPTED, _TABLE_1 = 0xA5EC, 0x0100, 0x0200
_OLDEST = 0xC1  # nFib of Word 97; before it the text lay elsewhere
_CLX_AT = 0x1A2
_COMPRESSED = 0x4000_0000
_FIELD = re.compile(r"\x13([^\x13\x14\x15]*)(?:\x14|\x15)")
_HYPERLINK = re.compile(r'HYPERLINK\s+"([^"]{1,2000})"')
# Ends of cells and pages are ends of lines too; what stands for pictures, notes and fields says nothing.
_NOTHING = dict.fromkeys("\x01\x02\x03\x04\x05\x08\x13\x14\x15\x1f", "")
_SIGNS = str.maketrans({"\x0b": "\n", "\x1e": "-", "\xa0": " ", **_NOTHING})


def read_old_office(builder: Builder, content: bytes, name: str, bounds: Bounds) -> None:
    """One file of the old format. Raises Unread: encrypted, damaged, too_large, old_format for what is neither."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unread("encrypted")
    if len(content) > min(LARGEST, bounds.file_bytes):
        raise Unread("too_large")
    try:
        container = CompDoc(content, logfile=io.StringIO())
        if document := container.get_named_stream("WordDocument"):
            _read_document(builder, container, document, bounds)
        elif container.get_named_stream("Workbook") or container.get_named_stream("Book"):
            _read_workbook(builder, content, name)
        else:
            raise Unread("old_format")
    except _BROKEN as error:
        raise Unread("encrypted" if "encrypted" in str(error).lower() else "damaged") from error


# ---- DOC -------------------------------------------------------------------------------------------------------------


def _read_document(builder: Builder, container: CompDoc, document: bytes, bounds: Bounds) -> None:
    magic, version = struct.unpack_from("<HH", document)
    (flags,) = struct.unpack_from("<H", document, 0x0A)
    if magic != _MAGIC or version < _OLDEST:
        raise Unread("old_format")
    if flags & _ENCRYPTED:
        raise Unread("encrypted")
    table = container.get_named_stream("1Table" if flags & _TABLE_1 else "0Table")
    at, length = struct.unpack_from("<II", document, _CLX_AT)
    if not table or not length or at + length > len(table):
        raise Unread("damaged")
    text = whole("".join(_pieces(document, table[at : at + length], most=bounds.characters)))
    for line in re.split(r"[\r\x07\x0c]", text):
        _add_line(builder, line)


def _pieces(document: bytes, clx: bytes, *, most: int) -> Iterator[str]:
    """The text in its order: a piece is a run of one-byte or two-byte signs somewhere in the stream."""
    at = 0
    while clx[at] == 1:  # properties of pieces, which say nothing about the text
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:
        raise Unread("damaged")
    (size,) = struct.unpack_from("<I", clx, at + 1)
    count, begin = (size - 4) // 12, at + 5
    ends = struct.unpack_from(f"<{count + 1}I", clx, begin)
    if count < 1 or ends[-1] > most or list(ends) != sorted(ends):
        raise Unread("damaged" if count < 1 or list(ends) != sorted(ends) else "too_large")
    for number in range(count):
        (place,) = struct.unpack_from("<I", clx, begin + 4 * (count + 1) + 8 * number + 2)
        signs = ends[number + 1] - ends[number]
        if place & _COMPRESSED:
            start = (place & (_COMPRESSED - 1)) // 2
            yield _cut(document, start, signs).decode("cp1252", "replace")
        else:
            yield _cut(document, place, 2 * signs).decode("utf-16-le", "replace")


def _cut(document: bytes, start: int, length: int) -> bytes:
    if start + length > len(document):
        raise Unread("damaged")
    return document[start : start + length]


def _add_line(builder: Builder, line: str) -> None:
    found = [_HYPERLINK.search(field) for field in _FIELD.findall(line)]
    text = _FIELD.sub("", line).translate(_SIGNS).strip()
    start, end = builder.paragraph(text)
    builder.links += [Link(link[1], text, start, end) for link in found if link]


# ---- XLS -------------------------------------------------------------------------------------------------------------


def _read_workbook(builder: Builder, content: bytes, name: str) -> None:
    book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), on_demand=True, ragged_rows=True)
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        _read_sheet(builder, sheet, book.datemode)
        book.unload_sheet(number)
    if "_VBA_PROJECT_CUR".encode("utf-16-le") in content:
        builder.troubles.append(Trouble("macros", {"name": name}))


def _read_sheet(builder: Builder, sheet: xlrd.sheet.Sheet, datemode: int) -> None:
    title = f"工作表“{sheet.name}”{'' if sheet.visibility == 0 else '（隐藏）'}"
    start, rows = builder.length, []
    for row in range(sheet.nrows):
        cells: list[Span] = []
        for column, cell in enumerate(sheet.row(row)[:_MOST_COLUMNS]):
            text = whole(_value(cell, datemode)).strip()
            cells.append(builder.add("cell", text, f"{title} {xlrd.cellname(row, column)}"))
        rows.append(tuple(cells))
    builder.tables.append(Table(start, max(start, builder.length - 1), title, (), tuple(rows)))
    for (row, column), note in sorted(sheet.cell_note_map.items()):
        builder.add("metadata", whole(note.text), f"{title} {xlrd.cellname(row, column)} 的批注")
    for link in sheet.hyperlink_list:
        builder.links.append(Link(whole(link.url_or_path or ""), "", start, start))


def _value(cell: xlrd.sheet.Cell, datemode: int) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE and 1 <= cell.value < 2_958_466:
        first = date(1904, 1, 1) if datemode else date(1899, 12, 30)
        return (first + timedelta(days=int(cell.value))).isoformat()
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return str(int(cell.value)) if cell.value.is_integer() and abs(cell.value) < 1e20 else repr(cell.value)
    return str(cell.value) if cell.ctype == xlrd.XL_CELL_TEXT else ""
