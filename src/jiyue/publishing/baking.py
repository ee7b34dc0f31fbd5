"""静态化: addresses in, files of the tree out. Knows which page an address is; what the page says is `composing`."""

import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import unquote

from django.db.models import Max, Min
from django.utils.translation import override

from jiyue.content.models import Column
from jiyue.domain.manifests import File
from jiyue.foundation.objects import ObjectDamaged, ObjectStore, StoreFull
from jiyue.publishing import change_feed, composing, lists
from jiyue.publishing.framing import CATALOGUES, SITE_MAP
from jiyue.publishing.models import LISTED, ListPage, PublicItem
from jiyue.publishing.pages import AnyPage, AssetFile, Renderer
from jiyue.publishing.projection import LOCAL, month_span
from jiyue.publishing.reading import Reader
from jiyue.publishing.renditions.keeping import KINDS, addresses_of
from jiyue.publishing.sealed import SealBroken, check_item

READ_TOGETHER = 100  # items whose neighbours are read in one go
GZIP_LEVEL = 5  # the next one saves half a percent of a page and costs a thirtieth of its baking
SMALLEST_ZIPPED = 200  # bytes; below this gzip makes files longer
FIXED = (
    "/", SITE_MAP, "/search/", "/hudong/", "/404.html", "/410.html", "/503.html", "/robots.txt", "/sitemap.xml", "/rss.xml",
    "/atom.xml",
)  # fmt: skip
SITE_MAP_PART = re.compile(r"^/sitemap/(columns|\d{4}-\d{2})\.xml$")
IN_COLUMN = re.compile(r"^/(?P<path>.+)/(?:(?P<feed>rss|atom)\.xml|list/(?P<number>\d+)\.html)?$")

YEAR_OF_COLUMN = re.compile(r"^/(?P<path>.+)/(?P<year>[12]\d{3})/$")


class BakeFailed(Exception):
    """A page could not be baked. `address` says which; the cause is chained."""

    def __init__(self, address: str, why: str):
        super().__init__(f"{address}: {why}")
        self.address = address


@dataclass
class Baked:
    """Files to put and to take away, and what each page read."""

    changes: dict[str, File | None] = field(default_factory=dict)
    reads: dict[str, set[str]] = field(default_factory=dict)
    pages: int = 0


