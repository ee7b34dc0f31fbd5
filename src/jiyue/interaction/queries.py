"""Reads over letters: what waits for whom, by the clock; letters that may be the same; counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import CharField, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from jiyue.domain.cases import OPEN, Kind, State
from jiyue.domain.todo import Todo
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import User
from jiyue.identity.persons import accounts_of_same_person
from jiyue.identity.roles import Permission, Role
from jiyue.interaction.duties import ANSWERING
from jiyue.interaction.models import SUBJECT, Case, Help, Reply
from jiyue.interaction.policies import visible_cases
from jiyue.interaction.words import KINDS
from jiyue.obligations.models import Obligation

KIND = "letter"
Keys: TypeAlias = QuerySet[Any, Any]
MOST_TODOS = 100
LOOKED_BACK = timedelta(days=60)
MOST_COMPARED = 200
ALIKE = 0.5  # share of the pairs of characters that two texts have in common


def waiting_for(user: User) -> QuerySet[Case]:
    """Letters on which this person has the next word."""
    receives = sites_with(user, Permission.RECEIVE_LETTERS).values("pk")
    handles = sites_with(user, Permission.HANDLE_LETTERS).values("pk")
    reviews = sites_with(user, Permission.REVIEW_REPLIES)
    return visible_cases(user).filter(
        Q(state__in=(State.RECEIVED, State.ACCEPTED), desk__in=receives)
        | Q(state=State.DISPUTED, desk__in=receives)
        | Q(state=State.HANDLING, handler=None, desk__in=receives)
        | Q(state__in=(State.HANDLING, State.READY), handler=user.pk)
        | Q(state__in=(State.HANDLING, State.READY), handler=None, desk__in=handles)
        | Q(pk__in=_helping(user))
        | Q(pk__in=_reviewing(user, reviews))
        | Q(pk__in=_passing(user, reviews))
    )


def by_the_clock(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With the moment to act by (`due`), the most urgent first; what no rule sets a limit for comes by its age."""
    subject = Concat(Value(SUBJECT), Cast(OuterRef("pk"), CharField()))
    duties = Obligation.objects.pending().filter(
        subject=subject, parameter__in=ANSWERING, started_at=OuterRef("clock_at")
    )
    due = Subquery(duties.values("act_by")[:1], output_field=DateTimeField())
    return cases.annotate(due=due).order_by(F("due").asc(nulls_last=True), "clock_at", "pk")


def todo_for(user: User, *, now: datetime) -> list[Todo]:
    """What waits for the person, for the one list of work."""
    rows = by_the_clock(waiting_for(user)).select_related("desk")[:MOST_TODOS]
    return [_todo(case) for case in rows]


def counts_for(user: User) -> dict[str, int]:
    """How many wait for the person, are open among those she may read, and rest."""
    visible = visible_cases(user)
    return {"mine": waiting_for(user).count(), "open": visible.filter(state__in=sorted(OPEN)).count()}


@dataclass(frozen=True)
class Alike:
    """Another letter that may be about the same, and why it is shown."""

    case: Case
    same_sender: bool
    share: float


def alike(case: Case, user: User) -> list[Alike]:
    """Letters of the last weeks that may be duplicates: of the same sender, or with much the same words. A hint only."""
    since = case.received_at - LOOKED_BACK
    near = visible_cases(user).filter(received_at__gte=since).exclude(pk=case.pk).exclude(state=State.MERGED)
    near = near.exclude(parent=case).filter(desk=case.desk_id).order_by("-received_at")
    own = _pairs(case.title + case.text)
    found = (_compared(case, other, own) for other in near[:MOST_COMPARED])
    return sorted((one for one in found if one is not None), key=lambda one: (-one.same_sender, -one.share))[:5]


def holders(case: Case) -> Iterator[tuple[str, datetime]]:
    """Which units had it, one after the other, and since when."""
    last = ""
    for unit, at in case.steps.order_by("pk").values_list("unit", "at"):
        if unit != last:
            yield unit, at
        last = unit


def _compared(case: Case, other: Case, own: set[str]) -> Alike | None:
    same = bool(case.sender_mark) and case.sender_mark == other.sender_mark
    theirs = _pairs(other.title + other.text)
    share = len(own & theirs) / max(1, len(own | theirs))
    return Alike(other, same, share) if same or share >= ALIKE else None


def _pairs(text: str) -> set[str]:
    plain = "".join(letter for letter in text if letter.isalnum())
    return {plain[n : n + 2] for n in range(len(plain) - 1)}


def _helping(user: User) -> Keys:
    sites = Site.objects.filter(
        Q(pk__in=sites_with(user, Permission.HANDLE_LETTERS).values("pk"))
        | Q(pk__in=sites_with(user, Permission.RECEIVE_LETTERS).values("pk"))
    )
    open_ones = (State.HANDLING, State.WAITING, State.REVIEWING)
    return Help.objects.filter(helper__in=sites, answered_at=None, case__state__in=open_ones).values("case")


def _reviewing(user: User, reviews: QuerySet[Site]) -> Keys:
    mine = Reply.objects.filter(drafted_by__in=accounts_of_same_person(user)).values("case")
    rows = Case.objects.filter(state=State.REVIEWING, desk__in=reviews.values("pk"))
    return rows.exclude(pk__in=mine).values("pk")


def _passing(user: User, reviews: QuerySet[Site]) -> Keys:
    here = Site.objects.filter(
        owner=OuterRef("level"), appointments__role=Role.REPLY_REVIEWER, appointments__user__is_active=True
    )
    rows = Case.objects.filter(state=State.PASSING).annotate(
        speaker=Coalesce(Subquery(here.values("pk")[:1]), F("desk"))
    )
    own = Q(level__in=reviews.values("owner")) | Q(speaker=F("desk"), desk__in=reviews.values("pk"))
    mine = Reply.objects.filter(drafted_by__in=accounts_of_same_person(user)).values("case")
    return rows.filter(own).exclude(pk__in=mine).values("pk")


def _todo(case: Case) -> Todo:
    return Todo(
        kind=KIND, ref=str(case.pk), site=case.desk.name, title=case.title, what=str(KINDS[Kind(case.kind)]),
        state=f"letter-{case.state}", since=case.clock_at, due=getattr(case, "due", None),
        note=case.number,
    )  # fmt: skip
