"""发布异常: what was found not to be as the ledger says. One open row a subject, however often it is seen."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from jiyue.domain.actors import process
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.publishing.events import IncidentFound
from jiyue.publishing.models import Incident


@transaction.atomic
def report(*, kind: str, subject: str, what: str, now: datetime, site: Site | None = None, done: str = "") -> Incident:
    """Open an incident, or count one that is open already."""
    found = Incident.objects.filter(kind=kind, subject=subject, closed_at__isnull=True)
    if found.update(times=F("times") + 1, last_at=now, what=what, done=done):
        return found.get()
    row = Incident.objects.create(
        kind=kind, site=site, subject=subject, what=what, done=done, found_at=now, last_at=now
    )
    host = site.host if site else ""
    record(
        IncidentFound(subject=f"incident:{row.pk}", site=host, kind=kind, what=what), by=process("publisher"), at=now
    )
    return row


@transaction.atomic
def close(*, kind: str, subject: str, now: datetime) -> None:
    """The fault is gone; keep the row with its end."""
    Incident.objects.filter(kind=kind, subject=subject, closed_at__isnull=True).update(closed_at=now)
