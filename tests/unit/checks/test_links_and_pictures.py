"""Links, advertising, maps, emblem and what assistive technology stumbles over."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.checks.detectors import accessibility, advertisement, links, pictures
from jiyue.checks.detectors.accessibility import alternative_problem
from jiyue.checks.detectors.links.forms import form_problem
from jiyue.checks.findings import Severity
from jiyue.checks.matter import Picture
from jiyue.checks.reading import matter_of_body, matter_of_html, matter_of_text
from jiyue.checks.settings import Settings, Word, shipped

DAY = date(2026, 11, 22)
TODAY = shipped(DAY)


@pytest.mark.parametrize(
    "href",
    [
        "file:///C:/a.doc", "C:\\Users\\a.doc", "\\\\server\\a", "http:/www.example.gov.cn/", "http//www.example.gov.cn",
        "htttp://www.example.gov.cn", "http://http://www.example.gov.cn", "http：//www.example.gov.cn", "www.example.gov.cn/a",
        "http://192.168.1.2/oa", "http://localhost/", "http://www..example.cn/", "javascript:eval(atob('eA=='))",
    ],
)  # fmt: skip
def test_addresses_that_cannot_work(href):
    assert form_problem(href, is_page=True)


@pytest.mark.parametrize(
    "href",
    ["", "#top", "/zwgk/a.html", "../a.html", "http://www.example.gov.cn/a?u=http://b", "mailto:a@example.gov.cn", "tel:000-1234",
     "https://www.example.gov.cn:8443/", "//www.example.gov.cn/", "javascript:void(0)", "./htm/a.html", "httpd/a.html"],
)  # fmt: skip
def test_addresses_that_work(href):
    assert form_problem(href, is_page=True) == ""


def of(html: str, rules: Settings = TODAY, family=links) -> dict[str, Severity]:
    return {one.detector: one.severity for one in family.find(matter_of_html(html), rules)}


def test_hosts_of_links():
    assert of('<a href="https://t.cn/abc">通知</a>') == {"link.shortened": Severity.WARN}
    assert of('<a href="http://8.8.8.8/a">系统</a>') == {"link.bare-address": Severity.NOTE}
    assert of('<a href="http://www.example.com/">某某</a>') == {"link.foreign": Severity.NOTE}
    assert of('<a href="http://www.example.gov.cn/">某某</a>') == {}
    assert of('<form action="http://www.example.com/q">') == {"link.foreign": Severity.WARN}
    limited = Settings(now=DAY, hosts=frozenset({"www.example.org"}))
    assert of('<a href="http://www.example.com/">某某</a>', limited) == {"link.foreign": Severity.WARN}
    closed = Settings(
        now=DAY, words=(Word("link", "old.example.gov.cn", "http://new.example.gov.cn/", Severity.BLOCK),)
    )
    assert of('<a href="http://www.old.example.gov.cn/">某某</a>', closed) == {"link.expired": Severity.BLOCK}


@pytest.mark.req("PAGE-10")
def test_advertising():
    def said(text: str) -> bool:
        return bool(list(advertisement.find(matter_of_text(text), TODAY)))

    assert said("限时抢购，全场包邮，扫码加微信立即下单！")
    assert said("黄金地段现房发售，售楼热线火爆开通")
    assert not said("发放消费券，带动家电以旧换新，促销活动打折优惠，货到付款另行通知")
    assert not said("任何单位不得以优惠价、赠品等方式限时抢购、虚假促销。")
    assert of('<a href="https://item.jd.com/1.html">商品</a>', family=advertisement) == {
        "advertisement.link": Severity.WARN
    }


def body(**image: object) -> object:
    value = {"image": "7", "alt": "", "decorative": False, "caption": "", **image}
    return matter_of_body([{"type": "image", "value": value}], {"title": "关于公布行政区划的通知"})


@pytest.mark.req("PAGE-09")
def test_a_map_needs_its_number():
    (finding,) = pictures.find(body(alt="某某县行政区划地图"), TODAY)
    assert (finding.detector, finding.severity) == ("map.number", Severity.BLOCK)
    for caption in ("审图号：GS（2024）0650号", "地图来源：自然资源部标准地图服务系统", "鄂S（2023）009号"):
        assert not list(pictures.find(body(alt="某某县行政区划地图", caption=caption), TODAY))
    assert of('<img src="/img/map_icon.png" alt="网站地图">', family=pictures) == {}


@pytest.mark.req("PAGE-08")
def test_an_emblem_is_the_approved_one():
    assert [one.detector for one in pictures.find(body(alt="国徽"), TODAY)] == ["emblem.unapproved"]
    approved = Settings(now=DAY, words=(Word("emblem", "7"),))
    assert not list(pictures.find(body(alt="国徽"), approved))
    digest = Settings(now=DAY, words=(Word("emblem", "ab" * 32),))
    assert of('<img src="/files/ab/abababababababab/x.png" alt="国徽">', digest, pictures) == {}


@pytest.mark.req("PAGE-06")
def test_a_picture_too_wide():
    assert of('<img src="a.png" alt="办公楼" width="4000">', family=pictures) == {"picture.size": Severity.NOTE}


@pytest.mark.parametrize(
    "alt", ["图片", "IMG_2024.jpg", "微信图片_20240101", "2024-01-01", "DSC00012", "image", "截图1"]
)
def test_alternative_texts_that_say_nothing(alt):
    assert alternative_problem(Picture("a.png", alt, False, False, 0))


@pytest.mark.parametrize("alt", ["市领导调研现场", "2024年财政收入分月柱状图", "Logo of the city", "图为签约仪式"])
def test_alternative_texts_that_say_something(alt):
    assert not alternative_problem(Picture("a.png", alt, False, False, 0))


def test_what_assistive_technology_stumbles_over():
    blocks = [
        {"type": "heading", "value": {"text": "一、总则", "level": "2"}},
        {"type": "heading", "value": {"text": "（一）范围", "level": "4"}},
        {"type": "paragraph", "value": '详见<a href="/a.html">点击这里</a>，<a href="/b.html">实施细则</a>'},
        {"type": "image", "value": {"image": "3", "alt": ""}},
        {"type": "table", "value": {"data": [["序号", "名称"], ["1", "甲"], ["2", "乙"]]}},
    ]
    found = [one.detector for one in accessibility.find(matter_of_body(blocks, {"title": "通知"}), TODAY)]
    assert sorted(found) == [
        "accessibility.alt", "accessibility.heading-order", "accessibility.link-text", "accessibility.table-header",
    ]  # fmt: skip


def test_a_good_body_is_silent():
    blocks = [
        {"type": "heading", "value": {"text": "一、总则", "level": "2"}},
        {"type": "image", "value": {"image": "3", "alt": "", "decorative": True}},
        {"type": "table", "value": {"data": [["序号", "名称"], ["1", "甲"]], "first_row_is_table_header": True}},
    ]
    assert not list(accessibility.find(matter_of_body(blocks, {"title": "通知"}), TODAY))


@given(st.text(), st.text(max_size=60))
def test_any_text_survives(text, href):
    form_problem(href, is_page=False)
    matter = matter_of_html(f'<a href="{href}">{text}</a><img src="{href}" alt="{text}"><table><tr><td>{text}')
    for family in (links, pictures, accessibility, advertisement):
        list(family.find(matter, TODAY))
