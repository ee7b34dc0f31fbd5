"""From public items to entries: only what is signed, deployed and stands in the public tree this very moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from jiyue.content.models import ServiceItem
from jiyue.content.models.records import Record
from jiyue.content.needs import Audience, LifeEvent, Theme
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.publishing.framing import origin_of
from jiyue.publishing.models import LISTED, Publication, PublicItem, SitePublication
from jiyue.publishing.projection import LOCAL
from jiyue.publishing.reading import hour_known
from jiyue.publishing.sealed import SealBroken, check_item
from jiyue.publishing.validity import badge_of
from jiyue.review.ledger import content_of
from jiyue.search.attachments import Key, Texts, key_of_file
from jiyue.search.deployed import stands
from jiyue.search.entries import Attached, Entry
from jiyue.search.lexicon import Lexicon, Place, Promoted
from jiyue.search.models import PromotedAnswer, SynonymGroup

# Facets whose values are codes of ours, with their names.
CODED = {
    "item_class": ServiceItem.ItemClass.choices, "theme": Theme.choices, "audience": Audience.choices,
    "event": LifeEvent.choices,
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """An item with its entry, the names of attachments that cannot be read, and those that nobody has read yet."""

    item: PublicItem
    entry: Entry
    unread: str
    waits_for: frozenset[Key]
    files: frozenset[Key]


@dataclass
class Gathered:
    """What is to be put into the index and taken out of it."""

    entries: list[Made] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


class Gatherer:
    """Reads public items of one home. Column paths are remembered for one round."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.texts = Texts(home)
        self._structures: dict[int, dict[int, dict[str, Any]]] = {}

    def forget(self) -> None:
        """Read structures anew."""
        self._structures.clear()

    def gather(self, site: Site, identities: Iterable[UUID]) -> Gathered:
        """What the index must hold of these records of a site. What is not public in every respect is gone."""
        wanted = set(identities)
        found = Gathered()
        items = PublicItem.objects.filter(site=site, identity__in=wanted).select_related("sign_off__version", "site")
        for item in items:
            made = self.made(item)
            if made is not None:
                wanted.discard(item.identity)
                found.entries.append(made)
        found.gone = [key_of(site.pk, identity) for identity in wanted]
        return found

    def made(self, item: PublicItem) -> Made | None:
        """What the index must hold of an item; None unless it is public this moment."""
        if item.state not in LISTED or not self._is_deployed(item):
            return None
        try:
            check_item(item)
        except SealBroken:
            return None
        content = content_of(item.sign_off.version, digest=item.version_digest)
        columns = self._columns(item.site_id)
        if item.column_id not in columns:
            return None
        files = {facts["name"]: key for facts in content["files"] if (key := _key(facts)) is not None}
        read = {name: self.texts.of(key) for name, key in files.items()}
        attached = [Attached(name=name, text=(found and found.text) or "") for name, found in read.items()]
        return Made(
            item,
            self._entry(item, content, columns, attached),
            "、".join(name for name, found in read.items() if found is not None and found.text is None)[:300],
            frozenset(files[name] for name, found in read.items() if found is None),
            frozenset(files.values()),
        )

    def _is_deployed(self, item: PublicItem) -> bool:
        """Has its sign-off (and that of its placement) gone out, and does its page stand in the tree?"""
        rows = {item.sign_off_id, item.placed_by_id} - {None}
        out = Publication.objects.filter(sign_off__in=rows, state=Publication.State.DEPLOYED).count() == len(rows)
        return out and stands(self.home, item.site.host, item.address)

    def _columns(self, site_id: int) -> dict[int, dict[str, Any]]:
        if site_id not in self._structures:
            self._structures[site_id] = columns_of(site_id)
        return self._structures[site_id]

    def _entry(
        self, item: PublicItem, content: dict[str, Any], columns: dict[int, dict[str, Any]], attached: list[Attached]
    ) -> Entry:
        detail = content["detail"]
        service = detail.get("item") or {}
        at = item.published_at.astimezone(LOCAL)
        issued = detail.get("issued_on") or detail.get("written_on") or ""
        return Entry(
            key=key_of(item.site_id, item.identity),
            site=item.site_id,
            address=item.address,
            column=item.column_id,
            columns=tuple(_chain(columns, item.column_id)),
            kind=content["kind"],
            title=content["title"],
            subtitle=content["subtitle"],
            text="\n".join(part for part in (content["summary"], content["text"]) if part),
            published=int(at.timestamp()),
            year=date.fromisoformat(issued[:10]).year if issued else at.year,
            hour_known=hour_known(content),
            number=detail.get("document_number") or "",
            index_number=detail.get("index_number") or "",
            issuers=tuple(name.strip() for name in (detail.get("issuer") or "").split("、") if name.strip()),
            source=content["source"],
            validity=badge_of(item),
            item_class=service.get("item_class", ""),
            themes=_codes("themes", detail, service),
            audiences=_codes("audiences", detail, service),
            events=_codes("life_events", detail, service),
            keywords=tuple(content["keywords"]),
            attachments=tuple(attached),
        )


def _codes(name: str, *parts: dict[str, Any]) -> tuple[str, ...]:
    """For whom or for what a document or the item of a guide is, as codes."""
    return tuple(dict.fromkeys(code for part in parts for code in part.get(name, ())))


def _key(facts: dict[str, Any]) -> Key | None:
    """How the text of one file of a version is asked for; pictures hold none."""
    return None if "width" in facts else key_of_file(facts["digest"], facts["name"])


def key_of(site: int, identity: UUID) -> str:
    """The key of a record as one site shows it."""
    return f"{site}:{identity}"


def columns_of(site_id: int) -> dict[int, dict[str, Any]]:
    """The columns of the structure that the site shows, by their key; none before the first."""
    state = SitePublication.objects.select_related("structure__version").filter(site=site_id).first()
    if state is None or state.structure is None:
        return {}
    structure = content_of(state.structure.version, digest=state.structure.version_digest)
    return {column["id"]: column for column in structure["columns"]}


def lexicon(home: Home) -> Lexicon:
    """Names, synonyms and promoted answers, as the newest release of each site shows them."""
    published = SitePublication.objects.filter(structure__isnull=False, release__gt=0).select_related("site")
    published = published.exclude(site__status=Site.Status.CLOSED)
    sites = {
        state.site_id: Place(host=state.site.host, origin=origin_of(state.site.host), name=state.profile["name"])
        for state in published
    }
    names = {key: column["name"] for site in sites for key, column in columns_of(site).items() if not column["closed"]}
    return Lexicon(
        sites=sites,
        columns=names,
        kinds={str(value): str(label) for value, label in Record.Kind.choices},
        codes={facet: {str(code): str(name) for code, name in choices} for facet, choices in CODED.items()},
        groups=tuple(tuple(group.word_list) for group in SynonymGroup.objects.filter(ended_at=None)),
        promoted=tuple(_promoted(home)),
    )


def _promoted(home: Home) -> Iterator[Promoted]:
    gatherer = Gatherer(home)
    for row in PromotedAnswer.objects.filter(ended_at=None).order_by("position", "pk"):
        item = PublicItem.objects.filter(site=row.site_id, identity=row.record).select_related(
            "sign_off__version", "site"
        )
        made = gatherer.made(found) if (found := item.first()) else None
        if made is not None:
            title, address = made.entry.title, made.entry.address
            yield Promoted(site=row.site_id, words=tuple(row.word_list), title=title, address=address)


def _chain(columns: dict[int, dict[str, Any]], column: int) -> Iterator[int]:
    at: int | None = column
    while at is not None and at in columns:
        yield at
        at = columns[at]["parent"]
