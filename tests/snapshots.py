"""What stories start from is built through the actions once; each test then gets the same rows and copies of the objects.

Building two cities costs seven hundred queries and as many checks; putting their rows back is a dozen statements.
"""

import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic, TypeVar

from django.db import connection, transaction

T = TypeVar("T")


@dataclass(frozen=True)
class Snapshot(Generic[T]):
    """The rows that `build` added, by table, and what it returned. Its primary keys are the same in every test."""

    rows: dict[str, list]
    built: bytes

    @classmethod
    def of(cls, build: Callable[[], T]) -> "Snapshot[T]":
        """Build in a transaction that is undone. Raises ValueError when rows that were there before are changed."""
        with transaction.atomic():
            before, built, after = _rows(), pickle.dumps(build()), _rows()
            transaction.set_rollback(True)
        if changed := [table for table, rows in before.items() if set(rows) - set(after[table])]:
            raise ValueError(f"rows that were there before were changed in {changed}")
        added = {table: [row for row in rows if row not in set(before[table])] for table, rows in after.items()}
        return cls({table: rows for table, rows in added.items() if rows}, built)

    def put_back(self) -> T:
        """Insert the rows as they were; the database's own checks and triggers see them, signals and actions do not."""
        # In one transaction: the tables come in no order of who refers to whom, and that is asked at its end.
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self.rows.items():
                _WRITERS[connection.vendor](cursor, table, rows)
        return pickle.loads(self.built)  # noqa: S301 - written a moment ago by this process


_TAKEN: dict[Callable, tuple[Snapshot, TemporaryDirectory]] = {}


def once(build: Callable[[], T], *, home: Path) -> T:
    """What `build` makes of a database just migrated and an empty home; it runs for the first test of a process alone."""
    if build not in _TAKEN:
        _TAKEN[build] = Snapshot.of(build), TemporaryDirectory(prefix="jiyue-snapshot-")
        shutil.copytree(home, _TAKEN[build][1].name, symlinks=True, dirs_exist_ok=True)
    snapshot, files = _TAKEN[build]
    shutil.copytree(files.name, home, symlinks=True, dirs_exist_ok=True)
    return snapshot.put_back()


def _rows() -> dict[str, list]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        return {table: _READERS[connection.vendor](cursor, table) for table in tables}


def _read_sqlite(cursor, table: str) -> list[tuple]:
    return list(cursor.execute(f'select * from "{table}"').fetchall())  # noqa: S608 - a table of ours


def _write_sqlite(cursor, table: str, rows: list[tuple]) -> None:
    places = ", ".join(["%s"] * len(rows[0]))
    cursor.executemany(f'insert into "{table}" values ({places})', rows)  # noqa: S608 - a table of ours


def _read_postgresql(cursor, table: str) -> list[bytes]:
    with cursor.copy(f'copy "{table}" to stdout') as copy:
        return b"".join(map(bytes, copy)).splitlines(keepends=True)


def _write_postgresql(cursor, table: str, rows: list[bytes]) -> None:
    with cursor.copy(f'copy "{table}" from stdin') as copy:
        copy.write(b"".join(rows))


_READERS = {"sqlite": _read_sqlite, "postgresql": _read_postgresql}
_WRITERS = {"sqlite": _write_sqlite, "postgresql": _write_postgresql}
