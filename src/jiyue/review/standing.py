"""What stands against a version whoever has signed for it: open findings, units that have not agreed, a missing case."""

from datetime import datetime

from django.utils.translation import gettext as _

from jiyue.review import checking, together
from jiyue.review.models import Review, UnitConsent, Version


def against(review: Review, *, now: datetime) -> list[str]:
    """Every such reason, in words. What only takes something away is never held up."""
    if review.act == Review.Act.WITHDRAW:
        return []
    found = [*checking.reasons_of(review.version, now=now), *_consents_missing(review.version)]
    return [*found, *together.case_demanded(review)]


def _consents_missing(version: Version) -> list[str]:
    missing = UnitConsent.objects.filter(record=version.record_id, recorded_at=None) if version.record_id else ()
    return [_("还缺少%(unit)s的同意") % {"unit": consent.unit.name} for consent in missing]
