"""发文字号 as it must be written: 机关代字〔year〕serial号, without 第 and without zeros in front (GB/T 9704—2012, 7.2.5)."""

import re
from collections.abc import Iterator

from jiyue.checks.detectors.document_form.sheet import FORMAT, Sheet
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.domain.document_numbers import NumberMention, numbers_in, same_number

DETECTOR = "number"
BASIS = f"{FORMAT} 7.2.5"
FOUNDED = 1949  # No body of this state numbered anything before.

_HAN = re.compile("[\u4e00-\u9fff]")
_SPACE = re.compile(r"\s+")
_SHAPE = re.compile(r"(?P<open>[^\w\s])年?(?P<year>\d{4})年?(?P<close>[^\w\s])(?P<rest>.*)号\Z", re.S)
# Numbers of judgments, licences and certificates follow rules of their own; old ones write 字第.
_OTHER_RULES = re.compile(r"(?:[证准判裁]字?|许可字?|民[初终申再]|刑[初终申再]|行[初终申再]|执|复议)\Z")
_UNENDED = re.compile(
    r"[〔\[［【]\s?\d{4}\s?[〕\]］】]\s?\d{1,5}(?=[）)》〉”，。；,;\n\u3000]|文件|等|精神|的|要求|规定|\Z)"
)
_TITLE_BRACKETS = re.compile(r"《\s?(?:19|20)\d{2}\s?》\s?第?\d{1,5}号")
_HALF_BRACKETED = re.compile(r"〔\s?(?:19|20)\d{2}\s?\d{1,4}号|\d{4}〕(?<![\d〔\[［（(【]\d{4}〕)\s?\d{1,4}号")
_SHORT_YEAR = re.compile(r"[〔\[［【]\s?\d{2}\s?[〕\]］】]\s?第?\d{1,5}号")
_YEAR = re.compile(r"(?P<number>[〔\[［【]\s?\d{{2}}\s?[〕\]］】]\s?第?\d{{1,5}}号)")
_YEAR = re.compile(r"〔(\d{4})〕")


def find(sheet: Sheet) -> Iterator[Finding]:
    """Numbers written against the form, impossible years, and disagreement between the text and the field."""
    own = sheet.reading.document_number
    for mention in numbers_in(sheet.text):
        is_own = bool(own and own.start <= mention.start < own.end)
        yield from _written_wrongly(sheet, mention, is_own)
        yield from _impossible_year(sheet, mention)
    yield from _unfinished(sheet)
    yield from _year_against_date(sheet)
    yield from _field(sheet)


def _written_wrongly(sheet: Sheet, mention: NumberMention, is_own: bool) -> Iterator[Finding]:
    raw = _SPACE.sub("", sheet.text[mention.start : mention.end])
    fault = _fault(raw, mention)
    if not fault:
        return
    yield sheet.finding(
        DETECTOR,
        fault,
        (mention.start, mention.end),
        severity=Severity.WARN if is_own else Severity.NOTE,
        basis=BASIS,
        suggestion=_("改为：%(right)s"),
        replacement=mention.value if not mention.body else None,
        right=mention.value,
    )


def _fault(raw: str, mention: NumberMention) -> str:
    if mention.body:
        return _("令号、公告号的序号前不编“0”") if re.search(r"第0\d", raw) else ""
    shape = _SHAPE.search(raw)
    code = raw[: shape.start()] if shape else ""
    if not shape or _OTHER_RULES.search(code) or "字第" in raw:
        return ""
    if shape["open"] + shape["close"] != "〔〕":
        return _("发文字号的年份没有用六角括号“〔〕”")
    if shape["rest"].startswith("第") and "第" not in mention.value:
        return _("发文字号的序号前不加“第”字")
    return _("发文字号的序号前不编“0”") if re.match(r"第?0\d", shape["rest"]) else ""


def _impossible_year(sheet: Sheet, mention: NumberMention) -> Iterator[Finding]:
    year = _YEAR.search(mention.value)
    if year and not FOUNDED <= int(year[1]) <= sheet.settings.now.year:
        yield sheet.finding(
            DETECTOR,
            _("发文字号的年份“%(year)s”不可能"),
            (mention.start, mention.end),
            basis=BASIS,
            suggestion=_("核对发文年份"),
            year=year[1],
        )


def _unfinished(sheet: Sheet) -> Iterator[Finding]:
    """What is meant as a number and lacks its 号, one of its brackets, or half of its year."""
    faults = (
        (_UNENDED, _("发文字号缺少“号”字")),
        (_TITLE_BRACKETS, _("发文字号的年份没有用六角括号“〔〕”")),
        (_HALF_BRACKETED, _("发文字号的六角括号不成对")),
        (_SHORT_YEAR, _("发文字号的年份应写四位数字")),
    )
    for pattern, message in faults:
        for found in pattern.finditer(sheet.text):
            if not _HAN.fullmatch(sheet.text, max(0, found.start() - 1), found.start()):
                continue
            yield sheet.finding(
                DETECTOR, message, found.span(), severity=Severity.NOTE, basis=BASIS,
                suggestion=_("核对原文件的发文字号"),
            )  # fmt: skip


def _year_against_date(sheet: Sheet) -> Iterator[Finding]:
    own, written = sheet.reading.document_number, sheet.reading.written_on
    year = _YEAR.search(own.value) if own else None
    if not own or not written or not year or written.confidence != "found" or written.why == "beside_number":
        return
    # Numbered in the last days of a year and signed in the first of the next, or the other way round.
    day = written.value
    near = {day.year, *((day.year + 1,) if day.month == 12 else ()), *((day.year - 1,) if day.month == 1 else ())}
    if int(year[1]) not in near and int(year[1]) <= sheet.settings.now.year:
        yield sheet.finding(
            DETECTOR,
            _("发文字号的年份是%(year)s年，成文日期却在%(written)s年"),
            (own.start, own.end),
            basis=BASIS,
            suggestion=_("核对发文字号和成文日期"),
            year=year[1],
            written=day.year,
        )


def _field(sheet: Sheet) -> Iterator[Finding]:
    value = sheet.field("document_number")
    if not value:
        return
    mention = next(numbers_in(value), None)
    if mention is None or mention.end - mention.start < len(value.strip()) - 1:
        yield _field_fault(sheet, value, _("“发文字号”一栏填的不是一个发文字号"))
    elif fault := _fault(_SPACE.sub("", value), mention):
        yield _field_fault(sheet, value, fault)
    elif _YEAR.search(mention.value) and [*_impossible_year(sheet, mention)]:
        yield _field_fault(sheet, value, _("“发文字号”一栏的年份不可能"))
    else:
        yield from _field_against_text(sheet, value)


def _field_against_text(sheet: Sheet, value: str) -> Iterator[Finding]:
    own = sheet.reading.document_number
    if own and own.confidence == "found" and not same_number(own.value, value):
        yield sheet.finding(
            DETECTOR,
            _("正文的发文字号“%(text)s”与“发文字号”一栏“%(field)s”不一致"),
            (own.start, own.end),
            basis=BASIS,
            suggestion=_("核对发文字号"),
            text=own.value,
            field=value,
        )


def _field_fault(sheet: Sheet, value: str, message: str) -> Finding:
    return sheet.finding(
        DETECTOR, message, sheet.field_span(value), basis=BASIS, suggestion=_("核对发文字号：%(value)s"), value=value
    )
