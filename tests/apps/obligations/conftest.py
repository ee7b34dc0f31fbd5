"""The city follows the pack of Hebi."""

import pytest

from jiyue.identity.models import User
from tests.apps.rules.decisions import Pair, assigned, overseers
from tests.clock import NOW


@pytest.fixture
def pair(cast) -> Pair:
    """Two overseers of the whole platform."""
    return overseers(None, now=NOW, prefix="pingtai")


@pytest.fixture
def hebi(cast, pair):
    """From long ago: an assignment may not begin in the past, so it was decided then."""
    long_ago = NOW.replace(year=2023)
    return assigned(cast.city.organisation, "hebi", long_ago.date(), pair, now=long_ago)


@pytest.fixture
def above(cast) -> User:
    """An overseer of the province, to which the city is subordinate."""
    return overseers(cast.province, now=NOW, prefix="shengji")[0]
