"""The one way to change a request: ask the table, ask who it is, write the change and its step in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.disclosure import notices
from jiyue.disclosure.events import RequestStepped
from jiyue.disclosure.models import SUBJECT, Request, RequestStep
from jiyue.disclosure.policies import parts_of
from jiyue.disclosure.words import ACTS, STATES
from jiyue.domain.actors import Actor
from jiyue.domain.cases import Clock
from jiyue.domain.disclosure import Act, Forbidden, Rule, State, Who, rule_for
from jiyue.foundation.audit import record
from jiyue.identity.models import User

LONGEST_REASON = 2000  # characters


class NotNow(ValidationError):
    """The table does not allow this act in the state in which the request is."""


class ChangedMeanwhile(ValidationError):
    """Somebody else did something with the request since it was read."""


class NotYours(PermissionDenied):
    """The act is another part's."""


def take(
    *,
    request: Request,
    act: Act,
    now: datetime,
    by: User | None = None,
    actor: Actor | None = None,
    to: State | None = None,
    at: datetime | None = None,
    reason: str = "",
    note: str = "",
    changes: Mapping[str, Any] | None = None,
) -> RequestStep:
    """Let `act` happen to `request`; the instance is brought up to date. `by` is staff; without, `actor` says who.

    `at` is when it happened where that was before it was written down: a clock that starts, starts then. Raises NotNow,
    ChangedMeanwhile, NotYours; ValidationError for a missing reason.
    """
    with transaction.atomic():
        row = locked(request)
        if row.version != request.version:
            raise ChangedMeanwhile(_("这件申请刚刚被别人处理过，请看过最新情况后再办"))
        rule = allowed(row, act, to=to)
        if by is not None and rule.who not in parts_of(by, row):
            raise NotYours(_("这一步不由您办理：%(act)s") % {"act": ACTS[act]})
        if rule.reason and not reason.strip():
            raise ValidationError({"reason": _("请写明原因")})
        if len(reason) > LONGEST_REASON:
            raise ValidationError({"reason": _("原因不能超过 %(n)s 字") % {"n": LONGEST_REASON}})
        before = row.state
        _change(row, rule, at or now, changes or {})
        step = written(request=row, rule=rule, before=before, now=now, by=by, actor=actor, reason=reason, note=note)
        _bring(request, row)
        return step


def locked(request: Request) -> Request:
    """The row as it is now, held until the transaction ends."""
    rows = Request.objects.select_for_update(of=("self",))
    return rows.select_related("site__owner", "desk__owner", "handler").get(pk=request.pk)


def allowed(request: Request, act: Act, *, to: State | None = None) -> Rule:
    """The line of the table that applies. Raises NotNow."""
    try:
        rule = rule_for(act, State(request.state), to=to)
    except Forbidden as error:
        words = {"state": STATES[State(request.state)], "act": ACTS[act]}
        raise NotNow(_("“%(state)s”的申请不能做这一步：%(act)s") % words) from error
    if rule.once and request.steps.filter(act=act).exists():
        raise NotNow(_("这一步只能做一次：%(act)s") % {"act": ACTS[act]})
    return rule


def written(
    *, request: Request, rule: Rule, before: str, now: datetime, by: User | None, actor: Actor | None, reason: str,
    note: str,
) -> RequestStep:  # fmt: skip
    """The step and its trace; the ticket is written anew when the applicant is told."""
    who = by.actor() if by is not None else actor
    if who is None:
        raise ValueError("somebody or something does it")
    unit = request.desk.owner.name
    step = RequestStep.objects.create(
        request=request, act=rule.act, at=now, who=rule.who, by=by, by_name="" if rule.who == Who.SENDER else who.name,
        by_unit=who.unit, before=before, after=request.state, unit=unit, reason=reason.strip(), note=note.strip(),
        told=rule.told,
    )  # fmt: skip
    notices.note(request=request, step=step)
    event = RequestStepped(
        subject=subject_of(request), site=request.desk.host, number=request.number, disclosure_act=rule.act,
        disclosure_from=before, disclosure_to=request.state, unit=unit,
    )  # fmt: skip
    record(event, by=who, at=now)
    return step


def subject_of(request: Request) -> str:
    """The name under which trail and duties know the request."""
    return f"{SUBJECT}{request.pk}"


def _change(row: Request, rule: Rule, at: datetime, changes: Mapping[str, Any]) -> None:
    clock: dict[str, Any] = {}
    if rule.clock == Clock.STARTS:
        clock = {"clock_at": at, "extended_at": None, "extension_reason": "", "extension_by": None}
    elif rule.clock == Clock.MET:
        clock = {"met_at": at}
    elif rule.clock == Clock.ENDS:
        clock = {"ended_at": at}
    elif rule.clock == Clock.LATEST:
        clock = {"extended_at": at}
    # What goes on otherwise asks for no fee: a draft of the notice that nobody agreed to is dropped.
    dropped: dict[str, Any] = {"fee_asked": {}, "fee_asked_by": None} if rule.to is not None else {}
    values = {**clock, **dropped, **changes, "state": rule.to or row.state, "version": row.version + 1}
    if rule.told and row.ticket_key:
        values["ticket_due"] = True
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _bring(request: Request, row: Request) -> None:
    for field in Request._meta.concrete_fields:
        setattr(request, field.attname, getattr(row, field.attname))
    for name in ("site", "desk", "handler"):
        setattr(request, name, getattr(row, name))
