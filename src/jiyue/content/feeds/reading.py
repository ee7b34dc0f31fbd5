"""Bytes of a feed to entries. Nothing here touches the database or the network, and nothing a feed says is trusted.

No DTD is read, no entity is resolved but XML's own five, no other file is asked for; a document that declares entities is
refused. A wrong charset is repaired from the bytes where that is possible.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

from jiyue.checks.reading.bounds import Unread
from jiyue.checks.reading.decoding import decoded
from jiyue.checks.reading.parsing import parsed
from jiyue.content.sanitising import clean_text

SHANGHAI = timezone(timedelta(hours=8))
MOST_ENTRIES = 300  # newest first; what a portal published before is not news
LONGEST_TITLE, LONGEST_ADDRESS = 200, 400
AHEAD = timedelta(hours=1)  # clocks differ; a date further ahead is no date of release
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # no government site is older
DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]{2,30})")
META = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.I)
ENTITIES = re.compile(r"<!\s*ENTITY", re.I)
DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)日?(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
DAY_IN_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/]?(\d\d)[-/]?(\d\d)(?!\d)")
SHORTEST_HEADLINE = 8
# A stranger decides how deep and how often things stand inside each other: what is looked at for one entry is bounded.
MOST_PARTS = 300  # elements inside one entry
LONGEST_PART = 4000  # characters
MOST_LINKS = 5000  # of one page
MOST_AROUND = 120  # nodes around a headline that may still be its line
PARTS: Final = frozenset(
    {"title", "link", "guid", "id", "loc", "pubdate", "date", "published", "updated", "publication_date", "lastmod"}
)


class Unreadable(Exception):
    """The answer is no feed. `code`: empty, entities, no_entries, binary …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Entry:
    """One item: `key` is what the source calls it, `stated` its date as written, `released_at` None where that is no use."""

    key: str
    title: str
    address: str
    released_at: datetime | None
    stated: str


def read_feed(body: bytes, *, address: str, charset: str = "", now: datetime) -> list[Entry]:
    """The entries, at most MOST_ENTRIES, in the order of the source. Raises Unreadable."""
    text = _text(body, charset)
    root = _root(text)
    if root is not None and _name(root) == "sitemapindex":
        raise Unreadable("sitemap_index")
    found = _entries(root) if root is not None else None
    raw = _of_page(text, address) if found is None else found
    entries: dict[str, Entry] = {}
    for title, link, key, stated in _readable(raw):
        entry = _entry(title, link, key, stated, base=address, now=now)
        if entry is not None:
            entries.setdefault(entry.key, entry)
        if len(entries) >= MOST_ENTRIES:
            break
    if not entries and found is None:
        raise Unreadable("no_entries")
    return list(entries.values())


def moment_of(stated: str, *, now: datetime) -> datetime | None:
    """The moment a source states, without an offset in Asia/Shanghai; None when it is none, in the future or too old."""
    found = _moment(stated.strip())
    if found is None:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
    return aware if EARLIEST <= aware <= now + AHEAD else None


# ---- text ------------------------------------------------------------------------------------------------------------


def _text(body: bytes, charset: str) -> str:
    if not body.strip():
        raise Unreadable("empty")
    declared = ENCODING.search(body[:300]) or META.search(body[:4096])
    named = declared[1].decode("ascii") if declared else charset
    try:
        text, _notes = decoded(body, declared=named)
    except Unread as unread:
        raise Unreadable(unread.code) from unread
    return clean_text(text.removeprefix("\ufeff"))


