"""An openness catalogue from a spreadsheet: every wrong row is named, and with one wrong row nothing is taken in."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.content.cataloguing import keep_item, trace_import
from jiyue.content.intake.decoding import decode
from jiyue.content.intake.items import IntakeRefused
from jiyue.content.models import CatalogueItem, Column, InformationClass
from jiyue.content.policies import may_keep_catalogue
from jiyue.content.workbooks import UNREADABLE, TooLarge, opened
from jiyue.domain.chinese_numerals import number_of
from jiyue.estate.models import Site
from jiyue.identity.models import Membership, Organisation, User
from jiyue.identity.policies import below

MOST_ROWS = 5_000
MOST_BYTES = 10 * 1024 * 1024
HEADING_ROWS = 10  # titles and notes often stand above the headings
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "number": ("序号", "编号", "number"),
    "name": ("公开事项", "事项名称", "事项", "name"),
    "content": ("公开内容", "公开内容（要素）", "公开内容(要素)", "内容", "content"),
    "basis": ("公开依据", "依据", "basis"),
    "responsible": ("责任部门", "责任单位", "公开主体", "承办部门", "responsible"),
    "column": ("公开栏目", "栏目", "公开渠道和载体", "column"),
    "information_class": ("信息类别", "类别", "class"),
    "limit": ("公开时限", "时限", "limit"),
    "renewal": ("更新周期", "更新频次", "renewal"),
}
LABELS = {
    "number": gettext_lazy("序号"), "name": gettext_lazy("公开事项"), "content": gettext_lazy("公开内容"),
    "basis": gettext_lazy("公开依据"), "responsible": gettext_lazy("责任部门"), "column": gettext_lazy("公开栏目"),
    "information_class": gettext_lazy("信息类别"), "limit": gettext_lazy("公开时限"),
    "renewal": gettext_lazy("更新周期"),
}  # fmt: skip
# Words without a figure: the rule of the information class decides.
NO_FIGURE = frozenset({"", "及时", "按规定", "按规定公开", "依规定", "长期公开", "—", "-", "/"})
TOGETHER = frozenset({"同步", "同时", "同步公开", "with-event"})
AT_ONCE = frozenset({"当日", "当天", "即时", "实时", "即日", "same-day"})
EVERY = {"每日": "1 day", "每天": "1 day", "每周": "1 week", "每月": "1 month", "每季度": "3 months", "每季": "3 months",
         "每半年": "6 months", "每年": "1 year", "一年一次": "1 year"}  # fmt: skip
UNITS = {"工作日": "working-days", "小时": "hours", "日": "days", "天": "days", "周": "weeks", "星期": "weeks",
         "月": "months", "年": "years"}  # fmt: skip
_LENGTH = re.compile(r"([0-9]{1,4}|[一二两三四五六七八九十]{1,3})\s*个?\s*(工作日|小时|日|天|周|星期|月|年)")
_CODED = re.compile(r"[0-9]+ (?:hours?|days?|working-days?|weeks?|months?|years?)|by [0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one row of the file, in words; row 0 is the file as a whole."""

    row: int
    heading: str
    message: str

    def __str__(self) -> str:
        if not self.row:
            return self.message
        return _("第 %(row)s 行“%(heading)s”：%(message)s") % {
            "row": self.row, "heading": self.heading, "message": self.message,
        }  # fmt: skip


class CatalogueRefused(ValidationError):
    """The file was not taken in; `problems` names every row that is wrong."""

    def __init__(self, problems: list[RowProblem]) -> None:
        super().__init__([str(problem) for problem in problems])
        self.problems = problems


@dataclass(frozen=True)
class Imported:
    """How many lines were new and how many were changed."""

    added: int
    changed: int


