"""稿源, 原文 and 上级动态: what people decide and keep about reprints (REPR-01 to REPR-05). Each act leaves a trace."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.actions import create_record, refuse_locked, save_draft
from jiyue.content.events import EntryPassed, FeedSaved, FeedStopped, SourceDecided, SourceProposed, TextKept
from jiyue.content.models import Column, Feed, FeedEntry, KeptText, PermittedSource, Record, ReprintTask
from jiyue.content.originals import Original, store_bytes
from jiyue.content.policies import may_decide_source, may_order_reprints, may_propose_source, may_write
from jiyue.content.stewarding import order_reprint
from jiyue.foundation.audit import record as trace
from jiyue.foundation.fetching import Fetched, NotFetched, checked_address
from jiyue.identity.models import User

State = PermittedSource.State
LONGEST = 300_000  # characters of a kept text


# ---- where one may reprint from ------------------------------------------------------------------------------------------


@transaction.atomic
def propose_source(*, source: PermittedSource, by: User, now: datetime) -> PermittedSource:
    """Ask for a source: for a unit's list, or for one record alone. Raises PermissionDenied, ValidationError."""
    record = source.only_for
    if record is not None:
        source.organisation = record.site.owner
    if not (may_write(by, record) if record is not None else may_propose_source(by, source.organisation)):
        raise PermissionDenied(_("您不能为这个单位提出稿源"))
    source.proposed_by, source.proposed_at, source.state = by, now, State.PROPOSED
    source.full_clean(exclude=["proposed_by"])
    source.save()
    event = SourceProposed(
        subject=f"source:{source.pk}", site=record.site.host if record else "", name=source.name, host=source.host,
        grounds=source.grounds,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return source


@transaction.atomic
def decide_source(*, source: PermittedSource, approve: bool, opinion: str, by: User, now: datetime) -> PermittedSource:
    """Agree or refuse, as an overseer of the unit and never on one's own proposal."""
    source = PermittedSource.objects.select_for_update().get(pk=source.pk)
    if source.state != State.PROPOSED:
        raise ValidationError(_("这个稿源已经有了决定"))
    if not may_decide_source(by, source):
        raise PermissionDenied(_("您不能决定这个稿源：要由督办人员决定，而且不能决定自己提出的"))
    if not approve and not opinion.strip():
        raise ValidationError({"opinion": _("不同意时请写明原因")})
    return _settle(source, State.APPROVED if approve else State.REFUSED, opinion, by=by, now=now)


@transaction.atomic
def end_source(*, source: PermittedSource, opinion: str, by: User, now: datetime) -> PermittedSource:
    """Take a source off the list; what was reprinted from it stays."""
    source = PermittedSource.objects.select_for_update().get(pk=source.pk)
    if source.state != State.APPROVED:
        raise ValidationError(_("只有在用的稿源可以停用"))
    if not may_order_reprints(by, source.organisation):
        raise PermissionDenied(_("您不能停用这个稿源"))
    if not opinion.strip():
        raise ValidationError({"opinion": _("停用时请写明原因")})
    return _settle(source, State.ENDED, opinion, by=None if by.pk == source.proposed_by_id else by, now=now, actor=by)


def _settle(
    source: PermittedSource, state: str, opinion: str, *, by: User | None, now: datetime, actor: User | None = None
) -> PermittedSource:
    source.state, source.opinion, source.decided_at = state, opinion.strip()[:200], now
    source.decided_by = by or source.decided_by
    source.save(update_fields=["state", "opinion", "decided_at", "decided_by"])
    event = SourceDecided(
        subject=f"source:{source.pk}", name=source.name, host=source.host, state=state, opinion=source.opinion
    )
    trace(event, by=(actor or source.decided_by or source.proposed_by).actor(), at=now)
    return source


# ---- what was said elsewhere ----------------------------------------------------------------------------------------------


@transaction.atomic
def keep_text(
    *, record: Record, role: str, address: str, title: str, text: str, by: User, now: datetime, fetched: Fetched | None = None,
    channel: str = "",
) -> KeptText:  # fmt: skip
    """Keep what an item says at its source, or on another channel: fetched bytes as they came, or a paste as typed."""
    if not may_write(by, record):
        raise PermissionDenied(_("您不能为这篇稿件保存原文"))
    if role == KeptText.Role.ORIGINAL:
        refuse_locked(record)
    if not text.strip():
        raise ValidationError({"text": _("原文没有正文")})
    if len(text) > LONGEST:
        raise ValidationError({"text": _("原文太长，请分篇转载")})
    if role == KeptText.Role.CHANNEL and not channel.strip():
        raise ValidationError({"channel": _("请写明是哪个渠道")})
    data = fetched.body if fetched else f"{title}\n\n{text}".encode()
    kept = KeptText(
        record=record, role=role, channel=channel.strip(), address=address, title=title.strip()[:200], text=text,
        digest=store_bytes(data), how=KeptText.How.FETCHED if fetched else KeptText.How.PASTED, kept_by=by, kept_at=now,
    )  # fmt: skip
    kept.full_clean(exclude=["record", "kept_by"])
    kept.save()
    event = TextKept(
        subject=f"record:{record.identity}", site=record.site.host, title=kept.title, role=role, address=address,
        digest=kept.digest,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return kept


@transaction.atomic
def prepare_reprint(
    *, task: ReprintTask, column: Column, fetched: Fetched, original: Original, by: User, now: datetime
) -> Record:
    """A draft with the title, text, source and address of what was ordered, and its original kept beside it."""
    record = create_record(
        kind=Record.Kind.ARTICLE, column=column, by=by, now=now, title=original.title or task.title, source=task.source,
        responsible=column.responsible or column.site.owner, reprint=True, original_source=task.source,
        original_address=task.address, original_published_at=task.released_at,
    )  # fmt: skip
    typed = record.typed
    typed.body = typed.body.stream_block.to_python(list(original.blocks))
    record = save_draft(record=typed, by=by, now=now)
    keep_text(
        record=record, role=KeptText.Role.ORIGINAL, address=task.address, title=original.title, text=original.text,
        fetched=fetched, by=by, now=now,
    )  # fmt: skip
    return record


# ---- portals that are watched ----------------------------------------------------------------------------------------------


@transaction.atomic
def save_feed(*, feed: Feed, by: User, now: datetime) -> Feed:
    """Watch a portal, or another address of it; it is read at once. Raises PermissionDenied, ValidationError."""
    if not may_order_reprints(by, feed.organisation):
        raise PermissionDenied(_("您不能为这个单位登记上级动态来源"))
    try:
        checked_address(feed.address)
    except NotFetched as refused:
        raise ValidationError({"address": str(refused)}) from refused
    if feed._state.adding:
        feed.created_by, feed.created_at = by, now
    feed.next_at, feed.failures, feed.problem, feed.problem_detail = now, 0, "", ""
    feed.etag = feed.last_modified = ""
    feed.full_clean(exclude=["created_by"])
    feed.save()
    trace(FeedSaved(subject=f"feed:{feed.pk}", name=feed.name, address=feed.address), by=by.actor(), at=now)
    return feed


@transaction.atomic
def read_soon(*, feed: Feed, by: User, now: datetime) -> None:
    """Read a portal at the worker's next round, whatever its turn is."""
    _require_orderer(by, feed)
    Feed.objects.filter(pk=feed.pk, stopped_at=None).update(next_at=now)


@transaction.atomic
def stop_feed(*, feed: Feed, by: User, now: datetime) -> None:
    """Watch it no more; what was read stays."""
    _require_orderer(by, feed)
    if not Feed.objects.filter(pk=feed.pk, stopped_at=None).update(stopped_at=now):
        raise ValidationError(_("已经停用"))
    trace(FeedStopped(subject=f"feed:{feed.pk}", name=feed.name, address=feed.address), by=by.actor(), at=now)


@transaction.atomic
def order_entry(*, entry: FeedEntry, task: ReprintTask, by: User, now: datetime) -> ReprintTask:
    """必须转载: what a portal published becomes a task of every site below; its clock runs from the release."""
    entry = FeedEntry.objects.select_for_update().select_related("feed").get(pk=entry.pk)
    if entry.state == FeedEntry.State.ORDERED:
        raise ValidationError(_("已经布置过转载"))
    order_reprint(task=task, by=by, now=now)
    _decide(entry, FeedEntry.State.ORDERED, by=by, now=now, task=task)
    return task


@transaction.atomic
def pass_entry(*, entry: FeedEntry, by: User, now: datetime) -> None:
    """It need not be reprinted."""
    entry = FeedEntry.objects.select_for_update().select_related("feed__organisation").get(pk=entry.pk)
    _require_orderer(by, entry.feed)
    if entry.state == FeedEntry.State.ORDERED:
        raise ValidationError(_("已经布置转载，要取消请撤销转载任务"))
    _decide(entry, FeedEntry.State.PASSED, by=by, now=now)
    event = EntryPassed(subject=f"feed:{entry.feed_id}", title=entry.title, address=entry.address)
    trace(event, by=by.actor(), at=now)


def _decide(entry: FeedEntry, state: str, *, by: User, now: datetime, **facts: Any) -> None:
    entry.state, entry.decided_by, entry.decided_at = state, by, now
    for name, value in facts.items():
        setattr(entry, name, value)
    entry.save(update_fields=["state", "decided_by", "decided_at", *facts])


def _require_orderer(by: User, feed: Feed) -> None:
    if not may_order_reprints(by, feed.organisation):
        raise PermissionDenied(_("您不能处理这个来源"))
