"""A record on its way to another site, and what the taker answers. Offering and taking it ask the ledger (review.placing)."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.events import PlacementChanged
from jiyue.content.models import Column, Placement, Record
from jiyue.content.policies import may_write_in
from jiyue.domain.actors import Actor
from jiyue.estate.models import Site
from jiyue.estate.policies import may
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.identity.roles import Permission

OPEN = frozenset({Placement.State.OFFERED, Placement.State.DELAYED, Placement.State.PLANNED})


@transaction.atomic
def ask_for(*, record: Record, column: Column, by: User, now: datetime) -> Placement:
    """An editor wants another site's record in one of the own columns (取用). Raises PermissionDenied, ValidationError."""
    if not may_write_in(by, column):
        raise PermissionDenied(_("您不能在这个栏目放入内容"))
    found = Placement.objects.filter(record=record, site=column.site, state__in=OPEN).first()
    if found is None:
        return begin(record=record, site=column.site, column=column, by=by, now=now)
    found.column, found.changed_at = column, now
    found.save(update_fields=["column", "changed_at"])
    return found


@transaction.atomic
def refuse(*, placement: Placement, reason: str, by: User, now: datetime) -> None:
    """The taker does not want it, and says why."""
    if not reason.strip():
        raise ValidationError(_("不取用时请写明原因"))
    _require_editor(placement, by)
    change(placement=placement, state=Placement.State.REFUSED, reason=reason, by=by.actor(), now=now)


@transaction.atomic
def delay(*, placement: Placement, until: date, reason: str, by: User, now: datetime) -> None:
    """The taker decides later, and says until when and why."""
    if not reason.strip():
        raise ValidationError(_("暂缓时请写明原因"))
    _require_editor(placement, by)
    placement.decide_by = until
    placement.save(update_fields=["decide_by"])
    change(placement=placement, state=Placement.State.DELAYED, reason=reason, by=by.actor(), now=now)


def change(*, placement: Placement, state: str, by: Actor, now: datetime, reason: str = "") -> None:
    """Move the mirror and leave a trace; for the functions here and for review, who knows the ledger."""
    before, placement.state, placement.reason, placement.changed_at = placement.state, state, reason, now
    placement.save(update_fields=["state", "reason", "changed_at"])
    event = PlacementChanged(
        subject=f"placement:{placement.identity}", site=placement.site.host, record=str(placement.record.identity),
        before=before, after=state, reason=reason,
    )  # fmt: skip
    trace(event, by=by, at=now)


def begin(*, record: Record, site: Site, column: Column | None, by: User, now: datetime) -> Placement:
    """A new placement that waits for an answer. For the functions here and for review; checks no right."""
    if record.site_id == site.pk:
        raise ValidationError(_("稿件本来就在这个网站"))
    if Placement.objects.filter(record=record, site=site).exclude(state__in=["refused", "ended"]).exists():
        raise ValidationError(_("这篇稿件已经推送给这个网站，或已被它取用"))
    placement = Placement.objects.create(
        record=Record.objects.get(pk=record.pk), site=site, column=column, offered_by=by, created_at=now, changed_at=now
    )
    change(placement=placement, state=Placement.State.OFFERED, by=by.actor(), now=now)
    return placement


def _require_editor(placement: Placement, by: User) -> None:
    if placement.state not in OPEN or not may(by, Permission.WRITE_CONTENT, placement.site):
        raise PermissionDenied(_("您不能处理这项推送"))
