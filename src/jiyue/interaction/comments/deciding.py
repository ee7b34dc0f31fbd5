"""What is done about comments: shown, with persons covered, not shown for a ground, hidden later, answered in public (INT-17)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from jiyue.content.models import Record
from jiyue.domain.actors import Actor
from jiyue.domain.comments import LONGEST_REASON, LONGEST_REPLY, MASK, Ground, State, is_covered
from jiyue.domain.letters import tidied
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.identity.persons import accounts_of_same_person
from jiyue.interaction.campaigns.privacy import refuse_private
from jiyue.interaction.comments.events import CommentDecided
from jiyue.interaction.comments.hints import looked_at
from jiyue.interaction.comments.orders import Order, is_public, order_of
from jiyue.interaction.comments.policies import may_keep, may_review_replies
from jiyue.interaction.comments.showing import KEEPERS, note, seal_act, tell
from jiyue.interaction.models import Comment, CommentAct, CommentStanding

A, R = CommentAct.Act, CommentStanding.Reply
# From which states an act leads to which; a reply leaves the comment as it is.
BEFORE = {
    A.SHOW: frozenset({State.WAITING, State.REFUSED, State.HIDDEN}), A.REFUSE: frozenset({State.WAITING}),
    A.HIDE: frozenset({State.SHOWN}), A.WITHDRAW: frozenset(State) - {State.WITHDRAWN},
    A.REPLY: frozenset({State.SHOWN}), A.APPROVE: frozenset({State.SHOWN}), A.RETURN: frozenset({State.SHOWN}),
}  # fmt: skip
AFTER = {A.SHOW: State.SHOWN, A.REFUSE: State.REFUSED, A.HIDE: State.HIDDEN, A.WITHDRAW: State.WITHDRAWN}
REPLIES = {A.REPLY: R.DRAFTED, A.APPROVE: R.SHOWN, A.RETURN: R.RETURNED}
WITHDRAWABLE = BEFORE[A.WITHDRAW]


class MaybePrivate(ValidationError):
    """The words look as if they told of a person; whoever has looked may show them all the same."""


def show(*, comment: Comment, words: str, by: User, now: datetime, looked: bool = False) -> CommentAct:
    """Let everybody read a comment, as it was written or with words covered by `×××`; public when this returns.

    Raises PermissionDenied; MaybePrivate unless `looked`; ValidationError when words are not the writer's.
    """
    words = tidied(words)
    if not is_covered(comment.text, words):
        raise ValidationError({"words": _("只能照原文显示，或者用“×××”盖住一部分，不能改写、增加文字，也不能全盖住")})
    hinted = False
    try:
        refuse_private("words", words.replace(MASK, "，"), comment.record, now=now)
    except ValidationError as hint:
        if not looked:
            raise MaybePrivate(hint.message_dict) from hint
        hinted = True
    act = _done(comment, A.SHOW, now, by=by, hinted=hinted, words=words)
    looked_at(comment, words, now=now)
    return act


def refuse(*, comment: Comment, ground: str, article: str = "", by: User, now: datetime) -> CommentAct:
    """Do not show a comment; its writer reads the ground. Raises PermissionDenied, ValidationError."""
    article = tidied(article)
    if ground not in set(Ground):
        raise ValidationError({"ground": _("请选择不显示的原因")})
    if ground == Ground.LAW and not article:
        raise ValidationError({"article": _("请写明违反哪部法律哪一条，评论人会看到")})
    if len(article) > LONGEST_REASON:
        raise ValidationError({"article": _("最多 %(n)d 个字") % {"n": LONGEST_REASON}})
    return _done(comment, A.REFUSE, now, by=by, ground=ground, article=article)


def hide(*, comment: Comment, reason: str, by: User, now: datetime) -> CommentAct:
    """Take a shown comment out of sight; it is kept, and so is why. Raises PermissionDenied, ValidationError."""
    return _done(comment, A.HIDE, now, by=by, reason=_reason(reason, _("请写明为什么隐藏，评论人会看到")))


def withdraw(*, comment: Comment, actor: Actor, now: datetime) -> None:
    """The writer takes it back for good, however it stands; said again, it changes nothing and she reads so."""
    try:
        _done(comment, A.WITHDRAW, now, actor=actor)
    except ValidationError:
        CommentStanding.objects.filter(comment=comment).update(ticket_due=True)


def write_reply(*, comment: Comment, text: str, by: User, now: datetime) -> CommentAct:
    """Draft what the unit answers; a reviewer of replies lets it be public. Raises PermissionDenied, ValidationError."""
    text = tidied(text)
    if not text or len(text) > LONGEST_REPLY:
        raise ValidationError({"text": _("请写回应，%(n)d 个字以内") % {"n": LONGEST_REPLY}})
    refuse_private("text", text, comment.record, now=now)
    return _done(comment, A.REPLY, now, by=by, words=text)


def approve_reply(*, comment: Comment, draft: int, by: User, now: datetime) -> CommentAct:
    """Let an answer be public. `draft` is the number of the one that was read; another one is refused.

    Never by who wrote it, under whichever account (REV-07). Raises as `hide`.
    """
    return _done(comment, A.APPROVE, now, by=by, target=draft)


def return_reply(*, comment: Comment, draft: int, reason: str, by: User, now: datetime) -> CommentAct:
    """Send the drafted answer back with what is wrong. Raises as `approve_reply`."""
    return _done(comment, A.RETURN, now, by=by, target=draft, reason=_reason(reason, _("请写明退回的原因")))


def drafted(comment: Comment) -> CommentAct | None:
    """The newest draft of an answer."""
    return comment.acts.filter(act=A.REPLY).order_by("-number").first()


def _reason(text: str, sentence: str) -> str:
    text = tidied(text)
    if not text or len(text) > LONGEST_REASON:
        raise ValidationError({"reason": _("%(what)s，%(n)d 个字以内") % {"what": sentence, "n": LONGEST_REASON}})
    return text


def _refuse_draft(comment: Comment, target: int, by: User) -> None:
    """Nobody decides about an answer that she wrote, or about another one than she has read."""
    draft = drafted(comment)
    if draft is None or draft.by_id is None:
        raise ValidationError(_("没有等待审核的回应"))
    if accounts_of_same_person(by).filter(pk=draft.by_id).exists():
        raise PermissionDenied(_("不能审核自己写的回应"))
    if draft.number != target:
        raise ValidationError(_("回应刚刚改过，请看过最新的再审核"))


def _done(
    comment: Comment, act: str, now: datetime, *, by: User | None = None, actor: Actor | None = None, hinted: bool = False,
    **facts: Any,
) -> CommentAct:  # fmt: skip
    """One sealed row after the last one of the page, then its file. Raises PermissionDenied, ValidationError."""
    record = comment.record
    with transaction.atomic():
        order = _permitted(comment, act, by, now)
        Record.objects.select_for_update().get(pk=record.pk)  # one writer at a time for each page
        standing = CommentStanding.objects.select_for_update().get(comment=comment)
        _refuse_state(standing, act)
        if act in (A.APPROVE, A.RETURN) and by is not None:
            _refuse_draft(comment, facts["target"], by)
        last = CommentAct.objects.filter(record=record).order_by("-number").first()
        row = CommentAct(
            record=record, comment=comment, number=last.number + 1 if last else 1, act=act, by=by, at=now,
            order=order.version if order else "", place=order.place if order else "",
            actor=by.username if by else "", previous=last.seal if last else "", **facts,
        )  # fmt: skip
        seal_act(row)
        row.save()
        CommentStanding.objects.filter(pk=standing.pk).update(
            state=AFTER.get(A(act), standing.state), reply=_reply_after(standing, act), since=now,
            ticket_due=True, version=F("version") + 1,
        )  # fmt: skip
        note(record)
        trace(_event(row, comment, hinted), by=by.actor() if by else actor, at=now)  # type: ignore[arg-type]  # one of the two
    tell(record, now=now)
    return row


def _permitted(comment: Comment, act: str, by: User | None, now: datetime) -> Order | None:
    """The signed order under which a keeper acts; none for acts of others. Raises PermissionDenied."""
    record = comment.record
    if act in KEEPERS:
        order = order_of(record, now)
        if by is None or order is None or not may_keep(by, record, order):
            raise PermissionDenied(_("签发的安排里，这一页的评论不由您审核；要换人请网站管理员修改安排并重新签发"))
        if act in (A.SHOW, A.REPLY) and not is_public(record):
            raise PermissionDenied(_("网页已经撤下，评论不再公开"))
        return order
    if act in (A.APPROVE, A.RETURN) and (by is None or not may_review_replies(by, record)):
        raise PermissionDenied(_("回应由本网站的答复审核人审核"))
    return None


def _refuse_state(standing: CommentStanding, act: str) -> None:
    if State(standing.state) not in BEFORE[A(act)]:
        raise ValidationError(_("这条评论现在是“%(state)s”，不能这样处理") % {"state": standing.get_state_display()})
    if act in (A.APPROVE, A.RETURN) and standing.reply != R.DRAFTED:
        raise ValidationError(_("没有等待审核的回应"))
    if act == A.REPLY and standing.reply == R.DRAFTED:
        raise ValidationError(_("已有一份回应等待审核"))


def _reply_after(standing: CommentStanding, act: str) -> str:
    return REPLIES.get(A(act), R.NONE if act == A.SHOW else standing.reply)


def _event(row: CommentAct, comment: Comment, hinted: bool) -> CommentDecided:
    return CommentDecided(
        subject=f"comment:{comment.number}", site=comment.record.site.host, number=comment.number,
        title=comment.record.title, comment_act=row.act, ground=row.ground, reason=row.article or row.reason,
        is_covered=row.act == A.SHOW and row.words != comment.text,
        was_hinted=hinted,
    )  # fmt: skip
