"""谁发布谁负责: what units and people had to answer for in a period: items, returns, corrections, waiting times (REV-08).

Lines are in the order of names. Nobody is ranked.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from statistics import median

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from jiyue.domain.deadlines import SHANGHAI
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import User
from jiyue.identity.roles import Duty, Permission
from jiyue.review.models import Decision, Review, Subject

DAY = timedelta(days=1)
Act, Status, Answer = Review.Act, Review.Status, Decision.Answer


@dataclass
class Account:
    """One line: of a unit, of an editor or of a reviewer. Waiting times are medians."""

    name: str
    unit: str = ""
    submitted: int = 0
    published: int = 0
    corrected: int = 0
    withdrawn: int = 0
    returned: int = 0
    decided: int = 0
    signed: int = 0
    waits: list[timedelta] = field(default_factory=list)

    @property
    def wait(self) -> timedelta | None:
        """The median of the waiting times; nothing where nothing was waited for."""
        return timedelta(seconds=median(wait.total_seconds() for wait in self.waits)) if self.waits else None

    @property
    def hours(self) -> float | None:
        return None if self.wait is None else self.wait.total_seconds() / 3600


@dataclass(frozen=True)
class Accounts:
    """What a person may see: lines of units only for who answers for units."""

    units: list[Account]
    editors: list[Account]
    reviewers: list[Account]


def accountable_sites(user: User) -> QuerySet[Site]:
    """Sites for whose people the person answers: those she manages, supervises or oversees. For others, none."""
    managed, overseen = sites_with(user, Permission.MANAGE_SITE), sites_with(user, Permission.OVERSEE)
    above = Q(pk__in=managed.values("pk")) | Q(pk__in=overseen.values("pk"))
    if user.duty == Duty.SUPERVISING:
        above |= Q(pk__in=sites_with(user, Permission.READ_CONTENT).values("pk"))
    return Site.objects.filter(above)


def accounts(user: User, *, site: Site | None, since: date, until: date) -> Accounts:
    """The lines in sight for one of the sites, or for all of them: others' only of accountable sites, one's own of any."""
    sites = accountable_sites(user)
    inside = Q(site__in=sites.filter(pk=site.pk) if site else sites)
    own_site = Q(site=site) if site else Q()
    start, end = _midnight(since), _midnight(until) + DAY
    reviews = Review.objects.filter(version__subject=Subject.RECORD, submitted_at__gte=start, submitted_at__lt=end)
    answers = Decision.objects.filter(at__gte=start, at__lt=end, review__version__subject=Subject.RECORD)
    about = Q(review__site__in=sites.filter(pk=site.pk) if site else sites)
    own_about = Q(review__site=site) if site else Q()
    return Accounts(
        units=_units(reviews.filter(inside)),
        editors=_editors(reviews.filter(inside | (own_site & Q(submitted_by=user)))),
        reviewers=_reviewers(answers.filter(about | (own_about & Q(reviewer=user)))),
    )


def _units(reviews: QuerySet[Review]) -> list[Account]:
    named = reviews.annotate(unit=Coalesce("version__record__responsible__name", "version__record__site__owner__name"))
    found: dict[str, Account] = {}
    facts = named.values_list("unit", "act", "status", "submitted_at", "finished_at")
    for unit, act, status, begun, finished in facts.iterator(chunk_size=2000):
        _count(found.setdefault(unit, Account(unit)), act, status, begun, finished)
    return sorted(found.values(), key=lambda line: line.name)


def _editors(reviews: QuerySet[Review]) -> list[Account]:
    found: dict[int, Account] = {}
    facts = reviews.values_list(
        "submitted_by", "submitted_by__name", "submitted_by__organisation__name", "act", "status", "submitted_at",
        "finished_at",
    )  # fmt: skip
    for key, name, unit, act, status, begun, finished in facts.iterator(chunk_size=2000):
        _count(found.setdefault(key, Account(name, unit or "")), act, status, begun, finished)
    return sorted(found.values(), key=lambda line: (line.unit, line.name))


def _reviewers(answers: QuerySet[Decision]) -> list[Account]:
    """Each answer waited from the submission, or from the answer at the level before it."""
    found: dict[int, Account] = {}
    mine = answers.values_list("pk", flat=True)
    reviews = Decision.objects.filter(review__in=answers.values("review"))
    facts = reviews.order_by("review", "at", "pk").values_list(
        "review", "pk", "reviewer", "reviewer_name", "reviewer_unit", "answer", "level", "at", "review__submitted_at",
        "review__levels",
    )  # fmt: skip
    counted = set(mine)
    for _review, rows in groupby(facts.iterator(chunk_size=2000), key=lambda row: row[0]):
        _answered(found, rows, counted)
    return sorted(found.values(), key=lambda line: (line.unit, line.name))


def _answered(found: dict[int, Account], rows: Iterable[tuple], counted: set[int]) -> None:
    before: datetime | None = None
    for _review, pk, person, name, unit, answer, level, at, submitted, levels in rows:
        since, before = before or submitted, at
        if pk not in counted:
            continue
        line = found.setdefault(person, Account(name, unit))
        line.decided += 1
        line.returned += answer == Answer.RETURN
        line.signed += answer == Answer.APPROVE and bool(levels) and level == levels[-1]
        line.waits.append(max(at - since, timedelta()))


def _count(line: Account, act: str, status: str, begun: datetime, finished: datetime | None) -> None:
    line.submitted += 1
    line.returned += status == Status.RETURNED
    if status in {Status.SIGNED_OFF, Status.RETURNED} and finished is not None:
        line.waits.append(max(finished - begun, timedelta()))
    if status != Status.SIGNED_OFF:
        return
    line.published += act == Act.PUBLISH
    line.corrected += act == Act.CORRECT
    line.withdrawn += act == Act.WITHDRAW


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), SHANGHAI)
