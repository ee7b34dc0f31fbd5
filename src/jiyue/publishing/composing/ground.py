"""What all pages of a site have in common: address, column, trail, feeds."""

from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

from jiyue.publishing import pages
from jiyue.publishing.frame import Link
from jiyue.publishing.framing import CHANNEL_KEYS, address_of_column
from jiyue.publishing.pages import Crumb, ListBlock
from jiyue.publishing.reading import Reader

SHORT_LIST = 5
FEED_NAMES = {"rss": "rss.xml", "atom": "atom.xml"}


def ground(
    reader: Reader, title: str, address: str, column: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """What every page of the site is made with, by the field names of `pages.Page`."""
    return {
        "frame": reader.frame,
        "title": title,
        "address": address,
        "canonical": reader.frame.origin + address,
        "column": facts_of(reader, column) if column else None,
        "crumbs": tuple(crumbs_of(reader, column)) if column else (),
        "feeds": tuple(_feeds(reader, column)),
        "description": (column or {}).get("description", ""),
        **more,
    }


def facts_of(reader: Reader, column: dict[str, Any]) -> pages.ColumnFacts:
    return pages.ColumnFacts(
        name=column["name"],
        address=address_of_column(column),
        description=column["description"],
        keywords=tuple(column["keywords"]) or (column["name"],),
        kinds=(column["name"],),
        channel=CHANNEL_KEYS[column["channel"]],
        keeper=column["responsible"],
    )


def crumbs_of(reader: Reader, column: dict[str, Any]) -> list[Crumb]:
    chain = []
    at: dict[str, Any] | None = column
    while at is not None:
        chain.append(Crumb(title=at["name"], address=address_of_column(at)))
        at = reader.columns.get(at["parent"]) if at["parent"] else None
    return chain[::-1]


def _feeds(reader: Reader, column: dict[str, Any] | None) -> list[Link]:
    if column is None:
        return [Link(title=reader.frame.name, address=f"/{name}") for name in FEED_NAMES.values()]
    return [Link(title=column["name"], address=address_of_column(column) + name) for name in FEED_NAMES.values()]


def block_of(reader: Reader, column: dict[str, Any]) -> ListBlock:
    items = tuple(reader.newest(column, SHORT_LIST))
    return ListBlock(title=column["name"], address=address_of_column(column), items=items)


def columns_of_kind(reader: Reader, kind: str) -> list[dict[str, Any]]:
    return [column for column in reader.open_columns() if column["kind"] == kind]


def day(text: str | None) -> date | None:
    return parse_date(text) if text else None
