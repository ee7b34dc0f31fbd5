"""Guessing passwords at the console's door: counted, closed for a while, and nobody locked out of her own browser."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from jiyue.foundation.models import AuditEvent
from jiyue.identity import sign_ins
from jiyue.identity.models import SignInCount, User
from jiyue.identity.sign_ins import MOST_ADDRESS, MOST_OWN, MOST_STRANGERS, WINDOW, SignInRefused, Try

PASSWORD = "澄湖边上的第三棵柳树"


@pytest.fixture
def person(cast):
    user = User.objects.get(pk=cast.city.editor.pk)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, username, password, **more):
    return client.post(reverse("wagtailadmin_login"), {"username": username, "password": password}, **more)


def is_in(client):
    return client.get(reverse("wagtailadmin_home")).status_code == 200


def test_guessing_is_closed_even_to_the_right_password_and_stands_in_the_trail(person):
    for _try in range(MOST_STRANGERS):
        assert sign_in(Client(), person.username, "猜测一下密码试试看").status_code == 200
    client = Client()
    refused = sign_in(client, person.username, PASSWORD)
    assert refused.status_code == 429 and "登录失败次数过多" in refused.content.decode()
    assert not is_in(client)
    event = AuditEvent.objects.get(code="identity.sign_in_closed")
    assert (event.subject, event.data["username"]) == (f"user:{person.pk}", person.username)


def test_a_name_that_is_no_account_is_closed_in_the_same_words_and_not_written_down(person):
    """Else the door would tell which accounts there are; and people type passwords into the wrong field."""
    answers = [sign_in(Client(), "没有这个人", "猜测一下密码试试看") for _try in range(MOST_STRANGERS + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert not AuditEvent.objects.filter(code="identity.sign_in_closed").exists()
    assert not SignInCount.objects.filter(key__contains="没有").exists()


def test_strangers_cannot_lock_the_person_out_of_a_browser_she_used_before(person):
    own = Client()
    assert sign_in(own, person.username, PASSWORD).status_code == 302
    own.cookies.pop("jiyue_console")
    for _try in range(MOST_STRANGERS + 1):
        sign_in(Client(REMOTE_ADDR="10.9.8.7"), person.username, "猜测一下密码试试看")
    assert sign_in(Client(), person.username, PASSWORD).status_code == 429
    assert sign_in(own, person.username, PASSWORD).status_code == 302
    assert is_in(own)


def test_the_mark_of_a_browser_is_worth_nothing_for_another_account(person, cast):
    own = Client()
    sign_in(own, person.username, PASSWORD)
    other = cast.city.first.username
    answers = [sign_in(own, other, "猜测一下密码试试看").status_code for _try in range(MOST_STRANGERS + 1)]
    assert answers[-1] == 429
    forged = Client()
    forged.cookies["jiyue_device"] = own.cookies["jiyue_device"].value[:-3] + "abc"
    for _try in range(MOST_STRANGERS):
        sign_in(forged, person.username, "猜测一下密码试试看")
    assert sign_in(forged, person.username, PASSWORD).status_code == 429


def test_in_her_own_browser_too_there_is_an_end(person):
    own = Client()
    sign_in(own, person.username, PASSWORD)
    answers = [sign_in(own, person.username, "猜测一下密码试试看").status_code for _try in range(MOST_OWN + 1)]
    assert answers == [200] * MOST_OWN + [429]


def test_one_address_that_tries_every_account_is_closed(person):
    client = Client(REMOTE_ADDR="203.0.113.7")
    for number in range(MOST_ADDRESS):
        assert sign_in(client, f"account{number}", "猜测一下密码试试看").status_code == 200
    assert sign_in(client, person.username, PASSWORD).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="203.0.113.8"), person.username, PASSWORD).status_code == 302


def test_only_a_proxy_that_the_settings_name_says_where_somebody_comes_from(person, settings):
    for number in range(MOST_ADDRESS):
        forwarded = {"X-Forwarded-For": f"198.51.100.{number}"}
        sign_in(Client(REMOTE_ADDR="203.0.113.9"), f"account{number}", "猜测一下密码试试看", headers=forwarded)
    assert sign_in(Client(REMOTE_ADDR="203.0.113.9"), person.username, PASSWORD).status_code == 429
    for number in range(MOST_ADDRESS):  # a proxy on this machine, of which no setting tells: everybody comes from there
        sign_in(Client(), f"another{number}", "猜测一下密码试试看")
    assert sign_in(Client(), person.username, PASSWORD).status_code == 302
    SignInCount.objects.all().delete()
    settings.HTTPS_ONLY = True
    for number in range(MOST_ADDRESS):
        forwarded = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"}
        sign_in(Client(), f"account{number}", "猜测一下密码试试看", headers=forwarded, secure=True)
    spared = {"X-Forwarded-For": "203.0.113.7, 203.0.113.8"}
    assert sign_in(Client(), person.username, PASSWORD, headers=spared, secure=True).status_code == 302


def test_after_a_while_the_door_is_open_and_a_success_begins_anew(person, now):
    guess = Try(person.username)
    for _try in range(MOST_STRANGERS):
        sign_ins.begin(guess, now=now)
    with pytest.raises(SignInRefused) as refused:
        sign_ins.begin(guess, now=now + WINDOW - timedelta(seconds=1))
    assert refused.value.until == now + WINDOW
    sign_ins.begin(guess, now=now + WINDOW)
    sign_ins.succeeded(guess, now=now + WINDOW)
    assert not SignInCount.objects.exists()


def test_failures_that_lie_far_apart_do_not_add_up_and_leave_nothing_behind(person, now):
    for hour in range(30):
        sign_ins.begin(Try(person.username), now=now + timedelta(hours=hour))
    sign_ins.begin(Try("another"), now=now + timedelta(days=3))
    assert SignInCount.objects.count() == 1
