"""Hints about replies: what gives one and what does not, and how often on real letters, right replies and wrong ones."""

import json
import os
from pathlib import Path

import pytest

from jiyue.domain.reply_hints import hints

LETTER = ("公交站牌看不清", "湖滨路公交站牌晚上看不清，请问由谁负责，什么时候能修？")


def codes(answer: str, letter: tuple[str, str] = LETTER) -> list[str]:
    return [hint.code for hint in hints(*letter, answer)]


@pytest.mark.req("INT-09")
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("您反映的问题已收悉，我们将加强管理，感谢您的关心。", ["set_phrases", "off_topic"]),
        ("湖滨路公交站牌由城管局路灯所负责，11月28日前换装灯箱。", []),
        ("不属于我局职责范围，公交站牌请咨询有关部门。", ["no_fact", "passes_on"]),
        ("站牌不属于本局职责，由城市管理局负责，电话000-12345，已转交办理。", []),
        ("湖滨路公交站牌无法办理改造，请您理解我们工作的难处，也请您继续监督公交站牌的管理工作。", ["no_reason"]),
        ("湖滨路公交站牌因为道路改造，目前无法办理，2026年12月改造完成后换新。", []),
        ("湖滨路公交站牌晚上看不清，请问由谁负责，什么时候能修，公交站牌看不清。", ["no_fact", "repeats"]),
        ("", []),
    ],
)
def test_a_hint_says_what_was_seen(answer, expected):
    assert codes(answer) == expected


def test_a_hint_tells_its_numbers_and_words():
    [first, _second] = hints(*LETTER, "您反映的问题已收悉，我们将加强管理，感谢您的关心。")
    assert int(first.values["share"]) >= 60 and "已收悉" in first.values["phrases"]


@pytest.fixture
def letters() -> list[dict]:
    root = Path(os.environ.get("JIYUE_TEST_DATA", Path(__file__).parents[3].parent / "shared" / "data"))
    file = root / "citizen_letters/letters_with_replies.jsonl"
    if not file.exists():
        if os.environ.get("CI"):
            pytest.fail("test data is missing: set JIYUE_TEST_DATA")
        pytest.skip("no test data beside the checkout (JIYUE_TEST_DATA)")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_replies_put_to_wrong_letters_are_seen_far_more_often_than_right_ones(letters):
    rows = [row for row in letters if len(row["reply"]) > 40]
    others = rows[401:] + rows[:401]

    def beside(pairs) -> float:
        found = sum("off_topic" in codes(reply["reply"], (row["title"], row["content"])) for row, reply in pairs)
        return 100 * found / len(rows)

    assert beside(zip(rows, rows, strict=True)) < 5
    assert beside(zip(rows, others, strict=True)) > 45
