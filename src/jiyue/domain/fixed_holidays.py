"""Holidays that the law itself fixes by date (全国年节及纪念日放假办法 第二条): a setting of the national pack.

Those of the lunar calendar and 清明 are not among them: no text says on which date of a coming year they fall.
"""

from collections.abc import Mapping
from typing import Any, Final

from jiyue.domain.limits import NotALimit, parse_month_day
from jiyue.domain.working_days import FixedHolidays

PARAMETER: Final = "calendar.fixed-holidays"


class NotAHoliday(ValueError):
    """`part` is a date that does not exist or has no name, `found` what was written there."""

    def __init__(self, part: str, found: str) -> None:
        super().__init__(f"{part}: {found!r}")
        self.part, self.found = part, found


def read_fixed_holidays(setting: Any) -> FixedHolidays:
    """`{01-01: 元旦, 05-01: 劳动节}`. Raises NotAHoliday."""
    if not isinstance(setting, Mapping):
        raise NotAHoliday("value", str(setting))
    return dict(_holiday(str(day), name) for day, name in setting.items())


def _holiday(day: str, name: Any) -> tuple[tuple[int, int], str]:
    if not isinstance(name, str) or not name.strip():
        raise NotAHoliday(day, str(name))
    try:
        found = parse_month_day(day)
    except NotALimit as error:
        raise NotAHoliday(day, name) from error
    return (found.month, found.day), name
