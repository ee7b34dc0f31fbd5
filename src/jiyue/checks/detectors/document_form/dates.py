"""Dates: days that do not exist, week days named wrongly, and dates that contradict each other."""

import re
from collections.abc import Iterator
from datetime import date

from jiyue.checks.detectors.document_form.sheet import FORMAT, Sheet
from jiyue.checks.findings import Finding
from jiyue.checks.findings import marked as _
from jiyue.domain.chinese_numerals import LATEST, DateMention, dates_in
from jiyue.domain.official_document import Document, Found
from jiyue.domain.official_note import noted_day

DETECTOR = "date"
BASIS = f"{FORMAT} 7.3.5.4"
WEEKDAYS = "一二三四五六日"

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MAYBE = re.compile(r"年\s{0,3}[\d一二三四五六七八九十元正]|\d[-/.]\d{1,2}[-/.]\d")
_LONGEST = 24  # The longest way to write a day after its year, with spaces.
_MONTH_DAY = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_MONTH = re.compile(r"年(?P<month>\d{1,2})月(?!龄|大|\d)")
_YEAR_BEFORE = re.compile(r"(?<!\d)[12]\d{3}\Z")
_LUNAR = re.compile(r"(?:农|阴|旧|夏)历[^。，\n]{0,8}\Z")
_NAMED_DAY = re.compile("(?:星期|周|礼拜)[一二三四五六日天]")
_WEEKDAY = re.compile(
    r"(?:(?P<year>\d{4})年)?(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})日\s?[（(]?"
    r"(?:星期|周|礼拜)(?P<named>[一二三四五六日天])(?![一二三四五六日天至到、期年末岁\d—-])"
)
_ANY_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
_BETWEEN = re.compile(r"\s*(?:（[^（）]{0,8}）)?\s*(?:起)?\s*(?:至|到|—|－|–|-|~|～)+\s*")
# What a text tells of its own year is looked for this far back from a day without one.
_YEAR_NEARBY = 400


def find(sheet: Sheet) -> Iterator[Finding]:
    """Impossible days first, then disagreements between the document's own dates and the fields."""
    mentions = _mentions(sheet.text)
    yield from _impossible(sheet, mentions)
    yield from _incomplete(sheet, {mention.end for mention in mentions})
    yield from _weekdays(sheet)
    yield from _turned_round(sheet, mentions)
    yield from _own_dates(sheet)


def _mentions(text: str) -> list[DateMention]:
    """All dates, looked for only where there may be one: the pattern of a date is slow over a long text."""
    found: list[DateMention] = []
    last = 0
    for at in _MAYBE.finditer(text):
        for mention in dates_in(text, max(last, at.start() - 7), at.start() + _LONGEST):
            found.append(mention)
            last = mention.end
    return found


def _impossible(sheet: Sheet, mentions: list[DateMention]) -> Iterator[Finding]:
    for mention in mentions:
        words = "".join(sheet.text[mention.start : mention.end].split())
        if mention.why == "no_such_day" and "." not in words:
            yield _none_such(sheet, mention.start, mention.end)
        elif mention.why == "year_out_of_range" and (year := re.match(r"\d{4}", words)) and int(year[0]) > LATEST:
            yield sheet.finding(
                DETECTOR, _("日期的年份“%(year)s”不可能"), (mention.start, mention.end), basis=BASIS,
                suggestion=_("核对日期"), year=year[0],
            )  # fmt: skip


def _incomplete(sheet: Sheet, complete: set[int]) -> Iterator[Finding]:
    """Days without a year (2月30日), and months of a year (2019年13月)."""
    for found in _MONTH_DAY.finditer(sheet.text):
        month, day = int(found["month"]), int(found["day"])
        if (
            found.end() not in complete
            and sheet.text[found.start() - 1 : found.start()] not in tuple("0123456789.·—-")
            and not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1])
            and not _LUNAR.search(sheet.text, max(0, found.start() - 12), found.start())
        ):
            yield _none_such(sheet, *found.span())
    for found in _MONTH.finditer(sheet.text):
        if 1 <= int(found["month"]) <= 12 or re.match(r"\d{1,2}[日号]", sheet.text[found.end() : found.end() + 3]):
            continue
        if _YEAR_BEFORE.search(sheet.text[max(0, found.start() - 5) : found.start()]):
            yield _none_such(sheet, found.start() - 4, found.end())


def _none_such(sheet: Sheet, start: int, end: int) -> Finding:
    return sheet.finding(
        DETECTOR, _("没有“%(day)s”这一天（月）"), (start, end), basis=BASIS, suggestion=_("核对日期"),
        day="".join(sheet.text[start:end].split()),
    )  # fmt: skip


# -- week days -----------------------------------------------------------------------------------------------------


def _weekdays(sheet: Sheet) -> Iterator[Finding]:
    last = 0
    for at in _NAMED_DAY.finditer(sheet.text):
        found = _WEEKDAY.search(sheet.text, max(last, at.start() - 16), at.end() + 1)
        if found is None:
            continue
        last = found.end()
        named = WEEKDAYS.index(found["named"].replace("天", "日"))
        years = {int(found["year"])} if found["year"] else _years_meant(sheet, found)
        days = [day for year in sorted(years) if (day := _day(year, int(found["month"]), int(found["day"])))]
        if days and all(day.weekday() != named for day in days):
            # Of several years that could be meant none fits; which of them is meant is not known.
            right = f"星期{WEEKDAYS[days[0].weekday()]}" if len(days) == 1 else ""
            message = _("“%(day)s”不是星期%(named)s，应是%(right)s") if right else _("“%(day)s”不是星期%(named)s")
            yield sheet.finding(
                DETECTOR, message, found.span(), suggestion=_("核对日期和星期"), basis="",
                day=re.split(r"\s?[（(]?(?:星期|周|礼拜)", found[0])[0], named=found["named"], right=right,
            )  # fmt: skip


