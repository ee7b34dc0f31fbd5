"""Tables: what a column is about, and what that makes of its cells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jiyue.checks.detectors.personal_data.hits import Hit
from jiyue.checks.detectors.personal_data.names import is_name
from jiyue.checks.detectors.personal_data.numbers_known import is_luhn
from jiyue.checks.findings import Severity
from jiyue.checks.matter import Matter, Table

# Looked for in this order in the name of a column.
HEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("id-number", re.compile(r"身\s*[份分]\s*证|证件号|身份号|公民身份|身份证件")),
    ("bank-card", re.compile(r"银行卡|卡\s*号|一卡通|[账帐]\s*[号户]|存折")),
    ("phone", re.compile(r"手\s*机|电\s*话|联系方式|移动")),
    ("e-mail", re.compile(r"邮\s*箱|电子邮件|[Ee]-?mail")),
    ("birth-date", re.compile(r"出生|生\s*日")),
    ("address", re.compile(r"住\s*址|家庭地址|户籍(?:所在)?地|居住地|现住|详细地址")),
    ("passport", re.compile(r"护照|通行证")),
    ("plate", re.compile(r"车牌|号牌|车号")),
    (
        "name",
        re.compile(
            r"姓\s*名|患者|户\s*主|申请人|受助人|补贴对象|救助对象|保障对象|学生|考生|名\s*字|死者|家长|监护人|残疾人"
        ),
    ),
)
ILL = re.compile(
    r"病\s*种|疾\s*病|病\s*情|诊\s*断|患\s*病|残疾(?:类别|等级|类型|证|程度)|残\s*级|艾滋|精神|病\s*名|体检结果|孕"
)
POOR = re.compile(r"低保|救助|补\s*[贴助]|补助金额|特困|困难|慰问|资助|临时救助|孤儿|保障金|发放金额|享受")
YOUNG = re.compile(r"班\s*级|年\s*级|就读|学\s*校|监护人|幼儿|学\s*籍|入学|儿童|未成年")
_STATISTICS = re.compile(
    r"金额|[万亿]?元|面积|数量|人口|产值|编号|序号|代码|编码|单号|型号|学号|准考证|案号|文号|许可证"
)
_LANDLINE = re.compile(r"(?:\(?0\d{2,3}\)?[-—\s]?)?[2-8]\d{6,7}\Z")
_HOUSE = re.compile(
    r"(?=.*[省市县区镇乡村路街巷里弄苑园庄组社楼屯]).*(?:\d|[一二三四五六七八九十]+)\s?(?:号|室|栋|幢|单元|组|户|座|楼)"
)
_DATE = re.compile(
    r"(?:19|20)\d{2}\s?[-年./]?\s?(?:0?[1-9]|1[0-2])\s?[-月./]?\s?(?:[0-3]?\d)\s?日?(?:\s0{1,2}:00(?::00)?)?\Z"
)
_DIGITS = re.compile(r"[0-9][0-9 \-]{10,26}[0-9]\Z")
_PASSPORT = re.compile(r"[A-Za-z]{1,2}\d{7,9}\Z")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name, the kind its name announces ("" for none), and the spans of its cells."""

    table: Table
    number: int
    head: str
    kind: str
    cells: tuple[tuple[int, int], ...]


def columns(matter: Matter) -> Iterator[Column]:
    """All columns of all tables; where a table names none, its first row is tried for names."""
    for table in matter.tables:
        heads, rows = _heads(matter.text, table)
        width = max((len(row) for row in rows), default=0)
        for number in range(width):
            head = heads[number] if number < len(heads) else ""
            # A cell that spans rows is one cell.
            cells = dict.fromkeys(row[number] for row in rows if number < len(row) and row[number][1] > row[number][0])
            yield Column(table, number, head, _kind(head), tuple(cells))


def _heads(text: str, table: Table) -> tuple[tuple[str, ...], tuple[tuple[tuple[int, int], ...], ...]]:
    if table.header:
        return table.header, table.rows
    # Titles and notes often stand in rows of their own above the names.
    for at, row in enumerate(table.rows[:4]):
        words = tuple(text[start:end] for start, end in row)
        if sum(bool(_kind(word)) for word in words) > 1 and not any(sign.isdigit() for word in words for sign in word):
            return words, table.rows[at + 1 :]
    return (), table.rows


def _kind(head: str) -> str:
    if not head or len(head) > 40:
        return ""
    return next((kind for kind, pattern in HEADS if pattern.search(head)), "")


def is_statistics(column: Column) -> bool:
    """A column of amounts or numbers of things: what looks like a telephone there is none."""
    return not column.kind and bool(_STATISTICS.search(column.head))


def cell_hits(text: str, column: Column) -> Iterator[Hit]:
    """What the name of the column makes of cells that nothing else would tell."""
    judge = _JUDGES.get(column.kind)
    if judge is None:
        return
    for start, end in column.cells:
        raw = text[start:end]
        value = raw.strip()
        if value and len(value) < 120:
            begin = start + raw.index(value)
            yield from judge(value, begin)


def _account(value: str, start: int) -> Iterator[Hit]:
    digits = "".join(sign for sign in value if sign.isdigit())
    if _DIGITS.match(value) and 12 <= len(digits) <= 25:
        kind = "bank-card" if len(digits) <= 19 and is_luhn(digits) else "account"
        yield Hit(kind, start, start + len(value), value, Severity.BLOCK)


def _phone(value: str, start: int) -> Iterator[Hit]:
    if _LANDLINE.match(value):
        yield Hit("landline", start, start + len(value), value, Severity.WARN)


def _born(value: str, start: int) -> Iterator[Hit]:
    if _DATE.match(value):
        yield Hit("birth-date", start, start + len(value), value, Severity.WARN)


def _address(value: str, start: int) -> Iterator[Hit]:
    if _HOUSE.match(value):
        yield Hit("address", start, start + len(value), value, Severity.BLOCK)


def _passport(value: str, start: int) -> Iterator[Hit]:
    if _PASSPORT.match(value):
        yield Hit("passport", start, start + len(value), value, Severity.BLOCK)


def _name(value: str, start: int) -> Iterator[Hit]:
    if is_name(value):
        yield Hit("name", start, start + len(value), value, Severity.NOTE)


_JUDGES = {
    "bank-card": _account, "phone": _phone, "birth-date": _born, "address": _address, "passport": _passport,
    "name": _name,
}  # fmt: skip
