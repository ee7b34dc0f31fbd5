"""The daily mail: what is late and what comes due, at the time each person chose.

Without a server that takes mail it is kept as a file, which the person reads in the console: nothing is dropped.
It is written as a file in any case, before its day is noted, and removed when a server took it. Whoever is killed in
between has noted that the mail was in hand: it is not sent twice, the person's page says that it was cut off and shows
it. A refusal is tried again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from jiyue.console.duties import kept_mails, reasons, words
from jiyue.console.models import Subscription
from jiyue.console.rules import reads_content
from jiyue.console.work import lines_for
from jiyue.domain.deadlines import local
from jiyue.identity.models import User
from jiyue.obligations.models import Obligation
from jiyue.obligations.queries import KIND, attended
from jiyue.rules.queries import book

logger = logging.getLogger(__name__)
AHEAD = timedelta(days=7)
MOST_LINES = 50
PAUSE = timedelta(minutes=15)


@dataclass(frozen=True)
class Line:
    title: str
    clock: words.Clock
    why: str
    where: str
    address: str


@dataclass(frozen=True)
class Digest:
    """What one mail says; `left_out` counts what was too much to list, of which `late_unlisted` is late."""

    late: Sequence[Line]
    coming: Sequence[Line]
    others: int
    left_out: int
    late_unlisted: int = 0

    @property
    def late_in_all(self) -> int:
        return len(self.late) + self.late_unlisted

    @property
    def coming_in_all(self) -> int:
        return len(self.coming) + self.left_out - self.late_unlisted

    def __bool__(self) -> bool:
        return bool(self.late or self.coming or self.others)


def is_configured() -> bool:
    """Is there a server that takes mail?"""
    return bool(settings.EMAIL_HOST)


def waiting(now: datetime) -> QuerySet[Subscription]:
    """Whose mail of today is due and was neither sent nor taken in hand."""
    here = local(now)
    today = here.date()
    return Subscription.objects.filter(
        Q(sent_on__isnull=True) | Q(sent_on__lt=today), Q(handing_on__isnull=True) | Q(handing_on__lt=today),
        Q(next_try_at__isnull=True) | Q(next_try_at__lte=now), mails=True, at__lte=here.time(), user__is_active=True,
    ).select_related("user__organisation")  # fmt: skip


def any_waiting(now: datetime) -> bool:
    """Is there something to send? One small question, asked every minute."""
    return waiting(now).exists()


def send_waiting(*, now: datetime) -> int:
    """Send or keep what is due, one after the other; gives how many. One refusal stops nobody else's mail."""
    rules, today = book(), local(now).date()
    sent = 0
    with translation.override(settings.LANGUAGE_CODE):
        for row in waiting(now).order_by("at", "pk"):
            unit = row.user.organisation
            working = rules.calendar_for(unit.lineage if unit else "").is_working(today)
            message = _message(row, working=working, now=now)
            # Noted as late as can be: whatever is killed before is written again and sent by the next process.
            if waiting(now).filter(pk=row.pk).exists() and _written(row, message, now) and _taken(row, today):
                sent += _hand_over(row, message, now)
    return sent


def digest_for(user: User, now: datetime) -> Digest:
    """What a mail of this moment would say."""
    rules = book()
    due = list(attended(user, now).filter(act_by__lte=now + AHEAD).select_related("rule")[: MOST_LINES + 1])
    lines = [(duty.act_by < now, _line(duty, now, rules.calendar_for(duty.unit.lineage))) for duty in due[:MOST_LINES]]
    others = sum(line.todo.kind not in (KIND, "draft") for line in lines_for(user))
    late, coming = [line for late, line in lines if late], [line for late, line in lines if not late]
    if len(due) <= MOST_LINES:
        return Digest(late, coming, others, 0)
    every = attended(user, now)
    late_unlisted = every.filter(act_by__lt=now).count() - len(late)
    return Digest(late, coming, others, every.filter(act_by__lte=now + AHEAD).count() - MOST_LINES, late_unlisted)


def message_for(row: Subscription, found: Digest, now: datetime) -> EmailMultiAlternatives:
    """The mail as text and as HTML. Its Message-ID is that of the day, so that a second one can be told."""
    today = local(now).date()
    facts = {"late": found.late_in_all, "coming": found.coming_in_all, "month": today.month, "day": today.day}
    subject = _("待办提醒 %(month)s月%(day)s日：逾期 %(late)s 件，7 天内到期 %(coming)s 件") % facts
    context = {"digest": found, "now": now, "list": _address("console_duties"), "post": _address("console_duty_post")}
    message = EmailMultiAlternatives(
        subject=subject, body=render_to_string("console/duties/mail.txt", context), to=[row.address],
        headers={"Message-ID": message_id(row, today), "Auto-Submitted": "auto-generated", "Precedence": "bulk"},
    )  # fmt: skip
    message.attach_alternative(render_to_string("console/duties/mail.html", context), "text/html")
    return message


def message_id(row: Subscription, day: date) -> str:
    return f"<duties-{row.user_id}-{day:%Y%m%d}@{settings.CONSOLE_HOST}>"


def _taken(row: Subscription, today: date) -> bool:
    """Note the day before anything is handed over; another process that holds the same list gets False."""
    free = Subscription.objects.filter(Q(handing_on__isnull=True) | Q(handing_on__lt=today), pk=row.pk, mails=True)
    return bool(free.update(handing_on=today, problem=""))


def _message(row: Subscription, *, working: bool, now: datetime) -> EmailMultiAlternatives | None:
    """The mail of today, or nothing where there is nothing to say or today is not one of her days."""
    if not reads_content(row.user) or (row.working_days_only and not working):
        return None
    found = digest_for(row.user, now)
    return message_for(row, found, now) if found else None


def _written(row: Subscription, message: EmailMultiAlternatives | None, now: datetime) -> bool:
    """Write the mail as a file, which a second time gives the same file; False when the disk refuses, to be tried again."""
    try:
        if message is not None:
            kept_mails.keep(message, user=row.user_id, day=local(now).date())
    except OSError as error:
        _refused(row, error, now)
        return False
    return True


def _hand_over(row: Subscription, message: EmailMultiAlternatives | None, now: datetime) -> int:
    today = local(now).date()
    if message is not None and is_configured():
        try:
            with get_connection(timeout=settings.EMAIL_TIMEOUT) as server:
                server.send_messages([message])
        except (SMTPException, OSError) as error:
            _refused(row, error, now)
            return 0
    Subscription.objects.filter(pk=row.pk).update(sent_on=today, next_try_at=None)
    if is_configured():
        _forget(row, today)
    return int(message is not None)


def _forget(row: Subscription, today: date) -> None:
    """The server has the mail. A file that cannot be removed stays to be read and stops nobody else's mail."""
    try:
        kept_mails.forget(user=row.user_id, day=today)
    except OSError as error:
        logger.warning("kept mail of %s: %s", row.user_id, error)


def _refused(row: Subscription, error: Exception, now: datetime) -> None:
    logger.warning("mail for %s: %s", row.user_id, error)
    again = {"handing_on": None, "next_try_at": now + PAUSE, "problem": str(error)[:200]}
    Subscription.objects.filter(pk=row.pk).update(**again)


def _line(duty: Obligation, now: datetime, days) -> Line:
    return Line(
        duty.title, words.clock(duty, now=now, calendar=days), reasons.short(duty),
        duty.site.name if duty.site else duty.unit.name, _address("console_duty", duty.pk),
    )  # fmt: skip


def _address(name: str, *arguments: int) -> str:
    return urljoin(settings.WAGTAILADMIN_BASE_URL, reverse(name, args=arguments))
