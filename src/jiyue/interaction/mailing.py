"""Handing mail to senders over to the server: one by one, later again where it was refused, never twice under two names.

A kill between the server's yes and our note of it sends the same mail again, under the same Message-ID: rather twice
than not at all (docs/adr/0028).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.interaction.mail_models import MailNotice

logger = logging.getLogger(__name__)
PAUSES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12), timedelta(days=1))
LEASE = timedelta(minutes=10)  # what was handed over longer ago was cut off by a kill, and is handed over again
MOST_AT_ONCE = 100
NO_SERVER = "没有配置邮件服务器"


@dataclass(frozen=True)
class Post:
    """One kind of notices: its rows, to whom a row goes, what it says, and who is told when it cannot be handed over."""

    rows: Callable[[], QuerySet[Any]]
    address_of: Callable[[Any], str]
    message_of: Callable[[Any, str], EmailMessage]
    failed: Callable[[Any, str, datetime], None]


def begins() -> dict[str, str]:
    """The state in which a new notice stands: without a server it will never go out, and says so at once."""
    return {} if settings.EMAIL_HOST else {"state": MailNotice.State.FAILED, "problem": NO_SERVER}


def waiting(rows: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    """What is to be handed over now, the oldest first; what is in another process's hands is not."""
    due = Q(next_try_at=None) | Q(next_try_at__lte=now)
    return rows.filter(_free(now), due, state=MailNotice.State.WAITING).order_by("made_at", "pk")


def send_waiting(post: Post, *, now: datetime) -> int:
    """Hand over what is due; gives how many the server took. A refusal of one stops nobody else's."""
    if not settings.EMAIL_HOST:
        return 0
    with override(settings.LANGUAGE_CODE):
        rows = list(waiting(post.rows(), now)[:MOST_AT_ONCE])
        return sum(_handed_over(post, row, now) for row in rows if _taken(post, row, now))


def _free(now: datetime) -> Q:
    return Q(handing_at=None) | Q(handing_at__lte=now - LEASE)


def _taken(post: Post, row: Any, now: datetime) -> bool:
    """Note that it is in hand; another process that holds the same list gets False."""
    free = post.rows().filter(_free(now), pk=row.pk, state=MailNotice.State.WAITING)
    return bool(free.update(handing_at=now, tries=F("tries") + 1))


def _handed_over(post: Post, row: Any, now: datetime) -> int:
    address = post.address_of(row)
    try:
        validate_email(address)
    except ValidationError:
        return _given_up(post, row, _("地址不能用"), now)
    try:
        with get_connection(timeout=settings.EMAIL_TIMEOUT) as server:
            server.send_messages([post.message_of(row, address)])
    except SMTPRecipientsRefused:
        return _given_up(post, row, _("邮件服务器不接受这个地址"), now)
    except (SMTPException, OSError) as error:
        return _again(post, row, error, now)
    post.rows().filter(pk=row.pk).update(
        state=MailNotice.State.SENT, sent_at=now, handing_at=None, next_try_at=None, problem=""
    )
    return 1


def _again(post: Post, row: Any, error: Exception, now: datetime) -> int:
    """Try later; after the last pause give up and say so. The server's words may hold the address, so they are not kept."""
    logger.warning("notice %s: %s", row.pk, type(error).__name__)
    code = getattr(error, "smtp_code", 0)
    problem = _("邮件服务器没有接受（%(what)s）") % {"what": code or type(error).__name__}
    if row.tries >= len(PAUSES):
        return _given_up(post, row, problem, now)
    later = now + PAUSES[row.tries]
    post.rows().filter(pk=row.pk).update(handing_at=None, next_try_at=later, problem=problem)
    return 0


@transaction.atomic
def _given_up(post: Post, row: Any, problem: str, now: datetime) -> int:
    post.rows().filter(pk=row.pk).update(state=MailNotice.State.FAILED, handing_at=None, problem=problem)
    post.failed(row, problem, now)
    return 0
