"""回应关切: what of a concern the public knows, since when, and how long each step took (RESP-01 to 04)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import QuerySet

from jiyue.concerns.models import Answer, Concern, Step
from jiyue.concerns.policies import kept_sites
from jiyue.content.models import Record
from jiyue.identity.models import User
from jiyue.publishing.moments import chunks, first_public


@dataclass(frozen=True)
class Public:
    """One record of a concern that the public can read, or will: `at` is when it became public."""

    record: Record
    at: datetime | None


@dataclass(frozen=True)
class Told:
    """What a concern's public and partners were told. Moments are aware; struck steps count for nothing."""

    answers: tuple[Public, ...] = ()
    steps: tuple[Step, ...] = field(default=())

    @property
    def first_at(self) -> datetime | None:
        """When the public first could read something about it."""
        return min((answer.at for answer in self.answers if answer.at), default=None)

    @property
    def briefed_at(self) -> datetime | None:
        return self._first(Step.Kind.BRIEFING)

    @property
    def reported_at(self) -> datetime | None:
        return self._first(Step.Kind.REPORTED)

    def _first(self, kind: str) -> datetime | None:
        return min((step.at for step in self.steps if step.kind == kind and step.struck_at is None), default=None)


@dataclass(frozen=True)
class Moment:
    """One line of a concern's course: when, what, and how long after the line before and after its beginning."""

    at: datetime
    thing: Concern | Step | Public
    name: str
    since_last: timedelta | None
    since_start: timedelta | None


def told(concerns: Iterable[Concern]) -> dict[int, Told]:
    """For each concern what was told and done, by its key. Two statements for any number, and the ledger's times."""
    keys = [concern.pk for concern in concerns]
    answers = list(Answer.objects.filter(concern__in=keys).select_related("record").order_by("pk"))
    public = first_public({answer.record.identity for answer in answers})
    steps: dict[int, list[Step]] = {}
    for step in Step.objects.filter(concern__in=keys).select_related("contact", "recorded_by").order_by("at", "pk"):
        steps.setdefault(step.concern_id, []).append(step)
    shown: dict[int, list[Public]] = {}
    for answer in answers:
        since = public.get(answer.record.identity)
        shown.setdefault(answer.concern_id, []).append(Public(answer.record, since.at if since else None))
    return {key: Told(tuple(shown.get(key, ())), tuple(steps.get(key, ()))) for key in keys}


def course(concern: Concern, known: Told) -> list[Moment]:
    """Everything that happened, in order of its own time; what is not public yet is left out."""
    found: list[tuple[datetime, str, Concern | Step | Public]] = [(concern.found_at, "found", concern)]
    if concern.happened_at:
        found.append((concern.happened_at, "happened", concern))
    if concern.closed_at:
        found.append((concern.closed_at, "closed", concern))
    found += [(step.at, step.kind, step) for step in known.steps]
    out = sorted((answer for answer in known.answers if answer.at), key=lambda answer: answer.at or concern.found_at)
    # The order of becoming public decides what was the first release; nobody has to say so.
    found += [
        (answer.at, "first" if number == 0 else "later", answer) for number, answer in enumerate(out) if answer.at
    ]
    order = ["happened", "found", *Step.Kind.values, "first", "later", "closed"]
    found.sort(key=lambda each: (each[0], order.index(each[1])))
    return list(_with_gaps(found))


def _with_gaps(found: list[tuple[datetime, str, Concern | Step | Public]]) -> Iterable[Moment]:
    last = start = None
    for at, name, thing in found:
        counts = not (isinstance(thing, Step) and thing.struck_at)
        yield Moment(at, thing, name, at - last if last and counts else None, at - start if start and counts else None)
        if counts:
            last, start = at, start or at


def is_unanswered(concern: Concern, known: Told) -> bool:
    """Does it still want what its kind wants first: something public, and for major opinion a report upward?"""
    if not concern.is_open:
        return False
    if concern.kind == Concern.Kind.OPINION:
        return known.reported_at is None
    return known.first_at is None


def unanswered_for(user: User, *, most: int) -> list[Concern]:
    """Concerns that the person keeps and that still want an answer, the oldest first."""
    found: list[Concern] = []
    for some in chunks(_open(user)):
        known = told(some)
        found += [concern for concern in some if is_unanswered(concern, known[concern.pk])]
        if len(found) >= most:
            break
    return found[:most]


def _open(user: User) -> QuerySet[Concern]:
    open_ones = Concern.objects.filter(closed_at=None, withdrawn_at=None, site__in=kept_sites(user))
    return open_ones.select_related("site", "unit").order_by("found_at", "pk")
