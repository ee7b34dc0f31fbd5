"""The tables as files: JSON, XLSX, DOCX. Nothing but figures is in them. An unbalanced report makes no file."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from jiyue.disclosure.reporting import Tables
from jiyue.disclosure.words import APPLICANTS, DEALT, GROUPS, REMEDIES, ROWS, VERDICTS
from jiyue.domain.disclosure_outcomes import GROUPS as GROUP_OF
from jiyue.domain.disclosure_outcomes import Group, Remedy, Row, Verdict
from jiyue.domain.disclosure_report import COLUMNS, TOTAL
from jiyue.publishing.renditions.matter import Cell, Heading, Paper, Run, Table
from jiyue.publishing.renditions.word import docx

ALONE = frozenset({Group.DISCLOSED, Group.PARTIAL})  # groups of one row, which is their heading too
THREE, FOUR = "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况"
ALL = "总计"


def lines_of(tables: Tables) -> list[tuple[str, str, list[int]]]:
    """The lines of table three as they stand."""
    return three_rows(tables.three.figures())


def three_rows(figures: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, list[int]]]:
    """The lines of table three as the form prints them: row, heading, figures; a heading of several rows has no row."""
    found: list[tuple[str, str, list[int]]] = []
    last: Group | None = None
    for name, heading in ROWS.items():
        group = GROUP_OF[Row(name.removeprefix("row:"))] if name.startswith("row:") else None
        if group is not None and last is None:
            found.append(("", str(DEALT), []))
        if group is not None and group not in ALONE and group != last:
            found.append(("", str(GROUPS[group]), []))
        found.append((name, str(heading), [figures[name][column] for column in COLUMNS]))
        last = group
    return found


def headings() -> list[str]:
    """The columns of table three."""
    return [*(str(label) for label in APPLICANTS.values()), ALL]


def written(tables: Tables, form: str) -> bytes:
    """The file of a report that balances. Raises Unbalanced; KeyError for a form that there is not."""
    tables.three.checked()
    return FORMS[form](tables)


def title_of(tables: Tables) -> str:
    return f"{tables.site.owner.name}{tables.year}年政府信息公开工作年度报告（表三、表四）"


def _json(tables: Tables) -> bytes:
    data = {
        "site": tables.site.host, "unit": tables.site.owner.name, "year": tables.year,
        "requests": tables.three.figures(), "contests": tables.fifteen(),
    }  # fmt: skip
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _xlsx(tables: Tables) -> bytes:
    book = Workbook()
    three = book.active
    if three is None:
        raise ValueError("a new workbook has a sheet")
    three.title = "表三"
    _fill(three, [THREE], [["", *headings()], *([heading, *figures] for _row, heading, figures in lines_of(tables))])
    four = book.create_sheet("表四")
    _fill(four, [FOUR], four_rows(tables.fifteen()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, head: list[str], rows: list[list[Any]]) -> None:
    sheet.append(head)
    sheet["A1"].font = Font(bold=True)
    for row in rows:
        sheet.append(row)
    sheet.column_dimensions["A"].width = 48
    for cell in sheet[2]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")


def _docx(tables: Tables) -> bytes:
    three: list[list[Any]] = [["", *headings()], *([heading, *figures] for _row, heading, figures in lines_of(tables))]
    paper = Paper(
        title=title_of(tables), number="", issuers=(), mark="", badge="", address="", site="", language="zh-CN",
        dated=f"{tables.year}-12-31", keywords=(), signed=True, signature=("", ""),
        blocks=(
            Heading((Run(THREE),), 1), table_of(three, len(headings()) + 1, THREE), Heading((Run(FOUR),), 1),
            table_of(four_rows(tables.fifteen()), len(Verdict) + 2, FOUR),
        ),
    )  # fmt: skip
    return docx(paper, picture=lambda _digest: b"")


def four_rows(fifteen: Mapping[str, Mapping[str, int]]) -> list[list[Any]]:
    """Table four with its heads: the fifteen numbers."""
    head = ["", *(str(label) for label in VERDICTS.values()), ALL]
    rows = [[str(REMEDIES[one]), *(fifteen[one][each] for each in (*Verdict, TOTAL))] for one in Remedy]
    return [head, *rows]


def table_of(rows: list[list[Any]], width: int, caption: str) -> Table:
    """The same rows for a paper; the first row and column head the others."""
    cells = []
    for number, row in enumerate(rows):
        padded = [*row, *([""] * (width - len(row)))]
        cells.append(tuple(Cell((Run(str(one)),), heads=not number or not at) for at, one in enumerate(padded)))
    return Table(tuple(cells), 1, width, caption)


FORMS: dict[str, Callable[[Tables], bytes]] = {"json": _json, "xlsx": _xlsx, "docx": _docx}
