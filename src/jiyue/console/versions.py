"""Files of frozen versions: private bytes, handed to whoever may read the version's site (C5)."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_GET

from jiyue.estate.policies import sites_with
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectMissing, ObjectStore
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.review import ledger
from jiyue.review.models import Version

# What a browser may draw by itself; everything else is handed over as a download.
DRAWN = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp", "video/mp4", "video/webm", "audio/mpeg"})


def fetch_version_for(user: User, ref: int) -> Version:
    """The version with this key if the person may read its site's content. Raises Http404 otherwise."""
    found = Version.objects.filter(pk=ref, site__in=sites_with(user, Permission.READ_CONTENT))
    version = found.select_related("site", "record").first()
    if version is None:
        raise Http404
    return version


@require_GET
def version_file(request: HttpRequest, pk: int, digest: str, name: str) -> FileResponse:
    """One file of a version, found by the start of its digest as the public address has it."""
    version = fetch_version_for(request.user, pk)
    files = ledger.content_of(version, digest=version.digest).get("files", [])
    facts = next((file for file in files if file["digest"].startswith(digest)), None)
    if facts is None:
        raise Http404
    try:
        stream = ObjectStore(Home(settings.JIYUE_HOME)).path(facts["digest"]).open("rb")
    except (ObjectMissing, FileNotFoundError) as missing:
        raise Http404 from missing
    drawn = facts["media_type"] in DRAWN
    answer = FileResponse(
        stream, as_attachment=not drawn, filename=facts["name"],
        content_type=facts["media_type"] if drawn else "application/octet-stream",
    )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
