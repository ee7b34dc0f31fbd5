"""What holds on a day: the latest value of the nearest pack that sets a figure, and what was passed on the way."""

import json
from dataclasses import replace
from datetime import date

import pytest

from jiyue.domain.limits import Span, Unit
from jiyue.domain.rule_terms import Deadline, Kind
from jiyue.domain.rulesets import Answer, NotADay, NotSet, Pack, RuleSet, Since, UnknownParameter, find_parameter
from tests.unit.rules.packs import city, nation, parameters

DAY = date(2025, 9, 29)
NATION = nation(
    "message.reply:\n  2017: {limit: 15 working-days, basis: guideline 附件}\n"
    "log.retention:\n  2017-06-01: {at_least: 6 months, basis: guideline 第一条}\n"
)


def rules(topic):
    return RuleSet((city(topic), NATION), parameters())


def days(amount):
    return Span(amount, Unit.WORKING_DAYS)


def test_the_nearest_pack_with_a_figure_answers():
    found = rules("message.reply:\n  2022: {limit: 5 working-days, latest: 10 working-days, basis: platform 第二条}\n")
    answer = found.answer("message.reply", DAY)
    assert (answer.limit, answer.latest, answer.pack, answer.passed) == (days(5), days(10), "lake", ())
    assert (answer.since, answer.pack_version) == (Since("2022"), "2026-11-22")
    assert [(basis.document, basis.article) for basis in answer.basis] == [("澄湖市政府网站管理办法", "第二条")]


def test_what_a_pack_does_not_set_falls_back_to_the_one_it_extends():
    answer = rules("review.levels:\n  2022: {value: 3, basis: platform 第三条}\n").answer("message.reply", DAY)
    assert (answer.limit, answer.pack, [passed.pack for passed in answer.passed]) == (days(15), "national", ["lake"])


def test_a_word_does_not_stop_the_look_up_but_is_told():
    answer = rules("message.reply:\n  2022: {word: 及时, basis: platform 第二条}\n").answer("message.reply", DAY)
    assert (answer.limit, answer.pack) == (days(15), "national")
    assert [(passed.title, passed.value.word) for passed in answer.words] == [("示范省澄湖市", "及时")]


def test_a_later_word_takes_the_place_of_the_figure_of_its_own_pack():
    topic = (
        "message.reply:\n  2022: {limit: 5 working-days, basis: platform 第二条}\n"
        "  2024: {word: 及时, basis: platform 第二条}\n"
    )
    assert rules(topic).answer("message.reply", date(2023, 1, 1)).limit == days(5)
    assert rules(topic).answer("message.reply", date(2024, 1, 1)).limit == days(15)


def test_the_latest_value_that_has_begun_holds():
    topic = (
        "message.reply:\n  2023-07: {limit: 7 working-days, basis: platform 第二条}\n"
        "  2022: {limit: 5 working-days, basis: platform 第二条}\n"
    )
    on = {day: rules(topic).answer("message.reply", date.fromisoformat(day)) for day in
          ("2021-12-31", "2022-01-01", "2023-06-30", "2023-07-01")}  # fmt: skip
    assert [answer.limit for answer in on.values()] == [days(15), days(5), days(5), days(7)]
    assert on["2021-12-31"].passed[0].later == Since("2022")


ABOVE = nation("""\
site.eligibility:
  2017:
    answers:
      - {for: township, answer: 'no'}
      - {for: city, answer: must}
      - {for: event, answer: topic}
    basis: guideline 附件
""")
OPEN = """\
site.eligibility:
  2022:
    answers:
      - {for: township, answer: not-regulated}
      - {for: city, answer: portal}
      - {for: court, answer: not-addressed}
    basis: platform 第二条
"""


def eligibility(*, by_subject):
    catalogue = parameters()
    catalogue["site.eligibility"] = replace(catalogue["site.eligibility"], by_subject=by_subject)
    return RuleSet((city(OPEN), ABOVE), catalogue).answer("site.eligibility", DAY)


def test_a_subject_left_open_is_looked_up_further_up_by_itself():
    answer = eligibility(by_subject=True)
    assert {each.subject: each.answer for each in answer.terms.rulings} == {
        "city": ("portal",), "court": ("not-addressed",), "township": ("no",), "event": ("topic",),
    }  # fmt: skip
    assert [(each.title, [one.subject for one in each.value.terms.rulings]) for each in answer.supplements] == [
        ("国家", ["township", "event"])
    ]
    assert answer.supplements[0].value.basis[0].article == "附件"
    assert [each.subject for each in answer.own.terms.rulings] == ["city", "court"]


def test_an_answer_with_supplements_is_kept_whole():
    answer = eligibility(by_subject=True)
    assert Answer.from_json(json.loads(json.dumps(answer.as_json()))) == answer


