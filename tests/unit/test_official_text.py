import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.official_text import article_number, heading_of, read_official_text

NOTICE = """索引号：11990100MB0000000X/2024-00012
发布时间：2024-03-08 09:30
澄湖市人民政府办公室关于印发
澄湖市湖泊保护办法（试行）的通知
澄政办发〔2024〕12号
各县（区）人民政府，市政府各部门：
现将《澄湖市湖泊保护办法（试行）》印发给你们，请认真贯彻执行。《澄湖市湖泊管理规定》（澄政发〔2009〕3号）同时废止。
附件：1.湖泊名录
2.巡查记录表
澄湖市人民政府办公室
二〇二四年三月一日
（此件公开发布）
澄湖市湖泊保护办法（试行）
第一章 总 则
第一条 为了保护湖泊，制定本办法。
第二条 本办法所称湖泊，见附件1。
第二章 附则
第三条 本办法自2024年4月1日起施行。
澄湖市水利和湖泊局
2024年2月20日
"""


def test_a_notice_is_read_whole():
    reading = read_official_text(NOTICE)
    assert reading.value("title") == "澄湖市人民政府办公室关于印发澄湖市湖泊保护办法（试行）的通知"
    assert reading.value("issuers") == ("澄湖市人民政府办公室",)
    assert reading.value("document_number") == "澄政办发〔2024〕12号"
    assert reading.value("written_on") == date(2024, 3, 1)
    assert reading.value("published_on") == date(2024, 3, 8)
    assert reading.value("effective_on") == date(2024, 4, 1)
    assert reading.value("index_number") == "11990100MB0000000X/2024-00012"
    assert reading.value("addressee") == "各县（区）人民政府，市政府各部门"
    assert reading.value("signature") == ("澄湖市人民政府办公室",)
    assert [found.value for found in reading.attachments] == ["湖泊名录", "巡查记录表"]
    assert [(found.text, found.level) for found in reading.headings] == [("第一章 总则", 2), ("第二章 附则", 2)]
    assert reading.articles == 3
    assert dict(reading.absent) == {}


def test_every_field_points_at_its_words():
    reading = read_official_text(NOTICE)
    number, day = reading.document_number, reading.written_on
    assert NOTICE[number.start : number.end] == "澄政办发〔2024〕12号"
    assert NOTICE[day.start : day.end] == "二〇二四年三月一日"
    assert {found.confidence for found in (number, day, reading.title, reading.issuers)} == {"found"}


def test_the_date_of_the_issuer_counts_and_not_that_of_a_report_it_forwards():
    text = (
        "澄湖市人民政府转发市水利局\n关于汛期工作报告的通知\n澄政发〔1998〕2号\n各县人民政府：\n请认真执行。\n"
        "澄湖市水利局\n一九九八年一月二十五日\n澄湖市人民政府\n一九九八年二月五日"
    )
    assert read_official_text(text).value("written_on") == date(1998, 2, 5)


def test_a_decree_has_its_number_title_signer_and_day_of_effect():
    text = (
        "中华人民共和国国务院令\n第999号\n现公布修订后的《湖泊保护条例》，自2031年1月1日起施行。\n总理　　某某\n"
        "2030年12月18日\n湖泊保护条例\n（1994年1月28日中华人民共和国国务院令第142号发布）\n"
        "第一条 为了保护湖泊，制定本条例。"
    )
    reading = read_official_text(text)
    assert reading.value("document_number") == "国令第999号"
    assert reading.value("title") == "湖泊保护条例"
    assert reading.value("issuers") == ("国务院",)
    assert reading.value("written_on") == date(2030, 12, 18)
    assert reading.value("effective_on") == date(2031, 1, 1)
    assert reading.value("signature") == ("总理 某某",)


def test_a_joint_decree_on_broken_lines_is_read():
    text = (
        "中华人民共和国国务院\n中华人民共和国中央军事委员会\n令\n第 999 号\n"
        "《湖泊警务条例》已经通过，现予公布，自公布之日起施行。\n"
        "国务院总　理　某某某\n中央军委主席　某某某\n二〇三〇年\n七月六日\n湖泊警务条例\n第一条 为了保护湖泊。"
    )
    reading = read_official_text(text)
    assert reading.value("document_number") == "国令第999号"
    assert reading.value("title") == "湖泊警务条例"
    assert reading.value("written_on") == date(2030, 7, 6)
    assert reading.absent["effective_on"] == "from_issue"


def test_an_announcement_of_two_bodies_is_read():
    text = (
        "财政部 税务总局\n关于延续实施政策的公告\n财政部 税务总局公告2023年第12号\n为支持发展，现公告如下：\n"
        "政策继续执行。\n财政部 税务总局\n2023年8月2日"
    )
    reading = read_official_text(text)
    assert reading.document_number.value == "财政部 税务总局公告2023年第12号"
    assert text[reading.document_number.start : reading.document_number.end] == reading.document_number.value
    assert reading.value("title") == "财政部 税务总局关于延续实施政策的公告"
    assert reading.value("issuers") == ("财政部", "税务总局")


