"""What the composer of pages may read, and the record of what it read.

Everything comes from signed-off versions, each checked against its seal and digest on the way. What a page read is
remembered as keys; a later sign-off changes keys, and the pages that read one of them are baked again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID

from django.db.models import QuerySet

from jiyue.content.models import Column, Record
from jiyue.content.relating import RELATED_KINDS
from jiyue.domain.moments import begins_day
from jiyue.estate.models import Site
from jiyue.foundation.objects import ObjectStore
from jiyue.publishing import lists
from jiyue.publishing.frame import Picture, SiteFrame
from jiyue.publishing.framing import origin_of
from jiyue.publishing.groups import whole_group_of
from jiyue.publishing.models import LISTED, ItemLink, ListPage, PublicItem, Relation, ShelfPlace
from jiyue.publishing.pages import ListItem
from jiyue.publishing.read_keys import column_key, guides_key, record_key, year_key
from jiyue.publishing.relating import offered, related_key
from jiyue.publishing.renditions import keeping
from jiyue.publishing.renditions.keeping import KeptFile
from jiyue.publishing.renditions.matter import Paper
from jiyue.publishing.sealed import SealBroken, Tie, check_item, check_relation, check_total
from jiyue.publishing.shelving import day_of, shelves_of
from jiyue.publishing.validity import Change, badge_of, changed_documents, changes_of
from jiyue.review.ledger import SignOffRefused, content_of
from jiyue.review.models import SignOff, Version
from jiyue.review.sealing import is_genuine

Found = TypeVar("Found")
CARD_LIMIT = 50_000  # cards kept in memory, about 60 MB
# Columns that must be converted row by row; a hundred thousand times is a tenth of a bake.
RARELY_READ = (
    *(f"sign_off__{name}" for name in ("identity", "signers", "instruction", "signed_at", "effective_at", "seal")),
    *(f"sign_off__version__{name}" for name in ("identity", "writers", "created_at")),
)
SUMMARY = 90  # characters of a summary in a list
CARDS_AT_ONCE = 200  # contents, of perhaps 20 kB each, read together to make cards of them
MOST_OFFERED = 16  # relations that a page looks at: some are hidden by editors, some stand elsewhere on it


class Neighbour(NamedTuple):
    """A public item as it stands beside another."""

    identity: str
    kind: str
    card: ListItem


class Reader:
    """Reads one site as it is at one moment. Not shared between threads."""

    def __init__(
        self,
        site: Site,
        structure: dict[str, Any],
        frame: SiteFrame,
        at: datetime,
        *,
        cards: dict[str, ListItem] | None = None,
        store: ObjectStore | None = None,
    ) -> None:
        """`cards` may be shared between readers: a card belongs to one sign-off and never changes.

        Without `store`, as for a preview, no document has files to take away.
        """
        self.store = store
        self.site = site
        self.structure = structure
        self.frame = frame
        self.at = at
        self.columns: dict[int, dict[str, Any]] = {column["id"]: column for column in structure["columns"]}
        self.by_path = {column["path"]: column for column in structure["columns"]}
        self._reads: set[str] = set()
        self._cards = cards if cards is not None else {}
        self._totals: dict[int, int] = {}
        self._lists: dict[tuple[int, int | None], tuple[list[ListItem], set[str]]] = {}
        self._changed: set[UUID] | None = None
        self._group: tuple[int, ...] | None = None
        self._once: dict[str, Any] = {}
        self._ties: dict[int, list[Tie]] = {}
        self._neighbours: dict[int, Neighbour] = {}
        self.files: list[KeptFile] = []
        # A page asks for its own content more than once; to check and read 20 kB of JSON again costs a tenth of a bake.
        self._latest: tuple[PublicItem, dict[str, Any]] | None = None

    @contextmanager
    def recording(self) -> Iterator[set[str]]:
        """Collect the keys read inside the block."""
        self._reads = set()
        yield self._reads

    @contextmanager
    def _apart(self) -> Iterator[set[str]]:
        """Collect the keys read inside the block by themselves."""
        outer, self._reads = self._reads, set()
        try:
            yield self._reads
        finally:
            self._reads = outer

    def forget(self) -> None:
        """Read everything anew from now on: rows may have changed."""
        self._lists.clear()
        self._totals.clear()
        self._latest = None
        self._changed = None
        self._group = None
        self._once.clear()
        self._ties.clear()
        self._neighbours.clear()

    def expect(self, items: Sequence[PublicItem]) -> None:
        """Read at once what the pages of these items will ask for one by one; what was expected before is let go.

        Raises SealBroken.
        """
        self._ties = self._ties_of([item.pk for item in items if item.kind in RELATED_KINDS])
        self._meet({pk for own, rows in self._ties.items() for pk in _best_of(own, rows)})

    def once(self, name: str, make: Callable[[], Found]) -> Found:
        """What `make` gives, made once a bake. The caller notes what it depends on."""
        if name not in self._once:
            self._once[name] = make()
        return cast(Found, self._once[name])

    def note(self, key: str) -> None:
        """Remember one more thing that the page at hand depends on."""
        self._reads.add(key)

    # ---- single records ----------------------------------------------------------------------------------------

    def item_at(self, address: str) -> PublicItem | None:
        """The item that owns an address, in whatever state."""
        item = PublicItem.objects.filter(site=self.site, address=address).select_related("sign_off__version").first()
        return check_item(item) if item else None

    def listed_item(self, identity) -> PublicItem | None:
        """A public record by its identity."""
        self._reads.add(record_key(identity))
        items = PublicItem.objects.filter(site=self.site, identity=identity, state__in=LISTED)
        item = items.select_related("sign_off__version").first()
        return check_item(item) if item else None

    def content(self, item: PublicItem) -> dict[str, Any]:
        """The signed content behind an item. Raises SealBroken when it is not what was signed."""
        self._reads.add(record_key(item.identity))
        if self._latest is None or self._latest[0] is not item:
            self._latest = item, self._content(item, item.sign_off.version)
        return self._latest[1]

    def changes_of(self, item: PublicItem) -> list[Change]:
        """What other public documents do to the document of an item."""
        if self._changed is None:
            self._changed = changed_documents()
        return list(changes_of(item.identity)) if UUID(str(item.identity)) in self._changed else []

    def files_of(self, item: PublicItem, paper: Paper) -> list[KeptFile]:
        """The document of an item as files to take away; those of the last page asked for stay in `files`."""
        self.files = []
        if self.store is not None:
            self.files, due = keeping.kept(item, paper, self.store)
            if due:
                self.note(keeping.DUE)
        return self.files

    # ---- lists -------------------------------------------------------------------------------------------------

    def newest(self, column: dict[str, Any], limit: int | None = None) -> list[ListItem]:
        """Cards of the newest items of a column: of its open page, or at most `limit`."""
        asked = (column["id"], limit)
        if asked not in self._lists:
            # Home page, channels and feeds show the same columns: each is read and checked once a bake.
            with self._apart() as reads:
                row = self._row(column)
                cards = self._cards_of(lists.newest(row) if limit is None else lists.listed(row)[:limit])
            self._lists[asked] = cards, reads
        cards, reads = self._lists[asked]
        self._reads |= reads
        return list(cards)

    def newest_below(self, column: dict[str, Any], limit: int) -> list[ListItem]:
        """Cards of the newest items of a column and everything below it."""
        cards = [card for each in self.below(column) for card in self.newest(each, limit)]
        return sorted(cards, key=lambda card: card.published_at, reverse=True)[:limit]

    def page(self, page: ListPage) -> list[ListItem]:
        """Cards of a closed list page. It reads its records, not its column: a new item does not touch it."""
        return self._cards_of(lists.items_of(page))

    def year(self, column: dict[str, Any], year: int, limit: int) -> list[ListItem]:
        """Cards of the newest items of a year. It reads the year, not its records: a change of one touches its year."""
        self.note(year_key(column["id"], year))
        with self._apart():
            return self._cards_of(lists.of_year(Column(pk=column["id"]), year)[:limit])

    def total(self, column: dict[str, Any]) -> int:
        """How many items a column shows, checked against its sealed number. Raises SealBroken."""
        self._row(column)
        return self._totals[column["id"]]

    def contents_in(self, column: dict[str, Any], limit: int = 500) -> list[tuple[PublicItem, dict[str, Any]]]:
        """Items of a column with their contents; for columns that are read whole (leaders, institutions, topics)."""
        items = list(lists.listed(self._row(column)).select_related("sign_off__version")[:limit])
        return [(check_item(item), self.content(item)) for item in items]

    def row_of(self, column: dict[str, Any]) -> Column:
        """The row of a column, whose sealed number of items is checked once a bake. Raises SealBroken."""
        return self._row(column)

    def listed_contents(self, items: QuerySet[PublicItem]) -> list[tuple[PublicItem, dict[str, Any]]]:
        """Items with their signed contents, in order. Raises SealBroken."""
        return [(check_item(item), self.content(item)) for item in items.select_related("sign_off__version")]

    def card_of(self, item: PublicItem, content: dict[str, Any]) -> ListItem:
        return self._card(item, content)

    def interpretations_of(self, identity) -> list[tuple[PublicItem, dict[str, Any]]]:
        """Public interpretations that say they explain this document."""
        return self._naming(identity, Record.Kind.INTERPRETATION)

    def services_of(self, identity) -> list[tuple[PublicItem, dict[str, Any]]]:
        """Public service guides that name this document."""
        return self._naming(identity, Record.Kind.SERVICE_GUIDE)

    def answers_about(self, service: str, limit: int) -> list[tuple[PublicItem, dict[str, Any]]]:
        """The newest public answers that say they are about this service item, by its identity."""
        self.note(record_key(service))
        pairs = self._of_service(service, Record.Kind.PUBLIC_ANSWER, limit)
        return [pair for pair in pairs if (pair[1]["detail"].get("service") or {}).get("identity") == service]

    def guides_of(self, service: str, limit: int) -> list[tuple[PublicItem, dict[str, Any]]]:
        """The public guides of a service item, newest first. It reads the item's guides, not what else names it."""
        self.note(guides_key(service))
        pairs = self._of_service(service, Record.Kind.SERVICE_GUIDE, limit)
        return [pair for pair in pairs if (pair[1]["detail"]["item"] or {}).get("identity") == service]

    def _of_service(self, service: str, kind: str, limit: int) -> list[tuple[PublicItem, dict[str, Any]]]:
        items = PublicItem.objects.filter(site=self.site, kind=kind, state__in=LISTED, links__target=service)
        return self.listed_contents(items.order_by("-published_at", "-serial")[:limit])

    def results_about(self, identity) -> list[tuple[PublicItem, dict[str, Any]]]:
        """Public results that name this campaign or this document in what was signed."""
        pairs = [pair for pair in self._linked_to(identity) if pair[0].kind == Record.Kind.CAMPAIGN_RESULT]
        own = str(identity)
        return [pair for pair in pairs if own in (pair[1]["detail"]["campaign"], pair[1]["detail"]["final_document"])]

    def transcripts_of(self, identity) -> list[tuple[PublicItem, dict[str, Any]]]:
        """Public transcripts that say they are of this interview."""
        pairs = [pair for pair in self._linked_to(identity) if pair[0].kind == Record.Kind.TRANSCRIPT]
        return [pair for pair in pairs if pair[1]["detail"]["meeting"] == str(identity)]

    def documents_after(self, identity) -> list[tuple[PublicItem, dict[str, Any]]]:
        """Public policy documents that say their draft was in this opinion call."""
        pairs = [pair for pair in self._linked_to(identity) if pair[0].kind == Record.Kind.POLICY_DOCUMENT]
        return [pair for pair in pairs if pair[1]["detail"].get("opinion_call") == str(identity)]

    def told_of(self, identity) -> list[ListItem]:
        """Cards of the public items that belong to a topic, newest first."""
        pairs = [(item, content) for item, content in self._linked_to(identity) if content["topic"] == str(identity)]
        return [self._card(item, content) for item, content in reversed(pairs)]

    def _naming(self, identity, kind: str) -> list[tuple[PublicItem, dict[str, Any]]]:
        """Public items of a kind that name this document in what was signed; a row of a link alone proves nothing."""
        pairs = [(item, content) for item, content in self._linked_to(identity) if item.kind == kind]
        return [(item, content) for item, content in pairs if str(identity) in content["detail"].get("documents", ())]

    def _linked_to(self, identity) -> Iterator[tuple[PublicItem, dict[str, Any]]]:
        self._reads.add(record_key(identity))
        links = ItemLink.objects.filter(target=identity, item__site=self.site, item__state__in=LISTED)
        for link in links.select_related("item__sign_off__version").order_by("item__published_at", "item__serial"):
            yield check_item(link.item), self.content(link.item)

    def related_to(self, item: PublicItem, content: dict[str, Any]) -> list[Neighbour]:
        """What an item chose and what chose it, best first; of a preview what it would choose. Raises SealBroken."""
        if item._state.adding:
            return self._neighbours_of([check_item(row.item) for row in offered(self.site.pk, content)])
        self.note(related_key(item.identity))
        rows = self._ties[item.pk] if item.pk in self._ties else self._ties_of([item.pk])[item.pk]
        best = _best_of(item.pk, rows)
        self._meet(best)
        found = [self._neighbours[pk] for pk in best]
        self._reads |= {record_key(each.identity) for each in found}
        return found

    def _meet(self, keys: Iterable[int]) -> None:
        """Make neighbours of items that are none yet: most stand beside several others."""
        if len(self._neighbours) > CARD_LIMIT:
            self._neighbours.clear()
        missing = [pk for pk in keys if pk not in self._neighbours]
        for start in range(0, len(missing), CARDS_AT_ONCE):
            items = PublicItem.objects.filter(pk__in=missing[start : start + CARDS_AT_ONCE])
            found = [check_item(item) for item in items]
            self._neighbours |= {item.pk: each for item, each in zip(found, self._neighbours_of(found), strict=True)}

    def _ties_of(self, keys: list[int]) -> dict[int, list[Tie]]:
        """By item: what it chose and what chose it, of what is shown. Raises SealBroken."""
        found: dict[int, list[Tie]] = {pk: [] for pk in keys}
        rows = Relation.objects.values_list(*Tie._fields)
        for row in map(Tie._make, rows.filter(item__in=keys, target__state__in=LISTED)):
            found[row.item_id].append(check_relation(row))
        for row in map(Tie._make, rows.filter(target__in=keys, item__state__in=LISTED)):
            found[row.target_id].append(check_relation(row))
        return found

    def neighbours(self, identities: list[str]) -> list[Neighbour]:
        """The public items of these identities, in this order; what is not public is left out."""
        if not identities:
            return []
        self._reads |= {record_key(identity) for identity in identities}
        items = PublicItem.objects.filter(site=self.site, identity__in=identities, state__in=LISTED)
        found = {str(item.identity): item for item in items}
        return self._neighbours_of([check_item(found[identity]) for identity in identities if identity in found])

    def _neighbours_of(self, items: list[PublicItem]) -> list[Neighbour]:
        cards = self._cards_in_order(items)
        return [Neighbour(str(item.identity), item.kind, card) for item, card in zip(items, cards, strict=True)]

    # ---- the policy library ------------------------------------------------------------------------------------

    def whole_group(self) -> tuple[int, ...]:
        """The site with everything below it, by their keys; empty where nothing is below. Whoever shows it notes the group."""
        if self._group is None:
            self._group = whole_group_of(self.site)
        return self._group

    def shelved(self, places: QuerySet[ShelfPlace]) -> list[tuple[PublicItem, ListItem]]:
        """Documents of these places, of whichever site, with their cards. Raises SealBroken for one that does not belong."""
        rows = list(places.select_related("item__site"))
        cards = self._cards_in_order([check_item(row.item) for row in rows])
        for row, card in zip(rows, cards, strict=True):
            if row.shelf not in card.shelves or (row.on, row.serial) != (card.dated_on, row.item.serial):
                raise SealBroken(f"shelves:{row.item.identity}")
        return [(row.item, card) for row, card in zip(rows, cards, strict=True)]

    def card_for(self, item: PublicItem, card: ListItem) -> ListItem:
        """A card as this site shows it: what another site keeps has the address there."""
        return card if item.site_id == self.site.pk else replace(card, address=self.address_of(item))

    def address_of(self, item: PublicItem) -> str:
        """Where an item is found from this site."""
        return item.address if item.site_id == self.site.pk else origin_of(item.site.host) + item.address

    def explaining(self, documents: list[PublicItem]) -> dict[UUID, list[tuple[PublicItem, dict[str, Any]]]]:
        """Public interpretations of documents, each on the site of its document, by the document's identity."""
        self._reads |= {record_key(document.identity) for document in documents}
        sites = {document.identity: document.site_id for document in documents}
        links = ItemLink.objects.filter(target__in=sites, item__kind=Record.Kind.INTERPRETATION, item__state__in=LISTED)
        found: dict[UUID, list[tuple[PublicItem, dict[str, Any]]]] = {}
        links = links.select_related("item__sign_off__version", "item__site")
        for link in links.order_by("item__published_at", "item__serial"):
            content = self.content(check_item(link.item))
            if link.item.site_id == sites[link.target] and str(link.target) in content["detail"]["documents"]:
                found.setdefault(link.target, []).append((link.item, content))
        return found

    # ---- columns -----------------------------------------------------------------------------------------------

    def open_columns(self) -> list[dict[str, Any]]:
        return [column for column in self.structure["columns"] if not column["closed"]]

    def below(self, column: dict[str, Any]) -> list[dict[str, Any]]:
        """A column and all open columns below it."""
        prefix = f"{column['path']}/"
        return [each for each in self.open_columns() if each is column or each["path"].startswith(prefix)]

    def list_pages(self, column: dict[str, Any]) -> QuerySet[ListPage]:
        return ListPage.objects.filter(column=column["id"])

    def _row(self, column: dict[str, Any]) -> Column:
        self._reads.add(column_key(column["id"]))
        row = Column(pk=column["id"], site=self.site)
        if column["id"] not in self._totals:
            self._totals[column["id"]] = check_total(row)
        return row

    # ---- cards -------------------------------------------------------------------------------------------------

    def _cards_of(self, items: QuerySet[PublicItem]) -> list[ListItem]:
        return self._cards_in_order([check_item(item) for item in items])

    def _cards_in_order(self, found: list[PublicItem]) -> list[ListItem]:
        self._load(found)
        self._reads |= {record_key(item.identity) for item in found}
        return [self._cards[self._card_key(item)] for item in found]

    def _load(self, items: list[PublicItem]) -> None:
        if len(self._cards) > CARD_LIMIT:
            self._cards.clear()
        items = [item for item in items if self._card_key(item) not in self._cards]
        for start in range(0, len(items), CARDS_AT_ONCE):
            piece = items[start : start + CARDS_AT_ONCE]
            rows = _sign_offs_of(piece)
            for item in piece:
                item.sign_off = rows[item.sign_off_id]
                self._cards[self._card_key(item)] = self._card(item, self._content(item, item.sign_off.version))

    def _card_key(self, item: PublicItem) -> str:
        return f"{item.site_id}:{item.sign_off_id}:{item.state}:{item.validity}:{item.address}"

    def _card(self, item: PublicItem, content: dict[str, Any]) -> ListItem:
        detail = content["detail"]
        return ListItem(
            title=content["title"],
            address=item.address,
            published_at=item.published_at,
            **_exactness(item, content),
            source=content["source"],
            summary=shortened(content["summary"]),
            document_number=detail.get("document_number", ""),
            validity=badge_of(item),
            picture=picture_of(content["cover"]),
            **_document_facts(item, content),
        )

    def _content(self, item: PublicItem, version: Version) -> dict[str, Any]:
        try:
            return content_of(version, digest=item.version_digest)
        except SignOffRefused as error:
            raise SealBroken(f"version:{item.identity}") from error


