"""What people do with a duty: close it with evidence, take the second step, ask for a waiver and answer one.

What a duty is and when it is met by facts, the engine says. Every verb is traced.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.domain.events import Event
from jiyue.domain.rule_terms import Deadline
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.obligations.events import (
    DutyMetByHand,
    PersonNamed,
    RuleChangeNoted,
    SecondStepTaken,
    WaiverAsked,
    WaiverGranted,
    WaiverRefused,
)
from jiyue.obligations.foresight import foresight
from jiyue.obligations.models import Obligation, RuleRead, Waiver
from jiyue.obligations.noticing import RuleChange, changes_for
from jiyue.obligations.policies import may_act, may_answer_waiver, may_name_person


@dataclass(frozen=True)
class Proof:
    """A file kept in the private object store under its digest, with the name it came with."""

    name: str
    digest: str
    size: int


class DutyRefused(PermissionDenied):
    """This person may not do this, or the duty is not open any more."""


class NotPossible(ValidationError):
    """What was given does not do: no reason, no second step in the rule, a day that has not come."""


@transaction.atomic
def meet_by_hand(
    *,
    obligation: Obligation,
    note: str,
    by: User,
    now: datetime,
    at: datetime | None = None,
    files: Sequence[Proof] = (),
) -> Obligation:
    """Close a duty that no fact of the platform closes, with what proves it (CAL-04).

    `at` is when it was done, not before it began and not in the future. Raises DutyRefused, also for what the platform
    sees for itself, and NotPossible.
    """
    row = _open(obligation, by)
    if not row.by_hand:
        raise DutyRefused(_("这项工作由平台按公开的内容判定，做到了就自动办结；确实不必做的，请申请豁免"))
    done_at = at or now
    _need(note, "note", _("请写明办理情况，作为完成的依据"))
    if not row.started_at <= done_at <= now:
        raise NotPossible({"at": _("完成时间不能早于起算时间，也不能晚于现在")})
    kept = [asdict(file) for file in files]
    evidence = {"at": done_at.isoformat(), "note": note.strip(), "files": kept, "by": by.name, "user": by.pk}
    _change(row, evidence=evidence, done_at=done_at)
    _trace(
        DutyMetByHand, row, by=by, now=now, note=note.strip(), files=[f"{file.name} {file.digest}" for file in files]
    )
    return row


@transaction.atomic
def take_second_step(*, obligation: Obligation, reason: str, by: User, now: datetime) -> Obligation:
    """Let the latest limit count instead of the normal one (CAL-03); with a reason where the text demands one.

    Raises DutyRefused; NotPossible where the text has one limit only, or the latest one has passed.
    """
    row = _open(obligation, by)
    if row.latest_at is None:
        raise NotPossible(_("这项规定只有一个期限，没有可以延到的最迟期限"))
    if row.second_step_at is not None:
        raise DutyRefused(_("已经改用最迟期限"))
    if now > row.latest_at:
        raise NotPossible(_("最迟期限已过，不能再改用"))
    if needs_reason(row):
        _need(reason, "reason", _("规定要求写明特殊情况的原因"))
    remind_at = foresight().remind_at(started_at=row.started_at, act_by=row.latest_at)
    _change(
        row, second_step_at=now, second_step_by=by, second_step_reason=reason.strip(), act_by=row.latest_at,
        remind_at=remind_at, reminded_at=None if remind_at > now else row.reminded_at,
    )  # fmt: skip
    _trace(SecondStepTaken, row, by=by, now=now, reason=reason.strip(), act_by=row.latest_at.isoformat())
    return row


@transaction.atomic
def name_person(*, obligation: Obligation, person: User, by: User, now: datetime) -> Obligation:
    """Say who is to do it. Raises DutyRefused when `by` may not, or the person does not serve there."""
    row = _locked(obligation)
    if not may_name_person(by, row, person):
        raise DutyRefused(_("只能由网站管理员或督办人员，指定在这个网站任职的人员"))
    _change(row, person=person)
    _trace(PersonNamed, row, by=by, now=now, user=person.username)
    return row


@transaction.atomic
def ask_waiver(*, obligation: Obligation, grounds: str, by: User, now: datetime) -> Waiver:
    """Ask the superior unit that a duty need not be met. Raises DutyRefused, NotPossible without grounds."""
    row = _open(obligation, by)
    _need(grounds, "grounds", _("请写明申请豁免的理由"))
    if row.waivers.filter(state=Waiver.State.ASKED).exists():
        raise DutyRefused(_("已经申请过豁免，正在等待批复"))
    waiver = Waiver.objects.create(obligation=row, grounds=grounds.strip(), asked_by=by, asked_at=now)
    _trace(WaiverAsked, row, by=by, now=now, grounds=grounds.strip())
    return waiver


@transaction.atomic
def grant_waiver(*, waiver: Waiver, by: User, now: datetime, reply: str = "") -> Waiver:
    """Agree. Raises DutyRefused unless `by` is another person, who oversees from a superior unit."""
    row = _answer(waiver, Waiver.State.GRANTED, by=by, now=now, reply=reply)
    _change(row, waived_at=now)
    _trace(WaiverGranted, row, by=by, now=now, reply=reply.strip())
    return waiver


@transaction.atomic
def refuse_waiver(*, waiver: Waiver, reply: str, by: User, now: datetime) -> Waiver:
    """Do not agree, with a reason. Raises DutyRefused, NotPossible."""
    _need(reply, "reply", _("请写明不批准的原因"))
    row = _answer(waiver, Waiver.State.REFUSED, by=by, now=now, reply=reply)
    _trace(WaiverRefused, row, by=by, now=now, reply=reply.strip())
    return waiver


@transaction.atomic
def note_rule_change(*, change: RuleChange, by: User, now: datetime) -> None:
    """Take note of a change of rules, so that it waits no longer for this person; once.

    Raises DutyRefused when it is none of hers.
    """
    if not any(found == change for found, _noted in changes_for(by, now)):
        raise DutyRefused(_("这项规则变动与您负责的工作无关"))
    facts = {"matter": change.matter, "row": change.row.pk, "stage": change.stage}
    _read, is_new = RuleRead.objects.get_or_create(user=by, **facts, defaults={"at": now})
    if is_new:
        what = str(change.row)
        told = RuleChangeNoted(
            subject=f"{change.matter}:{change.row.pk}", matter=change.matter, what=what, stage=change.stage
        )
        record(told, by=by.actor(), at=now)


def needs_reason(obligation: Obligation) -> bool:
    """Does the text demand a reason for its second step? If what it said cannot be known any more, one is asked for."""
    if not obligation.rule.is_intact:
        return True
    terms = obligation.answer.terms
    return isinstance(terms, Deadline) and terms.needs_reason


def _answer(waiver: Waiver, state: str, *, by: User, now: datetime, reply: str) -> Obligation:
    row = _locked(waiver.obligation)
    if not may_answer_waiver(by, waiver):
        raise DutyRefused(_("豁免要由上级单位的另一位督办人员批复"))
    if not Obligation.objects.pending().filter(pk=row.pk).exists():
        raise DutyRefused(_("这项工作已经办结或终止，不用再批复"))
    answered = {"state": state, "answered_by": by, "answered_at": now, "reply": reply.strip()}
    if not Waiver.objects.filter(pk=waiver.pk, state=Waiver.State.ASKED).update(**answered):
        raise DutyRefused(_("这项申请已经有人批复"))
    for name, value in answered.items():
        setattr(waiver, name, value)
    return row


def _locked(obligation: Obligation) -> Obligation:
    return Obligation.objects.select_for_update(of=("self",)).select_related("unit").get(pk=obligation.pk)


def _open(obligation: Obligation, by: User) -> Obligation:
    row = _locked(obligation)
    if not may_act(by, row):
        raise DutyRefused(_("这项工作不由您办理"))
    if row.done_at or row.waived_at or row.ended_at:
        raise DutyRefused(_("这项工作已经办结、豁免或终止"))
    return row


def _need(text: str, field: str, sentence: str) -> None:
    if not text.strip():
        raise NotPossible({field: sentence})


def _change(row: Obligation, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _trace(event: Callable[..., Event], row: Obligation, *, by: User, now: datetime, **facts: Any) -> None:
    site = row.site.host if row.site else ""
    told = event(subject=f"obligation:{row.pk}", site=site, obligation=row.pk, title=row.title, **facts)
    record(told, by=by.actor(), at=now)
