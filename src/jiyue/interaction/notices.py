"""邮件通知: receipt, "more is asked for" and "there is an outcome", to the address that a sender gave (ADR 0028).

A notice is made in the transaction of the step that it tells of, so neither is there without the other. It says that
something happened and where to read it, never what; the query code is known to nobody who could write it. The address
stays sealed with the sender, and is opened when the mail is handed over.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.domain.actors import process
from jiyue.domain.cases import Act
from jiyue.domain.deadlines import local
from jiyue.foundation.audit import record
from jiyue.interaction.events import MailStopped, NoticeFailed
from jiyue.interaction.models import SUBJECT, Case, CaseStep, Notice
from jiyue.interaction.sealed import NotOurs, opened
from jiyue.review.sealing import seals

logger = logging.getLogger(__name__)
MAILER, SENDER = process("mails"), "sender"
TELLS = {
    Act.RECEIVE: Notice.Kind.RECEIPT, Act.ASK: Notice.Kind.ASKED, Act.SEND: Notice.Kind.ANSWERED,
    Act.RETURN: Notice.Kind.ANSWERED, Act.UPHOLD: Notice.Kind.ANSWERED,
}  # fmt: skip
PAUSES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12), timedelta(days=1))
LEASE = timedelta(minutes=10)  # what was handed over longer ago was cut off by a kill, and is handed over again
MOST_AT_ONCE = 100
PURPOSE = "mail-stop"
NO_SERVER = "没有配置邮件服务器"


def note(*, case: Case, step: CaseStep) -> None:
    """Make the notice of a step that its sender is to hear of; in the step's own transaction. Most steps have none."""
    if step.act in TELLS and case.ticket_key and case.mail_stopped_at is None and address_of(case):
        lacks = {} if settings.EMAIL_HOST else {"state": Notice.State.FAILED, "problem": NO_SERVER}
        Notice.objects.create(case=case, step=step, kind=TELLS[Act(step.act)], made_at=step.at, **lacks)


def note_for(cases: Iterable[Case], *, step: CaseStep) -> None:
    """The same for senders whose letters are answered with that of another."""
    for case in cases:
        note(case=case, step=step)


def waiting(now: datetime) -> QuerySet[Notice]:
    """What is to be handed over now, the oldest first; what is in another process's hands is not."""
    free = Q(handing_at=None) | Q(handing_at__lte=now - LEASE)
    due = Q(next_try_at=None) | Q(next_try_at__lte=now)
    return Notice.objects.filter(free, due, state=Notice.State.WAITING).order_by("made_at", "pk")


def any_waiting(now: datetime) -> bool:
    """One small question, asked every minute."""
    return bool(settings.EMAIL_HOST) and waiting(now).exists()


def send_waiting(*, now: datetime) -> int:
    """Hand over what is due; gives how many the server took. A refusal of one stops nobody else's.

    A kill between the server's yes and our note of it sends the same mail again, under the same Message-ID: rather twice
    than not at all.
    """
    if not settings.EMAIL_HOST:
        return 0
    with override(settings.LANGUAGE_CODE):
        rows = list(waiting(now).select_related("case__site")[:MOST_AT_ONCE])
        return sum(_handed_over(row, now) for row in rows if _taken(row, now))


def address_of(case: Case) -> str:
    """The address that the sender gave; empty where there is none."""
    try:
        return opened(SENDER, case.number, case.sender).get("email", "") if case.sender else ""
    except NotOurs:
        logger.error("the sender of %s cannot be opened", case.number)
        return ""


def masked(address: str) -> str:
    """Enough to be told from another, for those who need not see it: `l***@e***.com`."""
    name, _at, host = address.partition("@")
    domain, _dot, rest = host.rpartition(".")
    return f"{name[:1]}***@{domain[:1]}***.{rest}" if host else ""


def secret_of(number: str) -> str:
    """What the link in a mail carries, so that whoever holds the mail, and nobody else, can stop further ones."""
    return seals().stand_in(PURPOSE, {"number": number})[:32]


