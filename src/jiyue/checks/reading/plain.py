"""Plain text: paragraphs are lines, and lines divided by tabs or bars are a table."""

import re

from jiyue.checks.matter import NOTHING, Matter, Part, Table, whole

_LINE = re.compile(r"[^\n]+")
_LONGEST_ROW, _LONGEST_CELL = 400, 40


def matter_of_text(text: str, *, source: str = "") -> Matter:
    """The text itself is `Matter.text`, character for character (line ends become \\n, so CRLF counts as one)."""
    text = whole(text).replace("\r\n", "\n").replace("\r", "\n")
    lines = [(found.start(), found.end()) for found in _LINE.finditer(text)]
    parts = tuple(
        Part("paragraph", start, end, f"第 {number} 段") for number, (start, end) in enumerate(lines, 1)
    )  # fmt: skip
    return Matter(source=source, text=text, parts=parts, tables=tuple(_tables(text, lines)), fields=NOTHING)


def _tables(text: str, lines: list[tuple[int, int]]) -> list[Table]:
    """Runs of at least two lines with the same number of tabs, commas or bars: what is pasted from a spreadsheet."""
    tables: list[Table] = []
    run: list[list[tuple[int, int]]] = []
    sign = ""
    for start, end in [*lines, (len(text), len(text))]:
        found = _sign(text, start, end)
        cells = _cells(text, start, end, found) if found else []
        if run and (found != sign or len(cells) != len(run[0])):
            if len(run) > 1:
                tables.append(_table(text, run, len(tables) + 1))
            run = []
        sign = found
        if cells:
            run.append(cells)
    return tables


def _sign(text: str, start: int, end: int) -> str:
    """What divides the cells of this line; commas only where no sentence is written."""
    if text.find("\t", start, end) >= 0:
        return "\t"
    if end - start > _LONGEST_ROW or text.find("。", start, end) >= 0:
        return ""
    for sign, least in ((",", 1), ("，", 2), ("|", 1)):
        if text.count(sign, start, end) >= least:
            return sign if _longest_cell(text, start, end, sign) <= _LONGEST_CELL else ""
    return ""


def _longest_cell(text: str, start: int, end: int, sign: str) -> int:
    return max(stop - begin for begin, stop in _cells(text, start, end, sign))


def _cells(text: str, start: int, end: int, sign: str) -> list[tuple[int, int]]:
    cells = []
    while True:
        stop = text.find(sign, start, end)
        cells.append((start, stop if stop >= 0 else end))
        if stop < 0:
            return cells
        start = stop + 1


def _table(text: str, rows: list[list[tuple[int, int]]], number: int) -> Table:
    first = tuple(text[start:end].strip() for start, end in rows[0])
    named = not any(sign.isdigit() for cell in first for sign in cell) and all(first)
    body = tuple(tuple(row) for row in (rows[1:] if named else rows))
    return Table(rows[0][0][0], rows[-1][-1][1], f"表 {number}", first if named else (), body)
