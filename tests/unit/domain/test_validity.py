"""How a document stands on a day: its own words, its days, and what later documents do to it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.validity import Act, Effect, standing

TODAY = date(2026, 11, 21)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def repeal(on: date, by: str = "a") -> Effect:
    return Effect(by, Act.REPEALS, on)


def amendment(on: date, by: str = "b") -> Effect:
    return Effect(by, Act.AMENDS, on)


@pytest.mark.parametrize(
    ("stated", "facts", "code", "since", "turns_on"),
    [
        ("in_force", {}, "valid", None, None),
        ("unchecked", {}, "unchecked", None, None),
        ("", {}, "", None, None),
        ("in_force", {"effective_on": TODAY}, "valid", None, None),
        ("in_force", {"effective_on": TOMORROW}, "not_yet", None, TOMORROW),
        ("in_force", {"expires_on": TODAY}, "valid", None, TOMORROW),  # the last day still counts
        ("in_force", {"expires_on": YESTERDAY}, "expired", TODAY, None),
        ("in_force", {"expires_on": date.max}, "valid", None, None),
        ("in_force", {"effects": [repeal(TODAY)]}, "repealed", TODAY, None),
        ("in_force", {"effects": [repeal(TOMORROW)]}, "valid", None, TOMORROW),
        ("in_force", {"effects": [amendment(TODAY)]}, "amended", TODAY, None),
        ("amended", {"effects": [amendment(TOMORROW)]}, "amended", None, TOMORROW),
        ("in_force", {"effects": [amendment(YESTERDAY), repeal(TODAY)]}, "repealed", TODAY, None),
        ("in_force", {"expires_on": YESTERDAY - timedelta(days=9), "effects": [repeal(TODAY)]}, "expired",
         YESTERDAY - timedelta(days=8), None),
        ("repealed", {"effects": [repeal(YESTERDAY)]}, "repealed", YESTERDAY, None),
        ("repealed", {}, "repealed", None, None),
        ("expired", {"effective_on": TOMORROW}, "expired", None, None),
    ],
)  # fmt: skip
def test_a_document_stands_as_its_words_its_days_and_later_documents_say(stated, facts, code, since, turns_on):
    found = standing(stated, on=TODAY, **facts)
    assert (found.code, found.since, found.turns_on) == (code, since, turns_on)


def test_the_first_repeal_counts_and_is_named():
    found = standing("in_force", on=TODAY, effects=[repeal(TODAY, "late"), repeal(YESTERDAY, "early")])
    assert (found.by, found.since) == ("early", YESTERDAY)


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
acts = st.builds(Effect, st.sampled_from("abc"), st.sampled_from(Act), days)


@given(
    st.sampled_from(["in_force", "amended", "unchecked", ""]), days, st.none() | days, st.none() | days,
    st.lists(acts, max_size=5),
)  # fmt: skip
def test_nothing_changes_before_the_day_that_is_named(stated, on, effective_on, expires_on, effects):
    """The publisher looks again on `turns_on` only: until then every day must give the same answer."""
    facts = {"effective_on": effective_on, "expires_on": expires_on, "effects": effects}
    today = standing(stated, on=on, **facts)
    until = today.turns_on or on + timedelta(days=400)
    for day in (on + timedelta(days=1), until - timedelta(days=1)):
        if on < day < until:
            later = standing(stated, on=day, **facts)
            assert (later.code, later.by, later.since) == (today.code, today.by, today.since)
