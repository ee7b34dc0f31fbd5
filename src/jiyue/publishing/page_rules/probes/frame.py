"""Header, navigation and footer: what every page of a site shows around its own matter."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from jiyue.domain.page_rules import Item
from jiyue.publishing.page_rules.ground import Fault, Ground, Page, words
from jiyue.publishing.page_rules.ground import marked as _

STANDARD = ("政务动态", "政务公开", "政务服务", "政民互动", "专题专栏")
# For each of the three groups of a home page, words of which one has to stand in its navigation.
GROUPS = {
    "政务公开": ("公开",), "办事服务": ("服务", "办事"), "公众参与": ("互动", "参与"),
}  # fmt: skip
MARKS = {
    "party-mark": _("党政机关网站标识"), "error-report": _("我为政府网站找错"), "site-code": _("网站标识码"),
    "icp": _("ICP备案编号"), "police-filing": _("公安机关备案标识"), "owner-contact": _("主办单位和联系方式"),
    "site-map": _("网站地图"),
}  # fmt: skip


def full_name(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    header = page.first("body > header")
    if header is None:
        yield Fault(_("没有页头"))
        return
    name = ground.named.name
    if not any(words(node) == name and not _is_hidden(node) for node in header.css("h1, p, strong, a, span")):
        yield Fault(_("页头没有显示网站全称“%(name)s”"), {"name": name})


def zones(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    for selector, zone in (
        ("body > header", _("头部标识区")), ("body > main", _("中部内容区")), ("body > footer", _("底部功能区")),
    ):  # fmt: skip
        found = page.css(selector)
        if len(found) != 1:
            yield Fault(_("%(zone)s应有一个，这页有 %(n)s 个"), {"zone": zone, "n": len(found)})
        elif not words(found[0]):
            yield Fault(_("%(zone)s是空的"), {"zone": zone})


def same_frame(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    if ground.home is None:
        yield Fault(_("没有首页可以比较"))
        return
    for selector, zone in (
        ("body > header .identity, body > header .channels", _("页头")),
        ("body > footer", _("页脚")),
    ):
        here, there = (_links_of(one, selector) for one in (page, ground.home))
        if here != there:
            yield Fault(_("%(zone)s的链接与首页不同：%(which)s"), {"zone": zone, "which": _difference(here, there)})


def footer_marks(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    footer = page.first("body > footer")
    if footer is None:
        yield Fault(_("没有页脚"))
        return
    missing = [MARKS[mark] for mark in MARKS if mark in ground.named.marks and not _FOUND[mark](footer, ground)]
    for mark in missing:
        yield Fault(_("页脚缺少%(mark)s"), {"mark": mark})


def channels(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    navigation = [words(link) for link in page.css("body > header nav a")]
    for name in STANDARD:
        if name not in navigation:
            yield Fault(_("导航里没有“%(name)s”频道"), {"name": name})


def home_groups(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    navigation = " ".join(words(link) for link in page.css("nav a"))
    for group, named in GROUPS.items():
        if not any(word in navigation for word in named):
            yield Fault(_("首页没有“%(name)s”导航"), {"name": group})


def search_offered(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    forms = page.css("form[role='search'], form[action*='search']")
    if not any(
        form.css_first("input[name]") is not None and form.css_first("button, input[type='submit']") for form in forms
    ):
        yield Fault(_("没有能直接输入的站内搜索"))


def breadcrumb(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    place = page.first("nav.crumbs, nav[aria-label='当前位置'], .breadcrumb")
    links = place.css("a[href]") if place is not None else []
    if not links:
        yield Fault(_("没有“当前位置”"))
    elif links[0].attributes.get("href") != "/":
        yield Fault(_("“当前位置”不是从首页写起"))


def two_clicks(page: Page, ground: Ground, item: Item) -> Iterator[Fault]:
    if page.address not in ground.in_two_clicks:
        yield Fault(_("从首页点两次到不了这个栏目"))


# ---- marks of the footer ---------------------------------------------------------------------------------------------


def _party(footer: LexborNode, _ground: Ground) -> bool:
    return "党政机关" in words(footer) or any("党政" in (one.attributes.get("alt") or "") for one in footer.css("img"))


def _errors(footer: LexborNode, _ground: Ground) -> bool:
    return any("找错" in _named(link) for link in footer.css("a[href]"))


def _code(footer: LexborNode, ground: Ground) -> bool:
    return bool(ground.named.code) and ground.named.code in words(footer)


def _icp(footer: LexborNode, _ground: Ground) -> bool:
    return re.search(r"ICP备\d+号", words(footer).replace(" ", "")) is not None


def _police(footer: LexborNode, _ground: Ground) -> bool:
    return "公网安备" in words(footer).replace(" ", "")


def _owner(footer: LexborNode, _ground: Ground) -> bool:
    said = words(footer)
    return "主办" in said and any(word in said for word in ("联系", "电话", "邮箱", "地址"))


def _map(footer: LexborNode, _ground: Ground) -> bool:
    return any("网站地图" in _named(link) for link in footer.css("a[href]"))


_FOUND = {
    "party-mark": _party, "error-report": _errors, "site-code": _code, "icp": _icp, "police-filing": _police,
    "owner-contact": _owner, "site-map": _map,
}  # fmt: skip


def _named(link: LexborNode) -> str:
    """What a link is called: its words, or those for its pictures."""
    pictures = " ".join(one.attributes.get("alt") or "" for one in link.css("img"))
    return f"{words(link)} {pictures} {link.attributes.get('aria-label') or ''}"


def _links_of(page: Page, selector: str) -> list[str]:
    found = {
        f"{words(link)} {link.attributes.get('href')}" for zone in page.css(selector) for link in zone.css("a[href]")
    }
    return sorted(found)


def _difference(here: list[str], there: list[str]) -> str:
    changed = sorted(set(here) ^ set(there))
    return changed[0][:60] if changed else ""


def _is_hidden(node: LexborNode) -> bool:
    """Itself, what it stands in, or all that is in it, by attribute or its own style."""
    inner = node.css_first("[hidden], [style*='display:none'], [style*='display: none'], [style*='visibility:hidden']")
    here: LexborNode | None = inner if inner is not None else node
    while here is not None:
        style = (here.attributes.get("style") or "").replace(" ", "")
        if "hidden" in here.attributes or "display:none" in style or "visibility:hidden" in style:
            return True
        here = here.parent
    return False
