"""What a document to take away says, read from its signed content; nothing of how it is laid out.

The body is read from the HTML that was reviewed and signed, so that a file never says anything else than the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from lxml import html

SPACE = re.compile(r"[ \t\r\n]+")
# Nothing that a text of a document needs; XML, and with it DOCX, cannot hold most of them.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of a paragraph. A line break is a run of "\\n"."""

    text: str
    bold: bool = False
    italic: bool = False
    raised: bool = False
    lowered: bool = False
    href: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`role` is text, or of the official layout: addressee, signature, date, notes, copies, quotation, caption, file."""

    runs: Runs
    role: str = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is the highest inside the text; the title of the document is not among them."""

    runs: Runs
    level: int


@dataclass(frozen=True, slots=True)
class ItemList:
    ordered: bool
    items: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    runs: Runs
    heads: bool = False
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows hold the cells that begin in them. `head` is how many rows head the others; `width` counts columns."""

    rows: tuple[tuple[Cell, ...], ...]
    head: int
    width: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture by the digest of its bytes; without alternative text it is decoration."""

    digest: str
    kind: str
    alt: str
    caption: str
    width: int
    height: int


Block = Paragraph | Heading | ItemList | Table | Drawing


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. `issuers` stand in its red head; `mark` says above everything that it no longer holds, or not yet.

    `language` and `address` are of the page; `dated` is the ISO day on which the file is dated, for its metadata.
    """

    title: str
    number: str
    issuers: tuple[str, ...]
    blocks: tuple[Block, ...]
    mark: str
    badge: str
    address: str
    site: str
    language: str
    dated: str
    keywords: tuple[str, ...]
    signed: bool  # does the text carry its own signature and date?
    signature: tuple[str, str]


def paper_of(content: dict[str, Any], *, mark: str, badge: str, address: str, site: str, origin: str) -> Paper:
    """The paper of a document's signed content. `mark` and `badge` are how it stands; `address` is absolute."""
    detail = content["detail"]
    files = {facts["address"]: facts for facts in content["files"]}
    reading = _Reading(files, origin)
    blocks = tuple(reading.blocks(html.fragment_fromstring(content["body"] or "", create_parent="div")))
    roles = {block.role for block in blocks if isinstance(block, Paragraph)}
    dated = detail.get("issued_on") or detail.get("written_on") or ""
    return Paper(
        title=cleaned(reading.title or content["title"]),
        number=cleaned(reading.number or detail.get("document_number") or ""),
        issuers=tuple(cleaned(name.strip()) for name in (detail.get("issuer") or "").split("、") if name.strip()),
        blocks=blocks,
        mark=cleaned(mark),
        badge=cleaned(badge),
        address=address,
        site=cleaned(site),
        language="zh-CN",
        dated=dated,
        keywords=tuple(cleaned(word) for word in content["keywords"]),
        signed="signature" in roles,
        signature=(cleaned(detail.get("issuer") or ""), _worded(detail.get("written_on") or "")),
    )


def cleaned(text: str) -> str:
    """Without signs that no file may hold."""
    return CONTROL.sub("", text)


def _worded(day: str) -> str:
    year, _, rest = day.partition("-")
    month, _, number = rest.partition("-")
    return f"{int(year)}年{int(month)}月{int(number)}日" if day else ""