def _years_meant(sheet: Sheet, found: re.Match[str]) -> set[int]:
    """Years a day without one may belong to: the last one named before it, else that of the document."""
    near = _ANY_YEAR.findall(sheet.text, max(0, found.start() - _YEAR_NEARBY), found.start())
    years = {int(near[-1])} if near else set()
    own = [found_on.value for found_on in (sheet.reading.written_on, sheet.reading.published_on) if found_on]
    own += [day for name in ("written_on", "published_on") if (day := _field_day(sheet, name))]
    for day in own:
        # A notice of December speaks of next January, a report of January of last December.
        years |= (
            {day.year} | ({day.year + 1} if day.month >= 10 else set()) | ({day.year - 1} if day.month <= 2 else set())
        )
    title = sheet.field("title") or (sheet.reading.title.value if sheet.reading.title else "")
    return years | {int(year) for year in _ANY_YEAR.findall(title)}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# -- dates against each other --------------------------------------------------------------------------------------


def _turned_round(sheet: Sheet, mentions: list[DateMention]) -> Iterator[Finding]:
    """2018年5月1日至2018年3月1日: a period that ends before it begins."""
    for i, last in enumerate(mentions[1:]):
        first = mentions[i]
        between = sheet.text[first.end : last.start]
        if first.day and last.day and last.day < first.day and _BETWEEN.fullmatch(between):
            yield sheet.finding(
                DETECTOR, _("起止日期颠倒：止于“%(last)s”，早于“%(first)s”"), (first.start, last.end), basis="",
                suggestion=_("核对起止日期"), first=first.day.isoformat(), last=last.day.isoformat(),
            )  # fmt: skip


def _own_dates(sheet: Sheet) -> Iterator[Finding]:
    written = _sure(sheet, sheet.reading.written_on)
    published = _field_day(sheet, "published_on") or (
        sheet.reading.published_on.value if sheet.reading.published_on else None
    )
    if sheet.reading.written_on and sheet.reading.written_on.why == "label_differs":
        yield _disagree(sheet, sheet.reading.written_on, _("落款的成文日期%(text)s与“成文日期”一栏不一致"))
    if written:
        yield from _written(sheet, written, published)
    field = _field_day(sheet, "written_on")
    if field and published and field > published and not (written and written.value > published):
        yield sheet.finding(
            DETECTOR, _("“成文日期”%(written)s晚于发布日期%(published)s"), sheet.field_span(sheet.field("written_on")),
            basis=BASIS, suggestion=_("核对成文日期和发布日期"), written=field, published=published,
        )  # fmt: skip
    yield from _effect(sheet, written.value if written else field)


def _written(sheet: Sheet, written: Found[date], published: date | None) -> Iterator[Finding]:
    field = _field_day(sheet, "written_on")
    if field and field != written.value:
        yield _disagree(sheet, written, _("落款的成文日期%(text)s与“成文日期”一栏的%(field)s不一致"), field=field)
    if published and written.value > published:
        yield _disagree(sheet, written, _("成文日期%(text)s晚于发布日期%(published)s"), published=published)
    elif written.value > sheet.settings.now and not published:
        yield _disagree(sheet, written, _("成文日期%(text)s还没有到"))


def _effect(sheet: Sheet, written: date | None) -> Iterator[Finding]:
    effect = sheet.reading.effective_on
    # A text amended later keeps its first day of effect; so does one that is only forwarded.
    amended = "修" in (sheet.field("title") + sheet.text[:100]) or noted_day(Document(sheet.text[:2000]))
    if effect and written and effect.value < written and effect.confidence == "found" and not amended:
        yield sheet.finding(
            DETECTOR, _("施行日期%(effect)s早于成文日期%(written)s"), (effect.start, effect.end), basis="",
            suggestion=_("核对施行日期；确需溯及既往的，说明依据"), effect=effect.value, written=written,
        )  # fmt: skip


def _sure(sheet: Sheet, found: Found[date] | None) -> Found[date] | None:
    return found if found and found.confidence == "found" and found.why != "labelled" else None


def _disagree(sheet: Sheet, found: Found[date], message: str, **values: object) -> Finding:
    return sheet.finding(
        DETECTOR,
        message,
        (found.start, found.end),
        basis=BASIS,
        suggestion=_("核对日期"),
        text=found.value,
        more=values,
    )


def _field_day(sheet: Sheet, name: str) -> date | None:
    """A field's day: ISO, with a time, or in Chinese; None where it is empty or no day."""
    names = {
        "written_on": ("written_on", "written_date"),
        "published_on": ("published_on", "published_date", "published_at"),
    }
    value = sheet.field(*names[name])
    mention = next(dates_in(value[:10] if re.match(r"\d{4}-", value) else value), None)
    return mention.day if mention else None
