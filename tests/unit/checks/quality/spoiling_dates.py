"""Official documents in which one day cannot be right."""

import re
from datetime import date, timedelta

from jiyue.checks.matter import Matter
from tests.unit.checks.quality.spoiling import DAY, Chance, Spoiler, Spoilt, one_of, put, real_day, spoilt_in


def date_impossible(matter: Matter, chance: Chance) -> Spoilt | None:
    found = one_of(DAY, matter.text, chance)
    month, day = chance.choice(
        ((2, 30), (2, 31), (4, 31), (6, 31), (9, 31), (11, 31), (13, 5), (14, 1), (5, 32), (0, 12), (7, 0))
    )
    text = put(matter.text, found, f"{found['year']}年{month}月{day}日") if found else None
    return spoilt_in(matter, "date: no such day", "document.date", text)


def date_impossible_without_year(matter: Matter, chance: Chance) -> Spoilt | None:
    found = one_of(DAY, matter.text, chance)
    month, day = chance.choice(((2, 30), (2, 31), (4, 31), (6, 31), (9, 31), (11, 31), (13, 5), (5, 32), (8, 45)))
    text = put(matter.text, found, f"每年{month}月{day}日") if found else None
    return spoilt_in(matter, "date: no such day, without a year", "document.date", text)


def date_wrong_weekday(matter: Matter, chance: Chance) -> Spoilt | None:
    found = one_of(DAY, matter.text, chance)
    day = real_day(found) if found else None
    if found is None or day is None:
        return None
    named = "一二三四五六日"[(day.weekday() + chance.randint(1, 6)) % 7]
    form = chance.choice(("（星期%s）", "（周%s）", "星期%s"))
    return spoilt_in(
        matter, "date: wrong day of the week", "document.date", put(matter.text, found, found[0] + form % named)
    )


def date_other_than_field(matter: Matter, chance: Chance) -> Spoilt | None:
    written = _signed(matter)
    if written is None:
        return None
    other = written - timedelta(days=chance.randint(1, 300))
    return spoilt_in(
        matter, "date: signature against field", "document.date", matter.text, written_on=other.isoformat()
    )


def date_after_release(matter: Matter, chance: Chance) -> Spoilt | None:
    written = _signed(matter)
    if written is None:
        return None
    released = written - timedelta(days=chance.randint(1, 400))
    return spoilt_in(
        matter,
        "date: signed after release",
        "document.date",
        matter.text,
        published_on=released.isoformat(),
        written_on="",
    )


def date_effect_before_issue(matter: Matter, chance: Chance) -> Spoilt | None:
    written = _signed(matter)
    if written is None or "施行" in matter.text:
        return None
    kind = chance.choice(("通知", "意见", "办法"))
    early = written - timedelta(days=chance.randint(5, 1500))
    at = re.search(r"\n(?=[^\n]{2,20}\n(?:\d{4}年\d|[一二三四五六七八九〇]{4}年))", matter.text)
    if at is None:
        return None
    clause = f"\n本{kind}自{early.year}年{early.month}月{early.day}日起施行。"
    return spoilt_in(
        matter,
        "date: in force before it was signed",
        "document.date",
        matter.text[: at.start()] + clause + matter.text[at.start() :],
    )


def date_range(matter: Matter, chance: Chance) -> Spoilt | None:
    found = one_of(DAY, matter.text, chance)
    day = real_day(found) if found else None
    if found is None or day is None:
        return None
    last = day - timedelta(days=chance.randint(1, 700))
    words = f"{found[0]}{chance.choice(('至', '到', '—', '－'))}{last.year}年{last.month}月{last.day}日"
    return spoilt_in(
        matter, "date: a period that ends before it begins", "document.date", put(matter.text, found, words)
    )


def _signed(matter: Matter) -> date | None:
    """The day of the signature as the field gives it, where the text prints the same."""
    found = DAY.search(matter.fields.get("written_on", ""))
    day = real_day(found) if found else None
    if day is None:
        return None
    chinese = "".join("〇一二三四五六七八九"[int(sign)] for sign in str(day.year)) + "年"
    printed = re.search(rf"\n(?:{day.year}年{day.month}月{day.day}日|{chinese}[^\n]{{4,6}}日)", matter.text)
    return day if printed else None


DATES: tuple[Spoiler, ...] = (
    date_impossible, date_impossible_without_year, date_wrong_weekday, date_other_than_field, date_after_release,
    date_effect_before_issue, date_range,
)  # fmt: skip
