"""The rows of one site and its people: are they still what they were, and does anybody else's row point at them?"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from django.db import connection
from django.db.models import ForeignKey, Model, Q, QuerySet
from wagtail.models import ModelLogEntry, Revision

from jiyue.content.models import PermittedSource, Record
from jiyue.estate.models import Site
from jiyue.foundation.models import AuditEvent
from jiyue.identity.models import Organisation, User
from tests.contracts.tenancy import SITE, models_of_ours, scope_of

WRITES = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
# Wagtail's own of records, which they name by a key written as a text.
BY_KEY = frozenset({Revision, ModelLogEntry})
# Links that may lead to another site's row, and why that is no leak.
MAY_CROSS = {
    "content.Placement.record": "taking over: the record stays its origin's, and was signed off for everybody",
    "estate.Site.superior_site": "which site stands above is set by the operator and printed on every page",
    "review.UnitConsent.unit": "another unit's consent is what is asked; it is named, and neither told nor shown anything",
}


def number_apart(start: int) -> None:
    """Let every table count from `start` on, so that a key of the next tenant is nobody else's key of anything."""
    for model in models_of_ours():
        table = model._meta.db_table
        if model._meta.auto_field is None or model._meta.auto_field.model is not model:
            continue
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("delete from sqlite_sequence where name=%s", [table])
                cursor.execute("insert into sqlite_sequence (name, seq) values (%s, %s)", [table, start - 1])
            else:
                cursor.execute("select setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, start])


@contextmanager
def tables_written() -> Iterator[set[str]]:
    """The names of the tables that statements of this block wrote to."""
    written: set[str] = set()

    def watch(execute, statement, parameters, many, context):
        found = WRITES.match(statement)
        if found:
            written.add(found[1])
        return execute(statement, parameters, many, context)

    with connection.execute_wrapper(watch):
        yield written


@dataclass
class Foreign:
    """What belongs to one site: every row of every table, as it was when this was made."""

    site: Site
    before: dict[str, frozenset] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.before = {table: self._rows(rows) for table, rows in self._all().items()}

    def changed(self, tables: set[str]) -> set[str]:
        """Those of `tables` in which a row of this site is not as it was, is gone, or is new."""
        return {table for table, rows in self._all(tables).items() if self._rows(rows) != self.before[table]}

    def pointed_at(self, tables: set[str]) -> set[str]:
        """Links of rows in `tables` that lead from another site's row to one of this site's."""
        models = [model for model in models_of_ours() if model._meta.db_table in tables]
        links = [(model, link) for model in models for link in _links(model)]
        return {_name(model, link) for model, link in links if self._crosses(model, link)}

    def _crosses(self, model: type[Model], link) -> bool:
        target = self._of(link.related_model)
        if target is None or _name(model, link) in MAY_CROSS:
            return False
        mine = self._of(model)
        rows = model._base_manager.filter(**{f"{link.name}__in": target.values("pk")})
        return (rows.exclude(pk__in=mine.values("pk")) if mine is not None else rows).exists()

    def _all(self, tables: set[str] | None = None) -> dict[str, QuerySet]:
        """The rows of this site, by table: of all that have some, or of `tables` alone."""
        models = {*models_of_ours(), *BY_KEY}
        wanted = {model for model in models if tables is None or model._meta.db_table in tables}
        found = {model._meta.db_table: self._watched(model) for model in wanted}
        return {table: rows for table, rows in found.items() if rows is not None}

    def _watched(self, model: type[Model]) -> QuerySet | None:
        """As `_of`, and what is this site's by a name or a key that is no link."""
        if model is AuditEvent:
            return AuditEvent.objects.filter(site=self.site.host)
        if model in BY_KEY:
            records = Record.objects.filter(site=self.site).values_list("pk", flat=True)
            return model.objects.filter(object_id__in=[str(pk) for pk in records])
        return self._of(model)

    def _of(self, model: type[Model]) -> QuerySet | None:
        """The rows of a model that are this site's; None when its rows are nobody's."""
        rows, owner = model._base_manager, self.site.owner_id
        if model is Organisation:
            return rows.filter(pk=owner)
        if model is PermittedSource:  # of a unit; only an exception names a record
            return rows.filter(organisation=owner)
        if model is User:
            return rows.filter(organisation=owner)
        path = scope_of(model)
        if path is None:
            return None
        if model._meta.label == SITE:
            return rows.filter(pk=self.site.pk)
        return rows.filter(Q(**{path: self.site.pk if _ends_at_site(model, path) else owner}))

    def _rows(self, rows: QuerySet) -> frozenset:
        names = [column.attname for column in rows.model._meta.concrete_fields]
        statement, parameters = rows.order_by().values_list(*names).query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return frozenset(map(repr, cursor.fetchall()))


@cache
def _ends_at_site(model: type[Model], path: str) -> bool:
    for step in path.split("__"):
        model = model._meta.get_field(step).related_model
    return model is Site


@cache
def _links(model: type[Model]) -> list:
    return [
        link for link in model._meta.get_fields()
        if isinstance(link, ForeignKey) and link.concrete and link.related_model.__module__.startswith("jiyue.")
    ]  # fmt: skip


def _name(model: type[Model], link) -> str:
    return f"{model._meta.label}.{link.name}"
