"""Working-day calendars as files, one a year: `off` holds whole breaks, `worked` the weekend days worked in exchange."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from jiyue.domain.working_days import CalendarYear, WorkingCalendar, faults
from jiyue.rules import plain_yaml
from jiyue.rules.fields import Fields
from jiyue.rules.problems import Problems

CALENDAR_FIELDS: Final = ("year", "notice", "gazette", "off", "worked")
FIRST_YEAR: Final = 1949
LAST_YEAR: Final = 2200


def read_calendar(content: bytes, *, file: str) -> CalendarYear:
    """One year from its file, which is named after it. Raises PackRefused with everything wrong."""
    problems = Problems()
    node = plain_yaml.read_mapping(content, file=file, problems=problems)
    year = _year(Fields(node, file=file, problems=problems)) if node is not None else None
    problems.refuse()
    assert year is not None  # noqa: S101  (for the type checker: no year without a problem)
    return year


def read_calendars(files: Mapping[str, bytes]) -> WorkingCalendar:
    """All years by file name; raises PackRefused with the problems of all files."""
    problems = Problems()
    years = [year for file, content in sorted(files.items()) if (year := _one(content, file, problems)) is not None]
    problems.refuse()
    return WorkingCalendar(years)


def _one(content: bytes, file: str, problems: Problems) -> CalendarYear | None:
    node = plain_yaml.read_mapping(content, file=file, problems=problems)
    return None if node is None else _year(Fields(node, file=file, problems=problems))


def _year(fields: Fields) -> CalendarYear:
    fields.refuse_unknown(CALENDAR_FIELDS)
    number = _number(fields)
    year = CalendarYear(number, _days(fields, "off"), _days(fields, "worked"), fields.text_or_null("notice"))
    fields.texts("gazette")
    for fault in faults(year) if number else ():
        part = "worked" if fault.day in year.worked and fault.day not in year.off else "off"
        fields.problems.add(f"calendar-{fault.code.replace('_', '-')}", file=fields.file,
                            line=_line(fields, part, fault.day), found=fault.day.isoformat(), year=number)  # fmt: skip
    return year


def _number(fields: Fields) -> int:
    text = fields.text("year")
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:9]) <= LAST_YEAR):
        fields.tell("not-a-year", "year", found=text)
        return 0
    if Path(fields.file).stem != text:
        fields.tell("year-differs", "year", found=text, file_name=Path(fields.file).name)
    return int(text)


def _days(fields: Fields, name: str) -> dict[date, str]:
    """A part with no days (`worked: {}`) is allowed; one that is missing is not."""
    part = fields.mapping(name)
    days: dict[date, str] = {}
    for stated in part.node.entries if part else ():
        assert part is not None  # noqa: S101  (for the type checker)
        since, holiday = part.since(stated, stated), part.text(stated)
        if since is not None and not since.is_exact:
            part.tell("no-such-day", stated, found=stated)
        elif since is not None and holiday:
            days[since.day] = holiday
    return days


def _line(fields: Fields, part: str, day: date) -> int:
    node = fields.node.entries.get(part)
    lines = node.key_lines if isinstance(node, plain_yaml.Mapping) else {}
    return lines.get(day.isoformat(), fields.line_of(part))
