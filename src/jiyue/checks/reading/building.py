"""A matter put together piece by piece: each piece of text becomes a part, and lines stand between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jiyue.checks.matter import NOTHING, Element, Link, Matter, Part, Picture, Table, Trouble

Span = tuple[int, int]


@dataclass
class Builder:
    """`add` gives the span of what was added; everything else is gathered as it is met."""

    source: str
    parts: list[Part] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    headings: list[tuple[int, int, int]] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, text: str, place: str) -> Span:
        """One part; nothing is added for an empty text."""
        if not text:
            return self.length, self.length
        start, end = self.length, self.length + len(text)
        self.pieces += (text, "\n")
        self.length = end + 1
        self.parts.append(Part(kind, start, end, place))
        return start, end

    def next(self, what: str) -> int:
        """The next number of this sort of thing, from 1."""
        self.counts[what] = self.counts.get(what, 0) + 1
        return self.counts[what]

    def paragraph(self, text: str, kind: str = "paragraph") -> Span:
        return self.add(kind, text, f"第 {self.next('段')} 段") if text else (self.length, self.length)

    def heading(self, level: int, text: str) -> Span:
        start, end = self.add("heading", text, f"第 {self.next('小标题')} 个小标题")
        if end > start:
            self.headings.append((level, start, end))
        return start, end

    def table(self, rows: Sequence[Sequence[str]], *, header: bool, caption: str = "", place: str = "") -> None:
        """A table given as texts; with `header` its first row holds the names of the columns."""
        place = place or f"表 {self.next('表')}"
        start = self.length
        self.add("table", caption, f"{place} 的标题")
        spans = []
        for number, row in enumerate(rows, 1):
            at = f"{place} 第 {number} 行第 %d 列"
            spans.append(tuple(self.add("cell", cell, at % column) for column, cell in enumerate(row, 1)))
        names = tuple(rows[0]) if header and rows else ()
        body = tuple(spans[1:] if names else spans)
        self.tables.append(Table(start, max(start, self.length - 1), place, names, body))

    def matter(self, *, html: str | None = None, fields: Mapping[str, str] = NOTHING) -> Matter:
        return Matter(
            source=self.source,
            text="".join(self.pieces),
            parts=tuple(self.parts),
            links=tuple(self.links),
            tables=tuple(self.tables),
            pictures=tuple(self.pictures),
            headings=tuple(self.headings),
            html=html,
            fields=fields,
            attachments=tuple(self.attachments),
            elements=tuple(self.elements),
            troubles=tuple(self.troubles),
        )
