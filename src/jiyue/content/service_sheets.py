"""Service items as a workbook for people: one sheet of items, and one each for their materials, steps and questions.

The first row of a sheet is its heading, in the words of the console. An empty cell says nothing: a workbook fills in and
changes, it never empties. What a sheet says of a code is read as if it stood in the exchange format, by the same rules.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from jiyue.content.service_sentences import ELEMENTS, PARTS, WORDS, value_in_words
from jiyue.content.workbooks import UNREADABLE, TooLarge, opened
from jiyue.domain.service_items import (
    MOST_LINES,
    RULES,
    EntryRefused,
    Line,
    Number,
    Problem,
    Rows,
    ServiceEntry,
    SomeOf,
    YesNo,
    entry_of,
    plain,
)

MOST_COLUMNS: Final = 60
ITEMS, NOTES = "事项", "填写说明"
SHEETS: Mapping[str, str] = {"materials": "材料", "process": "流程", "questions": "问答"}
YES, NO = ("是", "有", "需要", "true", "1"), ("否", "无", "不需要", "false", "0")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class SheetRefused(ValueError):
    """The file is no workbook that can be read; the message says why."""


def read_workbook(data: bytes) -> Iterator[Line]:
    """Each row of the sheet of items with its materials, steps and questions. Raises SheetRefused."""
    sheets = _sheets(data)
    if ITEMS not in sheets:
        raise SheetRefused(_("没有名为“%(name)s”的工作表") % {"name": ITEMS})
    headings = _columns(sheets[ITEMS], {_chinese(words): name for name, words in ELEMENTS.items()})
    if "code" not in headings:
        raise SheetRefused(_("“%(name)s”表的第一行要有“事项编码”一列") % {"name": ITEMS})
    rows = {field: _rows_by_code(sheets.get(title, []), field) for field, title in SHEETS.items()}
    first: dict[str, int] = {}
    for number, cells in _filled(sheets[ITEMS]):
        value: dict[str, Any] = {
            name: _value(RULES[name], name, cells[place]) for name, place in headings.items() if cells[place]
        }  # fmt: skip
        code = str(value.get("code", ""))
        value |= {field: found.pop(code) for field, found in rows.items() if code in found}
        before = first.setdefault(code, number)
        yield _line(number, value) if before == number else _wrong(number, "code", "repeated", str(before))
    for found in rows.values():
        for code in found:
            yield _wrong(0, "code", "alone", code)


def workbook_of(entries: Iterable[ServiceEntry]) -> bytes:
    """The entries as a workbook that `read_workbook` reads back, with a sheet that explains it; always in Chinese."""
    with override("zh-hans"):
        return _written(entries)


def _written(entries: Iterable[ServiceEntry]) -> bytes:
    book = Workbook(write_only=True)
    items = book.create_sheet(ITEMS)
    parts = {field: book.create_sheet(title) for field, title in SHEETS.items()}
    names = [name for name, rule in RULES.items() if not isinstance(rule, Rows)]
    items.append([_cell(items, str(ELEMENTS[name])) for name in names])
    for field, sheet in parts.items():
        sheet.append([_cell(sheet, text) for text in [str(ELEMENTS["code"]), *map(_part_words, _parts(field))]])
    for entry in entries:
        said = plain(entry)
        items.append([_cell(items, value_in_words(name, said.get(name))) for name in names])
        for field, sheet in parts.items():
            for row in said.get(field, ()):
                cells = [value_in_words(name, row[name]) for name in _parts(field)]
                sheet.append([_cell(sheet, text) for text in (entry.code, *cells)])
    for sheet in (items, *parts.values()):
        sheet.freeze_panes = "B2"
    _explain(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# ---- reading -------------------------------------------------------------------------------------------------------


def _sheets(data: bytes) -> dict[str, list[list[str]]]:
    try:
        return {sheet.title: _lines_of(sheet) for sheet in opened(data).worksheets}
    except TooLarge as error:
        raise SheetRefused(_("文件解压后太大，无法读取")) from error
    except SheetRefused:
        raise
    except UNREADABLE as error:
        raise SheetRefused(_("这个文件不是可以读取的 Excel 表格（.xlsx）")) from error


def _lines_of(sheet: Any) -> list[list[str]]:
    found = []
    for number, line in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)):
        if number > MOST_LINES:
            raise SheetRefused(_("“%(name)s”表超过 %(limit)s 行") % {"name": sheet.title, "limit": MOST_LINES})
        found.append([_text(cell) for cell in line])
    return found


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    return text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text


def _columns(lines: list[list[str]], known: Mapping[str, str]) -> dict[str, int]:
    """Which element stands in which column of a sheet's heading; the first that fits wins."""
    found: dict[str, int] = {}
    for place, heading in enumerate(lines[0] if lines else []):
        name = known.get(re.sub(r"\s", "", heading))
        if name:
            found.setdefault(name, place)
    return found


