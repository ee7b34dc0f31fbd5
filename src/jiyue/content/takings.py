"""取用规则: what a rule covers, and how it is drawn up and stopped. It takes effect by a sign-off (`review.taking`)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.events import TakingRuleChanged, TakingRuleSaved
from jiyue.content.models import Placement, Record, TakingRule
from jiyue.content.placing import change
from jiyue.content.policies import may_propose_taking, may_stop_taking
from jiyue.domain.actors import Actor
from jiyue.domain.deadlines import local
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User

FORMAT = 1
State = TakingRule.State
CHANGEABLE = frozenset({State.DRAFT, State.RETURNED})


@transaction.atomic
def save_rule(*, rule: TakingRule, by: User, now: datetime) -> TakingRule:
    """Keep a rule that nobody has signed yet. Raises PermissionDenied, ValidationError."""
    if not may_propose_taking(by, rule.column):
        raise PermissionDenied(_("您不能为这个栏目设置自动取用"))
    if rule.pk and TakingRule.objects.select_for_update().get(pk=rule.pk).state not in CHANGEABLE:
        raise ValidationError(_("已经送审或签发的规则不能修改；请停用后另建一条"))
    if rule._state.adding:
        rule.created_at = now
    rule.site, rule.proposed_by, rule.changed_at = rule.column.site, by, now
    _refuse_unsound(rule)
    rule.full_clean(exclude=["proposed_by"])
    rule.save()
    event = TakingRuleSaved(
        subject=f"taking:{rule.identity}", site=rule.site.host, rule=str(rule), column=rule.column.path
    )
    trace(event, by=by.actor(), at=now)
    return rule


@transaction.atomic
def stop_rule(*, rule: TakingRule, reason: str, by: User, now: datetime) -> None:
    """Take nothing more by this rule, from now on. What was taken stays; what was only planned is given up."""
    rule = TakingRule.objects.select_for_update().select_related("column__site", "site").get(pk=rule.pk)
    if not may_stop_taking(by, rule):
        raise PermissionDenied(_("您不能停用这条规则"))
    if rule.state != State.IN_FORCE:
        raise ValidationError(_("只有执行中的规则可以停用"))
    if not reason.strip():
        raise ValidationError(_("停用规则时请写明原因"))
    move_rule(rule=rule, state=State.STOPPED, by=by.actor(), now=now, reason=reason.strip())
    for placement in rule.placements.filter(state=Placement.State.PLANNED).select_related("site", "record"):
        change(placement=placement, state=Placement.State.ENDED, by=by.actor(), now=now, reason=_("取用规则已停用"))


def move_rule(*, rule: TakingRule, state: str, by: Actor, now: datetime, reason: str = "") -> None:
    """Move the mirror and leave a trace; for the functions here and for review, who knows the ledger."""
    before, rule.state, rule.reason, rule.changed_at = rule.state, state, reason, now
    rule.save(update_fields=["state", "reason", "changed_at"])
    event = TakingRuleChanged(
        subject=f"taking:{rule.identity}",
        site=rule.site.host,
        rule=str(rule),
        before=before,
        after=state,
        reason=reason,
    )
    trace(event, by=by, at=now)


def terms_of(rule: TakingRule) -> dict[str, Any]:
    """The rule as plain data: what the final reviewer signs, and what every taking is measured against."""
    return {
        "format": FORMAT, "rule": str(rule.identity), "title": str(rule), "site": rule.site_id,
        "column": rule.column_id, "column_path": rule.column.path,
        "origin": rule.origin.host if rule.origin else "",
        "origin_path": rule.origin_column.path if rule.origin_column else "",
        "unit": rule.unit.name if rule.unit else "", "kind": rule.kind, "subject_class": rule.subject_class,
        "from_on": rule.from_on.isoformat(), "until_on": rule.until_on.isoformat() if rule.until_on else "",
        "delay_hours": rule.delay_hours,
    }  # fmt: skip


def covers(terms: Mapping[str, Any], content: Mapping[str, Any], *, host: str, effective_at: datetime) -> bool:
    """Does a rule mean this signed record? `host` is the taker's; the record's own day of publication counts."""
    if content["site"] == host or terms["origin"] not in ("", content["site"]):
        return False
    path, wanted = content["column_path"], terms["origin_path"]
    if wanted and path != wanted and not path.startswith(f"{wanted}/"):
        return False
    exact = {"unit": "responsible", "kind": "kind", "subject_class": "subject_class"}
    if any(terms[mine] not in ("", content[theirs]) for mine, theirs in exact.items()):
        return False
    day = published_on(content, effective_at).isoformat()
    return terms["from_on"] <= day and (not terms["until_on"] or day <= terms["until_on"])


def published_on(content: Mapping[str, Any], effective_at: datetime) -> date:
    """The day under which a record is public: historic material keeps its old one."""
    original = content["original"]["published_at"]
    return local(datetime.fromisoformat(original) if original else effective_at).date()


def due_at(terms: Mapping[str, Any], content: Mapping[str, Any], effective_at: datetime) -> datetime:
    """When it is taken unless somebody says otherwise. What is urgent is not kept waiting."""
    return effective_at if content["emergency"] else effective_at + timedelta(hours=terms["delay_hours"])


def plan(*, rule: TakingRule, records: Iterable[tuple[Record, datetime]], by: Actor, now: datetime) -> int:
    """Note what a rule will take, each with its moment; gives how many are new. For review; checks no right.

    What the site was offered before in any way, also what it refused or ended, stays as a person decided it.
    """
    count = 0
    for record, due in records:
        if Placement.objects.filter(record=record, site=rule.site_id).exists():
            continue
        placement = Placement.objects.create(
            record=record, site=rule.site, column=rule.column, rule=rule, due_at=due, offered_by=rule.proposed_by,
            created_at=now, changed_at=now,
        )  # fmt: skip
        change(placement=placement, state=Placement.State.PLANNED, by=by, now=now)
        count += 1
    return count


def _refuse_unsound(rule: TakingRule) -> None:
    if rule.origin is None and rule.unit is None:
        raise ValidationError(_("请选择来源网站或责任单位，至少一项"))
    if rule.origin_id == rule.site_id:
        raise ValidationError({"origin": _("不能从本网站取用")})
    if rule.origin_column and rule.origin_column.site_id != rule.origin_id:
        raise ValidationError({"origin_column": _("来源栏目不属于所选的来源网站")})
    if rule.origin and rule.origin.status == Site.Status.CLOSED:
        raise ValidationError({"origin": _("来源网站已经关停")})
    if rule.until_on and rule.until_on < rule.from_on:
        raise ValidationError({"until_on": _("结束日期不能早于开始日期")})
    if rule.delay_hours > 720:
        raise ValidationError({"delay_hours": _("最多等候 720 小时（30 天）")})
