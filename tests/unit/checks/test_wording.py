"""Wording: what must be noticed, and what must be left alone."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiyue.checks.detectors import wording
from jiyue.checks.detectors.wording.vocabulary import official_words, vocabulary
from jiyue.checks.findings import Finding
from jiyue.checks.matter import Matter, Part
from jiyue.checks.reading import matter_of_body, matter_of_text
from jiyue.checks.settings import Body, Leader, Settings, Word

TODAY = Settings(now=date(2026, 11, 22))
LISTED = Settings(
    now=date(2026, 11, 22),
    leaders=(Leader("甲一山", ("市长",)), Leader("乙二水", ("常务副市长", "副市长")), Leader("丙三", ("秘书长",))),
    bodies=(Body("某某市财政局", ("市财政局",), ("某某市财税局",)), Body("某某市教育局"), Body("某某市体育局")),
)


def found(text: str, unit: Settings = TODAY) -> list[Finding]:
    return list(wording.find(matter_of_text(text), unit))


def said(text: str, unit: Settings = TODAY) -> list[tuple[str, str, str | None]]:
    """Detector, words, and what to write instead."""
    return [
        (one.detector.removeprefix("wording."), text[one.start : one.end], one.fix.replacement if one.fix else None)
        for one in found(text, unit)
    ]


@pytest.mark.parametrize(("text", "wrong", "right"), [
    ("会议对下一步工作作了布署。", "布署", "部署"), ("各单位要按装消防设施。", "按装", "安装"),
    ("既使有困难也要完成。", "既使", "即使"), ("发布招聘启示。", "招聘启示", "招聘启事"),
    ("群众反应强烈的问题", "群众反应强烈", "群众反映强烈"), ("这是国家权利机关的职责。", "国家权利机关", "国家权力机关"),
    ("截止目前，已办结三件。", "截止目前", "截至目前"), ("加强基础社施建设。", "基础社施", "基础设施"),
    ("代表们激动得不能自己。", "得不能自己", "得不能自已"),
    ("再接再励，再创佳绩。", "再接再励", "再接再厉"), ("落实特疏政策。", "特疏", "特殊"),
])  # fmt: skip
@pytest.mark.req("MON-05")
def test_confused_words_are_found_with_the_right_one(text: str, wrong: str, right: str) -> None:
    assert said(text) == [("confused", wrong, right)]


@pytest.mark.parametrize("text", [
    "市局已公布署名文章。", "即将来临，既将来也将去。", "他既便利了群众，也减轻了负担。", "全市应急反应能力", "化学反应出现异常",
    "截止日期为3月5日。", "报名截止3月5日。", "中心启用于2019年。", "提质增效", "自2026年5月1日起施行。",
    "为给水排水工程筹资筹劳", "小区大树挡光，能不能自己修剪？", "不能自己办理的，可以委托他人。", "所需资金县财政补一部分。",
    "疫后重建", "本规定规定的行政处罚", "研究研究再说", "常常、人人、天天", "不了了之", "为了了解情况", "主要目的的确定",
    "是是非非", "《某某管理》《管理办法》",
])  # fmt: skip
def test_what_only_looks_wrong_is_left_alone(text: str) -> None:
    assert said(text) == []


def test_a_text_older_than_the_list_of_variants_stays_as_it_was_written() -> None:
    assert said("银行帐户") == [("confused", "帐户", "账户")]
    assert said("一九九四年三月五日发布。银行帐户") == []
    assert list(wording.find(Matter("", "银行帐户", fields={"written_on": "1994-03-05"}), TODAY)) == []


@pytest.mark.parametrize(("text", "wrong"), [
    ("截止2025年底，全市完成投资。", "截止"), ("处罚超过三万元以上的", "超过三万元以上"), ("共约300人左右参加", "约300人左右"),
    ("成本减少了3倍", "减少了3倍"),
])  # fmt: skip
def test_slips_with_quantities_are_found(text: str, wrong: str) -> None:
    assert [words for _detector, words, _right in said(text)] == [wrong]


@pytest.mark.parametrize(("text", "wrong", "right"), [
    ("全程二十公裡。", "裡", "里"), ("乾隆年间，成效显着。", "显着", "显著"), ("干隆年间", "干隆", "乾隆"),
    ("⼈民政府", "⼈", "人"), ("负责徵收工作", "徵收", "征收"),
])  # fmt: skip
def test_traditional_characters_are_found(text: str, wrong: str, right: str) -> None:
    assert said(text) == [("traditional", wrong, right)]


@pytest.mark.parametrize("text", [
    "乾坤", "著名、瞭望、慰藉、宫商角徵羽", "市政府辦公室關於加強窗口服務工作的通知", "王喆、李堃、赵昇",
])  # fmt: skip
def test_names_and_traditional_editions_are_left_alone(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(("text", "wrong", "right"), [
    ("加强领导,落实责任,务求实效。", ",落实责任,", "，落实责任，"), ("完成任务。。", "。。", "。"),
    ("一、甲，，乙", "，，", "，"),
    ("完成任务。。。", "。。。", "……"), ("完成任务，。", "，。", None), ("《关于加强管理的通知", "《", None),
    ("加强管理》", "》", None),
    ("所谓“一网通办，是指", "“", None), ("（以下简称办法)", "（以下简称办法)", "（以下简称办法）"),
])  # fmt: skip
def test_punctuation_is_found(text: str, wrong: str, right: str | None) -> None:
    assert said(text) == [("punctuation", wrong, right)]


@pytest.mark.parametrize("text", [
    "1）甲；2）乙。", "电话:0000", "第三条修改为：\n“第三条 应当。\n“应当依法。”", "甲……乙——丙", "A,B,C",
    "8:30开门", "真的吗？！",
    "（一）甲《关于印发〈办法〉的通知》", "“他说‘好’。”",
])  # fmt: skip
def test_right_punctuation_is_left_alone(text: str) -> None:
    assert said(text) == []


def test_keywords_are_separated_as_they_must_be() -> None:
    matter = Matter("", "财政,预算,决算", (Part("keywords", 0, 8, "关键词"),))
    assert list(wording.find(matter, TODAY)) == []
    body = matter_of_body([], {"keywords": "财政,预算"})
    assert list(wording.find(body, TODAY)) == []


@pytest.mark.parametrize(("text", "wrong", "right"), [
    ("加强的的管理", "的的", "的"), ("要进行进行检查", "进行进行", "进行"), ("提出了了要求", "了了", "了"),
])  # fmt: skip
def test_doubled_words_are_found(text: str, wrong: str, right: str) -> None:
    assert said(text) == [("doubled", wrong, right)]


@pytest.mark.parametrize(("text", "wrong"), [
    ("市长甲一三出席", "甲一三"), ("甲一山副市长出席", "甲一山副市长"), ("乙二水、甲一山出席", "乙二水、甲一山"),
    ("某某市才政局", "某某市才政局"), ("某某市财正局", "某某市财正局"), ("某某市财税局发布", "某某市财税局"),
])  # fmt: skip
def test_names_against_the_units_list_are_found(text: str, wrong: str) -> None:
    assert [(detector, words) for detector, words, _right in said(text, LISTED)] == [("name", wrong)]


@pytest.mark.parametrize("text", [
    "市长甲一山、常务副市长乙二水出席", "副市长乙二水主持", "某某市教育局、某某市体育局", "某甲市财政局", "市财政局",
    "某某市财政局（原某某市财税局）",
    "甲一山指出", "秘书长丙三",
])  # fmt: skip
def test_names_as_listed_are_left_alone(text: str) -> None:
    assert said(text, LISTED) == []


def test_the_units_own_words_are_found_with_their_weight() -> None:
    unit = Settings(now=TODAY.now, words=(Word("wording", "某事", "某某事"),))
    assert said("关于某事的通知，不是某某事。", unit) == [("confused", "某事", "某某事")]


def test_no_entry_of_the_lists_is_a_word_meant() -> None:
    entries, misspelt, _search = vocabulary()
    words = set(official_words())
    wrong = [entry.wrong for entry in entries if entry.kind in ("confused", "variant")] + [
        one for one, _right in misspelt
    ]
    assert words.isdisjoint(wrong)
    assert len(wrong) == len(set(wrong))
    assert all(entry.wrong != entry.right for entry in entries)
    assert all(entry.wrong in word for entry in entries for word in entry.right_in)


SIGNS = "的了部署布按装，。“”《》（）(),;\n截止2025年显着裡甲一山市长\ud800\x00\u202e\u200f"


@settings(max_examples=80, deadline=None)
@given(st.text(st.sampled_from(SIGNS), max_size=300))
def test_any_text_is_survived(text: str) -> None:
    for finding in wording.find(matter_of_text(text), LISTED):
        assert 0 <= finding.start <= finding.end <= len(text)
        finding.say()
        finding.advise()


def test_a_text_of_nothing_but_mistakes_has_an_end() -> None:
    assert len(found("的的（" * 2_000)) <= 2 * wording.MOST
