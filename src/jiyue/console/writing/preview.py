"""The draft as it would read in public: its sanitised body in a plain frame, before any version exists."""

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from jiyue.content.file_types import media_type_of
from jiyue.content.models import Attachment, Picture, Record
from jiyue.content.rendering import BodyIncomplete, PublishedFile, file_refs, render_body


def preview_context(record: Record) -> dict:
    """Title, facts and body of a draft; a body that cannot be shown yet gives the sentences why."""
    blocks = record.body.get_prep_value() if record.body else []
    try:
        files = {(ref.kind, ref.id): _file(ref, record) for ref in file_refs(blocks) if _file(ref, record)}
        body, lacks = mark_safe(render_body(blocks, files=files)), []  # noqa: S308 - rendered and sanitised by content
    except BodyIncomplete as incomplete:
        body, lacks = SafeString(""), [str(reason.message) for reason in incomplete.reasons]
    return {"record": record, "preview_body": body, "lacks": lacks}


def _file(ref, record: Record) -> PublishedFile | None:
    model = Picture if ref.kind == "image" else Attachment
    file = model.objects.filter(pk=ref.id, site=record.site_id).first()
    if file is None:
        return None
    address = reverse("console_private_file", args=[file.file.name])
    size = {"width": file.width, "height": file.height} if ref.kind == "image" else {}
    return PublishedFile(
        address=address, name=file.filename, media_type=media_type_of(file.filename), size=file.file_size or 0, **size
    )
