"""Which records use a file, and which files nobody uses (C4). Written with every draft and every frozen version."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiyue.content.models import Attachment, FileUse, Picture, Record
from jiyue.content.rendering import FileRef
from jiyue.content.snapshots import refs_of

File = Picture | Attachment
FIELDS = {"image": "picture", "document": "attachment"}
MODELS: dict[str, type[Picture] | type[Attachment]] = {"picture": Picture, "attachment": Attachment}


def note_draft(record: Record) -> None:
    """Remember the files that a saved draft names. The draft is written before, and what it names is its site's."""
    _note(record, _named(record), mark="in_draft")


def note_submitted(record: Record) -> None:
    """Remember for ever the files of a version that was just frozen of this draft."""
    _note(record, _named(record), mark="submitted")


def kind_of(file: File) -> str:
    """picture or attachment."""
    return "picture" if isinstance(file, Picture) else "attachment"


def unused(files: QuerySet[Any]) -> QuerySet[Any]:
    """Of these pictures or attachments, those that no record and nothing else of the platform names."""
    model = files.model
    for relation in model._meta.related_objects:
        if relation.related_model is None or relation.name == "renditions":
            continue
        named = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        files = files.filter(~Exists(named))
    return files


def _named(record: Record) -> set[tuple[str, int]]:
    """Field of FileUse and key of each file that the draft names, the cover included."""
    found = {(FIELDS[ref.kind], int(ref.id)) for ref in refs_of(record.typed) if _is_key(ref)}
    return found | ({("picture", record.cover_id)} if record.cover_id else set())


def _is_key(ref: FileRef) -> bool:
    return str(ref.id).isascii() and str(ref.id).isdecimal() and len(str(ref.id)) < 19


def _note(record: Record, named: Iterable[tuple[str, int]], *, mark: str) -> None:
    known = {(_field(use), _key(use)): use for use in FileUse.objects.filter(record=record.pk)}
    wanted = {pair for pair in named if pair in known or _exists(pair, record)}
    if mark == "in_draft":
        gone = [use.pk for pair, use in known.items() if use.in_draft and pair not in wanted]
        if gone:
            FileUse.objects.filter(pk__in=gone).update(in_draft=False)
            # What neither the draft nor any version names is of no use to anybody.
            FileUse.objects.filter(pk__in=gone, submitted=False).delete()
    late = [known[pair].pk for pair in wanted & known.keys() if not getattr(known[pair], mark)]
    if late:
        FileUse.objects.filter(pk__in=late).update(**{mark: True})
    fresh = [
        FileUse(record_id=record.pk, **{f"{field}_id": key, mark: True}) for field, key in sorted(wanted - known.keys())
    ]
    if fresh:
        FileUse.objects.bulk_create(fresh)


def _exists(pair: tuple[str, int], record: Record) -> bool:
    return MODELS[pair[0]].objects.filter(pk=pair[1], site=record.site_id).exists()


def _field(use: FileUse) -> str:
    return "picture" if use.picture_id else "attachment"


def _key(use: FileUse) -> int:
    return int(use.picture_id or use.attachment_id or 0)


def used_publicly() -> Q:
    """A condition on FileUse: in a version of a record that is, or is about to be, public."""
    return Q(submitted=True, record__state__in=("published", "signed_off"))
