"""The checklist against which page templates are held (PAGE-04): its items are values of the rule packs.

An item is a parameter `page.rule.<name>`. Its value says the rule in our own words, how it is looked at, how much it weighs
and, where the text has one, the figure. A nearer pack changes an item part by part: what it leaves out stays as the pack
above it says. `off` with a reason ends an item for whom the pack counts; a nearer value that says anything else takes it
up again. What only people can see and only one place asks for stands in `page.rule.local`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from jiyue.domain.rule_terms import Setting
from jiyue.domain.rulesets import Basis, Pack, Parameter, RuleSet, Since, Value

PREFIX: Final = "page.rule."
LOCAL: Final = "page.rule.local"
BY_EYE: Final = "by-eye"
MUST, SHOULD = "must", "should"
WEIGHTS: Final = (MUST, SHOULD)
LONGEST: Final = 300  # characters of a rule or a reason
MOST: Final = 1_000_000

# How an item may be looked at by the program. `publishing.page_rules` has one function for each.
PROBES: Final = (
    "full-name", "zones", "same-frame", "footer-marks", "channels", "home-groups", "site-tags", "column-tags",
    "article-tags", "time-shown", "source-shown", "address-shown", "validity-shown", "search-offered", "colours",
    "narrow-and-wide", "transfer-size", "page-title", "headings", "link-words", "breadcrumb", "new-windows", "floating",
    "playing", "plug-ins", "markup", "files-there", "pictures-described", "two-clicks",
)  # fmt: skip
_PARTS: Final = ("say", "look", "weight", "figure", "most", "off")
_LOCAL_PARTS: Final = ("key", "say", "weight")


class NotAPageRule(ValueError):
    """A setting that is no item of the checklist; `part` is what is wrong or missing, `found` what was written there."""

    def __init__(self, part: str, found: object = "") -> None:
        super().__init__(f"{part}: {found!r}")
        self.part, self.found = part, str(found)


@dataclass(frozen=True)
class Source:
    """What one pack says of an item: from when, by which articles, and what it says about it."""

    pack: str
    since: Since
    basis: tuple[Basis, ...]
    note: str = ""


@dataclass(frozen=True)
class Item:
    """One line of the checklist as it holds for somebody on a day. `sources` are nearest first.

    `figure` names the parameter that has the number; `most` is the number itself. `off` is the reason why it is not
    looked at.
    """

    key: str
    title: str
    say: str = ""
    look: str = BY_EYE
    weight: str = SHOULD
    figure: str = ""
    most: float | None = None
    off: str = ""
    sources: tuple[Source, ...] = ()

    @property
    def by_eye(self) -> bool:
        return self.look == BY_EYE

    @property
    def local(self) -> bool:
        return self.key.startswith(f"{LOCAL}.")


def is_page_rule(parameter: str) -> bool:
    return parameter.startswith(PREFIX)


def read_page_rule(parameter: str, setting: Any) -> None:
    """Raises NotAPageRule unless this can be the value of an item (any part may be left out to a farther pack)."""
    if parameter == LOCAL:
        _read_local(setting)
        return
    parts = _mapping(setting)
    _refuse_foreign(parts, _PARTS)
    for name in ("say", "off"):
        if name in parts:
            _words(name, parts[name])
    for name, known in (("look", (*PROBES, BY_EYE)), ("weight", WEIGHTS)):
        if name in parts and parts[name] not in known:
            raise NotAPageRule(name, parts[name])
    if "figure" in parts:
        _words("figure", parts["figure"])
    if "most" in parts:
        _number(parts["most"])


def checklist(rules: RuleSet, on: date) -> list[Item]:
    """All items that hold on a day, those switched off among them, in the order of the catalogue of parameters."""
    found = [_item(rules, rules.parameters[name], on) for name in _names(rules)]
    return [item for item in found if item is not None] + _local_items(rules, on)


# ---- items from values -----------------------------------------------------------------------------------------------


def _names(rules: RuleSet) -> Iterator[str]:
    return (name for name in rules.parameters if is_page_rule(name) and name != LOCAL)


def _item(rules: RuleSet, parameter: Parameter, on: date) -> Item | None:
    """The parts of every pack that says anything, the nearest last, so that it has the last word."""
    item, begun = Item(key=parameter.name, title=parameter.title), False
    for pack, value in reversed(list(_said(rules, parameter.name, on))):
        parts = _parts(value)
        if "off" not in parts:
            parts = {**parts, "off": ""}
        item = replace(item, **parts, sources=(_source(pack, value), *item.sources))
        begun = True
    if not begun or not (item.say or item.off):
        return None
    return _with_figure(item, rules, on)


def _with_figure(item: Item, rules: RuleSet, on: date) -> Item:
    """Its number from the parameter it names, unless a pack gave one here."""
    if not item.figure or item.most is not None or item.figure not in rules.parameters:
        return item
    answer = rules.answer(item.figure, on)
    value = answer.terms.value if isinstance(answer.terms, Setting) else None
    return replace(item, most=value) if isinstance(value, int | float) and not isinstance(value, bool) else item


def _local_items(rules: RuleSet, on: date) -> list[Item]:
    """What packs on the way added, the farthest first; of the same key the nearest counts."""
    found: dict[str, Item] = {}
    for pack, value in reversed(list(_said(rules, LOCAL, on))):
        for row in value.terms.value if isinstance(value.terms, Setting) else ():
            key = f"{LOCAL}.{row['key']}"
            found[key] = Item(
                key, row["say"], row["say"], BY_EYE, row.get("weight", SHOULD), sources=(_source(pack, value),)
            )
    return list(found.values())


def _said(rules: RuleSet, parameter: str, on: date) -> Iterator[tuple[Pack, Value]]:
    for pack in rules.chain:
        value = pack.in_force(parameter, on)
        if value is not None and value.is_figure:
            yield pack, value


def _parts(value: Value) -> dict[str, Any]:
    return dict(value.terms.value) if isinstance(value.terms, Setting) else {}


def _source(pack: Pack, value: Value) -> Source:
    return Source(pack.title, value.since, value.basis, value.note)


# ---- reading ---------------------------------------------------------------------------------------------------------


def _mapping(setting: Any) -> Mapping[str, Any]:
    if not isinstance(setting, Mapping) or not setting:
        raise NotAPageRule("value", setting)
    return setting


def _refuse_foreign(parts: Mapping[str, Any], known: tuple[str, ...]) -> None:
    foreign = [name for name in parts if name not in known]
    if foreign:
        raise NotAPageRule(str(foreign[0]), parts[foreign[0]])


def _words(name: str, found: Any) -> str:
    if not isinstance(found, str) or not found.strip() or len(found) > LONGEST:
        raise NotAPageRule(name, found)
    return found


def _number(found: Any) -> None:
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 < found <= MOST:
        raise NotAPageRule("most", found)


def _read_local(setting: Any) -> None:
    if not isinstance(setting, list) or not setting:
        raise NotAPageRule("value", setting)
    for row in setting:
        parts = _mapping(row)
        _refuse_foreign(parts, _LOCAL_PARTS)
        for name in ("key", "say"):
            _words(name, parts.get(name))
        if parts.get("weight", SHOULD) not in WEIGHTS:
            raise NotAPageRule("weight", parts["weight"])
