"""Sums of letters: added, taken away, and what follows from them, against the plain way of counting."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.letter_figures import (
    added,
    empty,
    median_days,
    of_one,
    satisfaction,
    share_in_time,
    total,
)

LETTERS = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.sampled_from([None, True, False]), st.integers(0, 40),
              st.sampled_from([None, 1, 2, 3, 4, 5])),
    max_size=40,
)  # fmt: skip


def sums(rows):
    return [of_one(answered=a, ended=e, in_time=t, days=d, rating=r) for a, e, t, d, r in rows]


@given(LETTERS)
def test_sums_say_what_counting_says(rows):
    of = total(sums(rows))
    days = [row[3] for row in rows if row[0]]
    assert (of["received"], of["answered"]) == (len(rows), len(days))
    assert median_days(of) == (statistics.median(days) if days else None)
    limited = [row[2] for row in rows if row[0] and row[2] is not None]
    assert share_in_time(of) == (100 * sum(limited) // len(limited) if limited else None)
    scores = [row[4] for row in rows if row[4] is not None]
    assert satisfaction(of) == ((100 * sum(s >= 4 for s in scores) // len(scores), len(scores)) if scores else None)


@given(LETTERS, LETTERS)
def test_what_was_added_can_be_taken_away(some, more):
    one, other = total(sums(some)), total(sums(more))
    assert added(added(one, other), other, times=-1) == one


def test_nothing_is_taken_from_nothing():
    with pytest.raises(ValueError):
        added(empty(), of_one(answered=True, ended=False, in_time=True, days=3, rating=None), times=-1)
