"""预览: a draft in the page it would have, drawn with the public templates for the people who may read it.

Nothing here can become public: nothing is stored, the frame says that it is a preview (a baker refuses such a frame),
the page is marked, and every address leads either to the console or to what is public already.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import override

from jiyue.content.structure import structure_of
from jiyue.estate.models import Site
from jiyue.publishing import composing, validity
from jiyue.publishing.framing import CATALOGUES, LANGUAGE, frame_of, origin_of
from jiyue.publishing.models import PublicItem, SitePublication
from jiyue.publishing.pages import Renderer
from jiyue.publishing.reading import Reader
from jiyue.publishing.reconciling import signed_structure
from jiyue.review.models import SignOff

_ADDRESS = re.compile(r'(?P<before> (?P<name>href|src|poster)=")(?P<address>/(?!/)[^"]*)')
_PARTS = ("/assets/", "/files/")


def preview_page(
    content: dict[str, Any], site: Site, *, renderer: Renderer, part: Callable[[str], str], own: tuple[str, ...],
    now: datetime,
) -> str:  # fmt: skip
    """The whole page of `content` (`content.snapshots`) on its site, as it would be at `now`.

    `part` gives the console's address of a style sheet or of a file that is public already; addresses that begin with
    one of `own` are the console's and stay; every other address of the site leads to the public site, in a new tab.
    Raises SealBroken when a list that the page shows is not what was signed.
    """
    with override(CATALOGUES[LANGUAGE]):
        reader = _reader(site, content["column"], renderer, now)
        page = composing.compose_draft(reader, _item(content, site, now), content)
        html = renderer.render(page)
    return _led(html, origin_of(site.host), part, own)


def _reader(site: Site, column: int, renderer: Renderer, now: datetime) -> Reader:
    structure = _structure(site, column)
    assets, _files = renderer.assets(structure["profile"]["colour"])
    frame = frame_of(structure, assets=assets, at=now, preview=True)
    return Reader(site, structure, renderer.with_fragments(frame), now)


def _structure(site: Site, column: int) -> dict[str, Any]:
    """As the site is public; as it is being prepared, when it is not yet or when the column is new."""
    try:
        signed = signed_structure(site)
    except (LookupError, SitePublication.DoesNotExist):
        return structure_of(site)
    return signed if any(found["id"] == column for found in signed["columns"]) else structure_of(site)


def _item(content: dict[str, Any], site: Site, now: datetime) -> PublicItem:
    """Where the record stands already; else a place that is none. Never saved."""
    public = PublicItem.objects.filter(site=site, identity=content["identity"], placed_by=None).first()
    first = content["original"]["published_at"]
    published_at = public.published_at if public else datetime.fromisoformat(first) if first else now
    item = PublicItem(
        site=site, identity=content["identity"], kind=content["kind"], column_id=content["column"],
        state=PublicItem.State.SHOWN, sign_off=SignOff(sequence=0), serial=0, address=public.address if public else "",
        published_at=published_at, changed_at=now,
    )  # fmt: skip
    validity.note(item, content, at=now)
    return item


def _led(html: str, origin: str, part: Callable[[str], str], own: tuple[str, ...]) -> str:
    def lead(found: re.Match[str]) -> str:
        address = found["address"]
        if address.startswith(own):
            return found[0]
        if address.startswith(_PARTS):
            return f"{found['before']}{part(address)}"
        leaving = ' target="_blank" rel="noopener"' if found["name"] == "href" else ""
        return f"{leaving}{found['before']}{origin}{address}"

    return _ADDRESS.sub(lead, html)
