"""A saved web page: its main text found, everything else left and counted."""

import base64
import binascii
import re
from collections import Counter
from datetime import datetime
from heapq import nlargest
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser, LexborNode

from jiyue.checks.reading.bounds import Unread
from jiyue.checks.reading.parsing import parsed
from jiyue.checks.reading.sniffing import picture_type
from jiyue.content.intake.dropped import dropped_from
from jiyue.content.intake.items import Draft, Field, IntakeRefused, ItemFile, Limits, note
from jiyue.content.markup import Block, node_blocks
from jiyue.content.sanitising import clean_block
from jiyue.domain.chinese_numerals import dates_in

SHANGHAI = ZoneInfo("Asia/Shanghai")
DEEPEST = 250  # every element is looked at with all that stands inside it
DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.I)
# Where the widespread site systems put the text of an article, most specific first.
_KNOWN = (
    "#UCAP-CONTENT", ".TRS_UEDITOR", ".TRS_Editor", "#zoomcon", "#zoom", "#Zoom", "#articleContent",
    "#article-content", ".article-content", ".article_content", ".pages_content", ".zwxxgk_content", "#js_content",
    ".xxgk-content", "#contentText", ".news_content", ".content-text", ".wzy_content", "article",
)  # fmt: skip
_META = {
    "articletitle": "title",
    "pubdate": "published_on",
    "contentsource": "origin",
    "sitename": "site",
}
_HANDLERS = re.compile(r"\bon[a-z]{3,20}\s*=")
_FURNITURE = re.compile(
    r"(?:(?:page|site|main)?[-_]?(?:foot(?:er)?|bottom|bot|copyright|nav(?:bar)?|header|menu|breadcrumb|share|sidebar))\d*",
    re.I,
)
_TABLE_PARTS = {"td", "th", "tr", "tbody", "thead", "table", "p", "span", "font", "strong", "b"}
_DATA_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,([A-Za-z0-9+/=\s]+)\Z", re.I)


def page_draft(html: str, *, name: str, limits: Limits, address: str = "") -> Draft:
    """Blocks, pictures held inside the page, and what its meta tags say. Raises IntakeRefused if it has no text."""
    try:
        page = parsed(html, deepest=DEEPEST)
    except Unread as error:
        raise IntakeRefused("html_tower", name=name) from error
    draft = Draft(address=address)
    removed = _removed(page)
    _read_meta(page, draft)
    main = main_text(page)
    if main is None:
        raise IntakeRefused("html_without_text", name=name)
    pictures = EmbeddedPictures(draft.files, limits)
    found = node_blocks(main, take_image=pictures.take)
    draft.blocks = [clean_block(_resolved(block, address)) for block in found.blocks]
    if not draft.blocks:
        raise IntakeRefused("html_without_text", name=name)
    removed["address"], removed["image"] = found.removed["address"], found.removed["image"]
    _note_removed(draft, removed, found.removed["table"])
    draft.notes += dropped_from(html, draft.blocks)
    return draft


def main_text(page: LexborHTMLParser) -> LexborNode | None:
    """The element that holds the article: a known place, else the one with most text that is not links."""
    for selector in _KNOWN:
        fitting = [node for node in page.css(selector) if len(_words(node)) >= 40 and not _is_furniture(node)]
        if fitting:
            return max(fitting, key=lambda node: len(_words(node)))
    densest = _densest(page)
    if densest is not None:
        return densest
    # A bare fragment is all text, and so is a body that holds paragraphs itself; a page whose article is loaded by script
    # is all furniture.
    body = page.body
    told = not page.css("script") or any(len(_own_words(node)) >= 15 for node in page.css("body > p"))
    return body if body is not None and _words(body) and _link_share(body) < 0.3 and told else None


def _densest(page: LexborHTMLParser) -> LexborNode | None:
    """Each paragraph gives its length to its holder and half of it to the one above; links take it away."""
    scores: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    for node in page.css("p, td, div, section, span, li"):
        length = len(_own_words(node))
        if length < (4 if node.tag == "td" else 15):
            continue
        holder = _holder(node, length)
        for share in (1.0, 0.5):
            if holder is None or holder.tag in ("body", "html", None):
                break
            scores[holder.mem_id] = scores.get(holder.mem_id, 0.0) + length * share
            nodes[holder.mem_id] = holder
            holder = holder.parent
    # Scripts and styles inside an element count as its text for the parser, hence the bound by the words shown.
    shown = {
        place: min(scores[place], 2 * len(_words(nodes[place])))
        for place in nlargest(50, scores, key=scores.__getitem__)
    }
    for place in sorted(shown, key=lambda place: -shown[place] * (1 - _link_share(nodes[place]))):
        if not _is_furniture(nodes[place]):
            return nodes[place]
    return None


def _holder(node: LexborNode, length: int) -> LexborNode | None:
    """The element a text counts for: a short cell speaks for its whole table, a long one is part of a layout."""
    holder = node if node.tag in ("td", "div", "section") else node.parent
    while holder is not None and holder.tag in _TABLE_PARTS and length < 200:
        holder = holder.parent
    return holder


