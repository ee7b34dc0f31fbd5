"""各地办信: how all governments of a territory stand with their letters, government by government and unit by unit (INT-02).

Counts of a year of receipt come from the sealed sums of the units (`accounts`), never from letters; what falls due comes from
the pending duties, what was returned or reopened from the steps of these two acts. The number of questions to the database
does not grow with governments, units or letters.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from jiyue.domain.cases import Act
from jiyue.domain.deadlines import SHANGHAI, local
from jiyue.domain.letter_figures import Sum, median_days, satisfaction, share_in_time, total
from jiyue.domain.working_days import ONE_DAY, WorkingCalendar
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation
from jiyue.interaction.accounts import figures_of
from jiyue.interaction.duties import ANSWERING
from jiyue.interaction.models import CaseStep
from jiyue.obligations.models import Obligation
from jiyue.rules.queries import book

SOON = 3  # working days after today
LONGEST_REST = 60  # calendar days in which they are looked for
ALL_YEARS = 0


@dataclass
class Line:
    """One government, or one unit of it. `soon` and `overdue` are of now, everything else of letters or steps of the period.
    `broken` are sites whose sums are not what was sealed: nothing of them is counted.
    """

    key: int
    name: str
    site: str = ""
    sums: list[Sum] = field(default_factory=list)
    soon: int = 0
    overdue: int = 0
    returned: int = 0
    reopened: int = 0
    units: int = 0
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._sum: Sum | None = None

    @property
    def sum(self) -> Sum:
        if self._sum is None:
            self._sum = total(self.sums)
        return self._sum

    @property
    def received(self) -> int:
        return int(self.sum["received"])

    @property
    def answered(self) -> int:
        return int(self.sum["answered"])

    @property
    def open(self) -> int:
        return int(self.sum["received"] - self.sum["answered"] - self.sum["ended"])

    @property
    def in_time(self) -> int | None:
        """Per cent of the answers with a limit that came within it."""
        return share_in_time(self.sum)

    @property
    def median(self) -> float | None:
        """Working days to the answer."""
        return median_days(self.sum)

    @property
    def satisfied(self) -> tuple[int, int] | None:
        """Per cent of ratings of 4 and 5, and how many rated."""
        return satisfaction(self.sum)


@dataclass(frozen=True)
class Overview:
    """`lines` are governments, or of one government (`of`) its units; `whole` is all of them together."""

    of: Line | None
    lines: list[Line]
    whole: Line


@dataclass(frozen=True)
class _Desk:
    pk: int
    name: str
    unit: str
    lineage: str


def overview(sites: QuerySet[Site], *, year: int, now: datetime, of: int | None = None, whole: str) -> Overview | None:
    """The letters received in `year` (`ALL_YEARS` for all), as they stand; `whole` names the line of all. None where no site
    is of the government `of`.
    """
    desks = [_Desk(*row) for row in sites.order_by("owner__name", "name", "pk").values_list(
        "pk", "name", "owner__name", "owner__lineage")]  # fmt: skip
    names = _governments(desks)
    government = {desk.pk: _nearest(desk, names) for desk in desks}
    if of is not None:
        desks = [desk for desk in desks if government[desk.pk] == of]
        if not desks:
            return None
    lines: dict[int, Line] = {}
    of_desk: dict[int, Line] = {}
    for desk in desks:
        key = desk.pk if of is not None else government[desk.pk]
        made = Line(key, desk.unit, desk.name) if of is not None else Line(key, names.get(key) or desk.unit)
        of_desk[desk.pk] = lines.setdefault(key, made)
        of_desk[desk.pk].units += 1
    _fill(desks, of_desk, year, now)
    rows = sorted(lines.values(), key=lambda line: (-line.received, line.name, line.key))
    head = Line(of, names.get(of) or desks[0].unit) if of is not None else None
    return Overview(head, rows, _together(rows, whole))


def years_of(now: datetime, *, count: int = 5) -> list[int]:
    """The years of receipt that are offered, the running one first."""
    return list(range(local(now).year, local(now).year - count, -1))


def _governments(desks: Iterable[_Desk]) -> dict[int, str]:
    """The governments above the units of these sites, with their names."""
    keys = {key for desk in desks for key in _keys(desk)}
    rows = Organisation.objects.filter(kind=Organisation.Kind.GOVERNMENT)
    return {pk: name for pk, name in rows.values_list("pk", "name") if pk in keys}


def _keys(desk: _Desk) -> list[int]:
    return [int(key) for key in desk.lineage.strip("/").split("/") if key]


def _nearest(desk: _Desk, governments: Mapping[int, str]) -> int:
    """The government that a unit obeys most closely; the unit itself where none stands above it."""
    keys = _keys(desk)
    return next((key for key in reversed(keys) if key in governments), keys[-1])


def _fill(desks: list[_Desk], of_desk: Mapping[int, Line], year: int, now: datetime) -> None:
    keys = [desk.pk for desk in desks]
    sums, names = figures_of(keys), {desk.pk: desk.name for desk in desks}
    for key in keys:
        found = sums.get(key, {})
        if found is None:
            of_desk[key].broken.append(names[key])
            continue
        years = found.values() if year == ALL_YEARS else [found.get(str(year), {})]
        of_desk[key].sums += [one for kinds in years for one in kinds.values()]
    for site, late, soon in _due(desks, now):
        of_desk[site].overdue += late
        of_desk[site].soon += soon
    for desk, act, count in _steps(keys, year):
        line = of_desk[desk]
        line.returned += count * (act == Act.RETURN)
        line.reopened += count * (act == Act.REOPEN)


def _due(desks: list[_Desk], now: datetime) -> Iterable[tuple[int, int, int]]:
    """By site, how many letters are overdue, and how many fall due before `SOON` working days are over. Where holidays
    differ, each calendar is asked for itself.
    """
    rules = book()
    ends: dict[datetime, list[int]] = defaultdict(list)
    known: dict[str, datetime] = {}
    for desk in desks:
        if desk.lineage not in known:
            known[desk.lineage] = _end_of(rules.calendar_for(desk.lineage), local(now).date())
        ends[known[desk.lineage]].append(desk.pk)
    for end, keys in ends.items():
        pending = Obligation.objects.pending().filter(parameter__in=ANSWERING, act_by__lt=end, site__in=keys)
        late = Count("pk", filter=Q(act_by__lt=now))
        soon = Count("pk", filter=Q(act_by__gte=now))
        yield from pending.order_by().values_list("site").annotate(late=late, soon=soon)


def _end_of(calendar: WorkingCalendar, today: date) -> datetime:
    """The end of the third working day after today, in Beijing."""
    day, left = today, SOON
    for _step in range(LONGEST_REST):
        day += ONE_DAY
        left -= calendar.is_working(day)
        if not left:
            break
    after = day + ONE_DAY
    return datetime(after.year, after.month, after.day, tzinfo=SHANGHAI)


def _steps(keys: list[int], year: int) -> QuerySet[CaseStep, Any]:
    """By unit and act, how many letters were returned or reopened in the period."""
    steps = CaseStep.objects.filter(act__in=(Act.RETURN.value, Act.REOPEN.value))
    if year != ALL_YEARS:
        begins, ends = (datetime(each, 1, 1, tzinfo=SHANGHAI) for each in (year, year + 1))
        steps = steps.filter(at__gte=begins, at__lt=ends)
    counted = steps.filter(case__desk__in=keys).order_by().values_list("case__desk", "act")
    return counted.annotate(count=Count("case", distinct=True))


def _together(rows: list[Line], name: str) -> Line:
    whole = Line(0, name, sums=[one for row in rows for one in row.sums])
    for row in rows:
        for each in ("soon", "overdue", "returned", "reopened", "units"):
            setattr(whole, each, getattr(whole, each) + getattr(row, each))
        whole.broken += row.broken
    return whole
