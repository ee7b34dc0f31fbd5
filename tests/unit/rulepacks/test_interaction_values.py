"""P-40 to P-46: interaction and disclosure on request (requirements 2.1)."""

import pytest

from tests.unit.rulepacks.expectations import ABSENT, check, row, says

CLASSES = [
    {"name": "建议、咨询类", "limit": "7 working-days"},
    {"name": "需要核实或办理的", "limit": "15 working-days"},
]
ROWS = [
    *row(
        "P-40",
        hubei=says("measures 第三十四条", word="规定时限"),
        ningxia=says("notice 二（二）4", word="及时"),
        hebi=says("platform 第二十九条", limit="5 working-days", open=("Q-01",)),
        chaoyang=says("measures 第三十九条", word="专人答复"),
        xiangxi=says("measures 第十七条", limit="7 working-days", open=("Q-01",)),
    ),
    *row(
        "P-41",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=says("platform 第二十九条", latest="10 working-days", open=("Q-01",)),
        chaoyang=ABSENT,
        xiangxi=says("measures 第十七条", classes=CLASSES, open=("Q-01",)),
    ),
    *row(
        "P-42",
        hubei=says("measures 第三十四条", limit="2 working-days", open=("Q-01", "Q-16")),
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-43",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=says("measures 第十八条", at_least="1 per year", open=("Q-05",)),
    ),
    *row(
        "P-44",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=says("measures 第十八条", limit="15 working-days", open=("Q-01",)),
    ),
    *row(
        "P-45",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=says("measures 第三十五条", value="96105"),
        xiangxi=ABSENT,
    ),
    *row(
        "P-46",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=says("measures 第三十五条", word="及时"),
        xiangxi=ABSENT,  # article 11 has neither figure nor word
    ),
]


@pytest.mark.parametrize(("number", "pack", "expected"), ROWS)
def test_the_pack_says_what_the_text_says(number, pack, expected):
    check(number, pack, expected)
