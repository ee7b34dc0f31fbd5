"""What a person decides about her feed and her mail."""

import secrets
from datetime import datetime, time
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.console.duties.events import FeedMade, FeedRevoked, MailChosen
from jiyue.console.models import Subscription
from jiyue.domain.events import Event
from jiyue.foundation.audit import record
from jiyue.identity.models import User

SECRET_BYTES = 32


@transaction.atomic
def make_feed(*, by: User, now: datetime) -> str:
    """Make a new secret for the calendar address and forget the old one. The secret is given once and not kept."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = _own(by)
    row.feed, row.feed_made_at = digest_of_secret(secret), now
    row.save(update_fields=["feed", "feed_made_at"])
    _trace(FeedMade(subject=f"user:{by.pk}"), by=by, now=now)
    return secret


@transaction.atomic
def revoke_feed(*, by: User, now: datetime) -> None:
    """The address stops working at once."""
    row = _own(by)
    if not row.feed:
        return
    row.feed, row.feed_made_at = "", None
    row.save(update_fields=["feed", "feed_made_at"])
    _trace(FeedRevoked(subject=f"user:{by.pk}"), by=by, now=now)


@transaction.atomic
def choose_mail(
    *, mails: bool, address: str, at: time | None, working_days_only: bool, by: User, now: datetime
) -> Subscription:
    """Say whether, where and when the daily mail comes. Raises ValidationError for a mail without place or time."""
    if mails and not address:
        raise ValidationError({"address": _("请填写邮箱地址")})
    if mails and at is None:
        raise ValidationError({"at": _("请填写发送时间")})
    row = _own(by)
    row.mails, row.address, row.at, row.working_days_only = mails, address, at, working_days_only
    row.problem, row.next_try_at = "", None
    row.save()
    told = MailChosen(subject=f"user:{by.pk}", mails=mails, at=at.strftime("%H:%M") if at else "")
    _trace(told, by=by, now=now)
    return row


def digest_of_secret(secret: str) -> str:
    """What is kept of a feed's secret."""
    return sha256(secret.encode()).hexdigest()


def _own(user: User) -> Subscription:
    return Subscription.objects.select_for_update().get_or_create(user=user)[0]


def _trace(event: Event, *, by: User, now: datetime) -> None:
    record(event, by=by.actor(), at=now)
