"""The database of a test run: migrated once, copied for every worker, put back after tests that emptied it.

Migrating takes longer than hundreds of tests. What it leaves behind is kept under a name made of everything that it is
made from: another worker and the next run copy it, and a changed migration makes another.
"""

import fcntl
import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
import wagtail
from django.apps import apps
from django.conf import settings
from django.db import connection

from jiyue.config.migrating import migrate
from jiyue.foundation import append_only

# Beside the migrations themselves: the code that they call.
CALLED = (append_only.__file__,)


def migrations_digest() -> str:
    """Of every migration and of what they stand on; names the database that they make."""
    folders = (Path(app.path) / "migrations" for app in apps.get_app_configs())
    digest = hashlib.sha256(f"{django.__version__} {wagtail.__version__}".encode())
    for file in (*sorted(file for folder in folders for file in folder.glob("*.py")), *map(Path, CALLED)):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


class SQLite:
    """A file of this process, as the product has one, filled from a file that lies in `folder` from run to run.

    Not in memory, where Django shares one connection among threads and SQLite locks whole tables at once: a server in a
    browser test would answer 500 where the product waits its turn.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / f"{migrations_digest()}.sqlite3"
        self.own = Path(tempfile.mkdtemp(prefix="jiyue-database-"))
        connection.settings_dict["TEST"]["NAME"] = str(self.own / "test.sqlite3")

    def open(self) -> None:
        """Connect Django to a migrated database of this process alone."""
        _connect()
        with _one_at_a_time(self.folder):
            if not self.file.exists():
                self.make()
        self.refill()

    def make(self) -> None:
        """Migrate, and keep the result instead of an older one."""
        migrate()
        for stale in self.folder.glob("*.sqlite3*"):
            stale.unlink()
        part = self.file.with_suffix(".sqlite3-part")
        with closing(sqlite3.connect(part)) as kept:
            connection.connection.backup(kept)
        part.rename(self.file)

    def refill(self) -> None:
        """Everything as the migrations left it."""
        connection.ensure_connection()
        with closing(sqlite3.connect(self.file)) as kept:
            kept.backup(connection.connection)

    def found(self, home: Path) -> dict[str, str]:
        """Give a home a migrated database of its own; returns the environment of programs that are to run there."""
        home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.file, home / "db.sqlite3")
        return {"JIYUE_HOME": str(home), "JIYUE_DATABASE": "sqlite"}

    def close(self) -> None:
        """Nothing of it is wanted again."""
        connection.close()
        shutil.rmtree(self.own)


class PostgreSQL:
    """A database per process, copied from a template that lives as long as the cluster."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.template = folder, f"jiyue_migrated_{migrations_digest()}"
        self.test = connection.settings_dict["TEST"]
        # Workers are given names by pytest-django; one process alone takes Django's own.
        self.test["NAME"] = self.test["NAME"] or f"test_{connection.settings_dict['NAME']}"
        self.made: list[str] = []  # databases of homes

    def open(self) -> None:
        """Connect Django to a migrated database of this process alone."""
        with _one_at_a_time(self.folder):
            self.make()
        self.test["TEMPLATE"] = self.template
        self.connect()

    def make(self) -> None:
        """Migrate a template, unless the cluster has one with these migrations."""
        if _administer("select 1 from pg_database where datname = %s", self.template):
            return
        wanted, self.test["NAME"] = self.test["NAME"], f"{self.template}_part"
        _connect()
        migrate()
        connection.close()
        _administer(f'alter database "{self.template}_part" rename to "{self.template}"')
        self.test["NAME"] = wanted

    def refill(self) -> None:
        """Everything as the migrations left it; only the sequences go on, as they do after a transaction undone."""
        with connection.cursor() as cursor:
            cursor.execute("select sequencename, last_value from pg_sequences where last_value is not null")
            reached = cursor.fetchall()
        self.drop()
        self.connect()
        with connection.cursor() as cursor:
            cursor.executemany("select setval(%s, %s)", [(f'"{name}"', value) for name, value in reached])

    def found(self, home: Path) -> dict[str, str]:
        """Give a home a migrated database of its own; returns the environment of programs that are to run there."""
        self.made.append(f"{self.test['NAME']}_home{len(self.made)}")
        with _one_at_a_time(self.folder):
            _administer(f'create database "{self.made[-1]}" template "{self.template}"')
        return {"JIYUE_HOME": str(home), "JIYUE_PG_NAME": self.made[-1]}

    def close(self) -> None:
        """Drop it, and those of homes."""
        self.drop()
        for name in self.made:
            _administer(f'drop database if exists "{name}" with (force)')

    def connect(self) -> None:
        """A template is copied for one at a time, or PostgreSQL refuses: it is "being accessed by other users"."""
        with _one_at_a_time(self.folder):
            _connect()

    def drop(self) -> None:
        connection.close()
        _administer(f'drop database "{self.test["NAME"]}"')


def migrated(folder: Path) -> SQLite | PostgreSQL:
    """The test database of whichever kind the settings name."""
    folder.mkdir(parents=True, exist_ok=True)
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor](folder)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """The first worker migrates, the others wait and copy."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _connect() -> None:
    """Make an empty test database, or a copy of the template, and use it from now on."""
    name = connection.creation._create_test_db(verbosity=0, autoclobber=True)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def _administer(statement: str, *values: str) -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.description is not None and cursor.fetchone() is not None
