"""What every test may ask for: a home of its own, the clock, the cast."""

import os

import pytest

from tests.cast import Cast, build_cast
from tests.clock import NOW


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    """Each test has its own JIYUE_HOME; nothing is shared between two."""
    settings.JIYUE_HOME = tmp_path / "home"
    settings.MEDIA_ROOT = tmp_path / "home" / "uploads"
    return settings.JIYUE_HOME


@pytest.fixture
def now():
    """The moment at which the tests' city lives (aware, Asia/Shanghai 2026-11-21 09:30)."""
    return NOW


@pytest.fixture
def cast(db) -> Cast:
    """One cast for all: two sites with their people, an operator, a supervisor, an auditor, an overseer."""
    return build_cast(now=NOW)


@pytest.fixture
def sign_in(client):
    """Sign a person in to the console; gives the client, which stays hers until the next call."""

    def enter(person):
        client.force_login(person, backend="jiyue.identity.backends.AccountBackend")
        return client

    return enter


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Nothing may be skipped in CI: what is missing there has to be installed (design 12)."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped in CI: {report.longrepr}"
    return report
