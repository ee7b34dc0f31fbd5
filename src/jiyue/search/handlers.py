"""What a release means for the index: rows in the queue, written in the transaction that delivers the event."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from jiyue.estate.models import Site
from jiyue.foundation.models import AuditEvent
from jiyue.publishing.models import PublicItem
from jiyue.review.models import SignOff, Subject
from jiyue.search.models import IndexTask

RELEASED = "publishing.release_deployed"
ROLLED_BACK = ("publishing.rolled_back", "publishing.resumed")


def heed_release(event: AuditEvent, now: datetime) -> None:
    """The records that the release changed on its site, and whatever else the index holds otherwise than the site."""
    site = Site.objects.filter(host=event.site).first()
    if site is None:
        return
    rows = SignOff.objects.filter(sequence__in=event.data["sign_offs"])
    signed = set(rows.exclude(subject=Subject.STRUCTURE).values_list("identity", flat=True))
    placed = PublicItem.objects.filter(site=site, placed_by__identity__in=signed).values_list("identity", flat=True)
    turned = {UUID(identity) for identity in event.data.get("turned", ())}
    queue(site, signed | set(placed) | turned, now=now)
    structure = rows.filter(subject=Subject.STRUCTURE).exists()
    queue_all(site, IndexTask.Reach.SITE if structure else IndexTask.Reach.DIFFERING, now=now)


def heed_site(event: AuditEvent, now: datetime) -> None:
    """The whole site may look different: compare all of it with its tree."""
    site = Site.objects.filter(host=event.site).first()
    if site is not None:
        queue_all(site, IndexTask.Reach.SITE, now=now)


def queue(site: Site, identities: Iterable[UUID], *, now: datetime) -> None:
    """Ask for records of a site."""
    IndexTask.objects.bulk_create(
        IndexTask(site=site, identity=identity, asked_at=now, next_try_at=now) for identity in identities
    )


def queue_all(site: Site, reach: IndexTask.Reach, *, now: datetime) -> None:
    """Ask for what differs of a site, or for all of it, unless that waits already."""
    if not IndexTask.objects.filter(site=site, reach=reach, problem="").exists():
        IndexTask.objects.create(site=site, reach=reach, asked_at=now, next_try_at=now)
