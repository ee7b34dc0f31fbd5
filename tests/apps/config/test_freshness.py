"""A second start skips what the first one prepared, and only then."""

import os

import pytest

from jiyue.config import freshness
from jiyue.foundation.home import Home


@pytest.fixture
def prepared_home(tmp_path):
    home = Home(tmp_path).prepare()
    home.database.touch()
    freshness.prepared(home, "setup")
    return home


def test_what_was_prepared_is_fresh(prepared_home):
    assert (freshness.is_fresh(prepared_home, "setup"), freshness.is_fresh(prepared_home, "demo-loader")) == (
        True,
        False,
    )


def test_what_was_forgotten_is_not(prepared_home):
    freshness.forget(prepared_home, "setup")
    assert not freshness.is_fresh(prepared_home, "setup")


def test_a_lost_database_is_prepared_again(prepared_home):
    prepared_home.database.unlink()
    assert not freshness.is_fresh(prepared_home, "setup")


def test_a_database_server_is_always_asked(prepared_home, monkeypatch):
    monkeypatch.setenv("JIYUE_DATABASE", "postgresql")
    assert not freshness.is_fresh(prepared_home, "setup")


def test_other_ports_are_told_again(prepared_home, monkeypatch):
    monkeypatch.setenv("JIYUE_PORTAL_PORT", "9999")
    assert not freshness.is_fresh(prepared_home, "setup")


def test_a_changed_migration_is_applied(prepared_home, monkeypatch, tmp_path):
    migration = tmp_path / "package" / "content" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    migration.touch()
    monkeypatch.setattr(freshness, "PACKAGE", tmp_path / "package")
    freshness.prepared(prepared_home, "setup")
    assert freshness.is_fresh(prepared_home, "setup")
    os.utime(migration, ns=(0, 0))
    assert not freshness.is_fresh(prepared_home, "setup")
