"""What stands in the head of a page: the tags of the Guide, the title; and the markup as a whole."""

import re
from collections import Counter
from collections.abc import Iterator

from jiyue.domain.page_rules import Item
from jiyue.publishing.page_rules.ground import Fault, Ground, Page
from jiyue.publishing.page_rules.ground import marked as _

NOTHING = frozenset({"", "null", "undefined", "none"})
TO_THE_MINUTE = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?")
DAY_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")
OUTDATED = (
    "font",
    "center",
    "marquee",
    "blink",
    "frame",
    "frameset",
    "big",
    "strike",
    "tt",
    "basefont",
    "dir",
    "acronym",
)
SHOWN_DUPLICATES = 3


def site_tags(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    named = ground.named
    yield from _same(page, "SiteName", named.name)
    yield from _same(page, "SiteDomain", named.host)
    yield from _same(page, "SiteIDCode", named.code)


def column_tags(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    yield from _filled(page, "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")


def article_tags(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    faults = list(_filled(page, "ArticleTitle", "PubDate", "ContentSource"))
    yield from faults
    title, heading = page.meta("ArticleTitle"), page.text("main h1")
    if title and heading and title != heading:
        yield Fault(
            _("ArticleTitle 标签写的是“%(tag)s”，页面标题是“%(shown)s”"), {"tag": title[:60], "shown": heading[:60]}
        )
    yield from _date(page)


def page_title(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    title = page.text("head > title")
    if not title:
        yield Fault(_("没有页面标题"))
    elif page.kind == "home":
        if ground.named.name not in title:
            yield Fault(_("首页标题里没有网站名称"))
    elif not title.endswith(ground.named.name) or title == ground.named.name:
        yield Fault(_("页面标题应当先写本页名称，后写网站名称，现在是“%(title)s”"), {"title": title[:80]})


def markup(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    if not page.content[:200].lstrip().lower().startswith(b"<!doctype html"):
        yield Fault(_("没有以 <!doctype html> 开头"))
    root = page.first("html")
    if root is None or not root.attributes.get("lang"):
        yield Fault(_("没有声明页面的语言"))
    if not page.has("head meta[charset]"):
        yield Fault(_("没有声明编码"))
    for name in OUTDATED:
        if page.has(name):
            yield Fault(_("用了已经废除的标记 <%(name)s>"), {"name": name})
    counted = Counter(node.attributes.get("id") or "" for node in page.css("[id]"))
    for twice in [name for name, times in counted.items() if times > 1][:SHOWN_DUPLICATES]:
        yield Fault(_("标识 %(name)s 在一页里用了不止一次"), {"name": twice})


def _same(page: Page, name: str, registered: str) -> Iterator[Fault]:
    found = page.meta(name)
    if found is None:
        yield Fault(_("缺少 %(tag)s 标签"), {"tag": name})
    elif found.lower() in NOTHING:
        yield Fault(_("%(tag)s 标签是空的"), {"tag": name})
    elif found != registered:
        yield Fault(_("%(tag)s 标签写的是“%(found)s”，登记的是“%(registered)s”"),
                    {"tag": name, "found": found[:60], "registered": registered})  # fmt: skip


def _filled(page: Page, *names: str) -> Iterator[Fault]:
    for name in names:
        found = page.meta(name)
        if found is None:
            yield Fault(_("缺少 %(tag)s 标签"), {"tag": name})
        elif found.lower() in NOTHING:
            yield Fault(_("%(tag)s 标签是空的"), {"tag": name})


def _date(page: Page) -> Iterator[Fault]:
    stated = page.meta("PubDate") or ""
    if not stated:
        return
    if DAY_ONLY.fullmatch(stated):
        yield Fault(_("PubDate 标签只写到日"), hint=True)
    elif not TO_THE_MINUTE.fullmatch(stated):
        yield Fault(_("PubDate 标签写的是“%(found)s”，应当写成年-月-日 时:分"), {"found": stated[:40]})
    shown = page.text("main .document-facts time, main time")
    if shown and stated[:16] != shown[:16]:
        yield Fault(_("PubDate 标签写的是“%(tag)s”，页面上是“%(shown)s”"), {"tag": stated, "shown": shown[:40]})
