"""A private attachment on its way to a person at the console: to be saved, never drawn, kept by nobody on the way."""

from typing import BinaryIO

from django.conf import settings
from django.http import FileResponse, Http404

from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore


def stored(digest: str) -> BinaryIO:
    """The bytes. Raises Http404 where they are not there."""
    store = ObjectStore(Home(settings.JIYUE_HOME))
    if not store.has(digest):
        raise Http404
    return store.path(digest).open("rb")


def saved(stream: BinaryIO, name: str) -> FileResponse:
    """The answer that hands them out under their name."""
    answer = FileResponse(stream, as_attachment=True, filename=name, content_type="application/octet-stream")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
