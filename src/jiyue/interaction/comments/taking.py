"""Comments, and what their writers say later, out of the letter box (ADR 0022): a number, a code, a ticket as with letters."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.domain.cases import Act
from jiyue.domain.comments import COMMENT, LONGEST, SHORTEST, VOTE, Ground, State
from jiyue.domain.letters import tidied
from jiyue.foundation.audit import record as trace
from jiyue.foundation.home import Home
from jiyue.interaction.comments.deciding import WITHDRAWABLE, withdraw
from jiyue.interaction.comments.events import CommentReceived
from jiyue.interaction.comments.votes import orders_for, record_at, take_vote
from jiyue.interaction.letterbox import Letter, LetterBox, TicketKey, Word
from jiyue.interaction.models import GROUNDS, Comment, CommentAct, CommentStanding
from jiyue.interaction.receiving import CITIZEN, TICKET, NotForUs, Part, moment_of
from jiyue.interaction.sealed import opened, sealed

MOST_AT_ONCE = 200


def receive(*, letter: Letter, box: LetterBox, now: datetime) -> Comment:
    """Keep a comment; the same letter again is the same comment. Raises NotForUs."""
    known = Comment.objects.filter(number=letter.number).first()
    if known is not None:
        if known.token != letter.token:
            raise NotForUs("the number is another comment's")
        return known
    at, text = moment_of(letter.at), tidied(letter.fields.get("text", ""))
    record = record_at(letter.fields.get("about", ""), letter.host)
    if record is None or not any(order.takes_comments for order in orders_for(record, at, now=now)):
        raise NotForUs("no comments are taken there")
    if not SHORTEST <= len(text) <= LONGEST or letter.files:
        raise NotForUs("no comment")
    with transaction.atomic():
        comment = Comment.objects.create(
            site=record.site, record=record, number=letter.number, token=letter.token,
            version=letter.fields.get("version", "")[:64], at=at, language=letter.language[:12], text=text,
            ticket_key=sealed(TICKET, letter.number, letter.ticket.written()),
        )  # fmt: skip
        CommentStanding.objects.create(comment=comment, site=record.site, since=at)
        event = CommentReceived(
            subject=f"comment:{comment.number}", site=record.site.host, number=comment.number, title=record.title
        )
        trace(event, by=CITIZEN, at=min(at, now))
    return comment


def hear(*, word: Word, box: LetterBox, now: datetime) -> None:
    """The writer takes her comment back; said twice, it is done once. Raises NotForUs."""
    comment = Comment.objects.filter(number=word.number).select_related("record__site__owner").first()
    if comment is None or not word.is_proved(_key(comment)) or word.act != Act.WITHDRAW:
        raise NotForUs("not the writer's")
    withdraw(comment=comment, actor=CITIZEN, now=now)


def owns(number: str) -> bool:
    """Is this the number of a comment?"""
    return Comment.objects.filter(number=number).exists()


def no_mail(*, secret: str, number: str, now: datetime) -> bool:
    """Nobody gets mail about a comment, so nothing is stopped."""
    return False


PART = Part(COMMENT, receive, hear, owns, no_mail, VOTE, take_vote)


def write_due(*, now: datetime) -> int:
    """Write the tickets that are due; gives how many. Safe to run twice and to be killed."""
    rows = CommentStanding.objects.filter(ticket_due=True).select_related("comment__record__site__owner")
    due = list(rows.order_by("pk")[:MOST_AT_ONCE])
    if not due:
        return 0
    tickets = LetterBox(Home(settings.JIYUE_HOME).prepare()).tickets
    with override("zh-hans"):
        for row in due:
            tickets.write(row.comment.number, _key(row.comment), told(row))
            # What happened meanwhile has another version and leaves the ticket due.
            CommentStanding.objects.filter(pk=row.pk, version=row.version).update(ticket_due=False)
    return len(due)


def told(row: CommentStanding) -> dict[str, Any]:
    """The state of a comment as its writer reads it."""
    comment = row.comment
    received = {"at": _at(comment.at), "state": "received", "act": "", "text": "", "until": "", "why": ""}
    title = _("评论：%(title)s") % {"title": comment.record.title}
    return {
        "v": 1, "number": comment.number, "title": title, "kind": COMMENT, "state": _STATES[State(row.state)],
        "steps": [received, *_steps(comment)], "reply": _reply(comment),
        "may": [Act.WITHDRAW] if row.state in WITHDRAWABLE else [], "unit": comment.record.site.owner.name, "to": "",
        "until": "",
    }  # fmt: skip


_STATES = {
    State.WAITING: "received", State.SHOWN: "comment_shown", State.REFUSED: "comment_refused",
    State.HIDDEN: "comment_hidden", State.WITHDRAWN: "withdrawn",
}  # fmt: skip
_STEPS = {
    CommentAct.Act.SHOW: "comment_shown", CommentAct.Act.REFUSE: "comment_refused", CommentAct.Act.HIDE: "comment_hidden",
    CommentAct.Act.WITHDRAW: "withdrawn", CommentAct.Act.APPROVE: "comment_answered",
}  # fmt: skip


def _steps(comment: Comment) -> Iterator[dict[str, str]]:
    for act in comment.acts.order_by("number"):
        if act.act in _STEPS:
            why = "：".join(filter(None, (str(GROUNDS[Ground(act.ground)]) if act.ground else "", act.article)))
            why = why or (act.reason if act.act == CommentAct.Act.HIDE else "")
            yield {
                "at": _at(act.at),
                "state": _STEPS[CommentAct.Act(act.act)],
                "act": "",
                "text": "",
                "until": "",
                "why": why,
            }


def _reply(comment: Comment) -> str:
    approved = comment.acts.filter(act=CommentAct.Act.APPROVE).order_by("number").values_list("target", flat=True)
    texts = dict(comment.acts.filter(number__in=approved).values_list("number", "words"))
    return "\n\n".join(texts[number] for number in approved if number in texts)


def _key(comment: Comment) -> TicketKey:
    facts = opened(TICKET, comment.number, comment.ticket_key)
    return TicketKey(bytes.fromhex(facts["salt"]), bytes.fromhex(facts["key"]))


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
