"""What a person reads of a rule is Chinese, whatever codes it is written in."""

import re
from datetime import datetime

import pytest

from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.limits import FixedDate, SameDay, Span, Unit, WithEvent
from jiyue.domain.rulesets import Basis, Copy, Since
from jiyue.rules import wording
from jiyue.rules.library import shipped

LATIN = re.compile(r"[A-Za-z][A-Za-z-]+")
# Names that Chinese texts write in Latin letters, and what is itself the value.
TAGS = {
    "SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType", "ArticleTitle",
    "PubDate", "ContentSource",
}  # fmt: skip
PROPER = {"ICP", "IPv", "gov", "cn", "YYYY-MM-DD", "HH", "MM", *TAGS}


@pytest.mark.parametrize("name", shipped().names)
def test_every_value_that_ships_reads_as_chinese(name):
    pack = shipped().pack(name)
    latin = {
        f"{parameter}: {word}"
        for parameter, values in pack.values.items()
        for value in values
        for word in LATIN.findall(wording.value(value))
        if word not in PROPER and word not in shipped().parameters
    }
    assert latin == set()


def test_limits_are_said_as_the_texts_say_them():
    said = [wording.limit(limit) for limit in
            (Span(12, Unit.HOURS), Span(5, Unit.WORKING_DAYS), SameDay(), WithEvent(), FixedDate(1, 31))]  # fmt: skip
    assert said == ["12 小时", "5 个工作日", "当日", "同步", "1 月 31 日前"]


def test_a_code_nobody_knows_is_shown_as_it_was_written():
    assert wording.setting(["unheard-of", "own-site", "2 weeks", True, 3]) == "unheard-of、本网站、2 周、是、3"


def test_the_same_code_may_name_a_part():
    assert wording.setting({"no": 1, "answer": "no"}) == "序号：1，答案：不得"


def test_of_a_list_of_named_things_the_names_are_said():
    assert wording.setting([{"code": "a", "name": "事项名称"}, {"unit": "区政府", "update": "1 per day"}]) == (
        "事项名称；（单位：区政府，更新要求：每日至少 1 次）"
    )


def test_a_title_inside_a_title_gets_the_inner_marks():
    assert wording.title("关于《意见》的通知") == "《关于〈意见〉的通知》"
    basis = Basis("a", "办法", "", Copy.UNSOURCED, "示办〔2022〕1号")
    assert wording.basis(basis) == "《办法》（示办〔2022〕1号）（条号未记），无出处"


def test_a_day_of_effect_is_said_as_exactly_as_it_is_known():
    assert [wording.since(Since(stated)) for stated in ("undated", "2022", "2022-05-01")] == [
        "施行日未载明", "自 2022 起（文中未写到日）", "自 2022-05-01 起",
    ]  # fmt: skip
    assert wording.moment(datetime(2025, 1, 2, 3, 4, 5, tzinfo=SHANGHAI)) == "2025-01-02 03:04:05"
