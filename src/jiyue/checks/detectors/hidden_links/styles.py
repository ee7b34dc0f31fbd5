"""Style sheets and style attributes, as far as they can hide something. Pure; takes any text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jiyue.domain.contrast import Rgb, contrast

RELEVANT = frozenset({
    "display", "visibility", "opacity", "filter", "position", "left", "right", "top", "bottom", "margin-left",
    "margin-top", "margin", "text-indent", "clip", "clip-path", "font-size", "font", "width", "height", "max-height",
    "max-width", "line-height", "overflow", "overflow-x", "overflow-y", "color", "background", "background-color",
    "transform", "z-index", "zoom", "-webkit-text-fill-color",
})  # fmt: skip
_MOST_RULES = 4000
_LONGEST_SELECTOR = 2000
_NAMED = {
    "white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "gray": (128, 128, 128), "grey": (128, 128, 128), "silver": (192, 192, 192),
    "snow": (255, 250, 250), "ivory": (255, 255, 240), "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255),
}  # fmt: skip
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_RGB = re.compile(
    r"rgba?\(\s{0,3}(\d{1,3})\s{0,3}[, ]\s{0,3}(\d{1,3})\s{0,3}[, ]\s{0,3}(\d{1,3})(?:\s{0,3}[,/]\s{0,3}([\d.]{1,6}%?))?"
)
_LENGTH = re.compile(r"(-?[\d.]{1,12})(px|pt|em|rem|%|vw|vh|ex|cm|in)?")
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 1.33,
    "em": 16.0,
    "rem": 16.0,
    "vw": 12.0,
    "vh": 8.0,
    "ex": 8.0,
    "cm": 38.0,
    "in": 96.0,
}
_STATES = re.compile(r":(?:hover|focus|active|checked|target)")
_BRACES = re.compile(r"[{}]")
SAME = 1.12  # contrast up to which nobody tells two colours apart

Declarations = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    selectors: tuple[str, ...]
    declarations: Declarations


@lru_cache(maxsize=4096)
def declarations(style: str) -> Declarations:
    """The declarations that matter here, later over earlier; `!important` only counts for its own value."""
    found: dict[str, str] = {}
    for declaration in without_comments(style).split(";"):
        name, colon, value = declaration.partition(":")
        name = name.strip().lower()
        if colon and name in RELEVANT:
            found[name] = value.replace("!important", "").strip().lower()
    return found


def without_comments(css: str) -> str:
    if "/*" not in css:
        return css
    kept, at = [], 0
    while (opened := css.find("/*", at)) >= 0:
        kept.append(css[at:opened])
        closed = css.find("*/", opened + 2)
        if closed < 0:
            return "".join(kept)
        at = closed + 2
    kept.append(css[at:])
    return "".join(kept)


def rules_of(css: str) -> Iterator[Rule]:
    """Rules with relevant declarations, of the sheet and of media other than print."""
    css = without_comments(css).replace("<!--", " ").replace("-->", " ")
    preludes: list[str] = []
    at, given = 0, 0
    for brace in _BRACES.finditer(css):
        before = css[at : brace.start()]
        at = brace.end()
        if brace[0] == "{":
            preludes.append(before.rpartition(";")[2].strip())
            continue
        prelude = preludes.pop() if preludes else ""
        if prelude and not prelude.startswith("@") and not _elsewhere(preludes) and (found := declarations(before)):
            yield Rule(tuple(selector.strip() for selector in prelude.split(",")), found)
            given += 1
            if given >= _MOST_RULES:
                return


def hovering(css: str) -> str:
    """The selectors that depend on what the reader does: what they name can come to be seen."""
    selectors, at = [], 0
    while found := _STATES.search(css, at):
        end = css.find("{", found.end())
        end = end if end >= 0 else len(css)
        selectors.append(css[max(css.rfind("}", at, found.start()) + 1, at, end - _LONGEST_SELECTOR) : end])
        at = end
    return "\n".join(selectors)


def _elsewhere(preludes: list[str]) -> bool:
    """Inside print rules, animations, or rules that hold on small screens only."""
    return any(
        prelude.startswith("@") and ("print" in prelude or "keyframes" in prelude or "width" in prelude)
        for prelude in preludes
    )


def pixels(value: str | None) -> float | None:
    """A length in pixels, roughly; None for what is none. A percentage of nothing is 0, else None."""
    found = _LENGTH.match(value.strip()) if value else None
    if not found:
        return None
    try:
        number = float(found[1])
    except ValueError:
        return None
    unit = found[2] or ""
    if unit == "%":
        return 0.0 if number == 0 else (number * 10 if abs(number) >= 100 else None)
    return number * _PIXELS[unit]


def colour(value: str | None) -> Rgb | None:
    """The colour named in a value; None where it names none or only a shade of transparency."""
    if not value:
        return None
    if found := _HEX.search(value):
        digits = found[1]
        if len(digits) in (3, 4):
            return tuple(int(digit * 2, 16) for digit in digits[:3])  # type: ignore[return-value]
        return (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)) if len(digits) >= 6 else None
    if found := _RGB.search(value):
        return (min(255, int(found[1])), min(255, int(found[2])), min(255, int(found[3])))
    return next((_NAMED[word] for word in re.findall(r"[a-z]{3,12}", value[:80]) if word in _NAMED), None)


def is_transparent(value: str | None) -> bool:
    if not value:
        return False
    found = _RGB.search(value)
    if found and found[4]:
        return float(found[4].rstrip("%").strip(".") or 0) == 0
    hexed = _HEX.search(value)
    if hexed and len(hexed[1]) in (4, 8):
        return set(hexed[1][-(len(hexed[1]) // 4) :]) == {"0"}
    return "transparent" in value


def same_colour(one: Rgb, other: Rgb) -> bool:
    return contrast(one, other) <= SAME
