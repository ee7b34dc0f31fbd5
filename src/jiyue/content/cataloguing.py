"""The openness catalogue: its items, and the few that stay unpublished with a reason and an approver (COL-02, COL-20)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.content.events import (
    CatalogueImported,
    CatalogueItemRemoved,
    CatalogueItemSaved,
    WithholdingDecided,
    WithholdingProposed,
)
from jiyue.content.models import CatalogueItem, Withholding
from jiyue.content.policies import may_decide_withholding, may_keep_catalogue
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User

FACTS = ("number", "name", "content", "basis", "information_class", "limit", "renewal")
State = Withholding.State


@transaction.atomic
def save_item(*, item: CatalogueItem, by: User, now: datetime) -> CatalogueItem:
    """Create or change a line of the catalogue. Raises PermissionDenied, ValidationError."""
    _require_keeper(by, item.site)
    before = item_facts(CatalogueItem.objects.filter(pk=item.pk).first())
    keep_item(item=item, by=by, now=now)
    event = CatalogueItemSaved(
        subject=f"catalogue:{item.pk}", site=item.site.host, before=before, after=item_facts(item)
    )
    trace(event, by=by.actor(), at=now)
    return item


def keep_item(*, item: CatalogueItem, by: User, now: datetime) -> CatalogueItem:
    """Write a line. For `save_item` and the import; checks no right and leaves no trace. Raises ValidationError."""
    if item._state.adding:
        item.created_by, item.created_at = by, now
    item.since = item.since or timezone.localdate(now)
    item.changed_at = now
    item.full_clean()
    item.save()
    return item


@transaction.atomic
def remove_item(*, item: CatalogueItem, reason: str, by: User, now: datetime) -> None:
    """Take a line out of the catalogue, with the reason; the row stays. Raises PermissionDenied, ValidationError."""
    _require_keeper(by, item.site)
    if not reason.strip():
        raise ValidationError({"removed_reason": _("请写明移出的原因")})
    if item.removed_on is not None:
        raise ValidationError(_("这一项已经移出清单"))
    item.removed_on, item.removed_reason, item.changed_at = timezone.localdate(now), reason.strip(), now
    item.full_clean()
    item.save(update_fields=["removed_on", "removed_reason", "changed_at"])
    event = CatalogueItemRemoved(
        subject=f"catalogue:{item.pk}", site=item.site.host, name=item.name, reason=item.removed_reason
    )
    trace(event, by=by.actor(), at=now)


def trace_import(*, site: Site, name: str, added: int, changed: int, by: User, now: datetime) -> None:
    """The one trace of a whole import, in the caller's transaction."""
    event = CatalogueImported(subject=f"site:{site.host}", site=site.host, name=name, added=added, changed=changed)
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def propose_withholding(*, item: CatalogueItem, reason: str, basis: str, by: User, now: datetime) -> Withholding:
    """Ask that an item stay unpublished: openness is the rule, so reason and legal basis are needed (Xiangxi art. 4).

    Raises PermissionDenied, ValidationError.
    """
    _require_keeper(by, item.site)
    if not reason.strip() or not basis.strip():
        raise ValidationError(_("请写明不公开的理由和法律依据"))
    if item.withholdings.filter(state__in=[State.PROPOSED, State.APPROVED]).exists():
        raise ValidationError(_("这一项已经申请不公开"))
    withholding = Withholding(item=item, reason=reason.strip(), basis=basis.strip(), proposed_by=by, proposed_at=now)
    withholding.full_clean()
    withholding.save()
    event = WithholdingProposed(
        subject=f"catalogue:{item.pk}", site=item.site.host, name=item.name, reason=withholding.reason
    )
    trace(event, by=by.actor(), at=now)
    return withholding


@transaction.atomic
def decide_withholding(
    *, withholding: Withholding, approve: bool, opinion: str, by: User, now: datetime
) -> Withholding:
    """Agree or refuse, as an overseer and never on one's own proposal. Raises PermissionDenied, ValidationError."""
    withholding = _locked(withholding)
    if withholding.state != State.PROPOSED:
        raise ValidationError(_("这项申请已经有了决定"))
    if by.pk == withholding.proposed_by_id or not may_decide_withholding(by, withholding.item):
        raise PermissionDenied(_("不予公开由上级督办人员批准，提出人不能自己批准"))
    if not approve and not opinion.strip():
        raise ValidationError({"opinion": _("不批准时请写明意见")})
    withholding.decided_by, withholding.decided_at, withholding.opinion = by, now, opinion.strip()
    return _move(withholding, State.APPROVED if approve else State.REFUSED, by=by, now=now)


@transaction.atomic
def lift_withholding(*, withholding: Withholding, opinion: str, by: User, now: datetime) -> Withholding:
    """The item is to be published after all. Raises PermissionDenied, ValidationError."""
    withholding = _locked(withholding)
    if withholding.state != State.APPROVED:
        raise ValidationError(_("只有已批准的不予公开可以恢复"))
    if not may_keep_catalogue(by, withholding.item.site) and not may_decide_withholding(by, withholding.item):
        raise PermissionDenied(_("您不能恢复公开这一项"))
    withholding.lifted_at, withholding.opinion = now, opinion.strip() or withholding.opinion
    return _move(withholding, State.LIFTED, by=by, now=now)


def item_facts(item: CatalogueItem | None) -> Mapping[str, Any]:
    """The plain facts of a line, for the trace."""
    if item is None:
        return {}
    facts: dict[str, Any] = {name: getattr(item, name) for name in FACTS}
    facts["unit"] = item.unit.name
    facts["responsible"] = item.responsible.name if item.responsible else ""
    facts["path"] = item.column.path if item.column else ""
    return facts


def _move(withholding: Withholding, state: str, *, by: User, now: datetime) -> Withholding:
    withholding.state = state
    withholding.full_clean()
    withholding.save()
    item = withholding.item
    event = WithholdingDecided(
        subject=f"catalogue:{item.pk}", site=item.site.host, name=item.name, state=state, opinion=withholding.opinion
    )
    trace(event, by=by.actor(), at=now)
    return withholding


def _locked(withholding: Withholding) -> Withholding:
    return Withholding.objects.select_for_update().select_related("item__site").get(pk=withholding.pk)


def _require_keeper(by: User, site: Site) -> None:
    if not may_keep_catalogue(by, site):
        raise PermissionDenied(_("您不能维护这个网站的政务公开清单"))
