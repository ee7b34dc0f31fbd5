"""Write docs/rules/worked-example.md: 1,665 real letters of a province under the reply limits of every pack.

    .venv/bin/python docs/rules/worked_example.py [FOLDER]

FOLDER holds citizen_letters/letters_with_replies.jsonl (default: shared/data beside the checkout). Only counts and days
are written, no word of a letter. A test compares the committed file with what this computes.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src")]

from jiyue.domain.deadlines import SHANGHAI, due  # noqa: E402
from jiyue.domain.limits import Limit, Span, Unit  # noqa: E402
from jiyue.domain.rulesets import Answer  # noqa: E402
from jiyue.domain.working_days import CalendarYear, WorkingCalendar  # noqa: E402
from jiyue.rules import wording  # noqa: E402
from jiyue.rules.library import Library, shipped  # noqa: E402
from jiyue.rules.reckoning import reckon  # noqa: E402

PAGE = Path(__file__).with_name("worked-example.md")
PARAMETER = "message.reply"
TODAY = date(2026, 11, 22)  # a fixed day, so that the page is the same whenever it is written
IN_TIME, BY_LATEST, LATE = "in time", "by the latest limit", "late"
EXAMPLES = ("national", "hebi")
# Days off or first days worked in exchange: the last letter that came before each is shown.
BREAKS = (date(2018, 2, 15), date(2018, 9, 29), date(2019, 10, 1))


class Letter(NamedTuple):
    asked_at: datetime
    replied_at: datetime


def letters(folder: Path) -> list[Letter]:
    """The times of all letters, in order. They are written without a zone and are local."""
    lines = (folder / "citizen_letters" / "letters_with_replies.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted(Letter(_local(each["asked_at"]), _local(each["replied_at"])) for each in map(json.loads, lines))


def page(library: Library, found: list[Letter]) -> str:
    """The whole page, as Markdown."""
    sections = (opening, as_of_today, as_of_then, what_units_do, by_year, examples)
    return "\n\n".join("\n".join(section(library, found)) for section in sections) + "\n"


def opening(library: Library, found: list[Letter]) -> Iterator[str]:
    first, last, answered = found[0].asked_at, found[-1].asked_at, max(each.replied_at for each in found)
    yield f"# A worked example: {len(found):,} letters under {len(library.names) - 1} jurisdictions"
    yield ""
    yield "Written by `python docs/rules/worked_example.py`; do not edit. The letters are real: put to the leaders of a province"
    yield f"and its cities from {_day(first)} to {_day(last)}, all answered, the last on {_day(answered)}. Their places were"
    yield "replaced by codes before we got them, so this judges nobody: it shows what the same facts are under different rules"
    yield "(留言答复, P-40 and P-41). Only counts and days stand here. Whether a letter was of the kind that may take longer is"
    yield "not in the data, so what was answered between both limits, or between those of two classes, is counted apart."


def as_of_today(library: Library, found: list[Letter]) -> Iterator[str]:
    yield "## As if the rule of today had held for every letter"
    yield ""
    yield "| Jurisdiction | Limit, latest | Set by | In time | By the latest limit | Late | In time |"
    yield "|---|---|---|---:|---:|---:|---:|"
    for name in library.names:
        answer = library.ruleset(name).answer(PARAMETER, TODAY)
        counts = Counter(judge(answer, letter, library.calendar) for letter in found)
        yield f"| {library.pack(name).title} | {_limits(answer)} | {_setter(answer)} | {_cells(counts)} |"
    yield ""
    yield "A word without a figure (及时) decides nothing, so the pack above is asked and the explanation tells both."


def as_of_then(library: Library, found: list[Letter]) -> Iterator[str]:
    yield "## By the rule in force on the day each letter came"
    yield ""
    yield "The pack of the day on which the clock starts holds to the end. Hebi's measures are of 2022 and Xiangxi's of 2018,"
    yield "so earlier letters fall under the nation's rule, whose day of effect is not known and which therefore holds for"
    yield "every day."
    yield ""
    yield "| Jurisdiction | Under its own figure | In time | By the latest limit | Late | In time |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name in library.names:
        rules = library.ruleset(name)
        answers = [rules.answer(PARAMETER, letter.asked_at.date()) for letter in found]
        judged = (judge(answer, letter, library.calendar) for answer, letter in zip(answers, found, strict=True))
        own = sum(answer.pack == name for answer in answers)
        yield f"| {library.pack(name).title} | {own:,} | {_cells(Counter(judged))} |"


def what_units_do(library: Library, found: list[Letter]) -> Iterator[str]:
    yield "## What the calendar and the unit do"
    yield ""
    yield "Letters in time, and how many of the 1,665 would be judged otherwise if one counted wrongly."
    yield ""
    yield "| Limit | By the calendar | Monday to Friday only | judged otherwise | Days instead | judged otherwise |"
    yield "|---|---:|---:|---:|---:|---:|"
    bare = WorkingCalendar(CalendarYear(year.year) for year in library.calendar.years)
    for amount in (5, 7, 10, 15):
        limit, days = Span(amount, Unit.WORKING_DAYS), Span(amount, Unit.DAYS)
        right = _kept(limit, library.calendar, found)
        others = (_kept(limit, bare, found), _kept(days, library.calendar, found))
        cells = (f"{sum(other):,} | {sum(map(bool.__ne__, right, other)):,}" for other in others)
        yield f"| {wording.limit(limit)} | {sum(right):,} | {' | '.join(cells)} |"


def by_year(library: Library, found: list[Letter]) -> Iterator[str]:
    yield "## By year, under today's rules"
    yield ""
    rules = {name: library.ruleset(name).answer(PARAMETER, TODAY) for name in EXAMPLES}
    titles = [f"{library.pack(name).title}: in time | by the latest limit | late" for name in EXAMPLES]
    yield f"| Year | Letters | {' | '.join(titles)} |"
    yield "|---|---:|" + "---:|---:|---:|" * len(EXAMPLES)
    for year in sorted({letter.asked_at.year for letter in found}):
        of_year = [letter for letter in found if letter.asked_at.year == year]
        counts = (Counter(judge(answer, letter, library.calendar) for letter in of_year) for answer in rules.values())
        cells = " | ".join(f"{each[IN_TIME]:,} | {each[BY_LATEST]:,} | {each[LATE]:,}" for each in counts)
        yield f"| {year} | {len(of_year):,} | {cells} |"


def examples(library: Library, found: list[Letter]) -> Iterator[str]:
    yield "## Letters before a break, day by day"
    for breaks_on in BREAKS:
        letter = max(each for each in found if each.asked_at.date() < breaks_on)
        yield ""
        yield f"Came {wording.day(letter.asked_at.date())}, answered {wording.day(letter.replied_at.date())}."
        for name in EXAMPLES:
            yield ""
            yield from _example(library, name, letter)


def _example(library: Library, name: str, letter: Letter) -> Iterator[str]:
    answer = library.ruleset(name).answer(PARAMETER, TODAY)
    computed = reckon(answer, start=letter.asked_at, calendar=library.calendar)
    verdict = judge(answer, letter, library.calendar)
    yield f"{library.pack(name).title}: {_limits(answer)}; due {wording.moment(computed.due.at)}: {verdict}."
    yield ""
    counted = 0
    for why, group in groupby(computed.due.days[1:], key=lambda day: day.why):
        days = list(group)
        numbers = range(counted + 1, counted + sum(day.counted for day in days) + 1)
        counted += len(numbers)
        span = " – ".join(dict.fromkeys(wording.day(day) for day in (days[0].date, days[-1].date)))
        yield f"- {span}: {wording.why(why)}" + (f" ({', '.join(map(str, numbers))})" if numbers else "")


def judge(answer: Answer, letter: Letter, calendar: WorkingCalendar) -> str:
    """In time, only by the latest limit, or late. Raises NotSet where no pack sets a figure."""
    computed = reckon(answer, start=letter.asked_at, calendar=calendar)
    if letter.replied_at <= computed.due.at:
        return IN_TIME
    counting = {"start": letter.asked_at, "calendar": calendar, "counting": answer.counted}
    return BY_LATEST if any(letter.replied_at <= due(limit, **counting).at for limit in _longer(answer)) else LATE


def _kept(limit: Limit, calendar: WorkingCalendar, found: Iterable[Letter]) -> list[bool]:
    return [each.replied_at <= due(limit, start=each.asked_at, calendar=calendar).at for each in found]


def _cells(counts: Counter[str]) -> str:
    share = counts[IN_TIME] / counts.total()
    return f"{counts[IN_TIME]:,} | {counts[BY_LATEST]:,} | {counts[LATE]:,} | {share:.1%}"


def _limits(answer: Answer) -> str:
    terms = answer.found.terms
    if terms.classes:
        return "；".join(f"{each.name} {wording.limit(each.limit)}" for each in terms.classes)
    return "，最迟 ".join(wording.limit(limit) for limit in (terms.limit, terms.latest) if limit)


def _longer(answer: Answer) -> list[Limit]:
    """The latest limit, and those of the classes that the text distinguishes: the data do not say of which a letter was."""
    terms = answer.found.terms
    limits = [terms.latest, *(limit for each in terms.classes for limit in (each.limit, each.latest))]
    return [limit for limit in limits if limit is not None]


def _setter(answer: Answer) -> str:
    words = "；".join(f"{passed.title}“{passed.value.word}”" for passed in answer.words if passed.value)
    return f"{answer.pack_title}{answer.basis[0].article}" + (f"（{words}）" if words else "")


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def main(folder: Path) -> None:
    PAGE.write_text(page(shipped(), letters(folder)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data")
