"""Tables as CSV and XLSX for the spreadsheet programs of an office."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import BytesIO

from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

_BYTE_ORDER_MARK = "\ufeff"  # Without it Excel reads Chinese as noise.
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML cannot hold them
_MOST_IN_A_CELL = 32_767
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    def write(self, line: str) -> str:
        return line


def as_csv(name: str, rows: Iterable[Iterable]) -> StreamingHttpResponse:
    """A download named `name`.csv, streamed line by line."""
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _lines(rows: Iterable[Iterable]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield _BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_xlsx(
    name: str, title: str, rows: Iterable[Iterable], *, notes: tuple[str, Iterable[Iterable]] | None = None
) -> HttpResponse:
    """A download named `name`.xlsx with one sheet, its first row the heading; `notes` are a second one that explains it.

    Every cell is text, none a formula.
    """
    book = Workbook(write_only=True)
    for heading, lines in [(title, rows), *([notes] if notes else [])]:
        sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", heading)[:31])
        sheet.freeze_panes = "A2"
        for row in lines:
            sheet.append([_text_cell(sheet, cell) for cell in row])
    content = BytesIO()
    book.save(content)
    response = HttpResponse(content.getvalue(), content_type=_WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _text_cell(sheet, cell) -> WriteOnlyCell:
    made = WriteOnlyCell(sheet, _UNPRINTABLE.sub("", harmless(cell))[:_MOST_IN_A_CELL])
    made.data_type = "s"  # also what a program would take for a formula or a date
    return made
