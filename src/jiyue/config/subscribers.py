"""Who listens to which event. The publisher follows the ledger itself, so nothing here can lose a publication."""

from datetime import datetime
from uuid import UUID

from jiyue.config import takings
from jiyue.config.duties import HEARS, heed
from jiyue.foundation.models import AuditEvent
from jiyue.foundation.outbox import subscribe
from jiyue.publishing.conformity import look_again
from jiyue.publishing.models import NonConformity
from jiyue.review.examining import examine_one
from jiyue.review.models import SignOff
from jiyue.search import handlers


def connect() -> None:
    """Wire handlers to events; called once by the worker."""
    for code in sorted({heard.event for heard in HEARS}):
        subscribe(code, heed)
    subscribe(handlers.RELEASED, handlers.heed_release)
    for code in handlers.ROLLED_BACK:
        subscribe(code, handlers.heed_site)
    subscribe("review.signed_off", examine_signed)
    subscribe("review.signed_off", takings.heed_signed)
    subscribe(handlers.RELEASED, compare_released)


def examine_signed(event: AuditEvent, now: datetime) -> None:
    """What was just corrected or withdrawn is examined at once: its findings are handled. Batches wait for the night."""
    kind, _colon, identity = event.subject.partition(":")
    if kind in {"record", "structure"}:
        examine_one(UUID(identity), now=now)


def compare_released(event: AuditEvent, now: datetime) -> None:
    """Records with an open case that a release corrected or took away: do they keep to the data standards now?"""
    cases = NonConformity.objects.filter(site__host=event.site, mended_at__isnull=True)
    signed = SignOff.objects.filter(sequence__in=event.data["sign_offs"]).values("identity")
    for case in cases.filter(record__identity__in=signed).select_related("record__site__owner"):
        look_again(case.record, now=now)
