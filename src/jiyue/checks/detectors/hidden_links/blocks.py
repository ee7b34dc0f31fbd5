"""What hidden blocks of a page hold (hidden-link.style, class, position, size, colour). Pure.

Government pages hide menus by right, so hiding alone is nothing: a block is a finding for what stands in it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from jiyue.checks.detectors.hidden_links.hiding import Way, way_of
from jiyue.checks.detectors.hidden_links.selectors import Sheet
from jiyue.checks.detectors.hidden_links.styles import Declarations, colour, declarations, is_transparent, rules_of
from jiyue.checks.detectors.links.hosts import Standing, host_of, standing
from jiyue.checks.detectors.spam.words import has_light_words, trade_weight
from jiyue.checks.matter import Element, Matter
from jiyue.checks.shipped import shipped_list
from jiyue.domain.contrast import Rgb

_ADDRESSES = {"a": "href", "area": "href", "form": "action", "embed": "src", "object": "data", "img": "longdesc"}
_LISTS = frozenset(
    {"ul", "ol", "li", "dl", "dd", "dt", "nav", "select", "option", "table", "tbody", "tr", "td", "th", "form"}
)
_MENU_WAYS = frozenset({"display", "visibility", "named", "shrunk", "faint", "aria"})
_MOST_TEXT = 20_000
_MOST_NAMES = 50
_FIRM = 6.0  # weight of words from which they are an offer
_MOST_STEPS = 2_000_000
_NO_STYLE: Declarations = {}


@dataclass(frozen=True, slots=True)
class Held:
    """What a block holds: hosts of foreign links, words of those links, how much of the trade its text speaks, and how
    many links of the site's own stand among them."""

    hosts: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]
    weight: float
    others: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    start: int
    end: int
    technique: str
    held: Held
    sum: float


class Page:
    """The elements of a page with what its own rules and attributes say about seeing them."""

    def __init__(
        self, matter: Matter, css: str, hidden_by_script: Collection[str], mentioned: str, own: frozenset[str]
    ) -> None:
        self._matter = matter
        self._elements = matter.elements
        self._own = own
        self._script_ids = frozenset(hidden_by_script)
        self._mentioned = mentioned
        rules = list(rules_of(css)) if css else []
        self._ruled = Sheet(self._elements).apply(rules) if rules else {}
        self._ends = _subtree_ends(self._elements)
        self._steps = 0

    def blocks(self) -> Iterator[Block]:
        """Hidden blocks that hold something; of blocks inside each other the outermost that weighs enough."""
        until = 0
        least = float(shipped_list("hiding")["sums"]["warn"])
        for at in range(len(self._elements)):
            if at < until or not (way := self._way(at)):
                continue
            block = self._weighed(at, way)
            if block and block.sum >= least:
                until = self._ends[at]
                yield block

    def _way(self, at: int) -> Way | None:
        element = self._elements[at]
        attributes = element.attributes
        ruled = self._ruled.get(at)
        inline = declarations(attributes["style"]) if "style" in attributes else _NO_STYLE
        if ruled or inline or "hidden" in attributes or element.tag in ("marquee", "font"):
            styles = {**(ruled or {}), **inline}
            coloured = "color" in styles or element.tag == "font" or "-webkit-text-fill-color" in styles
            behind = self._behind(at, styles) if coloured else None
            if way := way_of(element, styles, by_rule=not _decides(inline), behind=behind):
                return way
        if attributes.get("id") in self._script_ids:
            return Way("script", "script")
        if attributes.get("aria-hidden") == "true" and element.tag == "a":
            return Way("aria", "style")
        return Way("named", "class") if not ruled and _is_named_hidden(attributes.get("class", "")) else None

    def _behind(self, at: int, styles: Mapping[str, str]) -> Rgb | None:
        """The colour the element stands on, as far as the page says."""
        steps = 0
        while at >= 0 and steps < 60:
            background = styles.get("background-color") or styles.get("background")
            background = background or self._elements[at].attributes.get("bgcolor", "").lower()
            if background and not is_transparent(background) and (shade := colour(background)):
                return None if "url(" in background else shade
            at = self._elements[at].parent
            steps += 1
            styles = self._styles(at) if at >= 0 else _NO_STYLE
        return None

    def _styles(self, at: int) -> Mapping[str, str]:
        style = self._elements[at].attributes.get("style")
        return {**self._ruled.get(at, _NO_STYLE), **(declarations(style) if style else _NO_STYLE)}

    def _weighed(self, at: int, way: Way) -> Block | None:
        held = self._held(at, worded=way.technique == "size")
        if held is None or not (held.hosts or held.words):
            return None
        ways = shipped_list("hiding")["ways"]
        sums = weight_of(held, self._own, by_menu_ways=way.kind in _MENU_WAYS)
        if not sums:
            return None
        element = self._elements[at]
        bonus = float(shipped_list("hiding")["holds"]["nameless"]) if self._is_for_good(element, way) else 0.0
        return Block(element.start, element.end, way.technique, held, sums + float(ways[way.kind]) + bonus)

    def _is_for_good(self, element: Element, way: Way) -> bool:
        """Whether nothing in the page could ever show the block: it has no name, or nobody calls the name."""
        if element.tag in _LISTS:
            return False
        names = [element.attributes.get("id", ""), *element.attributes.get("class", "").split()]
        names = [name for name in names if name]
        return not names or (
            way.technique == "class" and way.kind != "named" and not any(name in self._mentioned for name in names)
        )

    def _held(self, at: int, *, worded: bool) -> Held | None:
        hosts, names, others = [], [], 0
        for inner in range(at, self._ends[at]):
            self._steps += 1
            if self._steps > _MOST_STEPS:
                return None
            element = self._elements[inner]
            address = element.attributes.get(_ADDRESSES.get(element.tag, ""), "")
            host = host_of(address) if address else ""
            if not host or standing(host, self._own) <= Standing.KNOWN:
                others += bool(address)
                continue
            name = self._matter.text[element.start : element.end].strip()
            if name or not worded:  # type of no size does not hide a picture
                hosts.append(host)
                names.append(name)
        element = self._elements[at]
        weight, words = trade_weight(self._matter.text[element.start : min(element.end, element.start + _MOST_TEXT)])
        return Held(tuple(dict.fromkeys(hosts)), tuple(names), words, weight, others)


