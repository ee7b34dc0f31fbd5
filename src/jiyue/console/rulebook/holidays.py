"""The days of a year as people paste them: lines of their own, or the very text of the yearly notice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

_DAY = r"(?:(?P<y{0}>\d{{4}})[年/-])?(?:(?P<m{0}>\d{{1,2}})[月/-])?(?P<d{0}>\d{{1,2}})日?"
_IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_SPAN = re.compile(_DAY.format(1) + r"(?:\s*(?:至|到|—|–|~|-{2})\s*" + _DAY.format(2) + ")?")
_HEAD = re.compile(r"^\s*[一二三四五六七八九十]+、\s*(?P<name>[^：:]+)[：:](?P<rest>.*)$")
_LONGEST = 40  # days of one break


@dataclass
class Found:
    """What was read, with what could not be: the number of the line and the sentence."""

    off: dict[str, str] = field(default_factory=dict)
    worked: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def days_of(text: str, year: int) -> tuple[dict[str, str], list[str]]:
    """Lines of `1月1日至3日 元旦` or `2027-01-01 元旦`: ISO day to name, and sentences on lines that cannot be read."""
    days, wrong = {}, []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _SPAN.match(line.strip())
        name = line.strip()[match.end() :].strip(" 　，,：:") if match else ""
        span = list(_days(match, year)) if match else []
        if match and match["m1"] and name and not span:
            wrong.append(
                _("第 %(n)s 行的日期不存在，或者先后颠倒、超过 %(longest)s 天") % {"n": number, "longest": _LONGEST}
            )
        elif not span or not name:
            wrong.append(_("第 %(n)s 行看不懂，请写成“1月1日至3日 元旦”") % {"n": number})
        days.update({day.isoformat(): name for day in span})
    return days, wrong


def lines_of(days: dict[date, str]) -> str:
    """The days as lines, those in a row with one name together."""
    lines: list[tuple[date, date, str]] = []
    for day in sorted(days):
        if lines and lines[-1][1] + timedelta(days=1) == day and lines[-1][2] == days[day]:
            lines[-1] = (lines[-1][0], day, days[day])
        else:
            lines.append((day, day, days[day]))
    return "\n".join(f"{_span(first, last)} {name}" for first, last, name in lines)


def of_notice(text: str, year: int) -> Found:
    """The body of the yearly notice: `一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。`"""
    found = Found()
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head is None:
            continue
        name = head["name"].strip()
        for clause in re.split(r"[。；;]", _IN_BRACKETS.sub("", head["rest"])):
            _take(clause, name, year, found)
    if not found.off:
        found.wrong.append(_("没有找到“一、元旦：1月1日……放假”这样的句子"))
    return found


def _take(clause: str, name: str, year: int, found: Found) -> None:
    if "放假" in clause or "补休" in clause:
        before = re.split("放假|补休", clause)[0]
        found.off.update({day.isoformat(): name for day in _all(before, year)})
    elif "上班" in clause:
        found.worked.update({day.isoformat(): name for day in _all(clause, year)})


def _all(text: str, year: int) -> Iterator[date]:
    """Every span of a clause; a day without a month is of the month before it."""
    month = None
    for match in _SPAN.finditer(text):
        if match["m1"] is None and month is None:
            continue
        yield from _days(match, year, month)
        month = int(match["m2"] or match["m1"] or month or 1)


def _days(match: re.Match[str], year: int, month: int | None = None) -> Iterator[date]:
    first_month = match["m1"] or month
    if first_month is None:
        return
    try:
        first = date(int(match["y1"] or year), int(first_month), int(match["d1"]))
        last = first
        if match["d2"]:
            last = date(int(match["y2"] or match["y1"] or year), int(match["m2"] or first.month), int(match["d2"]))
    except ValueError:
        return
    if timedelta() <= last - first <= timedelta(days=_LONGEST):
        for number in range((last - first).days + 1):
            yield first + timedelta(days=number)


def _span(first: date, last: date) -> str:
    if first == last:
        return f"{first.month}月{first.day}日"
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日"
