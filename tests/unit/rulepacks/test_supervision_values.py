"""P-50 to P-58: supervision and reports (requirements 2.1)."""

import pytest

from tests.unit.rulepacks.expectations import ABSENT, check, row, says

ROWS = [
    *row(
        "P-50",
        hubei=says("measures 第三十二条", at_least="1 per quarter", open=("Q-12",)),
        ningxia=says("notice 三（三）", at_least="1 per quarter"),
        hebi=says("platform 第三十五条", word="定期"),
        chaoyang=says("measures 第五十六条", word="定期"),
        xiangxi=ABSENT,
    ),
    *row(
        "P-51",
        hubei=says("measures 第三十二条", at_least="30 %", open=("Q-04", "Q-12")),
        ningxia=says("notice 三（三）", at_least="100 %"),
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-52",
        hubei=says("measures 第三十二条", at_least="1 per quarter"),
        ningxia=says("notice 三（三）", word="定期"),
        hebi=says("platform 第五条第（二）项", word="日常"),
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-53",
        hubei=says("measures 第三十二条", **{"with": "季度检查"}),
        ningxia=says("notice 三（三）", at_least="1 per quarter"),
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-54",
        hubei=says("measures 第三十六条", by="01-31", open=("Q-02",)),
        ningxia=says("notice 三（三）", by="01-31", open=("Q-02",)),
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-55",
        hubei=says("measures 第三十二条", by="01-31", open=("Q-02",)),
        ningxia=says("notice 三（三）", by="01-31", open=("Q-02",)),
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-56",
        hubei=says("measures 第三十三条", word="定期"),
        ningxia=says("notice 三（三）", word="纳入政务公开效能考核"),
        hebi=says("platform 第五十一条", word="按结果表扬、批评"),
        chaoyang=says("measures 第五十四条", at_least="1 per year"),
        xiangxi=ABSENT,
    ),
    *row(
        "P-57",
        hubei=ABSENT,
        ningxia=says("notice 三（三）", value=5),
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-58",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=says("measures 第二十八条", "measures 第五十五条", word="定期"),
        xiangxi=ABSENT,
    ),
]


@pytest.mark.parametrize(("number", "pack", "expected"), ROWS)
def test_the_pack_says_what_the_text_says(number, pack, expected):
    check(number, pack, expected)