@transaction.atomic
def import_catalogue(*, site: Site, unit: Organisation, name: str, data: bytes, by: User, now: datetime) -> Imported:
    """Take in a unit's catalogue from an .xlsx or .csv file; a line with a known number is changed, others are added.

    Raises PermissionDenied; CatalogueRefused, and then nothing was taken in.
    """
    if not may_keep_catalogue(by, site):
        raise PermissionDenied(_("您不能维护这个网站的政务公开清单"))
    rows = read_rows(name=name, data=data)
    known = {item.number: item for item in CatalogueItem.objects.filter(site=site, unit=unit, removed_on=None)}
    reader = _Reader(site)
    items, problems = [], []
    for number, cells in rows:
        item = known.get(cells["number"]) or CatalogueItem(site=site, unit=unit)
        found = reader.fill(item, cells, number)
        items.append((number, item))
        problems += found
    problems += _repeated(rows)
    added = sum(item.pk is None for _number, item in items)
    if not problems:
        problems += _kept(items, by=by, now=now)
    if problems:
        raise CatalogueRefused(sorted(problems, key=lambda problem: problem.row))
    trace_import(site=site, name=name, added=added, changed=len(items) - added, by=by, now=now)
    return Imported(added, len(items) - added)


def read_rows(*, name: str, data: bytes) -> list[tuple[int, dict[str, str]]]:
    """The file's rows as (row number, cell by field), without empty ones. Raises CatalogueRefused for an unreadable file."""
    if len(data) > MOST_BYTES:
        raise _refused(_("文件太大，最多 %(limit)s MB") % {"limit": MOST_BYTES // 1024 // 1024})
    lines = list(enumerate(_lines(name, data), start=1))
    for position, (_row, line) in enumerate(lines[:HEADING_ROWS]):
        fields = _fields(line)
        if {"number", "name"} <= set(fields.values()):
            return _cells(lines[position + 1 :], fields)
    raise _refused(_("没有找到表头：至少要有“序号”和“公开事项”两列"))


def limit_of(text: str) -> str:
    """`自形成之日起20个工作日内` as `20 working-days`; empty for a word without figure. Raises ValueError."""
    word = text.strip()
    if word in NO_FIGURE:
        return ""
    if word in TOGETHER:
        return "with-event"
    if word in AT_ONCE:
        return "same-day"
    return word if _CODED.fullmatch(word) else _length(word)


def gap_of(text: str) -> str:
    """`每年` or `每3个月` as `1 year`, `3 months`; empty for a word without figure. Raises ValueError."""
    word = text.strip()
    if word in NO_FIGURE:
        return ""
    return EVERY.get(word) or (word if _CODED.fullmatch(word) else _length(word))


def _length(word: str) -> str:
    found = _LENGTH.findall(word)
    if len(found) != 1:
        raise ValueError(word)
    figure, unit = found[0]
    amount = int(figure) if figure.isdecimal() else number_of(figure.replace("两", "二"))
    if not amount:
        raise ValueError(word)
    return f"{amount} {UNITS[unit]}"


def _lines(name: str, data: bytes) -> Iterator[list[str]]:
    if name.lower().endswith(".csv"):
        yield from _csv_lines(name, data)
    elif name.lower().endswith(".xlsx"):
        yield from _sheet_lines(data)
    else:
        raise _refused(_("只能导入 .xlsx 或 .csv 文件"))


def _csv_lines(name: str, data: bytes) -> Iterator[list[str]]:
    try:
        text, _notes = decode(data, name=name)
        yield from csv.reader(io.StringIO(text, newline=""))
    except (IntakeRefused, csv.Error) as error:
        raise _refused(_("这个文件不是可以读取的 CSV 表格")) from error


def _sheet_lines(data: bytes) -> Iterator[list[str]]:
    try:
        sheet = opened(data).worksheets[0]
        for line in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + HEADING_ROWS + 1):
            yield [_text(cell) for cell in line]
    except TooLarge as error:
        raise _refused(_("文件解压后太大，无法读取")) from error
    except UNREADABLE as error:
        raise _refused(_("这个文件不是可以读取的 Excel 表格（.xlsx）")) from error


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _fields(line: list[str]) -> dict[int, str]:
    """Which field stands in which place of a heading line; the first heading that fits wins."""
    known = {heading: field for field, headings in HEADINGS.items() for heading in headings}
    found: dict[int, str] = {}
    for place, heading in enumerate(line):
        field = known.get(re.sub(r"\s", "", heading).lower())
        if field and field not in found.values():
            found[place] = field
    return found


def _cells(lines: Iterable[tuple[int, list[str]]], fields: dict[int, str]) -> list[tuple[int, dict[str, str]]]:
    rows = []
    for number, line in lines:
        if not any(cell.strip() for cell in line):
            continue
        cells = dict.fromkeys(HEADINGS, "")
        cells |= {field: line[place].strip() for place, field in fields.items() if place < len(line)}
        rows.append((number, cells))
    if not rows:
        raise _refused(_("表头下面没有内容"))
    if len(rows) > MOST_ROWS:
        raise _refused(_("行数太多，最多 %(limit)s 行") % {"limit": MOST_ROWS})
    return rows


class _Reader:
    """Turns cells into the fields of a line, with what is known of the site looked up once."""

    def __init__(self, site: Site) -> None:
        chain = below(site.owner, chain=Membership.Chain.TERRITORIAL)
        self.units: dict[str, list[Organisation]] = {}
        for unit in Organisation.objects.filter(chain | Q(columns__site=site)).distinct():
            for name in {unit.name, unit.short_name} - {""}:
                self.units.setdefault(name, []).append(unit)
        self.columns: dict[str, list[Column]] = {}
        for column in Column.objects.filter(site=site, closed_at=None):
            for name in {column.name, column.path}:
                self.columns.setdefault(name, []).append(column)
        self.classes = {str(label): code for code, label in InformationClass.choices} | {
            code: code for code in InformationClass.values
        }

    def fill(self, item: CatalogueItem, cells: Mapping[str, str], row: int) -> list[RowProblem]:
        """Put the cells into `item`; gives what is wrong with them."""
        problems = []
        for field, cell in cells.items():
            try:
                setattr(item, field, self._value(field, cell))
            except ValidationError as error:
                problems.append(RowProblem(row, str(LABELS[field]), "；".join(error.messages)))
        return problems

    def _value(self, field: str, cell: str) -> Any:
        if field in {"number", "name"} and not cell:
            raise ValidationError(_("不能为空"))
        if field == "responsible":
            return _one(self.units, cell, _("没有这个单位，或者不属于本网站"), _("有几个单位叫这个名字，请写全称"))
        if field == "column":
            cell = cell.strip("/")
            return _one(self.columns, cell, _("本网站没有这个栏目"), _("有几个栏目叫这个名字，请写栏目网址"))
        if field == "information_class":
            return _known(self.classes, cell)
        if field in {"limit", "renewal"}:
            return _figure(field, cell)
        return cell


def _one(known: Mapping[str, list], cell: str, none: str, several: str) -> Any:
    if not cell:
        return None
    found = known.get(cell, [])
    if len(found) != 1:
        raise ValidationError(several if found else none)
    return found[0]


def _known(classes: Mapping[str, str], cell: str) -> str:
    if not cell:
        return str(InformationClass.OTHER)
    if cell not in classes:
        raise ValidationError(_("没有这个信息类别，可以用：%(known)s") % {"known": "、".join(InformationClass.values)})
    return classes[cell]


def _figure(field: str, cell: str) -> str:
    try:
        return limit_of(cell) if field == "limit" else gap_of(cell)
    except ValueError as error:
        raise ValidationError(_("看不懂的期限“%(text)s”，例如“20个工作日”、“每年”") % {"text": cell}) from error


def _repeated(rows: list[tuple[int, dict[str, str]]]) -> list[RowProblem]:
    first: dict[str, int] = {}
    problems = []
    for row, cells in rows:
        before = first.setdefault(cells["number"], row)
        if cells["number"] and before != row:
            message = _("和第 %(row)s 行的序号重复") % {"row": before}
            problems.append(RowProblem(row, str(LABELS["number"]), message))
    return problems


def _kept(items: list[tuple[int, CatalogueItem]], *, by: User, now: datetime) -> list[RowProblem]:
    problems = []
    for row, item in items:
        try:
            keep_item(item=item, by=by, now=now)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                problems.append(RowProblem(row, str(LABELS.get(field, field)), "；".join(messages)))
    return problems


def _refused(message: str) -> CatalogueRefused:
    return CatalogueRefused([RowProblem(0, "", message)])
