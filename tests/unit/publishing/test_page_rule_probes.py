"""Every probe of the checklist passes a sound page and finds what is spoiled (PAGE-04)."""

import gzip

import pytest

from jiyue.domain.page_rules import PROBES as KNOWN
from jiyue.domain.page_rules import Item
from jiyue.publishing.page_rules.ground import Ground, Named, Page, Picked
from jiyue.publishing.page_rules.probes import KINDS, PROBES, frame, is_about
from jiyue.publishing.page_rules.probes.layout import hues_of

NAME, HOST, CODE = "示范市人民政府", "www.example.invalid", "9901000001"
STYLE = """:root{--main:#123f7a;--accent:#9f1f1a;--ink:#1a1d22}.wrap{max-width:1280px}
@media (prefers-color-scheme:dark){:root{--main:#00ff88}}
@media print{a{color:#ff00ff}}:root[data-theme="contrast"]{--main:#ffe600}"""
HEADER = f"""<header><div class="identity"><p><a href="/">{NAME}</a></p>
<form role="search" action="/search/"><input name="q"><button>搜索</button></form></div>
<nav class="channels"><a href="/zwdt/">政务动态</a><a href="/zwgk/">政务公开</a><a href="/zwfw/">政务服务</a>
<a href="/zmhd/">政民互动</a><a href="/ztzl/">专题专栏</a></nav></header>"""
FOOTER = f"""<footer><span>党政机关</span><a href="https://error.example.invalid/">我为政府网站找错</a>
<a href="/wzdt.html">网站地图</a><a href="/zwdt/yw/">政务要闻</a>主办 {NAME} 联系电话 000-12345 网站标识码 {CODE}
ICP备案 示ICP备99010000号-1 公安备案 示公网安备 99010002000001号</footer>"""
MAIN = """<nav class="crumbs"><a href="/">首页</a><a href="/zwdt/">政务动态</a></nav>
<main><article><header><h1>湖岸清洁行动启动</h1>
<p class="document-facts"><span>来源：示范市水务局</span>
<span>发布时间：<time datetime="x">2026-11-20 09:30</time></span></p></header>
<dl class="facts"><div><dt>有效性</dt><dd><span class="badge">有效</span></dd></div></dl>
<h2>目标</h2><p>正文<a href="/zwdt/yw/">政务要闻栏目</a></p><img src="/files/a.png" alt="湖岸" width="600">
<p class="page-address">本页网址：https://www.example.invalid/zwdt/yw/2026/1120/1.html</p></article></main>"""
ADDRESS = "/zwdt/yw/2026/1120/1.html"
TAGS = f"""<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="SiteName" content="{NAME}"><meta name="SiteDomain" content="{HOST}"><meta name="SiteIDCode" content="{CODE}">
<meta name="ColumnName" content="要闻"><meta name="ColumnDescription" content="说明"><meta name="ColumnKeywords" content="要闻">
<meta name="ColumnType" content="要闻"><meta name="ArticleTitle" content="湖岸清洁行动启动">
<meta name="PubDate" content="2026-11-20 09:30"><meta name="ContentSource" content="示范市水务局">
<link rel="stylesheet" href="/s.css"><script src="/s.js"></script>"""
SOUND = f"""<!doctype html><html lang="zh-CN"><head>{TAGS}<title>湖岸清洁行动启动_{NAME}</title></head>
<body>{HEADER}{MAIN}{FOOTER}</body></html>"""
HOME = f"""<!doctype html><html lang="zh-CN"><head>{TAGS}<title>{NAME}</title></head>
<body>{HEADER}
<main><h1>{NAME}</h1><details class="floating-window"><summary>关闭</summary><a href="/a/">通知</a></details></main>
{FOOTER}</body></html>"""
MARKS = frozenset(frame.MARKS)
FIGURES = {"colours": 3, "narrow-and-wide": 320, "transfer-size": 60, "floating": 1}

