"""All writes to 栏目策划 and 选题: proposed after a look at what exists, decided by another person, then carried out.

Nothing here is public: an approved story becomes an ordinary draft, an approved column an ordinary column that goes live
with the site's structure (COL-14; Ningxia 3.2; Hebi art. 5; Chaoyang art. 9).
"""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.content.actions import create_record
from jiyue.content.models import Column, EditorialPlan, Record
from jiyue.content.models.planning import STORY_KINDS
from jiyue.content.plan_events import PlanCarriedOut, PlanDecided, PlanProposed, PlanWithdrawn
from jiyue.content.plan_policies import may_decide_plan, may_propose_plan, may_withdraw_plan
from jiyue.content.policies import may_arrange_columns
from jiyue.content.reusing import Alike, matter_alike, propose_column
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User

Kind, State = EditorialPlan.Kind, EditorialPlan.State


@transaction.atomic
def propose_plan(*, plan: EditorialPlan, by: User, now: datetime) -> EditorialPlan:
    """Lay a plan before who decides. What exists already is looked up here, whoever calls, and kept with the plan.

    Raises PermissionDenied; ValidationError for what is missing, and without a reason where something alike exists.
    """
    if not may_propose_plan(by, plan.site):
        raise PermissionDenied(_("您不能为这个网站提出策划"))
    today = timezone.localdate(now)
    _refuse_incomplete(plan, today=today)
    found = existing_for(plan, now=now)
    if found and not plan.reuse_reason.strip():
        raise ValidationError({"reuse_reason": _("已经有相近的内容，请先看看能不能用，仍要新做的请写明理由")})
    plan.found, plan.reuse_reason = [one.told() for one in found], plan.reuse_reason.strip() if found else ""
    plan.proposed_by, plan.proposed_at, plan.state = by, now, State.PROPOSED
    plan.full_clean()
    plan.save()
    event = PlanProposed(
        subject=f"plan:{plan.pk}", site=plan.site.host, kind=plan.kind, title=plan.title, unit=plan.unit.name,
        due_on=plan.due_on.isoformat(), found=plan.found, reason=plan.reuse_reason,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return plan


@transaction.atomic
def decide_plan(*, plan: EditorialPlan, approve: bool, opinion: str, by: User, now: datetime) -> EditorialPlan:
    """Agree or refuse, always with a reason and never on one's own plan. Raises PermissionDenied, ValidationError."""
    plan = _locked(plan)
    if plan.state != State.PROPOSED:
        raise ValidationError(_("这项策划已经有了决定，或已撤回"))
    if not may_decide_plan(by, plan):
        raise PermissionDenied(_("您不能决定这项策划；提出人不能自己决定"))
    if not opinion.strip():
        raise ValidationError({"opinion": _("请写明决定的理由")})
    plan.state = State.APPROVED if approve else State.REFUSED
    plan.decided_by, plan.decided_at, plan.opinion = by, now, opinion.strip()
    plan.full_clean()
    plan.save()
    event = PlanDecided(
        subject=f"plan:{plan.pk}", site=plan.site.host, kind=plan.kind, title=plan.title, state=plan.state,
        opinion=plan.opinion,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return plan


@transaction.atomic
def withdraw_plan(*, plan: EditorialPlan, by: User, now: datetime) -> None:
    """Take a plan back, as its proposer, as long as nothing came of it. Raises PermissionDenied, ValidationError."""
    plan = _locked(plan)
    if not may_withdraw_plan(by, plan):
        raise PermissionDenied(_("只有提出人可以撤回策划"))
    if plan.state not in {State.PROPOSED, State.APPROVED} or plan.carried:
        raise ValidationError(_("这项策划不能再撤回"))
    plan.state = State.WITHDRAWN
    plan.save(update_fields=["state"])
    event = PlanWithdrawn(subject=f"plan:{plan.pk}", site=plan.site.host, kind=plan.kind, title=plan.title)
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def begin_story(*, plan: EditorialPlan, by: User, now: datetime) -> Record:
    """The draft of an approved story, with what the plan knows. Raises PermissionDenied, ValidationError."""
    plan = _locked(plan)
    _refuse_uncarriable(plan, Kind.STORY)
    if plan.column is None:
        raise ValidationError(_("选题没有写明栏目"))
    facts = {"title": plan.title, "responsible": plan.unit, "source": plan.unit.name[:80]}
    if plan.record_kind == Record.Kind.TOPIC:
        facts |= {"ends_on": plan.ends_on, "summary": plan.what[:500]}
    record = create_record(kind=plan.record_kind, column=plan.column, by=by, now=now, **facts)
    plan.record_id = record.pk
    plan.save(update_fields=["record"])
    _trace_carried(plan, f"record:{record.identity}", by, now)
    return record


@transaction.atomic
def open_planned_column(*, plan: EditorialPlan, column: Column, reason: str, by: User, now: datetime) -> Column:
    """Open a column as planned: from here on it is an ordinary one, public with the structure's signature, then filed.

    `reason` is asked for again where similar columns exist. Raises PermissionDenied, ValidationError.
    """
    plan = _locked(plan)
    _refuse_uncarriable(plan, Kind.COLUMN)
    if column.site_id != plan.site_id or not may_arrange_columns(by, plan.site):
        raise PermissionDenied(_("您不能为这个网站开设栏目"))
    propose_column(column=column, reason=reason, by=by.actor(), now=now)
    plan.opened = column
    plan.save(update_fields=["opened"])
    _trace_carried(plan, f"column:{column.pk}", by, now)
    return column


def existing_for(plan: EditorialPlan, *, now: datetime) -> list[Alike]:
    """What exists already under a similar name: columns, topics, plans, recent items (LIB-05)."""
    return matter_alike(site=plan.site, name=plan.title, columns=plan.kind == Kind.COLUMN, now=now, but=plan.pk)


def _refuse_incomplete(plan: EditorialPlan, *, today: date) -> None:
    wrong: dict[str, str] = {}
    if plan.due_on is None or plan.due_on < today:
        wrong["due_on"] = _("计划日期不能早于今天")
    if plan.kind == Kind.STORY:
        wrong |= _wrong_story(plan)
    elif plan.column is not None and (plan.column.site_id != plan.site_id or plan.column.closed_at):
        wrong["column"] = _("请选择本网站开着的上级栏目")
    if wrong:
        raise ValidationError(wrong)


def _wrong_story(plan: EditorialPlan) -> dict[str, str]:
    wrong = {}
    if plan.record_kind not in STORY_KINDS:
        wrong["record_kind"] = _("请选择稿件类型")
    column = plan.column
    if column is None or column.site_id != plan.site_id or column.closed_at or column.kind == Column.Kind.CHANNEL:
        wrong["column"] = _("请选择本网站开着的、可以放稿件的栏目")
    topic = plan.record_kind == Record.Kind.TOPIC
    if topic and (plan.ends_on is None or (plan.due_on and plan.ends_on <= plan.due_on)):
        wrong["ends_on"] = _("专题要写明结束日期，并且晚于计划日期")
    elif not topic and plan.ends_on is not None:
        wrong["ends_on"] = _("只有专题才有结束日期")
    return wrong


def _refuse_uncarriable(plan: EditorialPlan, kind: str) -> None:
    if plan.kind != kind or plan.state != State.APPROVED:
        raise ValidationError(_("只有已同意的策划才能办理"))
    if plan.carried:
        raise ValidationError(_("这项策划已经办理过了"))


def _trace_carried(plan: EditorialPlan, led_to: str, by: User, now: datetime) -> None:
    event = PlanCarriedOut(
        subject=f"plan:{plan.pk}", site=plan.site.host, kind=plan.kind, title=plan.title, led_to=led_to
    )
    trace(event, by=by.actor(), at=now)


def _locked(plan: EditorialPlan) -> EditorialPlan:
    rows = EditorialPlan.objects.select_for_update(of=("self",))
    return rows.select_related("site", "unit", "column__site").get(pk=plan.pk)
