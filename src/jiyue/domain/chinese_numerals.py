"""Numbers and dates as Chinese official documents write them, Arabic or Chinese, also those that cannot exist."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

# The zero of a Chinese year is typed in many ways: 〇 ○ ◯ 零, Latin, Greek and Cyrillic O, half and full width.
_DIGITS = {
    **dict.fromkeys("〇○◯零OoＯｏΟО0０", 0),
    "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "元": 1, "正": 1, "两": 2,
}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000}
_TENS = {"廿": 20, "卅": 30}

_NUMERALS = "一二三四五六七八九〇○◯零OoＯｏΟО0０"
ANY_DATE = re.compile(
    r"(?:(?P<y>\d{4})\s{0,3}年\s{0,3}(?P<m>\d{1,2})\s{0,3}月\s{0,3}(?P<d>\d{1,2})\s{0,3}[日号]"
    rf"|(?P<cy>[{_NUMERALS}]{{4}})\s{{0,3}}年\s{{0,3}}(?P<cm>[一二三四五六七八九十元正]{{1,3}})\s{{0,3}}月"
    r"\s{0,3}(?P<cd>[一二三四五六七八九十廿卅]{1,4})\s{0,3}[日号]"
    r"|(?<![\d.])(?P<iy>\d{4})(?P<sep>[-/.])(?P<im>\d{1,2})(?P=sep)(?P<id>\d{1,2})(?![\d.]))"
)
EARLIEST, LATEST = 1900, 2100


@dataclass(frozen=True)
class DateMention:
    """A date as written at [start, end). `day` is None when no such day exists, or none a document can bear."""

    day: date | None
    why: str  # "" | no_such_day | year_out_of_range
    start: int
    end: int


def dates_in(text: str, start: int = 0, end: int | None = None) -> Iterator[DateMention]:
    """Every complete date in the text, in order; incomplete ones (2019年1月) are none."""
    for found in ANY_DATE.finditer(text, start, len(text) if end is None else end):
        yield _mention(found)


def _mention(found: re.Match[str]) -> DateMention:
    year, month, day = _parts(found)
    if not EARLIEST <= year <= LATEST:
        return DateMention(None, "year_out_of_range", found.start(), found.end())
    try:
        return DateMention(date(year, month, day), "", found.start(), found.end())
    except ValueError:
        return DateMention(None, "no_such_day", found.start(), found.end())


def _parts(found: re.Match[str]) -> tuple[int, int, int]:
    if found["y"]:
        return int(found["y"]), int(found["m"]), int(found["d"])
    if found["iy"]:
        return int(found["iy"]), int(found["im"]), int(found["id"])
    # A numeral that is none (十十) reads as 0, which is no month and no day.
    return number_of(found["cy"]) or 0, number_of(found["cm"]) or 0, number_of(found["cd"]) or 0


def number_of(text: str) -> int | None:
    """The value of 十二, 一百零三, 二〇一九, 廿三 or 12; None if the text is no number."""
    text = text.strip()
    if not text:
        return None
    if text.isdecimal():
        return int(text)
    if all(sign in _DIGITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    return _with_units(text)


def _with_units(text: str) -> int | None:
    total, digit, last_unit = 0, None, 10_000
    for sign in text:
        if sign in _TENS and digit is None:
            total, last_unit = total + _TENS[sign], 10
        elif sign in _UNITS and _UNITS[sign] < last_unit:
            total, digit, last_unit = total + (1 if digit is None else digit) * _UNITS[sign], None, _UNITS[sign]
        elif sign in _DIGITS and (digit is None or digit == 0):
            digit = _DIGITS[sign]
        else:
            return None
    return total + (digit or 0)


def chinese_of(number: int) -> str:
    """1 to 9999 as 一, 十二, 一百零三; other numbers as they are."""
    if not 1 <= number <= 9999:
        return str(number)
    digits, written, gap = "零一二三四五六七八九", "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += ("零" if gap and written else "") + digits[digit] + sign
        gap = not digit
    return written.removeprefix("一") if written.startswith("一十") else written