# For each probe: what is replaced in the sound page by what, and the words that the fault must say.
SPOILED = {
    "full-name": [
        (f'<a href="/">{NAME}</a>', '<a href="/">示范市</a>', "网站全称"),
        ("<header><div", "<div><div", "没有页头"),
        (f'<a href="/">{NAME}', f'<a href="/" hidden>{NAME}', "网站全称"),
    ],
    "zones": [
        ("<main>", "<div>", "中部内容区"),
        ("<footer>", "<footer></footer><footer>", "2 个"),
    ],
    "same-frame": [
        ('<a href="/ztzl/">专题专栏</a>', "", "页头"),
        ('<a href="/zwdt/yw/">政务要闻</a>主办', "主办", "页脚"),
    ],
    "footer-marks": [
        ("党政机关", "", "党政机关网站标识"),
        ("我为政府网站找错", "反馈", "找错"),
        (f"网站标识码 {CODE}", "", "网站标识码"),
        ("示ICP备99010000号-1", "", "ICP"),
        ("示公网安备", "", "公安机关"),
        ("主办", "", "主办单位"),
        ("网站地图", "地图", "网站地图"),
        ("<footer>", "<div>", "没有页脚"),
    ],
    "channels": [
        ("政务公开", "信息", "政务公开"),
    ],
    "site-tags": [
        ("SiteIDCode", "SiteCode", "缺少 SiteIDCode"),
        (f'"SiteName" content="{NAME}"', '"SiteName" content="null"', "是空的"),
        (f'"SiteDomain" content="{HOST}"', f'"SiteDomain" content="https://{HOST}/"', "登记的是"),
    ],
    "column-tags": [
        ('name="ColumnType" content="要闻"', 'name="ColumnType" content=""', "ColumnType"),
        ("ColumnKeywords", "x", "缺少"),
    ],
    "article-tags": [
        ('content="湖岸清洁行动启动"', 'content="另一个标题"', "页面标题是"),
        ('name="PubDate" content="2026-11-20 09:30"', 'name="PubDate" content="2026年"', "年-月-日"),
        ('name="PubDate" content="2026-11-20 09:30"', 'name="PubDate" content="2026-11-21 09:30"', "页面上是"),
        ("ContentSource", "Source", "缺少 ContentSource"),
    ],
    "time-shown": [
        (">2026-11-20 09:30<", "><", "没有写明发布时间"),
    ],
    "source-shown": [
        ("来源：示范市水务局", "", "信息来源"),
    ],
    "address-shown": [
        ("本页网址：https://www.example.invalid/zwdt/yw/2026/1120/1.html", "", "本页网址"),
    ],
    "validity-shown": [
        ('<span class="badge">有效</span>', "", "有效性"),
    ],
    "search-offered": [
        ('role="search" action="/search/"', 'action="/x/"', "搜索"),
        ('<input name="q">', "", "搜索"),
    ],
    "colours": [
        ("</main>", '<p style="color:#0a7a2a">绿</p><p style="color:#c8a000">黄</p></main>', "4 种颜色"),
    ],
    "narrow-and-wide": [
        ("width=device-width", "width=1000", "设备宽度"),
        ("initial-scale=1", "initial-scale=1, user-scalable=no", "放大"),
        ("<h2>", '<div style="width:1000px">x</div><h2>', "1000 像素"),
        ("<h2>", '<table width="900"></table><h2>', "900 像素"),
    ],
    "transfer-size": [
        ('<script src="/s.js">', '<script src="/heavy.js">', "千字节"),
    ],
    "page-title": [
        (f"<title>湖岸清洁行动启动_{NAME}", f"<title>{NAME}", "先写本页"),
        (f"<title>湖岸清洁行动启动_{NAME}</title>", "", "没有页面标题"),
    ],
    "headings": [
        ("<h2>目标</h2>", "<h4>目标</h4>", "跳到 4 级"),
        ("<h2>目标</h2>", "<h1>目标</h1>", "2 个"),
    ],
    "link-words": [
        ("政务要闻栏目", "点击这里", "点击这里"),
        ("政务要闻栏目", "", "没有文字"),
    ],
    "breadcrumb": [
        ('<nav class="crumbs">', "<nav>", "当前位置"),
        ('<nav class="crumbs"><a href="/">首页</a>', '<nav class="crumbs">', "首页写起"),
    ],
    "new-windows": [
        ('<a href="/zwdt/yw/">政务要闻栏目', '<a target="_blank" href="/zwdt/yw/">政务要闻栏目', "另开窗口"),
        ("<p>正文", '<p onclick="window.open(1)">正文', "另开窗口"),
    ],
    "floating": [
        ("</main>", '<div class="floating-window"><button>关</button></div></main>', "至多 0 个"),
        ("</main>", '<div style="position: fixed">广告</div></main>', "没有关闭按钮"),
    ],
    "playing": [
        ("</main>", "<video autoplay></video></main>", "自动播放"),
        ("</main>", "<marquee>x</marquee></main>", "滚动"),
        ('<meta charset="utf-8">', '<meta charset="utf-8"><meta http-equiv="Refresh" content="3">', "刷新"),
    ],
    "plug-ins": [
        ("</main>", '<embed src="/a.swf"></main>', "embed"),
    ],
    "markup": [
        ("<!doctype html>", "", "doctype"),
        (' lang="zh-CN"', "", "语言"),
        ('<meta charset="utf-8">', "", "编码"),
        ("</main>", "<center>x</center></main>", "center"),
        ("</main>", '<i id="a"></i><i id="a"></i></main>', "不止一次"),
    ],
    "files-there": [
        ("/s.css", "/gone.css", "打不开"),
        ("/files/a.png", "https://cdn.example.invalid/a.png", "别处"),
    ],
    "pictures-described": [
        (' alt="湖岸"', "", "图片没有文字说明"),
    ],
}  # fmt: skip


