"""Title and text of a reprint against its original, compared in one stated way (REPR-04)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.comparison import Change
from jiyue.domain.reprints import altered, normal

TEXT = "市政府决定，自2026年起提高补贴标准。\n各县（区）要抓好落实！"


@pytest.mark.parametrize(
    "reprint",
    [
        TEXT, TEXT.replace("\n", ""), "　　" + TEXT.replace("，", "，\u200b"), TEXT.replace("2026", "２０２６"),
        TEXT.replace("，", ",").replace("（区）", "(区)"), TEXT.replace("。", "。\r\n\r\n"),
    ],
)  # fmt: skip
def test_width_white_space_and_line_breaks_do_not_count(reprint):
    assert not altered(original=("关于补贴的通知", TEXT), reprint=("关于 补贴的通知", reprint))


def test_every_other_character_counts_and_is_shown_in_its_sentence():
    found = altered(original=("通知", TEXT), reprint=("通知", TEXT.replace("提高", "降低")))
    assert found.title is None and len(found.text) == 1
    pieces = [(piece.change, piece.text) for piece in found.text[0].pieces]
    assert (Change.REMOVED, "提高") in pieces and (Change.ADDED, "降低") in pieces


def test_a_sentence_left_out_and_one_put_in_are_two_places():
    found = altered(original=("", "甲说了。乙说了。"), reprint=("", "甲说了。丙插话。丁又说。"))
    assert [line.change for line in found.text] == ["altered", "added"]


def test_an_altered_title_is_told_with_both():
    found = altered(original=(" 关于补贴的通知", TEXT), reprint=("补贴大涨！", TEXT))
    assert found and found.title == ("关于补贴的通知", "补贴大涨！") and found.text == ()


def test_a_title_nobody_knows_is_not_compared():
    assert not altered(original=("", TEXT), reprint=("随便什么", TEXT))


@given(st.text(max_size=60))
def test_normal_is_normal(text):
    assert normal(normal(text)) == normal(text)
    assert not altered(original=(text, text), reprint=(text, text))
