"""The embedded engine: tantivy in a folder of JIYUE_HOME. One process writes, any number of processes read.

Each field holds tokens that were made in Python and are parted by spaces, so that every engine finds the same.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query

from jiyue.search.engines.base import EngineDown
from jiyue.search.entries import FACETS, LONGEST_TEXT, Entry, Found, Hits, Tokens
from jiyue.search.planning import Narrowed, Part, Plan

EDITION = "2"  # of the schema; a folder of another edition is left alone and a new one is filled
HEAP = 15_000_000  # bytes the writer gathers before it writes a segment
LIST_FIELDS = ("grams", "title_grams", "words", "title_words", "numbers", "sounds", "terms")
NUMBERS = ("site", "column", "columns", "year")
TEXTS = tuple(facet for facet in FACETS if facet not in NUMBERS)
BUCKETS = 50
# How much each sign of a good answer counts, in units of one well fitting word of the text.
TITLE_WORD, WHOLE_TITLE, IN_TITLE, MEANT_IN_TITLE, NUMBER, SOUND, TYPED = 2.5, 40.0, 12.0, 8.0, 60.0, 8.0, 0.4


def schema() -> tantivy.Schema:
    made = tantivy.SchemaBuilder()
    made.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("grams", "title_grams", "numbers", "sounds", "terms"):
        made.add_text_field(name, tokenizer_name="tokens", index_option="basic")
    for name in ("words", "title_words"):
        made.add_text_field(name, tokenizer_name="tokens", index_option="freq")
    for name in ("exact", *TEXTS):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name != "exact")
    for name in NUMBERS:
        made.add_unsigned_field(name, indexed=True, fast=True)
    made.add_integer_field("published", indexed=True, fast=True)
    made.add_text_field("card", stored=True, tokenizer_name="raw", index_option="basic")
    made.add_text_field("text", stored=True, tokenizer_name="raw", index_option="basic")
    return made.build()


class EmbeddedEngine:
    """The index in one folder. Opens it at first use; a reader sees each commit at its next question."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / f"tantivy-{EDITION}"
        self._index: tantivy.Index | None = None
        self._seen: tuple[int, int] = (0, 0)

    # ---- writing -------------------------------------------------------------------------------------------------

    @contextmanager
    def writer(self) -> Iterator["EmbeddedWriter"]:
        """Raises EngineDown when another process writes."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        try:
            index = self._open()
            writer = index.writer(HEAP, 1)
        except ValueError as error:
            raise EngineDown(str(error)) from error
        made = EmbeddedWriter(writer, index.schema)
        try:
            yield made
        finally:
            made.close()

    def destroy(self) -> None:
        """Take the folder away; only while nobody writes."""
        self._index = None
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- reading -------------------------------------------------------------------------------------------------

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
        index, searcher = self._searcher()
        asking = _Asking(index.schema)
        matching = asking.narrowed(asking.matching(plan), narrowed)
        if by_date:
            result = searcher.search(matching, limit, offset=offset, order_by_field="published")
        else:
            result = searcher.search(asking.ranked(matching, plan), limit, offset=offset)
        found = tuple(_found(searcher.doc(address), float(score)) for score, address in result.hits)
        total: int = result.count  # type: ignore[attr-defined]  # the stub of tantivy does not know it
        return Hits(total=total, found=found, facets=_facets(searcher, matching) if facets and total else {})

    def terms(self, prefix: str, *, limit: int) -> Sequence[tuple[str, int]]:
        _index, searcher = self._searcher()
        return [(term, int(count)) for term, count in searcher.terms_with_prefix("terms", prefix, limit=limit)]

    def every(self) -> Iterator[str]:
        _index, searcher = self._searcher()
        yield from (key for key, _count in searcher.terms_with_prefix("key", ""))

    @property
    def size(self) -> int:
        _index, searcher = self._searcher()
        return int(searcher.num_docs)

    def _searcher(self) -> tuple[tantivy.Index, tantivy.Searcher]:
        if not (self.folder / "meta.json").exists():
            raise EngineDown(f"{self.folder}: no index")
        index = self._open()
        facts = (self.folder / "meta.json").stat()
        now = (facts.st_mtime_ns, facts.st_ino)
        if now != self._seen:
            # Asked before the reload: a commit in between is seen with the next question, never missed.
            index.reload()
            self._seen = now
        return index, index.searcher()

    def _open(self) -> tantivy.Index:
        if self._index is None:
            try:
                self._index = tantivy.Index(schema(), path=str(self.folder), reuse=True)
            except (ValueError, OSError) as error:
                raise EngineDown(f"{self.folder}: {error}") from error
            tokens = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            self._index.register_tokenizer("tokens", tokens)
            self._index.config_reader("manual")
        return self._index


class EmbeddedWriter:
    """Add, remove, commit."""

    def __init__(self, writer: tantivy.IndexWriter, schema: tantivy.Schema) -> None:
        self._writer = writer
        self._schema = schema

    def put(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._writer.delete_documents_by_term("key", entry.key)
            self._writer.add_document(_document(entry))

    def remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._writer.delete_documents_by_term("key", key)

    def clear(self) -> None:
        self._writer.delete_all_documents()

    def commit(self) -> None:
        self._writer.commit()

    def close(self) -> None:
        """Let go of the lock after the merges that are under way."""
        self._writer.rollback()
        self._writer.wait_merging_threads()


def _document(entry: Entry) -> tantivy.Document:
    tokens = Tokens.of(entry)
    made = tantivy.Document()
    made.add_text("key", entry.key)
    for name in LIST_FIELDS:
        made.add_text(name, " ".join(getattr(tokens, name)))
    made.add_text("exact", tokens.exact)
    for facet in TEXTS:
        for said in entry.values(facet):
            made.add_text(facet, said)
    for column in entry.columns:
        made.add_unsigned("columns", column)
    for name, value in (("site", entry.site), ("column", entry.column), ("year", entry.year)):
        made.add_unsigned(name, value)
    made.add_integer("published", entry.published)
    made.add_text("card", json.dumps(entry.card, ensure_ascii=False))
    made.add_text("text", entry.whole_text[:LONGEST_TEXT])
    return made


def _found(document: tantivy.Document, score: float) -> Found:
    return Found(card=json.loads(str(document.get_first("card"))), text=document.get_first("text") or "", score=score)


def _facets(searcher: tantivy.Searcher, matching: Query) -> dict[str, tuple[tuple[str, int], ...]]:
    wanted = {facet: {"terms": {"field": facet, "size": BUCKETS}} for facet in FACETS}
    answer: dict[str, Any] = searcher.aggregate(matching, wanted)
    return {
        facet: tuple(
            (str(bucket["key"]).removesuffix(".0"), bucket["doc_count"]) for bucket in answer[facet]["buckets"]
        )
        for facet in FACETS
    }


class _Asking:
    """Builds tantivy's queries from a plan."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self.schema = schema

    def matching(self, plan: Plan) -> Query:
        """What must hold for a document to be found at all."""
        if plan.everything:
            return Query.all_query()
        ways = [self._all("sounds", way) for way in plan.sounds]
        ways += [self._any("numbers", way) for way in plan.numbers]
        if plan.parts:
            parts = [self._part(part, "title_grams" if plan.in_titles else "grams") for part in plan.parts]
            if plan.least is None:
                ways.append(self._bool(Occur.Must, parts))
            else:
                ways.append(Query.boolean_query([(Occur.Should, part) for part in parts], plan.least))
        return self._bool(Occur.Should, ways)

    def narrowed(self, matching: Query, narrowed: Narrowed) -> Query:
        demands = [matching]
        if narrowed.sites is not None:
            demands.append(self._bool(Occur.Should, [self._term("site", site) for site in narrowed.sites]))
        for facet, value in narrowed.facets.items():
            demands.append(self._term("columns", int(value)) if facet == "column" else self._chosen(facet, value))
        if narrowed.since is not None:
            kind = tantivy.FieldType.Integer
            demands.append(Query.range_query(self.schema, "published", kind, lower_bound=narrowed.since))
        return demands[0] if len(demands) == 1 else self._bool(Occur.Must, demands)

    def ranked(self, matching: Query, plan: Plan) -> Query:
        """The same documents, the best first."""
        signs = [(Occur.Must, Query.const_score_query(matching, 0.0))]
        for word in plan.words:
            signs.append((Occur.Should, self._term("words", word, option="freq")))
            signs.append((Occur.Should, Query.boost_query(self._term("title_words", word, option="freq"), TITLE_WORD)))
        if plan.title:
            signs.append((Occur.Should, Query.const_score_query(self._all("title_grams", plan.title), IN_TITLE)))
        if plan.parts:
            meant = self._bool(Occur.Must, [self._part(part, "title_grams") for part in plan.parts])
            signs.append((Occur.Should, Query.const_score_query(meant, MEANT_IN_TITLE)))
        if plan.exact:
            signs.append((Occur.Should, Query.const_score_query(self._term("exact", plan.exact), WHOLE_TITLE)))
        signs += [(Occur.Should, Query.const_score_query(self._any("numbers", way), NUMBER)) for way in plan.numbers]
        signs += [(Occur.Should, Query.const_score_query(self._all("sounds", way), SOUND)) for way in plan.sounds]
        typed = ((self._all("grams", part.ways[0]), part.weight * TYPED) for part in plan.parts)
        signs += [(Occur.Should, Query.const_score_query(way, weight)) for way, weight in typed]
        return Query.boolean_query(signs)

    def _part(self, part: Part, field: str) -> Query:
        return self._bool(Occur.Should, [self._all(field, way) for way in part.ways])

    def _chosen(self, facet: str, value: str) -> Query:
        return self._term(facet, int(value) if facet in NUMBERS else value)

    def _all(self, field: str, tokens: Sequence[str]) -> Query:
        return self._bool(Occur.Must, [self._term(field, token) for token in tokens])

    def _any(self, field: str, tokens: Sequence[str]) -> Query:
        return self._bool(Occur.Should, [self._term(field, token) for token in tokens])

    def _term(self, field: str, token: str | int, option: str = "basic") -> Query:
        return Query.term_query(self.schema, field, token, option)

    @staticmethod
    def _bool(occur: Occur, parts: list[Query]) -> Query:
        return parts[0] if len(parts) == 1 else Query.boolean_query([(occur, part) for part in parts])
