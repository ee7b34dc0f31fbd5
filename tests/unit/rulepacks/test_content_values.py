"""P-20 to P-37: content, review, policy, reprint (requirements 2.1)."""

import pytest

from tests.unit.rulepacks.expectations import ABSENT, check, row, says

ROWS = [
    *row(
        "P-20",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=says("platform 第二十九条", gap="2 weeks"),
        chaoyang=ABSENT,  # see P-23
        xiangxi=says("measures 第八条", gap="2 weeks"),
    ),
    *row(
        "P-21",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=says("platform 第二十九条", gap="6 months"),
        chaoyang=says("measures 附件", **{"with": "发文"}),
        xiangxi=says("measures 第八条", gap="6 months"),
    ),
    *row(
        "P-22",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=says("platform 第二十九条", gap="1 year"),
        chaoyang=ABSENT,  # see 2.3
        xiangxi=says("measures 第八条", gap="1 year"),
    ),
    *row(
        "P-23",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=says("measures 第二十一条", at_least="1 per day"),
        xiangxi=ABSENT,
    ),
    *row(
        "P-24",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=says("measures 第二十一条", limit="same-day"),
        xiangxi=ABSENT,
    ),
    *row(
        "P-25",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=says("measures 第二十二条", limit="with-event"),
        xiangxi=ABSENT,
    ),
    *row(
        "P-26",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=says("measures 附件", limit="with-event"),
        xiangxi=says("measures 第七条", limit="5 working-days", open=("Q-01", "Q-06")),
    ),
    *row(
        "P-27",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=says("measures 第七条", limit="3 working-days", open=("Q-01",)),
    ),
    *row(
        "P-28",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=says("measures 第七条", limit="5 working-days", open=("Q-01", "Q-06")),
    ),
    *row(
        "P-29",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=says(
            "measures 第七条",
            latest="10 working-days",
            latest_needs="reason",
            latest_when="情况特殊的",
            open=("Q-01", "Q-06"),
        ),
    ),
    *row(
        "P-30",
        hubei=ABSENT,
        ningxia=says("notice 二（二）2第1段", limit="5 working-days", open=("Q-01",)),
        hebi=ABSENT,
        chaoyang=says("measures 附件", limit="with-event"),
        xiangxi=says("measures 第七条", limit="5 working-days", open=("Q-01", "Q-06")),
    ),
    *row(
        "P-31",
        hubei=says("measures 第十八条", limit="with-event"),
        ningxia=says("notice 二（二）2第1段", limit="3 working-days", open=("Q-01",)),
        hebi=says("platform 第三十一条", limit="3 working-days", open=("Q-01",)),
        chaoyang=ABSENT,
        xiangxi=says("measures 第十条", limit="with-event"),
    ),
    *row(
        "P-32",
        hubei=ABSENT,
        ningxia=says("notice 二（二）2第1段", at_least="100 %"),
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-33",
        hubei=ABSENT,
        ningxia=says("notice 二（二）2第1段", at_least="80 %", open=("Q-08",)),
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-34",
        hubei=says("measures 第十七条", word="转载重要信息"),
        ningxia=says("notice 二（二）1第3段", limit="12 hours", open=("Q-07",)),
        hebi=says("platform 第二十八条", "new-media 第十六条", word="及时"),
        chaoyang=ABSENT,
        xiangxi=ABSENT,
    ),
    *row(
        "P-35",
        hubei=says("measures", word="审核"),  # the table names no article of Hubei
        ningxia=says("notice 二（三）1", word="编辑与审核分离"),
        hebi=says("platform 第三十条", "new-media 第十三条", value=3, open=("Q-10",)),
        chaoyang=says("measures 第二十六条", word="审核"),
        xiangxi=says("measures 第四条", word="审核"),
    ),
    *row(
        "P-36",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=says(
            "platform 第三十条",
            "new-media 第十三条",
            value={"content": ["political", "legal", "policy", "secrecy", "opinion"]},
        ),
        chaoyang=ABSENT,
        xiangxi=says("measures 第十七条", value={"reply": ["policy", "legal", "wording"]}),
    ),
    *row(
        "P-37",
        hubei=ABSENT,
        ningxia=ABSENT,
        hebi=ABSENT,
        chaoyang=ABSENT,
        xiangxi=says(
            "measures 第十五条",
            value=[
                "education",
                "medical",
                "social-security",
                "employment",
                "housing",
                "transport",
                "certificates",
                "business-start-up",
                "qualification",
                "marriage-birth-adoption",
                "business-and-tax",
                "utilities",
            ],
        ),
    ),
]


@pytest.mark.parametrize(("number", "pack", "expected"), ROWS)
def test_the_pack_says_what_the_text_says(number, pack, expected):
    check(number, pack, expected)
