"""Migrating leaves the process as it was, and Django's answers as they are."""

import gc

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model

from jiyue.config.migrating import migrate


@pytest.fixture
def command(monkeypatch):
    """Stands in for Django's command; what is true while it runs is kept in the list."""
    seen: list = []

    def run(name: str, **_options) -> None:
        seen.append((name, gc.get_threshold(), apps.get_swappable_settings_name(get_user_model()._meta.label)))

    monkeypatch.setattr("jiyue.config.migrating.call_command", run)
    return seen


def test_steps_are_djangos_own_and_relations_keep_their_setting(command):
    migrate()

    assert [(name, setting) for name, _threshold, setting in command] == [("migrate", "AUTH_USER_MODEL")]


def test_the_process_is_as_before(command):
    kept = gc.get_threshold()

    migrate()

    assert command[0][1] != kept
    assert gc.get_threshold() == kept
    assert "get_swappable_settings_name" not in vars(apps)


def test_the_process_is_as_before_when_a_step_fails(monkeypatch):
    kept = gc.get_threshold()
    monkeypatch.setattr("jiyue.config.migrating.call_command", lambda *_names, **_options: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        migrate()

    assert gc.get_threshold() == kept
    assert "get_swappable_settings_name" not in vars(apps)
