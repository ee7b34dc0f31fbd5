"""Promises to the public, changed facts, reprints ordered from above, and dates of re-examination.

Each act leaves a row and a trace. What is due by when is asked of the rules in force (`publishing.duties`).
"""

from datetime import date, datetime
from typing import TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.content.events import (
    ChangeNoticeWithdrawn,
    ChangeNotified,
    CommitmentKept,
    CommitmentMade,
    CommitmentWithdrawn,
    ReprintAsked,
    ReprintWithdrawn,
    ReviewDateSet,
)
from jiyue.content.models import ChangeNotice, Commitment, Record, ReprintTask
from jiyue.content.policies import may_order_reprints, may_set_review_date, may_steward
from jiyue.domain.limits import LARGEST_OTHERWISE
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User

Row = TypeVar("Row", Commitment, ChangeNotice, ReprintTask)


@transaction.atomic
def make_commitment(*, commitment: Commitment, by: User, now: datetime) -> Commitment:
    """Record what was promised. A promise is never changed afterwards, only kept or withdrawn. Raises as below."""
    _require_steward(by, commitment)
    if not commitment._state.adding:
        raise ValidationError(_("承诺登记后不能修改，可以撤销后重新登记"))
    commitment.created_by, commitment.created_at = by, now
    _refuse_future(commitment.made_on, now, "made_on")
    if commitment.due_on < commitment.made_on:
        raise ValidationError({"due_on": _("承诺完成日期不能早于承诺日期")})
    if (commitment.due_on - commitment.made_on).days > LARGEST_OTHERWISE:
        raise ValidationError({"due_on": _("承诺完成日期太远，请核对")})
    commitment.full_clean()
    commitment.save()
    event = CommitmentMade(
        subject=f"commitment:{commitment.pk}", site=commitment.site.host, title=commitment.title,
        unit=commitment.unit.name, due_on=commitment.due_on.isoformat(),
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return commitment


@transaction.atomic
def keep_commitment(*, commitment: Commitment, kept_at: datetime, evidence: str, by: User, now: datetime) -> None:
    """It was kept, at `kept_at`, and this shows it. Raises PermissionDenied, ValidationError."""
    commitment = _locked(commitment)
    _require_steward(by, commitment)
    _refuse_closed(commitment)
    if kept_at > now:
        raise ValidationError({"kept_at": _("兑现时间不能晚于现在")})
    commitment.kept_at, commitment.evidence = kept_at, _worded(evidence, "evidence")
    commitment.full_clean()
    commitment.save(update_fields=["kept_at", "evidence"])
    event = CommitmentKept(
        subject=f"commitment:{commitment.pk}", site=commitment.site.host, title=commitment.title,
        evidence=commitment.evidence,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def withdraw_commitment(*, commitment: Commitment, reason: str, by: User, now: datetime) -> None:
    """It is no longer owed, and why; the row stays. Raises PermissionDenied, ValidationError."""
    commitment = _locked(commitment)
    _require_steward(by, commitment)
    _refuse_closed(commitment)
    commitment.withdrawn_at, commitment.withdrawn_reason = now, _worded(reason, "withdrawn_reason")
    commitment.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    event = CommitmentWithdrawn(
        subject=f"commitment:{commitment.pk}", site=commitment.site.host, title=commitment.title, reason=reason
    )
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def notify_change(*, notice: ChangeNotice, by: User, now: datetime) -> ChangeNotice:
    """A published fact has changed: what shows it must follow at once (COL-18). Raises PermissionDenied, ValidationError."""
    if notice.record is not None:
        notice.column = notice.record.column
    notice.site = notice.column.site
    _require_steward(by, notice)
    notice.created_by, notice.created_at = by, now
    notice.full_clean()
    notice.save()
    event = ChangeNotified(
        subject=f"change:{notice.pk}", site=notice.site.host, what=notice.what, path=notice.column.path,
        changed_at=notice.changed_at.isoformat(),
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return notice


@transaction.atomic
def withdraw_change_notice(*, notice: ChangeNotice, reason: str, by: User, now: datetime) -> None:
    """The notice was given in error. Raises PermissionDenied, ValidationError."""
    notice = _locked(notice)
    _require_steward(by, notice)
    _refuse_closed(notice)
    notice.withdrawn_at, notice.withdrawn_reason = now, _worded(reason, "withdrawn_reason")
    notice.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    event = ChangeNoticeWithdrawn(subject=f"change:{notice.pk}", site=notice.site.host, what=notice.what, reason=reason)
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def order_reprint(*, task: ReprintTask, by: User, now: datetime) -> ReprintTask:
    """Every site at or below the unit must carry this item of a superior. Raises PermissionDenied, ValidationError."""
    if not may_order_reprints(by, task.organisation):
        raise PermissionDenied(_("您不能给这个单位及其下级布置转载任务"))
    if task.released_at > now:
        raise ValidationError({"released_at": _("原发布时间不能晚于现在")})
    task.created_by, task.created_at = by, now
    task.full_clean()
    task.save()
    event = ReprintAsked(
        subject=f"reprint:{task.pk}", title=task.title, address=task.address, released_at=task.released_at.isoformat()
    )
    trace(event, by=by.actor(), at=now)
    return task


@transaction.atomic
def withdraw_reprint(*, task: ReprintTask, reason: str, by: User, now: datetime) -> None:
    """The item need not be reprinted after all. Raises PermissionDenied, ValidationError."""
    task = _locked(task)
    if not may_order_reprints(by, task.organisation):
        raise PermissionDenied(_("您不能撤销这项转载任务"))
    _refuse_closed(task)
    task.withdrawn_at, task.withdrawn_reason = now, _worded(reason, "withdrawn_reason")
    task.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    trace(ReprintWithdrawn(subject=f"reprint:{task.pk}", title=task.title, reason=reason), by=by.actor(), at=now)


@transaction.atomic
def set_review_date(*, record: Record, review_on: date | None, note: str, by: User, now: datetime) -> None:
    """The content was looked at and is still right: look again on `review_on`, or never (COL-10; Chaoyang art. 20).

    What is no longer right is corrected, moved or withdrawn through review instead. Raises PermissionDenied,
    ValidationError for a day that is not ahead.
    """
    if not may_set_review_date(by, record):
        raise PermissionDenied(_("您不能登记这篇稿件的复查结果"))
    if review_on is not None and review_on <= timezone.localdate(now):
        raise ValidationError({"review_on": _("下次复查日期要晚于今天")})
    before, record.review_on = record.review_on, review_on
    # Not a new revision: the date is no part of what is reviewed and published.
    Record.objects.filter(pk=record.pk).update(review_on=review_on)
    event = ReviewDateSet(
        subject=f"record:{record.identity}", site=record.site.host, title=record.title,
        before=before.isoformat() if before else "", after=review_on.isoformat() if review_on else "",
        note=_worded(note, "note"),
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)


def _locked(row: Row) -> Row:
    return type(row).objects.select_for_update().get(pk=row.pk)


def _require_steward(by: User, row: Commitment | ChangeNotice) -> None:
    if not may_steward(by, row.site):
        raise PermissionDenied(_("您不能为这个网站登记承诺和变更"))


def _refuse_closed(row: Commitment | ChangeNotice | ReprintTask) -> None:
    if row.withdrawn_at is not None or getattr(row, "kept_at", None) is not None:
        raise ValidationError(_("这一项已经办结或撤销"))


def _refuse_future(day: date, now: datetime, field: str) -> None:
    if day > timezone.localdate(now):
        raise ValidationError({field: _("日期不能晚于今天")})


def _worded(text: str, field: str) -> str:
    if not text.strip():
        raise ValidationError({field: _("请写明情况")})
    return text.strip()
