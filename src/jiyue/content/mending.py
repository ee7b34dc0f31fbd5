"""Changing some words of a body where they stand: masking a number, mending a spelling. Marks around them stay."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

from jiyue.content.markup import Block

_PIECE = re.compile(r"<[^<>]*>|&#?\w{1,32};|[^<&]+|[<&]")
_LINE_END = re.compile(r"<br\b|</(?:p|li|h[1-6])>", re.I)
# Words that stand in a block as they are, and those that stand in it as HTML.
PLAIN: dict[str, tuple[str, ...]] = {
    "heading": ("text",),
    "image": ("caption", "alt"),
    "attachment": ("title",),
    "quotation": ("text", "attribution"),
    "video": ("title", "transcript"),
    "audio": ("title", "transcript"),
    "official": ("title", "document_number", "addressee", "signature", "date", "notes", "copies"),
}
HTML: dict[str, tuple[str, ...]] = {"official": ("body",)}
ORDER: dict[str, tuple[str, ...]] = {
    "official": ("title", "document_number", "addressee", "body", "signature", "date", "notes", "copies"),
}


@dataclass(frozen=True)
class Spot:
    """Where some words stand: the block, and which of their occurrences in it, both from 0."""

    block: int
    nth: int


@dataclass
class _Leaf:
    text: str
    write: Callable[[int, int, str], None]


def spot_of(blocks: list[Block], words: str, nth: int) -> Spot | None:
    """The place of the `nth` occurrence (from 0) of `words` in a body; None where there are not so many."""
    seen = 0
    for index, block in enumerate(blocks):
        here = sum(leaf.text.count(words) for leaf in _leaves(block)) if words else 0
        if seen + here > nth:
            return Spot(index, nth - seen)
        seen += here
    return None


def mended(blocks: list[Block], changes: list[tuple[str, int, str]]) -> list[Block]:
    """A copy of the blocks with each change made: the `nth` occurrence (from 0) of some words becomes other words.

    Occurrences are counted in the body as given, whatever the other changes do. A change that finds nothing is left out.
    """
    blocks = deepcopy(blocks)
    # From the last to the first, so that what is still to change keeps its number.
    for words, nth, instead in sorted(changes, key=lambda change: change[1], reverse=True):
        spot = spot_of(blocks, words, nth)
        if spot is not None:
            _change(blocks[spot.block], words, spot.nth, instead)
    return blocks


def replaced(text: str, words: str, nth: int, instead: str) -> str:
    """Plain text with the `nth` occurrence (from 0) of `words` changed; unchanged where there are not so many."""
    at = _nth(text, words, nth)
    return text if at < 0 else text[:at] + instead + text[at + len(words) :]


def _change(block: Block, words: str, nth: int, instead: str) -> None:
    for leaf in _leaves(block):
        count = leaf.text.count(words)
        if nth < count:
            at = _nth(leaf.text, words, nth)
            leaf.write(at, at + len(words), instead)
            return
        nth -= count


def _nth(text: str, words: str, nth: int) -> int:
    at = -len(words)
    for _time in range(nth + 1):
        at = text.find(words, at + len(words))
        if at < 0:
            return -1
    return at


def _leaves(block: Block) -> Iterator[_Leaf]:
    kind, value = block["type"], block["value"]
    if kind == "paragraph":
        yield _html_leaf(block, "value")
    elif kind == "list":
        yield from (_html_leaf(value["items"], index) for index in range(len(value.get("items") or ())))
    elif kind == "table":
        yield _plain_leaf(value, "table_caption")
        yield from (_plain_leaf(row, index) for row in value.get("data") or () for index in range(len(row)))
    else:
        html = HTML.get(kind, ())
        for name in ORDER.get(kind, PLAIN.get(kind, ())):
            yield _html_leaf(value, name) if name in html else _plain_leaf(value, name)


def _plain_leaf(holder: Any, key: Any) -> _Leaf:
    text = _at(holder, key)

    def write(start: int, end: int, instead: str) -> None:
        holder[key] = text[:start] + instead + text[end:]

    return _Leaf(text, write)


def _html_leaf(holder: Any, key: Any) -> _Leaf:
    html = _item_html(_at(holder, key))
    text, spans = _projected(html)

    def write(start: int, end: int, instead: str) -> None:
        changed = html
        for span in sorted(set(spans[start + 1 : end]) - {spans[start]}, reverse=True):
            changed = changed[: span[0]] + changed[span[1] :]
        first = spans[start]
        _put(holder, key, changed[: first[0]] + escape(instead, quote=False) + changed[first[1] :])

    return _Leaf(text, write)


def _at(holder: Any, key: Any) -> Any:
    found = holder.get(key) if isinstance(holder, dict) else holder[key]
    return found if found is not None else ""


def _item_html(item: Any) -> str:
    """Items of a list come as HTML, or as blocks of their own with an identity."""
    return str(item["value"]) if isinstance(item, dict) else str(item)


def _put(holder: Any, key: Any, html: str) -> None:
    if isinstance(holder[key], dict):
        holder[key] = {**holder[key], "value": html}
    else:
        holder[key] = html


def _projected(html: str) -> tuple[str, list[tuple[int, int]]]:
    """The text of a piece of HTML, and for each of its characters where it stands in the source."""
    letters: list[str] = []
    spans: list[tuple[int, int]] = []
    for piece in _PIECE.finditer(html):
        words, at = piece[0], piece.start()
        if words.startswith("<") and len(words) > 1:
            if _LINE_END.match(words):
                letters.append("\n")
                spans.append((at, at))  # a line may not be written over: its tag stays
        elif words.startswith("&") and len(words) > 1:
            sign = unescape(words)
            letters.extend(sign)
            spans.extend([(at, piece.end())] * len(sign))
        else:
            letters.extend(words)
            spans.extend((at + offset, at + offset + 1) for offset in range(len(words)))
    return "".join(letters), spans
