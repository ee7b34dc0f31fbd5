"""The city follows the pack of Hebi and owes an answer to a letter."""

import pytest
from django.urls import reverse

from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from tests.apps.obligations.conftest import above, hebi, pair  # noqa: F401 - fixtures of this folder too
from tests.apps.obligations.facts import Stated, fact
from tests.clock import NOW


@pytest.fixture
def owe(cast, hebi):  # noqa: F811
    """Make a duty of the city's site of a fact: owe(parameter, subject, title=…, started_at=…)."""

    def make(tenant=None, **given) -> Obligation:
        stated = fact(tenant or cast.city, **given)
        refresh(Stated([stated], code=stated.subject), now=NOW)
        return Obligation.objects.select_related("rule").get(subject=stated.subject)

    return make


@pytest.fixture
def on(sign_in):
    """Open a screen as somebody: on(user, "console_duty", 1, state="late")."""

    def open_screen(user, view, /, *args, **query):
        return sign_in(user).get(reverse(view, args=args), query)

    return open_screen


@pytest.fixture
def send(sign_in):
    """Send a form as somebody."""

    def send_form(user, view, /, *args, **data):
        return sign_in(user).post(reverse(view, args=args), data)

    return send_form
