"""Colours, widths, weight, and whether what a page loads is there: read from its styles, not from a browser."""

import colorsys
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from jiyue.domain.page_rules import Item
from jiyue.publishing.page_rules.ground import Fault, Ground, Page, scripts_of, sheets_of
from jiyue.publishing.page_rules.ground import marked as _

HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})", re.IGNORECASE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
# What a reader asks for, what paper gets and what a mode of the device gets are no colours of the design.
OTHER_MODES = re.compile(r"data-theme|mourning|preview")
OTHER_MEDIA = re.compile(r"prefers-color-scheme|prefers-contrast|forced-colors|print")
WIDE = re.compile(r"(?:^|[;{\s])(min-width|width)\s*:\s*(\d+(?:\.\d+)?)px", re.IGNORECASE)
GREY, DARK, LIGHT = 0.18, 0.10, 0.955  # below this saturation or lightness, or above that lightness, it is no colour
SAME_HUE = 20  # degrees
KILOBYTE = 1024


def colours(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    if item.most is None:
        return
    text = "\n".join(_sheet(ground, address) for address in sheets_of(page))
    inline = ";".join(node.attributes.get("style") or "" for node in page.css("body [style]"))
    found = hues_of(text, inline)
    if len(found) > item.most:
        yield Fault(_("用了 %(n)s 种颜色，至多 %(most)s 种：%(which)s"),
                    {"n": len(found), "most": int(item.most), "which": "、".join(found)})  # fmt: skip


def narrow_and_wide(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    viewport = page.meta("viewport") or ""
    if "width=device-width" not in viewport.replace(" ", ""):
        yield Fault(_("没有按设备宽度显示"))
    if re.search(r"user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*1(\.0*)?\b", viewport):
        yield Fault(_("不让读者放大"))
    least = item.most or 320
    for node in page.css("body [style], body table[width], body [width]"):
        if node.tag in ("img", "video", "svg", "canvas"):
            continue  # the style sheet makes them no wider than their place
        width = _fixed_width(node.attributes.get("style") or "", node.attributes.get("width") or "")
        if width > least:
            yield Fault(_("<%(name)s> 的宽度写死为 %(width)s 像素"), {"name": node.tag, "width": int(width)})
            return
    widest = max((_widest(_sheet(ground, address)) for address in sheets_of(page)), default=0)
    if widest > least:
        yield Fault(_("样式里有写死的宽度 %(width)s 像素"), {"width": int(widest)})


def weight(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    if item.most is None:
        return
    loaded = [page.address, *filter(_is_own, dict.fromkeys([*sheets_of(page), *scripts_of(page)]))]
    sent = sum(ground.size(address) for address in loaded) / KILOBYTE
    if sent > item.most:
        yield Fault(_("不计图片要传输 %(sent)s 千字节，至多 %(most)s"), {"sent": round(sent), "most": int(item.most)})


def files_there(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    pictures = [node.attributes.get("src") or "" for node in page.css("img[src]")]
    for address in dict.fromkeys([*sheets_of(page), *scripts_of(page), *pictures]):
        if address.startswith("data:"):
            continue
        if not _is_own(address):
            yield Fault(_("用了别处的文件：%(address)s"), {"address": address[:100]})
        elif ground.file(address) is None:
            yield Fault(_("打不开：%(address)s"), {"address": address[:100]})


def hues_of(sheet: str, inline: str = "") -> list[str]:
    """Each colour of a light, ordinary view once, by its most saturated shade; black, white and grey are none."""
    shades = sorted({*_shades(sheet), *_shades_in(inline)}, key=lambda one: -one[1])
    found: list[tuple[float, str]] = []
    for hue, _vivid, written in shades:
        if not any(min(abs(hue - other), 360 - abs(hue - other)) <= SAME_HUE for other, _name in found):
            found.append((hue, written))
    return [name for _hue, name in found]


@lru_cache(maxsize=64)
def _shades(sheet: str) -> tuple[tuple[float, float, str], ...]:
    text = _without_other_media(COMMENT.sub("", sheet))
    inner = [rule[2] for rule in RULE.finditer(text) if not OTHER_MODES.search(rule[1])]
    # A site's own sheet comes last and overrides a token: what it replaces is shown nowhere.
    tokens: dict[str, str] = {}
    rest: list[str] = []
    for block in inner:
        for declaration in block.split(";"):
            name, _colon, value = declaration.partition(":")
            if name.strip().startswith("--"):
                tokens[name.strip()] = value
            else:
                rest.append(value)
    return tuple(_shades_in(" ".join([*tokens.values(), *rest])))


def _shades_in(text: str) -> Iterator[tuple[float, float, str]]:
    found = [tuple(int(part * (2 if len(part) == 1 else 1), 16) for part in _pairs(one)) for one in HEX.findall(text)]
    found += [tuple(int(part) for part in one) for one in RGB.findall(text)]
    for red, green, blue in found:
        hue, light, vivid = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
        if vivid >= GREY and DARK <= light <= LIGHT:
            yield round(hue * 360, 1), round(vivid, 3), f"#{red:02x}{green:02x}{blue:02x}"


def _pairs(written: str) -> list[str]:
    step = len(written) // 3
    return [written[place : place + step] for place in range(0, len(written), step)]


def _without_other_media(text: str) -> str:
    """The text without the blocks of media that are not the ordinary view; braces are counted."""
    kept, place = [], 0
    while (at := text.find("@media", place)) >= 0:
        opened = text.find("{", at)
        if opened < 0:
            break
        depth, end = 1, opened + 1
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        kept.append(text[place:at])
        if not OTHER_MEDIA.search(text[at:opened]):
            kept.append(text[opened + 1 : end - 1])
        place = end
    return "".join(kept) + text[place:]


def _sheet(ground: Ground, address: str) -> str:
    content = ground.file(address) if _is_own(address) else None
    return content.decode("utf-8", "replace") if content else ""


def _widest(sheet: str) -> float:
    """The widest width that holds on every screen: of rules outside any condition."""
    plain = re.sub(r"@(media|container|supports)[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", COMMENT.sub("", sheet))
    return max((float(one[2]) for rule in RULE.finditer(plain) for one in WIDE.finditer(rule[2])), default=0)


def _fixed_width(style: str, attribute: str) -> float:
    found = [float(one[2]) for one in WIDE.finditer(style)]
    if attribute.isdecimal():
        found.append(float(attribute))
    return max(found, default=0)


def _is_own(address: str) -> bool:
    return address.startswith("/") and not urlsplit(address).netloc
