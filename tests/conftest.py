"""What every test may ask for: a home of its own, the clock, the cast."""

import gc
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from django.db import connection
from django.utils import translation

from jiyue.foundation.home import Home
from tests.cast import Cast, build_cast
from tests.clock import NOW
from tests.databases import migrated
from tests.dealing import dealt
from tests.snapshots import Snapshot

DATABASE = pytest.StashKey()
UNBLOCK = pytest.StashKey()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leaves out what the other database proves, and deals the rest to the workers."""
    if connection.vendor != "postgresql":
        elsewhere = [item for item in items if item.get_closest_marker("postgresql")]
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    if hasattr(config, "workerinput"):
        items[:] = dealt(items, workers=config.workerinput["workercount"])


def pytest_collection_finish():
    """What was imported and collected stays to the end: the collector of garbage need not look through it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker, pytestconfig):
    """Takes the place of pytest-django's own, which migrates in every worker."""
    database = pytestconfig.stash[DATABASE] = migrated(pytestconfig.rootpath / ".pytest_cache" / "migrated")
    with django_db_blocker.unblock():
        database.open()
    pytestconfig.stash[UNBLOCK] = django_db_blocker.unblock
    yield
    with django_db_blocker.unblock():
        database.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test with transactions of its own leaves empty tables; the next one needs the rows that migrations made."""
    yield
    marker = item.get_closest_marker("django_db")
    emptied = (marker and marker.kwargs.get("transaction")) or "transactional_db" in item.fixturenames
    if emptied and nextitem is not None:  # after the last one the database is gone
        with item.config.stash[UNBLOCK]():
            item.config.stash[DATABASE].refill()


# How long an example takes is the machine's business (design 12: no timed tests).
hypothesis.settings.register_profile("jiyue", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("jiyue")


@pytest.fixture(scope="session")
def found(django_db_setup, django_db_blocker, pytestconfig) -> Callable[[Path], dict[str, str]]:
    """A migrated database for a home in which programs of their own run; gives the environment that they need."""

    def make(home: Path) -> dict[str, str]:
        Home(home).prepare()
        with django_db_blocker.unblock():
            return pytestconfig.stash[DATABASE].found(home)

    return make


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    """Each test has its own JIYUE_HOME; nothing is shared between two."""
    settings.JIYUE_HOME = tmp_path / "home"
    settings.MEDIA_ROOT = tmp_path / "home" / "uploads"
    return settings.JIYUE_HOME


@pytest.fixture(autouse=True)
def chinese():
    """Whatever language the test before spoke: the next begins as a process does."""
    translation.deactivate()


@pytest.fixture
def now():
    """The moment at which the tests' city lives (aware, Asia/Shanghai 2026-11-21 09:30)."""
    return NOW


@pytest.fixture(scope="session")
def first_cast(django_db_setup, django_db_blocker) -> Snapshot[Cast]:
    """The cast as it was built; the only time in a run."""
    with django_db_blocker.unblock():
        return Snapshot.of(partial(build_cast, now=NOW))


@pytest.fixture
def cast(first_cast, db) -> Cast:
    """One cast for all: two sites with their people, an operator, a supervisor, an auditor, an overseer."""
    return first_cast.put_back()


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
