"""日历: one month as a table, with what comes due on each day, days off and worked weekends."""

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber, TruncDate
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from jiyue.console.duties import reasons, words
from jiyue.console.duties.asked import Asked, asked_of, midnight
from jiyue.console.duties.boards import listed
from jiyue.console.duties.frame import screen
from jiyue.domain.deadlines import local, months_after
from jiyue.domain.working_days import ONE_DAY, DayKind, Why
from jiyue.obligations.models import Obligation

MOST_ON_A_DAY = 3
YEARS = range(2000, 2100)
FREE = frozenset({DayKind.HOLIDAY})
SHIFTED = frozenset({DayKind.SHIFTED_WORK})


@dataclass(frozen=True)
class Due:
    """A duty of a day, with its rule, figure and article in one line."""

    duty: Obligation
    why: str


@dataclass(frozen=True)
class Cell:
    """One day: what kind of day it is, the first duties due on it, and how many there are."""

    day: date
    why: Why
    inside: bool
    today: bool
    address: str
    count: int = 0
    late: bool = False
    duties: list[Due] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        return self.count - len(self.duties)

    @property
    def holiday(self) -> str:
        """The mark of a day off or a worked weekend; other days need none."""
        return words.why(self.why) if self.why.kind in FREE | SHIFTED else ""

    @property
    def tone(self) -> str:
        if self.why.kind in SHIFTED:
            return "shifted"
        return "work" if self.why.working else "free"

    @property
    def is_known(self) -> bool:
        return self.why.settled


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """Open duties by the day they are due."""
    asked = asked_of(request)
    first = month_of(request.GET.get("month", ""), local(asked.now).date())
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    cells = _cells(asked, weeks, first)
    context = {
        "weeks": cells,
        "first": first,
        "weekdays": words.WEEKDAYS,
        "before": months_after(first, -1),
        "after": months_after(first, 1),
        "known": asked.calendar.is_published(first.year),
    }
    return screen(request, "month.html", asked=asked, **context)


def month_of(text: str, today: date) -> date:
    """The first day of the month written as 2026-10; of this month for anything else."""
    year, _dash, number = text.partition("-")
    written = year.isdecimal() and number.isdecimal() and len(text) <= len("2026-10")
    if written and int(year) in YEARS and int(number) in range(1, 13):
        return date(int(year), int(number), 1)
    return today.replace(day=1)


def _cells(asked: Asked, weeks: list[list[date]], first: date) -> list[list[Cell]]:
    begin, end = midnight(weeks[0][0]), midnight(weeks[-1][-1] + ONE_DAY)
    inside = asked.open_duties().order_by().filter(act_by__gte=begin, act_by__lt=end)
    counts = dict(inside.values(due=TruncDate("act_by")).annotate(n=Count("pk")).values_list("due", "n"))
    duties = _first_of_each_day(inside)
    return [[_cell(asked, day, first, counts.get(day, 0), duties.get(day, [])) for day in week] for week in weeks]


def _first_of_each_day(inside: Any) -> Mapping[date, list[Due]]:
    """The first few of every day in one question, however many a day has."""
    place = Window(RowNumber(), partition_by=[F("due")], order_by=["act_by", "pk"])
    rows = inside.annotate(due=TruncDate("act_by")).annotate(place=place).filter(place__lte=MOST_ON_A_DAY)
    found: dict[date, list[Due]] = {}
    for duty in rows.select_related("rule").order_by("act_by", "pk"):
        found.setdefault(duty.due, []).append(Due(duty, reasons.short(duty)))
    return found


def _cell(asked: Asked, day: date, first: date, count: int, duties: list[Due]) -> Cell:
    today = local(asked.now).date()
    return Cell(
        day=day, why=asked.calendar.why(day), inside=day.month == first.month, today=day == today, count=count,
        address=listed(asked, day=day.isoformat()), late=bool(count) and day < today, duties=duties,
    )  # fmt: skip
