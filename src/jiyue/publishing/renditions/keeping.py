"""Files to take away that were made already, and the making of those that are due.

A sign-off is public first, with the page alone; its files follow in a release of their own within seconds, so that a
document that is slow to lay out holds up nobody. Many at once, as after an import or an upgrade, are made in pieces.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pypdfium2
from django.utils.translation import gettext as _

from jiyue.content.models import Record
from jiyue.domain.canonical import digest_of
from jiyue.estate.models import Site
from jiyue.foundation.objects import ObjectMissing, ObjectStore
from jiyue.publishing import incidents
from jiyue.publishing.models import LISTED, Incident, PageRead, PublicItem, Rendition
from jiyue.publishing.renditions.matter import Paper
from jiyue.publishing.renditions.typesetting import FONTS, Typesetter, TypesettingFailed
from jiyue.publishing.renditions.word import docx
from jiyue.review.sealing import seals

DUE = "files-due"  # a page that reads this lacks files that could be made
SECONDS = 1.5  # of making at a time: for so long a site's next sign-off may have to wait
TOGETHER = 100  # documents whose files go out in one release
KINDS = (Record.Kind.POLICY_DOCUMENT,)
FORMS = tuple(Rendition.Form)


@dataclass(frozen=True)
class KeptFile:
    """A file that lies in the store: its form, address in the tree, digest, size in bytes and pages."""

    form: str
    address: str
    digest: str
    size: int
    pages: int | None


def addresses_of(item: PublicItem) -> list[str]:
    """Where the files of an item lie: beside its page."""
    return [address_of(item, form) for form in FORMS] if item.kind in KINDS else []


def address_of(item: PublicItem, form: str) -> str:
    return f"{item.address.removesuffix('.html')}.{form}"


def kept(item: PublicItem, paper: Paper, store: ObjectStore) -> tuple[list[KeptFile], bool]:
    """The files of an item that say what `paper` says, and whether any is still to be made."""
    facts, rows = facts_of(paper), _rows(item)
    files = [file for form in FORMS if (file := _file(item, rows.get(form), facts, store))]
    return files, any(_is_due(rows.get(form), facts, store) for form in FORMS)


def due_items(site: Site) -> list[PublicItem]:
    """The first items whose pages lack files."""
    pages = PageRead.objects.filter(site=site, key=DUE).order_by("address").values_list("address", flat=True)
    items = PublicItem.objects.filter(site=site, address__in=list(pages[:TOGETHER]), state__in=LISTED)
    return list(items.select_related("sign_off__version").order_by("pk"))


def make(
    papers: Iterator[tuple[PublicItem, Paper]], store: ObjectStore, *, now: datetime
) -> tuple[list[PublicItem], bool]:
    """Make what is due of these, for SECONDS at least; gives the items with all their files, and whether that is all.

    What cannot be made is told as an incident and not tried again before the document or the program changes.
    """
    begun, made = time.monotonic(), 0
    done: list[PublicItem] = []
    with closing(Typesetter(store.home.objects)) as typesetter:
        for item, paper in papers:
            if made and time.monotonic() - begun > SECONDS:
                return done, False
            made += _make_one(item, paper, store, typesetter, now)
            done.append(item)
    return done, True


def _make_one(item: PublicItem, paper: Paper, store: ObjectStore, typesetter: Typesetter, now: datetime) -> int:
    facts, rows = facts_of(paper), _rows(item)
    due = [form for form in FORMS if _is_due(rows.get(form), facts, store)]
    for form in due:
        try:
            data = typesetter.pdf(paper) if form == Rendition.Form.PDF else docx(paper, picture=store.get)
        except (TypesettingFailed, ObjectMissing, ValueError, LookupError) as error:
            data = b""
            _report(item, form, error, now)
        _keep(item, form, facts, data, store)
    return len(due)


def _report(item: PublicItem, form: str, error: Exception, now: datetime) -> None:
    address = address_of(item, form)
    what = _("%(address)s 没有生成：%(why)s。页面照常公开，只是不提供这个下载。") % {
        "address": address, "why": f"{type(error).__name__}: {error}"[:300],
    }  # fmt: skip
    subject = f"{item.site.host} {address}"
    incidents.report(kind=Incident.Kind.DEPLOY, subject=subject, what=what, now=now, site=item.site)


def _keep(item: PublicItem, form: str, facts: str, data: bytes, store: ObjectStore) -> None:
    pages = _pages(data) if data and form == Rendition.Form.PDF else None
    values: dict[str, Any] = {"facts": facts, "edition": edition(), "size": len(data), "pages": pages}
    values["digest"] = store.put(data) if data else ""
    row = Rendition(site_id=item.site_id, identity=item.identity, form=form, **values)
    values["seal"] = seals().seal("rendition", _sealed(row))
    Rendition.objects.update_or_create(site_id=item.site_id, identity=item.identity, form=form, defaults=values)


def _pages(data: bytes) -> int:
    with closing(pypdfium2.PdfDocument(data)) as document:
        return len(document)


def facts_of(paper: Paper) -> str:
    """A digest of everything that the files of a paper say."""
    return digest_of(asdict(paper))


@cache
def edition() -> str:
    """A digest of how files are made: it changes with the program, its typesetter and its fonts."""
    folder = Path(__file__).parent
    sources = [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".py", ".typ"}]
    versions = [version(name) for name in ("typst", "python-docx", FONTS.replace("_", "-"))]
    return sha256(b"\0".join([*sources, *(each.encode() for each in versions)])).hexdigest()


def _rows(item: PublicItem) -> dict[str, Rendition]:
    """The rows of an item that are what was written here."""
    rows = Rendition.objects.filter(site=item.site_id, identity=item.identity)
    return {row.form: row for row in rows if seals().check_seal("rendition", _sealed(row), row.seal)}


def _is_due(row: Rendition | None, facts: str, store: ObjectStore) -> bool:
    if row is None or (row.facts, row.edition) != (facts, edition()):
        return True
    return bool(row.digest) and not _lies_whole(row, store)


def _file(item: PublicItem, row: Rendition | None, facts: str, store: ObjectStore) -> KeptFile | None:
    """What lies there of an earlier edition is good until the new one is made; what says something else is not."""
    if row is None or row.facts != facts or not row.digest or not _lies_whole(row, store):
        return None
    return KeptFile(row.form, address_of(item, row.form), row.digest, row.size, row.pages)


def _lies_whole(row: Rendition, store: ObjectStore) -> bool:
    return store.has(row.digest) and store.size(row.digest) == row.size


def _sealed(row: Rendition) -> dict[str, Any]:
    return {
        "site": row.site_id, "identity": str(row.identity), "form": row.form, "facts": row.facts,
        "edition": row.edition, "digest": row.digest, "size": row.size, "pages": row.pages,
    }  # fmt: skip
