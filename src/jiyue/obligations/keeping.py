"""Are the kept rules still what they were? Looked at every night; what is found is told once."""

import logging
from datetime import datetime

from django.db import transaction

from jiyue.domain.actors import process
from jiyue.foundation.audit import record
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.events import RuleFoundAltered
from jiyue.obligations.models import FrozenRule, Obligation

logger = logging.getLogger(__name__)
KEEPER = process("obligations")


def report_altered(*, now: datetime) -> int:
    """Trace every kept rule whose digest does not fit, once each; gives how many there are."""
    altered = [rule for rule in FrozenRule.objects.iterator() if not rule.is_intact]
    for rule in altered:
        _report(rule, now)
    return len(altered)


@transaction.atomic
def _report(rule: FrozenRule, now: datetime) -> None:
    subject = f"rule:{rule.digest}"
    logger.error("A kept rule was changed beside the application: %s", subject)
    if AuditEvent.objects.filter(code=RuleFoundAltered.code, subject=subject).exists():
        return
    content = rule.answer if isinstance(rule.answer, dict) else {}
    event = RuleFoundAltered(
        subject=subject, parameter=str(content.get("parameter", "")), digest=rule.digest,
        duties=Obligation.objects.pending().filter(rule=rule).count(),
    )  # fmt: skip
    record(event, by=KEEPER, at=now)
