"""What letters have in common: by people and not by letters, the same in any order, and nothing that tells of a person."""

import json
import os
import random
import time
from datetime import date
from pathlib import Path

import pytest

from jiyue.domain.letter_trends import (
    FEWEST,
    Length,
    Told,
    change,
    groups,
    period_at,
    period_of,
    phrases,
)

pytestmark = pytest.mark.req("INT-19")


def shown(_words: str, _titles: list[str]) -> bool:
    return False


def letters(*titles: str, text: str = "", person: str = "") -> list[Told]:
    return [Told(n, person or f"p{n}", title, text or f"第{n}件事各不相同{n * 7919}") for n, title in enumerate(titles)]


@pytest.mark.parametrize(("code", "since", "until", "before", "year_ago"), [
    ("2026-11", date(2026, 11, 1), date(2026, 11, 30), "2026-10", "2025-11"),
    ("2026-01", date(2026, 1, 1), date(2026, 1, 31), "2025-12", "2025-01"),
    ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024-01", "2023-02"),
    ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2025-Q4", "2025-Q1"),
    ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026-Q3", "2025-Q4"),
    ("2026", date(2026, 1, 1), date(2026, 12, 31), "2025", "2025"),
])  # fmt: skip
def test_a_period_knows_its_days_and_what_it_is_compared_with(code, since, until, before, year_ago):
    period = period_of(code)
    assert (period.code, period.since, period.until) == (code, since, until)
    assert (period.before.code, period.year_ago.code) == (before, year_ago)
    assert period_at(period.length, since) == period_at(period.length, until) == period


@pytest.mark.parametrize("code", ["", "2026-13", "2026-Q5", "1999", "2026-1", "2026-11-01", "x"])
def test_what_names_no_period_is_none(code):
    assert period_of(code) is None


def test_words_of_three_people_are_shown_and_of_two_are_not():
    told = letters("湖滨路公交站牌看不清", "公交站牌晚上不亮", "修一修公交站牌", "东门垃圾桶太少", "西门垃圾桶没人倒")
    (one,) = phrases(told, hide=shown, earlier=letters("公交站牌坏了"))
    assert (one.words, one.letters, one.people, one.before, one.rises) == ("公交站牌", 3, 3, 1, True)
    assert FEWEST == 3


def test_a_long_common_text_is_shown_whole_and_bounded():
    title = "梧桐里小区六号楼没有自来水"
    assert len(title) == 13
    told = letters(*[title] * 10)
    assert [(one.words, one.letters, one.people) for one in phrases(told, hide=shown)] == [(title, 10, 10)]
    assert phrases(told, hide=lambda _words, _titles: True) == []
    mixed = letters(*[f"关于{title}的问题{n}" for n in range(5)], f"请问{title}吗", "路灯不亮")
    assert [one.words for one in phrases(mixed, hide=shown)][:1] == [f"{title}的问题"]
    same = [Told(n, f"p{n}", title, "家里一滴水都没有，请派人修好水泵") for n in range(4)]
    assert groups(same, hide=shown)[0].words == title
    long = letters(*["甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"] * 3)
    assert max(len(one.words) for one in phrases(long, hide=shown)) == 20


def test_one_person_who_writes_ten_times_is_one():
    told = letters(*["公交站牌看不清"] * 10, text="湖滨路的公交站牌晚上看不清", person="same")
    assert phrases(told, hide=shown) == [] and groups(told, hide=shown) == []


def test_what_tells_of_a_person_is_left_out():
    told = letters("投诉张三丰老师乱收费", "张三丰老师补课收费", "关于张三丰老师收费")
    assert any("三丰" in one.words for one in phrases(told, hide=shown))
    assert all("三丰" not in one.words for one in phrases(told, hide=lambda words, _titles: "三丰" in words))


def test_letters_that_say_the_same_are_one_group_however_many_and_in_any_order():
    text = "梧桐里六楼一到晚上就没有自来水，已经一个多月，请帮忙协调物业修好水泵。"
    told = [Told(n, f"p{n}", "梧桐里没有水", f"{text}{n}", "水利局") for n in range(120)]
    told += letters("几点开门", "转学带什么材料", "路灯不亮")
    (group,) = groups(told, hide=shown)
    assert (group.words, group.letters, group.people, group.units) == ("梧桐里没有水", 120, 120, ("水利局",))
    random.Random(7).shuffle(told)  # noqa: S311
    assert groups(told, hide=shown) == [group]
    assert groups(told, hide=lambda _words, _titles: True)[0].words == ""


def test_nothing_gives_nothing():
    assert phrases([], hide=shown) == [] and groups([], hide=shown) == []
    assert groups(letters("", "。", "？"), hide=shown) == []
    assert change(3, 0) is None and change(3, 2) == 50 and change(1, 2) == -50


def test_letters_that_people_really_wrote_are_grouped_in_seconds():
    folder = Path(os.environ.get("JIYUE_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
    file = folder / "citizen_letters" / "letters_with_replies.jsonl"
    if not file.exists():
        if os.environ.get("CI"):
            pytest.fail("test data is missing: set JIYUE_TEST_DATA")
        pytest.skip("no test data beside this checkout")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    told = [Told(n, row["user"], row["title"], row["content"]) for n, row in enumerate(rows)]
    began = time.monotonic()
    said, alike = phrases(told, hide=shown), groups(told, hide=shown)
    assert time.monotonic() - began < 60  # a page, on a busy machine
    assert all(one.people >= FEWEST and one.letters >= one.people for one in (*said, *alike))
    assert 10 <= len(said) <= 20 and len({one.words for one in said}) == len(said)
    assert period_at(Length.YEAR, date(2019, 5, 1)).code == "2019"


def test_of_very_many_letters_a_group_and_its_words_are_found_and_rare_words_are_not_kept(monkeypatch):
    monkeypatch.setattr("jiyue.domain.letter_trends.MANY", 100)
    draw = random.Random(3)  # noqa: S311 - drawn data, the same every time
    signs = [chr(0x4E00 + n) for n in range(3000)]

    def words(count: int) -> str:
        return "".join(draw.choice(signs) for _n in range(count))

    told = [Told(n, f"p{n}", words(12), words(80)) for n in range(400)]
    same, other = words(90), words(90)
    told += [Told(1000 + n, f"q{n}", "梧桐里没有自来水", same[:70] + words(10)) for n in range(5)]
    told += [Told(2000 + n, f"r{n}", words(12), other[: 70 - 2 * n] + words(5)) for n in range(4)]
    draw.shuffle(told)
    assert [(one.letters, one.words) for one in groups(told, hide=shown)] == [(5, "梧桐里没有自来水"), (4, "")]
    assert [(one.words, one.people) for one in phrases(told, hide=shown)] == [("梧桐里没有自来水", 5)]


def test_at_most_a_hundred_groups_are_told():
    told = [
        Told(3 * n + each, f"p{each}", "同题", "".join(chr(0x4E00 + 40 * n + at) for at in range(40)))
        for n in range(110)
        for each in range(3)
    ]
    assert len(groups(told, hide=shown)) == 100