def _root(text: str) -> Any | None:
    """The root of an XML document; None when this is a page of HTML."""
    head = text.lstrip()[:2000].lower()
    if not any(f"<{tag}" in head for tag in ("rss", "feed", "rdf:rdf", "urlset", "sitemapindex")):
        return None
    if ENTITIES.search(text):
        raise Unreadable("entities")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(DECLARATION.sub("", text).strip().encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("broken_xml") from error


# ---- kinds of feeds: (title, link, key, stated) ------------------------------------------------------------------------

Raw = tuple[str, str, str, str]


def _readable(found: Iterator[Raw]) -> Iterator[Raw]:
    """The same; a character that no text can hold (half of a pair, by its number) makes the document unreadable."""
    try:
        yield from found
    except UnicodeDecodeError as error:
        raise Unreadable("broken_xml") from error


def _entries(root: Any) -> Iterator[Raw]:
    for node in root.iter():
        match _name(node):
            case "item":
                parts = _parts(node)
                link = parts.get("link", "") or parts.get("guid", "")
                yield (
                    parts.get("title", ""),
                    link,
                    parts.get("guid", "") or link,
                    parts.get("pubdate") or parts.get("date", ""),
                )
            case "entry":
                parts = _parts(node)
                link = _atom_link(node)
                stated = parts.get("published") or parts.get("updated", "")
                yield parts.get("title", ""), link, parts.get("id", "") or link, stated
            case "url":
                parts = _parts(node)
                yield (
                    parts.get("title", ""),
                    parts.get("loc", ""),
                    parts.get("loc", ""),
                    (parts.get("publication_date") or parts.get("lastmod", "")),
                )


def _parts(node: Any) -> dict[str, str]:
    """The words of the elements inside that say something, by local name in lower case; the first of a name counts."""
    found: dict[str, str] = {}
    for child in islice(node.iterdescendants(), MOST_PARTS):
        name = _name(child)
        if name in PARTS and name not in found:
            found[name] = "".join(islice(child.itertext(), MOST_PARTS))[:LONGEST_PART].strip()
    return found


def _name(node: Any) -> str:
    return etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""


def _atom_link(node: Any) -> str:
    links = [child for child in node if _name(child) == "link" and child.get("href")]
    plain = [link for link in links if link.get("rel", "alternate") == "alternate"]
    return (plain or links)[0].get("href") if links else ""


def _of_page(text: str, address: str) -> Iterator[Raw]:
    """Headlines of a list page: links to the same host with enough words and a date beside them or in their address."""
    host = urlsplit(address).hostname
    try:
        page = parsed(text)
    except Unread as unread:
        raise Unreadable(unread.code) from unread
    for node in page.css("a[href]")[:MOST_LINKS]:
        link = _joined(address, (node.attributes.get("href") or "").strip())
        title = (node.attributes.get("title") or "").strip() or node.text(strip=True)
        if len(title) < SHORTEST_HEADLINE or not link or urlsplit(link).hostname != host:
            continue
        stated = _day_beside(node) or _day_in(link)
        if stated:
            yield title, link, link, stated


def _joined(base: str, link: str) -> str:
    """Where a link leads; empty for one that is no address."""
    try:
        return urlsplit(urljoin(base, link)).geturl()
    except ValueError:
        return ""


def _is_line(node: LexborNode) -> bool:
    """Is this the line of one headline? Looks no further than it takes to say no."""
    links = 0
    for number, inner in enumerate(node.traverse()):
        links += inner.tag == "a"
        if links > 2 or number > MOST_AROUND:
            return False
    return True


def _day_beside(node: LexborNode) -> str:
    around = node.parent
    for _level in range(2):
        if around is None or around.tag in ("ul", "ol", "table", "tbody", "body") or not _is_line(around):
            return ""
        found = DAY.search(around.text(separator=" "))
        if found:
            return found[0]
        around = around.parent
    return ""


def _day_in(link: str) -> str:
    found = DAY_IN_ADDRESS.search(urlsplit(link).path)
    return "-".join(found.groups()) if found else ""


# ---- one entry -------------------------------------------------------------------------------------------------------


def _entry(title: str, link: str, key: str, stated: str, *, base: str, now: datetime) -> Entry | None:
    """None for what leads nowhere. A title may hold markup; only its words stay."""
    address = _joined(base, link.strip())
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(address) > LONGEST_ADDRESS:
        return None
    words = (
        " ".join(LexborHTMLParser(title).text().split()) if "<" in title or "&" in title else " ".join(title.split())
    )
    return Entry(
        key=key.strip() or address, title=(words or address)[:LONGEST_TITLE], address=address,
        released_at=moment_of(stated, now=now), stated=" ".join(stated.split())[:60],
    )  # fmt: skip


def _moment(stated: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime, _by_pattern):
        try:
            found = read(stated)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if found is not None:
            return found
    return None


def _by_pattern(stated: str) -> datetime | None:
    found = DAY.search(stated)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups(default="0"))
    return datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
