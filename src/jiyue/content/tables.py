"""Tables with merged cells, from rows as they are written to the grid of the table block."""

from dataclasses import dataclass
from typing import Any

# Beyond this a grid is an attack or a data file, and belongs into an attachment.
MOST_CELLS = 50_000


@dataclass(frozen=True)
class Cell:
    text: str
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


class TableTooLarge(ValueError):
    """The table has more cells than a page can show."""


def table_value(rows: list[list[Cell]], *, caption: str = "") -> dict[str, Any]:
    """The value of a table block for rows of cells as HTML writes them (a spanning cell stands once).

    A span reaching below the last row is cut off there. Raises TableTooLarge above 50,000 places.
    """
    placed = _placed(rows)
    width = max((column + cell.colspan for _, column, cell in placed), default=0)
    if width * len(rows) > MOST_CELLS:
        raise TableTooLarge(f"{len(rows)} × {width}")
    data: list[list[str | None]] = [[""] * width for _ in rows]
    merges = []
    for row, column, cell in placed:
        data[row][column] = cell.text
        rowspan = min(cell.rowspan, len(rows) - row)
        if rowspan > 1 or cell.colspan > 1:
            merges.append({"row": row, "col": column, "rowspan": rowspan, "colspan": cell.colspan})
    return grid_value(data, merges, header=_header(placed, len(rows)), caption=caption)


def grid_value(
    data: list[list[str | None]], merges: list[dict[str, int]], *, header: str, caption: str = ""
) -> dict[str, Any]:
    """The value of a table block for a complete grid; `header` is row, column, both or neither."""
    return {
        "data": data,
        "cell": [],
        "first_row_is_table_header": header in ("row", "both"),
        "first_col_is_header": header in ("column", "both"),
        "table_header_choice": header,
        "table_caption": caption,
        "mergeCells": merges,
    }


def _placed(rows: list[list[Cell]]) -> list[tuple[int, int, Cell]]:
    taken: set[tuple[int, int]] = set()
    placed = []
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            placed.append((row, column, cell))
            _take(taken, row, column, cell, len(rows))
            column += cell.colspan
    return placed


def _take(taken: set[tuple[int, int]], row: int, column: int, cell: Cell, height: int) -> None:
    for below in range(row, min(row + cell.rowspan, height)):
        taken.update((below, column + right) for right in range(cell.colspan))
    if len(taken) > MOST_CELLS:
        raise TableTooLarge(str(len(taken)))


def _header(placed: list[tuple[int, int, Cell]], height: int) -> str:
    first_row = [cell.header for row, _, cell in placed if row == 0]
    first_column = [cell.header for row, column, cell in placed if column == 0 and (row > 0 or height == 1)]
    by_row, by_column = bool(first_row) and all(first_row), bool(first_column) and all(first_column)
    return "both" if by_row and by_column else "row" if by_row else "column" if by_column else "neither"
