"""A file as it comes, JSONL or XLSX, told by its bytes: each line read for itself, none believed.

What is wrong with one line refuses that line; what is wrong with the file refuses the file. Nothing is written here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.content.workbooks import UNREADABLE, TooLarge, opened
from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.letters import tidied
from jiyue.interaction.letter_files.layouts import KEPT_IN, SENT_AT, Layout, headings

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_LINES: Final = 300
MOST_COLUMNS: Final = 60
MOST_ROWS: Final = 10_000  # blank ones counted: openpyxl makes up every row that a file leaves out, to whatever number
LARGEST_EXACT: Final = 10**15  # Excel keeps 15 digits
YEARS: Final = range(2000, 2200)
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MACROS = b"vbaProject.bin"
_SLASHES = re.compile(r"^(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?(?=[ T]|$)")


class FileRefused(ValueError):
    """The file cannot be read at all; the message says why and how to mend it."""


@dataclass(frozen=True)
class Line:
    """One line: what it says by key of column, tidied; or in `refused` why it cannot be taken, in Chinese: it is kept."""

    number: int
    values: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""


def require_size(size: int) -> None:
    """Before a file is held in memory. `size` in bytes. Raises FileRefused."""
    if size > MOST_BYTES:
        raise FileRefused(_("文件太大，最多 %(n)s MB；请分成几个文件") % {"n": MOST_BYTES // 1024 // 1024})


def read_file(data: bytes, layout: Layout) -> list[Line]:
    """All lines that say something, in their order. Raises FileRefused."""
    require_size(len(data))
    if not data.strip():
        raise FileRefused(_("文件是空的"))
    if data.startswith(_OLD_OFFICE):
        raise FileRefused(_("这是旧格式（.xls）或者加密的表格，请另存为不加密的 .xlsx 再上传"))
    found: list[Line] = []
    for line in _rows(data, layout) if data.startswith(_ZIP) else _objects(data, layout):
        found.append(line)
        if len(found) > MOST_LINES:
            raise FileRefused(_("一次最多 %(n)s 条，请分成几个文件") % {"n": MOST_LINES})
    if not found:
        raise FileRefused(_("文件里没有内容，只有表头或者空行"))
    return found


def moment_of(text: str) -> datetime | None:
    """When it was sent; without a zone it is Beijing's. None for what is no moment to the minute."""
    plain = _SLASHES.sub(lambda m: f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}", text.strip().replace("：", ":"))
    plain = re.sub(r"([ T])(\d):", r"\g<1>0\2:", plain)
    if ":" not in plain:
        return None
    try:
        at = datetime.fromisoformat(plain)
        at = at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
        return at if at.year in YEARS else None
    except (ValueError, OverflowError):
        return None


# ---- JSONL ---------------------------------------------------------------------------------------------------------


def _objects(data: bytes, layout: Layout) -> Iterator[Line]:
    if data.startswith(_UTF_16):
        raise FileRefused(_("文件不是 UTF-8 编码，请另存为 UTF-8 再上传"))
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if not any(line.lstrip().startswith(b"{") for line in lines):
        raise FileRefused(_("这个文件既不是 .xlsx 表格，也不是每行一个 JSON 对象的 JSONL；请下载空白表格，填好再上传"))
    for number, line in enumerate(lines, start=1):
        if line.strip():
            with override(KEPT_IN):
                found = _object(number, line, layout)
            yield found


def _object(number: int, line: bytes, layout: Layout) -> Line:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return Line(number, refused=_("这一行不是 UTF-8 编码，请把文件另存为 UTF-8"))
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return Line(number, refused=_("这一行不是完整的 JSON 对象，请检查引号、逗号和括号"))
    if not isinstance(given, dict):
        return Line(number, refused=_('这一行不是 JSON 对象，应当写成 {"number": "…", …}'))
    known = headings(layout.taken)
    values: dict[str, str] = {}
    for name, value in given.items():
        key = known.get(str(name), str(name))
        if isinstance(value, bool) or not isinstance(value, str | int | None):
            if key not in {column.key for column in layout.taken}:  # a name nobody gave may be what a citizen said
                return Line(number, refused=_("有一项不是文字，请加引号"))
            return Line(number, refused=_("“%(name)s”应当是文字，请加引号") % {"name": key})
        values[key] = "" if value is None else str(value)
    return _judged(number, values, layout)


