"""常设工作: what a unit owes once in every period or by a day of every year, and proves by hand.

A later issue that sees the thing itself (a scan, a drill, a report) takes its parameter from this list into a source
of its own.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from jiyue.domain.deadlines import SHANGHAI, local
from jiyue.domain.duties import Fact
from jiyue.domain.limits import Period
from jiyue.domain.recurrences import Window, window_of
from jiyue.domain.rule_terms import Recurrence
from jiyue.domain.working_days import ONE_DAY
from jiyue.obligations.models import Obligation, StandingDuty
from jiyue.rules.queries import Book, book

STANDING = (
    "assessment.sites", "backup.frequency", "disclosure.annual-report.department",
    "disclosure.annual-report.government", "domain.check", "information.check", "inspection.national",
    "inspection.sample", "inspection.supervision-review", "link.check", "new-media.inspection.city",
    "new-media.inspection.county", "new-media.patrol", "rectification.report", "security.assessment",
    "security.drill", "security.scan", "security.self-check", "self-check.department", "site.patrol", "site.report",
    "staff.education", "supervision.daily", "supervision.report",
)  # fmt: skip

MOST_TIMES = 60  # in one period; more often than this nobody proves anything by hand


@dataclass(frozen=True)
class Proven:
    """That what a period asks for was seen to be done: when, and where it stands."""

    at: datetime
    where: str


# What of a standing duty the platform may see for itself; beside it a person may still prove it by hand.
Proof = Callable[[StandingDuty, Window], Proven | None]


class StandingSource:
    """One fact for each period of each standing duty, from its day on until now."""

    code = "standing"
    parameters = STANDING

    def __init__(self, proofs: Mapping[str, Proof] | None = None) -> None:
        """`proofs` by parameter are what other apps see of these duties being done."""
        self.proofs = proofs or {}

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        rules = book()
        rows = StandingDuty.objects.select_related("unit").filter(Q(until_on=None) | Q(until_on__gt=F("from_on")))
        if subjects is not None:
            rows = rows.filter(pk__in={key for subject in subjects if (key := _key_of(subject)) is not None})
        newest = dict(_known().values("subject").annotate(last=Max("started_at")).values_list("subject", "last"))
        waiting: dict[str, list[datetime]] = {}
        for subject, started_at in _known().pending().values_list("subject", "started_at"):
            waiting.setdefault(subject, []).append(started_at)
        for row in rows:
            proof = self.proofs.get(row.parameter)
            for fact, window in _facts(row, rules, waiting, newest.get(subject_of(row)), now):
                yield _proven(fact, proof(row, window)) if proof and window else fact


def subject_of(row: StandingDuty, *, time_: int = 1) -> str:
    """Of a duty that is owed k times in a period, each time is a subject of its own: k proofs, not one."""
    return f"standing:{row.pk}" if time_ == 1 else f"standing:{row.pk}:{time_}"


def _key_of(subject: str) -> int | None:
    key = subject.removeprefix("standing:").partition(":")[0]
    return int(key) if subject.startswith("standing:") and key.isdecimal() else None


def _known():
    return Obligation.objects.filter(source=StandingSource.code)


def _proven(fact: Fact, seen: Proven | None) -> Fact:
    """Met when it was seen to be done, and the title says where; nothing is done before it is owed."""
    if seen is None:
        return fact
    title = _("%(title)s，见 %(where)s") % {"title": fact.title, "where": seen.where}
    return replace(fact, title=title, met_at=max(seen.at, fact.started_at))


def _facts(
    row: StandingDuty, rules: Book, waiting: Mapping[str, list[datetime]], newest: datetime | None, now: datetime
) -> Iterator[tuple[Fact, Window | None]]:
    """What still waits, and every period that has begun since the newest one known."""
    begun_before = set()
    for time_ in range(1, MOST_TIMES + 1):
        for started_at in waiting.get(subject_of(row, time_=time_), ()):
            begun_before.add(started_at)
            yield _fact(row, rules, started_at, time_), _window(row, rules, local(started_at).date())
    day = local(newest).date() if newest else row.from_on
    last = min(local(now).date(), row.until_on - ONE_DAY) if row.until_on else local(now).date()
    while day <= last:
        window = _window(row, rules, day)
        if window is None:
            return
        begun = datetime.combine(window.first, time.min, SHANGHAI)
        if window.first >= row.from_on and begun not in begun_before and (newest is None or begun > newest):
            for time_ in range(1, _times(row, rules, day) + 1):
                yield _fact(row, rules, begun, time_), window
        day = window.last + ONE_DAY


def _window(row: StandingDuty, rules: Book, day: date) -> Window | None:
    """The period in which the day lies by the rule of that day; None where nothing is set."""
    terms = rules.answer(row.unit.lineage, row.parameter, day).terms
    if not isinstance(terms, Recurrence):
        return None
    if terms.by is not None:
        return window_of(Period.YEAR, day)
    return window_of(terms.rate.per, day) if terms.rate and terms.rate.per else None


def _times(row: StandingDuty, rules: Book, day: date) -> int:
    """How often it is owed in the period of this day."""
    terms = rules.answer(row.unit.lineage, row.parameter, day).terms
    least = terms.rate.least if isinstance(terms, Recurrence) and terms.rate else None
    return min(max(least or 1, 1), MOST_TIMES)


def _fact(row: StandingDuty, rules: Book, started_at: datetime, time_: int) -> Fact:
    day = local(started_at).date()
    window, times = _window(row, rules, day), _times(row, rules, day)
    title = rules.library.parameter(row.parameter).title
    until_on = row.until_on if row.until_on and day >= row.until_on else None
    period = [_named(window)] if window else []
    if times > 1:
        period.append(_("第 %(n)s 次，共 %(all)s 次") % {"n": time_, "all": times})
    if period:
        title = _("%(title)s（%(period)s）") % {"title": title, "period": "，".join(period)}
    return Fact(
        parameter=row.parameter, subject=subject_of(row, time_=time_), unit=row.unit_id, site=row.site_id,
        person=row.person_id, by_hand=True, title=title, started_at=started_at,
        ended_at=datetime.combine(until_on, time.min, SHANGHAI) if until_on else None,
    )  # fmt: skip


def _named(window: Window) -> str:
    first = window.first
    words = {"year": first.year, "month": first.month, "day": first.day, "quarter": (first.month + 2) // 3}
    match window.per:
        case Period.YEAR:
            return _("%(year)s年") % words
        case Period.HALF_YEAR:
            return (_("%(year)s年上半年") if first.month == 1 else _("%(year)s年下半年")) % words
        case Period.QUARTER:
            return _("%(year)s年第%(quarter)s季度") % words
        case Period.MONTH:
            return _("%(year)s年%(month)s月") % words
        case Period.WEEK:
            return _("%(year)s年%(month)s月%(day)s日起一周") % words
        case _:
            return _("%(year)s年%(month)s月%(day)s日") % words
