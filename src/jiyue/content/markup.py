"""Foreign HTML (a saved page, a paste from Word or WPS, mammoth's output) taken apart into body blocks.

Nothing is passed through: the walk builds new markup from text and a dozen known elements, so what is not named
here cannot survive. `Removed` counts what was left behind, for the report.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

from selectolax.lexbor import LexborNode

from jiyue.checks.reading.bounds import Unread
from jiyue.checks.reading.parsing import parsed, words_between_tags
from jiyue.content.tables import Cell, TableTooLarge, table_value

Block = dict[str, Any]
ImageTaker = Callable[[str, str], Any]

# Deeper than any honest document; below it only text is taken, so that a tower of elements cannot exhaust the stack.
DEEPEST = 80

DROPPED = {
    "script": "script", "noscript": "script", "template": "script",
    "iframe": "frame", "frame": "frame", "frameset": "frame", "object": "frame", "embed": "frame", "applet": "frame",
    "style": "style", "link": "style",
    "input": "form", "button": "form", "select": "form", "textarea": "form",
    "svg": "drawing", "math": "drawing", "canvas": "drawing", "video": "media", "audio": "media",
    "head": "", "title": "", "meta": "", "base": "", "col": "", "colgroup": "", "xml": "", "!doctype": "",
}  # fmt: skip
INLINE = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "sup": "sup", "sub": "sub"}
PASSING = {
    "span", "font", "u", "s", "small", "big", "label", "ins", "del", "mark", "abbr", "cite", "code", "o:p", "a", "tt",
    "kbd", "var", "q", "time", "st1:chsdate", "bdo", "bdi", "wbr", "nobr", "strike", "data",
}  # fmt: skip
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}

ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|\./|\.\./|#|[\w\-%.~]+(?:[/?#]|\.\w+$))[^\s\x00-\x1f]*\Z", re.I)
SPACES = re.compile(r"[ \t\r\n\f]+")
# A line break of the source between two Chinese characters is layout of the file, not a space of the text.
CJK_BREAK = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f])"
)
BLANK = " \t\r\n\u00a0\u3000\ufeff\u200b"
NO_TEXT = re.compile(r"(?:<[^>]*>|&nbsp;|[\s\u00a0\u3000\ufeff\u200b])*\Z")
BREAKS_PARAGRAPH = re.compile(r"(?:<br>[\s\u00a0\u3000]*){2,}|<br>(?=[\u00a0\u3000]{2})")
NUMBERED = re.compile(r"[\s\u00a0]*[(（]?(?:\d{1,3}|[a-zA-Z])[.)）．、][\s\u00a0]*\Z")
BULLET = re.compile(r"[\s\u00a0]*[·•●○■□◆◇➢Ø§▪–\-*oulnüv\uf000-\uf0ff][\s\u00a0]*\Z")
BOLD_STYLE = re.compile(r"(?<![\w-])font-weight\s*:\s*(?:bold|bolder|[6-9]00)", re.I)
ITALIC_STYLE = re.compile(r"(?<![\w-])font-style\s*:\s*italic", re.I)
HIDDEN_STYLE = re.compile(r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*hidden)|mso-hide\s*:\s*all", re.I)


@dataclass
class Markup:
    """Blocks found, and a count of what was dropped by kind (script, handler, frame, style, address, …)."""

    blocks: list[Block] = field(default_factory=list)
    removed: Counter[str] = field(default_factory=Counter)


def markup_blocks(html: str, *, take_image: ImageTaker | None = None) -> Markup:
    """The body blocks of an HTML text. `take_image(src, alt)` gives the reference of a picture, or None to leave it."""
    try:
        page = parsed(html)
    except Unread:
        return _as_text(words_between_tags(html))
    found = node_blocks(page.body, take_image=take_image) if page.body else Markup()
    for node in page.head.css("script, style, iframe") if page.head else []:
        found.removed[DROPPED[node.tag or ""]] += 1
    return found


def _as_text(text: str) -> Markup:
    """What is left of a paste that was built to exhaust its reader: its words, a paragraph for each line."""
    lines = [line for line in (line.strip(BLANK) for line in unescape(text).split("\n")) if line]
    return Markup([{"type": "paragraph", "value": f"<p>{escape(line, quote=False)}</p>"} for line in lines])


def node_blocks(root: LexborNode, *, take_image: ImageTaker | None = None) -> Markup:
    """The body blocks below one element of a parsed page."""
    walk = _Walk(take_image)
    walk.children(root, 0)
    walk.flush()
    walk.settle_headings()
    return Markup(walk.blocks, walk.removed)


def safe_address(address: str) -> str:
    """The address if a page may link to it, else the empty text: no script, data, file or odd scheme."""
    bare = re.sub(r"[\x00-\x20\u00a0]+", "", address)
    return bare.replace("<", "%3C").replace(">", "%3E") if ADDRESS.match(bare) else ""


class _Walk:
    def __init__(self, take_image: ImageTaker | None) -> None:
        self.blocks: list[Block] = []
        self.removed: Counter[str] = Counter()
        self._take_image = take_image
        self._line: list[str] = []
        self._list: Block | None = None

    def children(self, node: LexborNode, depth: int) -> None:
        for child in node.iter(include_text=True):
            self._node(child, depth + 1)

    def flush(self) -> None:
        """End the paragraph at hand."""
        line, self._line = "".join(self._line), []
        for piece in _paragraphs(line):
            self._append_paragraph(piece)

    def settle_headings(self) -> None:
        """A document with several h1 uses them as chapters: all its levels move down by one."""
        given = [block["value"] for block in self.blocks if block["type"] == "heading"]
        shift = sum(1 for value in given if value["level"] == 1) > 1
        for value in given:
            value["level"] = str(min(4, max(2, value["level"] + shift)))

    def _node(self, node: LexborNode, depth: int) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._line.append(_escaped(node.text_content or ""))
        elif tag.startswith(("-", "!")):
            return
        elif depth > DEEPEST:
            self._line.append(_escaped(node.text() or ""))
        elif tag in DROPPED:
            self._drop(node, tag)
        else:
            self._element(node, tag, depth)

    def _drop(self, node: LexborNode, tag: str) -> None:
        if DROPPED[tag]:
            self.removed[DROPPED[tag]] += 1
        if tag == "noscript":
            self.removed["script"] -= 1

    def _element(self, node: LexborNode, tag: str, depth: int) -> None:
        attributes = node.attributes
        self.removed["handler"] += sum(1 for name in attributes if name.lower().startswith("on"))
        style = attributes.get("style") or ""
        if "mso-list:ignore" in style.replace(" ", "").lower() or HIDDEN_STYLE.search(style) or "hidden" in attributes:
            return
        if tag == "br":
            self._line.append("<br>")
        elif tag == "img":
            self._image(attributes)
        elif tag in INLINE or tag in PASSING:
            self._inline(node, tag, style, depth)
        else:
            self._block(node, tag, depth)

    def _block(self, node: LexborNode, tag: str, depth: int) -> None:
        self.flush()
        if tag in HEADINGS:
            self._heading(node, HEADINGS[tag])
        elif tag in ("ul", "ol"):
            self._items(node, tag, depth)
        elif tag == "table":
            self._table(node, depth)
        elif tag == "blockquote":
            self._quotation(node, depth)
        elif tag == "p" and _is_word_item(node):
            self._word_item(node, depth)
        else:
            self.children(node, depth)
            self.flush()

    def _inline(self, node: LexborNode, tag: str, style: str, depth: int) -> None:
        opening, closing = self._marks(node, tag, style)
        before, self._line = self._line, []
        count = len(self.blocks)
        self.children(node, depth)
        inner = "".join(self._line)
        if len(self.blocks) != count or NO_TEXT.match(inner) or not opening:
            self._line = [*(before if len(self.blocks) == count else []), inner]
            if len(self.blocks) != count:
                self._rescue(before, count)
            return
        self._line = [*before, opening, inner, closing]

    def _rescue(self, before: list[str], count: int) -> None:
        """Text that stood before an inline element which turned out to hold whole blocks keeps its place."""
        for offset, piece in enumerate(_paragraphs("".join(before))):
            self.blocks.insert(count + offset, {"type": "paragraph", "value": f"<p>{piece}</p>"})

    def _marks(self, node: LexborNode, tag: str, style: str) -> tuple[str, str]:
        if tag == "a":
            return self._link(node)
        names = [INLINE[tag]] if tag in INLINE else []
        if BOLD_STYLE.search(style) and "strong" not in names:
            names.append("strong")
        if ITALIC_STYLE.search(style) and "em" not in names:
            names.append("em")
        return "".join(f"<{name}>" for name in names), "".join(f"</{name}>" for name in reversed(names))

    def _link(self, node: LexborNode) -> tuple[str, str]:
        given = (node.attributes.get("href") or "").strip()
        address = safe_address(given)
        if given and not address:
            self.removed["address"] += 1
        return (f'<a href="{escape(address)}">', "</a>") if address else ("", "")

    def _image(self, attributes: dict[str, str | None]) -> None:
        source, alt = (attributes.get("src") or "").strip(), (attributes.get("alt") or "").strip()
        reference = self._take_image(source, alt) if self._take_image and source else None
        if reference is None:
            self.removed["image"] += 1
            return
        self.flush()
        self._append("image", {"image": reference, "alt": alt, "decorative": False, "caption": ""})

    def _heading(self, node: LexborNode, level: int) -> None:
        text = _plain(node)
        if text:
            self._append("heading", {"text": text, "level": level})
        for picture in node.css("img"):
            self._image(picture.attributes)

    def _quotation(self, node: LexborNode, depth: int) -> None:
        inner = _Walk(self._take_image)
        inner.children(node, depth)
        inner.flush()
        self.removed.update(inner.removed)
        texts = [text_of(block["value"]) for block in inner.blocks if block["type"] == "paragraph"]
        if len(texts) == len(inner.blocks) and texts:
            self._append("quotation", {"text": "\n".join(texts), "attribution": ""})
        else:
            self.blocks.extend(inner.blocks)

    def _items(self, node: LexborNode, tag: str, depth: int) -> None:
        start = node.attributes.get("start") or "1"
        items = list(self._item_texts(node, depth))
        if not items:
            return
        if tag == "ol" and start != "1" and start.isdigit() and len(start) < 7:
            for number, item in enumerate(items, int(start)):
                self._append_paragraph(f"{number}. {item}")
            return
        self._append("list", {"ordered": tag == "ol", "items": items})

    def _item_texts(self, node: LexborNode, depth: int) -> Iterator[str]:
        for item in node.iter():
            inner = _Walk(self._take_image)
            if depth < DEEPEST:
                inner._element_children(item, depth + 1)
            else:
                inner._line.append(_escaped(item.text() or ""))
            inner.flush()
            self.removed.update(inner.removed)
            text = "<br>".join(_flattened(inner.blocks))
            if text:
                yield text
            self.blocks.extend(block for block in inner.blocks if block["type"] in ("image", "table"))

    def _element_children(self, item: LexborNode, depth: int) -> None:
        if item.tag in DROPPED:
            self._drop(item, item.tag or "")
        else:
            self.children(item, depth)

    def _word_item(self, node: LexborNode, depth: int) -> None:
        """A list paragraph of Word. Chinese numerals (一、（一）第一条) are the author's text and stay."""
        marker = "".join(span.text() for span in node.css("span") if "mso-list:ignore" in _style(span))
        self.children(node, depth)
        line, self._line = "".join(self._line), []
        text = "<br>".join(_paragraphs(line))
        if not text:
            return
        if not NUMBERED.match(marker) and not BULLET.match(marker):
            self._append_paragraph(escape(marker.strip(BLANK), quote=False) + text)
            return
        self._append_item(text, ordered=bool(NUMBERED.match(marker)))

    def _append_item(self, text: str, *, ordered: bool) -> None:
        last = self.blocks[-1] if self.blocks else None
        if last is not None and last is self._list and last["value"]["ordered"] == ordered:
            last["value"]["items"].append(text)
            return
        self._append("list", {"ordered": ordered, "items": [text]})
        self._list = self.blocks[-1]

    def _table(self, node: LexborNode, depth: int) -> None:
        # A table that holds tables, or one cell only, lays out a page.
        cells = (
            []
            if _is_frame(node)
            else [[cell for cell in row.iter() if cell.tag in ("td", "th")] for row in node.css("tr")]
        )
        if sum(map(len, cells)) <= 1:
            self.children(node, depth)
            self.flush()
            return
        for part in ("script", "iframe", "style"):
            self.removed[DROPPED[part]] += len(node.css(part))
        self.removed["handler"] += sum(1 for part in node.css("*") for name in part.attributes if name.startswith("on"))
        caption = node.css_first("caption")
        grid = [[_cell(cell) for cell in row] for row in cells if row]
        try:
            value = table_value(grid, caption=_plain(caption) if caption else "")
        except TableTooLarge:
            self.removed["table"] += 1
            return
        self._append("table", value)
        for picture in node.css("img"):
            self._image(picture.attributes)

    def _append_paragraph(self, piece: str) -> None:
        last = self.blocks[-1] if self.blocks else None
        if last is not None and last["type"] == "paragraph":
            last["value"] += f"<p>{piece}</p>"
        else:
            self._append("paragraph", f"<p>{piece}</p>")

    def _append(self, kind: str, value: Any) -> None:
        self.blocks.append({"type": kind, "value": value})


