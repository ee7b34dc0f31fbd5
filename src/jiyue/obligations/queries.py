"""Reads over duties: lists, counts, to-dos."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, When

from jiyue.domain.deadlines import local
from jiyue.domain.duties import State
from jiyue.domain.duty_moments import Moments, moments_of
from jiyue.domain.limits import parse_limit
from jiyue.domain.rulesets import Answer
from jiyue.domain.todo import Todo
from jiyue.identity.models import Organisation, User
from jiyue.identity.policies import EVERYTHING, within_reach
from jiyue.identity.roles import Role
from jiyue.obligations.models import Obligation, ObligationQuerySet, Waiver
from jiyue.obligations.policies import own_ways, visible_obligations, visible_ways, waivers_to_answer, watches
from jiyue.rules.queries import book

MOST_TODOS = 200
FAR = 20  # who reaches more than this part of all units reaches far
KIND = "obligation"
WAIVER_KIND = "waiver"
# What a list does not show is not read.
UNLISTED = ("evidence", "second_step_reason")


@dataclass(frozen=True)
class SiteLoad:
    """How a site stands: duties past their moment, and those near it."""

    site: int | None
    late: int
    soon: int


def open_for(user: User, now: datetime) -> ObligationQuerySet:
    """Open duties that wait for this person, the most urgent first; filter further as needed."""
    return _listed(_on_any(own_ways(user), Obligation.objects.pending()))


def attended(user: User, now: datetime) -> ObligationQuerySet:
    """What a person looks after: what waits for her, or, of somebody who only looks on, everything below her."""
    return visible_open(user, now) if watches(user) else open_for(user, now)


def due_for(user: User, now: datetime) -> ObligationQuerySet:
    """Of these, what is late or near its end now."""
    return _listed(_on_any(own_ways(user), Obligation.objects.due(now)))


def visible_open(user: User, now: datetime) -> ObligationQuerySet:
    """Open duties of everybody whom the person may look at, the most urgent first."""
    return _listed(visible_pending(user))


def visible_pending(user: User) -> ObligationQuerySet:
    """The same in no order, for counts."""
    if _reaches_far(user):
        return visible_obligations(user).pending()
    return _on_any(visible_ways(user), Obligation.objects.pending())


def state(obligation: Obligation, now: datetime) -> State:
    """How it stands at `now`."""
    return obligation.state(now)


def load_by_site(obligations: ObligationQuerySet, now: datetime) -> list[SiteLoad]:
    """Late and soon due duties of every site that has any, in one question."""
    late = Sum(Case(When(act_by__lt=now, then=1), default=0, output_field=IntegerField()))
    # Counting keys instead of rows would make PostgreSQL read every row: its indexes do not hold them.
    loads = obligations.due(now).order_by().values("site").annotate(late=late, every=Count("*"))
    rows = loads.order_by("-late", "site")
    return [SiteLoad(row["site"], row["late"], row["every"] - row["late"]) for row in rows]


@dataclass(frozen=True)
class Explanation:
    """Why a duty is due when it is: the frozen rule with its articles and the packs asked, the start, every day.

    `moments` are computed again from these; None where the rule sets no limit. `moved` says that the stored date is
    another one than that, which happens only between the arrival of a calendar and the next pass over the dates.
    """

    obligation: Obligation
    answer: Answer
    moments: Moments | None
    own_limit: str
    recorded_late: bool
    moved: bool

    @property
    def provisional(self) -> bool:
        return self.moments is not None and self.moments.provisional


def explain(obligation: Obligation) -> Explanation:
    """Recompute a duty from the rule it began under, by the calendar as it is known now."""
    own = parse_limit(obligation.own_limit) if obligation.own_limit else None
    days = book().calendar_for(obligation.unit.lineage)
    moments = moments_of(
        obligation.answer, start=obligation.started_at, calendar=days, own=own, event_at=obligation.event_at,
        stopped=obligation.stops, classed=obligation.classes,
    )  # fmt: skip
    return Explanation(
        obligation=obligation,
        answer=obligation.answer,
        moments=moments,
        own_limit=obligation.own_limit,
        recorded_late=is_recorded_late(obligation),
        moved=moments is not None and moments.due.at != obligation.due_at,
    )


def is_recorded_late(obligation: Obligation) -> bool:
    """Did the platform learn of the event on a later day than it happened?"""
    return local(obligation.recorded_at).date() > local(obligation.started_at).date()


def unfulfilled(user: User, parameter: str, now: datetime) -> ObligationQuerySet:
    """Late duties under one parameter among those the person may see, by unit: who has not done it (CAL-04)."""
    return (
        visible_obligations(user)
        .late(now)
        .filter(parameter=parameter)
        .select_related("unit", "site")
        .order_by("unit", "act_by")
    )


def todo_for(user: User, now: datetime, *, apart_from: Collection[str]) -> list[Todo]:
    """What is due soon or late for the person, and requests for a waiver that she may answer.

    Duties about subjects whose names begin with one of `apart_from` stand in her list by themselves.
    """
    owed = due_for(user, now)
    for prefix in apart_from:
        owed = owed.exclude(subject__startswith=prefix)
    duties = [_todo(obligation, now) for obligation in owed[:MOST_TODOS]]
    asked = waivers_to_answer(user).select_related("obligation__site", "obligation__unit", "asked_by")
    return [*duties, *(_request(waiver) for waiver in asked[:MOST_TODOS])]


def of_subject(subjects: Iterable[str]) -> QuerySet[Obligation]:
    """All duties about these things, the newest first; for the screen of the thing itself."""
    return Obligation.objects.filter(subject__in=list(subjects)).order_by("-started_at")


def _on_any(ways: list[Q], rows: ObligationQuerySet) -> ObligationQuerySet:
    """The rows on any of these ways. One index answers each; an `or` of them would be answered by none."""
    if ways == [EVERYTHING]:
        return rows
    first, *others = [rows.filter(way).order_by().values("pk") for way in ways]
    return rows.filter(pk__in=first.union(*others, all=True)) if others else rows.filter(pk__in=first)


def _reaches_far(user: User) -> bool:
    """Is so much visible that going through everything in order finds a page sooner than gathering it all?"""
    reach = within_reach(user, Role.SUPERVISOR) | within_reach(user, Role.OVERSEER)
    return Organisation.objects.filter(reach).count() * FAR > Organisation.objects.count()


def _listed(obligations: ObligationQuerySet) -> ObligationQuerySet:
    # Not joined: SQLite would begin with the units, and sort every open duty there is.
    return obligations.prefetch_related("site", "unit", "person").defer(*UNLISTED).order_by("act_by", "pk")


def _todo(obligation: Obligation, now: datetime) -> Todo:
    where = obligation.site.name if obligation.site else obligation.unit.name
    return Todo(
        kind=KIND, ref=str(obligation.pk), site=where, title=obligation.title, what=obligation.parameter,
        state=obligation.state(now), since=obligation.started_at, due=obligation.act_by,
    )  # fmt: skip


def _request(waiver: Waiver) -> Todo:
    obligation = waiver.obligation
    where = obligation.site.name if obligation.site else obligation.unit.name
    return Todo(
        kind=WAIVER_KIND, ref=str(waiver.pk), site=where, title=obligation.title, what=obligation.parameter,
        state=waiver.state, since=waiver.asked_at, note=waiver.grounds,
    )  # fmt: skip
