"""How an element is kept from readers' eyes. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from jiyue.checks.detectors.hidden_links.styles import colour, is_transparent, pixels, same_colour
from jiyue.checks.matter import Element
from jiyue.domain.contrast import Rgb

FAR = 480.0  # pixels outside that no layout uses
_BEYOND = 4000.0
_TINY = 1.5
_THIN = 5.0
_CLIPPED = re.compile(
    r"rect\(\s{0,3}0|rect\(\s{0,3}1px|inset\(\s{0,3}(?:100|50)%|circle\(\s{0,3}0|polygon\(\s{0,3}0\s0\s{0,3}\)"
)
_OFFSET = re.compile(r"translate[xy3d]{0,2}\(([^)]{0,60})\)")
_NOTHING = re.compile(r"scale[xy]?\(\s{0,3}0(?:\.0\d*)?\s{0,3}[,)]")
_ALPHA = re.compile(r"opacity\s{0,3}[=(:]\s{0,3}0(?:\.0\d{0,3})?\s{0,3}[;)%]?")
_AROUND = ("left", "top", "right", "bottom", "margin-left", "margin-top", "text-indent")
# Elements of running text; on a box, type of no size is the usual way to close the gaps between what is in it.
_RUNNING = frozenset({"a", "span", "font", "p", "b", "i", "em", "strong", "small", "label", "u", "s"})
WHITE: Rgb = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Way:
    """`kind` names the row of `ways` in `lists/hiding.yaml`, `technique` the detector (hidden-link.<technique>)."""

    kind: str
    technique: str


def way_of(element: Element, styles: Mapping[str, str], *, by_rule: bool, behind: Rgb | None) -> Way | None:
    """How the element is hidden by itself; `behind` is the colour it stands on, None where the page does not say."""
    shown = "class" if by_rule and "hidden" not in element.attributes else "style"
    if styles.get("display", "").startswith("none") or (
        "hidden" in element.attributes and element.attributes["hidden"] != "until-found" and "display" not in styles
    ):
        return Way("display", shown)
    if styles.get("visibility") in ("hidden", "collapse"):
        return Way("visibility", shown)
    if element.tag == "marquee" and _is_thin(element, styles):
        return Way("position", "position")
    if _is_away(styles):
        return Way("position", "position")
    if _has_no_type(styles):
        line = pixels(styles.get("line-height"))
        meant = element.tag in _RUNNING or "color" in styles or (line is not None and 0 < line <= _TINY)
        return Way("size" if meant else "shrunk", "size")
    if _is_tiny(styles):
        return Way("size", "size")
    if _is_clear(styles):
        return Way("opacity", "colour")
    return _faint(element, styles, behind)


def _is_away(styles: Mapping[str, str]) -> bool:
    for name in _AROUND:
        if (value := styles.get(name)) is None:
            continue
        if "expression(" in value or _is_far(pixels(value), name):
            return True
    margins = [pixels(value) for value in styles.get("margin", "").split()[:4]]
    if any(_is_far(margin, "margin") for margin in margins):
        return True
    if any(
        _is_far(pixels(part), "") for found in _OFFSET.findall(styles.get("transform", "")) for part in found.split(",")
    ):
        return True
    return bool(_CLIPPED.search(styles.get("clip", "") + styles.get("clip-path", "")))


def _is_far(distance: float | None, name: str) -> bool:
    """Far to the left or above always; far to the right or below only beyond any screen."""
    if distance is None:
        return False
    return distance <= -FAR or (distance >= _BEYOND and name in ("left", "top", "margin-left", "text-indent", ""))


def _has_no_type(styles: Mapping[str, str]) -> bool:
    size = pixels(styles.get("font-size") or _font_size(styles.get("font", "")))
    return size is not None and size <= _TINY


def _is_tiny(styles: Mapping[str, str]) -> bool:
    if _NOTHING.search(styles.get("transform", "")) or styles.get("zoom") in ("0", "0.0", "0%"):
        return True
    cut = any("hidden" in styles.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    sides = [styles.get(name) or "" for name in ("height", "max-height", "width", "max-width")]
    return cut and any((length := pixels(side)) is not None and length <= _TINY for side in sides)


def _font_size(font: str) -> str:
    found = re.search(r"(?:^|\s)([\d.]{1,6}(?:px|pt|em|rem|%))", font)
    return found[1] if found else ""


def _is_thin(element: Element, styles: Mapping[str, str]) -> bool:
    attributes = element.attributes
    sides = [styles.get(name) or attributes.get(name, "") for name in ("height", "width")]
    if any((length := pixels(side)) is not None and length <= _THIN for side in sides):
        return True
    speed = pixels(attributes.get("scrollamount", ""))
    return speed is not None and speed >= 500


def _is_clear(styles: Mapping[str, str]) -> bool:
    opacity = styles.get("opacity", "")
    try:
        if opacity and float(opacity.rstrip("%")) * (0.01 if opacity.endswith("%") else 1) <= 0.05:
            return True
    except ValueError:
        return False
    return bool(_ALPHA.search(styles.get("filter", "")))


def _faint(element: Element, styles: Mapping[str, str], behind: Rgb | None) -> Way | None:
    written = styles.get("-webkit-text-fill-color") or styles.get("color")
    if written is None and element.tag == "font":
        written = element.attributes.get("color", "").lower()
    if not written:
        return None
    if is_transparent(written):
        return Way("colour", "colour")
    ink = colour(written)
    if ink is None:
        return None
    if behind is not None:
        return Way("colour", "colour") if same_colour(ink, behind) else None
    return Way("faint", "colour") if same_colour(ink, WHITE) else None
