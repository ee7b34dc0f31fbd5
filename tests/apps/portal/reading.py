"""Reads a rendered page the way a strict parser would: balanced tags, ids, headings, tags, resources."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr")
ENDS_P = re.compile("div|dl|ol|ul|p|section|table|figure|h[1-6]|article|aside|nav|header|footer")
RESOURCE = {"link": "href", "script": "src", "img": "src", "video": "src", "audio": "src", "source": "src"}


@dataclass
class Reading(HTMLParser):
    """What was found; `faults` is empty for a well-formed page."""

    faults: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    meta: dict[str, list[str]] = field(default_factory=dict)
    links: list[dict[str, str]] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    attributes: set[str] = field(default_factory=set)
    inline: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        if ENDS_P.fullmatch(tag) and "p" in self.open:
            self.faults.append(f"<{tag}> inside <p>")
        if tag == "a" and "a" in self.open:
            self.faults.append("<a> inside <a>")
        self._note(tag, {name: value or "" for name, value in attrs})
        if not VOID.fullmatch(tag):
            self.open.append(tag)

    def _note(self, tag: str, attrs: dict[str, str]) -> None:
        self.attributes.update(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if attrs.get("href", "").startswith("#"):
            self.references.append(attrs["href"][1:])
        if tag[0] == "h" and tag[1:].isdigit():
            self.levels.append(int(tag[1:]))
        if tag == "meta" and "name" in attrs:
            self.meta.setdefault(attrs["name"], []).append(attrs["content"])
        if tag == "link":
            self.links.append(attrs)
        if tag == "style" or (tag == "script" and "src" not in attrs and attrs.get("type") != "application/ld+json"):
            self.inline.append(tag)
        self._note_resource(tag, attrs)

    def _note_resource(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "link" and attrs.get("rel") not in {"stylesheet", "icon"}:
            return
        if attrs.get(RESOURCE.get(tag, "")):
            self.resources.append(attrs[RESOURCE[tag]])
        if "poster" in attrs:
            self.resources.append(attrs["poster"])

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if "script" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def read(html: str) -> Reading:
    reading = Reading()
    reading.feed(html)
    reading.close()
    if reading.open:
        reading.faults.append(f"left open: {reading.open}")
    return reading
