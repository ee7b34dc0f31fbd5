"""复查: what readers see of comments and of their answers is looked through again every night (COL-16; Chaoyang art. 28).

For personal data and for addresses that lead elsewhere; never for opinions. Only what changed is read: other words, or the same
ones after the program, its lists or the unit's settings changed. Nothing is hidden by this: it is laid before the keeper.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jiyue.domain.actors import process
from jiyue.domain.canonical import digest_of
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.interaction.comments.events import CommentDoubtsCleared, CommentsExamined
from jiyue.interaction.comments.hints import doubts_in
from jiyue.interaction.comments.orders import order_of
from jiyue.interaction.comments.policies import may_keep
from jiyue.interaction.models import Comment, CommentAct, CommentExamined, CommentNight, CommentStanding
from jiyue.review import checking
from jiyue.review.checking import Engine
from jiyue.review.examining import night_of

WORKER = process("examination")
MANY = 300  # comments looked up at a time
A, S = CommentAct.Act, CommentStanding.State


@dataclass
class Told:
    """What one site's night came to."""

    public: int = 0
    read: int = 0
    found: int = 0


def examine_all(*, now: datetime) -> dict[str, Told]:
    """Examine every site on which comments are shown; by host. A run that was killed goes on where it stopped."""
    sites = Site.objects.filter(comments__standing__state=S.SHOWN).distinct().select_related("owner").order_by("pk")
    return {site.host: examine(site, now=now) for site in sites}


def examine(site: Site, *, now: datetime) -> Told:
    """Examine what changed on one site since the last time, and note that it took place."""
    engine, told = checking.engine_for(site, now=now), Told()
    shown = Comment.objects.filter(site=site, standing__state=S.SHOWN).order_by("pk")
    keys = list(shown.values_list("pk", flat=True))
    for start in range(0, len(keys), MANY):
        rows = shown.filter(pk__in=keys[start : start + MANY]).select_related("examined").prefetch_related("acts")
        for row in rows:
            told.public += 1
            if (new := _examine_one(row, engine, now=now)) is not None:
                told.read, told.found = told.read + 1, told.found + new
    _note(site, told, now=now)
    return told


def doubtful(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Of these, the shown ones in which the last look found something that nobody has let stand."""
    return comments.filter(standing__state=S.SHOWN, examined__is_open=True)


def open_doubts(comment: Comment) -> list[str]:
    """The words in which the last look found something that nobody has let stand."""
    row = CommentExamined.objects.filter(comment=comment, is_open=True, comment__standing__state=S.SHOWN).first()
    return sorted(set(row.doubts) - set(row.let_stand)) if row is not None else []


def let_stand(*, comment: Comment, by: User, now: datetime) -> None:
    """The keeper has looked: the words stay as readers see them. What is found anew later is laid before her again.

    Raises PermissionDenied; ValidationError when nothing is open.
    """
    record = comment.record
    with transaction.atomic():
        if not may_keep(by, record, order_of(record, now)):
            raise PermissionDenied(_("签发的安排里，这一页的评论不由您审核；要换人请网站管理员修改安排并重新签发"))
        row = CommentExamined.objects.select_for_update().filter(comment=comment, is_open=True).first()
        if row is None or comment.standing.state != S.SHOWN:
            raise ValidationError(_("这条评论没有要看的疑问，可能别人刚刚处理过"))
        row.let_stand, row.is_open = sorted({*row.let_stand, *row.doubts}), False
        row.save(update_fields=["let_stand", "is_open"])
        event = CommentDoubtsCleared(
            subject=f"comment:{comment.number}", site=record.site.host, number=comment.number, title=record.title
        )
        trace(event, by=by.actor(), at=now)


def _examine_one(comment: Comment, engine: Engine, *, now: datetime) -> int | None:
    """Whether something new was found, 1 or 0; None when it was read before as it is."""
    words, *replies = _public_words(comment)
    digest = digest_of([words, *replies])
    row = getattr(comment, "examined", None)
    if row is not None and (row.engine, row.words) == (engine.name, digest):
        return None
    doubts = doubts_in(words, tuple(replies), engine.settings)
    known = set(row.let_stand) if row is not None else set()
    is_open = bool(set(doubts) - known)
    values = {"engine": engine.name, "words": digest, "doubts": doubts, "is_open": is_open, "at": now}
    CommentExamined.objects.update_or_create(comment=comment, defaults=values)
    return int(is_open and not (row is not None and row.is_open))


def _public_words(comment: Comment) -> list[str]:
    """What readers see: the words last shown, then the answers that were approved since."""
    acts = sorted(comment.acts.all(), key=lambda act: act.number)
    shown = max((act for act in acts if act.act == A.SHOW), key=lambda act: act.number)
    approved = {act.target for act in acts if act.act == A.APPROVE and act.number > shown.number}
    return [shown.words, *(act.words for act in acts if act.act == A.REPLY and act.number in approved)]


def _note(site: Site, told: Told, *, now: datetime) -> None:
    values = {"finished_at": now, "public": told.public, "read": told.read, "found": told.found}
    with transaction.atomic():
        _row, is_new = CommentNight.objects.get_or_create(site=site, night=night_of(now), defaults=values)
        if is_new or told.read:
            event = CommentsExamined(
                subject=f"site:{site.host}", site=site.host, night=night_of(now).isoformat(),
                public=told.public, read=told.read, found=told.found,
            )  # fmt: skip
            trace(event, by=WORKER, at=now)
        if not is_new and told.read:
            earlier = CommentNight.objects.get(site=site, night=night_of(now))
            values |= {"read": earlier.read + told.read, "found": earlier.found + told.found}
            CommentNight.objects.filter(pk=earlier.pk).update(**values)


def last_night(sites: QuerySet[Any]) -> CommentNight | None:
    """The newest night's note of these sites (a query that gives their keys)."""
    return CommentNight.objects.filter(site__in=sites).order_by("-night", "-pk").first()
