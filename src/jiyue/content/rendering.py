"""Body blocks to the HTML that is signed off, and what stands in the way of it.

The words written here (表格, 文字稿, 页 …) are part of a public Chinese page whose digest is sealed, so they do not
pass through gettext: the page must not depend on the language of whoever pressed the button.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from jiyue.content.markup import Block, text_of
from jiyue.content.sanitising import clean_paragraphs, clean_text
from jiyue.content.sentences import sentence
from jiyue.domain.official_text import article_number


class FileRef(NamedTuple):
    """Images and documents are numbered apart, so an id alone names nothing."""

    kind: str  # image | document
    id: Any


@dataclass(frozen=True)
class PublishedFile:
    """What a page says of a file; `size` in bytes, `pages` of a document where it has pages."""

    address: str
    width: int | None = None
    height: int | None = None
    name: str = ""
    media_type: str = ""
    size: int = 0
    pages: int | None = None


@dataclass(frozen=True)
class Shortcoming:
    """Something a body lacks: at which block, whether it forbids publishing, and the sentence for the editor."""

    code: str
    block: int
    refuses: bool
    message: Any


@dataclass(frozen=True)
class OutlineEntry:
    id: str
    text: str
    level: int


class BodyIncomplete(ValueError):
    """The body cannot be published; `reasons` holds every shortcoming that forbids it."""

    def __init__(self, reasons: Sequence[Shortcoming]) -> None:
        super().__init__("; ".join(reason.code for reason in reasons))
        self.reasons = list(reasons)


@dataclass
class _Page:
    """What is counted while one body is written."""

    files: Mapping[tuple[str, Any], PublishedFile] = field(default_factory=dict)
    levels: list[int] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)
    articles: dict[int, int] = field(default_factory=dict)
    headings: int = 0
    tables: int = 0

    def file(self, kind: str, reference: Any) -> PublishedFile:
        return self.files[(kind, reference)]

    def heading(self, text: str, given: int) -> OutlineEntry:
        """Levels begin at 2 and never skip one on the way down, whatever the editor chose."""
        while self.levels and self.levels[-1] >= given:
            self.levels.pop()
        self.levels.append(given)
        self.headings += 1
        entry = OutlineEntry(f"s{self.headings}", text, min(len(self.levels) + 1, 4))
        self.outline.append(entry)
        return entry

    def article(self, number: int, text: str) -> str:
        times = self.articles[number] = self.articles.get(number, 0) + 1
        name = f"tiao-{number}" if times == 1 else f"tiao-{number}-{times}"
        self.outline.append(OutlineEntry(name, text, 5))
        return name


_EXTERNAL = re.compile(r'<a href="(?=(?:https?:)?//)')
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.S)
_ARTICLE_START = re.compile(r"(?:<strong>|\s|　)*(第[〇零一二三四五六七八九十百千\d]{1,9}条)")


def render_body(blocks: Iterable[Block], *, files: Mapping[tuple[str, Any], PublishedFile]) -> str:
    """The HTML of a body. Raises BodyIncomplete with every reason when a block cannot be shown to everybody."""
    blocks = list(blocks)
    refused = [found for found in shortcomings(blocks, files=files) if found.refuses]
    if refused:
        raise BodyIncomplete(refused)
    page = _Page(files)
    return "\n".join(html for block in blocks if (html := _WRITERS[block["type"]](block["value"], page)))


def outline(blocks: Iterable[Block]) -> list[OutlineEntry]:
    """Headings (levels 2 to 4) and articles (level 5) with the ids that `render_body` gives them."""
    page = _Page()
    for block in blocks:
        if block["type"] in ("heading", "paragraph", "official"):
            _WRITERS[block["type"]](block["value"], page)
    return page.outline


def file_refs(blocks: Iterable[Block]) -> list[FileRef]:
    """Every image and document that the body shows or links, once, in order."""
    found = (reference for block in blocks for reference in _refs(block))
    return list(dict.fromkeys(reference for reference in found if reference.id is not None))


def plain_text(blocks: Iterable[Block]) -> str:
    """All words a reader meets, transcripts and alternative texts included, one paragraph or table row a line."""
    return "\n".join(line for block in blocks for line in _lines(block) if line)


def shortcomings(
    blocks: Iterable[Block], *, files: Mapping[tuple[str, Any], PublishedFile] | None = None
) -> list[Shortcoming]:
    """All that is missing in a body, refusals and warnings. Without `files`, only the blocks themselves are judged."""
    found = []
    for index, block in enumerate(blocks):
        if block.get("type") not in _WRITERS:
            found.append(_refusal("unknown_block", index))
            continue
        found.extend(_block_shortcomings(index, block))
        if files is not None and any(reference not in files for reference in _refs(block)):
            found.append(_refusal("file_missing", index))
    return found


_SENTENCES = {
    "unknown_block": _("第 %(n)s 个内容块的类型无法识别，请删除后重新录入。"),
    "file_missing": _("第 %(n)s 个内容块引用的文件已不存在，请重新选择文件。"),
    "image_without_alt": _("第 %(n)s 个内容块是图片，缺少替代文字；请填写替代文字，或标明为装饰性图片。"),
    "video_without_transcript": _("第 %(n)s 个内容块是视频，缺少文字稿；请补充文字稿。"),
    "audio_without_transcript": _("第 %(n)s 个内容块是音频，缺少文字稿；请补充文字稿。"),
    "table_without_header": _("第 %(n)s 个内容块是表格，没有表头；请标明首行或首列为表头，方便读屏软件朗读。"),
    "table_empty": _("第 %(n)s 个内容块是表格，但没有内容。"),
    "link_to_page": _("第 %(n)s 个内容块的链接指向后台页面，发布后会失效；请改填网址。"),
    "date_invalid": _("第 %(n)s 个内容块是公文版式，成文日期不是真实存在的日期。"),
}


def _refusal(code: str, index: int, *, refuses: bool = True) -> Shortcoming:
    return Shortcoming(code, index, refuses, sentence(_SENTENCES[code], n=index + 1))


def _block_shortcomings(index: int, block: Block) -> Iterator[Shortcoming]:
    kind, value = block["type"], block["value"]
    if kind == "image" and not value.get("decorative") and not (value.get("alt") or "").strip():
        yield _refusal("image_without_alt", index)
    elif kind in ("video", "audio") and not (value.get("transcript") or "").strip():
        yield _refusal(f"{kind}_without_transcript", index)
    elif kind == "table" and not _has_words(value):
        yield _refusal("table_empty", index, refuses=False)
    elif kind == "table" and not _heads(value)[0] and not _heads(value)[1]:
        yield _refusal("table_without_header", index, refuses=False)
    elif kind in ("paragraph", "list", "official") and "linktype=" in str(value):
        yield _refusal("link_to_page", index, refuses=False)
    elif kind == "official" and value.get("date") and _day(value["date"]) is None:
        yield _refusal("date_invalid", index)


def _refs(block: Block) -> Iterator[FileRef]:
    kind, value = block["type"], block["value"]
    if kind == "image":
        yield FileRef("image", value["image"])
    elif kind == "attachment":
        yield FileRef("document", value["document"])
    elif kind in ("video", "audio"):
        yield FileRef("document", value["media"])
        if value.get("poster") is not None:
            yield FileRef("image", value["poster"])


def _text(value: Any) -> str:
    return escape(clean_text(str(value or "")).strip())


def _linked(html: str) -> str:
    return _EXTERNAL.sub('<a rel="noopener" href="', html) if "<a " in html else html


def _write_paragraph(value: str, page: _Page) -> str:
    html = _linked(clean_paragraphs(value))
    return _PARAGRAPH.sub(lambda found: _paragraph(found, page), html) if "条" in html else html


def _paragraph(found: re.Match[str], page: _Page) -> str:
    start = _ARTICLE_START.match(found[1])
    number = article_number(start[1]) if start else None
    if number is None or start is None:
        return found[0]
    return f'<p class="article" id="{page.article(number, start[1])}">{found[1]}</p>'


def _write_heading(value: dict[str, Any], page: _Page) -> str:
    text = clean_text(str(value["text"])).strip()
    entry = page.heading(text, int(value["level"]))
    return f'<h{entry.level} id="{entry.id}">{escape(text)}</h{entry.level}>'


def _write_list(value: dict[str, Any], _page: _Page) -> str:
    tag = "ol" if value["ordered"] else "ul"
    items = "".join(f"<li>{html}</li>" for item in _items(value) if (html := _linked(_one_line(item))))
    return f"<{tag}>{items}</{tag}>" if items else ""


def _items(value: dict[str, Any]) -> Iterator[str]:
    """Items as an importer writes them (texts) and as the editor stores them (type, value, id)."""
    for item in value["items"]:
        yield item["value"] if isinstance(item, dict) else item


def _one_line(html: str) -> str:
    if "<" not in html and "&" not in html:
        return escape(clean_text(html), quote=False).strip()
    return "<br>".join(_PARAGRAPH.findall(clean_paragraphs(html)))


def _heads(value: dict[str, Any]) -> tuple[bool, bool]:
    choice = value.get("table_header_choice") or ""
    return (
        choice in ("row", "both") or bool(value.get("first_row_is_table_header")),
        choice in ("column", "both") or bool(value.get("first_col_is_header")),
    )


def _has_words(value: dict[str, Any]) -> bool:
    return any((cell or "").strip() for row in value.get("data") or [] for cell in row)


def _write_table(value: dict[str, Any], page: _Page) -> str:
    data = value.get("data") or []
    if not data:
        return ""
    page.tables += 1
    caption = _text(value.get("table_caption"))
    by_row, by_column = _heads(value)
    spans, covered = _merges(value, data)
    depth = max((rows for (row, _c), (rows, _w) in spans.items() if row == 0), default=1) if by_row else 0
    # A header that reaches the last row leaves no body to head: then only the first row counts as one.
    head = depth if depth < len(data) else 1
    rows = [_row(cells, number, spans, covered, head, by_column) for number, cells in enumerate(data)]
    split = head if depth < len(data) else 0
    thead = f"<thead>{''.join(rows[:split])}</thead>" if split else ""
    label = caption or f"表格 {page.tables}"
    named = f"<caption>{caption}</caption>" if caption else ""
    return (
        f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}">'
        f"<table>{named}{thead}<tbody>{''.join(rows[split:])}</tbody></table></div>"
    )


def _merges(
    value: dict[str, Any], data: list[list[Any]]
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Spans by their first place, and the places they cover; cut to the grid, the first of two rivals wins."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    width = max(len(row) for row in data)
    for merge in value.get("mergeCells") or []:
        row, column = int(merge["row"]), int(merge["col"])
        rows, columns = min(int(merge["rowspan"]), len(data) - row), min(int(merge["colspan"]), width - column)
        if row < 0 or column < 0 or rows < 1 or columns < 1:
            continue
        area = {(row + down, column + right) for down in range(rows) for right in range(columns)}
        if not area & (covered | spans.keys()):
            spans[row, column] = rows, columns
            covered |= area - {(row, column)}
    return spans, covered


def _row(
    cells: list[Any],
    number: int,
    spans: dict[tuple[int, int], tuple[int, int]],
    covered: set[tuple[int, int]],
    head: int,
    by_column: bool,
) -> str:
    written = []
    for column, cell in enumerate(cells):
        if (number, column) in covered:
            continue
        rows, columns = spans.get((number, column), (1, 1))
        size = (f' rowspan="{rows}"' if rows > 1 else "") + (f' colspan="{columns}"' if columns > 1 else "")
        text = _text(cell).replace("\n", "<br>")
        if number < head:
            written.append(f'<th scope="{"colgroup" if columns > 1 else "col"}"{size}>{text}</th>')
        elif by_column and column == 0:
            written.append(f'<th scope="{"rowgroup" if rows > 1 else "row"}"{size}>{text}</th>')
        else:
            written.append(f"<td{size}>{text}</td>")
    return f"<tr>{''.join(written)}</tr>"


def _picture(file: PublishedFile, alt: str) -> str:
    size = f' width="{int(file.width)}" height="{int(file.height)}"' if file.width and file.height else ""
    return f'<img src="{escape(file.address)}"{size} alt="{alt}" loading="lazy" decoding="async">'


def _write_image(value: dict[str, Any], page: _Page) -> str:
    alt = "" if value.get("decorative") else _text(value.get("alt"))
    caption = _text(value.get("caption"))
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure class="picture">{_picture(page.file("image", value["image"]), alt)}{below}</figure>'


def _write_attachment(value: dict[str, Any], page: _Page) -> str:
    file = page.file("document", value["document"])
    title = _text(value.get("title")) or _text(file.name)
    return (
        f'<p class="attachment"><a href="{escape(file.address)}" download>{title}</a> '
        f'<span class="file-facts">{escape(file_facts(file))}</span></p>'
    )


_KINDS = {
    "application/pdf": "PDF",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.ms-powerpoint": "PPT",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PPT",
    "application/zip": "ZIP",
    "text/plain": "TXT",
    "text/csv": "CSV",
}


def file_facts(file: PublishedFile) -> str:
    """Kind, size and pages of a file as a reader wants them before a download: `PDF，1.2 MB，12 页`."""
    kind = _KINDS.get(file.media_type) or file.name.rpartition(".")[2].upper()[:8]
    facts = [kind, _size(file.size) if file.size else "", f"{file.pages} 页" if file.pages else ""]
    return "，".join(fact for fact in facts if fact)


def _size(size: int) -> str:
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{round(size / 1024)} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def _as_lines(text: Any) -> str:
    return "".join(f"<p>{_text(line)}</p>" for line in str(text or "").splitlines() if line.strip())


def _write_quotation(value: dict[str, Any], _page: _Page) -> str:
    attribution = _text(value.get("attribution"))
    footer = f"<footer>{attribution}</footer>" if attribution else ""
    return f'<blockquote class="quotation">{_as_lines(value["text"])}{footer}</blockquote>'


def _write_video(value: dict[str, Any], page: _Page) -> str:
    poster = page.file("image", value["poster"]).address if value.get("poster") is not None else ""
    picture = f' poster="{escape(poster)}"' if poster else ""
    return _media("video", picture, value, page)


def _write_audio(value: dict[str, Any], page: _Page) -> str:
    return _media("audio", "", value, page)


def _media(tag: str, more: str, value: dict[str, Any], page: _Page) -> str:
    file = page.file("document", value["media"])
    title = _text(value.get("title"))
    below = f"<figcaption>{title}</figcaption>" if title else ""
    label = f' aria-label="{title}"' if title else ""
    player = f'<{tag} controls preload="none"{more} src="{escape(file.address)}"{label}></{tag}>'
    return (
        f'<figure class="media">{player}{below}'
        f'<details class="transcript"><summary>文字稿</summary>{_as_lines(value["transcript"])}</details></figure>'
    )


def _write_official(value: dict[str, Any], page: _Page) -> str:
    title = page.heading(clean_text(str(value.get("title") or "")).strip(), 2) if value.get("title") else None
    day = _day(value["date"]) if value.get("date") else None
    parts = [
        f'<h2 class="official-title" id="{title.id}">{escape(title.text)}</h2>' if title else "",
        _official_line("number", value.get("document_number")),
        _official_line("addressee", value.get("addressee")),
        _write_paragraph(value.get("body") or "", page),
        _official_line("signature", value.get("signature")),
        _official_line("date", _written(day)),
        _official_line("notes", value.get("notes")),
        _official_line("copies", value.get("copies")),
    ]
    return f'<section class="official">{"".join(parts)}</section>'


def _official_line(name: str, value: Any) -> str:
    text = _text(value).replace("\n", "<br>")
    return f'<p class="official-{name}">{text}</p>' if text else ""


def _day(value: str | date) -> date | None:
    """Stored blocks hold ISO text, blocks of an open form the date itself."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _written(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


