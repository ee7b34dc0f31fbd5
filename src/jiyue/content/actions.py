"""All writes to columns, records and files. Nothing here makes anything public."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Revision

from jiyue.content.belonging import foreign_links
from jiyue.content.events import (
    ColumnClosed,
    ColumnReopened,
    ColumnSaved,
    ColumnsLimited,
    FileStored,
    RecordCreated,
    RecordDeleted,
    RecordEdited,
)
from jiyue.content.file_types import refuse_disguised
from jiyue.content.models import RECORD_TYPES, Attachment, Column, ColumnLimit, Picture, Record
from jiyue.content.models.records import UNDER_REVIEW, State
from jiyue.content.policies import may_delete, may_write_in
from jiyue.content.uses import note_draft
from jiyue.domain.actors import Actor
from jiyue.estate.models import Appointment, Site
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User

Stored = TypeVar("Stored", Picture, Attachment)
MANY = 500  # rows a statement

COLUMN_FACTS = (
    "name", "slug", "kind", "channel", "description", "keywords", "update_class", "position", "serves",
    "publishes_figures",
)  # fmt: skip


class RecordLocked(PermissionDenied):
    """The record is under review; nobody edits what reviewers are reading."""


@transaction.atomic
def save_column(*, column: Column, by: Actor, now: datetime) -> Column:
    """Create or change a column (a draft of the site's structure until signed off). Raises ValidationError."""
    before = column_facts(Column.objects.filter(pk=column.pk).first())
    _refuse_loop(column)
    if column.parent:
        column.channel = column.parent.channel
    column.path = column.derived_path()
    column.opened_at = column.opened_at or (None if before else now)
    _refuse_new_address(column, before)
    column.full_clean()
    column.save()
    _move_children(column)
    host = column.site.host
    trace(
        ColumnSaved(subject=f"column:{column.pk}", site=host, before=before, after=column_facts(column)), by=by, at=now
    )
    return column


@transaction.atomic
def shift_column(*, column: Column, up: bool, by: Actor, now: datetime) -> None:
    """Exchange a column with its neighbour above or below; at the edge nothing happens."""
    siblings = list(Column.objects.filter(site=column.site_id, parent=column.parent_id).order_by("position", "pk"))
    place = next(index for index, sibling in enumerate(siblings) if sibling.pk == column.pk)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(siblings):
        return
    siblings[place], siblings[other] = siblings[other], siblings[place]
    for position, sibling in enumerate(siblings):
        if sibling.position != position:
            sibling.position = position
            save_column(column=sibling, by=by, now=now)


@transaction.atomic
def reopen_column(*, column: Column, by: Actor, now: datetime) -> None:
    """Open a closed column again. Raises ValidationError below a closed one."""
    if column.parent and column.parent.closed_at:
        raise ValidationError(_("上级栏目已关闭，请先恢复上级栏目"))
    column.closed_at, column.opened_at = None, now
    column.save(update_fields=["closed_at", "opened_at"])
    trace(ColumnReopened(subject=f"column:{column.pk}", site=column.site.host, path=column.path), by=by, at=now)


@transaction.atomic
def close_column(*, column: Column, reason: str, by: Actor, now: datetime) -> None:
    """Close an empty-handed column: nothing new can be written there. Its published items stay. Raises ValidationError."""
    if not reason.strip():
        raise ValidationError({"reason": _("请写明关闭的原因")})
    if column.children.filter(closed_at__isnull=True).exists():
        raise ValidationError(_("请先关闭下级栏目"))
    column.closed_at = now
    column.save(update_fields=["closed_at"])
    trace(
        ColumnClosed(subject=f"column:{column.pk}", site=column.site.host, path=column.path, reason=reason),
        by=by,
        at=now,
    )


@transaction.atomic
def limit_to_columns(*, appointment: Appointment, columns: Iterable[Column], by: Actor, now: datetime) -> None:
    """Narrow an appointment to columns (and what is below them); no columns means the whole site again."""
    wanted = list(columns)
    if any(column.site_id != appointment.site_id for column in wanted):
        raise ValidationError(_("只能限定到本网站的栏目"))
    appointment.column_limits.all().delete()
    ColumnLimit.objects.bulk_create(ColumnLimit(appointment=appointment, column=column) for column in wanted)
    site, person = appointment.site, appointment.user
    event = ColumnsLimited(
        subject=f"site:{site.host}", site=site.host, user=person.username, role=appointment.role,
        columns=[column.path for column in wanted],
    )  # fmt: skip
    trace(event, by=by, at=now)


@transaction.atomic
def create_record(*, kind: str, column: Column, by: User, now: datetime, **fields: Any) -> Record:
    """A new draft in `column`. Raises PermissionDenied when `by` may not write there, ValidationError for bad fields."""
    if not may_write_in(by, column):
        raise PermissionDenied(_("您不能在“%(column)s”栏目录入稿件") % {"column": column.name})
    record = RECORD_TYPES[kind](kind=kind, site=column.site, column=column, **fields)
    return keep_new(record=record, by=by, now=now)


def keep_new(*, record: Record, by: User, now: datetime) -> Record:
    """Write a new record with its first revision. For `create_record`, the editor and the importer; checks no right."""
    record.kind = kind_of(record)
    record.created_by, record.created_at, record.changed_at = by, now, now
    record.full_clean(exclude=["created_by", "source", "body"])
    refuse_foreign(record)
    record.save()
    record.save_revision(user=by, clean=False)  # cleaned above; a second time costs an import a third of its time
    note_draft(record)
    event = RecordCreated(
        subject=f"record:{record.identity}",
        site=record.site.host,
        kind=record.kind,
        title=record.title,
        column=record.column.path,
    )
    trace(event, by=by.actor(), at=now)
    return record


@transaction.atomic
def save_draft(*, record: Record, by: User, now: datetime, overwrite: Revision | None = None) -> Record:
    """Keep changed fields of a draft as a new revision. Raises RecordLocked while it is under review.

    An editor that saves by itself overwrites the revision it began with: its author's, and still the newest, else
    Wagtail raises PermissionDenied. The first save left the trace; a trace a second would hide what happened.
    """
    refuse_locked(record)
    record.changed_at = now
    if record.state == State.RETURNED:
        record.state = State.DRAFT
    record.full_clean(exclude=["created_by", "body"])
    refuse_foreign(record)
    record.save()
    revision = record.save_revision(user=by, overwrite_revision=overwrite)
    note_draft(record)
    if overwrite is None:
        trace_edit(record=record, revision=revision, by=by, now=now)
    return record


def trace_edit(*, record: Record, revision: Revision, by: User, now: datetime) -> None:
    """The trace of one saved revision."""
    event = RecordEdited(
        subject=f"record:{record.identity}", site=record.site.host, title=record.title, revision=revision.pk
    )
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def delete_draft(*, record: Record, by: User, now: datetime) -> None:
    """Delete a draft that was never submitted. Raises PermissionDenied for everything that has a history."""
    if not may_delete(by, record):
        raise PermissionDenied(_("已经送审过的稿件不能删除，只能撤下"))
    trace(
        RecordDeleted(subject=f"record:{record.identity}", site=record.site.host, title=record.title),
        by=by.actor(),
        at=now,
    )
    record.typed.delete()


def set_state(*, record: Record, state: str, only_from: frozenset[str] | None = None) -> None:
    """Move the mirror that lists show, for review and publishing, who know the ledger; no trace of its own.

    `only_from` leaves a record alone that is meanwhile in another state.
    """
    records = Record.objects.filter(pk=record.pk).exclude(state=state)
    if only_from is not None:
        records = records.filter(state__in=only_from)
    if records.update(state=state):
        record.state = state


def set_states(*, records: Sequence[int], state: str) -> None:
    """`set_state` for many, by their keys."""
    for start in range(0, len(records), MANY):
        Record.objects.filter(pk__in=records[start : start + MANY]).exclude(state=state).update(state=state)


def store_picture(
    *, site: Site, name: str, data: bytes, title: str, by: User, now: datetime, description: str = ""
) -> Picture:
    """Keep an image as a private file of the site. Raises ValidationError when the bytes are not what the name says."""
    refuse_disguised(name=name, data=data, images_only=True)
    # Django measures an image that is given at birth; one that is attached later has no width.
    file = ImageFile(io.BytesIO(data), name=name)
    picture = Picture(site=site, title=title, description=description, uploaded_by_user=by, file=file)
    picture._set_image_file_metadata()
    return _store(picture, name, kind="picture", by=by, now=now)


def store_attachment(*, site: Site, name: str, data: bytes, title: str, by: User, now: datetime) -> Attachment:
    """Keep a file as a private attachment of the site. Raises ValidationError when the bytes are not what the name says."""
    refuse_disguised(name=name, data=data)
    attachment = Attachment(site=site, title=title, uploaded_by_user=by, file=ContentFile(data, name=name))
    attachment._set_document_file_metadata()
    return _store(attachment, name, kind="attachment", by=by, now=now)


def refuse_locked(record: Record) -> None:
    """Raise RecordLocked while a review reads the record; asks the database, not the copy in memory."""
    if Record.objects.filter(pk=record.pk, state__in=UNDER_REVIEW).exists():
        raise RecordLocked(_("这篇稿件正在审核，内容已锁定"))


def refuse_foreign(record: Record) -> None:
    """Raise ValidationError when a draft names a column, topic or file of another site (PLAT-05)."""
    found = foreign_links(record)
    if found:
        raise ValidationError(found)


def kind_of(record: Record) -> str:
    """The type code of a record's own class. Raises KeyError for the bare base class."""
    return {model: kind for kind, model in RECORD_TYPES.items()}[type(record)]


def column_facts(column: Column | None) -> Mapping[str, Any]:
    """The plain facts of a column, for the trace."""
    if column is None:
        return {}
    facts: dict[str, Any] = {name: getattr(column, name) for name in COLUMN_FACTS}
    facts["path"] = column.path
    facts["responsible"] = column.responsible.name if column.responsible else ""
    return facts


@transaction.atomic
def _store(file: Stored, name: str, *, kind: str, by: User, now: datetime) -> Stored:
    file.save()
    digest = file.file_hash
    trace(
        FileStored(subject=f"{kind}:{file.pk}", site=file.site.host, kind=kind, name=name, digest=digest),
        by=by.actor(),
        at=now,
    )
    return file


def _refuse_loop(column: Column) -> None:
    above = column.parent
    while above is not None:
        if above.pk is not None and above.pk == column.pk:
            raise ValidationError({"parent": _("栏目不能移到自己或自己的下级栏目里")})
        above = above.parent


def _refuse_new_address(column: Column, before: Mapping[str, Any]) -> None:
    """An address that was ever submitted for publication stays for ever (published items keep theirs)."""
    if not before or before["path"] == column.path:
        return
    inside = Q(column__path=before["path"]) | Q(column__path__startswith=f"{before['path']}/")
    if Record.objects.filter(inside, site=column.site_id, versions__isnull=False).exists():
        sentence = _("栏目里有送审过的稿件，网址已经固定，不能改网址名，也不能移到别的栏目下；可以新建栏目")
        raise ValidationError({"slug" if before["slug"] != column.slug else "parent": sentence})


def _move_children(column: Column) -> None:
    for child in column.children.all():
        path = child.derived_path()
        if (child.path, child.channel) != (path, column.channel):
            child.path, child.channel = path, column.channel
            child.save(update_fields=["path", "channel"])
            _move_children(child)
