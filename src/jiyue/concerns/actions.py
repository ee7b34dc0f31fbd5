"""All writes about concerns, steps and contacts. What the public reads is written and reviewed as records."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiyue.concerns.events import (
    AnswerLinked,
    ConcernClosed,
    ConcernOpened,
    ConcernWithdrawn,
    ContactEnded,
    ContactSaved,
    StepRecorded,
    StepStruck,
)
from jiyue.concerns.models import Answer, Concern, Contact, Step
from jiyue.concerns.policies import keeping_units, may_keep
from jiyue.content.actions import create_record
from jiyue.content.models import Column, Record
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User

Kind = Concern.Kind


@transaction.atomic
def open_concern(*, concern: Concern, by: User, now: datetime) -> Concern:
    """Register an emergency, a hot topic, a rumour or major public opinion. Raises PermissionDenied, ValidationError."""
    _require_keeper(by, concern)
    if not concern._state.adding:
        raise ValidationError(_("事项登记后不能修改，可以撤销后重新登记"))
    concern.created_by, concern.created_at = by, now
    _refuse_ahead(concern, now)
    if concern.kind != Kind.EMERGENCY:
        concern.level = ""
    concern.full_clean()
    concern.save()
    event = ConcernOpened(
        subject=_subject(concern), site=concern.site.host, concern=concern.kind, title=concern.title,
        unit=concern.unit.name, began_at=concern.began_at.isoformat(),
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return concern


@transaction.atomic
def record_step(*, step: Step, by: User, now: datetime) -> Step:
    """Something was done, at `step.at`. Raises PermissionDenied, ValidationError for a closed concern or a wrong time."""
    concern = step.concern = _locked(step.concern)
    _require_keeper(by, concern)
    _refuse_done(concern)
    if step.at > now:
        raise ValidationError({"at": _("时间不能晚于现在")})
    if step.at < concern.began_at:
        raise ValidationError({"at": _("时间不能早于事项发生或发现的时间")})
    if step.contact is not None and step.contact.unit_id != concern.site.owner_id:
        raise ValidationError({"contact": _("请从本单位的联系册里选择")})
    if step.kind == Step.Kind.DELIVERED and step.contact is None and not step.address:
        raise ValidationError({"contact": _("推送到哪里：选择联系单位，或填写刊出的网址")})
    step.recorded_by, step.recorded_at = by, now
    step.full_clean()
    step.save()
    event = StepRecorded(
        subject=_subject(concern), site=concern.site.host, step=step.kind, title=concern.title, what=step.what,
        done_at=step.at.isoformat(),
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return step


@transaction.atomic
def strike_step(*, step: Step, reason: str, by: User, now: datetime) -> None:
    """The step did not happen like this: it stays readable and counts no more. Raises PermissionDenied, ValidationError."""
    concern = _locked(step.concern)
    _require_keeper(by, concern)
    _refuse_done(concern)
    step = Step.objects.select_for_update().get(pk=step.pk)
    if step.struck_at is not None:
        raise ValidationError(_("这一步已经划去"))
    step.struck_at, step.struck_by, step.struck_reason = now, by, _worded(reason, "struck_reason")
    step.save(update_fields=["struck_at", "struck_by", "struck_reason"])
    event = StepStruck(
        subject=_subject(concern), site=concern.site.host, step=step.kind, title=concern.title, reason=reason
    )
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def link_answer(*, concern: Concern, record: Record, by: User, now: datetime) -> Answer:
    """A record of the same site tells the public about it. Raises PermissionDenied, ValidationError."""
    concern = _locked(concern)
    _require_keeper(by, concern)
    _refuse_done(concern)
    if record.site_id != concern.site_id:
        raise ValidationError({"record": _("只能选本网站的稿件")})
    answer = Answer(concern=concern, record=record, linked_by=by, linked_at=now)
    try:
        with transaction.atomic():
            answer.save()
    except IntegrityError as error:
        raise ValidationError({"record": _("这篇稿件已经在这一事项里")}) from error
    event = AnswerLinked(
        subject=_subject(concern), site=concern.site.host, title=concern.title, record=str(record.identity)
    )
    trace(event, by=by.actor(), at=now)
    return answer


@transaction.atomic
def draft_answer(*, concern: Concern, column: Column, title: str, by: User, now: datetime) -> Record:
    """A new draft that belongs to the concern; about an emergency it goes first in every queue of review (REV-11).

    Raises PermissionDenied, ValidationError.
    """
    emergency = concern.kind == Kind.EMERGENCY
    record = create_record(
        kind=Record.Kind.ARTICLE, column=column, by=by, now=now, title=title, emergency=emergency,
        responsible=concern.unit, part_of=concern.topic,
    )  # fmt: skip
    link_answer(concern=concern, record=record, by=by, now=now)
    return record


@transaction.atomic
def close_concern(*, concern: Concern, outcome: str, by: User, now: datetime) -> None:
    """It is dealt with, and how. Raises PermissionDenied, ValidationError."""
    concern = _locked(concern)
    _require_keeper(by, concern)
    _refuse_done(concern)
    concern.closed_at, concern.outcome = now, _worded(outcome, "outcome")
    concern.full_clean()
    concern.save(update_fields=["closed_at", "outcome"])
    event = ConcernClosed(
        subject=_subject(concern), site=concern.site.host, title=concern.title, outcome=concern.outcome
    )
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def withdraw_concern(*, concern: Concern, reason: str, by: User, now: datetime) -> None:
    """It was registered in error; the row stays. Raises PermissionDenied, ValidationError."""
    concern = _locked(concern)
    _require_keeper(by, concern)
    _refuse_done(concern)
    concern.withdrawn_at, concern.withdrawn_reason = now, _worded(reason, "withdrawn_reason")
    concern.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    event = ConcernWithdrawn(subject=_subject(concern), site=concern.site.host, title=concern.title, reason=reason)
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def save_contact(*, contact: Contact, by: User, now: datetime, instead_of: Contact | None = None) -> Contact:
    """Put a contact into the register of its unit; `instead_of` is the one that no longer holds.

    Raises PermissionDenied, ValidationError.
    """
    _require_register(by, contact)
    contact.created_by, contact.created_at = by, now
    contact.full_clean()
    contact.save()
    if instead_of is not None:
        end_contact(contact=instead_of, by=by, now=now)
    trace(
        ContactSaved(subject=f"contact:{contact.pk}", name=contact.name, unit=contact.unit.name), by=by.actor(), at=now
    )
    return contact


@transaction.atomic
def end_contact(*, contact: Contact, by: User, now: datetime) -> None:
    """It is used no more; steps that name it still do. Raises PermissionDenied, ValidationError."""
    _require_register(by, contact)
    if not Contact.objects.filter(pk=contact.pk, ended_at=None).update(ended_at=now):
        raise ValidationError(_("这个联系单位已经停用"))
    trace(
        ContactEnded(subject=f"contact:{contact.pk}", name=contact.name, unit=contact.unit.name), by=by.actor(), at=now
    )


def _subject(concern: Concern) -> str:
    return f"concern:{concern.pk}"


def _locked(concern: Concern) -> Concern:
    return Concern.objects.select_for_update(of=("self",)).select_related("site", "unit", "topic").get(pk=concern.pk)


def _require_keeper(by: User, concern: Concern) -> None:
    if not may_keep(by, concern.site):
        raise PermissionDenied(_("您不能登记这个网站的关切事项"))


def _require_register(by: User, contact: Contact) -> None:
    if not keeping_units(by).filter(pk=contact.unit_id).exists():
        raise PermissionDenied(_("您不能修改这个单位的联系册"))


def _refuse_done(concern: Concern) -> None:
    if not concern.is_open:
        raise ValidationError(_("这一事项已经办结或撤销"))


def _refuse_ahead(concern: Concern, now: datetime) -> None:
    if concern.found_at > now:
        raise ValidationError({"found_at": _("发现时间不能晚于现在")})
    if concern.kind == Kind.EMERGENCY and concern.happened_at is None:
        raise ValidationError({"happened_at": _("请填写事发时间，首次发布的时限从这时算起")})
    if concern.kind == Kind.EMERGENCY and not concern.level:
        raise ValidationError({"level": _("请选择事件级别")})
    if concern.happened_at is not None and concern.happened_at > concern.found_at:
        raise ValidationError({"happened_at": _("事发时间不能晚于发现时间")})


def _worded(text: str, field: str) -> str:
    if not text.strip():
        raise ValidationError({field: _("请写明情况")})
    return text.strip()
