"""Tables as CSV for the spreadsheet programs of an office."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse

_BYTE_ORDER_MARK = "\ufeff"  # Without it Excel reads Chinese as noise.
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
