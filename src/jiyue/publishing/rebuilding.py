"""What else must be rebuilt? From what changed to the addresses and items that are baked again."""

from collections.abc import Iterable

from jiyue.content.models import Column
from jiyue.estate.models import Site
from jiyue.publishing import lists
from jiyue.publishing.baking import FIXED, column_addresses, months_of, path_of
from jiyue.publishing.change_feed import ChangeFeed
from jiyue.publishing.composing import (
    ANSWERS,
    answer_addresses,
    figure_addresses,
    has_years,
    libraries_of,
    service_addresses,
    voices_due,
    year_address,
)
from jiyue.publishing.deploying import Deployer
from jiyue.publishing.models import LISTED, PageRead, PublicItem
from jiyue.publishing.projection import Changes
from jiyue.publishing.read_keys import group_key, services_key, years_key
from jiyue.publishing.reading import Reader, to_bake
from jiyue.publishing.shelving import GROUP, lower, member_key

CHUNK = 500  # rows read at a time


def what_to_bake(
    reader: Reader, changes: Changes, deployer: Deployer, feed: ChangeFeed
) -> tuple[list[str], Iterable[PublicItem]]:
    """Addresses that are no item's, and the items whose own pages are due."""
    site = reader.site
    renumbered = _divide(reader, changes)
    if changes.everything:
        # Read in pieces while baking: a hundred thousand documents do not fit into memory at once.
        items = to_bake(site)
        parts = [f"/sitemap/{part}.xml" for part in ["columns", *months_of(reader)]]
        libraries = [address for library in libraries_of(reader) for address in library.addresses()]
        found = [*column_addresses(reader), *FIXED, *parts, *libraries, *feed.all_addresses()]
        return found, items.iterator(chunk_size=CHUNK)
    identities = {key.partition(":")[2] for key in changes.keys if key.startswith("record:")}
    identities |= changes.filed
    touched = list(PublicItem.objects.filter(site=site, identity__in=identities).select_related("sign_off__version"))
    if group_key(site.pk) in changes.keys:
        changes.keys |= voices_due(site)
    readers = PageRead.objects.filter(site=site, key__in=changes.keys).values_list("address", flat=True)
    addresses = {*readers, *renumbered} - {item.address for item in touched}
    addresses |= {f"/sitemap/{_month(item)}.xml" for item in changes.items}
    if changes.keys & {services_key(site.pk), group_key(site.pk)}:
        addresses |= set(service_addresses(reader))  # a unit or theme may be new
    addresses |= _answers_due(reader, changes)
    if group_key(site.pk) in changes.keys:
        addresses |= set(figure_addresses(reader))  # a statement of a new year makes the last one's page
    addresses |= _years_due(reader, changes, deployer) | _shelves_due(reader, changes)
    if any(_may_change_months(deployer, site, item) for item in changes.items):
        addresses.add("/sitemap.xml")
    return sorted(addresses.union(feed.addresses_due())), touched


def _answers_due(reader: Reader, changes: Changes) -> set[str]:
    """Lists of answers by kind and unit, of columns in which something changed: a unit may be new."""
    touched = [reader.columns.get(int(key.partition(":")[2])) for key in changes.keys if key.startswith("column:")]
    columns = [column for column in touched if column is not None and column["kind"] == ANSWERS]
    return {address for column in columns for address in answer_addresses(reader, column)}


def _shelves_due(reader: Reader, changes: Changes) -> set[str]:
    """Pages of the policy library: the site's own, and that of its group, which shows its own documents too."""
    found: set[str] = set()
    for library in libraries_of(reader):
        touched = dict(changes.shelves)
        if library.sites:
            for (shelf, _year), place in changes.group_shelves.items():
                lower(touched, shelf, place)
        found |= library.due(touched)
    # A site that joins or leaves the group brings or takes its documents.
    if group_key(reader.site.pk) in changes.keys and _members_baked(reader) != set(
        map(member_key, reader.whole_group())
    ):
        before = PageRead.objects.filter(site=reader.site, address__startswith=GROUP).values_list("address", flat=True)
        found.update(before, *(library.addresses() for library in libraries_of(reader) if library.sites))
    return found


def _members_baked(reader: Reader) -> set[str]:
    """Which sites the library of the group was baked with, as keys."""
    rows = PageRead.objects.filter(site=reader.site, address=GROUP, key__startswith=member_key(0)[:-1])
    return set(rows.values_list("key", flat=True))


def _years_due(reader: Reader, changes: Changes, deployer: Deployer) -> set[str]:
    """Pages of the years in which something changed; all of a column's when a year is new in it or gone from it."""
    found: set[str] = set()
    for key in [key for key in changes.keys if key.startswith("year:")]:
        column_id, year = map(int, key.split(":")[1:])
        column = reader.columns.get(column_id)
        if column is None or not has_years(column):
            continue
        address = year_address(column, year)
        found.add(address)
        is_there = deployer.find(reader.site.host, path_of(address)) is not None
        if is_there != lists.of_year(Column(pk=column_id), year).exists():
            others = PageRead.objects.filter(site=reader.site, key=years_key(column_id))
            found |= set(others.values_list("address", flat=True))
    return found


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
        years = lists.years_of_pages(row, numbers) if has_years(column) else set()
        found |= {year_address(column, year) for year in years}
        late = {page.number for item in own if (page := lists.page_holding(row, item)) is not None}
        found |= {f"/{column['path']}/list/{number}.html" for number in numbers | late | {min(numbers, default=1) - 1}}
    return {address for address in found if not address.endswith("/list/0.html")}


def _month(item: PublicItem) -> str:
    parts = item.address.rsplit("/", 3)
    return f"{parts[1]}-{parts[2][:2]}"
