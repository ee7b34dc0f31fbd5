"""Write rulepacks/calendars/YEAR.yaml from two published data sets; run it when a year's announcement has reached both.

    .venv/bin/python docs/rules/calendars.py [YEAR…]        (without a year: 2007 to the last one both know)

Which weekdays are off, which weekend days are worked, and the names come from the package `holidays`; which weekend days
belong to a break comes from `chinesecalendar`, because `holidays` does not list them. The two must agree on every day of
the year, else nothing is written and the days are told. Neither has the numbers of the notices: those in NOTICES were
read in the notice itself. A year that neither knows yet is entered in the console (工作日历).
"""

import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import chinese_calendar
import holidays

CALENDARS = Path(__file__).resolve().parents[2] / "rulepacks" / "calendars"
FIRST = 2007
NOTICES = {2019: "国办发明电〔2018〕15号"}
ONE_DAY = timedelta(days=1)
_SUNDAY = 6
# What is one break to a reader, whichever of its days the law names.
FESTIVAL = {"农历除夕": "春节", "春节延长假期": "春节"}
# Not the changes of the law ([2013 changes (Order #644)]), only notices.
_GAZETTE = re.compile(r"\[(\d{4})( Extensions)?\]\(https://web\.archive\.org/web/\d+/(https://www\.gov\.cn/[^)]+)\)")
_SHIFTED_FROM = re.compile(r"由 (\d{4}-\d{2}-\d{2}) 调休")

Named = dict[date, str]


def main(years: list[int]) -> int:
    if unknown := set(years) - set(known_years()):
        print("Not announced, or not in chinesecalendar yet:", *sorted(unknown), file=sys.stderr)
        return 2
    first, last = min(years) - 1, max(years) + 1  # a break may begin in December
    china = holidays.China(years=range(first, last + 1), language="zh_CN")
    if disputed := [day for year in years for day in days_of(year) if working(china, day) is None]:
        print("The two sources differ, nothing written:", *disputed, file=sys.stderr)
        return 1
    named = breaks(china, first, last)
    worked = exchanged(china, named)
    for year in years:
        path = CALENDARS / f"{year}.yaml"
        path.write_text(text(china, year, of_year(named, year), of_year(worked, year)), encoding="utf-8")
    return 0


def known_years() -> list[int]:
    return list(range(FIRST, max(chinese_calendar.constants.holidays).year + 1))


def days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += ONE_DAY


def working(china: holidays.China, day: date) -> bool | None:
    """None where the two sources differ."""
    one, other = china.is_working_day(day), chinese_calendar.is_workday(day)
    return one if one == other else None


def breaks(china: holidays.China, first: int, last: int) -> Named:
    """Every day of every break with its name: the day's own festival, else those of the whole break."""
    named: Named = {}
    for run in runs(day for year in range(first, last + 1) for day in days_of(year) if listed(china, day)):
        own = {day: festivals(china.get(day, "")) for day in run}
        whole = "、".join(dict.fromkeys(FESTIVAL.get(name, name) for day in run for name in own[day]))
        named.update({day: "、".join(own[day]) or whole for day in run})
    return named


def listed(china: holidays.China, day: date) -> bool:
    """Also the Sunday between a Saturday and a Monday listed, which chinesecalendar leaves out in 2011 and 2015."""
    if day.weekday() == _SUNDAY and not known(china, day):
        return known(china, day - ONE_DAY) and known(china, day + ONE_DAY)
    return known(china, day)


def known(china: holidays.China, day: date) -> bool:
    return day in china or day in chinese_calendar.constants.holidays


def festivals(label: str) -> list[str]:
    """The festivals a day is itself; a day off in lieu (补假) or in exchange (调休) is none."""
    return [name for name in label.split("; ") if name and "补假" not in name and "调休" not in name]


def runs(days: Iterator[date]) -> Iterator[list[date]]:
    run: list[date] = []
    for day in days:
        if run and day - run[-1] != ONE_DAY:
            yield run
            run = []
        run.append(day)
    yield run


def exchanged(china: holidays.China, named: Named) -> Named:
    """The weekend days worked, each with the name of the break it was given for."""
    given = ((day, _SHIFTED_FROM.search(label)) for day, label in china.items())
    return {date.fromisoformat(found[1]): named.get(day, "") for day, found in given if found}


def of_year(days: Named, year: int) -> Named:
    return {day: days[day] for day in sorted(days) if day.year == year}


def gazettes(china: holidays.China, year: int, *days: Named) -> list[str]:
    """Where the gazette printed the year's notices; the next one's too, if that touched this December."""
    notices = list(_GAZETTE.finditer(type(china).__doc__ or ""))
    late = any(day >= date(year, 12, 29) for each in days for day in each)
    own = [found[3] for found in notices if found[1] == str(year)]
    return own + [found[3] for found in notices if late and found[1] == str(year + 1) and not found[2]]


def text(china: holidays.China, year: int, off: Named, worked: Named) -> str:
    sources = f"holidays {version('holidays')} and chinesecalendar {version('chinesecalendar')}"
    return "\n".join(
        [
            f"# Written by docs/rules/calendars.py from {sources}, which agree on every day of {year}.",
            f"year: {year}",
            f"notice: {NOTICES.get(year, 'null')}",
            "gazette:",
            *(f"  - {address}" for address in gazettes(china, year, off, worked)),
            "off:",
            *(f"  {day}: {name}" for day, name in off.items()),
            "worked:" if worked else "worked: {}",
            *(f"  {day}: {name}" for day, name in worked.items()),
            "",
        ]
    )


if __name__ == "__main__":
    raise SystemExit(main([int(word) for word in sys.argv[1:]] or known_years()))