def text_of(html: str) -> str:
    """The text of a piece of clean markup; paragraphs and breaks become lines."""
    lines = html.replace("<br>", "\n").replace("</p>", "\n")
    bare = re.sub(r"<[^>]*>", "", lines)
    for name, sign in (("&nbsp;", "\u00a0"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#x27;", "'")):
        bare = bare.replace(name, sign)
    return bare.replace("&amp;", "&").strip("\n")


def _flattened(blocks: Iterable[Block]) -> Iterator[str]:
    """The lines of one list item; items of a list inside it follow with their own sign."""
    for block in blocks:
        value = block["value"]
        if block["type"] == "paragraph":
            yield from re.findall(r"<p>(.*?)</p>", value, re.S)
        elif block["type"] == "heading":
            yield escape(value["text"], quote=False)
        elif block["type"] == "quotation":
            yield escape(value["text"], quote=False).replace("\n", "<br>")
        elif block["type"] == "list":
            yield from (f"{f'{n}.' if value['ordered'] else '·'} {item}" for n, item in enumerate(value["items"], 1))


def _paragraphs(line: str) -> Iterator[str]:
    line = SPACES.sub(" ", CJK_BREAK.sub("", line))
    plain = "<" not in line.replace("<br>", "")
    for piece in BREAKS_PARAGRAPH.split(line) if plain else [line]:
        piece = _trimmed(piece)
        if not NO_TEXT.match(piece):
            yield piece


def _trimmed(piece: str) -> str:
    while True:
        shorter = piece.strip(BLANK).removeprefix("<br>").removesuffix("<br>")
        if shorter == piece:
            return piece
        piece = shorter


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _plain(node: LexborNode) -> str:
    if not node.css_first("script, style, br"):
        return SPACES.sub(" ", CJK_BREAK.sub("", node.text())).strip(BLANK)
    inner = node_blocks(node)
    return " ".join(line for block in inner.blocks if isinstance(block["value"], str)
                    for line in text_of(block["value"]).split("\n")).strip(BLANK)  # fmt: skip


def _style(node: LexborNode) -> str:
    return (node.attributes.get("style") or "").replace(" ", "").lower()


def _is_word_item(node: LexborNode) -> bool:
    names = (node.attributes.get("class") or "").lower()
    return "mso-list:" in _style(node) or (
        "msolistparagraph" in names and bool(node.css_first("span[style*='mso-list']"))
    )


def _is_frame(node: LexborNode) -> bool:
    return len(node.css("table")) > 1 or node.attributes.get("role") in ("presentation", "none")


def _cell(node: LexborNode) -> Cell:
    # A paragraph inside a cell becomes a line: the table block holds plain text.
    inner = _Walk(None)
    inner.children(node, 0)
    inner.flush()
    lines = [text_of(line) for line in _flattened(inner.blocks)]
    return Cell(
        text="\n".join(lines),
        rowspan=_span(node, "rowspan"),
        colspan=_span(node, "colspan"),
        header=node.tag == "th" or (node.parent is not None and _in_head(node.parent)),
    )


def _in_head(row: LexborNode) -> bool:
    return row.parent is not None and row.parent.tag == "thead"


def _span(node: LexborNode, name: str) -> int:
    given = (node.attributes.get(name) or "1").strip()
    return max(1, min(int(given), 1000)) if given.isascii() and given.isdigit() and len(given) < 6 else 1
