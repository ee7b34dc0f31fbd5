"""What is looked up: pairs and words, numbers in every spelling, pinyin; and text that is no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.search.asking import LONGEST_QUERY, Question
from jiyue.search.entries import terms_of
from jiyue.search.excerpts import excerpt, mark, marked_words
from jiyue.search.folding import clean, fold
from jiyue.search.numbers import asked_numbers, number_tokens
from jiyue.search.personal import looks_personal
from jiyue.search.planning import looser, loosest, plan
from jiyue.search.sounds import asked_sounds, title_sounds
from jiyue.search.spelling import differ_by_one
from jiyue.search.tokens import gram_set, needed

ANYTHING = st.text(st.characters(codec=None), max_size=300)


def test_pairs_cover_a_run_and_letters_stay_together():
    assert needed("营商环境 5G基站") == ["营商", "商环", "环境", "5g", "基站"]
    assert needed("水") == ["水"]


@given(st.text("水利局关于节约用水的通知和办法", min_size=1, max_size=40), st.data())
def test_every_piece_of_a_text_is_found_by_its_pairs(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    until = data.draw(st.integers(start + 1, len(text)))
    assert set(needed(text[start:until])) <= set(gram_set(text))


def test_width_case_and_script_do_not_matter():
    assert fold("國務院ＡＢＣ") == fold("国务院abc")


@given(ANYTHING)
def test_folding_keeps_every_place(text):
    assert len(fold(text)) == len(text)
    clean(text).encode()


@pytest.mark.parametrize(
    "asked",
    [
        "国办发〔2019〕19号",
        "国办发[2019]19号",
        "国办发 2019 19",
        "国办发2019年第19号",
        "国办发（2019）19号",
        "国办發〔2019〕019号",
    ],
)
def test_a_number_is_found_in_every_spelling(asked):
    [ways] = asked_numbers(asked)
    assert set(ways) & set(number_tokens("国办发〔2019〕19号")) == {"国办发-2019-19"}


def test_words_before_a_number_do_not_hide_it():
    [ways] = asked_numbers("关于国办发〔2019〕19号")
    assert "国办发-2019-19" in ways


@pytest.mark.parametrize("asked", ["国务院令第716号", "国务院令716号", "716号令", "令第716号"])
def test_a_decree_is_found_by_its_number(asked):
    [ways] = asked_numbers(asked)
    assert set(ways) & set(number_tokens("中华人民共和国国务院令第716号"))


def test_a_year_or_a_day_is_no_number():
    assert asked_numbers("2019年") == asked_numbers("2019年5月") == asked_numbers("政府工作报告 2024") == []


@pytest.mark.parametrize("asked", ["yingshanghuanjing", "ying shang huan jing", "yshj", "shanghuan", "huanjing"])
def test_a_title_is_found_by_how_it_sounds(asked):
    tokens = set(title_sounds("优化营商环境条例"))
    assert any(set(way) <= tokens for way in asked_sounds(asked))


def test_a_sign_of_two_readings_is_found_by_both():
    assert {"zhongqing", "chongqing"} <= set(title_sounds("重庆市条例"))


def test_terms_lead_from_letters_to_words():
    terms = terms_of("优化营商环境条例")
    assert {"营商环境", "yingshanghuanjing|营商环境", "~yshj|营商环境"} <= set(terms)


@pytest.mark.parametrize(
    "query",
    [
        "110101199003071234",
        "138 0013 8000",
        "我的电话010-88886666",
        "张三 zhangsan@example.invalid",
        "京A12345",
        "幸福路3号楼2单元",
    ],
)
def test_what_may_be_personal_is_recognised(query):
    assert looks_personal(query)


@pytest.mark.parametrize(
    "query", ["国办发〔2019〕19号", "2026年政府工作报告", "公积金", "十四五规划", "令第716号", "12345热线"]
)
def test_ordinary_questions_are_not(query):
    assert not looks_personal(query)


@given(ANYTHING)
def test_any_question_makes_a_plan(text):
    query = Question.read({"q": [text]}).query
    for reading in (plan, looser, loosest):
        reading(query, {"营商": ("经营",)})
    assert len(query) <= LONGEST_QUERY


@given(st.dictionaries(st.sampled_from("qsocpdtyuvwx"), st.lists(ANYTHING, max_size=3)))
def test_any_parameters_make_a_question(given):
    question = Question.read(given)
    assert Question.read({}) == Question()
    assert "\x00" not in question.address


@given(ANYTHING, st.text("水利<>&\"'的", max_size=6))
def test_marked_text_holds_no_markup_but_marks(text, query):
    for made in (mark(clean(text), marked_words(query)), excerpt(clean(text), marked_words(query))):
        bare = made.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in bare and ">" not in bare


def test_an_excerpt_shows_the_place_that_says_most():
    text = "前言。" + "无关的话。" * 60 + "本办法所称营商环境，是指企业。" + "再无关。" * 60
    assert "<mark>营商环境</mark>" in excerpt(text, marked_words("营商环境"))


@pytest.mark.parametrize(("one", "two", "same"), [
    ("环境", "还境", True), ("营商环境", "营商环", True), ("营商", "商营", False), ("水", "水", False), ("ab", "abcd", False),
])  # fmt: skip
def test_one_sign_makes_the_difference(one, two, same):
    assert differ_by_one(one, two) is same
