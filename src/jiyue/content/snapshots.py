"""A record as plain data, exactly as it would be public: what reviewers see, what they sign, what is baked.

The body is rendered and sanitised here, once; pictures are drawn anew without the hidden facts a camera writes into
them (place, device), and every file is kept under its digest, so that replacing or deleting an upload later changes
nothing that was reviewed.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from pathlib import PurePath
from typing import Any, TypeGuard
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.db import models
from PIL import Image, ImageOps
from wagtail.fields import StreamField

from jiyue.content.answers import answer_text, service_named
from jiyue.content.campaigns import campaign_facts, campaign_text, paragraphs
from jiyue.content.cases import bound_of
from jiyue.content.file_types import media_type_of
from jiyue.content.guides import guide_facts, guide_text, material_refs
from jiyue.content.markup import Block
from jiyue.content.models import (
    Attachment,
    Interpretation,
    OpinionCall,
    Picture,
    PolicyDocument,
    PublicAnswer,
    Record,
    ServiceGuide,
)
from jiyue.content.models.reprinting import original_of
from jiyue.content.rendering import (
    FileRef,
    PublishedFile,
    Shortcoming,
    file_refs,
    outline,
    plain_text,
    render_body,
    shortcomings,
)
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore

FORMAT = 1
LONGEST_SIDE = 1280  # pixels; wider than the text column on any screen
JPEG_QUALITY = 82
FileAndFacts = tuple[PublishedFile, dict[str, Any]]
COMMON = frozenset(field.name for field in Record._meta.get_fields())


def snapshot_of(record: Record) -> dict[str, Any]:
    """The canonical content of a record. Puts the files it refers to into the object store.

    Raises BodyIncomplete when the body cannot be published as it is, ObjectStore's StoreFull when the disk is full.
    """
    record = record.typed
    store = ObjectStore(Home(settings.JIYUE_HOME))
    blocks = _blocks(record)
    files = {ref: _published(ref, record, store) for ref in refs_of(record)}
    cover = _picture(record.cover, store) if record.cover else None
    return _content(record, blocks, files, cover, named=_named(record))


def draft_of(
    record: Record,
    *,
    address: Callable[[Picture | Attachment], str],
    named: Mapping[str, Iterable[PolicyDocument]] | None = None,
) -> tuple[dict[str, Any], list[Shortcoming]]:
    """What `snapshot_of` would give of a draft, for a preview: nothing is stored, files keep the private `address`.

    A block that cannot be published yet is left out; why, is told beside it. The record need not be saved; `named`
    are the documents that it explains, amends or repeals (NAMING) as the form at hand has them.
    """
    blocks = _blocks(record)
    files = {ref: found for ref in refs_of(record) if (found := _private(ref, record, address)) is not None}
    lacks = [lack for lack in shortcomings(blocks, files=_rendered(files)) if lack.refuses]
    kept = [block for index, block in enumerate(blocks) if index not in {lack.block for lack in lacks}]
    cover = _in_place(record.cover, address) if record.cover and record.cover.site_id == record.site_id else None
    links = _named(record)
    links |= {
        name: sorted(str(document.identity) for document in documents) for name, documents in (named or {}).items()
    }
    return _content(record, kept, files, cover, named=links), lacks


def refs_of(record: Record) -> list[FileRef]:
    """Every picture and attachment that a record (of its own type) shows or gives away, its cover apart."""
    found = file_refs(_blocks(record))
    return [*found, *(ref for ref in material_refs(record) if ref not in found)] if _is_guide(record) else found


def _is_guide(record: Record) -> TypeGuard[ServiceGuide]:
    return isinstance(record, ServiceGuide)


def _blocks(record: Record) -> list[Block]:
    return record.body.get_prep_value() if record.body else []


def _rendered(files: Mapping[FileRef, FileAndFacts]) -> dict[tuple[str, Any], PublishedFile]:
    return {(ref.kind, ref.id): shown for ref, (shown, _) in files.items()}


def facts_of(record: Record) -> dict[str, Any]:
    """What a snapshot would say of a draft apart from its body and files."""
    return _facts_beside(record, _detail(record, _named(record), {}))


def draft_words(record: Record) -> dict[str, Any]:
    """The facts of a draft with its text, as far as they say with what it belongs together."""
    record = record.typed
    facts = facts_of(record)
    return {**facts, "text": _text(record, _blocks(record), facts["detail"])}


def _facts_beside(record: Record, detail: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "kind": record.kind,
        "identity": str(record.identity),
        "site": record.site.host,
        "column": record.column_id,
        "column_path": record.column.path,
        "title": record.title,
        "subtitle": record.subtitle,
        "source": record.source,
        "author": record.author,
        "responsible": record.responsible.name if record.responsible else record.site.owner.name,
        "keywords": _words(record.keywords),
        "summary": record.summary,
        "openness": record.openness,
        "subject_class": record.subject_class,
        "form_class": record.form_class,
        "topic": str(record.part_of.identity) if record.part_of else "",
        "event_on": plain(record.event_on),
        "emergency": record.emergency,
        "original": {
            "published_at": plain(record.original_published_at),
            "source": record.original_source,
            "address": record.original_address,
        },
        "detail": detail,
        **_later_facts(record),
    }


def _content(
    record: Record, blocks: list[Block], files: Mapping[FileRef, FileAndFacts], cover: FileAndFacts | None, *,
    named: Mapping[str, list[str]],
) -> dict[str, Any]:  # fmt: skip
    detail = _detail(record, named, {ref: facts for ref, (_shown, facts) in files.items()})
    body = str(render_body(blocks, files=_rendered(files)))
    if isinstance(record, OpinionCall):
        detail |= {"paragraphs": paragraphs(body) if body.strip() else []}
    return {
        **_facts_beside(record, detail),
        "blocks": blocks,
        "body": body,
        "text": _text(record, blocks, detail),
        "outline": [{"id": entry.id, "text": entry.text, "level": entry.level} for entry in outline(blocks)],
        "cover": {**cover[1], "alt": record.cover_alt} if cover else None,
        "files": [facts for _, facts in files.values()] + ([cover[1]] if cover else []),
    }


# Facts that came after the first versions were signed: they stand in a snapshot only when they say something, so that
# what was never changed keeps its digest, and with it its approvals.
LATER = ("information_class", "event_time", "about_minors", "related")
LATER_DETAIL = (
    "public_effect", "audiences", "themes", "life_events",
    "work_kind", "work_year", "work_number", "work_target", "major_decision", "opinion_call", "written_to", "service",
)  # fmt: skip
# How an import understood a text, which words of a public answer were confirmed, of which questions answers came, why
# nobody was asked: nobody's reading but ours.
OUR_AFFAIR = ("reading", "confirmed", "answered_as", "no_call_reason", "live_digest")
# The links of a record to policy documents; only the first stands in every snapshot of its kind.
NAMING: dict[str, tuple[str, ...]] = {
    Record.Kind.INTERPRETATION: ("documents",),
    Record.Kind.POLICY_DOCUMENT: ("amends", "repeals"),
    Record.Kind.SERVICE_GUIDE: ("documents",),
    Record.Kind.TOPIC: ("documents",),
}


def _later_facts(record: Record) -> dict[str, Any]:
    facts = {name: plain(value) for name in LATER if (value := getattr(record, name))}
    if record._state.adding:
        return facts
    bound, kept = bound_of(record), original_of(record) if record.reprint else None
    facts |= {"reprint": kept.facts} if kept else {}
    return facts | {"together": bound} if bound else facts


def plain(value: Any) -> Any:
    """A field's value as JSON can hold it; a related record by its identity, another row by its name."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Record):
        return str(value.identity)
    return str(value) if isinstance(value, models.Model) else value


