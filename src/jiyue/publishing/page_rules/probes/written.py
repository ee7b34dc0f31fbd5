"""What a page says of itself: time, source, standing, headings, words of links, descriptions of pictures."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from jiyue.domain.page_rules import Item
from jiyue.publishing.page_rules.ground import Fault, Ground, Page, words
from jiyue.publishing.page_rules.ground import marked as _

TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
STANDINGS = ("尚未施行", "有效", "已修改", "已废止", "已失效", "有效性未核定")
EMPTY_WORDS = frozenset({
    "点击", "点击这里", "点这里", "这里", "此处", "点击此处", "点击查看", "查看", "详情", "更多", "更多>>", "more", "here",
    "链接", "打开", ">>", "»",
})  # fmt: skip
SHOWN = 60
HEADINGS = "h1, h2, h3, h4, h5, h6"


def time_shown(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    said = page.text("main .document-facts") or page.text("main article header")
    if TIME.search(said):
        return
    if DAY.search(said):
        # Of an old document the hour may not be known, and none is made up.
        yield Fault(_("发布时间只写到日"), hint=True)
    else:
        yield Fault(_("没有写明发布时间"))


def source_shown(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    said = page.text("main .document-facts") + page.text("main dl.facts")
    found = re.search(r"(来源|发文机关|发布机构)\s*[：:]?\s*(\S+)", said)
    if found is None or found[2] in ("发布时间：", "无", "null"):
        yield Fault(_("没有写明信息来源或者发文机关"))


def address_shown(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    if page.address not in page.text("main .page-address") and not page.has("main a[rel='share'], main [data-share]"):
        yield Fault(_("没有本页网址或者转发的入口"))


def validity_shown(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    if not any(words(node) in STANDINGS for node in page.css("main dl.facts dd, main .badge")):
        yield Fault(_("没有标明文件的有效性"))


def headings(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    levels = [_level(node) for node in page.css(HEADINGS) if words(node)]
    if levels.count(1) != 1:
        yield Fault(_("一级标题应有一个，这页有 %(n)s 个"), {"n": levels.count(1)})
    last = 0
    for level in map(_level, page.css("main h1, main h2, main h3, main h4, main h5, main h6")):
        if last and level > last + 1:
            yield Fault(_("标题从 %(from)s 级跳到 %(to)s 级"), {"from": last, "to": level})
            return
        last = level


def link_words(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    for link in page.links:
        if link.attributes.get("aria-hidden") == "true":
            continue
        pictures = " ".join(one.attributes.get("alt") or "" for one in link.css("img"))
        said = f"{words(link)} {pictures} {link.attributes.get('aria-label') or ''}".strip()
        if not said:
            yield Fault(_("有链接没有文字：%(address)s"), {"address": (link.attributes.get("href") or "")[:SHOWN]})
            return
        if said.lower() in EMPTY_WORDS:
            yield Fault(_("链接文字只写“%(words)s”，没有说明去哪里"), {"words": said})
            return


def pictures_described(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    for picture in page.css("img"):
        if "alt" not in picture.attributes:
            yield Fault(_("图片没有文字说明：%(address)s"), {"address": (picture.attributes.get("src") or "")[-SHOWN:]})
            return


def _level(node: LexborNode) -> int:
    return int((node.tag or "h0")[1:])
