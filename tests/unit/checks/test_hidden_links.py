"""Hidden links: each way of hiding, what officials hide by right, and pages made to hang a reader."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiyue.checks.detectors import hidden_links
from jiyue.checks.detectors.hidden_links.scripts import decoded
from jiyue.checks.detectors.hidden_links.styles import colour, pixels, rules_of
from jiyue.checks.reading import matter_of_html
from jiyue.checks.settings import Settings, shipped

TODAY = shipped(date(2026, 11, 22))
LINK = '<a href="http://www.example-sale.com/">在线投注</a>'
PLAIN = '<a href="http://www.example-sale.com/">更多</a>'


def found(html: str, rules: Settings = TODAY) -> set[str]:
    page = f"<html><head><title>通知</title></head><body><p>正文</p>{html}<p>结尾</p></body></html>"
    return {finding.detector for finding in hidden_links.find(matter_of_html(page), rules)}


@pytest.mark.parametrize(
    ("html", "detector"),
    [
        (f'<div style="display:none">{PLAIN}</div>', "style"),
        (f'<div style="VISIBILITY : hidden !important">{PLAIN}</div>', "style"),
        (f"<div hidden>{PLAIN}</div>", "style"),
        (f"<style>.k9{{display:none}}</style><div class=k9>{PLAIN}</div>", "class"),
        (f"<style>@media screen{{#q .k9{{display:none}}}}</style><div id=q><p class=k9>{LINK}</p></div>", "class"),
        (f'<div class="d-none">{LINK}</div>', "class"),
        (f'<div style="position:absolute;left:-9999px">{PLAIN}</div>', "position"),
        (f'<div style="left:expression(1-900)">{PLAIN}</div>', "position"),
        (f'<p style="text-indent:-999em">{PLAIN}</p>', "position"),
        (f'<marquee height=1 width=2 scrollamount=3000>{PLAIN}</marquee>', "position"),
        (f'<div style="clip:rect(0,0,0,0)">{PLAIN}</div>', "position"),
        (f'<div style="height:1px;overflow:hidden">{PLAIN}</div>', "size"),
        (f'<span style="font-size:0">{PLAIN}</span>', "size"),
        (f'<div style="color:#FFFFFF;font-size:1px;line-height:1px">{PLAIN}</div>', "size"),
        (f'<div style="color:#fff;background:#fefefe">{PLAIN}</div>', "colour"),
        (f'<table bgcolor="#000000"><td><font color="black">{PLAIN}</font></table>', "colour"),
        (f'<div style="color:transparent">{PLAIN}</div>', "colour"),
        (f'<div style="opacity:0">{PLAIN}</div>', "colour"),
        (f'<font color="#ffffff">{LINK}</font>', "colour"),
        (f"<!-- {PLAIN} -->", "comment"),
        (f"<script>document.write('{PLAIN}')</script>", "script"),
        ("<script>document.write(unescape('%3Ca href=http://sale.example-sale.com%3Ex%3C/a%3E'))</script>", "script"),
        ('<script>window["\\x64\\x6f\\x63\\x75\\x6d\\x65\\x6e\\x74"]["write"]("<a href=//q.example.top>")</script>', "script"),
        ("<script>if(document.referrer.indexOf('baidu')>0)location.href='http://q.example-sale.com/'</script>", "script"),
        (f'<div id=x1>{LINK}</div><script>document.getElementById("x1").style.display="none"</script>', "script"),
        ('<script src="http://q.example-bet365.top/a.js"></script>', "script"),
        ('<meta http-equiv="refresh" content="0;url=http://www.example-sale.com/">', "script"),
        ('<iframe src="http://www.example-sale.com/" width=0 height=0></iframe>', "frame"),
        ('<iframe src="http://www.example-sale.com/"></iframe>', "frame"),
    ],
)  # fmt: skip
@pytest.mark.req("MON-07")
def test_each_way_of_hiding_is_found(html, detector):
    assert f"hidden-link.{detector}" in found(html)


@pytest.mark.parametrize(
    "html",
    [
        '<ul style="display:none"><li><a href="/zwgk/">政务公开</a><li><a href="http://www.gov.cn/">国务院</a></ul>',
        '<ul style="display:none"><li><a href="http://www.example-museum.cn/">某某博物馆</a></ul>',
        '<span class="sr-only">跳到正文</span><div class="hidden">操作成功</div>',
        '<h1 style="text-indent:-9999px"><a href="/">某某市人民政府</a></h1>',
        '<div style="font-size:0"><a href="http://www.example-tip.com"><img src="a.png"></a></div>',
        '<div style="background:#005293;color:#fff"><a href="http://www.example-museum.cn/">某某博物馆</a></div>',
        '<div style="display:none">严厉打击网络赌博、电信诈骗，禁止在线投注</div>',
        '<!-- <a href="/old/">旧栏目</a> --><!--[if lt IE 9]><script src="http://cdn.example.com/x.js"></script><![endif]-->',
        "<script>var u=navigator.userAgent;if(/iPhone|Android/.test(u)){location.href='/m/'}</script>",
        "<script>document.write(unescape(\"%3Cscript src='//dcs.conac.cn/js/a.js'%3E%3C/script%3E\"))</script>",
        '<script src="https://cdn.jsdelivr.net/npm/jquery@3/dist/jquery.min.js"></script>',
        '<iframe src="/count.html" style="display:none"></iframe>',
    ],
)
def test_what_official_pages_hide_by_right_is_left_alone(html):
    assert found(html) == set()


def test_a_foreign_script_is_told_as_a_foreign_address():
    assert found('<script src="https://www.example.com/a.js"></script>') == {"link.foreign"}
    assert found('<script>eval("x()")</script>') == {"hidden-link.script"}
    assert found('<script>var a = eval("(" + text + ")")</script>') == set()


def test_hosts_the_unit_allows_may_be_hidden():
    rules = Settings(now=date(2026, 11, 22), hosts=frozenset({"*.example-sale.com"}))
    assert found(f'<div style="display:none">{PLAIN}</div>', rules) == set()


def test_a_later_rule_shows_the_block_again():
    shown = f"<style>.k{{display:none}} div.k{{display:block}}</style><div class=k>{PLAIN}</div>"
    assert found(shown) == set()


def test_a_finding_in_the_source_tells_its_line():
    (finding,) = hidden_links.find(matter_of_html(f"<p>一</p>\n<p>二</p>\n<!-- {LINK} -->"), TODAY)
    assert finding.place == "网页源文件第 3 行"
    assert "www.example-sale.com" in finding.say()


def test_encoded_scripts_are_read_without_running_them():
    packed = "eval(function(p,a,c,k,e,d){return p}('0.1(\\'2\\')',3,3,'document|write|casino'.split('|'),0,{}))"
    assert "document.write('casino')" in decoded(packed)[0]
    assert "<a href" in decoded("eval(String.fromCharCode(60,97,32,104,114,101,102))")[0]


@given(st.text(max_size=300))
def test_any_text_is_a_page_a_sheet_and_a_script(text):
    list(hidden_links.find(matter_of_html(f"<style>{text}</style><script>{text}</script><!--{text}<p {text}>"), TODAY))
    list(rules_of(text))
    decoded(text)
    colour(text)
    pixels(text)


@settings(max_examples=60)
@given(st.lists(st.sampled_from([
    "<div style='display:none'>", "</div>", "<a href='http://x.top/", "<style>.a{", "}", "display:none", "<script>", "</script",
    "<!--", "-->", "<iframe src=//a.top ", ">", "\x00", "\ud800", "\u202e", "eval(", "unescape('%", "\\x6", "<td>", "</body>",
])))  # fmt: skip
def test_broken_pages_survive(pieces):
    list(hidden_links.find(matter_of_html("".join(pieces)), TODAY))
