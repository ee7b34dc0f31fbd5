"""Which elements a style sheet hides: simple selectors over `Matter.elements`. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from jiyue.checks.detectors.hidden_links.styles import Rule
from jiyue.checks.matter import Element

_SIMPLE = re.compile(
    r"\*|[#.]?-?[\w\u0080-\uffff][\w\-\u0080-\uffff]*|\[\s{0,3}([\w\-]{1,40})\s{0,3}(?:([*^$~|]?)=\s{0,3}[\"']?([^\"'\]]{0,200})[\"']?)?\s{0,3}\]"
)
_MOST_TRIED = 400_000


@dataclass(frozen=True, slots=True)
class _Compound:
    """One step of a selector: tag, id, classes and attributes; `child` when it must be right inside the one before."""

    tag: str
    ident: str
    classes: frozenset[str]
    attributes: tuple[tuple[str, str, str], ...]
    child: bool

    def takes(self, element: Element, classes: frozenset[str]) -> bool:
        if self.tag and element.tag != self.tag:
            return False
        if self.ident and element.attributes.get("id") != self.ident:
            return False
        return self.classes <= classes and all(_has(element, *attribute) for attribute in self.attributes)


def _has(element: Element, name: str, sign: str, wanted: str) -> bool:
    value = element.attributes.get(name)
    if value is None:
        return False
    if sign == "*":
        return wanted in value
    if sign == "^":
        return value.startswith(wanted)
    if sign == "$":
        return value.endswith(wanted)
    if sign == "~":
        return wanted in value.split()
    return not wanted or value == wanted


def compounds(selector: str) -> tuple[_Compound, ...] | None:
    """The steps of a selector; None for one that depends on anything but names (states, siblings, made-up boxes)."""
    if ":" in selector or "+" in selector or "~" in re.sub(r"\[[^\]]{0,200}\]", "", selector):
        return None
    steps, child = [], False
    for word in selector.replace(">", " > ").split():
        if word == ">":
            child = True
            continue
        step = _compound(word, child)
        if step is None:
            return None
        steps.append(step)
        child = False
    return tuple(steps) or None


def _compound(word: str, child: bool) -> _Compound | None:
    tag, ident, classes, attributes, at = "", "", set(), [], 0
    while at < len(word):
        found = _SIMPLE.match(word, at)
        if not found:
            return None
        name = found[0]
        if name[0] == "#":
            ident = name[1:]
        elif name[0] == ".":
            classes.add(name[1:])
        elif name[0] == "[":
            attributes.append((found[1].lower(), found[2] or "", found[3] or ""))
        elif name != "*":
            tag = name.lower()
        at = found.end()
    return _Compound(tag, ident, frozenset(classes), tuple(attributes), child)


class Sheet:
    """The elements of a page with the declarations that the page's own rules give them."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self._elements = elements
        self._classes = [frozenset(element.attributes.get("class", "").split()) for element in elements]
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for at, element in enumerate(elements):
            self._by_name[element.tag].append(at)
            if ident := element.attributes.get("id"):
                self._by_name["#" + ident].append(at)
            for name in self._classes[at]:
                self._by_name["." + name].append(at)
        self._tried = 0

    def apply(self, rules: Iterable[Rule]) -> Mapping[int, Mapping[str, str]]:
        """Per element what wins: weightier selectors over lighter ones, later over earlier."""
        won: dict[int, dict[str, tuple[tuple[int, int, int], str]]] = defaultdict(dict)
        for rule in rules:
            for selector in rule.selectors:
                steps = compounds(selector)
                if steps:
                    weight = _weight(steps)
                    for at in self._taken(steps):
                        _settle(won[at], rule.declarations, weight)
        return {at: {name: value for name, (_weight_, value) in found.items()} for at, found in won.items()}

    def _taken(self, steps: tuple[_Compound, ...]) -> Iterator[int]:
        for at in self._candidates(steps[-1]):
            self._tried += 1
            if self._tried > _MOST_TRIED:
                return
            if steps[-1].takes(self._elements[at], self._classes[at]) and self._inside(at, steps):
                yield at

    def _candidates(self, step: _Compound) -> Sequence[int]:
        if step.ident:
            return self._by_name.get("#" + step.ident, ())
        if step.classes:
            return min((self._by_name.get("." + name, []) for name in step.classes), key=len)
        if step.tag:
            return self._by_name.get(step.tag, ())
        return range(len(self._elements))

    def _inside(self, at: int, steps: tuple[_Compound, ...]) -> bool:
        """Whether the elements around it fit the earlier steps, nearest first."""
        left = len(steps) - 2
        child = steps[-1].child
        at = self._elements[at].parent
        while left >= 0:
            if at < 0:
                return False
            self._tried += 1
            fits = steps[left].takes(self._elements[at], self._classes[at])
            if child and not fits:
                return False
            if fits:
                child = steps[left].child
                left -= 1
            at = self._elements[at].parent
        return True


def _weight(steps: tuple[_Compound, ...]) -> tuple[int, int, int]:
    return (
        sum(bool(step.ident) for step in steps),
        sum(len(step.classes) + len(step.attributes) for step in steps),
        sum(bool(step.tag) for step in steps),
    )


def _settle(
    won: dict[str, tuple[tuple[int, int, int], str]], declared: Mapping[str, str], weight: tuple[int, int, int]
) -> None:
    for name, value in declared.items():
        if name not in won or weight >= won[name][0]:
            won[name] = (weight, value)