class Baker:
    """Bakes addresses of one site into the object store."""

    def __init__(
        self, reader: Reader, renderer: Renderer, store: ObjectStore, feed: change_feed.ChangeFeed | None = None
    ) -> None:
        """Without `feed`, as to bake single pages, no address of the change feed can be baked."""
        if reader.frame.preview:
            raise ValueError("a preview is never baked")
        self.reader = reader
        self.renderer = renderer
        self.store = store
        self.feed = feed

    def bake(self, addresses: Iterable[str], *, items: Iterable[PublicItem] = ()) -> Baked:
        """Bake the pages of `items`, then those at `addresses`. Raises BakeFailed, SealBroken."""
        baked = Baked()
        self.reader.forget()
        # What is written on a public page depends on its site, not on the language of whoever started this.
        with override(CATALOGUES[self.reader.frame.language]):
            rest = iter(items)
            while together := list(islice(rest, READ_TOGETHER)):
                self._expect(together)
                for item in together:
                    self._bake_one(item.address, check_item(item), baked)
            for address in addresses:
                self._bake_one(address, None, baked)
        return baked

    def _expect(self, items: list[PublicItem]) -> None:
        try:
            self.reader.expect([item for item in items if item.state in LISTED])
        except (SealBroken, StoreFull):
            raise
        except Exception:  # noqa: BLE001 - read one by one, it fails the page whose neighbour it is, by its address
            self.reader.expect([])

    def put_assets(self, files: Iterable[AssetFile]) -> dict[str, File | None]:
        """Style and script files, with their compressed neighbours."""
        changes: dict[str, File | None] = {}
        for file in files:
            self._put(file.address, file.content, changes)
        return changes

    def _bake_one(self, address: str, item: PublicItem | None, baked: Baked) -> None:
        try:
            with self.reader.recording() as reads:
                self._bake_address(address, item, baked)
        except (SealBroken, BakeFailed, StoreFull):
            raise
        except Exception as error:
            raise BakeFailed(address, f"{type(error).__name__}: {error}") from error
        baked.reads[address] = set(reads)
        baked.pages += 1

    def _bake_address(self, address: str, item: PublicItem | None, baked: Baked) -> None:
        item = item or (self.reader.item_at(address) if address.endswith(".html") else None)
        if item is not None:
            self._bake_item(item, baked)
            return
        if self.feed is not None and change_feed.is_of_the_feed(address):
            self._put_data(address, self.feed.file_at(address), baked.changes)
            return
        page = self._fixed(address) or composing.compose_library(self.reader, address) or self._column(address)
        if page is None:
            self._take_away(address, baked.changes)
        else:
            self._put(address, self.renderer.render(page).encode(), baked.changes)

    def _bake_item(self, item: PublicItem, baked: Baked) -> None:
        path = path_of(item.address)
        if item.state == PublicItem.State.GONE:
            self._take_away(item.address, baked.changes)
            gone = self.renderer.render(composing.compose_gone(self.reader, item))
            baked.changes[f"{path}.gone"] = self._store(gone.encode())
            baked.changes |= {path_of(address): None for address in addresses_of(item)}
            baked.changes[f"{path}.moved"] = None
            return
        baked.changes[f"{path}.gone"] = None
        page: AnyPage
        baked.changes |= {path_of(address): None for address in addresses_of(item)}
        if item.state == PublicItem.State.MOVED:
            page = moved = composing.compose_moved(self.reader, item)
            baked.changes[f"{path}.moved"] = self._store(f"{moved.target}\n".encode())
        else:
            page = composing.compose_item(self.reader, item)
            baked.changes[f"{path}.moved"] = None
            baked.changes.update(self._files_of(item))
            if item.kind in KINDS:
                files = {path_of(file.address): File(file.digest, file.size) for file in self.reader.files}
                baked.changes.update(files)
        self._put(item.address, self.renderer.render(page).encode(), baked.changes)
        self._put_record(item, baked.changes)

    def _files_of(self, item: PublicItem) -> Iterator[tuple[str, File]]:
        for facts in self.reader.content(item)["files"]:
            self.reader.note(file_key(facts["digest"]))
            # Found out here, a lost file fails this one record; found out by the tree, it would stop the whole site.
            if self.store.size(facts["digest"]) != facts["size"]:
                raise ObjectDamaged(facts["digest"])
            yield path_of(facts["address"]), File(facts["digest"], facts["size"])

    def _fixed(self, address: str) -> AnyPage | None:
        part = SITE_MAP_PART.match(address)
        if part:
            return composing.compose_site_map_part(self.reader, part[1])
        match address:
            case "/":
                return composing.compose_home(self.reader)
            case "/search/":
                return composing.compose_search(self.reader)
            case "/hudong/":
                return composing.compose_counter(self.reader)
            case "/404.html":
                return composing.compose_not_found(self.reader)
            case "/410.html":
                return composing.compose_general_gone(self.reader)
            case "/503.html":
                return composing.compose_unavailable(self.reader)
            case "/robots.txt":
                return composing.compose_robots(self.reader)
            case "/sitemap.xml":
                return composing.compose_site_map_index(self.reader, ["columns", *months_of(self.reader)])
            case "/rss.xml" | "/atom.xml":
                return composing.compose_feed(self.reader, address[1:-4])
        return composing.compose_site_map(self.reader) if address == SITE_MAP else None

    def _column(self, address: str) -> AnyPage | None:
        found = IN_COLUMN.match(address)
        column = self.reader.by_path.get(found["path"]) if found else None
        if found is None or column is None:
            return self._below(address) or self._year(address)
        if column["closed"]:
            return None
        if found["feed"]:
            return composing.compose_feed(self.reader, found["feed"], column)
        if found["number"]:
            page = ListPage.objects.filter(column=column["id"], number=int(found["number"])).first()
            return composing.compose_list_page(self.reader, column, page) if page else None
        return composing.compose_column(self.reader, column)

    def _below(self, address: str) -> AnyPage | None:
        """What stands below a column that has pages of its own kind."""
        kinds = (composing.compose_services, composing.compose_answers, composing.compose_figures)
        return next((page for compose in kinds if (page := compose(self.reader, address)) is not None), None)

    def _year(self, address: str) -> AnyPage | None:
        found = YEAR_OF_COLUMN.match(address)
        column = self.reader.by_path.get(found["path"]) if found else None
        if found is None or column is None or column["closed"] or not composing.has_years(column):
            return None
        return composing.compose_year(self.reader, column, int(found["year"]))

    def _put(self, address: str, data: bytes, changes: dict[str, File | None]) -> None:
        path = path_of(address)
        changes[path] = self._store(data)
        zipped = gzip.compress(data, GZIP_LEVEL, mtime=0) if len(data) >= SMALLEST_ZIPPED else None
        changes[f"{path}.gz"] = self._store(zipped) if zipped else None

    def _put_data(self, address: str, data: bytes | None, changes: dict[str, File | None]) -> None:
        if data is None:
            self._take_away(address, changes)
        else:
            self._put(address, data, changes)

    def _put_record(self, item: PublicItem, changes: dict[str, File | None]) -> None:
        # Without a packed neighbour: machines fetch it once a change, and to pack it costs a tenth of a bake.
        path = path_of(change_feed.record_address(item))
        data = change_feed.record_file(self.reader, item)
        changes[path] = self._store(data) if data is not None else None
        changes[f"{path}.gz"] = None

    def _store(self, data: bytes) -> File:
        return File(self.store.put(data), len(data))

    def _take_away(self, address: str, changes: dict[str, File | None]) -> None:
        path = path_of(address)
        changes[path] = changes[f"{path}.gz"] = None
        if path.endswith(".html"):  # with a record's page go its data
            data = path_of(change_feed.data_beside(address))
            changes[data] = changes[f"{data}.gz"] = None


