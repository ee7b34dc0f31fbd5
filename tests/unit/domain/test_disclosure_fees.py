"""Processing fees: each line of the table costs its own price, and only the excess rises (国办函〔2020〕109号)."""

import pytest

from jiyue.domain.disclosure_fees import FeeStep, charged, total

ITEMS = (FeeStep(1, 10, 0), FeeStep(11, 30, 100), FeeStep(31, None, None, per=10, more=100))
PAGES = (FeeStep(1, 30, 0), FeeStep(31, 100, 10), FeeStep(101, 200, 20), FeeStep(201, None, 40))


@pytest.mark.parametrize(("steps", "before", "count", "yuan"), [
    (ITEMS, 0, 10, 0), (ITEMS, 0, 11, 100), (ITEMS, 0, 30, 2000), (ITEMS, 0, 31, 2200), (ITEMS, 0, 40, 4000),
    (ITEMS, 0, 41, 4300), (ITEMS, 10, 1, 100), (ITEMS, 29, 3, 500), (ITEMS, 45, 10, 3500),
    (PAGES, 0, 30, 0), (PAGES, 0, 31, 10), (PAGES, 0, 100, 700), (PAGES, 0, 101, 720), (PAGES, 0, 200, 2700),
    (PAGES, 0, 250, 4700),
])  # fmt: skip
def test_what_a_number_costs(steps, before, count, yuan):
    lines = charged(steps, count, before=before)
    assert total(lines) == yuan
    assert sum(line.count for line in lines) == count


@pytest.mark.parametrize(("count", "before"), [(0, 0), (-1, 0), (1, -1)])
def test_no_fee_is_counted_for_nothing(count, before):
    with pytest.raises(ValueError):
        charged(ITEMS, count, before=before)
