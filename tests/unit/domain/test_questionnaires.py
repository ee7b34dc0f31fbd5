"""What a questionnaire asks, what counts as an answer, and how answers are counted."""

import pytest

from jiyue.domain.questionnaires import answers_of, faults, in_words, is_answer, read, typed_of
from jiyue.domain.tallying import Tally

ROWS = [
    {"type": "single", "question": "常去吗", "options": "常去\n很少", "needed": True},
    {"type": "text", "question": "为什么", "needed": True, "after": 1, "after_option": 2, "longest": 5},
    {"type": "multiple", "question": "先修哪里", "options": "北\n中\n南", "needed": True, "least": 2, "most": 2},
    {"type": "scale", "question": "满意吗", "points": 5, "low": "差", "high": "好", "needed": True},
    {"type": "ranking", "question": "排一排", "options": "灯\n路\n椅", "needed": False},
    {"type": "matrix", "question": "各段", "rows": "北\n南", "columns": "好\n差", "needed": True},
]
ASKED = read(ROWS)
TYPED = {
    "q1": "2", "q2": "太远", "q3.1": "1", "q3.3": "1", "q4": "5", "q5.1": "2", "q5.2": "1", "q5.3": "3",
    "q6.1": "1", "q6.2": "2",
}  # fmt: skip
ANSWERS = {"q1": "2", "q2": "太远", "q3": "1,3", "q4": "5", "q5": "2,1,3", "q6": "1,2"}


@pytest.mark.req("INT-11")
def test_every_kind_of_question_is_answered_kept_short_and_said_in_words():
    assert answers_of(ASKED, TYPED) == (ANSWERS, [])
    assert is_answer(ASKED, ANSWERS) and answers_of(ASKED, typed_of(ASKED, ANSWERS))[0] == ANSWERS
    said = [in_words(question, ANSWERS[question.name]) for question in ASKED.questions]
    assert said == ["很少", "太远", "北、南", "5（好）", "1. 路；2. 灯；3. 椅", "北：好；南：差"]


def test_what_is_not_asked_is_not_answered_whatever_was_typed():
    answers, found = answers_of(ASKED, TYPED | {"q1": "1"})
    assert found == [] and "q2" not in answers
    assert not is_answer(ASKED, ANSWERS | {"q1": "1"})


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"q1": ""}, "missing"), ({"q1": "9"}, "not_a_choice"), ({"q1": "０"}, "not_a_choice"),
        ({"q2": "太远太远了吧"}, "too_long"),
        ({"q3.3": ""}, "choose_at_least"), ({"q3.2": "1"}, "choose_at_most"), ({"q4": "6"}, "not_a_choice"),
        ({"q5.1": "1"}, "rank_twice"), ({"q5.1": ""}, "rank_all"), ({"q6.2": ""}, "rows_missing"),
        ({"q6.1": "", "q6.2": ""}, "missing"), ({"q6.1": "3"}, "not_a_choice"),
    ],
)  # fmt: skip
def test_each_fault_is_named_at_its_question(typed, code):
    _answers, found = answers_of(ASKED, TYPED | typed)
    assert [fault.code for fault in found] == [code]


def test_a_question_that_depends_on_another_stands_on_a_later_page():
    assert [[question.number for question in page] for page in ASKED.pages()] == [[1], [2, 3, 4, 5, 6]]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"options": "一个"}, "too_few_options"), ({"options": "甲\n甲"}, "option_twice"), ({"after": 9}, "after"),
        ({"options": "甲\n" + "长" * 101}, "option_too_long"), ({"type": "scale", "points": 11}, "points"),
        ({"type": "matrix", "columns": "好\n差"}, "rows"),
        ({"type": "multiple", "options": "甲\n乙", "least": 3}, "least_and_most"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_told_to_its_writer(row, code):
    assert [fault.code for fault in faults([{"type": "single", "question": "问", "options": "甲\n乙", **row}])] == [
        code
    ]


def test_a_branch_leads_from_an_earlier_choice_that_exists():
    second = {"type": "text", "question": "为什么", "after": 1, "after_option": 3}
    assert [fault.code for fault in faults([ROWS[0], second])] == ["after_option"]
    assert [fault.code for fault in faults([ROWS[3], second])] == ["after"]
    assert [fault.code for fault in faults([])] == ["no_questions"]


@pytest.mark.req("INT-11")
def test_counts_are_of_those_who_were_asked():
    tally = Tally(ASKED)
    tally.add(ANSWERS, 2)
    tally.add({"q1": "1", "q3": "1,2", "q4": "1", "q6": "2,2"})
    one, two, three, four, five, six = tally.figures()["questions"]
    assert ([row["count"] for row in one["options"]], one["asked"]) == ([1, 2], 3)
    assert (two["asked"], two["answered"]) == (2, 2)
    assert [row["count"] for row in three["options"]] == [3, 1, 2]
    assert (four["mean"], [row["count"] for row in four["options"]]) == ("3.67", [1, 0, 0, 0, 2])
    assert [(row["count"], row["place"]) for row in five["options"]] == [(0, "2.00"), (2, "1.00"), (0, "3.00")]
    assert [row["counts"] for row in six["rows"]] == [[2, 1], [0, 3]]
