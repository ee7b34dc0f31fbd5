"""What a detector reads: one text, and what is known about its places. Pure; offsets count characters of `Matter.text`."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

HALVES = dict.fromkeys(range(55296, 57344), 65533)
UNPRINTED = HALVES | {0: 0xFFFD}
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text. Parts do not overlap and stand in the order of the text.

    `kind` is title, keywords, description, heading, paragraph, list, table (its caption), cell, quotation, link, alt,
    caption, attachment, official or metadata. `place` is Chinese, for people: 第 3 段, 表 1 第 5 行第 2 列.
    """

    kind: str
    start: int
    end: int
    place: str


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are spans of cells, the header's row not among them; `header` is empty where the table has none."""

    start: int
    end: int
    place: str
    header: tuple[str, ...]
    rows: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """`alt` is None where the attribute is missing. `start` is where the picture stands in the text."""

    src: str
    alt: str | None
    decorative: bool
    is_map: bool
    start: int


@dataclass(frozen=True, slots=True)
class Element:
    """An element of an HTML source and the text inside it. `parent` is its place in `Matter.elements`, -1 for none."""

    tag: str
    attributes: Mapping[str, str]
    start: int
    end: int
    parent: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be read: a stable code and what its sentence needs."""

    code: str
    values: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Original:
    """What a reprint was taken from, as it was kept, and the reprint's own title and body to hold against it."""

    title: str
    text: str
    own_title: str
    own_text: str


@dataclass(frozen=True)
class Matter:
    """`html` is the source where it came as HTML; `fields` what is known beside the text (title, document_number,
    index_number, issuer, dates, columns); `attachments` the names of files that go with it.

    Halves of characters and null bytes are replaced one by one, so that offsets hold and every reader can take the text.
    """

    source: str
    text: str
    parts: tuple[Part, ...] = ()
    links: tuple[Link, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    headings: tuple[tuple[int, int, int], ...] = ()
    html: str | None = None
    fields: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    attachments: tuple[str, ...] = ()
    elements: tuple[Element, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    original: Original | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", whole(self.text))
        if self.html is not None:
            object.__setattr__(self, "html", whole(self.html))

    @cached_property
    def _starts(self) -> list[int]:
        return [part.start for part in self.parts]

    def part_at(self, offset: int) -> Part | None:
        """The part that holds the character at `offset`."""
        at = bisect_right(self._starts, offset) - 1
        if at < 0 or (self.parts[at].end <= offset and self.parts[at].start != offset):
            return None
        return self.parts[at]

    def place(self, offset: int) -> str:
        """Where this is, for people; the line where no part is known."""
        part = self.part_at(offset)
        return part.place if part else f"第 {self.text.count(chr(10), 0, offset) + 1} 行"

    def parts_of(self, *kinds: str) -> Iterator[Part]:
        return (part for part in self.parts if part.kind in kinds)

    def words(self, part: Part) -> str:
        return self.text[part.start : part.end]


def whole(text: str) -> str:
    """The text with every half of a character and every null byte replaced, of the same length."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.translate(UNPRINTED)
    return text.replace("\x00", "\ufffd")
