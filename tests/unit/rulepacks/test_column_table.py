"""The column responsibility table of Chaoyang (requirements 2.3): 21 lines, 20 units, 46 columns, 9 kinds of update."""

from collections import Counter

import pytest

from jiyue.domain.limits import parse_least
from tests.unit.rulepacks.expectations import terms_of

DAILY, WORKING_DAYS, WEEKLY = "1 per day", "1 per working-day", "1 per week"
LINES = [
    (1, "区政府办公室", "政务新闻", DAILY),
    (2, "区政府办公室", "政府公告 政府文件 政府工作报告 折子工程 五十件实事", "正式发布"),
    (3, "区委组织部", "人事任免 区级领导", "发文"),
    (4, "区发展改革委", "行政审批 收费标准 阳光物价 发展规划 奥运项目 重点项目", "批准公布"),
    (5, "区财政局", "财政预算报告 招标信息 中标公告 政府采购", "公文印发"),
    (6, "区人事局", "公务员录用 人才信息 职能机构 政府机构改革", "公文印发"),
    (7, "区法制办", "政策法规", "公文印发"),
    (8, "区监察局", "政民互动 政务公开目录", "办结或变更"),
    (9, "区广电新闻中心", "朝阳新闻网网站", DAILY),
    (10, "区档案局", "行政规范性文件", "发文"),
    (11, "区外办", "英文版 日文版 韩文版", WORKING_DAYS),
    (12, "区政协", "参政议政", WORKING_DAYS),
    (13, "区旅游局", "旅游版", WORKING_DAYS),
    (14, "区体育局", "体育信息 体育板块", WORKING_DAYS),
    (15, "区教委", "教育信息", WORKING_DAYS),
    (16, "区房管局", "房产信息", WORKING_DAYS),
    (17, "区卫生局", "医疗卫生信息", WORKING_DAYS),
    (18, "区劳动保障局", "劳动保障信息", WORKING_DAYS),
    (19, "区商务局", "商业信息", WORKING_DAYS),
    (20, "区投促局", "投资政策 投资指南 商务聚焦 合作机会 商务朝阳月刊 企业办事大厅", "发布"),
    (21, "区法院", "庭审直播", WEEKLY),
]


def table():
    return terms_of("chaoyang", "column.table")["value"]


def rule(line):
    return line.get("update") or line["with"]


@pytest.mark.req("COL-05")
@pytest.mark.parametrize("expected", LINES, ids=lambda line: str(line[0]))
def test_a_line_names_unit_columns_and_update(expected):
    line = table()[expected[0] - 1]
    assert (line["no"], line["unit"], " ".join(line["columns"]), rule(line)) == expected


def test_the_table_has_the_counts_of_the_requirements():
    lines = table()
    columns = [column for line in lines for column in line["columns"]]
    assert (len(lines), len({line["unit"] for line in lines}), len(columns), len(set(columns))) == (21, 20, 46, 46)


def test_three_kinds_have_a_rhythm_and_six_wait_for_an_event():
    lines = table()
    assert Counter(line["update"] for line in lines if "update" in line) == {DAILY: 2, WORKING_DAYS: 9, WEEKLY: 1}
    assert Counter(line["with"] for line in lines if "with" in line) == {
        "正式发布": 1,
        "发文": 2,
        "公文印发": 3,
        "批准公布": 1,
        "办结或变更": 1,
        "发布": 1,
    }
    assert all(("update" in line) != ("with" in line) for line in lines)


def test_every_rhythm_can_be_read():
    assert [str(parse_least(line["update"])) for line in table() if "update" in line] == [
        line["update"] for line in table() if "update" in line
    ]


def test_the_words_of_the_table_stand_beside_each_rule():
    words = {
        DAILY: "每日更新",
        WORKING_DAYS: "每工作日更新",
        WEEKLY: "每周提供典型案例",
        "正式发布": "与正式发布同时",
        "发文": "与发文同时",
        "公文印发": "与公文印发同时",
        "批准公布": "与批准公布同时",
        "办结或变更": "与办结或变更同时",
        "发布": "与发布同时",
    }
    assert {rule(line): line["text"] for line in table()} == words
