"""P-60 to P-76: security, duty, accounts, new media (requirements 2.1)."""

import pytest

from tests.unit.rulepacks.expectations import ABSENT, check, row, says

ROWS = [
    *row(
        "P-60",
        hubei=ABSENT,
        ningxia=says("notice 二（三）2", at_least="6 months"),
        hebi=says("platform 第三十八条", at_least="6 months"),
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-61",
        hubei=says("measures 第三十条", at_least="1 per half-year"),
        ningxia=says("notice 二（三）1", word="定期"),
        hebi=ABSENT,
        chaoyang=says("measures 第四十九条", word="定期"),
        xiangxi=ABSENT,
    ),
    *row(
        "P-62",
        hubei=says("measures 第三十条", word="定期"),
        ningxia=says("notice 二（三）2", word="定期"),
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-63",
        hubei=ABSENT,
        ningxia=says("notice 二（三）2", word="开展演练"),
        hebi=says("platform 第四十七条", at_least="1 per year"),
        chaoyang=says("measures 第五十二条", word="定期"),
        xiangxi=ABSENT,
    ),
    *row(
        "P-64",
        hubei=says("measures 第三十八条", value={"hours-per-day": 24, "periods": "always"}),
        ningxia=says("notice 三（二）", value={"hours-per-day": 24, "periods": "always"}),
        hebi=says(
            "platform 第五条第（三）项", value={"hours-per-day": 24, "periods": "important", "otherwise": "daily"}
        ),
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-65",
        hubei=ABSENT,
        ningxia=says("notice 二（二）1第1段", value={"hours-per-day": 24, "periods": "always"}),
        hebi=says("platform 第五条第（三）项", word="日常巡查"),
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-66",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=says("platform 第十三条", limit="6 months", open=("Q-09",)),
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-67",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=says("measures 第五十一条", value={"restore": "automatic", "otherwise": "suspend-until-restored"}),
        xiangxi=ABSENT,
    ),
    *row(
        "P-68",
        hubei=says("measures 第二十八条", at_most="0"),
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-69",
        hubei=says("measures 第三十条", word="定期"),
        ningxia=says("notice 二（三）3", word="具备备份能力"),
        hebi=says("platform 第四十条", word="制定备份策略"),
        chaoyang=says("measures 第四十一条", "measures 第五十条", word="定期"),
        xiangxi=ABSENT,
    ),
]

# Only the Hebi new-media measures set values of their own on accounts (C-22).
HEBI_ONLY = [
    ("P-70", says("new-media 第十条", limit="3 working-days", open=("Q-01",))),
    ("P-71", says("new-media 第十七条", at_least="3 per week", open=("Q-11",))),
    ("P-72", says("new-media 第十七条", at_least="1 per week", open=("Q-11",))),
    ("P-73", says("new-media 第七条", at_most="1", word="原则上")),
    ("P-74", says("new-media 第二十七条", at_least="1 per quarter")),
    ("P-75", says("new-media 第二十七条", at_least="1 per quarter")),
    ("P-76", says("new-media 第二十七条", value="the-year-concerned")),
]
ROWS += [
    cell
    for number, said in HEBI_ONLY
    for cell in row(number, hubei=ABSENT, ningxia=ABSENT, hebi=said, chaoyang=ABSENT, xiangxi=ABSENT)
]


@pytest.mark.parametrize(("number", "pack", "expected"), ROWS)
def test_the_pack_says_what_the_text_says(number, pack, expected):
    check(number, pack, expected)
