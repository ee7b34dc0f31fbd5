"""Pictures of a kind the law has an eye on: maps (map.number), the national emblem (emblem.*), and their size."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Element, Matter, Picture
from jiyue.checks.settings import Settings
from jiyue.checks.shipped import shipped_list

_MAP_BASIS = "《地图管理条例》（国务院令第664号）"
_EMBLEM_BASIS = "《中华人民共和国国徽法》"
_SIZE_BASIS = "《鹤壁市政府网站统一技术平台管理办法（试行）》第二十四条"


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """What this family finds."""
    yield from _maps(matter)
    yield from _emblems(matter, settings)
    yield from _sizes(matter, settings)


@cache
def _rules(kind: str) -> Mapping[str, re.Pattern[str]]:
    rules = shipped_list("pictures")[kind]
    return {name: re.compile(rule, re.IGNORECASE) for name, rule in rules.items()}


def _named(matter: Matter, picture: Picture, rules: Mapping[str, re.Pattern[str]]) -> str:
    """The words by which a picture is one of this kind: alternative text, caption or file name; "" for none."""
    name = picture.src.rpartition("/")[2].partition("?")[0]
    if rules["not"].search(name):
        return ""
    for words in (picture.alt or "", _caption(matter, picture), name):
        if rules["words"].search(words) and not rules["not"].search(words):
            return words.strip()
    return ""


def _caption(matter: Matter, picture: Picture) -> str:
    """The caption right after the picture."""
    part = matter.part_at(picture.start)
    return matter.words(part) if part and part.kind == "caption" else ""


def _maps(matter: Matter) -> Iterator[Finding]:
    """A picture marked or named as a map where the text nowhere gives an approval number or a standard source."""
    rules = _rules("map")
    found = [(picture, _named(matter, picture, rules)) for picture in matter.pictures]
    maps = [(picture, words) for picture, words in found if words or (picture.is_map and not _is_excused(picture))]
    if not maps or rules["number"].search(matter.text) or rules["standard"].search(matter.text):
        return
    for picture, words in maps:
        yield Finding(
            detector="map.number",
            severity=Severity.BLOCK if picture.is_map and matter.html is None else Severity.WARN,
            message=_("地图没有标明审图号或标准地图来源"),
            start=picture.start,
            end=picture.start,
            excerpt=(words or picture.alt or picture.src)[:80],
            suggestion=_("注明审图号（如“审图号：GS（2024）0650号”），或改用标准地图服务提供的地图并注明来源"),
            basis=_MAP_BASIS,
        )


def _is_excused(picture: Picture) -> bool:
    return bool(_rules("map")["not"].search(f"{picture.alt or ''} {picture.src}"))


def _emblems(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """A picture named as the emblem that is none of the approved masters (the unit's words of the family `emblem`: digests of
    files, or ids of pictures)."""
    rules, approved = _rules("emblem"), [word.text for word in settings.words_of("emblem")]
    for picture in matter.pictures:
        words = _named(matter, picture, rules)
        if words and not any(_is_file(picture.src, digest) for digest in approved):
            yield Finding(
                detector="emblem.unapproved",
                severity=Severity.BLOCK if matter.html is None else Severity.WARN,
                message=_("国徽图案不是经核准的标准图"),
                start=picture.start,
                end=picture.start,
                excerpt=words[:80],
                suggestion=_("从资源库选用经核准的国徽标准图，不要另行上传"),
                basis=_EMBLEM_BASIS,
            )


def _is_file(src: str, digest: str) -> bool:
    """Whether the address is that of the file: by id, or by the first 16 signs of its digest in the address."""
    return src == digest or (len(digest) >= 16 and digest[:16] in src)


def _sizes(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """Pictures shown wider than the bound, or with sides that are nothing (PAGE-06)."""
    widest = settings.threshold("picture.width")
    for element in matter.elements:
        if element.tag == "img" and (width := _pixels(element)) > widest:
            yield Finding(
                detector="picture.size",
                severity=Severity.NOTE,
                message=_("图片宽 %(width)s 像素，超过 %(widest)s 像素的上限"),
                start=element.start,
                end=element.start,
                excerpt=element.attributes.get("src", "")[:100],
                suggestion=_("缩小图片后重新上传"),
                basis=_SIZE_BASIS,
                values={"width": str(width), "widest": str(widest)},
            )


def _pixels(element: Element) -> int:
    width = element.attributes.get("width", "").removesuffix("px")
    return int(width) if width.isascii() and width.isdigit() and len(width) < 7 else 0
