"""What else must be rebuilt? From what changed to the addresses and items that are baked again."""

from collections.abc import Iterable

from jiyue.content.models import Column
from jiyue.estate.models import Site
from jiyue.publishing import lists
from jiyue.publishing.baking import FIXED, column_addresses, months_of
from jiyue.publishing.deploying import Deployer
from jiyue.publishing.models import PageRead, PublicItem
from jiyue.publishing.projection import LISTED, Changes
from jiyue.publishing.reading import Reader, to_bake

CHUNK = 500  # rows read at a time


def what_to_bake(reader: Reader, changes: Changes, deployer: Deployer) -> tuple[list[str], Iterable[PublicItem]]:
    """Addresses that are no item's, and the items whose own pages are due."""
    site = reader.site
    renumbered = _divide(reader, changes)
    if changes.everything:
        # Read in pieces while baking: a hundred thousand documents do not fit into memory at once.
        items = to_bake(site)
        parts = [f"/sitemap/{part}.xml" for part in ["columns", *months_of(reader)]]
        return [*column_addresses(reader), *FIXED, *parts], items.iterator(chunk_size=CHUNK)
    identities = {key.partition(":")[2] for key in changes.keys if key.startswith("record:")}
    touched = list(PublicItem.objects.filter(site=site, identity__in=identities).select_related("sign_off__version"))
    readers = PageRead.objects.filter(site=site, key__in=changes.keys).values_list("address", flat=True)
    addresses = {*readers, *renumbered} - {item.address for item in touched}
    addresses |= {f"/sitemap/{_month(item)}.xml" for item in changes.items}
    if any(_may_change_months(deployer, site, item) for item in changes.items):
        addresses.add("/sitemap.xml")
    return sorted(addresses), touched


def _may_change_months(deployer: Deployer, site: Site, item: PublicItem) -> bool:
    """Is the month of this item perhaps new in the site map, or gone from it? To look at all months takes long."""
    return item.state not in LISTED or deployer.find(site.host, f"sitemap/{_month(item)}.xml") is None


def _divide(reader: Reader, changes: Changes) -> set[str]:
    """Close full list pages; gives the addresses of list pages that are new, gone or got a late item."""
    found: set[str] = set()
    for key in [key for key in changes.keys if key.startswith("column:")]:
        column = reader.columns.get(int(key.partition(":")[2]))
        if column is None:
            continue
        row = Column(pk=column["id"])
        own = [item for item in changes.items if item.column_id == column["id"]]
        numbers = lists.follow(row, changed=len(own))
        late = {page.number for item in own if (page := lists.page_holding(row, item)) is not None}
        found |= {f"/{column['path']}/list/{number}.html" for number in numbers | late | {min(numbers, default=1) - 1}}
    return {address for address in found if not address.endswith("/list/0.html")}


def _month(item: PublicItem) -> str:
    parts = item.address.rsplit("/", 3)
    return f"{parts[1]}-{parts[2][:2]}"