def _filled(lines: list[list[str]]) -> Iterator[tuple[int, list[str]]]:
    return ((number, cells) for number, cells in enumerate(lines[1:], start=2) if any(cells))


def _rows_by_code(lines: list[list[str]], field: str) -> dict[str, list[dict[str, Any]]]:
    rules = _rules_of(field)
    headings = _columns(lines, {"事项编码": "code", **{_chinese(PARTS[name]): name for name in rules}})
    found: dict[str, list[dict[str, Any]]] = {}
    if "code" not in headings:
        return found
    for _number, cells in _filled(lines):
        row = {
            name: _value(rules[name], name, cells[place]) for name, place in headings.items()
            if name != "code" and cells[place]
        }  # fmt: skip
        found.setdefault(cells[headings["code"]], []).append(row)
    return found


def _value(rule: Any, name: str, cell: str) -> Any:
    """A cell as the exchange format has it; what cannot be understood stays as it is, and the rule refuses it."""
    if isinstance(rule, YesNo):
        return True if cell.lower() in YES else False if cell.lower() in NO else cell
    if isinstance(rule, SomeOf):
        return [_code(name, each) for each in re.split(r"[、,，;；\n]", cell) if each.strip()]
    known = _code(name, cell)
    if isinstance(rule, Number) and isinstance(known, str) and known.isascii() and known.isdecimal():
        return int(known[:9])
    return known


def _code(name: str, cell: str) -> Any:
    codes = {_chinese(words): code for code, words in WORDS.get(name, {}).items()}
    return codes.get(cell.strip(), cell.strip())


def _chinese(words: Any) -> str:
    """Headings and words of a workbook are Chinese, whatever language the person at the console reads."""
    with override("zh-hans"):
        return str(words)


def _line(number: int, value: Mapping[str, Any]) -> Line:
    try:
        return Line(number, entry_of(dict(value)))
    except EntryRefused as refused:
        return Line(number, None, refused.problems)


def _wrong(number: int, field: str, code: str, given: str) -> Line:
    return Line(number, None, (Problem(field, code, given),))


# ---- writing -------------------------------------------------------------------------------------------------------


def _parts(field: str) -> Sequence[str]:
    return tuple(_rules_of(field))


def _rules_of(field: str) -> Mapping[str, Any]:
    rule = RULES[field]
    return rule.parts if isinstance(rule, Rows) else {}


def _part_words(name: str) -> str:
    return str(PARTS[name])


def _cell(sheet: Any, text: str) -> WriteOnlyCell:
    """A cell that is text whatever it begins with: a formula of a stranger must not run in an office."""
    clean = _UNPRINTABLE.sub("", text)
    made = WriteOnlyCell(sheet, f"'{clean}" if clean.startswith(("=", "+", "-", "@")) else clean)
    made.data_type = "s"
    return made


def _explain(book: Workbook) -> None:
    sheet = book.create_sheet(NOTES)
    sheet.append([_cell(sheet, text) for text in (_("表"), _("列"), _("怎么填"))])
    for name, rule in RULES.items():
        if not isinstance(rule, Rows):
            sheet.append([_cell(sheet, text) for text in (ITEMS, str(ELEMENTS[name]), _how(name, rule))])
    for field, title in SHEETS.items():
        for name, rule in _rules_of(field).items():
            sheet.append([_cell(sheet, text) for text in (title, _part_words(name), _how(name, rule))])


def _how(name: str, rule: Any) -> str:
    if isinstance(rule, YesNo):
        return _("填“是”或“否”")
    if name in WORDS:
        words = "、".join(str(each) for each in WORDS[name].values())
        return _("可以填几个，用顿号分开：%(words)s") % {"words": words} if isinstance(rule, SomeOf) else words
    if isinstance(rule, Number):
        return _("%(least)s 到 %(most)s 的整数") % {"least": rule.least, "most": rule.most}
    return _("最多 %(most)s 个字") % {"most": rule.most}
