"""The same act on many letters: each is its own act with its own step and event, and one that fails stops no other.

What was asked is kept first, one row for each letter; then each letter is taken in a transaction of its own, with its row.
Killed in the middle, what was done is done and says so, and the rest can be gone on with. The same token sent twice asks
for nothing new.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from jiyue.domain.cases import Act, Kind, State
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction import actions
from jiyue.interaction.events import LetterExported
from jiyue.interaction.models import BulkStep, Case
from jiyue.interaction.policies import fetch_case_for, visible_cases
from jiyue.interaction.words import ACTS, STATES

MOST = 100  # letters at once
REMEMBERED = timedelta(days=7)
Given = Mapping[str, Any]
VERBS: dict[Act, Callable[..., Any]] = {
    Act.ACCEPT: actions.accept,
    Act.ASSIGN: actions.assign,
    Act.NAME: actions.name_handler,
    Act.RETURN: actions.return_letter,
    Act.CLOSE: actions.close,
}


@dataclass(frozen=True)
class Foreseen:
    """What would happen to one letter: the state after it, or why it is left out."""

    case: Case
    after: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class Progress:
    """How far a request for many letters went. `step` is the key by which its page is asked for."""

    step: int
    act: str
    done: int
    refused: int
    waiting: int


def last_request(user: User, *, now: datetime) -> Progress | None:
    """The newest request of hers that stopped half way; else her newest of the last days, if there is one."""
    rows = BulkStep.objects.filter(by=user).order_by("-pk")
    step = rows.filter(state=BulkStep.State.WAITING).first() or rows.filter(asked_at__gt=now - REMEMBERED).first()
    if step is None:
        return None
    request = BulkStep.objects.filter(token=step.token, by=user).order_by()
    counts = dict(request.values_list("state").annotate(n=Count("pk")))
    told = {state.value: counts.get(state, 0) for state in BulkStep.State}
    return Progress(request.earliest("pk").pk, str(ACTS[Act(step.act)]), **told)


def chosen(user: User, keys: Iterable[int]) -> list[Case]:
    """Of these letters the ones that the person may read, in the order in which they came. Raises ValidationError."""
    wanted = set(keys)
    if len(wanted) > MOST:
        raise ValidationError(_("一次最多选 %(most)s 封") % {"most": MOST})
    rows = visible_cases(user).filter(pk__in=wanted).select_related("site__owner", "desk__owner", "handler")
    return list(rows.order_by("received_at", "pk"))


def foreseen(*, cases: Iterable[Case], act: Act, given: Given, by: User, now: datetime) -> list[Foreseen]:
    """Try the act on each letter and take it back: what it says now is what the act itself would say."""
    return [_foreseen(case, act, given, by, now) for case in cases]


@transaction.atomic
def ask(*, token: str, cases: Iterable[Case], act: Act, given: Given, by: User, now: datetime) -> None:
    """Keep what was asked for. Sent twice it is kept once. Raises ValidationError for an act that is not for many."""
    if act not in VERBS:
        raise ValidationError(_("这一步不能批量办理"))
    keys = {name: getattr(value, "pk", value) for name, value in given.items() if value not in (None, "")}
    rows = [
        BulkStep(token=token, case=case, version=case.version, act=act, given=keys, by=by, asked_at=now)
        for case in cases
    ]
    if len(rows) > MOST:
        raise ValidationError(_("一次最多选 %(most)s 封") % {"most": MOST})
    if not BulkStep.objects.filter(token=token).exists():
        BulkStep.objects.bulk_create(rows, ignore_conflicts=True)


def carry_out(*, token: str, by: User, now: datetime) -> int:
    """Take the act on every letter that still waits; how many were done. Raises Http404 for what somebody else asked.

    What nobody foresaw of one letter is raised after the others, in a group; that letter goes on waiting.
    """
    done, unforeseen = 0, []
    for key in asked_for(by, token).filter(state=BulkStep.State.WAITING).values_list("pk", flat=True):
        try:
            done += _carried_out(key, by, now)
        except Exception as error:  # noqa: BLE001  # raised below, after the others
            unforeseen.append(error)
    if unforeseen:
        raise ExceptionGroup("letters that could not be taken", unforeseen)
    return done


def asked_for(by: User, token: str) -> QuerySet[BulkStep]:
    """The letters of one request, for who made it. Raises Http404."""
    rows = BulkStep.objects.filter(token=token, by=by).select_related("case__desk__owner").order_by("pk")
    if not token or not rows.exists():
        raise Http404
    return rows


def token_of(by: User, step: int) -> str:
    """The request to which one of its letters belongs, for who made it. Raises Http404."""
    found = BulkStep.objects.filter(pk=step, by=by).values_list("token", flat=True).first()
    if found is None:
        raise Http404
    return found


def exportable(cases: Iterable[Case]) -> list[Case]:
    """What may leave in a table: no report of a wrong, whose every reading is traced by itself."""
    return [case for case in cases if case.kind != Kind.REPORT]


@transaction.atomic
def export(*, cases: Iterable[Case], by: User, now: datetime) -> list[Case]:
    """Letters as lines of a table, without their senders; each is traced. Raises PermissionDenied."""
    rows = exportable(cases)
    for case in rows:
        if not visible_cases(by).filter(pk=case.pk).exists():
            raise PermissionDenied(_("您不能查看这封信"))
        event = LetterExported(subject=f"letter:{case.pk}", site=case.desk.host, number=case.number)
        record(event, by=by.actor(), at=now)
    return rows


def _foreseen(case: Case, act: Act, given: Given, by: User, now: datetime) -> Foreseen:
    tried = fetch_case_for(by, case.pk)
    try:
        with transaction.atomic():
            VERBS[act](case=tried, by=by, now=now, **given)
            after = str(STATES[State(tried.state)])
            transaction.set_rollback(True)
    except (ValidationError, PermissionDenied) as refusal:
        return Foreseen(case, refusal=_words(refusal))
    return Foreseen(case, after=after)


def _carried_out(key: int, by: User, now: datetime) -> bool:
    """One letter. What the act refuses is written beside it; what stops the process leaves it waiting."""
    with transaction.atomic():
        row = BulkStep.objects.select_for_update().get(pk=key)
        if row.state != BulkStep.State.WAITING:  # another sending of the same page was faster
            return False
        row.state, row.outcome, row.done_at = BulkStep.State.DONE, str(ACTS[Act(row.act)]), now
        try:
            with transaction.atomic():
                case = fetch_case_for(by, row.case_id)
                case.version = row.version
                VERBS[Act(row.act)](case=case, by=by, now=now, **_opened(row.given))
        except (ValidationError, PermissionDenied, Http404) as refusal:
            row.state, row.outcome = BulkStep.State.REFUSED, _words(refusal)[:300]
        row.save(update_fields=["state", "outcome", "done_at"])
    return row.state == BulkStep.State.DONE


def _opened(kept: Given) -> dict[str, Any]:
    """Names of rows back to rows; one that is gone is for the act to refuse."""
    rows: dict[str, Any] = dict(kept)
    if "desk" in rows:
        rows["desk"] = Site.objects.select_related("owner").get(pk=rows["desk"])
    if "handler" in rows:
        rows["handler"] = User.objects.get(pk=rows["handler"])
    return rows


def _words(refusal: Exception) -> str:
    if isinstance(refusal, ValidationError):
        return "；".join(refusal.messages)
    return str(refusal) or _("这封信已经不在您能看到的范围")