def test_other_rules_about_subjects_hold_as_a_whole():
    answer = eligibility(by_subject=False)
    assert (answer.supplements, answer.terms.of("event"), "supplements" in answer.as_json()) == ((), None, False)


def test_an_undated_value_holds_on_every_day():
    answer = rules("message.reply:\n  undated: {limit: 5 working-days, basis: platform 第二条}\n")
    assert answer.answer("message.reply", date(1950, 1, 1)).limit == days(5)


def test_what_no_pack_sets_is_not_set_by_any_of_them():
    answer = RuleSet((NATION,), parameters()).answer("review.levels", DAY)
    assert (answer.is_set, answer.limit, answer.basis, [passed.pack for passed in answer.passed]) == (
        False, None, (), ["national"],
    )  # fmt: skip
    with pytest.raises(NotSet):
        _ = answer.found


def test_a_pack_of_ones_own_stands_before_the_others():
    own = Pack("own", "本单位", city("log.retention:\n  2022: {at_least: 1 years, basis: platform 第一条}\n").level, "1", "lake",
               values=city("log.retention:\n  2022: {at_least: 1 years, basis: platform 第一条}\n").values)  # fmt: skip
    assert RuleSet((NATION,), parameters()).below(own).answer("log.retention", DAY).pack == "own"


def test_an_unknown_parameter_is_refused_with_the_nearest():
    with pytest.raises(UnknownParameter) as refused:
        RuleSet((NATION,), parameters()).answer("mesage.reply", DAY)
    assert refused.value.nearest == "message.reply"


@pytest.mark.parametrize("asked", ["P-40", "p-41", "message.reply", "Message.Reply "])
def test_a_parameter_goes_by_its_name_and_its_numbers_in_any_case(asked):
    assert find_parameter(parameters(), asked).name == "message.reply"


TOPICS = {
    "message.reply": "{limit: 5 working-days, latest: 10 working-days, latest_needs: reason, latest_when: 需要调查核实的, "
    "basis: [platform 第二条, platform 第三条], note: 注, open: [Q-01], word: 尽快}",
    "interpretation.publish": "{limit: with-event, basis: platform 第二条}",
    "column.update.news": "{gap: 2 weeks, basis: platform 第二条}",
    "site.report": "{by: 01-31, basis: platform 第二条}",
    "site.temporary-offline.count": "{at_most: 1 per year, basis: platform 第二条}",
    "interpretation.coverage": "{at_least: 80 %, basis: platform 第二条}",
    "log.retention": "{at_least: 6 months, basis: platform 第二条, source: issued}",
    "site.eligibility": "{answers: [{for: county, answer: in-principle-no, most: 1}, {for: city, answer: [a, b]}], "
    "basis: platform 第二条}",
    "review.levels": "{value: {levels: 3, share: 0.5, on: true, names: [初审, '3']}, basis: platform 第二条}",
}


@pytest.mark.parametrize("parameter", TOPICS)
def test_an_answer_comes_back_from_json_as_it_was(parameter):
    answer = rules(f"{parameter}:\n  2022-03: {TOPICS[parameter]}\n").answer(parameter, DAY)
    assert answer.is_set
    assert Answer.from_json(json.loads(json.dumps(answer.as_json()))) == answer


@pytest.mark.parametrize("topic", ["message.reply:\n  2022: {word: 及时, basis: platform 一}\n",
                                   "message.reply:\n  2028: {limit: 5 working-days, basis: platform 一}\n"])  # fmt: skip
def test_what_was_passed_comes_back_from_json_too(topic):
    for chain in ((city(topic), NATION), (city(topic),)):
        answer = RuleSet(chain, parameters()).answer("message.reply", DAY)
        assert Answer.from_json(json.loads(json.dumps(answer.as_json()))) == answer


def test_a_deadline_keeps_its_two_steps_apart():
    answer = rules(f"message.reply:\n  2022: {TOPICS['message.reply']}\n").answer("message.reply", DAY)
    assert answer.kind is Kind.DEADLINE
    assert isinstance(answer.terms, Deadline)
    assert answer.terms.needs_reason
    assert answer.terms.latest_when == "需要调查核实的"


@pytest.mark.parametrize(
    ("stated", "day", "exact"),
    [("2022", "2022-01-01", False), ("2022-03", "2022-03-01", False), ("2022-03-04", "2022-03-04", True),
     ("undated", "0001-01-01", False)],
)  # fmt: skip
def test_a_day_is_known_as_exactly_as_it_is_stated(stated, day, exact):
    since = Since.read(stated)
    assert (since.day, since.is_exact) == (date.fromisoformat(day), exact)


@pytest.mark.parametrize(
    "stated", ["2022-02-30", "2022-13", "22", "0000", "2022/03", "", "Undated", "2022-3-4", "２０２２"]
)
def test_a_day_that_does_not_exist_is_refused(stated):
    with pytest.raises(NotADay):
        Since.read(stated)