def ground(**more: bytes) -> Ground:
    files = {
        "/index.html": HOME.encode(), "/s.css": STYLE.encode(), "/s.js": b"1", "/files/a.png": b"p",
        "/heavy.js": b"1" * 90_000, "/s.css.gz": gzip.compress(STYLE.encode()), **more,
    }  # fmt: skip
    return Ground(Named(NAME, HOST, CODE, marks=MARKS), files.get)


def faults(look: str, html: str, *, kind: str = "policy_document", address: str = ADDRESS, on: Ground | None = None):
    item = Item(look, look, look=look, most=FIGURES.get(look))
    page = Page(Picked(kind, address), html.encode())
    return [one.message % dict(one.values) for one in PROBES[look](page, on or ground(), item) if not one.hint]


def test_the_rules_name_exactly_the_probes_there_are():
    assert set(PROBES) == set(KNOWN)
    assert set(KINDS) <= set(KNOWN)


@pytest.mark.req("PAGE-04")
@pytest.mark.parametrize("look", sorted(set(KNOWN) - {"home-groups", "two-clicks"}))
def test_a_sound_page_passes(look):
    assert faults(look, SOUND) == []


@pytest.mark.req("PAGE-04")
@pytest.mark.parametrize(
    ("look", "good", "bad", "said"), [(look, *each) for look, ways in SPOILED.items() for each in ways]
)
def test_a_spoiled_page_fails_and_is_told_in_a_sentence(look, good, bad, said):
    assert good in SOUND
    found = faults(look, SOUND.replace(good, bad))
    assert any(said in one for one in found), found


def test_no_probe_is_without_a_page_that_fails_it():
    assert set(SPOILED) | {"home-groups", "two-clicks"} == set(KNOWN)


def test_a_home_page_needs_its_three_groups_and_only_it():
    assert is_about("home-groups", "home")
    assert not is_about("home-groups", "article")
    assert faults("home-groups", HOME, kind="home") == []
    assert "公众参与" in faults("home-groups", HOME.replace("政民互动", "其他"), kind="home")[0]


def test_a_column_is_reached_in_two_clicks_or_reported():
    deep = HOME.replace("</main>", '<a href="/zwdt/yw/deep/">深处</a></main>').encode()
    reached = ground(**{"/zwdt/index.html": deep})
    assert faults("two-clicks", SOUND, kind="column", address="/zwdt/yw/", on=reached) == []
    assert faults("two-clicks", SOUND, kind="column", address="/zwdt/yw/deep/", on=reached) == []
    assert faults("two-clicks", SOUND, kind="column", address="/zwdt/yw/deeper/", on=reached) != []


def test_one_floating_window_with_a_close_button_may_stand_on_the_home_page():
    assert faults("floating", HOME, kind="home") == []
    two = HOME.replace("</main>", '<details class="floating-window"><summary>关</summary></details></main>')
    assert "至多 1 个" in faults("floating", two, kind="home")[0]


def test_a_day_without_an_hour_is_a_hint_and_no_fault():
    old = SOUND.replace("2026-11-20 09:30", "2026-11-20")
    for look in ("time-shown", "article-tags"):
        page = Page(Picked("article", ADDRESS), old.encode())
        found = list(PROBES[look](page, ground(), Item(look, look, look=look)))
        assert [one.hint for one in found] == [True]


def test_shades_of_one_hue_are_one_colour_and_other_modes_none():
    assert len(hues_of(STYLE)) == 2
    assert len(hues_of(STYLE + ".x{color:#1a5ab0}.y{color:#888}.z{color:#fff}")) == 2
    assert len(hues_of(STYLE + ".x{color:rgb(10 130 40)}.y{color:#c8a000}")) == 4


def test_a_page_that_is_nothing_at_all_is_faulty_and_breaks_no_probe():
    for html in (
        "",
        "<",
        "\x00\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
        "<html><body>" * 200,
    ):
        for look in KNOWN:
            faults(look, html)
    assert faults("zones", "") != []
