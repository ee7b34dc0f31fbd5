"""Writes about 年度任务: who reports progress and how often, and the draft of a note (COL-11; Hebi art. 34, Chaoyang art. 34).

A note is an ordinary item of the reporting unit's site that belongs to the task. It is reviewed there, offered to the
government's site or taken by its rule, and signed for once more: nothing here makes anything public.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.content.actions import create_record
from jiyue.content.models import Column, ProgressDuty, Record, Topic
from jiyue.content.task_events import ProgressAsked, ProgressReleased
from jiyue.content.task_policies import may_set_progress, reporting_sites, reporting_units
from jiyue.domain.limits import NotALimit, parse_span
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User


@transaction.atomic
def ask_for_progress(*, duty: ProgressDuty, by: User, now: datetime) -> ProgressDuty:
    """Name a unit that reports about a task, with its cycle; without one it is asked, and owes nothing.

    Raises PermissionDenied, ValidationError.
    """
    task = duty.task
    if not may_set_progress(by, task):
        raise PermissionDenied(_("您不能为这个网站的年度任务指定报送单位"))
    if not task.work_kind or task.archived:
        raise ValidationError(_("只有还在进行的年度任务可以指定报送单位"))
    if not reporting_units(task).filter(pk=duty.unit_id).exists():
        raise ValidationError({"unit": _("请选择本级政府或下属的单位")})
    if ProgressDuty.objects.filter(task=task, unit=duty.unit_id, ended_at=None).exists():
        raise ValidationError({"unit": _("这个单位已经在报送单位里；要改周期，先停止再重新登记")})
    _refuse_cycle(duty.cycle)
    duty.created_by, duty.created_at = by, now
    duty.full_clean()
    duty.save()
    event = ProgressAsked(
        subject=f"progress:{duty.pk}", site=task.site.host, title=task.title, unit=duty.unit.name, cycle=duty.cycle
    )
    trace(event, by=by.actor(), at=now)
    return duty


@transaction.atomic
def release_from_progress(*, duty: ProgressDuty, reason: str, by: User, now: datetime) -> None:
    """A unit reports no more about a task, with the reason. Raises PermissionDenied, ValidationError."""
    duty = ProgressDuty.objects.select_for_update(of=("self",)).select_related("task__site", "unit").get(pk=duty.pk)
    if not may_set_progress(by, duty.task):
        raise PermissionDenied(_("您不能为这个网站的年度任务指定报送单位"))
    if duty.ended_at is not None:
        raise ValidationError(_("已经停止报送"))
    if not reason.strip():
        raise ValidationError({"ended_reason": _("请写明停止的原因")})
    duty.ended_at, duty.ended_reason = now, reason.strip()
    duty.full_clean()
    duty.save(update_fields=["ended_at", "ended_reason"])
    event = ProgressReleased(
        subject=f"progress:{duty.pk}", site=duty.task.site.host, title=duty.task.title, unit=duty.unit.name,
        reason=duty.ended_reason,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def begin_note(*, task: Topic, column: Column, by: User, now: datetime) -> Record:
    """The draft of a note of progress, belonging to the task. Raises PermissionDenied, ValidationError."""
    if not task.work_kind or task.archived:
        raise ValidationError(_("只有还在进行的年度任务可以报送进展"))
    if not reporting_sites(by, task).filter(pk=column.site_id).exists():
        raise PermissionDenied(_("您的网站不在这项任务的报送范围里"))
    owner, day = column.site.owner, timezone.localdate(now)
    title = f"{task.title[:180]}进展（{day.year}年{day.month}月）"
    return create_record(
        kind=Record.Kind.ARTICLE, column=column, by=by, now=now, title=title, part_of=task, responsible=owner,
        source=owner.name[:80], event_on=day, openness=Record.Openness.EXECUTION,
    )  # fmt: skip


def _refuse_cycle(cycle: str) -> None:
    try:
        if cycle:
            parse_span(cycle)
    except NotALimit as error:
        raise ValidationError({"cycle": _("看不懂的周期，例如“每月”、“每季度”")}) from error
