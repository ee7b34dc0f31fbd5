"""What rich text may hold, enforced on every way in and once more on the way out.

Two nets of different making: nh3 (a parser and an allow list in Rust) for text that is already ours, and the walk of
`markup`, which builds new blocks from foreign HTML. A stored text carries neither script, style, handlers, frames nor
addresses other than http, https, mailto, tel and relative ones.
"""

import re
from html import escape
from typing import Any

import nh3

from jiyue.checks.reading.parsing import parses_in_time, words_between_tags
from jiyue.content.markup import Block, Markup, markup_blocks, safe_address

INLINE_TAGS = frozenset({"em", "strong", "a", "sup", "sub", "br"})
_WITH_CONTENT = {"script", "style", "iframe", "noscript", "template", "object", "svg", "math", "title", "head"}

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_OLD_NAME = re.compile(r"<(/?)(b|i)>")
_NEW_NAME = {"b": "strong", "i": "em"}
_ANCHOR = re.compile(r"(<a(?: [^>]*)?>|</a>)")
# Paragraphs of bare text, as most are, cannot hold anything to remove; the editor marks each with a key.
_PLAIN = re.compile(r'(?:<p(?: data-block-key="\w{1,16}")?>[^<>&\s\u00a0\u3000\x00-\x1f][^<>&\u00a0\r]*</p>)+\Z')
_BLOCK_KEY = re.compile(r'<p data-block-key="\w{1,16}">')
_PARAGRAPHS = re.compile(r"\s*(?:<p>(?:(?!</?p>).)*</p>\s*)*\Z", re.S)
_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.S)
_BLANK = re.compile(r"(?:<[^>]*>|&nbsp;|[\s\u3000\ufeff\u200b])*\Z")


def _kept_attribute(_tag: str, _name: str, value: str) -> str | None:
    return safe_address(value) or None


def _cleaner(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        attributes={"a": {"href"}},
        attribute_filter=_kept_attribute,
        clean_content_tags=_WITH_CONTENT,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )


# b and i are let in to be renamed; what comes out holds INLINE_TAGS only.
_INLINE = _cleaner({*INLINE_TAGS, "b", "i"})
_PARAGRAPHS_ONLY = _cleaner({*INLINE_TAGS, "b", "i", "p"})


def clean_text(text: str) -> str:
    """The text without control characters; half of a surrogate pair becomes the replacement sign."""
    return _SURROGATE.sub("\ufffd", _UNPRINTABLE.sub("", text))


def clean_inline(html: str) -> str:
    """Markup inside one paragraph: emphasis, links, superscript, subscript and line breaks; all else only as text."""
    return _net(html, _INLINE).strip()


def clean_paragraphs(html: str) -> str:
    """A sequence of `<p>` with inline markup. Loose text and other blocks become paragraphs; empty ones go."""
    if _PLAIN.match(html):
        return _BLOCK_KEY.sub("<p>", clean_text(html))
    cleaned = _net(html, _PARAGRAPHS_ONLY)
    if not cleaned.strip():
        return ""
    if not _PARAGRAPHS.match(cleaned):
        blocks = markup_blocks(clean_text(html)).blocks
        cleaned = _net("".join(_as_paragraphs(block) for block in blocks), _PARAGRAPHS_ONLY)
    return "".join(f"<p>{inner}</p>" for inner in _PARAGRAPH.findall(cleaned) if not _BLANK.match(inner))


def clean_paste(html: str) -> list[Block]:
    """A paste from Word, WPS or a web page as body blocks; lists and tables kept, office styles dropped."""
    return clean_markup(html).blocks


def clean_markup(html: str, **how: Any) -> Markup:
    """As `clean_paste`, with the count of what was removed; `how` is handed to `markup_blocks`."""
    found = markup_blocks(clean_text(html), **how)
    found.blocks = [clean_block(block) for block in found.blocks]
    return found


def clean_block(block: Block) -> Block:
    """The block with its rich text cleaned; plain-text fields are left to the escaping of the renderer."""
    kind, value = block["type"], block["value"]
    if kind == "paragraph":
        return {**block, "value": clean_paragraphs(value)}
    if kind == "list":
        return {**block, "value": {**value, "items": [clean_inline(item) for item in value["items"]]}}
    if kind == "official":
        return {**block, "value": {**value, "body": clean_paragraphs(value["body"])}}
    return block


def _net(html: str, cleaner: nh3.Cleaner) -> str:
    if not parses_in_time(html):
        html = escape(words_between_tags(html))
    renamed = _OLD_NAME.sub(lambda found: f"<{found[1]}{_NEW_NAME[found[2]]}>", cleaner.clean(clean_text(html)))
    return _without_bare_anchors(renamed) if "<a>" in renamed else renamed


def _without_bare_anchors(html: str) -> str:
    """Links whose address was taken away leave only their text; they may stand inside others."""
    kept: list[str] = []
    open_anchors: list[bool] = []
    for part in _ANCHOR.split(html):
        if part == "<a>" or part.startswith("<a "):
            open_anchors.append(part != "<a>")
            kept.append(part if part != "<a>" else "")
        elif part == "</a>" and open_anchors:
            kept.append(part if open_anchors.pop() else "")
        else:
            kept.append(part)
    return "".join(kept)


def _as_paragraphs(block: Block) -> str:
    """Any block as paragraphs, for places that hold nothing else."""
    kind, value = block["type"], block["value"]
    if kind == "paragraph":
        return str(value)
    if kind == "list":
        return "".join(f"<p>{item}</p>" for item in value["items"])
    if kind == "table":
        return "".join(f"<p>{escape('　'.join(cell or '' for cell in row), quote=False)}</p>" for row in value["data"])
    lines = str(value.get("text", "")).split("\n")
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)
