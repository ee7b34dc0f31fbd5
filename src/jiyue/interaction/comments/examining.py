"""复查: what readers see of comments and of their answers is looked through again every night (COL-16; Chaoyang art. 28).

For personal data and for addresses that lead elsewhere; never for opinions. Only what changed is read: other words, or the same
ones after the program, its lists or the unit's settings changed. Nothing is hidden by this: it is laid before the keeper.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
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

logger = logging.getLogger(__name__)
WORKER = process("examination")
MANY = 50  # comments that are read in one transaction
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
    told = {}
    for site in sites:
        try:
            told[site.host] = examine(site, now=now)
        except Exception as error:  # noqa: BLE001  # the other sites are looked through whatever becomes of this one
            logger.error("comments of %s were not examined: %s", site.host, type(error).__name__)
    return told


def examine(site: Site, *, now: datetime) -> Told:
    """Examine what changed on one site since the last time, and note that it took place."""
    engine, told = checking.engine_for(site, now=now), Told()
    shown = Comment.objects.filter(site=site, standing__state=S.SHOWN).order_by("pk")
    keys = list(shown.values_list("pk", flat=True))
    for start in range(0, len(keys), MANY):
        part = shown.filter(pk__in=keys[start : start + MANY]).select_related("examined").prefetch_related("acts")
        with transaction.atomic():  # what was read and its count are kept together, whenever the run is killed
            found = [_examine_one(row, engine, now=now) for row in part]
            read = [new for new in found if new is not None]
            _count(site, read=len(read), found=sum(read), now=now)
        told.public, told.read, told.found = told.public + len(found), told.read + len(read), told.found + sum(read)
    _note(site, told, now=now)
    return told


def doubtful(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """Of these, the shown ones in which the last look found something that nobody has let stand."""
    return comments.filter(standing__state=S.SHOWN, examined__is_open=True)


def open_doubts(comment: Comment) -> list[str]:
    """The words in which the last look found something that nobody has let stand."""
    row = CommentExamined.objects.filter(comment=comment, is_open=True, comment__standing__state=S.SHOWN).first()
    return sorted(set(row.doubts) - set(row.let_stand)) if row is not None else []


def let_stand(*, comment: Comment, seen: Collection[str], by: User, now: datetime) -> None:
    """The keeper has looked at the words `seen`: they stay as readers see them. What is found anew later is laid before her.

    Raises PermissionDenied; ValidationError when nothing is open, or something else was found meanwhile.
    """
    record = comment.record
    with transaction.atomic():
        if not may_keep(by, record, order_of(record, now)):
            raise PermissionDenied(_("签发的安排里，这一页的评论不由您审核；要换人请网站管理员修改安排并重新签发"))
        row = CommentExamined.objects.select_for_update().filter(comment=comment, is_open=True).first()
        if row is None or comment.standing.state != S.SHOWN:
            raise ValidationError(_("这条评论没有要看的疑问，可能别人刚刚处理过"))
        if not set(row.doubts) <= {*row.let_stand, *seen}:
            raise ValidationError(_("刚刚又查出别的内容，请看过再决定"))
        row.let_stand, row.is_open = sorted({*row.let_stand, *row.doubts}), False
        row.save(update_fields=["let_stand", "is_open"])
        event = CommentDoubtsCleared(
            subject=f"comment:{comment.number}", site=record.site.host, number=comment.number, title=record.title
        )
        trace(event, by=by.actor(), at=now)


def _examine_one(comment: Comment, engine: Engine, *, now: datetime) -> int | None:
    """Whether something new was found, 1 or 0; None when it was read before as it is."""
    texts = _public_words(comment)
    digest = digest_of(texts)
    row = getattr(comment, "examined", None)
    if row is not None and (row.engine, row.words) == (engine.name, digest):
        return None
    doubts = doubts_in(texts[0], tuple(texts[1:]), engine.settings) if texts else []
    known = set(row.let_stand) if row is not None else set()
    is_open = bool(set(doubts) - known)
    values = {"engine": engine.name, "words": digest, "doubts": doubts, "is_open": is_open, "at": now}
    CommentExamined.objects.update_or_create(comment=comment, defaults=values)
    return int(is_open and not (row is not None and row.is_open))


def _public_words(comment: Comment) -> list[str]:
    """What readers see: the words last shown, then the answers that were approved since."""
    acts = sorted(comment.acts.all(), key=lambda act: act.number)
    last = max((act.number for act in acts if act.act == A.SHOW), default=0)
    approved = {act.target for act in acts if act.act == A.APPROVE and act.number > last}
    words = [act.words for act in acts if act.number == last]  # none where a standing was altered: nobody reads it then
    return [*words, *(act.words for act in acts if act.act == A.REPLY and act.number in approved)]


def _count(site: Site, *, read: int, found: int, now: datetime) -> None:
    night = {"site": site, "night": night_of(now)}
    CommentNight.objects.get_or_create(**night, defaults={"finished_at": now, "public": 0, "read": 0, "found": 0})
    CommentNight.objects.filter(**night).update(read=F("read") + read, found=F("found") + found)


def _note(site: Site, told: Told, *, now: datetime) -> None:
    """The night's look is through: its numbers so far, those of an earlier run that was cut off among them."""
    with transaction.atomic():
        row = CommentNight.objects.select_for_update().get(site=site, night=night_of(now))
        is_new, row.public, row.finished_at = not row.public, told.public, now
        row.save(update_fields=["public", "finished_at"])
        if is_new or told.read:
            event = CommentsExamined(
                subject=f"site:{site.host}", site=site.host, night=row.night.isoformat(),
                public=row.public, read=row.read, found=row.found,
            )  # fmt: skip
            trace(event, by=WORKER, at=now)


def last_night(sites: QuerySet[Any]) -> CommentNight | None:
    """The newest night's note of these sites (a query that gives their keys)."""
    return CommentNight.objects.filter(site__in=sites).order_by("-night", "-pk").first()
