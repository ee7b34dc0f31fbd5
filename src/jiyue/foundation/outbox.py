"""Delivery of the outbox: each message to the handlers of its event, at least once, in order of its sequence."""

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from jiyue.foundation.models import AuditEvent, OutboxMessage

logger = logging.getLogger(__name__)
Handler = Callable[[AuditEvent, datetime], None]
BATCH = 200
RETRY_AFTER = (1, 5, 30, 300)  # seconds

_handlers: dict[str, list[Handler]] = defaultdict(list)


def subscribe(code: str, handler: Handler) -> None:
    """Call `handler` for every event of this code; it must be safe to run twice. Wiring stands in config.subscribers."""
    if handler not in _handlers[code]:
        _handlers[code].append(handler)


def subscribed() -> frozenset[str]:
    """Codes that somebody listens to."""
    return frozenset(code for code, handlers in _handlers.items() if handlers)


def deliver(*, now: datetime) -> int:
    """Deliver what waits; gives how many messages were dealt with. A failing handler is tried again later, alone."""
    waiting = OutboxMessage.objects.filter(delivered_at__isnull=True, next_try_at__lte=now)
    messages = list(waiting.select_related("event").order_by("event__sequence")[:BATCH])
    heard = [message for message in messages if _handlers.get(message.event.code)]
    unheard = [message.pk for message in messages if not _handlers.get(message.event.code)]
    OutboxMessage.objects.filter(pk__in=unheard).update(delivered_at=now)
    for message in heard:
        _deliver_one(message, now)
    return len(messages)


def _deliver_one(message: OutboxMessage, now: datetime) -> None:
    try:
        with transaction.atomic():
            for handler in _handlers[message.event.code]:
                handler(message.event, now)
            OutboxMessage.objects.filter(pk=message.pk).update(delivered_at=now, problem="")
    except Exception as error:
        logger.exception("outbox: %s", message.event.code)
        wait = RETRY_AFTER[min(message.attempts, len(RETRY_AFTER) - 1)]
        OutboxMessage.objects.filter(pk=message.pk).update(
            attempts=message.attempts + 1,
            problem=f"{type(error).__name__}: {error}",
            next_try_at=now + timedelta(seconds=wait),
        )
