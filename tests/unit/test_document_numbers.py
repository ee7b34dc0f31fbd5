import time

import pytest

from jiyue.domain.document_numbers import canonical, numbers_in, same_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("国发〔2019〕5号", "国发〔2019〕5号"),
        ("国发[2019]5号", "国发〔2019〕5号"),
        ("京政发（2019）1号", "京政发〔2019〕1号"),
        ("穗建规字〔2024〕005号", "穗建规字〔2024〕5号"),
        ("国函〔\n2006\n〕38号", "国函〔2006〕38号"),
        ("国发〔2019〕第5号", "国发〔2019〕5号"),
        ("中华人民共和国国务院令\n第707号", "国令第707号"),
        ("国务院令第123号", "国令第123号"),
        ("中华人民共和国国务院、中华人民共和国中央军事委员会令第71号", "国令第71号"),
        ("中华人民共和国交通运输部令\n2019年第1号", "交通运输部令2019年第1号"),
        ("交通运输部令（2019年第1号）", "交通运输部令2019年第1号"),
        ("广州市人民政府令第179号", "广州市人民政府令第179号"),
        ("财政部 税务总局公告2023年第12号", "财政部 税务总局公告2023年第12号"),
        ("中国人民银行公告〔2019〕第5号", "中国人民银行公告〔2019〕第5号"),
        ("国务院关于进一步加强环境保护工作的决定国发〔1990〕65号", "国发〔1990〕65号"),
    ],
)
def test_a_number_takes_its_prescribed_form(text, value):
    (mention,) = numbers_in(text)
    assert mention.value == value


@pytest.mark.parametrize("text", ["（政策宣传）", "第5号", "2019年5号", "〔2019〕5号", "国发2019〕5号"])
def test_what_is_no_number_gives_none(text):
    assert list(numbers_in(text)) == []


def test_two_ways_of_writing_one_decree_are_the_same_number():
    assert same_number("国令第746号", "中华人民共和国国务院令第746号")
    assert not same_number("国令第746号", "国令第745号")
    assert canonical(" 无 号 ") == "无号"


def test_a_line_of_spaces_costs_no_more_than_its_length():
    started = time.process_time()
    assert list(numbers_in(" " * 1_000_000 + "令" + " " * 1_000_000 + "〔" + " " * 1_000_000)) == []
    assert time.process_time() - started < 5