_WRITERS: dict[str, Callable[[Any, _Page], str]] = {
    "paragraph": _write_paragraph,
    "heading": _write_heading,
    "list": _write_list,
    "table": _write_table,
    "image": _write_image,
    "attachment": _write_attachment,
    "quotation": _write_quotation,
    "video": _write_video,
    "audio": _write_audio,
    "official": _write_official,
}

_WORDS = {
    "heading": ("text",),
    "image": ("alt", "caption"),
    "attachment": ("title",),
    "quotation": ("text", "attribution"),
    "video": ("title", "transcript"),
    "audio": ("title", "transcript"),
}
_OFFICIAL_WORDS = ("title", "document_number", "addressee", "body", "signature", "date", "notes", "copies")


def _lines(block: Block) -> Iterator[str]:
    kind, value = block["type"], block["value"]
    if kind == "paragraph":
        yield text_of(value).strip()
    elif kind == "list":
        yield from (text_of(item) for item in _items(value))
    elif kind == "table":
        yield value.get("table_caption") or ""
        yield from ("\t".join(cell or "" for cell in row).rstrip("\t") for row in value.get("data") or [])
    elif kind == "official":
        yield from (_official_words(name, value.get(name) or "") for name in _OFFICIAL_WORDS)
    else:
        yield from (str(value.get(name) or "") for name in _WORDS.get(kind, ()))


def _official_words(name: str, words: Any) -> str:
    if name == "body":
        return text_of(words)
    return _written(_day(words)) if name == "date" else str(words)