@transaction.atomic
def stop(*, secret: str, number: str, now: datetime) -> bool:
    """No more mail about this letter. False for a wrong secret; said twice it is done once."""
    case = Case.objects.select_for_update().filter(number=number).first()
    if case is None or secret != secret_of(number):
        return False
    if case.mail_stopped_at is None:
        case.mail_stopped_at = now
        case.save(update_fields=["mail_stopped_at"])
        case.notices.filter(state=Notice.State.WAITING).update(state=Notice.State.STOPPED)
        record(MailStopped(subject=f"{SUBJECT}{case.pk}", site=case.desk.host, number=number), by=MAILER, at=now)
    return True


def message_of(row: Notice, address: str) -> EmailMessage:
    """The mail as text: number, day, where to read. Its Message-ID is that of the notice."""
    case, kind = row.case, Notice.Kind(row.kind)
    origin = settings.PORTAL_ADDRESS.format(host=case.site.host)
    link = f"{origin}/hudong/stop?n={case.number}&k={secret_of(case.number)}"
    context = {
        "case": case, "kind": kind.value, "origin": origin, "stop": link, "day": local(row.made_at).date(),
        "site": case.site.name,
    }  # fmt: skip
    headers = {
        "Message-ID": f"<letter-{row.pk}@{case.site.host}>", "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }  # fmt: skip
    subject = {
        Notice.Kind.RECEIPT: _("已收到您的来信，编号 %(number)s"), Notice.Kind.ASKED: _("来信 %(number)s 请您补充材料"),
        Notice.Kind.ANSWERED: _("来信 %(number)s 有结果了"),
    }[kind] % {"number": case.number}  # fmt: skip
    body = render_to_string("interaction/notice.txt", context)
    return EmailMessage(subject=f"{case.site.name}：{subject}", body=body, to=[address], headers=headers)


def _taken(row: Notice, now: datetime) -> bool:
    """Note that it is in hand; another process that holds the same list gets False."""
    free = Notice.objects.filter(
        Q(handing_at=None) | Q(handing_at__lte=now - LEASE), pk=row.pk, state=Notice.State.WAITING
    )
    return bool(free.update(handing_at=now, tries=F("tries") + 1))


def _handed_over(row: Notice, now: datetime) -> int:
    address = address_of(row.case)
    try:
        validate_email(address)
    except ValidationError:
        return _failed(row, _("地址不能用"), now)
    try:
        with get_connection(timeout=settings.EMAIL_TIMEOUT) as server:
            server.send_messages([message_of(row, address)])
    except SMTPRecipientsRefused:
        return _failed(row, _("邮件服务器不接受这个地址"), now)
    except (SMTPException, OSError) as error:
        return _again(row, error, now)
    Notice.objects.filter(pk=row.pk).update(
        state=Notice.State.SENT, sent_at=now, handing_at=None, next_try_at=None, problem=""
    )
    return 1


def _again(row: Notice, error: Exception, now: datetime) -> int:
    """Try later; after the last pause give up and say so. The server's words may hold the address, so they are not kept."""
    logger.warning("notice %s: %s", row.pk, type(error).__name__)
    code = getattr(error, "smtp_code", 0)
    problem = _("邮件服务器没有接受（%(what)s）") % {"what": code or type(error).__name__}
    if row.tries >= len(PAUSES):
        return _failed(row, problem, now)
    later = now + PAUSES[row.tries]
    Notice.objects.filter(pk=row.pk).update(handing_at=None, next_try_at=later, problem=problem)
    return 0


@transaction.atomic
def _failed(row: Notice, problem: str, now: datetime) -> int:
    Notice.objects.filter(pk=row.pk).update(state=Notice.State.FAILED, handing_at=None, problem=problem)
    case = row.case
    event = NoticeFailed(
        subject=f"{SUBJECT}{case.pk}", site=case.site.host, number=case.number, problem=problem
    )  # fmt: skip
    record(event, by=MAILER, at=now)
    return 0