class _Reading:
    """Reads the HTML that `content.rendering` writes; what it does not know is read as paragraphs, never left out."""

    def __init__(self, files: dict[str, dict[str, Any]], origin: str) -> None:
        self.files = files
        self.origin = origin
        self.title = ""
        self.number = ""

    def blocks(self, parent: Any) -> Iterator[Block]:
        if (parent.text or "").strip():
            yield Paragraph((Run(cleaned(SPACE.sub(" ", parent.text).strip())),))
        for element in parent:
            yield from self._block(element)
            if (element.tail or "").strip():
                yield Paragraph((Run(cleaned(SPACE.sub(" ", element.tail).strip())),))

    def _block(self, element: Any) -> Iterator[Block]:
        tag, kind = element.tag, element.get("class") or ""
        if tag in {"h2", "h3", "h4"}:
            yield from self._heading(element, kind)
        elif tag in {"ul", "ol"}:
            yield ItemList(tag == "ol", tuple(self.runs(item) for item in element.iterchildren("li")))
        elif tag == "table":
            yield from self._table(element)
        elif tag == "figure":
            yield from self._figure(element)
        elif tag == "blockquote":
            yield from (Paragraph(self.runs(part), "quotation") for part in element)
        elif tag == "p":
            yield from self._paragraph(element, kind)
        elif isinstance(tag, str):
            yield from self.blocks(element)

    def _heading(self, element: Any, kind: str) -> Iterator[Block]:
        if kind == "official-title" and not self.title:
            self.title = element.text_content().strip()
        else:
            yield Heading(self.runs(element), int(element.tag[1]) - 1)

    def _paragraph(self, element: Any, kind: str) -> Iterator[Block]:
        role = kind.removeprefix("official-") if kind.startswith("official-") else "text"
        if role == "number" and not self.number:
            self.number = element.text_content().strip()
            return
        role = "file" if kind == "attachment" else role
        runs = self.runs(element)
        if any(run.text.strip() for run in runs):
            yield Paragraph(runs, role)

    def _figure(self, element: Any) -> Iterator[Block]:
        picture, caption = element.find("img"), element.findtext("figcaption") or ""
        facts = self.files.get(picture.get("src") or "") if picture is not None else None
        if facts is not None and picture is not None:
            kind = "png" if facts["media_type"] == "image/png" else "jpg"
            yield Drawing(
                facts["digest"],
                kind,
                cleaned(picture.get("alt") or ""),
                cleaned(caption),
                facts["width"],
                facts["height"],
            )
            return
        player = next((found for found in element if found.tag in {"video", "audio"}), None)
        if player is not None:
            words = "视频" if player.tag == "video" else "音频"
            name = caption or player.get("aria-label") or words
            yield Paragraph((Run(f"{words}：{cleaned(name)}", href=self._absolute(player.get("src") or "")),), "file")
            element.remove(player)
        yield from self.blocks(element)

    def _table(self, element: Any) -> Iterator[Block]:
        rows, head = [], 0
        for row in element.iter("tr"):
            rows.append(tuple(self._cell(cell) for cell in row if cell.tag in {"td", "th"}))
            head += row.getparent().tag == "thead"
        width = max((sum(cell.columns for cell in row) for row in rows), default=0)
        if width:
            caption = element.find("caption")
            yield Table(tuple(rows), head, width, cleaned(caption.text_content()) if caption is not None else "")

    def _cell(self, element: Any) -> Cell:
        return Cell(
            self.runs(element), element.tag == "th", int(element.get("rowspan") or 1), int(element.get("colspan") or 1)
        )

    def runs(self, element: Any) -> Runs:
        """The words of an element, with what each piece is; empty pieces left out."""
        return tuple(run for run in self._runs(element, Run("")) if run.text)

    def _runs(self, element: Any, style: Run) -> Iterator[Run]:
        yield replace(style, text=cleaned(SPACE.sub(" ", element.text or "")))
        for child in element:
            if child.tag == "br":
                yield replace(style, text="\n")
            elif isinstance(child.tag, str):
                yield from self._runs(child, self._styled(child, style))
            yield replace(style, text=cleaned(SPACE.sub(" ", child.tail or "")))

    def _styled(self, element: Any, style: Run) -> Run:
        match element.tag:
            case "strong" | "b":
                return replace(style, bold=True)
            case "em" | "i":
                return replace(style, italic=True)
            case "sup":
                return replace(style, raised=True)
            case "sub":
                return replace(style, lowered=True)
            case "a":
                return replace(style, href=self._absolute(element.get("href") or ""))
        return style

    def _absolute(self, address: str) -> str:
        """What a file says has to lead somewhere from wherever it is kept; a place inside the page leads nowhere."""
        if address.startswith("/") and not address.startswith("//"):
            return self.origin + address
        return "" if address.startswith("#") else address
