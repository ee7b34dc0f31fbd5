"""Writes to the catalogue of service items. A guide is a record and written like one (`actions`)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.events import ServiceItemEnded, ServiceItemSaved
from jiyue.content.models import ServiceItem
from jiyue.content.policies import may_keep_items
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User

FACTS = (
    "code", "name", "item_class", "legal_basis", "audiences", "themes", "life_events", "charged", "charge_basis",
    "system_host",
)  # fmt: skip


@transaction.atomic
def save_item(*, item: ServiceItem, by: User, now: datetime) -> ServiceItem:
    """Create or change an item of the catalogue. What is public follows when its guides are signed again.

    Raises PermissionDenied for who does not keep the catalogue (also the one it stood in before), ValidationError for
    bad values, a new code or organisation of an item that has guides, and a charge without a basis (SERV-11).
    """
    earlier = ServiceItem.objects.select_for_update().filter(pk=item.pk).first()
    _refuse_stranger(item, by)
    if earlier is not None:
        _refuse_stranger(earlier, by)
        _refuse_moved(earlier, item)
        item.created_by, item.created_at = earlier.created_by, earlier.created_at
    else:
        item.created_by, item.created_at = by, now
    item.changed_at = now
    item.full_clean()
    item.save()
    _trace_saved(item, before=facts_of(earlier) if earlier else {}, by=by, now=now)
    return item


@transaction.atomic
def end_item(*, item: ServiceItem, reason: str, on: date, by: User, now: datetime) -> None:
    """The item exists no more from a day on: its guides cannot be published again. Raises as `save_item`.

    Guides that are public stay until somebody withdraws them; `queries.guides_behind` lists them.
    """
    item = ServiceItem.objects.select_for_update().get(pk=item.pk)
    _refuse_stranger(item, by)
    if item.ended_on is not None:
        raise ValidationError(_("这个事项已经取消"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明取消的原因，例如所依据的文件")})
    item.ended_on, item.ended_reason, item.changed_at = on, reason.strip(), now
    item.full_clean()
    item.save(update_fields=["ended_on", "ended_reason", "changed_at"])
    event = ServiceItemEnded(
        subject=f"service-item:{item.pk}",
        item=item.code,
        name=item.name,
        ended_on=on.isoformat(),
        reason=item.ended_reason,
    )
    trace(event, by=by.actor(), at=now)


def facts_of(item: ServiceItem) -> Mapping[str, Any]:
    """The plain facts of an item, for the trace and for comparisons."""
    return {"organisation": item.organisation.name, **{name: getattr(item, name) for name in FACTS}}


def _trace_saved(item: ServiceItem, *, before: Mapping[str, Any], by: User, now: datetime) -> None:
    after = facts_of(item)
    if before == after:
        return
    event = ServiceItemSaved(
        subject=f"service-item:{item.pk}", item=item.code, name=item.name, organisation=item.organisation.name,
        before=before, after=after,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)


def _refuse_stranger(item: ServiceItem, by: User) -> None:
    if not may_keep_items(by, item.organisation):
        raise PermissionDenied(_("“%(unit)s”的政务服务事项目录由它的督办人员维护") % {"unit": item.organisation.name})


def _refuse_moved(earlier: ServiceItem, item: ServiceItem) -> None:
    if not earlier.guides.exists():
        return
    if item.code != earlier.code:
        raise ValidationError({"code": _("已经有办事指南使用这个事项，编码不能改")})
    if item.organisation_id != earlier.organisation_id:
        raise ValidationError({"organisation": _("已经有办事指南使用这个事项，不能换目录编制单位")})