def file_key(digest: str) -> str:
    """The key of a page's use of a file."""
    return f"file:{digest}"


def path_of(address: str) -> str:
    """Where an address lies in the tree: `/zwgk/` is `zwgk/index.html`."""
    path = unquote(address).lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def months_of(reader: Reader) -> list[str]:
    """Months (Asia/Shanghai) in which the site has public items, as `2026-11`."""
    items = PublicItem.objects.filter(site=reader.site, state__in=LISTED)
    edges = items.aggregate(first=Min("published_at"), last=Max("published_at"))
    if edges["first"] is None:
        return []
    found, at, last = [], edges["first"].astimezone(LOCAL), edges["last"].astimezone(LOCAL)
    year, month = at.year, at.month
    while (year, month) <= (last.year, last.month):
        begins, ends = month_span(year, month)
        if items.filter(published_at__gte=begins, published_at__lt=ends).exists():
            found.append(f"{year:04d}-{month:02d}")
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def column_addresses(reader: Reader) -> list[str]:
    """Every address that the open columns own, older list pages included."""
    found = []
    for column in reader.structure["columns"]:
        base = f"/{column['path']}/"
        numbers = ListPage.objects.filter(column=column["id"]).values_list("number", flat=True)
        if composing.has_years(column):
            found += [composing.year_address(column, year) for year in lists.years(Column(pk=column["id"]))]
        if column["kind"] == composing.ANSWERS:
            found += composing.answer_addresses(reader, column)
        found += [base, f"{base}rss.xml", f"{base}atom.xml", *(f"{base}list/{number}.html" for number in numbers)]
    return [*found, *composing.service_addresses(reader), *composing.figure_addresses(reader)]
