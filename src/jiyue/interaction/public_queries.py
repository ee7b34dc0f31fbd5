"""Which public versions wait for whom: to be prepared, confirmed, submitted, or told anew after a matter was reopened."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from jiyue.domain.cases import Kind, State
from jiyue.domain.todo import Todo
from jiyue.identity.models import User
from jiyue.identity.persons import accounts_of_same_person
from jiyue.identity.roles import Permission
from jiyue.interaction.models import Case, PublicVersion, Reply
from jiyue.interaction.policies import any_of, keys_of, visible_cases

KIND = "public-version"
MOST_TODOS = 100
ANSWERED = (State.ANSWERED, State.CLOSED)
V = PublicVersion.State


def public_waiting(user: User) -> QuerySet[Case]:
    """Letters of which this person has to make, confirm or submit the public version.

    A report of a mistake is answered to who made it; its public version may be made and is not asked for. Of a report of
    a wrong there never is one.
    """
    own = [*keys_of(user, Permission.HANDLE_LETTERS), *keys_of(user, Permission.RECEIVE_LETTERS)]
    reviews = keys_of(user, Permission.REVIEW_REPLIES)
    mine: Any = accounts_of_same_person(user).values("pk")
    sent = Exists(Reply.objects.filter(case=OuterRef("pk"), state=Reply.State.SENT))
    none_yet = Q(public_version=None, state__in=ANSWERED) & ~Q(kind__in=(Kind.ERROR_REPORT, Kind.REPORT)) & Q(sent)
    going = Q(public_version__state__in=(V.RETURNED, V.CONFIRMED)) | Q(public_version__stale_at__isnull=False)
    to_confirm = Q(public_version__state__in=(V.PREPARED, V.PROPOSED), desk__in=reviews)
    to_confirm &= ~Q(public_version__prepared_by__in=mine)
    waiting = any_of([Q(none_yet, desk__in=own), Q(going, desk__in=own), to_confirm])
    rows = visible_cases(user).filter(pk__in=waiting.values("pk"))
    return rows.select_related("public_version").order_by("met_at", "pk")


def public_todo_for(user: User) -> list[Todo]:
    """The same, for the one list of work."""
    return [_todo(case) for case in public_waiting(user).select_related("desk", "public_version")[:MOST_TODOS]]


def _todo(case: Case) -> Todo:
    version: PublicVersion | None = getattr(case, "public_version", None)
    return Todo(
        kind=KIND, ref=str(case.pk), site=case.desk.name, title=case.title or case.number, what=_("信件公开版"),
        state=f"public-{version.state}" if version else "public-none", since=_since(case, version), note=case.number,
    )  # fmt: skip


def _since(case: Case, version: PublicVersion | None) -> datetime:
    if version is None:
        return case.met_at or case.clock_at
    return version.stale_at or version.confirmed_at or version.prepared_at
