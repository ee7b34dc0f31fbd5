"""`record` is the only way to write the audit trail and the outbox (design 8, invariant 3)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from jiyue.domain.actors import Actor
from jiyue.domain.canonical import digest_of
from jiyue.domain.events import Event
from jiyue.foundation.locks import queue_for
from jiyue.foundation.models import AuditEvent, OutboxMessage

GENESIS = "0" * 64
# One queue for all writers of the chain; the number names the lock and has no other meaning.
CHAIN_LOCK = 0x4A495955


class NotInTransaction(RuntimeError):
    """A trace must commit together with what it traces."""


def record(event: Event, *, by: Actor, at: datetime) -> AuditEvent:
    """Write the audit row and the outbox row of `event`, in the caller's transaction.

    `at` is aware; it is stored in UTC. Raises NotInTransaction outside `transaction.atomic`.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(event.code)
    queue_for(CHAIN_LOCK)
    last = AuditEvent.objects.order_by("-sequence").values("sequence", "digest").first()
    row = AuditEvent(
        sequence=last["sequence"] + 1 if last else 1,
        at=at,
        code=event.code,
        actor_kind=by.kind,
        actor_key=by.key,
        actor_name=by.name,
        actor_unit=by.unit,
        site=event.site,
        subject=event.subject,
        data=event.data(),
        previous=last["digest"] if last else GENESIS,
    )
    row.digest = digest_of(chained_facts(row))
    row.save(force_insert=True)
    OutboxMessage.objects.create(event=row, next_try_at=at)
    return row


def chained_facts(row: AuditEvent) -> list[Any]:
    """What the digest of a row covers; changing any of it breaks the chain from there on."""
    who = [row.actor_kind, row.actor_key, row.actor_name, row.actor_unit]
    return [row.sequence, row.at.timestamp(), row.code, who, row.site, row.subject, row.data, row.previous]


def broken_links(rows: Iterable[AuditEvent], *, previous: str = GENESIS) -> list[int]:
    """Sequences whose digest or predecessor does not fit; `rows` ascending, `previous` the digest before the first."""
    broken = []
    for row in rows:
        if row.previous != previous or row.digest != digest_of(chained_facts(row)):
            broken.append(row.sequence)
        previous = row.digest
    return broken
