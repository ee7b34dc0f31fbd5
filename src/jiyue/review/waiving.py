"""豁免: letting a finding stand, with grounds, by a person who may, and for exactly this finding."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.review import checking
from jiyue.review.checking import Found
from jiyue.review.events import FindingWaived
from jiyue.review.models import CheckRun, Finding, Version, Waiver
from jiyue.review.policies import may_waive
from jiyue.review.sealing import seals, waiver_facts

PERSONAL = "personal-data"
SHORTEST = 5  # characters of grounds: "同意" alone is none


@transaction.atomic
def waive(*, version: Version, key: str, grounds: str, basis: str = "", by: User, now: datetime) -> Waiver:
    """Let the finding with this key stand wherever these very words stand in what the version is of.

    Personal data and secrecy only by the site's secrecy reviewer, personal data with its legal basis (PRIV-06), and
    nobody in what she wrote herself. Raises PermissionDenied, ValidationError.
    """
    found = _found(version, key, now=now)
    if not may_waive(by, version, found.family):
        raise PermissionDenied(_("这处问题只能由本网站的保密审查人（个人信息、涉密）或审核人豁免，作者本人不能豁免"))
    if len(grounds.strip()) < SHORTEST:
        raise ValidationError({"grounds": _("请写明豁免的理由")})
    if found.family == PERSONAL and not basis.strip():
        raise ValidationError({"basis": _("公开个人信息要写明法律依据，例如“政府信息公开条例第二十条”")})
    waiver = Waiver(
        site=version.site, identity=version.identity, version=version, record=version.record, detector=found.detector,
        key=key, message=found.say()[:300], place=found.where[:200], excerpt=found.excerpt, grounds=grounds.strip(),
        basis=basis.strip(), by=by, by_name=by.name, by_unit=by.organisation.name if by.organisation else "", at=now,
    )  # fmt: skip
    waiver.seal = seals().seal("waiver", waiver_facts(waiver))
    waiver.save(force_insert=True)
    _close_finding(waiver, now=now)
    event = FindingWaived(
        subject=f"{version.subject}:{version.identity}", site=version.site.host, version=version.number,
        detector=found.detector, place=waiver.place, grounds=waiver.grounds, basis=waiver.basis,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return waiver


def _found(version: Version, key: str, *, now: datetime) -> Found:
    run = checking.run_for(version, occasion=CheckRun.Occasion.SIGN_OFF, now=now)
    found = next((found for found in checking.findings_of(run) if found.key == key), None)
    if found is None:
        raise ValidationError(_("这一版里没有这处问题，可能已经改正"))
    if key in checking.waived_keys(version):
        raise ValidationError(_("这处问题已经有人豁免"))
    return found


def _close_finding(waiver: Waiver, *, now: datetime) -> None:
    rows = Finding.objects.filter(identity=waiver.identity, key=waiver.key, handled_at=None)
    rows.update(handled_at=now, handling=Finding.Handling.WAIVED)
