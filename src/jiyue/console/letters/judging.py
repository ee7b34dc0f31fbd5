"""What a checker sees beside a reply: hints, and where it was sent, the form to mark it."""

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from jiyue.console.letters.forms import MarkForm
from jiyue.console.office.frame import attempt
from jiyue.identity.models import User
from jiyue.interaction.models import Case, Reply
from jiyue.interaction.policies import may_mark_reply
from jiyue.interaction.quality import hints_for, mark_reply

MARK = "mark"


@dataclass(frozen=True)
class Judged:
    """A reply with its hints; `form` only where this person may mark what was sent and has not yet."""

    reply: Reply
    hints: list[str]
    form: MarkForm | None


def judged(case: Case, user: User, *, sent: QueryDict | None) -> list[Judged]:
    """The replies that this person may mark: the one under review, and those that were sent."""
    rows = case.replies.filter(state__in=(Reply.State.SUBMITTED, Reply.State.SENT)).select_related("case__desk__owner")
    found = (reply for reply in rows.order_by("pk") if may_mark_reply(user, reply))
    return [Judged(reply, hints_for(reply), _form(reply, user, sent)) for reply in found]


def take_mark(judgements: list[Judged], *, by: User, now: datetime) -> bool:
    """Keep the mark that was sent; False when it was refused and the form says why, or when it is nobody's."""
    for one in judgements:
        form = one.form
        if form is not None and form.is_bound and form.is_valid():
            given = form.cleaned_data
            return attempt(
                form, lambda: mark_reply(reply=one.reply, fault=given["fault"], why=given["reason"], by=by, now=now)  # noqa: B023  # called at once
            )  # fmt: skip
    return False


def _form(reply: Reply, user: User, sent: QueryDict | None) -> MarkForm | None:
    if reply.state != Reply.State.SENT or reply.marks.filter(by=user).exists():
        return None
    prefix = f"{MARK}-{reply.pk}"
    mine = sent is not None and sent.get(f"{prefix}-reply") == str(reply.pk)
    return MarkForm(sent if mine else None, prefix=prefix, initial={"reply": reply.pk})
