"""What a probe gets: one page as it was baked, and the ground it stands on. No database, no browser."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

Read = Callable[[str], bytes | None]


def marked(message: str) -> str:
    """Import this as `_`: the catalogue finds the message, and whoever shows the fault translates it."""
    return message


@dataclass(frozen=True)
class Fault:
    """What is wrong with a page, as a message and what fills it. A `hint` is shown, but not held against the page."""

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    hint: bool = False


@dataclass(frozen=True)
class Picked:
    """A page to look at: its kind (`picking`) and its address, root-relative."""

    kind: str
    address: str


class Page:
    """One baked page. `kind` says which template made it."""

    def __init__(self, picked: Picked, content: bytes) -> None:
        self.kind, self.address, self.content = picked.kind, picked.address, content
        self.tree = LexborHTMLParser(content.decode("utf-8", "replace"))

    def css(self, selector: str) -> list[LexborNode]:
        return self.tree.css(selector)

    def first(self, selector: str) -> LexborNode | None:
        return self.tree.css_first(selector)

    def has(self, selector: str) -> bool:
        return self.tree.css_first(selector) is not None

    def text(self, selector: str) -> str:
        """The words of the first such element, blanks folded."""
        found = self.tree.css_first(selector)
        return words(found) if found is not None else ""

    def meta(self, name: str) -> str | None:
        """The content of a tag, whatever case its name is written in; None where there is none."""
        for node in self.tree.css("head meta[name]"):
            if (node.attributes.get("name") or "").lower() == name.lower():
                return (node.attributes.get("content") or "").strip()
        return None

    @cached_property
    def links(self) -> list[LexborNode]:
        return self.tree.css("a[href]")

    @cached_property
    def own_addresses(self) -> frozenset[str]:
        """Addresses on this site to which the page links, without query and fragment."""
        found = ((link.attributes.get("href") or "") for link in self.links)
        return frozenset(urlsplit(href).path for href in found if href.startswith("/") and not href.startswith("//"))


def words(node: LexborNode) -> str:
    return " ".join(node.text(deep=True).split())


@dataclass(frozen=True)
class Named:
    """What the signed structure says of the site."""

    name: str
    host: str
    code: str
    columns: frozenset[str] = frozenset()  # addresses of open columns
    marks: frozenset[str] = frozenset()  # which marks the rules demand of the footer


class Ground:
    """What pages of one site share, and how other files of its deployed tree are read."""

    def __init__(self, named: Named, read: Read) -> None:
        self.named, self._read = named, read
        self._files: dict[str, bytes | None] = {}

    def file(self, address: str) -> bytes | None:
        """A file of the tree, by its root-relative address; an address of a folder is that of its index."""
        path = urlsplit(address).path
        if path not in self._files:
            self._files[path] = self._read(f"{path}index.html" if path.endswith("/") else path)
        return self._files[path]

    def size(self, address: str) -> int:
        """Bytes that are sent for it: of its packed neighbour where there is one."""
        packed = (
            self.file(f"{urlsplit(address).path}.gz")
            if not address.endswith("/")
            else self.file(f"{address}index.html.gz")
        )
        plain = self.file(address)
        return len(packed if packed is not None else plain or b"")

    @cached_property
    def home(self) -> Page | None:
        content = self.file("/")
        return Page(Picked("home", "/"), content) if content is not None else None

    @cached_property
    def in_two_clicks(self) -> frozenset[str]:
        """Addresses that the home page links to, and those that the pages of its channels link to."""
        if self.home is None:
            return frozenset()
        found = set(self.home.own_addresses)
        for node in self.home.css("body > header nav a[href^='/']"):
            address = node.attributes.get("href") or ""
            content = self.file(address)
            if content is not None:
                found |= Page(Picked("column", address), content).own_addresses
        return frozenset(found)


def sheets_of(page: Page) -> list[str]:
    return [node.attributes.get("href") or "" for node in page.css("link[rel~='stylesheet'][href]")]


def scripts_of(page: Page) -> list[str]:
    return [node.attributes.get("src") or "" for node in page.css("script[src]")]
