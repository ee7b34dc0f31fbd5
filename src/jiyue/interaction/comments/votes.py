"""Votes on pages out of the letter box into the database: once each, and only where the signed order takes them (INT-18)."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from jiyue.content.models import Record
from jiyue.domain.comments import LONGEST_REASON, VOTE
from jiyue.domain.letters import tidied
from jiyue.interaction.campaigns.taking import NotAsked
from jiyue.interaction.comments.orders import Order, Orders
from jiyue.interaction.comments.showing import note, vote_seal
from jiyue.interaction.letterbox import Contribution
from jiyue.interaction.models import PageVote
from jiyue.review.ledger import SignOffRefused

logger = logging.getLogger(__name__)
YES, NO = "yes", "no"
# A page stands there some time after its order was changed, and what was promised on it is kept.
GRACE = timedelta(hours=1)
# The counter has a clock of its own.
SKEW = timedelta(minutes=5)
# What lay in the box longer than the longest holidays was not put there when it says.
OLDEST = timedelta(days=15)


def take_vote(*, given: Contribution, at: datetime, now: datetime) -> PageVote:
    """Keep a vote; the same token again is the same one. Raises NotAsked."""
    record = record_at(given.about, given.host)
    orders = orders_for(record, at, now=now) if record else []
    if record is None or given.kind != VOTE or not any(order.takes_votes for order in orders):
        raise NotAsked("no votes are taken there")
    useful, reason = given.fields.get("useful"), tidied(given.fields.get("reason", ""))
    if useful not in (YES, NO) or len(reason) > LONGEST_REASON:
        raise NotAsked("no vote")
    with transaction.atomic():
        facts = {
            "record": record, "version": given.version[:64], "at": at, "language": given.language[:12],
            "is_useful": useful == YES, "reason": reason,
            "seal": vote_seal(record)(given.token, given.version[:64], useful == YES),
        }  # fmt: skip
        row, new = PageVote.objects.get_or_create(token=given.token, defaults=facts)
        if new:
            note(record)
    return row


def record_at(identity: str, host: str) -> Record | None:
    """The record of a page on this site; None for what is no identity."""
    try:
        key = UUID(identity)
    except ValueError:
        return None
    return Record.objects.filter(identity=key, site__host=host).select_related("site__owner").first()


def orders_for(record: Record, at: datetime, *, now: datetime) -> list[Order]:
    """The order of this moment, and the one before a change that the page at hand may not have known of, where open then.

    None at all for a moment that is yet to come, or too long ago.
    """
    if not now - OLDEST <= at <= now + SKEW:
        return []
    orders, at = Orders(record.site), min(at, now)
    try:
        found = [order for moment in (at, at - GRACE) if (order := orders.of(record, moment)) is not None]
        return [order for order in found if order.is_open(at, early=SKEW, late=GRACE)]
    except SignOffRefused:
        # Set aside for the operator; what lies behind it in the box must not wait.
        logger.exception("the signed structure of %s cannot be read", record.site.host)
        return []
