"""The one way to change a case: ask the table, ask who it is, write the change and its step in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.domain.actors import Actor
from jiyue.domain.cases import FINAL, Act, Clock, Forbidden, Kind, Rule, State, Who, rule_for
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction import accounts, notices
from jiyue.interaction.events import CaseStepped
from jiyue.interaction.models import SUBJECT, Case, CaseStep, PublicVersion
from jiyue.interaction.policies import parts_of
from jiyue.interaction.words import ACTS, STATES

LONGEST_REASON = 1000  # characters


class NotNow(ValidationError):
    """The table does not allow this act in the state in which the case is."""


class ChangedMeanwhile(ValidationError):
    """Somebody else did something with the case since it was read."""


class NotYours(PermissionDenied):
    """The act is another part's."""


def take(
    *,
    case: Case,
    act: Act,
    now: datetime,
    by: User | None = None,
    actor: Actor | None = None,
    to: State | None = None,
    reason: str = "",
    note: str = "",
    changes: Mapping[str, Any] | None = None,
) -> CaseStep:
    """Let `act` happen to `case`; the instance is brought up to date. `by` is staff; without, `actor` says who.

    Raises NotNow, ChangedMeanwhile, NotYours; ValidationError for a missing reason.
    """
    with transaction.atomic():
        row = locked(case)
        if row.version != case.version:
            raise ChangedMeanwhile(_("这封信刚刚被别人处理过，请看过最新情况后再办"))
        rule = allowed(row, act, to=to)
        if by is not None and rule.who not in parts_of(by, row):
            raise NotYours(_("这一步不由您办理：%(act)s") % {"act": ACTS[act]})
        if rule.reason and not reason.strip():
            raise ValidationError({"reason": _("请写明原因")})
        if len(reason) > LONGEST_REASON:
            raise ValidationError({"reason": _("原因不能超过 %(n)s 字") % {"n": LONGEST_REASON}})
        before = row.state
        _change(row, rule, now, changes or {})
        if rule.clock == Clock.STARTS:  # what is public tells of the answer before
            PublicVersion.objects.filter(case=row, record__isnull=False).update(stale_at=now)
        step = written(case=row, rule=rule, before=before, now=now, by=by, actor=actor, reason=reason, note=note)
        _bring(case, row)
        return step


def locked(case: Case) -> Case:
    """The row as it is now, held until the transaction ends."""
    rows = Case.objects.select_for_update(of=("self",))
    return rows.select_related("site__owner", "desk__owner", "handler", "level", "accused", "mailbox").get(pk=case.pk)


def allowed(case: Case, act: Act, *, to: State | None = None) -> Rule:
    """The line of the table that applies. Raises NotNow."""
    try:
        return rule_for(act, State(case.state), Kind(case.kind), to=to)
    except Forbidden as error:
        words = {"state": STATES[State(case.state)], "act": ACTS[act]}
        raise NotNow(_("“%(state)s”的信件不能做这一步：%(act)s") % words) from error


def written(
    *, case: Case, rule: Rule, before: str, now: datetime, by: User | None, actor: Actor | None, reason: str, note: str
) -> CaseStep:
    """The step and its trace; the ticket is written anew when the sender is told."""
    who = by.actor() if by is not None else actor
    if who is None:
        raise ValueError("somebody or something does it")
    unit = case.desk.owner.name
    step = CaseStep.objects.create(
        case=case, act=rule.act, at=now, who=rule.who, by=by, by_name="" if rule.who == Who.SENDER else who.name,
        by_unit=who.unit, before=before, after=case.state, unit=unit, reason=reason.strip(), note=note.strip(),
        told=rule.told,
    )  # fmt: skip
    accounts.note(case=case, rule=rule, now=now)
    notices.note(case=case, step=step)
    event = CaseStepped(
        subject=subject_of(case), site=case.desk.host, number=case.number, letter_act=rule.act, letter_from=before,
        letter_to=case.state, unit=unit,
    )  # fmt: skip
    record(event, by=who, at=now)
    return step


def subject_of(case: Case) -> str:
    """The name under which trail and duties know the case."""
    return f"{SUBJECT}{case.pk}"


def _change(row: Case, rule: Rule, now: datetime, changes: Mapping[str, Any]) -> None:
    clock: dict[str, Any] = {}
    if rule.clock == Clock.STARTS:
        clock = {
            "clock_at": now,
            "met_at": None,
            "ended_at": None,
            "proposed_at": None,
            "extended_at": None,
            "rating": None,
        }
    elif rule.clock == Clock.MET:
        clock = {"met_at": now}
    elif rule.clock == Clock.ENDS:
        clock = {"ended_at": now}
    elif rule.clock == Clock.LATEST:
        clock = {"extended_at": now}
    values = {**clock, **_leaders_word_ends(rule), **changes, "state": rule.to or row.state, "version": row.version + 1}
    if rule.told and row.ticket_key:
        values["ticket_due"] = True
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _leaders_word_ends(rule: Rule) -> dict[str, None]:
    """What was put before a leader was the round before; a letter that ended waits for nobody's word."""
    if rule.to in FINAL:
        return {"presented_at": None, "instructed_at": None}
    return {"presented_at": None} if rule.clock == Clock.STARTS or rule.act == Act.DISPUTE else {}


def _bring(case: Case, row: Case) -> None:
    for field in Case._meta.concrete_fields:
        setattr(case, field.attname, getattr(row, field.attname))
    for name in ("site", "desk", "handler", "level", "accused", "mailbox"):
        setattr(case, name, getattr(row, name))
