"""The shipped calendars, read without the loader of the program, so that two ways of reading meet in the tests."""

from datetime import date
from pathlib import Path

import yaml

from jiyue.domain.working_days import CalendarYear, WorkingCalendar

FOLDER = Path(__file__).parents[3] / "rulepacks" / "calendars"
YEARS = range(2007, 2027)


def read(path: Path) -> CalendarYear:
    content = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506  # gives texts only
    off, worked = ({date.fromisoformat(day): name for day, name in content[key].items()} for key in ("off", "worked"))
    return CalendarYear(int(content["year"]), off, worked, content["notice"])


SHIPPED = WorkingCalendar(read(path) for path in sorted(FOLDER.glob("*.yaml")))
