"""Reads over requests: what waits for whom, by the clock; earlier requests of the same applicant."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import CharField, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from jiyue.disclosure.duties import CORRECTION, REPLY
from jiyue.disclosure.models import SUBJECT, Draft, Request
from jiyue.disclosure.policies import visible_requests
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure import State
from jiyue.domain.todo import Todo
from jiyue.estate.policies import sites_with
from jiyue.identity.models import User
from jiyue.identity.persons import accounts_of_same_person
from jiyue.identity.roles import Permission
from jiyue.obligations.models import Obligation

KIND = "disclosure"
MOST_TODOS = 100
MOST_EARLIER = 5


def waiting_for(user: User, *, now: datetime) -> QuerySet[Request]:
    """Requests on which this person has the next word; one that was not corrected in time waits for the desk."""
    receives = sites_with(user, Permission.RECEIVE_LETTERS).values("pk")
    handles = sites_with(user, Permission.HANDLE_LETTERS).values("pk")
    reviews = sites_with(user, Permission.REVIEW_REPLIES).values("pk")
    same = accounts_of_same_person(user)
    mine = Draft.objects.filter(drafted_by__in=same, state=Draft.State.SUBMITTED).values("request")
    at_work = Q(state__in=(State.HANDLING, State.READY))
    return visible_requests(user).filter(
        Q(state=State.RECEIVED, desk__in=receives)
        | Q(state=State.CORRECTING, correction_until__lt=local(now).date(), desk__in=receives)
        | at_work & Q(handler=user.pk)
        | at_work & Q(handler=None, desk__in=handles)
        | Q(state=State.PAYING, fees__closed_at=None, fees__until__lt=local(now).date(), handler=user.pk)
        | Q(state=State.CONSULTING, handler=user.pk, consultations__answered_at=None, consultations__due_at__lt=now)
        | Q(state=State.REVIEWING, desk__in=reviews) & ~Q(pk__in=mine)
        | Q(extension_by__isnull=False, extended_at=None, desk__in=reviews,
            state__in=(State.HANDLING, State.CONSULTING)) & ~Q(extension_by__in=same)
        | Q(fee_asked_by__isnull=False, state=State.HANDLING, desk__in=reviews) & ~Q(fee_asked_by__in=same)
    ).distinct()  # fmt: skip


def by_the_clock(requests: QuerySet[Request]) -> QuerySet[Request]:
    """With the moment to act by (`due`), the most urgent first."""
    subject = Concat(Value(SUBJECT), Cast(OuterRef("pk"), CharField()))
    duties = Obligation.objects.pending().filter(subject=subject, parameter__in=(REPLY, CORRECTION)).order_by("act_by")
    due = Subquery(duties.values("act_by")[:1], output_field=DateTimeField())
    return requests.annotate(due=due).order_by(F("due").asc(nulls_last=True), "clock_at", "pk")


def todo_for(user: User, *, now: datetime) -> list[Todo]:
    """What waits for the person, for the one list of work."""
    rows = by_the_clock(waiting_for(user, now=now)).select_related("desk")[:MOST_TODOS]
    return [
        Todo(
            kind=KIND, ref=str(row.pk), site=row.desk.name, title=row.title, what=str(Request._meta.verbose_name),
            state=f"disclosure-{row.state}", since=row.clock_at, due=getattr(row, "due", None),
            note=row.number,
        )
        for row in rows
    ]  # fmt: skip


def duties_of(subjects: Iterable[str]) -> dict[str, Obligation]:
    """What is owed first of each of these requests: its check, then its answer."""
    owed = Obligation.objects.pending().filter(subject__in=list(subjects), parameter__in=(REPLY, CORRECTION))
    found: dict[str, Obligation] = {}
    for duty in owed.select_related("rule", "unit").order_by("act_by", "pk"):
        found.setdefault(duty.subject, duty)
    return found


def earlier_of(request: Request, user: User) -> list[Request]:
    """The newest other requests of the same applicant, by the document that was shown; a hint for repeated ones."""
    if not request.applicant_mark:
        return []
    same = visible_requests(user).filter(applicant_mark=request.applicant_mark).exclude(pk=request.pk)
    return list(same.order_by("-received_at")[:MOST_EARLIER])
