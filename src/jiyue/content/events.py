from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class RecordCreated(Event):
    code: ClassVar[str] = "content.record_created"
    kind: str
    title: str
    column: str


@dataclass(frozen=True, kw_only=True)
class RecordEdited(Event):
    code: ClassVar[str] = "content.record_edited"
    title: str
    revision: int


@dataclass(frozen=True, kw_only=True)
class RecordDeleted(Event):
    code: ClassVar[str] = "content.record_deleted"
    title: str


@dataclass(frozen=True, kw_only=True)
class ColumnSaved(Event):
    code: ClassVar[str] = "content.column_saved"
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ColumnClosed(Event):
    code: ClassVar[str] = "content.column_closed"
    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ColumnReopened(Event):
    code: ClassVar[str] = "content.column_reopened"
    path: str


@dataclass(frozen=True, kw_only=True)
class FileStored(Event):
    code: ClassVar[str] = "content.file_stored"
    kind: str
    name: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class ColumnsLimited(Event):
    code: ClassVar[str] = "content.columns_limited"
    user: str
    role: str
    columns: list


@dataclass(frozen=True, kw_only=True)
class PlacementChanged(Event):
    code: ClassVar[str] = "content.placement_changed"
    record: str
    before: str
    after: str
    reason: str
