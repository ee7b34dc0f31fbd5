"""Which order counts for a page, when it is open, and that what is shown is what was written."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.comments import MASK, columns_above, is_covered, order_for, standing

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
COLUMNS = {1: {"parent": None}, 2: {"parent": 1}, 3: {"parent": 2}, 9: {"parent": 9}}


def order(column=None, page="", comments=True, votes=False, **times):
    facts = {"opens_at": "", "closes_at": "", **times}
    return {"column": column, "page": page, "takes_comments": comments, "takes_votes": votes, **facts}


def test_the_nearest_order_counts_and_one_that_takes_nothing_closes():
    orders = [
        order(),
        order(column=1, votes=True),
        order(page="p", comments=False, votes=True),
        order(page="q", comments=False),
    ]
    assert columns_above(COLUMNS, 3) == [3, 2, 1]
    assert columns_above(COLUMNS, 9) == [9]
    assert columns_above(COLUMNS, None) == columns_above(COLUMNS, 77) == []
    assert order_for(orders, page="x", columns=[3, 2, 1]) is orders[1]
    assert order_for(orders, page="p", columns=[3, 2, 1]) is orders[2]
    assert order_for(orders, page="q", columns=[3, 2, 1]) is None
    assert order_for(orders, page="x", columns=[8]) is orders[0]
    assert order_for([], page="x", columns=[1]) is None


def test_an_order_is_open_between_its_times():
    one = order(opens_at=NOW.isoformat(), closes_at=(NOW + timedelta(hours=1)).isoformat())
    moments = (NOW - timedelta(seconds=1), NOW, NOW + timedelta(minutes=59), NOW + timedelta(hours=1))
    assert [standing(one, at) for at in moments] == ["coming", "open", "open", "over"]
    assert standing(order(), NOW) == "open"


@pytest.mark.parametrize(
    ("original", "shown", "fits"),
    [
        ("请找王小明办", "请找王小明办", True), ("请找王小明办", f"请找{MASK}办", True), ("请找王小明办", f"{MASK}办", True),
        ("请找王小明办", "请找王小明来办", False), ("请找王小明办", "请找", False), ("请找王小明办", MASK, False),
        ("请找王小明办", "", False), ("甲乙丙丁", f"甲{MASK}丙{MASK}", True), ("甲乙丙丁", f"甲{MASK}乙丙丁", False),
        ("甲乙丙丁", f"丁{MASK}甲", False), ("甲" * 1000, f"甲{MASK}" * 300 + "乙", False), (f"甲{MASK}乙", f"甲{MASK}乙", True),
        (MASK, MASK, True),
    ],
)  # fmt: skip
def test_what_is_shown_is_what_was_written_but_for_what_is_covered(original, shown, fits):
    assert is_covered(original, shown) is fits


@given(st.text("甲乙丙\n ", min_size=3, max_size=30), st.integers(0, 29), st.integers(1, 5))
def test_covering_one_place_always_fits(text, start, length):
    start %= len(text)
    shown = text[:start] + MASK + text[start + length :]
    if (text[:start] + text[start + length :]).replace(MASK, "").strip():
        assert is_covered(text, shown)