def weight_of(held: Held, own: frozenset[str], *, by_menu_ways: bool = True) -> float:
    """How suspicious what is held is, by itself; 0 for nothing of note. Partners' links are hidden in menus only."""
    holds = shipped_list("hiding")["holds"]
    total = 0.0
    if held.hosts:
        worst = max(standing(host, own) for host in held.hosts)
        total += float(holds[{Standing.FOREIGN: "foreign", Standing.RISKY: "risky"}.get(worst, "trade")])
        total += float(holds["several"]) if len(held.hosts) > 2 else 0.0
        if by_menu_ways and worst is Standing.FOREIGN and held.names and all(is_partner(name) for name in held.names):
            total += float(holds["partner"])
        elif worst is Standing.FOREIGN and held.others >= len(held.names):
            total += float(holds["mixed"])
    if held.weight >= _FIRM:
        total += float(holds["words"])
    elif held.hosts and (held.weight or any(has_light_words(name) for name in held.names[:_MOST_NAMES])):
        total += float(holds["subject"])
    return max(0.0, total)


def is_partner(name: str) -> bool:
    """Whether a link is named like a body or firm one links to."""
    return any(word in name for word in _partners())


@cache
def _partners() -> tuple[str, ...]:
    return tuple(shipped_list("hiding")["partners"])


@cache
def _hiding_names() -> frozenset[str]:
    return frozenset(shipped_list("hiding")["hiding_names"])


def _is_named_hidden(names: str) -> bool:
    return bool(names) and not _hiding_names().isdisjoint(names.lower().split())


def _decides(inline: Declarations) -> bool:
    return "display" in inline or "visibility" in inline


def _subtree_ends(elements: Sequence[Element]) -> list[int]:
    """For each element the place after its last descendant; elements stand in the order in which they open."""
    ends = list(range(1, len(elements) + 1))
    for at in range(len(elements) - 1, -1, -1):
        parent = elements[at].parent
        if parent >= 0:
            ends[parent] = max(ends[parent], ends[at])
    return ends