def _best_of(own: int, rows: list[Tie]) -> list[int]:
    """Keys of the items at the other end, best first, the newer of two alike; no more than a page looks at."""
    scores: dict[int, int] = defaultdict(int)
    for row in rows:
        other = row.target_id if row.item_id == own else row.item_id
        scores[other] = max(scores[other], row.score)
    return sorted(scores, key=lambda pk: (-scores[pk], -pk))[:MOST_OFFERED]


def to_bake(site: Site) -> QuerySet[PublicItem]:
    """Every item of a site with what its page is made of. What few pages ask for is read when they ask."""
    items = PublicItem.objects.filter(site=site).select_related("sign_off__version").order_by("pk")
    return items.defer(*RARELY_READ)


def _sign_offs_of(items: list[PublicItem]) -> dict[int, SignOff]:
    rows = SignOff.objects.filter(pk__in=[item.sign_off_id for item in items]).select_related("version")
    return {row.pk: row for row in rows}


def hour_known(content: dict[str, Any]) -> bool:
    """Is the hour of publication known, or only its day? Only what was published elsewhere before can lack it."""
    original = content["original"]["published_at"]
    return not (original and begins_day(datetime.fromisoformat(original)))


def _exactness(item: PublicItem, content: dict[str, Any]) -> dict[str, Any]:
    """What a card says of its hour; without one, the signed moment at which this platform took the item in."""
    if hour_known(content):
        return {}
    if not is_genuine(item.sign_off):
        raise SealBroken(f"sign-off:{item.identity}")
    return {"hour_known": False, "updated_at": item.sign_off.effective_at}


def _document_facts(item: PublicItem, content: dict[str, Any]) -> dict[str, Any]:
    """What the policy library shows of a document besides."""
    if item.kind != Record.Kind.POLICY_DOCUMENT:
        return {}
    shelves = tuple(sorted(shelves_of(item, content)))
    return {"issuer": content["detail"].get("issuer", ""), "dated_on": day_of(item, content), "shelves": shelves}


def picture_of(facts: dict[str, Any] | None) -> Picture | None:
    if not facts:
        return None
    return Picture(address=facts["address"], alt=facts.get("alt", ""), width=facts["width"], height=facts["height"])


def shortened(text: str) -> str:
    return text if len(text) <= SUMMARY else f"{text[: SUMMARY - 1]}…"