def _text(record: Record, blocks: list[Block], detail: Mapping[str, Any]) -> str:
    words = plain_text(blocks)
    if record.kind == Record.Kind.PUBLIC_ANSWER:
        return answer_text(detail)
    own = guide_text(detail) if _is_guide(record) else campaign_text(detail) if "purpose" in detail else ""
    return "\n".join(filter(None, (own, words)))


def _detail(
    record: Record, named: Mapping[str, list[str]], files: Mapping[FileRef, Mapping[str, Any]]
) -> dict[str, Any]:
    own = [field for field in record._meta.local_fields if field.name not in COMMON and not field.primary_key]
    facts = {field.name: plain(getattr(record, field.name)) for field in own if not isinstance(field, StreamField)}
    facts |= guide_facts(record, files) if _is_guide(record) else campaign_facts(record)
    if isinstance(record, PublicAnswer):
        facts["service"] = service_named(record)
    facts = {name: value for name, value in facts.items() if value or name not in LATER_DETAIL}
    for own_affair in OUR_AFFAIR:
        facts.pop(own_affair, None)
    always = isinstance(record, Interpretation)
    facts |= _answers(record)
    return facts | {name: identities for name, identities in named.items() if identities or always}


def _answers(record: Record) -> dict[str, list[dict[str, str]]]:
    """Which questions of the public an interpretation answers, and where in it; only where it answers any (POL-09)."""
    if not isinstance(record, Interpretation) or record._state.adding:
        return {}
    rows = record.answers.select_related("document").order_by("pk")
    anchors = {entry.text: entry.id for entry in reversed(outline(_blocks(record)))}
    answers = [
        {
            "question": str(row.pk), "words": row.words, "document": str(row.document.identity), "section": row.section,
            "anchor": anchors.get(row.section, ""),
        }
        for row in rows
    ]  # fmt: skip
    return {"answers": answers} if answers else {}


