"""PostgreSQL full text over the same tokens: for who runs that database anyway and wants no second store.

Tokens are made in Python, so the server needs no Chinese parser: arrays become `tsvector`s, GIN indexes find them.
"""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from jiyue.search.engines.base import EngineDown
from jiyue.search.entries import FACETS, LONGEST_TEXT, MANY, Entry, Found, Hits, Tokens
from jiyue.search.planning import Narrowed, Part, Plan

LOCK = 0x4A494C53  # names the only writer
MOST_GRAMS = 60_000  # a tsvector holds one megabyte
MOST_WORDS = 16_000  # positions that a tsvector counts
EACH_WORD = 200
TITLE_WORD, TEXT_WORD = "A", "D"
WEIGHTS = [0.1, 0.2, 0.4, 1.0]  # of D, C, B, A
WORD, WHOLE_TITLE, IN_TITLE, MEANT_IN_TITLE, NUMBER, SOUND = 6.0, 40.0, 12.0, 8.0, 60.0, 8.0
FREQUENCIES_FOR = 600.0  # seconds that the frequency of a word is believed
MOST_FREQUENCIES = 20_000
TABLES: LiteralString = """
CREATE TABLE IF NOT EXISTS search_entry (
    key text PRIMARY KEY, site integer NOT NULL, "column" integer NOT NULL, columns integer[] NOT NULL, kind text NOT NULL,
    year integer NOT NULL, issuer text[] NOT NULL, validity text NOT NULL, published bigint NOT NULL, exact text NOT NULL,
    numbers text[] NOT NULL, sounds text[] NOT NULL, grams tsvector NOT NULL, title_grams tsvector NOT NULL,
    words tsvector NOT NULL, card jsonb NOT NULL, body text NOT NULL, item_class text NOT NULL, theme text[] NOT NULL,
    audience text[] NOT NULL, event text[] NOT NULL
);
CREATE INDEX IF NOT EXISTS search_entry_grams ON search_entry USING gin (grams);
CREATE INDEX IF NOT EXISTS search_entry_title ON search_entry USING gin (title_grams);
CREATE INDEX IF NOT EXISTS search_entry_words ON search_entry USING gin (words);
CREATE INDEX IF NOT EXISTS search_entry_numbers ON search_entry USING gin (numbers);
CREATE INDEX IF NOT EXISTS search_entry_sounds ON search_entry USING gin (sounds);
CREATE INDEX IF NOT EXISTS search_entry_published ON search_entry (published DESC);
CREATE TABLE IF NOT EXISTS search_term (
    term text NOT NULL, key text NOT NULL REFERENCES search_entry ON DELETE CASCADE, PRIMARY KEY (term, key)
);
CREATE INDEX IF NOT EXISTS search_term_key ON search_term (key);
CREATE INDEX IF NOT EXISTS search_term_prefix ON search_term (term text_pattern_ops);
"""
# Tables of an earlier edition lack the column that came last.
IS_NEWEST: LiteralString = """
SELECT 1 FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = 'search_entry' AND column_name = 'event'
"""
PUT: LiteralString = """
INSERT INTO search_entry VALUES (%(key)s, %(site)s, %(column)s, %(columns)s, %(kind)s, %(year)s, %(issuer)s, %(validity)s,
    %(published)s, %(exact)s, %(numbers)s, %(sounds)s, array_to_tsvector(%(grams)s::text[]),
    array_to_tsvector(%(title_grams)s::text[]), %(words)s::tsvector, %(card)s, %(body)s, %(item_class)s, %(theme)s,
    %(audience)s, %(event)s)
"""


