"""会签: what concerns the work of other units needs their consent before it becomes public (REV-09; Hebi-NM art. 15)."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.models import Record
from jiyue.content.policies import may_write
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import Organisation, User
from jiyue.review.events import ConsentAsked, ConsentDropped, ConsentRecorded
from jiyue.review.models import UnitConsent


@transaction.atomic
def ask_consent(*, record: Record, unit: Organisation, by: User, now: datetime) -> UnitConsent:
    """Note that a record concerns another unit; nothing is signed off before its consent is recorded.

    Raises PermissionDenied; ValidationError for the own unit or one that was asked before.
    """
    _refuse_stranger(by, record)
    if unit.pk in {record.responsible_id, record.site.owner_id}:
        raise ValidationError({"unit": _("本单位的内容不需要会签")})
    if record.consents.filter(unit=unit).exists():
        raise ValidationError({"unit": _("已经列出这个单位")})
    consent = UnitConsent.objects.create(record=record, unit=unit, asked_by=by, asked_at=now)
    trace(ConsentAsked(**_about(record), unit=unit.name), by=by.actor(), at=now)
    return consent


@transaction.atomic
def record_consent(
    *, consent: UnitConsent, given_by: str, given_on: date, evidence: str, by: User, now: datetime
) -> UnitConsent:
    """Write down who of the unit agreed, when, and by what it can be shown. Raises PermissionDenied, ValidationError."""
    _refuse_stranger(by, consent.record)
    if consent.recorded_at is not None:
        raise ValidationError(_("这个单位的同意已经登记过"))
    if not given_by.strip() or not evidence.strip():
        raise ValidationError(_("请写明谁同意的、凭据是什么（复函文号、通话记录、签字件）"))
    if given_on > now.date():
        raise ValidationError({"given_on": _("同意日期不能晚于今天")})
    consent.given_by, consent.given_on, consent.evidence = given_by.strip(), given_on, evidence.strip()
    consent.recorded_by, consent.recorded_at = by, now
    consent.full_clean()
    consent.save()
    event = ConsentRecorded(
        **_about(consent.record), unit=consent.unit.name, given_by=consent.given_by, given_on=given_on.isoformat(),
        evidence=consent.evidence,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return consent


@transaction.atomic
def drop_consent(*, consent: UnitConsent, by: User, now: datetime) -> None:
    """Take a unit off the list that was put there by mistake; the trace keeps it. Raises as `record_consent`."""
    _refuse_stranger(by, consent.record)
    if consent.recorded_at is not None:
        raise ValidationError(_("已经登记的同意不能删除"))
    trace(ConsentDropped(**_about(consent.record), unit=consent.unit.name), by=by.actor(), at=now)
    consent.delete()


def _refuse_stranger(by: User, record: Record) -> None:
    if not may_write(by, record):
        raise PermissionDenied(_("您不能为这篇稿件办理会签"))


def _about(record: Record) -> dict[str, str]:
    return {"subject": f"record:{record.identity}", "site": record.site.host}
