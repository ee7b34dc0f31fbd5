"""The goals of personal data and secrecy, on texts composed from another seed than that of the table."""

import pytest

from tests.unit.checks.quality.personal import KINDS, blocked, blocks, composed, published, recognisers


@pytest.mark.req("PRIV-03")
@pytest.mark.parametrize("kind", KINDS)
def test_nearly_all_numbers_are_found_and_nearly_nothing_else(kind):
    score = composed(kind, seed=7, each=500)
    assert score.recall >= 0.99, score.misses[:10]
    assert score.precision >= 0.98, score.alarms[:10]


@pytest.mark.parametrize(("kind", "recall"), [("id-number", 1.0), ("mobile", 0.86), ("bank-card", 1.0)])
def test_values_of_other_projects_are_found(kind, recall):
    assert published(kind).recall >= recall


def test_sentences_of_other_recognisers_are_understood():
    score = recognisers()
    assert (score.misses, score.false) == ([], 0)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["personal-data", "secrecy", ""])
def test_clean_official_texts_are_not_blocked(family):
    stopped, told = blocked(family)
    assert stopped <= blocks()[0] / 200, told
