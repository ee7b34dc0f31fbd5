"""相关内容 by hand: what the editors of a record want beside it first, and what not at all (LIB-06).

A wish is part of the draft and so of the version that is signed; until then the public page stays as it is.
"""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jiyue.content.actions import save_draft
from jiyue.content.models import Placement, Record
from jiyue.content.policies import may_write
from jiyue.estate.models import Site
from jiyue.identity.models import User

MOST_PINNED = 5
MOST_HIDDEN = 20
# What has a group of related items on its page, and can stand in one.
RELATED_KINDS = frozenset({
    Record.Kind.ARTICLE, Record.Kind.NOTICE, Record.Kind.POLICY_DOCUMENT, Record.Kind.INTERPRETATION,
    Record.Kind.SERVICE_GUIDE, Record.Kind.GALLERY,
})  # fmt: skip
PIN, HIDE, LEAVE = "pin", "hide", "leave"


def relatable(site: Site) -> QuerySet[Record]:
    """Records that a page of the site may lead to: its own, and those of others that it took."""
    taken = Placement.objects.filter(site=site, state=Placement.State.TAKEN).values("record")
    return Record.objects.filter(Q(site=site) | Q(pk__in=taken), kind__in=RELATED_KINDS)


def pinned_of(record: Record) -> list[str]:
    return list(record.related.get("pinned", ()))


def hidden_of(record: Record) -> list[str]:
    return list(record.related.get("hidden", ()))


@transaction.atomic
def arrange_related(*, record: Record, other: UUID, wish: str, by: User, now: datetime) -> Record:
    """Pin another record beside this one, hide it, or leave it to the reckoning. It shows with the next signature.

    Raises PermissionDenied for who may not write it, RecordLocked while it is under review, ValidationError for what
    cannot stand beside it and for more than a page holds.
    """
    if not may_write(by, record):
        raise PermissionDenied(_("您不能修改这篇稿件"))
    if record.kind not in RELATED_KINDS:
        raise ValidationError(_("这一类稿件的页面上没有相关内容"))
    # A double click or two people at once: the later one counts from what the earlier one left.
    record = Record.objects.select_for_update().get(pk=record.pk).typed
    name = str(other)
    pinned = [each for each in pinned_of(record) if each != name]
    hidden = [each for each in hidden_of(record) if each != name]
    if wish in (PIN, HIDE):
        _refuse_unfit(record, other)
    pinned += [name] if wish == PIN else []
    hidden += [name] if wish == HIDE else []
    _refuse_too_many(pinned, hidden)
    wishes = {"pinned": pinned, "hidden": hidden}
    wanted = {part: names for part, names in wishes.items() if names}
    if wanted == record.related:
        return record
    record.related = wanted
    return save_draft(record=record, by=by, now=now)


def _refuse_unfit(record: Record, other: UUID) -> None:
    if other == record.identity:
        raise ValidationError(_("稿件不能与自己相关"))
    if not relatable(record.site).filter(identity=other).exists():
        raise ValidationError(_("只能选本网站的稿件和本网站已经取用的稿件"))


def _refuse_too_many(pinned: list[str], hidden: list[str]) -> None:
    if len(pinned) > MOST_PINNED:
        raise ValidationError(_("最多固定 %(most)d 条，请先取消一条") % {"most": MOST_PINNED})
    if len(hidden) > MOST_HIDDEN:
        raise ValidationError(_("最多隐藏 %(most)d 条，请先恢复一条") % {"most": MOST_HIDDEN})
