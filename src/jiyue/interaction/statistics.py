"""Letters counted for staff: per unit, person, channel and class, received, answered, late, median days, satisfaction, marks.

Read from the accounts of letters received in a period. Staff see what is on the platform now; what the public sees are
the sealed sums (`accounts`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, QuerySet

from jiyue.domain.letter_figures import median
from jiyue.estate.models import Site
from jiyue.interaction.duties import ANSWERING
from jiyue.interaction.models import SUBJECT, Case, LetterAccount, ReplyMark
from jiyue.obligations.models import Obligation

NOBODY = 0
CHANNELS = dict(Case.Source.choices)


@dataclass
class Line:
    """The letters of one unit or person. `late` are answers after the limit and open letters past theirs."""

    name: str
    unit: str = ""
    received: int = 0
    answered: int = 0
    ended: int = 0
    late: int = 0
    marked: int = 0
    days: dict[int, int] = field(default_factory=dict)
    ratings: dict[int, int] = field(default_factory=dict)

    @property
    def open(self) -> int:
        return self.received - self.answered - self.ended

    @property
    def median(self) -> float | None:
        """Working days to the answer."""
        return median(self.days)

    @property
    def rated(self) -> int:
        return sum(self.ratings.values())

    @property
    def satisfied(self) -> int | None:
        """Per cent of ratings of 4 and 5."""
        return 100 * (self.ratings.get(4, 0) + self.ratings.get(5, 0)) // self.rated if self.rated else None


@dataclass(frozen=True)
class Statistics:
    whole: Line
    units: list[Line]
    people: list[Line]
    channels: list[Line]
    classes: list[Line]
    services: list[Line]


def letter_statistics(sites: QuerySet[Site], *, since: date, until: date, now: datetime, whole: str) -> Statistics:
    """Letters received from one day to another and answered by these sites' units. `whole` names the line of all."""
    rows = LetterAccount.objects.filter(desk__in=sites.values("pk"), received_on__range=(since, until))
    late, marks = late_among(rows, now), _marks(rows)
    total = Line(whole)
    units: dict[int, Line] = {}
    people: dict[tuple[int, int], Line] = {}
    channels: dict[str, Line] = {}
    classes: dict[str, Line] = {}
    services: dict[str, Line] = {}
    facts = rows.order_by("desk__owner__name", "desk", "pk").values_list(
        "case", "desk", "desk__owner__name", "person", "person__name", "case__handler", "case__handler__name",
        "answered_at", "in_time", "days", "ended", "rating", "channel", "case__source", "classed",
        "case__service__code", "case__service__name",
    )  # fmt: skip
    for (
        case,
        desk,
        unit,
        person,
        name,
        handler,
        handler_name,
        answered,
        in_time,
        days,
        ended,
        rating,
        channel,
        source,
        classed,
        code,
        service,
    ) in facts.iterator():
        of_person = people.setdefault(
            (desk, person or handler or NOBODY), Line(name or handler_name or "", unit)
        )  # fmt: skip
        came_by = channel or source  # of letters from before channels were counted the letter says it
        of_channel = channels.setdefault(came_by, Line(str(CHANNELS.get(came_by, came_by))))
        of_class = [classes.setdefault(str(classed[-1][0]), Line(str(classed[-1][0])))] if classed else []
        of_service = [services.setdefault(code, Line(service))] if code else []
        for line in (total, units.setdefault(desk, Line(unit)), of_person, of_channel, *of_class, *of_service):
            line.received += 1
            line.answered += answered is not None
            line.ended += ended and answered is None
            line.late += in_time is False or case in late
            line.marked += marks.get(case, 0)
            _spread(line.days, days)
            _spread(line.ratings, rating)
    named = sorted(people.values(), key=lambda one: (one.unit, -one.received))
    came_by_each = [channels[code] for code in CHANNELS if code in channels]
    return Statistics(total, list(units.values()), named, came_by_each, _most_first(classes), _most_first(services))


def _most_first(lines: dict[str, Line]) -> list[Line]:
    return sorted(lines.values(), key=lambda one: -one.received)


def _spread(spread: dict[int, int], value: int | None) -> None:
    if value is not None:
        spread[value] = spread.get(value, 0) + 1


def late_among(rows: QuerySet[LetterAccount], now: datetime) -> set[int]:
    """Open letters whose limit is over."""
    found = Obligation.objects.pending().filter(parameter__in=ANSWERING, act_by__lt=now, subject__startswith=SUBJECT)
    keys = {int(subject.removeprefix(SUBJECT)) for subject in found.values_list("subject", flat=True)}
    return keys & set(rows.filter(answered_at=None, ended=False).values_list("case", flat=True))


def _marks(rows: QuerySet[LetterAccount]) -> dict[int, int]:
    marks: Iterable[tuple[int, int]] = (
        ReplyMark.objects.filter(reply__case__in=rows.values("case"))
        .values_list("reply__case")
        .annotate(count=Count("reply", distinct=True))
        .order_by()
    )
    return dict(marks)
