"""What opens, floats, plays or moves by itself, and what asks for a plug-in."""

import re
from collections.abc import Iterator

from jiyue.domain.page_rules import Item
from jiyue.publishing.page_rules.ground import Fault, Ground, Page, words
from jiyue.publishing.page_rules.ground import marked as _

FLOATING = ".floating-window, [class*='float-win'], [class*='piaochuang'], [data-floating]"
FIXED = re.compile(r"position\s*:\s*fixed", re.IGNORECASE)
OPENS = re.compile(r"window\s*\.\s*open\s*\(", re.IGNORECASE)
SHOWN = 60


def new_windows(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    for link in page.css("a[target], area[target], base[target], form[target]"):
        if (link.attributes.get("target") or "").lower() not in ("", "_self", "_top", "_parent"):
            said = words(link)[:SHOWN] or (link.attributes.get("href") or "")[:SHOWN]
            yield Fault(_("“%(what)s”另开窗口"), {"what": said or link.tag})
            return
    if any(OPENS.search(node.attributes.get("onclick") or "") for node in page.css("[onclick]")):
        yield Fault(_("有点击后另开窗口的脚本"))


def floating(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    found = page.css(FLOATING)
    found += [
        node for node in page.css("[style]") if FIXED.search(node.attributes.get("style") or "") and node not in found
    ]
    most = int(item.most or 1) if page.kind == "home" else 0
    if len(found) > most:
        yield Fault(_("飘窗至多 %(most)s 个，这页有 %(n)s 个"), {"most": most, "n": len(found)})
    if any(node.css_first("summary, button, a.close") is None for node in found):
        yield Fault(_("飘窗没有关闭按钮"))


def playing(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    for selector, what in (
        ("video[autoplay], audio[autoplay]", _("音视频自动播放")), ("marquee, blink", _("有滚动或者闪烁的文字")),
        ("meta[http-equiv='refresh' i]", _("页面自动刷新或者跳转")), ("bgsound", _("有背景音乐")),
    ):  # fmt: skip
        if page.has(selector):
            yield Fault(what)


def plug_ins(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    for node in page.css("object, embed, applet"):
        yield Fault(_("用了需要插件的 <%(name)s>"), {"name": node.tag})
        return
