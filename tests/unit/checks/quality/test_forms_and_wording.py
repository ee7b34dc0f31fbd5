"""The goals of document form and wording, on fewer documents than the table."""

import pytest

from tests.unit.checks.quality import documents, wordings
from tests.unit.checks.quality.frame import data


@pytest.mark.slow
def test_spoilt_documents_are_noticed():
    data("policy_docs")
    counts = documents.recall(15)
    made, hit = (sum(of[place] for of in counts.values()) for place in (0, 1))
    assert hit / made >= 0.98, {kind: of for kind, of in counts.items() if of[0] != of[1]}


def test_little_is_said_about_real_documents():
    data("policy_docs")
    told = [one for of_one in documents.alarms().values() for one in of_one.elements()]
    assert len(told) <= 60, told


@pytest.mark.slow
def test_nearly_all_that_is_said_about_clean_wording_is_right():
    data("spelling")
    total, false = wordings.judged()
    assert total <= 600
    assert false / total <= 0.1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ecspell_official_writing_test", "ecspell_official_writing_train"])
@pytest.mark.req("MON-05")
def test_what_is_said_about_official_sentences_is_right(name):
    data("spelling")
    marks, alarms, hits, _right = wordings.marked(name)
    assert hits / alarms >= 0.9
    assert hits / marks >= 0.07
