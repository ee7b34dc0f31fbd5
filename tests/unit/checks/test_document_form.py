"""The form of official documents: what must be noticed, and what must be left alone."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiyue.checks.detectors import document_form
from jiyue.checks.matter import Link, Matter
from jiyue.checks.reading import matter_of_body, matter_of_text
from jiyue.checks.settings import Body, Settings

TODAY = Settings(now=date(2026, 11, 22), bodies=(Body("某某市财政局", ("市财政",), ("某某市财税局",)),))

SOUND = """某某市人民政府办公室关于加强窗口服务的通知
某政办发〔2026〕12号
各区人民政府，市政府各部门：
根据《某某省人民政府关于优化服务的意见》（某政发〔2025〕3号），现就有关事项通知如下：
一、窗口服务
（一）2026年3月2日（星期一）至2026年3月31日为试行期。
（二）具体分工见附件2。
二、其他事项
（一）请于3月10日前报送。
（二）联系人另行通知。
三、本通知自2026年5月1日起施行。
附件：1.任务表
2.分工表
某某市人民政府办公室
2026年3月1日
附件1
任务表
1.甲
2.乙
附件2
分工表
1.丙
"""


def said(text: str, **fields: str) -> list[tuple[str, str]]:
    matter = matter_of_text(text)
    return [
        (finding.detector.removeprefix("document."), text[finding.start : finding.end])
        for finding in document_form.find(Matter("", matter.text, matter.parts, fields=fields), TODAY)
    ]


def test_a_sound_document_is_left_alone() -> None:
    fields = {
        "title": "某某市人民政府办公室关于加强窗口服务的通知", "document_number": "某政办发〔2026〕12号",
        "issuer": "某某市人民政府办公室", "written_on": "2026-03-01", "published_on": "2026-03-04",
        "index_number": "000014349/2026-00012",
    }  # fmt: skip
    assert said(SOUND, **fields) == []


@pytest.mark.parametrize("number", [
    "某政办发[2026]12号", "某政办发（2026）12号", "某政办发【2026】12号", "某政办发《2026》12号", "某政办发〔2026]12号",
    "某政办发〔2026〕第12号", "某政办发〔2026〕012号", "某政办发〔2026〕12", "某政办发〔26〕12号", "某政办发〔202612号",
    "某政办发〔2033〕12号",
])  # fmt: skip
@pytest.mark.req("POL-12")
def test_a_number_against_the_form_is_found(number: str) -> None:
    assert {detector for detector, _words in said(SOUND.replace("某政办发〔2026〕12号", number))} == {"number"}


@pytest.mark.parametrize("text", [
    "（2019）某01民初123号", "国务院令第711号", "某某部公告2019年第5号", "某某公告〔2019〕第5号", "某规字〔2024〕2号",
    "第12次会议", "〔2018〕5、6号文", "某卫许可字（2018）第0012号",
])  # fmt: skip
def test_numbers_of_other_kinds_are_left_alone(text: str) -> None:
    assert said(f"根据{text}，决定如下。") == []


def test_a_citation_is_judged_more_mildly_than_the_own_number() -> None:
    found = list(document_form.find(matter_of_text("依据某财税发[2001]8号文件执行。"), TODAY))
    assert [(one.severity, one.fix and one.fix.replacement) for one in found] == [("note", "依据某财税发〔2001〕8号")]


@pytest.mark.parametrize(("text", "words"), [
    ("2026年2月30日", "2026年2月30日"), ("自2月30日起", "2月30日"), ("2026年13月1日", "2026年13月1日"),
    ("2026年13月底", "2026年13月"), ("二〇二六年二月三十日", "二〇二六年二月三十日"), ("2205年3月1日", "2205年3月1日"),
    ("2026-02-30", "2026-02-30"), ("2026年3月1日（星期一）", "2026年3月1日（星期一"),
    ("2026年3月9日至2026年3月1日", "2026年3月9日至2026年3月1日"),
])  # fmt: skip
def test_impossible_days_are_found(text: str, words: str) -> None:
    assert said(f"会议时间为{text}。") == [("date", words)]


@pytest.mark.parametrize("text", [
    "2024年2月29日", "农历2月30日", "2026年3月1日（星期日）", "1840年6月28日", "自2025年12月30日至2026年1月3日", "10.1.2.3",
    "3月2日（星期一），5月1日（星期五）",
])  # fmt: skip
def test_days_that_exist_are_left_alone(text: str) -> None:
    assert said(f"2026年，会议时间为{text}。") == []


@pytest.mark.parametrize(("fields", "words"), [
    ({"written_on": "2026-02-01"}, "2026年3月1日"), ({"published_on": "2026-02-01"}, "2026年3月1日"),
])  # fmt: skip
def test_dates_that_disagree_are_found(fields: dict[str, str], words: str) -> None:
    assert said(SOUND, **fields) == [("date", words)]


def test_an_effect_before_the_signature_is_found() -> None:
    assert said(SOUND.replace("自2026年5月1日", "自2025年5月1日")) == [("date", "2025年5月1日")]


@pytest.mark.parametrize("value", [
    "00001434/2026-00012", "000014348/2026-00012", "000014349/2033-00012", "000014349-2026-00012", "000014349/2026-0012",
])  # fmt: skip
def test_an_index_number_against_the_form_is_found(value: str) -> None:
    assert [detector for detector, _words in said("正文。", index_number=value)] == ["index-number"]


@pytest.mark.parametrize("value", [
    "000014349/2026-00012", "11331002002673575G/2020-136604", "035210000/2025-00016", "sggzyjyzx/2024-00002",
])  # fmt: skip
def test_index_numbers_in_use_are_left_alone(value: str) -> None:
    assert said("正文。", index_number=value) == []


def _articles(*numbers: str) -> str:
    return "\n".join(f"第{number}条 应当依法办理。" for number in numbers)


@pytest.mark.parametrize(("text", "words"), [
    (_articles("一", "二", "四", "五"), "第四条"), (_articles("一", "二", "二", "三"), "第二条"),
    (_articles("一", "二", "七", "四"), "第七条"), ("一、甲事\n二、乙事\n四、丙事", "四、"),
    ("（一）甲事\n（二）乙事\n（二）丙事\n（三）丁事", "（二）"),
])  # fmt: skip
def test_gaps_and_repeats_are_found_once(text: str, words: str) -> None:
    assert said(text) == [("articles", words)]


@pytest.mark.parametrize("text", [
    _articles("一", "二", "三") + "\n附件\n" + _articles("一", "二"),
    "一、甲\n（一）子\n（二）丑\n二、乙\n（三）寅\n（四）卯\n三、丙\n（五）辰",
    "（一）甲；（二）乙；（三）丙；\n（四）丁。",
    "某某市关于修改《某某条例》的决定\n一、将第三条修改为：\n第三条 应当依法。\n二、第七条修改为：\n第七条 应当。",
    "1.甲事项如下\n1.子\n2.丑\n2.乙事项如下\n3.丙事项",
    _articles("一", "二") + "\n第二条之一 应当。\n" + _articles("三"),
])  # fmt: skip
def test_lists_that_only_look_broken_are_left_alone(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(("issuer", "message"), [
    ("某某市发改委", "全称"), ("市财政局", "全称"), ("市财政", "全称"), ("某某市财税局", "以前的名称"),
])  # fmt: skip
def test_a_short_or_former_name_is_found(issuer: str, message: str) -> None:
    found = list(document_form.find(Matter("", "正文。", fields={"issuer": issuer}), TODAY))
    assert [message in one.say() for one in found] == [True]


def test_a_signature_of_another_body_is_found() -> None:
    text = SOUND.replace("某某市人民政府办公室\n2026年3月1日", "某某市教育局\n2026年3月1日")
    assert said(text) == [("issuer", "某某市教育局")]


@pytest.mark.parametrize(("old", "new", "words"), [
    ("附件2\n分工表\n1.丙\n", "", "2.分工表"), ("见附件2", "见附件5", "见附件5"), ("2.分工表\n某", "3.分工表\n某", "3.分工表"),
])  # fmt: skip
def test_attachments_that_do_not_agree_are_found(old: str, new: str, words: str) -> None:
    found = said(SOUND.replace(old, new))
    assert found[0][0] == "attachment"
    assert found[0][1] in words


def test_attachments_as_files_are_there() -> None:
    text = SOUND[: SOUND.index("附件1\n")]
    there = Matter("", text, attachments=("附件1：任务表.xlsx", "附件2：分工表.xlsx"))
    assert list(document_form.find(there, TODAY)) == []
    link = Link("/files/a.xlsx", "附件1：任务表.xlsx", 0, 0)
    assert [one.values["name"] for one in document_form.find(Matter("", text, links=(link,)), TODAY)] == ["分工表"]


@pytest.mark.parametrize("title", ["", "  ", "关于某事的通知。", "关于××的通知", "测试", "无标题", "通" * 130])
def test_a_title_that_is_none_is_found(title: str) -> None:
    assert [detector for detector, _words in said("正文。", title=title)] == ["metadata"]


@pytest.mark.parametrize("title", ["2026年第3次核酸检测试剂采购公告", "高考模拟测试工作安排", "关于“十五五”规划的问答"])
def test_titles_with_everyday_words_are_left_alone(title: str) -> None:
    assert said("正文。", title=title) == []


def test_places_stand_where_the_field_is_printed() -> None:
    matter = matter_of_body([{"type": "paragraph", "value": "<p>正文</p>"}], {"title": "关于XX的通知"})
    assert [(one.start, one.end) for one in document_form.find(matter, TODAY)] == [(0, 7)]


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        st.sampled_from("〔〕[]（）第条章一二十、.12309年月日号附件：见\n 发令国\ud800\x00\u202e《》×X"), max_size=300
    )
)
def test_any_text_is_survived(text: str) -> None:
    for finding in document_form.find(matter_of_text(text), TODAY):
        assert 0 <= finding.start <= finding.end <= len(text)
        finding.say()
