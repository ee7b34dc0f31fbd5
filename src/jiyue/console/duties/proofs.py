"""Files that prove a duty done: judged by their content, kept privately, read by whoever may read the duty."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiyue.content.file_types import refuse_disguised
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.obligations.actions import Proof
from jiyue.obligations.policies import fetch_obligation_for

MOST_BYTES = 20 << 20
LONGEST_NAME = 120


class ProofField(forms.FileField):
    """One file; refuses what is not what its name says, and what is too large, before anything is kept."""

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if not isinstance(file, UploadedFile):
            return None
        if file.size is None or file.size > MOST_BYTES:
            raise ValidationError(_("文件超过 %(size)s MB，请压缩后再上传") % {"size": MOST_BYTES >> 20})
        if len(file.name or "") > LONGEST_NAME:
            raise ValidationError(_("文件名太长，请改短后再上传"))
        file.content = file.read()
        refuse_disguised(name=file.name, data=file.content)
        return file


def kept(file: UploadedFile | None) -> list[Proof]:
    """Put the file of a checked form into the private store."""
    if file is None:
        return []
    return [Proof(name=file.name, digest=_store().put(file.content), size=len(file.content))]


@require_GET
def proof(request: HttpRequest, duty: int, number: int) -> FileResponse:
    """One file of a duty, to be saved and never drawn by the browser. Raises Http404 for a foreign duty."""
    found = fetch_obligation_for(request.user, duty)
    files = found.evidence.get("files", []) if found.evidence else []
    file = files[number - 1] if 0 < number <= len(files) else None
    if not isinstance(file, dict) or not _store().has(file["digest"]):
        raise Http404
    path = _store().path(file["digest"])
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=file["name"], content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _store() -> ObjectStore:
    return ObjectStore(Home(settings.JIYUE_HOME).prepare())
