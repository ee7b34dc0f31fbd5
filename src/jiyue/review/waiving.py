"""豁免: letting a finding stand, with grounds, by a person who may, and for exactly this finding; and taking it back."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.review import checking
from jiyue.review.checking import Found
from jiyue.review.events import FindingWaived, WaiverRevoked
from jiyue.review.examining import open_again
from jiyue.review.models import CheckRun, Finding, Version, Waiver, WaiverRevocation
from jiyue.review.policies import may_revoke, may_waive
from jiyue.review.sealing import revocation_facts, seals, waiver_facts

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


@transaction.atomic
def revoke_waiver(*, waiver: Waiver, reason: str, by: User, now: datetime) -> WaiverRevocation:
    """Let a waiver hold no more: its finding stops the next sign-off, and in what is public it has to be handled again.

    What was signed meanwhile stays signed. Raises PermissionDenied, ValidationError.
    """
    waiver = Waiver.objects.select_for_update(of=("self",)).select_related("version", "site").get(pk=waiver.pk)
    if not may_revoke(by, waiver):
        raise PermissionDenied(_("这项豁免只能由本网站的保密审查人（个人信息、涉密）或审核人撤销，作者本人不能撤销"))
    if WaiverRevocation.objects.filter(waiver=waiver).exists():
        raise ValidationError(_("这项豁免已经撤销"))
    if len(reason.strip()) < SHORTEST:
        raise ValidationError({"reason": _("请写明撤销的理由")})
    revocation = WaiverRevocation(
        waiver=waiver, reason=reason.strip(), by=by, by_name=by.name, at=now,
        by_unit=by.organisation.name if by.organisation else "",
    )  # fmt: skip
    revocation.seal = seals().seal("waiver-revocation", revocation_facts(revocation))
    revocation.save(force_insert=True)
    event = WaiverRevoked(
        subject=f"{waiver.version.subject}:{waiver.identity}", site=waiver.site.host, detector=waiver.detector,
        place=waiver.place, granted_by=waiver.by_name, reason=revocation.reason,
        public=open_again(waiver.identity, key=waiver.key, now=now),
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return revocation


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
