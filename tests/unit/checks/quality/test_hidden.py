"""The goals of hidden links and spam, with links planted from another seed than that of the table."""

import pytest

from tests.unit.checks.quality.hidden import defaced, false_alarms, plants, promotions


@pytest.mark.slow
@pytest.mark.req("MON-05")
def test_nearly_every_planted_link_is_found():
    scores = plants(seed=5, each=4)
    gold, hit = sum(one.gold for one in scores.values()), sum(one.hit for one in scores.values())
    assert hit >= 0.95 * gold, {way: f"{one.hit}/{one.gold}" for way, one in scores.items() if one.hit < one.gold}


def test_replaced_pages_are_found():
    assert defaced().recall >= 0.95, defaced().misses


@pytest.mark.slow
def test_official_texts_are_left_alone():
    clean, told = false_alarms()
    assert len(told) <= clean / 200, told


def test_praise_under_a_label_is_found():
    assert promotions().hit >= 9
    assert promotions().false <= 1
