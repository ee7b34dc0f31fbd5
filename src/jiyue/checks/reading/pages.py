"""HTML: all text a page carries, hidden or not, with the element that holds it. Never judged by what a browser shows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from jiyue.checks.matter import Element, Link, Matter, Picture, Table, Trouble, whole
from jiyue.checks.reading.bounds import Unread
from jiyue.checks.reading.building import Builder, Span
from jiyue.checks.reading.parsing import parsed, words_between_tags

_SPACES = re.compile(r"[ \t\r\n\f]+")
# A line break of the source between two Chinese characters is layout of the file, not a space of the text.
_CJK_BREAK = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\u9fff\uff00-\uffef])")
_SILENT = frozenset({"script", "style", "head", "iframe", "object", "embed", "applet", "title", "meta", "link", "base"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "legend", "li", "main", "marquee", "menu", "nav", "noscript", "ol", "option", "p", "pre",
    "section", "select", "summary", "table", "tbody", "td", "template", "tfoot", "th", "thead", "tr", "ul", "video",
    "audio", "textarea",
})  # fmt: skip
_KINDS = {"li": "list", "dd": "list", "dt": "list", "td": "cell", "th": "cell", "caption": "table",
          "blockquote": "quotation", "figcaption": "caption", "option": "list"}  # fmt: skip
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_META = {
    "articletitle": "title", "pubdate": "published_on", "contentsource": "issuer", "columnname": "columns",
    "sitename": "site", "author": "author",
}  # fmt: skip
_MOST_SPAN = 60


def matter_of_html(html: str, *, source: str = "") -> Matter:
    """Head first (title, keywords, description), then the body, then alternative texts. Takes any string."""
    html = whole(html)
    try:
        page = parsed(html)
    except Unread:
        return Matter(source, words_between_tags(html), troubles=(Trouble("suspicious", {"name": source}),))
    builder = Builder(source)
    fields = _head(page, builder)
    if page.body is not None:
        _Walk(builder).run(page.body)
    for number, picture in enumerate(builder.pictures, 1):
        builder.add("alt", " ".join((picture.alt or "").split()), f"第 {number} 张图片的替代文字")
    return builder.matter(html=html, fields=fields)


def _head(page: LexborHTMLParser, builder: Builder) -> Mapping[str, str]:
    fields: dict[str, str] = {}
    title = page.css_first("title")
    named = " ".join((title.text() or "").split()) if title is not None else ""
    builder.add("title", named, "网页标题")
    for meta in page.css("meta"):
        attributes = meta.attributes
        name = (attributes.get("name") or attributes.get("property") or "").lower()
        content = " ".join((attributes.get("content") or "").split())
        if not name or not content:
            continue
        fields.setdefault(f"meta.{name}", content)
        fields.setdefault(_META.get(name, f"meta.{name}"), content)
        if name in ("keywords", "description"):
            builder.add(name, content, "网页关键词" if name == "keywords" else "网页描述")
        elif name == "articletitle":
            builder.add("metadata", content, "网页元数据 ArticleTitle")
    fields.setdefault("title", named)
    return fields


@dataclass
class _Grid:
    """A table while it is read; cells that span rows and columns stand in each place they cover."""

    start: int
    piece: int
    place: str
    rows: list[list[Span]] = field(default_factory=list)
    named: list[bool] = field(default_factory=list)
    carried: dict[int, tuple[int, Span]] = field(default_factory=dict)

    def row(self) -> None:
        self.rows.append([])
        self.named.append(True)

    def cell(self, span: Span, node: LexborNode) -> None:
        if not self.rows:
            self.row()
        self.fill()
        attributes = node.attributes
        wide, high = _number(attributes.get("colspan")), _number(attributes.get("rowspan"))
        row = self.rows[-1]
        for _column in range(wide):
            if high > 1:
                self.carried[len(row)] = (high - 1, span)
            row.append(span)
        self.named[-1] = self.named[-1] and node.tag == "th"

    def fill(self) -> None:
        """Put what reaches down from rows above where the next cell would stand."""
        if not self.rows:
            return
        row = self.rows[-1]
        while self.carried.get(len(row), (0, (0, 0)))[0]:
            left, span = self.carried[len(row)]
            self.carried[len(row)] = (left - 1, span)
            row.append(span)


def _number(text: str | None) -> int:
    return max(1, min(_MOST_SPAN, int(text))) if text and text.isascii() and text.isdigit() and len(text) < 5 else 1


class _Walk:
    """Depth first without recursion: a tower of elements must not exhaust the stack."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._line: list[str] = []
        self._size = 0
        self._open: list[tuple[LexborNode, int, int]] = []  # node, its place in elements, start
        self._kinds: list[str] = []
        self._grids: list[_Grid] = []
        self._links: list[tuple[str, int, int]] = []
        self._elements: list[tuple[str, Mapping[str, str], int, int, int]] = []

    def run(self, root: LexborNode) -> None:
        self._enter(root)
        node = root.first_child
        while True:
            if node is None:
                if not self._open:
                    break
                closed = self._open[-1][0]
                self._leave()
                node = closed.next if self._open else None
                if not self._open:
                    break
                continue
            tag = node.tag or ""
            if tag == "-text":
                self._text(node.text_content or "")
            elif not tag.startswith(("-", "!")) and tag not in _SILENT:
                self._enter(node)
                node = node.first_child
                continue
            node = node.next
        self._builder.elements.extend(Element(*element) for element in self._elements)
        text = "".join(self._builder.pieces)
        self._builder.links += [Link(href, text[start:end], start, end) for href, start, end in self._links]

    def _position(self) -> int:
        return self._builder.length + self._size

    def _end(self) -> int:
        return self._position() if self._size else max(0, self._builder.length - 1)

    def _text(self, text: str) -> None:
        words = _SPACES.sub(" ", _CJK_BREAK.sub("", text))
        if not self._size or self._line[-1].endswith((" ", "\n")):
            words = words.lstrip(" ")
        self._put(words)

    def _put(self, words: str) -> None:
        if words:
            self._line.append(words)
            self._size += len(words)

    def _enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in _BLOCKS:
            self._flush()
        parent = self._open[-1][1] if self._open else -1
        attributes = {name: value or "" for name, value in node.attributes.items()}
        start = self._position()
        self._open.append((node, len(self._elements), start))
        self._elements.append((tag, attributes, start, start, parent))
        self._begin(tag, attributes)

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "br":
            self._put("\n" if self._size else "")
        elif tag == "img":
            self._picture(attributes)
        elif tag == "table":
            self._grids.append(_Grid(self._builder.length, len(self._builder.pieces), f"表 {self._builder.next('表')}"))
        elif tag == "tr" and self._grids:
            self._grids[-1].row()
        elif tag in ("td", "th") and self._grids:
            self._grids[-1].fill()
        if tag in _KINDS or tag in _LEVELS:
            self._kinds.append(tag)

    def _picture(self, attributes: Mapping[str, str]) -> None:
        alt = attributes.get("alt")
        decorative = alt == "" or attributes.get("role") in ("presentation", "none")
        is_map = "地图" in f"{alt or ''}{attributes.get('title', '')}"
        self._builder.pictures.append(Picture(attributes.get("src", ""), alt, decorative, is_map, self._position()))

    def _leave(self) -> None:
        node, place, start = self._open[-1]
        tag = node.tag or ""
        if tag in _BLOCKS:
            self._flush()
        self._open.pop()
        end = max(start, self._end())
        name, attributes, _start, _end, parent = self._elements[place]
        self._elements[place] = (name, attributes, start, end, parent)
        if tag in _KINDS or tag in _LEVELS:
            self._kinds.pop()
        if tag == "a" and "href" in attributes:
            self._links.append((attributes["href"], start, end))
        elif tag in ("td", "th") and self._grids:
            grid = self._grids[-1]
            grid.cell((start, end), node)
        elif tag == "table" and self._grids:
            self._table(self._grids.pop())

    def _table(self, grid: _Grid) -> None:
        header: tuple[str, ...] = ()
        rows = grid.rows
        if rows and grid.named[0] and rows[0]:
            words = "".join(self._builder.pieces[grid.piece :])
            header = tuple(words[start - grid.start : end - grid.start] for start, end in rows[0])
            rows = rows[1:]
        end = max(grid.start, self._builder.length - 1)
        self._builder.tables.append(Table(grid.start, end, grid.place, header, tuple(tuple(row) for row in rows)))

    def _flush(self) -> None:
        """End the part at hand."""
        line = "".join(self._line).rstrip(" \n")
        self._line, self._size = [], 0
        if not line:
            return
        builder = self._builder
        tag = self._kinds[-1] if self._kinds else ""
        if tag in _LEVELS:
            builder.heading(_LEVELS[tag], line)
        elif tag in ("td", "th") and self._grids:
            grid = self._grids[-1]
            row, column = len(grid.rows), len(grid.rows[-1]) + 1 if grid.rows else 1
            builder.add("cell", line, f"{grid.place} 第 {row} 行第 {column} 列")
        elif tag == "caption":
            builder.add("table", line, "表格标题")
        else:
            builder.paragraph(line, _KINDS.get(tag, "paragraph"))
