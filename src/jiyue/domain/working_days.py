"""Working days of the People's Republic: which days count, and why the others do not.

The State Council's General Office announces each year's days off and the weekend days worked in exchange (调休). Until
it has, nobody knows: such a year counts Monday to Friday without the holidays that the law fixes by date (1 January),
and whatever is computed from it is provisional.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

ONE_DAY = timedelta(days=1)
FixedHolidays = Mapping[tuple[int, int], str]  # month and day → name
_SATURDAY = 5
# Six of the arrangements of 2002 to 2026 made a day of the December before a working day or a day off, never one
# before the 29th. Until the next year is announced, those days are not settled either.
_NEXT_NOTICE_MAY_TOUCH = (12, 29)


class DayKind(StrEnum):
    """Why a day is a working day or not. Stable codes; presentation gives the words."""

    WORKDAY = "workday"  # 工作日
    WEEKEND = "weekend"  # 周末
    HOLIDAY = "holiday"  # 放假, with the holiday's name
    SHIFTED_WORK = "shifted_work"  # 调休上班, with the holiday's name
    UNPUBLISHED_WORKDAY = "unpublished_workday"  # Monday to Friday of a year not announced yet
    UNPUBLISHED_WEEKEND = "unpublished_weekend"
    UNPUBLISHED_HOLIDAY = "unpublished_holiday"  # off by law on this date, in a year not announced yet
    UNKEPT_WORKDAY = "unkept_workday"  # Monday to Friday of a year before the first that is kept here
    UNKEPT_WEEKEND = "unkept_weekend"
    UNSETTLED_WORKDAY = "unsettled_workday"  # end of December, which the next year's notice may still change
    UNSETTLED_WEEKEND = "unsettled_weekend"


WORKING = frozenset(
    {
        DayKind.WORKDAY,
        DayKind.SHIFTED_WORK,
        DayKind.UNPUBLISHED_WORKDAY,
        DayKind.UNKEPT_WORKDAY,
        DayKind.UNSETTLED_WORKDAY,
    }
)
OPEN = frozenset(
    {
        DayKind.UNPUBLISHED_WORKDAY,
        DayKind.UNPUBLISHED_WEEKEND,
        DayKind.UNPUBLISHED_HOLIDAY,
        DayKind.UNKEPT_WORKDAY,
        DayKind.UNKEPT_WEEKEND,
        DayKind.UNSETTLED_WORKDAY,
        DayKind.UNSETTLED_WEEKEND,
    }
)


@dataclass(frozen=True)
class Why:
    """The reason of one day: a code, and the Chinese name of the holiday where one is behind it.

    `by` is the government that set the day for its own area; empty for the national arrangement.
    """

    kind: DayKind
    name: str = ""
    by: str = ""

    @property
    def working(self) -> bool:
        return self.kind in WORKING

    @property
    def settled(self) -> bool:
        """Whether no announcement still to come is expected to change the day."""
        return self.kind not in OPEN


@dataclass(frozen=True)
class CalendarYear:
    """One announced year: days off and weekend days worked, each with the name of its holiday.

    `off` holds whole breaks, the weekend days inside them included. `notice` is the number of the announcement,
    empty where it is not known.
    """

    year: int
    off: Mapping[date, str] = field(default_factory=dict)
    worked: Mapping[date, str] = field(default_factory=dict)
    notice: str = ""


@dataclass(frozen=True)
class RegionalDays:
    """Days off and days worked that one government set for its own area in a year, beside the national arrangement.

    Autonomous areas may give days off for the festivals of their peoples (全国年节及纪念日放假办法 第四条).
    """

    by: str
    days: CalendarYear


@dataclass(frozen=True)
class CalendarFault:
    """What cannot be in a calendar: `code` is other_year, off_and_worked, worked_weekday or no_name."""

    code: str
    day: date


def faults(year: CalendarYear) -> tuple[CalendarFault, ...]:
    """Everything wrong with a year, by day; empty for a sound one."""
    named = [*year.off.items(), *year.worked.items()]
    found = {CalendarFault("other_year", day) for day, _ in named if day.year != year.year}
    found |= {CalendarFault("no_name", day) for day, name in named if not name.strip()}
    found |= {CalendarFault("off_and_worked", day) for day in year.worked if day in year.off}
    found |= {CalendarFault("worked_weekday", day) for day in year.worked if day.weekday() < _SATURDAY}
    return tuple(sorted(found, key=lambda fault: (fault.day, fault.code)))


class WorkingCalendar:
    """The announced years, one of each; never changed, `replacing` gives another one.

    `fixed` are the holidays that the law names by month and day; they count in years that are not announced yet.
    Raises ValueError for two of one year and for a year with faults.
    """

    def __init__(
        self,
        years: Iterable[CalendarYear],
        regional: Iterable[RegionalDays] = (),
        fixed: FixedHolidays = MappingProxyType({}),
    ) -> None:
        self._years: dict[int, CalendarYear] = {}
        self._fixed = fixed
        self._regional = tuple(regional)
        for each in self._regional:
            if wrong := faults(each.days):
                raise ValueError(f"{wrong[0].code}: {wrong[0].day}")
        self._whys: dict[date, Why] = {}
        for year in years:
            if year.year in self._years:
                raise ValueError(f"two calendars of {year.year}")
            if wrong := faults(year):
                raise ValueError(f"{wrong[0].code}: {wrong[0].day}")
            self._years[year.year] = year

    @property
    def years(self) -> tuple[CalendarYear, ...]:
        return tuple(self._years[number] for number in sorted(self._years))

    def year(self, number: int) -> CalendarYear | None:
        return self._years.get(number)

    def replacing(self, *years: CalendarYear) -> "WorkingCalendar":
        """This calendar with these years added, or put in the place of what it had of them."""
        return WorkingCalendar(
            {**self._years, **{year.year: year for year in years}}.values(), self._regional, self._fixed
        )

    def within(self, *regional: RegionalDays) -> "WorkingCalendar":
        """This calendar as it holds in an area with days of its own; of several areas the nearest comes first."""
        return WorkingCalendar(self._years.values(), regional, self._fixed)

    def fixing(self, fixed: FixedHolidays) -> "WorkingCalendar":
        """This calendar with the holidays that the law fixes by date."""
        return WorkingCalendar(self._years.values(), self._regional, fixed)

    def left_out(self, year: int) -> list[tuple[date, str]]:
        """Holidays that the law fixes by date and that the announcement of the year, as it is kept, does not give off."""
        announced = self._years.get(year)
        if announced is None:
            return []
        days = [(date(year, month, day), name) for (month, day), name in sorted(self._fixed.items())]
        return [(day, name) for day, name in days if day not in announced.off]

    def is_published(self, year: int) -> bool:
        return year in self._years

    def is_before(self, year: int) -> bool:
        """Is it earlier than every year that is kept? It was announced long ago, only not taken in here."""
        return bool(self._years) and year < min(self._years)

    def is_settled(self, day: date) -> bool:
        """Whether no announcement still to come is expected to change this day."""
        return self.why(day).settled

    def is_working(self, day: date) -> bool:
        return self.why(day).working

    def why(self, day: date) -> Why:
        """The reason of a day; one that an announcement may still change says so."""
        known = self._whys.get(day)
        if known is None:
            known = self._whys[day] = self._find(day)
        return known

    def _find(self, day: date) -> Why:
        for region in self._regional:
            if day in region.days.off:
                return Why(DayKind.HOLIDAY, region.days.off[day], region.by)
            if day in region.days.worked:
                return Why(DayKind.SHIFTED_WORK, region.days.worked[day], region.by)
        year, weekend = self._years.get(day.year), day.weekday() >= _SATURDAY
        if year is None and self.is_before(day.year):
            return Why(DayKind.UNKEPT_WEEKEND if weekend else DayKind.UNKEPT_WORKDAY)
        if year is None and not weekend and (day.month, day.day) in self._fixed:
            return Why(DayKind.UNPUBLISHED_HOLIDAY, self._fixed[day.month, day.day])
        if year is None:
            return Why(DayKind.UNPUBLISHED_WEEKEND if weekend else DayKind.UNPUBLISHED_WORKDAY)
        if day in year.worked:
            return Why(DayKind.SHIFTED_WORK, year.worked[day])
        if day in year.off:
            return Why(DayKind.HOLIDAY, year.off[day])
        if (day.month, day.day) >= _NEXT_NOTICE_MAY_TOUCH and day.year + 1 not in self._years:
            return Why(DayKind.UNSETTLED_WEEKEND if weekend else DayKind.UNSETTLED_WORKDAY)
        return Why(DayKind.WEEKEND if weekend else DayKind.WORKDAY)
