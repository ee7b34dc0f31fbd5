"""索引号: unit's code / year - serial, 20 characters with an organisation code, 29 with a unified social credit code."""

import re
from collections.abc import Iterator

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from jiyue.checks.detectors.document_form.sheet import Sheet
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _

DETECTOR = "index-number"
BASIS = "政府公开信息核心元数据：索引号"

_FORM = re.compile(r"(?P<code>[0-9A-Z]{9}|[0-9A-Z]{18})/(?P<year>\d{4})-(?P<serial>\d{5,6})")
# Units that number by a scheme of their own (short codes, groups joined by hyphens) are left alone.
_MEANT = re.compile(r"\s*(?=\w*\d{5})[0-9A-Za-z]{6,22}\s*[/／\\|－—–_-]?\s*\d{2,5}\s*[-－—–_/]?\s*\d{3,7}\s*", re.A)
_IN_TEXT = re.compile(r"索\s*引\s*号\s*[:：]\s*(\S{6,40})")
_MADE_UP = re.compile(r"0{3,4}\Z|(.)\1{5}")
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def find(sheet: Sheet) -> Iterator[Finding]:
    """The field's number, and the one printed in the text, each checked; and both against each other."""
    value = sheet.field("index_number")
    if value:
        yield from _checked(sheet, value, sheet.field_span(value))
    printed = sheet.reading.index_number
    labelled = _IN_TEXT.search(sheet.text, 0, 4000)
    if printed or labelled:
        text, span = (printed.value, (printed.start, printed.end)) if printed else (labelled[1], labelled.span(1))  # type: ignore[union-attr,index]
        if value and text != value:
            yield _finding(
                sheet, span, _("正文的索引号“%(text)s”与“索引号”一栏“%(field)s”不一致"), text=text, field=value
            )
        elif not value:
            yield from _checked(sheet, text, span)


def _checked(sheet: Sheet, value: str, span: tuple[int, int]) -> Iterator[Finding]:
    form = _FORM.fullmatch(value)
    if form is None:
        if _MEANT.fullmatch(value):
            yield _finding(
                sheet, span, _("索引号“%(value)s”不是20位或29位的规范形式（机构代码/年份-序号）"), value=value
            )
        return
    if not _own_check(form["code"]):
        yield _finding(sheet, span, _("索引号前段“%(code)s”的校验码不对"), severity=Severity.NOTE, code=form["code"])
    yield from _year(sheet, span, int(form["year"]))


def _year(sheet: Sheet, span: tuple[int, int], year: int) -> Iterator[Finding]:
    if not 1949 <= year <= sheet.settings.now.year:
        yield _finding(sheet, span, _("索引号的年份“%(year)s”不可能"), year=year)


def _own_check(code: str) -> bool:
    """Whether the code's last sign agrees with the others (GB 11714 for 9 signs, GB 32100 for 18)."""
    if len(code) == 18:
        try:
            uscc.validate(code)
        except ValidationError:
            return False
        return True
    if _MADE_UP.search(code):
        return True  # A code given by hand for want of a real one: 035210000.
    total = sum(weight * _SIGNS.index(sign) for weight, sign in zip(_WEIGHTS, code[:8], strict=True))
    check = 11 - total % 11
    return code[8] == {10: "X", 11: "0"}.get(check, str(check))


def _finding(
    sheet: Sheet, span: tuple[int, int], message: str, severity: Severity = Severity.WARN, **values: object
) -> Finding:
    return sheet.finding(
        DETECTOR, message, span, severity=severity, basis=BASIS, suggestion=_("核对索引号"), more=values
    )
