"""Replies that say nothing, pass the matter on or miss the point: marked by a checker, before or after they were sent."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiyue.domain.reply_hints import Hint, hints
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction.events import ReplyMarked
from jiyue.interaction.handling import send_back_reply
from jiyue.interaction.models import Case, CaseStep, Reply, ReplyMark
from jiyue.interaction.policies import may_mark_reply
from jiyue.interaction.stepping import NotYours, subject_of
from jiyue.interaction.words import HINTS

LONGEST_WHY = 500


def hints_for(reply: Reply) -> list[str]:
    """What a reader should look at in a reply, in words with their numbers. Hints only: nothing follows from them."""
    found: list[Hint] = hints(reply.case.title, reply.case.text, reply.text)
    return [str(HINTS[hint.code]) % hint.values for hint in found]


@transaction.atomic
def mark_reply(*, reply: Reply, fault: str, why: str, by: User, now: datetime) -> ReplyMark:
    """Say what is wanting in a reply that was sent or is under review. Raises NotYours, ValidationError."""
    case = reply.case
    if not may_mark_reply(by, reply):
        raise NotYours(_("答复由审核人在审核时标记，或由监管人员在发出后标记"))
    if fault not in ReplyMark.Fault.values:
        raise ValidationError({"fault": _("请选择答复的问题")})
    words = why.strip()
    if not words:
        raise ValidationError({"reason": _("请写明原因")})
    row = ReplyMark(reply=reply, fault=fault, why=words[:LONGEST_WHY], by=by, at=now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ValidationError(_("您已经标记过这份答复")) from error
    event = ReplyMarked(subject=subject_of(case), site=case.desk.host, number=case.number, reply_fault=fault)
    record(event, by=by.actor(), at=now)
    return row


@transaction.atomic
def return_marked(*, case: Case, fault: str, reason: str, by: User, now: datetime) -> CaseStep:
    """Send a reply back and mark what is wanting in it, in one act. Raises as `send_back_reply` and `mark_reply`."""
    reply = Reply.objects.select_related("case__desk__owner").filter(case=case, state=Reply.State.SUBMITTED).first()
    if fault and reply is not None:
        mark_reply(reply=reply, fault=fault, why=reason, by=by, now=now)
    return send_back_reply(case=case, reason=reason, by=by, now=now)