def _is_furniture(node: LexborNode | None) -> bool:
    while node is not None and node.tag not in ("body", "html"):
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
        if node.tag in ("nav", "header", "footer", "aside") or any(map(_FURNITURE.fullmatch, names.split())):
            return True
        if re.search(r"display\s*:\s*none", node.attributes.get("style") or ""):
            return True
        node = node.parent
    return False


def _own_words(node: LexborNode) -> str:
    if node.tag in ("p", "span", "li"):
        return (node.text() or "").strip()
    return "".join(child.text_content or "" for child in node.iter(include_text=True) if child.tag == "-text").strip()


def _link_share(node: LexborNode) -> float:
    return min(1.0, sum(len(link.text() or "") for link in node.css("a")) / max(1, len(_words(node))))


def _words(node: LexborNode) -> str:
    hidden = "".join(part.text() or "" for part in node.css("script, style, noscript"))
    return re.sub(r"\s+", "", node.text() or "")[len(re.sub(r"\s+", "", hidden)) :]


def _removed(page: LexborHTMLParser) -> Counter[str]:
    return Counter(
        script=len(page.css("script")),
        frame=len(page.css("iframe, frame, object, embed, applet")),
        handler=len(_HANDLERS.findall(_tags_only(page.html or ""))),
    )


def _tags_only(html: str) -> str:
    return " ".join(re.findall(r"<[a-zA-Z][^<>]*>", html))


def _note_removed(draft: Draft, removed: Counter[str], tables: int) -> None:
    codes = {
        "script": "html_scripts",
        "handler": "html_handlers",
        "frame": "html_frames",
        "address": "html_addresses",
        "image": "pictures_left",
    }
    for kind, code in codes.items():
        if removed[kind]:
            draft.notes.append(note(code, count=removed[kind]))
    if tables:
        draft.notes.append(note("tables_left", count=tables))
    missing = sum(1 for block in draft.blocks if block["type"] == "image" and not block["value"]["alt"])
    if missing:
        draft.notes.append(note("pictures_without_alt", count=missing))


def _read_meta(page: LexborHTMLParser, draft: Draft) -> None:
    for node in page.css("meta[name][content]"):
        name = (node.attributes.get("name") or "").lower()
        content = (node.attributes.get("content") or "").strip()
        if content and name in _META:
            _take_meta(draft, _META[name], name, content)
    title = page.css_first("title")
    draft.title = (draft.title or (title.text() if title else "") or "").strip()


def _take_meta(draft: Draft, field: str, name: str, content: str) -> None:
    if field == "title":
        draft.given["title"] = Field(content, "found", "stated", f"page:{name}")
    elif field == "published_on":
        moment = moment_of(content)
        if moment:
            draft.given["published_on"] = Field(moment, "found", "stated", f"page:{name}")
    elif field == "origin" or not draft.origin:
        draft.origin = content


def moment_of(text: str) -> datetime | None:
    """The first date in the text, with its clock time if one follows, in Shanghai."""
    mention = next(dates_in(text), None)
    if mention is None or mention.day is None:
        return None
    clock = re.match(r"[\sT]*(\d{1,2})[:：](\d{2})", text[mention.end :])
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
    if hour > 23 or minute > 59:
        hour, minute = 0, 0
    day = mention.day
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def _resolved(block: Block, address: str) -> Block:
    """Relative links keep meaning only with the address the page had."""
    if not address.startswith(("http://", "https://")) or "<a " not in str(block["value"]):
        return block

    def absolute(match: re.Match[str]) -> str:
        return f'<a href="{urljoin(address, match[1])}"'

    pattern = re.compile(r'<a href="([^"]*)"')
    if block["type"] == "paragraph":
        return {**block, "value": pattern.sub(absolute, block["value"])}
    if block["type"] == "list":
        items = [pattern.sub(absolute, item) for item in block["value"]["items"]]
        return {**block, "value": {**block["value"], "items": items}}
    return block


class EmbeddedPictures:
    """Pictures written into the page itself; others lie elsewhere and are reported."""

    def __init__(self, files: list[ItemFile], limits: Limits) -> None:
        self._files = files
        self._limits = limits

    def take(self, source: str, _alt: str) -> str | None:
        """The reference of a picture whose bytes stand in its address; None for one that lies elsewhere."""
        match = _DATA_PICTURE.match(source)
        if match is None:
            return None
        try:
            return self.keep(base64.b64decode(match[1]))
        except binascii.Error:
            return None

    def keep(self, content: bytes) -> str | None:
        """The reference of these bytes; None for what is no picture a page can show, too large or one too many."""
        media_type = picture_type(content)
        too_many = len(self._files) >= self._limits.pictures
        if not media_type or too_many or len(content) > self._limits.picture_bytes:
            return None
        self._files.append(ItemFile(f"{len(self._files) + 1}.{media_type[6:]}", content, media_type))
        return f"@{len(self._files) - 1}"
