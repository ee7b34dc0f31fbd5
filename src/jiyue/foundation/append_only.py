"""The database's own refusal to change or delete rows that are written once.

`AppendOnlyModel` says it to the ORM; these triggers say it to plain SQL, `dumpdata` detours and a careless operator.
They are a fence, not the proof: who owns the database can drop a trigger, and then the seals and chains still tell.

A migration that rebuilds a protected table on SQLite loses its triggers: begin it with `protected_before(table)` and end
it with `protect(table)`. A contract test compares every append-only model with the triggers that are really there. Tests
that must empty or forge such a table do so inside `lifted()`; the `flush` command does the same where the settings allow it
(test settings only).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, migrations, router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState, StateApps

from jiyue.foundation.models import AppendOnlyModel

SENTENCE = "rows of this table are written once"
_POSTGRESQL_FUNCTION = f"""
create or replace function jiyue_append_only() returns trigger language plpgsql as $$
begin raise exception '{SENTENCE}: %', tg_table_name; end $$
"""


class WithoutModels(migrations.RunPython):
    """A step whose code is shown none of the models of that moment: to draw all of them takes most of a second."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label, **self.hints):
            self.code(StateApps([], {}), schema_editor)


def protect(table: str) -> WithoutModels:
    """A migration step: from now on the database refuses UPDATE, DELETE (and TRUNCATE on PostgreSQL) on `table`."""

    def forwards(_apps, editor: BaseDatabaseSchemaEditor) -> None:
        _run(editor, _installing(table, editor.connection.vendor))

    def backwards(_apps, editor: BaseDatabaseSchemaEditor) -> None:
        _run(editor, _removing(table, editor.connection.vendor))

    return WithoutModels(forwards, backwards, elidable=False)


def protected_before(table: str) -> WithoutModels:
    """The other half of a second `protect(table)`, as the first step of its migration: rolled back, that rebuilds the table
    too and takes its triggers away, and then this puts back those of the migrations before.
    """

    def backwards(_apps, editor: BaseDatabaseSchemaEditor) -> None:
        _run(editor, _installing(table, editor.connection.vendor))

    return WithoutModels(migrations.RunPython.noop, backwards, elidable=False)


def protected_tables() -> list[str]:
    """The tables of all append-only models."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnlyModel))


@contextmanager
def lifted() -> Iterator[None]:
    """Without the triggers for a moment, for tests alone. Puts them back whatever happens inside."""
    tables, vendor = protected_tables(), connection.vendor
    _execute([sql for table in tables for sql in _removing(table, vendor)])
    try:
        yield
    finally:
        _execute([sql for table in tables for sql in _installing(table, vendor)])


def trigger_names(table: str, vendor: str) -> list[str]:
    """What `protect` installs on a table."""
    events = ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete")
    return [f"{table}_no_{event}" for event in events]


def _installing(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        rows = [_postgresql(table, event, "row") for event in ("update", "delete")]
        return [_POSTGRESQL_FUNCTION, *rows, _postgresql(table, "truncate", "statement")]
    return [
        f'create trigger if not exists "{table}_no_{event}" before {event} on "{table}" '
        f"begin select raise(abort, '{SENTENCE}: {table}'); end"
        for event in ("update", "delete")
    ]


def _postgresql(table: str, event: str, each: str) -> str:
    return (
        f'create or replace trigger "{table}_no_{event}" before {event} on "{table}" '
        f"for each {each} execute function jiyue_append_only()"
    )


def _removing(table: str, vendor: str) -> list[str]:
    of_table = f' on "{table}"' if vendor == "postgresql" else ""
    return [f'drop trigger if exists "{name}"{of_table}' for name in trigger_names(table, vendor)]


def _run(editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    for statement in statements:
        editor.execute(statement, params=None)


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
