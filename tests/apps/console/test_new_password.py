"""A temporary password opens one page: where another is chosen. Nobody signs with a password that somebody else knows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jiyue.console.gate import BEFORE_CHOOSING, OFFERED
from jiyue.console.rules import everybody
from jiyue.foundation.models import AuditEvent
from jiyue.identity.actions import issue_password
from jiyue.identity.passwords import TEMPORARY_FOR
from tests.cast import PASSWORD
from tests.contracts import console_walk
from tests.contracts.console_things import things_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("SECU-10")]
OWN = "lake-and-mountain"
CHOOSE = "console_new_password"


def signed_in(username: str, password: str) -> Client:
    client = Client()
    client.post(reverse("wagtailadmin_login"), {"username": username, "password": password})
    return client


def inside(client: Client) -> bool:
    return client.get(reverse("wagtailadmin_home")).status_code == 200


@pytest.fixture
def things(cast, now):
    """What there is to be opened; some of it signed by the final reviewer, before her password was reset."""
    console_walk.load()
    return things_of(cast.city, "本市", now=now)


@pytest.fixture
def secret(cast):
    """What the operator has in hand after resetting the final reviewer's password."""
    return issue_password(user=cast.city.final, by=cast.operator.actor(), now=timezone.now())


def test_nothing_but_the_page_for_a_new_password_opens(things, secret):
    client = signed_in("ch_final", secret)
    closed = sorted(name for name in OFFERED if OFFERED[name] is not everybody and name not in BEFORE_CHOOSING)
    assert len(closed) > 80
    for send in (client.get, client.post):
        answers = {name: send(console_walk.address(name, things)) for name in closed}
        assert {(answer.status_code, answer.headers.get("Location")) for answer in answers.values()} == {
            (302, reverse(CHOOSE))
        }
    page = client.get(reverse(CHOOSE)).content.decode()
    assert "设定自己的密码" in page and "样yunwei" in page and "new-password" in page


def test_the_operator_who_uses_it_signs_nothing(things, secret):
    review = things.structure
    client = signed_in("ch_final", secret)
    gates = {"act": "approve", "gates": ["politics", "facts"], "reason": "x"}
    assert client.post(reverse("console_decide", args=[review.pk]), gates).headers["Location"] == reverse(CHOOSE)
    review.refresh_from_db()
    assert review.status == review.Status.OPEN


def test_after_choosing_everything_opens_and_the_secret_is_worth_nothing(cast, secret):
    client = signed_in("ch_final", secret)
    other = signed_in("ch_final", secret)
    weak = client.post(reverse(CHOOSE), {"password": "12345678", "again": "12345678"})
    unlike = client.post(reverse(CHOOSE), {"password": OWN, "again": OWN + "x"})
    same = client.post(reverse(CHOOSE), {"password": secret, "again": secret})
    assert (weak.status_code, unlike.status_code, same.status_code) == (422, 422, 422)
    assert not inside(client)
    assert client.post(reverse(CHOOSE), {"password": OWN, "again": OWN}).headers["Location"] == reverse(
        "wagtailadmin_home"
    )
    assert inside(client) and inside(signed_in("ch_final", OWN))
    assert not inside(signed_in("ch_final", secret))
    assert other.get(reverse(CHOOSE)).headers["Location"].startswith(reverse("wagtailadmin_login"))
    event = AuditEvent.objects.get(code="identity.password_chosen")
    assert (event.actor_name, event.data["first"]) == ("样ch_final", True)


def test_issuing_ends_every_session_and_the_old_password(cast):
    client = signed_in("ch_final", PASSWORD)
    assert inside(client)
    issue_password(user=cast.city.final, by=cast.operator.actor(), now=timezone.now())
    assert client.get(reverse("wagtailadmin_home")).headers["Location"].startswith(reverse("wagtailadmin_login"))
    assert not inside(signed_in("ch_final", PASSWORD))


def test_after_its_time_it_opens_nothing_and_ends_the_session_it_opened(cast, secret):
    client = signed_in("ch_final", secret)
    assert client.get(reverse(CHOOSE)).status_code == 200
    cast.city.final.temporary_until = timezone.now() - timedelta(seconds=1)
    cast.city.final.save()
    assert client.get(reverse(CHOOSE)).headers["Location"].startswith(reverse("wagtailadmin_login"))
    late = Client().post(reverse("wagtailadmin_login"), {"username": "ch_final", "password": secret})
    assert late.status_code == 200 and "临时密码只在签发后 24 小时内有效" in late.content.decode()
    assert timedelta(hours=24) == TEMPORARY_FOR, "the sentence above says it"


def test_ones_own_change_is_traced_and_goes_on(cast):
    client = signed_in("ch_final", PASSWORD)
    fields = {"password-old_password": PASSWORD, "password-new_password1": OWN, "password-new_password2": OWN}
    more = {
        "locale-preferred_language": "",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
    }
    client.post(reverse("wagtailadmin_account"), {**fields, **more, "theme-keyboard_shortcuts": "on"})
    assert inside(client)
    assert AuditEvent.objects.get(code="identity.password_chosen").data == {"username": "ch_final", "first": False}
    assert client.get(reverse(CHOOSE)).headers["Location"] == reverse("wagtailadmin_account")
