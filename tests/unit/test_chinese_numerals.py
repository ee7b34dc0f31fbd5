from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.chinese_numerals import dates_in, number_of

DIGITS = "〇一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("十二", 12), ("二十", 20), ("廿三", 23), ("一百零三", 103), ("二千零一", 2001), ("二〇一九", 2019),
     ("○", 0), ("元", 1), ("12", 12), ("１２", 12)],
)  # fmt: skip
def test_numbers_are_read(text, value):
    assert number_of(text) == value


@pytest.mark.parametrize("text", ["", "十十", "一二百", "甲", "百千", "一十百"])
def test_what_is_no_number_is_none(text):
    assert number_of(text) is None


def _in_chinese(day: date) -> str:
    year = "".join(DIGITS[int(sign)] for sign in str(day.year))
    return f"{year}年{_small(day.month)}月{_small(day.day)}日"


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (DIGITS[ones] if ones else "")


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_written_in_either_way_is_read_back(day):
    text = f"于{_in_chinese(day)}、{day.year}年{day.month}月{day.day}日和{day.isoformat()}印发"
    assert [mention.day for mention in dates_in(text)] == [day, day, day]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2019年2月30日", "no_such_day"),
        ("二〇一九年十三月一日", "no_such_day"),
        ("二〇一九年二月二十九日", "no_such_day"),
        ("1819年1月1日", "year_out_of_range"),
    ],
)
def test_a_day_that_does_not_exist_is_reported_and_not_mended(text, why):
    (mention,) = dates_in(text)
    assert (mention.day, mention.why, text[mention.start : mention.end]) == (None, why, text)
