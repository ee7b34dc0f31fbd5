"""Mail to applicants: it came, a correction is wanted, it takes longer, there is an outcome; never what (ADR 0028).

The way is that of letters: made in the transaction of the step, handed over by the process that sends the daily mail.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jiyue.disclosure.events import MailStopped, NoticeFailed
from jiyue.disclosure.identities import known
from jiyue.disclosure.models import SUBJECT, Request, RequestNotice, RequestStep
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure import Act
from jiyue.foundation.audit import record
from jiyue.interaction import mailing
from jiyue.interaction.notices import MAILER, secret_of
from jiyue.interaction.sealed import NotOurs

logger = logging.getLogger(__name__)
Kind = RequestNotice.Kind
TELLS = {
    Act.RECEIVE: Kind.RECEIPT, Act.NOTIFY: Kind.CORRECTION, Act.GRANT_TIME: Kind.EXTENSION, Act.SEND: Kind.DECISION,
    Act.LAPSE: Kind.DECISION, Act.CHARGE: Kind.FEE,
}  # fmt: skip


def note(*, request: Request, step: RequestStep) -> None:
    """Make the notice of a step that the applicant is to hear of; in the step's own transaction. Most steps have none.

    Requests on paper get none: their applicant never had a code to read with.
    """
    if step.act in TELLS and request.ticket_key and request.mail_stopped_at is None and address_of(request):
        RequestNotice.objects.create(
            request=request, step=step, kind=TELLS[Act(step.act)], made_at=step.at, **mailing.begins()
        )


def any_waiting(now: datetime) -> bool:
    """One small question, asked every minute."""
    return bool(settings.EMAIL_HOST) and mailing.waiting(RequestNotice.objects.all(), now).exists()


def send_waiting(*, now: datetime) -> int:
    """Hand over what is due; gives how many the server took."""
    return mailing.send_waiting(POST, now=now)


def address_of(request: Request) -> str:
    """The address that the applicant gave; empty where there is none."""
    try:
        return known(request.number, request.sealed_applicant).get("email", "")
    except NotOurs:
        logger.error("the applicant of %s cannot be opened", request.number)
        return ""


@transaction.atomic
def stop(*, secret: str, number: str, now: datetime) -> bool:
    """No more mail about this request. False for a wrong secret; said twice it is done once."""
    request = Request.objects.select_for_update(of=("self",)).select_related("desk").filter(number=number).first()
    if request is None or secret != secret_of(number):
        return False
    if request.mail_stopped_at is None:
        Request.objects.filter(pk=request.pk).update(mail_stopped_at=now)
        request.notices.filter(state=RequestNotice.State.WAITING).update(state=RequestNotice.State.STOPPED)
        event = MailStopped(subject=f"{SUBJECT}{request.pk}", site=request.desk.host, number=number)
        record(event, by=MAILER, at=now)
    return True


def message_of(row: RequestNotice, address: str) -> EmailMessage:
    """The mail as text: number, day, where to read. Its Message-ID is that of the notice."""
    request, site = row.request, row.request.site
    origin = settings.PORTAL_ADDRESS.format(host=site.host)
    link = f"{origin}/hudong/stop?n={request.number}&k={secret_of(request.number)}"
    headers = {
        "Message-ID": f"<disclosure-{row.pk}@{site.host}>", "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }  # fmt: skip
    subject = {
        Kind.RECEIPT: _("已收到您的政府信息公开申请，编号 %(number)s"), Kind.CORRECTION: _("公开申请 %(number)s 请您补正"),
        Kind.EXTENSION: _("公开申请 %(number)s 的答复期限延长了"), Kind.FEE: _("公开申请 %(number)s 有收费通知"),
        Kind.DECISION: _("公开申请 %(number)s 有结果了"),
    }[Kind(row.kind)] % {"number": request.number}  # fmt: skip
    context = {
        "number": request.number, "kind": Kind(row.kind).value, "origin": origin, "stop": link, "site": site.name,
        "day": local(row.made_at).date(),
    }  # fmt: skip
    body = render_to_string("disclosure/notice.txt", context)
    return EmailMessage(subject=f"{site.name}：{subject}", body=body, to=[address], headers=headers)


def _address(row: RequestNotice) -> str:
    return address_of(row.request)


def _failed(row: RequestNotice, problem: str, now: datetime) -> None:
    request = row.request
    event = NoticeFailed(
        subject=f"{SUBJECT}{request.pk}", site=request.desk.host, number=request.number, problem=problem
    )  # fmt: skip
    record(event, by=MAILER, at=now)


POST = mailing.Post(
    lambda: RequestNotice.objects.select_related("request__site", "request__desk"), _address, message_of, _failed
)  # fmt: skip
