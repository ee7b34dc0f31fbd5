"""Live enquiries counted for staff: per unit and per officer, in a period, as letters are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import QuerySet

from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.enquiries import State
from jiyue.estate.models import Site
from jiyue.interaction.models import Enquiry


@dataclass
class Line:
    """The conversations of one unit or officer. `left` ended without anybody taking them."""

    name: str
    unit: str = ""
    began: int = 0
    answered: int = 0
    left: int = 0
    letters: int = 0
    waits: list[float] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)
    ratings: list[int] = field(default_factory=list)

    @property
    def wait(self) -> int | None:
        """Seconds until somebody took it: the median."""
        return _median(self.waits)

    @property
    def length(self) -> int | None:
        """Seconds from there to the end: the median."""
        return _median(self.lengths)

    @property
    def satisfied(self) -> int | None:
        """Per cent of ratings of 4 and 5."""
        return 100 * sum(one >= 4 for one in self.ratings) // len(self.ratings) if self.ratings else None


@dataclass(frozen=True)
class Figures:
    whole: Line
    units: list[Line]
    people: list[Line]


def enquiry_statistics(sites: QuerySet[Site], *, since: date, until: date, whole: str) -> Figures:
    """Conversations that began from one day to another (Asia/Shanghai) and are these sites' desks'."""
    begin = datetime.combine(since, datetime.min.time(), tzinfo=SHANGHAI)
    end = datetime.combine(until, datetime.min.time(), tzinfo=SHANGHAI) + timedelta(days=1)
    rows = Enquiry.objects.filter(desk__in=sites.values("pk"), opened_at__gte=begin, opened_at__lt=end)
    total = Line(whole)
    units: dict[int, Line] = {}
    people: dict[tuple[int, int], Line] = {}
    for row in rows.select_related("desk__owner", "person").order_by("desk__owner__name", "pk").iterator():
        lines = [total, units.setdefault(row.desk_id, Line(row.desk.owner.name))]
        if row.person is not None:
            lines.append(people.setdefault((row.desk_id, row.person.pk), Line(row.person.name, row.desk.owner.name)))
        for line in lines:
            _count(line, row)
    return Figures(total, list(units.values()), sorted(people.values(), key=lambda one: (one.unit, -one.began)))


def _count(line: Line, row: Enquiry) -> None:
    line.began += 1
    line.answered += row.answered_at is not None
    line.left += row.taken_at is None and row.state == State.ENDED
    line.letters += row.case_id is not None
    if row.taken_at is not None:
        line.waits.append((row.taken_at - row.opened_at).total_seconds())
        if row.ended_at is not None:
            line.lengths.append((row.ended_at - row.taken_at).total_seconds())
    if row.rating is not None:
        line.ratings.append(row.rating)


def _median(values: Sequence[float]) -> int | None:
    return round(median(values)) if values else None
