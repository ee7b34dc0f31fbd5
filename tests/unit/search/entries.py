"""Entries for tests of the engine, made of a title and what a test cares about."""

from jiyue.search.entries import Entry


def entry(number: int, title: str, **more) -> Entry:
    given = {
        "key": f"1:{number}", "site": 1, "address": f"/zwgk/2026/1121/{number}.html", "column": 12, "columns": (12, 10),
        "kind": "article", "title": title, "text": "", "published": 1_795_000_000 + number, "year": 2026,
    } | more  # fmt: skip
    return Entry(**given)
