"""What of a page's source never becomes text: scripts, styles, comments, frames, refreshes. Pure, linear in length."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

_ATTRIBUTE = re.compile(
    r"""([a-zA-Z][\w\-:]{0,40})\s{0,9}(?:=\s{0,9}(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'>]{1,4000})))?"""
)
_OPENING = re.compile(r"<(script|style|iframe|frame|meta|base|link)\b([^>]{0,6000})>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag at an offset of the source; `body` is what stands up to its closing tag (scripts and styles)."""

    name: str
    attributes: Mapping[str, str]
    at: int
    body: str = ""


_LINK = re.compile(
    r"""href\s{0,3}=\s{0,3}["']?([^"'\s>]{1,500})[^>]{0,300}>([^<]{0,200})|(https?://[^\s"'<>]{4,300})""", re.IGNORECASE
)


def links_in(markup: str) -> list[tuple[str, str]]:
    """Addresses in a piece of markup, with the words of the link where there are any."""
    return [(href or bare, words.strip()) for href, words, bare in _LINK.findall(markup)]


class Source:
    """The source with comments told apart from what is in force."""

    def __init__(self, html: str) -> None:
        self.html = html
        self._lower = html.lower() if len(html.lower()) == len(html) else html

    @cached_property
    def _split(self) -> tuple[str, tuple[tuple[int, str], ...]]:
        return _without_comments(self.html, self._lower)

    @property
    def comments(self) -> tuple[tuple[int, str], ...]:
        """Offsets and contents of comments, conditional ones for old browsers left out."""
        return self._split[1]

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        return tuple(self._tags())

    def tags_named(self, *names: str) -> Iterator[Tag]:
        return (tag for tag in self.tags if tag.name in names)

    def _tags(self) -> Iterator[Tag]:
        html = self._split[0]
        lower = html.lower()
        lower = lower if len(lower) == len(html) else html
        at = 0
        while found := _OPENING.search(html, at):
            name = found[1].lower()
            at, body = found.end(), ""
            if name in ("script", "style"):
                closed = lower.find("</" + name, at)
                body = html[at : closed if closed >= 0 else len(html)]
                at = closed if closed >= 0 else len(html)
            yield Tag(name, attributes_of(found[2]), found.start(), body)

    def line(self, at: int) -> int:
        return self.html.count("\n", 0, at) + 1


def attributes_of(text: str) -> dict[str, str]:
    return {name.lower(): one or other or bare for name, one, other, bare in _ATTRIBUTE.findall(text)}


def _without_comments(html: str, lower: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The source with comments blanked out (offsets hold), and the comments. Scripts keep theirs: `<!--` in a script
    is an old habit and no comment."""
    kept: list[str] = []
    comments: list[tuple[int, str]] = []
    at = 0
    while (opened := html.find("<!--", at)) >= 0:
        scripted = max(lower.rfind("<script", at, opened), lower.rfind("<style", at, opened))
        if scripted >= 0 and (closing := _closing(lower, scripted)) > opened:
            kept.append(html[at:closing])
            at = closing
            continue
        closed = html.find("-->", opened + 4)
        end = closed + 3 if closed >= 0 else len(html)
        inner = html[opened + 4 : closed if closed >= 0 else len(html)]
        kept += (html[at:opened], _blank(html[opened:end]))
        if not inner.lstrip().startswith("[if"):
            comments.append((opened, inner))
        at = end
    kept.append(html[at:])
    return "".join(kept), tuple(comments)


def _closing(lower: str, opened: int) -> int:
    name = "</script" if lower.startswith("<script", opened) else "</style"
    closed = lower.find(name, opened)
    return closed if closed >= 0 else len(lower)


def _blank(text: str) -> str:
    return "\n".join(" " * len(line) for line in text.split("\n"))
