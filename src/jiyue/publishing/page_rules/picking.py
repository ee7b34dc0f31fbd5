"""Which pages stand for a template: a few of each kind, because one template makes all pages of its kind.

Of records the newest, the oldest and some in between; of columns some of each kind. All addresses of a site would be read
every night for nothing: what changes from page to page is content, and that is checked when it is signed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from jiyue.content.models import Column, Record
from jiyue.estate.models import Site
from jiyue.publishing.framing import SITE_MAP, address_of_column
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.page_rules.ground import Ground, Page, Picked
from jiyue.publishing.shelving import BASE

OF_A_KIND = 4  # pages of one kind of record
OF_A_COLUMN_KIND = 2
FIXED = (
    ("home", "/"), ("site_map", SITE_MAP), ("library", BASE), ("search", "/search/"), ("letters", "/hudong/"),
    ("not_found", "/404.html"),
)  # fmt: skip
SPECIAL = {
    Column.Kind.LEADERS: "leaders", Column.Kind.INSTITUTIONS: "institutions", Column.Kind.SERVICES: "services",
}  # fmt: skip
# In the order in which they are shown; every kind of record has its own page.
KINDS = (
    "home", "column", "list", "year", *Record.Kind.values, "leaders", "institutions", "services", "library", "search", "letters",
    "site_map", "not_found",
)  # fmt: skip
_LIST = re.compile(r"/list/\d+\.html$")
_YEAR = re.compile(r"/(19|20)\d\d/$")


def pick(site: Site, structure: dict[str, Any], ground: Ground) -> Iterator[Picked]:
    """The pages to look at; those that this site does not have are left out by whoever reads them."""
    yield from (Picked(kind, address) for kind, address in FIXED)
    columns = list(_columns(structure))
    yield from columns
    for kind in Record.Kind.values:
        yield from (Picked(kind, address) for address in _spread(_addresses(site, kind)))
    yield from _further(columns, ground)


def _columns(structure: dict[str, Any]) -> Iterator[Picked]:
    seen: dict[str, int] = {}
    for column in structure["columns"]:
        kind = column["kind"]
        if column["closed"] or seen.get(kind, 0) == OF_A_COLUMN_KIND:
            continue
        seen[kind] = seen.get(kind, 0) + 1
        yield Picked(SPECIAL.get(kind, "column"), address_of_column(column))


def _addresses(site: Site, kind: str) -> list[str]:
    """Newest, oldest: two short questions, however many records there are."""
    rows = PublicItem.objects.filter(site=site, kind=kind, state__in=LISTED)
    newest = rows.order_by("-published_at", "-serial").values_list("address", flat=True)[:OF_A_KIND]
    oldest = rows.order_by("published_at", "serial").values_list("address", flat=True)[:1]
    return list(dict.fromkeys([*newest, *oldest]))


def _spread(addresses: list[str]) -> list[str]:
    return [*addresses[: OF_A_KIND - 1], *addresses[OF_A_KIND - 1 :][-1:]]


def _further(columns: Iterable[Picked], ground: Ground) -> Iterator[Picked]:
    """An older page of a list and the page of a year, found where a column's page leads to them."""
    for kind, form in (("list", _LIST), ("year", _YEAR)):
        for column in columns:
            content = ground.file(column.address)
            found = sorted(filter(form.search, Page(column, content).own_addresses)) if content is not None else []
            if found:
                yield Picked(kind, found[0])
                break
