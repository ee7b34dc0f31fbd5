"""Files beside the pages: which ones a record shows, and which leave the tree because no page shows them any more."""

from jiyue.domain.manifests import File
from jiyue.estate.models import Site
from jiyue.publishing.baking import file_key, path_of
from jiyue.publishing.models import LISTED, PageRead, Publication, PublicItem
from jiyue.publishing.projection import Changes
from jiyue.review.ledger import content_of
from jiyue.review.models import SignOff


def files_left(site: Site, changes: Changes) -> dict[str, File | None]:
    """Files that a changed or withdrawn record showed before and that no page shows any more: they leave the tree."""
    left: dict[str, File | None] = {}
    for item in changes.items:
        before = _files_before(item) - files_of(item.sign_off, shown=item.state in LISTED)
        for digest, path in before:
            others = PageRead.objects.filter(site=site, key=file_key(digest)).exclude(address=item.address)
            if not others.exists():
                left[path] = None
    return left


def _files_before(item: PublicItem) -> set[tuple[str, str]]:
    deployed = Publication.objects.filter(sign_off__identity=item.identity, site=item.site_id)
    rows = deployed.filter(sign_off__sequence__lt=item.sign_off.sequence, release__isnull=False)
    last = rows.order_by("-sign_off__sequence").select_related("sign_off__version").first()
    return files_of(last.sign_off, shown=True) if last else set()


def files_of(row: SignOff, *, shown: bool) -> set[tuple[str, str]]:
    """Digest and path of each file of a signed version; none when the record is not shown."""
    files = content_of(row.version, digest=row.version_digest)["files"] if shown else []
    return {(facts["digest"], path_of(facts["address"])) for facts in files}