class PostgresqlEngine:
    """The index in tables of a PostgreSQL database, which are made at first use."""

    def __init__(self, connection: str = "") -> None:
        """`connection` is a libpq string; without one the variables PGHOST, PGDATABASE … count."""
        self.connection = connection
        self._reading: psycopg.Connection[Any] | None = None
        self._rarity: dict[str, float] = {}
        self._rarity_until = 0.0

    @contextmanager
    def writer(self) -> Iterator["PostgresqlWriter"]:
        try:
            connection = psycopg.connect(self.connection)
        except psycopg.Error as error:
            raise EngineDown(str(error)) from error
        with connection:
            [taken] = connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() or (False,)
            if not taken:
                raise EngineDown("another process writes")
            if not connection.execute(IS_NEWEST).fetchone():
                connection.execute("DROP TABLE IF EXISTS search_term, search_entry")  # the indexer finds it empty
            connection.execute(TABLES)
            connection.commit()
            yield PostgresqlWriter(connection)
            connection.rollback()

    def search(
        self,
        plan: Plan,
        narrowed: Narrowed,
        *,
        limit: int,
        offset: int = 0,
        by_date: bool = False,
        facets: bool = False,
    ) -> Hits:
        if plan.is_empty:
            return Hits(total=0, found=())
        matching, values = _matching(plan, narrowed)
        order, more = ("published", {}) if by_date else _score(plan, [self._rarity_of(word) for word in plan.words])
        values |= more | {"limit": limit, "offset": offset}
        statement = f"""
            SELECT card, body, {order} AS score, count(*) OVER () FROM search_entry
            WHERE {matching} ORDER BY score DESC, key LIMIT %(limit)s OFFSET %(offset)s
        """  # noqa: S608 - made of our own words; what was typed is in the values
        rows = self._rows(statement, values)
        found = tuple(Found(card=card, text=body, score=float(score)) for card, body, score, _total in rows)
        counts = self._facets(matching, values) if facets and rows else {}
        return Hits(total=rows[0][3] if rows else 0, found=found, facets=counts)

    def terms(self, prefix: str, *, limit: int) -> Sequence[tuple[str, int]]:
        statement = """
            SELECT term, count(*) FROM search_term WHERE term LIKE %(like)s GROUP BY term ORDER BY 2 DESC, 1 LIMIT %(limit)s
        """
        escaped = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return [(term, count) for term, count in self._rows(statement, {"like": f"{escaped}%", "limit": limit})]

    def every(self) -> Iterator[str]:
        yield from (key for [key] in self._rows("SELECT key FROM search_entry ORDER BY key", {}))

    @property
    def size(self) -> int:
        return int(self._rows("SELECT count(*) FROM search_entry", {})[0][0])

    def _rarity_of(self, word: str) -> float:
        """How much a word says: the fewer documents hold it, the more (the server itself does not weigh that)."""
        if time.monotonic() > self._rarity_until or len(self._rarity) > MOST_FREQUENCIES:
            self._rarity, self._rarity_until = {"": float(self.size)}, time.monotonic() + FREQUENCIES_FOR
        if word not in self._rarity:
            statement = "SELECT count(*) FROM search_entry WHERE words @@ %(word)s::tsquery"
            [[count]] = self._rows(statement, {"word": _quoted(word)})
            self._rarity[word] = math.log(1 + (self._rarity[""] - count + 0.5) / (count + 0.5))
        return self._rarity[word]

    def _facets(self, matching: str, values: dict[str, Any]) -> dict[str, tuple[tuple[str, int], ...]]:
        parts = [
            f"(SELECT '{facet}', {_facet(facet)}, count(*) FROM hit GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT 50)"  # noqa: S608
            for facet in FACETS
        ]
        hits = f"WITH hit AS MATERIALIZED (SELECT * FROM search_entry WHERE {matching})"  # noqa: S608 - as above
        statement = f"{hits} {' UNION ALL '.join(parts)}"
        counts: dict[str, list[tuple[str, int]]] = {facet: [] for facet in FACETS}
        for facet, value, count in self._rows(statement, values):
            if value is not None:
                counts[facet].append((value, count))
        return {facet: tuple(found) for facet, found in counts.items()}

    def _rows(self, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """One statement; a connection that was lost is opened anew once."""
        for last in (False, True):
            try:
                if self._reading is None or self._reading.closed:
                    self._reading = psycopg.connect(self.connection, autocommit=True)
                return self._reading.execute(statement, values).fetchall()
            except psycopg.errors.UndefinedTable as error:
                raise EngineDown(str(error)) from error
            except psycopg.Error as error:
                self.close()
                if last:
                    raise EngineDown(str(error)) from error
        return []

    def close(self) -> None:
        """Let go of the connection that reads; the next question opens another."""
        if self._reading is not None:
            self._reading.close()
            self._reading = None


class PostgresqlWriter:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def put(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.remove([entry.key])
            row = _row(entry)
            with self._connection.cursor() as cursor:
                cursor.execute(PUT, row)
                statement = "INSERT INTO search_term SELECT unnest(%s::text[]), %s"
                cursor.execute(statement, [row["terms"], entry.key])

    def remove(self, keys: Iterable[str]) -> None:
        self._connection.execute("DELETE FROM search_entry WHERE key = ANY(%s)", [list(keys)])

    def clear(self) -> None:
        self._connection.execute("DELETE FROM search_entry")

    def commit(self) -> None:
        self._connection.commit()


def _row(entry: Entry) -> dict[str, Any]:
    tokens = Tokens.of(entry)
    return {
        "key": entry.key, "site": entry.site, "column": entry.column, "columns": list(entry.columns), "kind": entry.kind,
        "year": entry.year, "issuer": list(entry.issuers), "validity": entry.validity or "none",
        "published": entry.published, "exact": tokens.exact, "numbers": tokens.numbers, "sounds": tokens.sounds,
        "grams": tokens.grams[:MOST_GRAMS], "title_grams": tokens.title_grams, "terms": list(set(tokens.terms)),
        "words": _weighted(tokens.title_words, tokens.words), "card": Jsonb(entry.card),
        "body": entry.whole_text[:LONGEST_TEXT], "item_class": entry.item_class, "theme": list(entry.themes),
        "audience": list(entry.audiences), "event": list(entry.events),
    }  # fmt: skip


def _weighted(title: Sequence[str], text: Sequence[str]) -> str:
    """Words with places and weights, as a tsvector is written."""
    places: dict[str, list[str]] = {}
    for place, (word, weight) in enumerate([*((w, TITLE_WORD) for w in title), *((w, TEXT_WORD) for w in text)], 1):
        at = places.setdefault(word, [])
        if place < MOST_WORDS and len(at) < EACH_WORD:
            at.append(f"{place}{weight}")
    return " ".join(f"{_quoted(word)}:{','.join(at)}" if at else _quoted(word) for word, at in places.items())


def _matching(plan: Plan, narrowed: Narrowed) -> tuple[str, dict[str, Any]]:
    """The condition of a plan with its values."""
    values: dict[str, Any] = {}
    ways = []
    for number, sounds in enumerate(plan.sounds):
        values[f"sounds{number}"] = list(sounds)
        ways.append(f"sounds @> %(sounds{number})s::text[]")
    for number, spellings in enumerate(plan.numbers):
        values[f"numbers{number}"] = list(spellings)
        ways.append(f"numbers && %(numbers{number})s::text[]")
    if plan.parts:
        field = "title_grams" if plan.in_titles else "grams"
        parts = [_part(part) for part in plan.parts]
        values["all"] = " & ".join(parts) if plan.least is None else " | ".join(parts)
        enough = [f"{field} @@ %(all)s::tsquery"]
        if plan.least is not None and plan.least > 1:
            values |= {f"part{number}": part for number, part in enumerate(parts)}
            each = " + ".join(f"({field} @@ %(part{number})s::tsquery)::integer" for number in range(len(parts)))
            enough.append(f"{each} >= {plan.least}")
        ways.append(f"({' AND '.join(enough)})")
    demands = ["TRUE" if plan.everything else f"({' OR '.join(ways)})"]
    if narrowed.sites is not None:
        values["sites"] = list(narrowed.sites)
        demands.append("site = ANY(%(sites)s)")
    for facet, value in narrowed.facets.items():
        values[f"facet_{facet}"] = int(value) if facet in ("site", "column", "year") else value
        demands.append(_chosen(facet))
    if narrowed.since is not None:
        values["since"] = narrowed.since
        demands.append("published >= %(since)s")
    return " AND ".join(demands), values


def _score(plan: Plan, rarities: Sequence[float]) -> tuple[str, dict[str, Any]]:
    """The same signs of a good answer as those of the embedded engine."""
    values: dict[str, Any] = {"exact": plan.exact, "weights": WEIGHTS}
    signs = [f"(exact = %(exact)s)::integer * {WHOLE_TITLE}"]
    for number, (word, rarity) in enumerate(zip(plan.words, rarities, strict=True)):
        values[f"word{number}"] = _quoted(word)
        rank = f"ts_rank(%(weights)s::real[], words, %(word{number})s::tsquery, 1)"
        signs.append(f"{rank} * {WORD * max(0.0, rarity):.4f}")
    if plan.title:
        values["title"] = " & ".join(_quoted(gram) for gram in plan.title)
        signs.append(f"(title_grams @@ %(title)s::tsquery)::integer * {IN_TITLE}")
    if plan.parts:
        signs.append(f"(title_grams @@ %(all)s::tsquery)::integer * {MEANT_IN_TITLE}")
    signs += [f"(numbers && %(numbers{number})s::text[])::integer * {NUMBER}" for number in range(len(plan.numbers))]
    signs += [f"(sounds @> %(sounds{number})s::text[])::integer * {SOUND}" for number in range(len(plan.sounds))]
    return " + ".join(signs), values


def _part(part: Part) -> str:
    ways = (" & ".join(_quoted(gram) for gram in way) for way in part.ways)
    return "(" + " | ".join(f"({way})" for way in ways) + ")"


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _facet(facet: str) -> str:
    if facet in MANY:
        return f'unnest("{facet}")'
    return "NULLIF(item_class, '')" if facet == "item_class" else f'"{facet}"::text'


def _chosen(facet: str) -> str:
    if facet in MANY or facet == "column":
        return f"%(facet_{facet})s = ANY({'columns' if facet == 'column' else facet})"
    return f'"{facet}" = %(facet_{facet})s'
