"""Spam: offers however they are written, imitated addresses, worked-in text, replaced pages; and officials who fight it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.checks.detectors import spam
from jiyue.checks.detectors.links.hosts import Standing, imitates, standing
from jiyue.checks.detectors.spam.folding import fold
from jiyue.checks.findings import Severity
from jiyue.checks.reading import matter_of_html, matter_of_text
from jiyue.checks.settings import Settings, Word, shipped

TODAY = shipped(date(2026, 11, 22))


def found(text: str) -> dict[str, Severity]:
    return {finding.detector: finding.severity for finding in spam.find(matter_of_text(text), TODAY)}


@pytest.mark.req("REV-10")
@pytest.mark.parametrize(
    ("text", "detector"),
    [
        ("澳门赌场官网 真人荷官在线发牌", "gambling"),
        ("澳 门 赌 场", "gambling"),
        ("澳門賭場", "gambling"),
        ("澳\u200b门\u200b赌\u200b场", "gambling"),
        ("澳(ao)门(men)赌(du)场(chang)", "gambling"),
        ("ＢＥＴ３６５ 备用网址", "gambling"),
        ("bеt365", "gambling"),  # the second letter is Cyrillic
        ("成人电影免费观看", "adult"),
        ("专治牛皮癣 祖传秘方", "medical"),
        ("不看征信 秒批秒下", "loan"),
        ("办假证刻章 买毕业证", "contraband"),
        ("slot gacor maxwin online casino", "gambling"),
    ],
)
def test_offers_are_found_however_they_are_written(text, detector):
    assert f"spam.{detector}" in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "公安机关开展打击整治网络赌博专项行动，严禁开设赌场、在线投注、六合彩。",
        "发布暴雨黄色预警信号；推动生产性服务业发展；提高HPV疫苗接种率。",
        "申请代开发票、办理驾驶证换证、办理身份证的群众，请携带材料到窗口。",
        "禁止卖淫嫖娼，禁止制作、贩卖、传播淫秽物品，违者依照治安管理处罚法处罚。",
        "下列行为属于诈骗：以无抵押贷款、刷单返利、信用卡套现为名骗取保证金。",
        "省体育彩票管理中心公布中国体育彩票大乐透开奖结果。",
        "加快三农工作，切实解决人民群众反映强烈的突出问题。",
    ],
)
def test_officials_who_name_it_are_left_alone(text):
    assert found(text) == {}


def test_less_is_enough_in_a_title():
    page = "<html><head><title>%s</title></head><body><p>正文</p></body></html>"
    assert list(spam.find(matter_of_html(page % "娱乐城-某某市人民政府"), TODAY))
    assert not found("某处有一座娱乐城，现已改为文化中心。")


def test_a_unit_adds_words_of_its_own():
    rules = Settings(now=date(2026, 11, 22), words=(Word("spam", "某某水货", severity=Severity.BLOCK),))
    (finding,) = spam.find(matter_of_text("本店有某某水貨"), rules)
    assert (finding.detector, finding.severity) == ("spam.own-list", Severity.BLOCK)


@pytest.mark.parametrize(
    ("host", "way"),
    [
        ("www.example.gov.cn", ""), ("www.gov.hk", ""), ("egov.example.cn", ""), ("www.example.com", ""),
        ("www.gov.cn.example.top", "inside"), ("example-gov-cn.com", "inside"), ("www.example-gov.cn", "inside"),
        ("www.examplegov.com", "name"), ("www.g0v.cn", "letters"), ("аррӏе.com", "letters"),
    ],
)  # fmt: skip
def test_imitated_addresses(host, way):
    assert imitates(host) == way


def test_a_link_whose_words_show_another_address():
    page = '<p><a href="http://www.example.com/">www.example.gov.cn</a> 详见 www.example.go v.cn</p>'
    findings = [one for one in spam.find(matter_of_html(page), TODAY) if one.detector == "spam.lookalike"]
    assert [one.severity for one in findings] == [Severity.BLOCK, Severity.WARN]


def test_hosts_by_name():
    assert standing("www.example.gov.cn") is Standing.KNOWN
    assert standing("bet365.example.com") is Standing.TRADE
    assert standing("www.example.top") is Standing.RISKY
    assert standing("www.example.com") is Standing.FOREIGN
    assert standing("a.example.com", frozenset({"example.com"})) is Standing.OWN
    assert standing("a.example.com", frozenset({"=example.com"})) is Standing.FOREIGN


def test_praise_of_a_person_worked_into_a_page():
    text = (
        "会议部署了下一步工作。\n关于专家组：某某，某某书画院客座教授，师从某某，代表作《某某》。\n会议要求抓好落实。"
    )
    assert found(text) == {"spam.injected": Severity.WARN}
    assert found("关于专家组：由县委、县政府分管负责同志任组长。") == {}


def test_readings_invented_tags_and_numbered_titles():
    mangled = "".join(f"{sign}(du)" for sign in "关于印发实施方案的通知")
    assert found(mangled)["spam.injected"] is Severity.WARN
    tags = "".join(f"<q{word}x id=z{word}>" for word in ("abc", "bcd", "cde", "def", "efg", "fgh")) + "正文"
    title = "<title>" + "".join(f"&#{ord(sign)};" for sign in "某某市人民政府") + "</title>"
    for page in (tags, title):
        assert "spam.injected" in {one.detector for one in spam.find(matter_of_html(page), TODAY)}


def test_a_replaced_page():
    page = "<html><head><title>H4ck3d by Nobody</title></head><body bgcolor=black><h1>your security is low</h1></body></html>"
    assert "spam.defacement" in {one.detector for one in spam.find(matter_of_html(page), TODAY)}
    news = (
        "<html><body><p>" + "某网站曾被黑客攻击，页面出现 hacked by 字样，公安机关已立案。" * 5 + "</p></body></html>"
    )
    assert not list(spam.find(matter_of_html(news), TODAY))


@given(st.text())
def test_any_text_survives_and_folding_keeps_offsets(text):
    assert len(fold(text)) == len(text)
    for finding in spam.find(matter_of_html(text), TODAY):
        assert 0 <= finding.start <= finding.end <= len(matter_of_html(text).text)
