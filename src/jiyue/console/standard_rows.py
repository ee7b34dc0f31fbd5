"""A standard as rows for people: field, type, what is asked by the platform and by units."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jiyue.rules.local_standards import schema_of_row
from jiyue.rules.models import LocalStandard
from jiyue.rules.standards import Edition
from jiyue.rules.standards.demands import Demand, demands_of, fields_of
from jiyue.rules.standards.validating import Schema
from jiyue.rules.standards.wording import TYPES

MOST_VALUES = 40


@dataclass(frozen=True)
class FieldRow:
    name: str
    title: str
    type: str
    asked: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    more: tuple[tuple[LocalStandard, str], ...] = ()


def rows_of(edition: Edition, additions: Iterable[LocalStandard] = ()) -> list[FieldRow]:
    """All fields, inner ones after their outer one, with what units ask beyond."""
    asked = [(row, demands_of(row.demands, edition.schema)) for row in additions]
    more = {
        name: tuple((row, words_of(demands[name])) for row, demands in asked if name in demands)
        for name in fields_of(edition.schema)
    }
    return list(_rows(edition.schema, more))


def _rows(schema: Schema, more: dict[str, Any], prefix: str = "") -> Iterator[FieldRow]:
    needed = schema.get("required", ())
    for name, part in schema.get("properties", {}).items():
        own = prefix + name
        yield FieldRow(
            own,
            part.get("title", ""),
            _type(part),
            tuple(_asked(part, name in needed)),
            _values(part),
            more.get(own, ()),
        )
        inner = part if part.get("properties") else part.get("items", {})
        if inner.get("properties"):
            yield from _rows(inner, more, f"{own}{'[]' if 'items' in part else ''}.")


def _type(part: Schema) -> str:
    types = part.get("type", "string")
    return "、".join(TYPES[name] for name in ([types] if isinstance(types, str) else types) if name != "null")


def _asked(part: Schema, needed: bool) -> Iterator[str]:
    if needed:
        yield _("必有")
    if part.get("minLength"):
        yield _("不能为空")
    if "maxLength" in part and "enum" not in part:
        yield _("最多 %(n)s 字") % {"n": part["maxLength"]}
    if part.get("x-says"):
        yield part["x-says"]


def _values(part: Schema) -> tuple[tuple[str, str], ...]:
    names = part.get("x-names", {})
    return tuple((code, str(names.get(code, ""))) for code in part.get("enum", ()) if code)[:MOST_VALUES]


def words_of(demand: Demand) -> str:
    """What a unit asks of one field, in words."""
    parts = [_("必填")] if demand.filled else []
    if demand.longest is not None:
        parts.append(_("最多 %(n)s 字") % {"n": demand.longest})
    if demand.allowed:
        parts.append(_("只能是：%(values)s") % {"values": "、".join(demand.allowed)})
    return "；".join(parts)


def demand_rows(row: LocalStandard, edition: Edition) -> list[tuple[str, str]]:
    """Field and demand of one proposal, in words."""
    fields = fields_of(edition.schema)
    return [
        (fields[name].get("title", name), words_of(demand))
        for name, demand in demands_of(row.demands, edition.schema).items()
    ]


def as_json(edition: Edition, row: LocalStandard | None) -> dict[str, Any]:
    """The schema as a file: the shipped edition, or what a unit asks beyond it."""
    if row is None:
        return {**edition.schema, "version": edition.since.isoformat()}
    return {"title": edition.title, "version": row.from_on.isoformat(), "allOf": edition.words, **schema_of_row(row)}
