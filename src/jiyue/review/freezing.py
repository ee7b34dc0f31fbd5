"""版本: what was submitted, frozen, so that everybody signs for the same words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from jiyue.content.models import Record
from jiyue.content.readiness import nonconforming
from jiyue.content.snapshots import snapshot_of
from jiyue.content.uses import note_submitted
from jiyue.domain.canonical import canonical, digest_of_text
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.review import ledger
from jiyue.review.models import Subject, Version
from jiyue.review.refusals import NotReady


def freeze_record(record: Record, *, by: User, now: datetime) -> Version:
    """The version of a record as it stands in its draft, with everybody who wrote in it. Checks no right.

    Raises NotReady for what breaks a data standard that is in force for its unit (PLAT-08).
    """
    writers = sorted(
        {user for user in record.revisions.values_list("user_id", flat=True) if user} | {record.created_by_id}
    )
    content = snapshot_of(record)
    broken = nonconforming(content, organisation=record.site.owner, on=timezone.localdate(now))
    if broken:
        raise NotReady(broken)
    note_submitted(record)
    return freeze(
        subject=Subject.RECORD, identity=record.identity, site=record.site, record=record, content=content, by=by,
        writers=writers, now=now,
    )  # fmt: skip


def freeze(
    *, subject: str, identity: UUID, site: Site, record: Record | None, content: dict[str, Any], by: User,
    writers: list[int], now: datetime,
) -> Version:  # fmt: skip
    """The version that holds exactly `content`: the last one if it is equal, else a new one. Checks no right."""
    text = canonical(content)
    digest = digest_of_text(text)
    last = Version.objects.filter(identity=identity).order_by("-number").first()
    if last is not None and last.digest == digest:
        return last
    ledger.frozen_copies().put(text.encode())
    return Version.objects.create(
        subject=subject, identity=identity, site=site, record=Record.objects.get(pk=record.pk) if record else None,
        number=last.number + 1 if last else 1, content=text, digest=digest, author=by, writers=writers, created_at=now,
    )  # fmt: skip