def _named(record: Record) -> dict[str, list[str]]:
    """The identities of the policy documents that a record names, by the name of the link."""
    names = NAMING.get(record.kind, ())
    if record._state.adding:
        return {name: [] for name in names}
    return {name: sorted(map(str, getattr(record, name).values_list("identity", flat=True))) for name in names}


def _private(ref: FileRef, record: Record, address: Callable[[Picture | Attachment], str]) -> FileAndFacts | None:
    model = Picture if ref.kind == "image" else Attachment
    # The site is part of the question, as in `_published`.
    file = model.objects.filter(pk=ref.id, site=record.site_id).first()
    return _in_place(file, address) if file else None


def _in_place(file: Picture | Attachment, address: Callable[[Picture | Attachment], str]) -> FileAndFacts:
    """An upload where it lies: its facts without a digest, because nothing was frozen."""
    name = PurePath(file.filename).name
    size = {"width": file.width, "height": file.height} if isinstance(file, Picture) else {}
    facts = {"name": name, "size": file.file_size or 0, "media_type": media_type_of(name), "address": address(file)}
    return _shown(facts | size), facts | size


def _published(ref, record: Record, store: ObjectStore) -> FileAndFacts:
    # The site is part of the question: a key of another site's private file, typed into a form, must find nothing.
    if ref.kind == "image":
        return _picture(Picture.objects.get(pk=ref.id, site=record.site_id), store)
    return _attachment(Attachment.objects.get(pk=ref.id, site=record.site_id), store)


def _picture(picture: Picture, store: ObjectStore) -> FileAndFacts:
    data, width, height, ending = redrawn(picture)
    name = f"{PurePath(picture.filename).stem}.{ending}"
    facts = _facts(store.put(data), name, len(data), width=width, height=height)
    return _shown(facts), facts


def _attachment(attachment: Attachment, store: ObjectStore) -> FileAndFacts:
    with attachment.file.open("rb") as file:
        digest = store.put_stream(file)
    facts = _facts(digest, PurePath(attachment.filename).name, attachment.file_size or store.size(digest))
    return _shown(facts), facts


def redrawn(picture: Picture) -> tuple[bytes, int, int, str]:
    """The picture upright, at most LONGEST_SIDE pixels, without any metadata: bytes, width, height, file ending."""
    with picture.file.open("rb") as file:
        image = ImageOps.exif_transpose(Image.open(file))
        image.load()
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clear = image.mode in {"RGBA", "LA", "P"}
    out = io.BytesIO()
    if clear:
        image.convert("RGBA").save(out, "PNG", optimize=True)
    else:
        image.convert("RGB").save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return out.getvalue(), *image.size, "png" if clear else "jpg"


def _facts(digest: str, name: str, size: int, **more: Any) -> dict[str, Any]:
    address = f"/files/{digest[:2]}/{digest[:16]}/{quote(name)}"
    return {"digest": digest, "name": name, "size": size, "media_type": media_type_of(name), "address": address, **more}


def _shown(facts: dict[str, Any]) -> PublishedFile:
    return PublishedFile(
        address=facts["address"],
        width=facts.get("width"),
        height=facts.get("height"),
        name=facts["name"],
        media_type=facts["media_type"],
        size=facts["size"],
    )


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.replace("，", ",").replace("、", ",").split(",") if word.strip()]
