"""Every form of the console × every role × a foreign site's references in every field (B5, deeper than the routes).

Each role opens the pages of its own site, fills their forms in, and sends them once as they are, then with one field at a
time naming something of a foreign site, then with all of them and every name that any form knows, then to the foreign
thing's own address. Whatever the answer is: no row of the foreign site is changed, none of ours comes to point at one, and
no byte of it is shown, on the page that follows neither. Each attempt is undone before the next.
"""

import logging

import pytest

from tests.contracts import console_walk
from tests.contracts.isolation_walk import ROLES, WRITES_NOTHING, Stage, Walk, the_stage
from tests.snapshots import once

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
def stage(db, home) -> Stage:
    console_walk.load()
    return once(the_stage, home=home)


@pytest.mark.parametrize("part", [part for part in ROLES if part != "editor"])  # hers are in test_isolation_editors
def test_no_form_reaches_or_shows_anything_foreign(stage, part):
    walk = Walk(stage, part)
    walk.whole_way()
    assert walk.found == []
    assert walk.refused - walk.accepted <= WRITES_NOTHING, "filled in like this, the form proves nothing"