# ---- XLSX ----------------------------------------------------------------------------------------------------------


def _rows(data: bytes, layout: Layout) -> Iterator[Line]:
    if _MACROS in data:
        raise FileRefused(_("表格里有宏，不能上传；请另存为不带宏的 .xlsx"))
    try:
        yield from _lines_of(opened(data, formulas=True).worksheets, layout)
    except TooLarge as error:
        raise FileRefused(_("文件解压后太大，无法读取；请分成几个文件")) from error
    except FileRefused:
        raise
    except UNREADABLE as error:
        raise FileRefused(_("这个文件不是可以读取的 Excel 表格（.xlsx），请重新另存一次再上传")) from error


def _lines_of(sheets: list[Any], layout: Layout) -> Iterator[Line]:
    if not sheets:
        raise FileRefused(_("文件里没有工作表"))
    rows = sheets[0].iter_rows(max_col=MOST_COLUMNS)
    places = _places([_text(cell) for cell in next(rows, ())], layout)
    for number, cells in enumerate(rows, start=2):
        if number > MOST_ROWS:
            raise FileRefused(
                _("表格超过 %(n)s 行（空行也算）；请把内容复制到空白表格里，不带下面的空行，再上传") % {"n": MOST_ROWS}
            )
        if any(_text(cell) for cell in cells):
            with override(KEPT_IN):
                found = _row(number, cells, places, layout)
            yield found


def _places(heading: list[str], layout: Layout) -> dict[str, int]:
    """Which column stands where. Raises FileRefused, naming what is missing."""
    known = headings(layout.taken)
    found: dict[str, int] = {}
    for place, text in enumerate(heading):
        name = re.sub(r"[\s*＊]", "", text)
        found.setdefault(known.get(name, name), place)
    missing = [str(column.heading) for column in layout.needed if column.key not in found]
    if missing:
        raise FileRefused(_("第一行要是表头，缺少这几列：%(names)s；请对照空白表格") % {"names": "、".join(missing)})
    return {column.key: found[column.key] for column in layout.taken if column.key in found}


def _row(number: int, cells: Any, places: Mapping[str, int], layout: Layout) -> Line:
    values = {}
    for column in layout.taken:
        place = places.get(column.key)
        if place is None or place >= len(cells):
            continue
        if getattr(cells[place], "data_type", "") == "f":
            words = {"name": column.heading}
            return Line(number, refused=_("“%(name)s”是公式，请改成文字（复制后选择性粘贴为数值）") % words)
        if column == layout.number and _is_rounded(cells[place].value):
            told = _("%(name)s超过 15 位，Excel 按数字保存会改掉末尾几位；请把这一列设为文本再填")
            return Line(number, refused=told % {"name": column.heading})
        values[column.key] = _text(cells[place])
    return _judged(number, values, layout)


def _is_rounded(value: Any) -> bool:
    """Would a spreadsheet program have lost digits of it?"""
    return isinstance(value, int | float) and abs(value) >= LARGEST_EXACT


def _text(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text


# ---- one line, whichever form it came in ---------------------------------------------------------------------------


def _judged(number: int, given: Mapping[str, str], layout: Layout) -> Line:
    values = {column.key: tidied(given.get(column.key, "")) for column in layout.taken}
    refused = _wrong(values, layout)
    return Line(number, values, refused)


def _wrong(values: Mapping[str, str], layout: Layout) -> str:
    missing = [str(column.heading) for column in layout.needed if not values[column.key]]
    if missing:
        return _("没有填：%(names)s") % {"names": "、".join(missing)}
    for column in layout.taken:
        if len(values[column.key]) > column.longest:
            return _("“%(name)s”超过 %(n)s 字，请缩短") % {"name": column.heading, "n": column.longest}
    if moment_of(values[SENT_AT]) is None:
        at = next(column.heading for column in layout.taken if column.key == SENT_AT)
        return _("“%(name)s”读不懂，请写到分，例如 2026-11-20 09:30") % {"name": at}
    return layout.wrong(values)
