"""Who owes a standing duty, and until when (CAL-04)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import Organisation, User
from jiyue.obligations.actions import DutyRefused, NotPossible
from jiyue.obligations.events import DutyEnrolled, DutyReleased
from jiyue.obligations.models import StandingDuty
from jiyue.obligations.policies import may_enrol
from jiyue.obligations.standing import STANDING


@transaction.atomic
def enrol(
    *,
    parameter: str,
    unit: Organisation,
    from_on: date,
    by: User,
    now: datetime,
    site: Site | None = None,
    person: User | None = None,
) -> StandingDuty:
    """Say that a unit owes this in every period that begins on or after `from_on`. Raises DutyRefused, NotPossible."""
    if not may_enrol(by, unit, site):
        raise DutyRefused(_("您不能给这个单位安排常设工作"))
    if parameter not in STANDING:
        raise NotPossible({"parameter": _("这项规定不是按周期办理、人工办结的工作")})
    Organisation.objects.select_for_update().get(pk=unit.pk)  # of two at once, the second sees what the first did
    if StandingDuty.objects.filter(parameter=parameter, unit=unit, site=site, until_on=None).exists():
        raise NotPossible({"parameter": _("这个单位已经承担这项常设工作")})
    standing = StandingDuty(
        parameter=parameter, unit=unit, site=site, person=person, from_on=from_on, set_by=by, set_at=now
    )
    standing.full_clean()
    standing.save()
    event = DutyEnrolled(
        subject=f"standing:{standing.pk}", site=site.host if site else "", parameter=parameter, unit=unit.name,
        from_on=from_on.isoformat(),
    )  # fmt: skip
    record(event, by=by.actor(), at=now)
    return standing


@transaction.atomic
def release(*, standing: StandingDuty, until_on: date, reason: str, by: User, now: datetime) -> StandingDuty:
    """Say that periods beginning on or after `until_on` are not owed any more. Raises DutyRefused, NotPossible."""
    row = StandingDuty.objects.select_for_update(of=("self",)).select_related("unit", "site").get(pk=standing.pk)
    if not may_enrol(by, row.unit, row.site):
        raise DutyRefused(_("您不能给这个单位安排常设工作"))
    if row.until_on is not None or until_on < row.from_on:
        raise NotPossible({"until_on": _("结束日期不能早于开始日期，也不能重复结束")})
    if not reason.strip():
        raise NotPossible({"reason": _("请写明原因")})
    row.until_on = until_on
    row.save(update_fields=["until_on"])
    event = DutyReleased(
        subject=f"standing:{row.pk}", site=row.site.host if row.site else "", parameter=row.parameter,
        unit=row.unit.name, until_on=until_on.isoformat(), reason=reason.strip(),
    )  # fmt: skip
    record(event, by=by.actor(), at=now)
    return row