def test_a_number_beside_the_title_is_doubtful():
    number = read_official_text("关于检查的通知　澄水发〔2024〕3号\n各局：\n请检查。").document_number
    assert (number.value, number.confidence, number.why) == ("澄水发〔2024〕3号", "doubtful", "run_on")


def test_a_number_known_only_from_the_note_below_the_title_is_doubtful():
    text = "湖泊保护条例\n（1994年1月28日中华人民共和国国务院令第142号发布）\n第一条 为了保护湖泊，制定本条例。"
    reading = read_official_text(text)
    number, day = reading.document_number, reading.written_on
    assert (number.value, number.confidence, number.why) == ("国令第142号", "doubtful", "title_note")
    assert text[number.start : number.end].endswith("国务院令第142号")
    assert (day.value, day.confidence) == (date(1994, 1, 28), "doubtful")


def test_a_cited_number_is_never_taken_for_the_documents_own():
    text = (
        "关于开展检查的通知\n各局：\n根据《湖泊保护办法》（澄政办发〔2024〕12号），开展检查。\n"
        "澄湖市水利局\n2024年5月6日"
    )
    reading = read_official_text(text)
    assert reading.document_number is None
    assert reading.absent["document_number"] == "only_cited"


def test_a_day_that_does_not_exist_is_left_out_with_its_reason():
    reading = read_official_text("关于开会的通知\n各局：\n请参加。\n澄湖市水利局\n2024年2月30日")
    assert reading.written_on is None
    assert reading.absent["written_on"] == "no_such_day"


def test_a_label_that_contradicts_the_signature_makes_the_date_doubtful():
    reading = read_official_text(NOTICE.replace("发布时间", "成文日期：2024年03月02日\n发布时间"))
    assert (reading.written_on.value, reading.written_on.why) == (date(2024, 3, 1), "label_differs")
    assert reading.written_on.confidence == "doubtful"


def test_two_days_of_effect_are_doubtful_and_effect_at_issue_is_no_date():
    two = NOTICE + "本规定自2025年1月1日起施行。"
    assert read_official_text(two).effective_on.why == "several_dates"
    reading = read_official_text("第一条 本办法自发布之日起施行。")
    assert (reading.effective_on, reading.absent["effective_on"]) == (None, "from_issue")


def test_an_index_number_of_odd_length_is_doubtful():
    reading = read_official_text("索引号：12345/2024-1\n关于开会的通知\n各局：\n请参加。")
    assert (reading.index_number.confidence, reading.index_number.why) == ("doubtful", "odd_length")


def test_a_text_that_lost_its_lines_is_read_with_doubt():
    text = (
        "国务院关于进一步加强环境保护工作的决定国发〔1990〕65号（一九九〇年十二月五日）　　保护和改善环境，是基本国策。"
    )
    reading = read_official_text(text)
    assert (reading.document_number.value, reading.document_number.confidence) == ("国发〔1990〕65号", "doubtful")
    assert reading.value("title") == "国务院关于进一步加强环境保护工作的决定"
    assert reading.value("written_on") == date(1990, 12, 5)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("第一章 总则", ("chapter", 2)),
        ("一、总体要求", ("first", 2)),
        ("（二）加强人员培训。", ("second", 3)),
        ("1.工作目标", ("third", 4)),
        ("一、同意。请认真执行；", None),
        ("1.完成登记。", None),
        ("2019年", None),
        ("3.5万人", None),
    ],
)
def test_a_heading_is_a_short_numbered_line(line, found):
    assert heading_of(line) == found


def test_articles_are_numbered():
    assert article_number("第一百二十三条") == 123
    assert article_number("第3条") == 3
    assert article_number("第三章") is None


@given(st.text(alphabet=st.characters(codec="utf-16", categories=["L", "N", "P", "Z", "C"]), max_size=400))
def test_no_text_breaks_the_reader(text):
    read_official_text(text)


@given(st.lists(st.sampled_from(["国务院", "\n", "令", "第", "〔", "2019", "〕", "5", "号", "年", "1月", "30日", "：", "。", "《", "》", "（", "附件", "自", "起施行", "关于", "通知", " "]), max_size=60))  # fmt: skip # noqa: E501
def test_no_heap_of_document_words_breaks_the_reader(words):
    text = "".join(words)
    reading = read_official_text(text)
    for found in (reading.title, reading.document_number, reading.written_on, reading.issuers):
        assert found is None or 0 <= found.start <= found.end <= len(text)


def _policy_documents() -> Path:
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("JIYUE_TEST_DATA", beside)) / "policy_docs"
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("test data is missing: set JIYUE_TEST_DATA")
        pytest.skip("no test data beside the checkout")
    return folder


def test_numbers_and_dates_of_real_documents_are_read_from_their_text_alone():
    text = (_policy_documents() / "state_council_docs.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in text.split("\n") if line]
    missed = []
    for record in records:
        reading = read_official_text(record["text"])
        written = reading.written_on.value.strftime("%Y年%m月%d日") if reading.written_on else None
        if (reading.value("document_number"), written) != (record["doc_no"], record["written_date"]):
            missed.append((record["doc_no"], written))
    # The field table of this page says 17 April, the signed text 二〇〇四年四月二十七日: the table errs.
    assert missed == [("国办函〔2004〕36号", "2004年04月27日")]
