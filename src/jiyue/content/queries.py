"""Reads over records that more than one screen needs."""

from django.db.models import QuerySet

from jiyue.content.models import Record
from jiyue.content.models.records import State
from jiyue.content.policies import writable_records
from jiyue.domain.todo import Todo
from jiyue.identity.models import User

MOST_TODOS = 100


def listed(records: QuerySet[Record]) -> QuerySet[Record]:
    """The same records with what a list shows and nothing more; the body, which weighs most, stays in the database."""
    return records.select_related("site", "column").only(
        "identity", "kind", "state", "emergency", "title", "changed_at", "created_at", "latest_revision",
        "site__name", "site__host", "site__colour", "column__name", "column__path",
    )  # fmt: skip


def todo_for(user: User) -> list[Todo]:
    """Drafts that the person began and has not submitted, oldest first."""
    drafts = writable_records(user).filter(created_by=user, state=State.DRAFT).order_by("changed_at")
    return [_draft(record) for record in listed(drafts)[:MOST_TODOS]]


def _draft(record: Record) -> Todo:
    return Todo(
        kind="draft", ref=str(record.pk), site=record.site.name, title=record.title, what=record.get_kind_display(),
        state=record.state, since=record.changed_at, emergency=record.emergency, note=record.column.name,
    )  # fmt: skip
