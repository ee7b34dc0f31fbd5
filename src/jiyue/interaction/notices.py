"""邮件通知: receipt, "more is asked for" and "there is an outcome", to the address that a sender gave (ADR 0028).

A notice is made in the transaction of the step that it tells of, so neither is there without the other. It says that
something happened and where to read it, never what; the query code is known to nobody who could write it. The address
stays sealed with the sender, and is opened when the mail is handed over.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jiyue.domain.actors import process
from jiyue.domain.cases import Act
from jiyue.domain.deadlines import local
from jiyue.foundation.audit import record
from jiyue.interaction import mailing
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
PURPOSE = "mail-stop"


def note(*, case: Case, step: CaseStep) -> None:
    """Make the notice of a step that its sender is to hear of; in the step's own transaction. Most steps have none."""
    if step.act in TELLS and case.ticket_key and case.mail_stopped_at is None and address_of(case):
        Notice.objects.create(case=case, step=step, kind=TELLS[Act(step.act)], made_at=step.at, **mailing.begins())


def note_for(cases: Iterable[Case], *, step: CaseStep) -> None:
    """The same for senders whose letters are answered with that of another."""
    for case in cases:
        note(case=case, step=step)


def any_waiting(now: datetime) -> bool:
    """One small question, asked every minute."""
    return bool(settings.EMAIL_HOST) and mailing.waiting(Notice.objects.all(), now).exists()


def send_waiting(*, now: datetime) -> int:
    """Hand over what is due; gives how many the server took."""
    return mailing.send_waiting(POST, now=now)


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


def _address(row: Notice) -> str:
    return address_of(row.case)


@transaction.atomic
def _failed(row: Notice, problem: str, now: datetime) -> None:
    case = row.case
    event = NoticeFailed(
        subject=f"{SUBJECT}{case.pk}", site=case.site.host, number=case.number, problem=problem
    )  # fmt: skip
    record(event, by=MAILER, at=now)


POST = mailing.Post(lambda: Notice.objects.select_related("case__site"), _address, message_of, _failed)
