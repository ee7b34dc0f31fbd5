"""Entries for tests of the engine, made of a title and what a test cares about."""

from jiyue.search.entries import Entry


def entry(serial: int, title: str, **more) -> Entry:
    given = {
        "key": f"1:{serial}", "site": 1, "address": f"/zwgk/2026/1121/{serial}.html", "column": 12, "columns": (12, 10),
        "kind": "article", "title": title, "text": "", "published": 1_795_000_000 + serial, "year": 2026,
    } | more  # fmt: skip
    return Entry(**given)
