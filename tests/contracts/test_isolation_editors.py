"""The editor's forms × a foreign site's references (B5): as `test_isolation_forms`, in a file of its own to run beside it."""

import logging

import pytest

from tests.contracts.isolation_walk import WRITES_NOTHING, Stage, Walk, set_stage

pytestmark = [
    pytest.mark.django_db, pytest.mark.slow, pytest.mark.req("PLAT-05"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def quiet():
    """Refusals are what is looked for here; thousands of lines about them are not."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def stage(cast, now) -> Stage:
    return set_stage(cast, now=now)


def test_no_form_of_an_editor_reaches_or_shows_anything_foreign(stage):
    walk = Walk(stage, "editor")
    walk.whole_way()
    assert walk.found == []
    assert walk.refused - walk.accepted <= WRITES_NOTHING, "filled in like this, the form proves nothing"
    assert walk.sent > 400
