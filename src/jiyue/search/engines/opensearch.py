"""OpenSearch (and what speaks like it) over the same tokens: for many millions of documents.

Not tried against a server: none can be had from the registries this project uses. The bodies of the requests follow the
documented interface and are checked against its shape by tests; say so to whoever switches it on (docs/howto).
"""

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from jiyue.search.engines.base import EngineDown
from jiyue.search.entries import FACETS, LONGEST_TEXT, Entry, Found, Hits, Tokens
from jiyue.search.planning import Narrowed, Plan

INDEX = "jiyue-entries-2"
PATIENCE = 5.0  # seconds
BULK = 200  # entries a request
TEXTS = tuple(facet for facet in FACETS if facet not in ("site", "column", "year"))
KEYWORDS = ("key", "exact", *TEXTS, "grams", "title_grams", "numbers", "sounds", "terms")
TITLE_WORD, WHOLE_TITLE, IN_TITLE, MEANT_IN_TITLE, NUMBER, SOUND = 2.5, 40.0, 12.0, 8.0, 60.0, 8.0
BUCKETS = 50


def mapping() -> dict[str, Any]:
    """The index as it is made: tokens come ready, so the only analyser parts at spaces."""
    words = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
    properties: dict[str, Any] = {name: {"type": "keyword"} for name in KEYWORDS}
    properties |= {name: {"type": "integer"} for name in ("site", "column", "columns", "year")}
    properties |= {"published": {"type": "long"}, "words": words, "title_words": words}
    properties |= {name: {"type": "object", "enabled": False} for name in ("card",)}
    properties["text"] = {"type": "keyword", "index": False, "doc_values": False}
    return {"mappings": {"dynamic": "strict", "properties": properties}}


class OpensearchEngine:
    """One index on a server. `address` is its root, such as `https://search.internal:9200`."""

    def __init__(self, address: str) -> None:
        if not address.startswith(("http://", "https://")):
            raise EngineDown("JIYUE_SEARCH_ADDRESS names no server")
        self.address = address.rstrip("/")

    @contextmanager
    def writer(self) -> Iterator["OpensearchWriter"]:
        """There is no lock on the server: the indexer must be one process, as everywhere."""
        if self._asked("HEAD", f"/{INDEX}", missing_is={}) is None:
            self._asked("PUT", f"/{INDEX}", mapping())
        yield OpensearchWriter(self._asked)

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
        body = search_body(plan, narrowed, limit=limit, offset=offset, by_date=by_date, facets=facets)
        answer = self._asked("POST", f"/{INDEX}/_search", body) or {}
        found = tuple(
            Found(card=hit["_source"]["card"], text=hit["_source"]["text"], score=float(hit.get("_score") or 0.0))
            for hit in answer["hits"]["hits"]
        )
        buckets = answer.get("aggregations", {})
        counts = {
            facet: tuple((str(one["key"]), one["doc_count"]) for one in buckets[facet]["buckets"])
            for facet in FACETS
            if facet in buckets
        }
        return Hits(total=answer["hits"]["total"]["value"], found=found, facets=counts)

    def terms(self, prefix: str, *, limit: int) -> Sequence[tuple[str, int]]:
        answer = self._asked("POST", f"/{INDEX}/_search", terms_body(prefix, limit=limit)) or {}
        return [(one["key"], one["doc_count"]) for one in answer["aggregations"]["terms"]["buckets"]]

    def every(self) -> Iterator[str]:
        after: list[Any] | None = None
        while True:
            body: dict[str, Any] = {
                "size": 1000,
                "_source": False,
                "sort": [{"key": "asc"}],
                "query": {"match_all": {}},
            }
            answer = self._asked("POST", f"/{INDEX}/_search", body | ({"search_after": after} if after else {})) or {}
            hits = answer["hits"]["hits"]
            yield from (hit["_id"] for hit in hits)
            if len(hits) < body["size"]:
                return
            after = hits[-1]["sort"]

    @property
    def size(self) -> int:
        return int((self._asked("GET", f"/{INDEX}/_count") or {})["count"])

    def _asked(
        self, method: str, path: str, body: Any = None, *, lines: bool = False, missing_is: Any = None
    ) -> dict[str, Any] | None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        kind = "application/x-ndjson" if lines else "application/json"
        request = urllib.request.Request(self.address + path, data, {"Content-Type": kind}, method=method)  # noqa: S310 - checked above
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
                text = answer.read()
        except urllib.error.HTTPError as error:
            if error.code == 404 and missing_is is not None:
                return None
            raise EngineDown(f"{error.code}: {error.reason}") from error
        except OSError as error:
            raise EngineDown(str(error)) from error
        return json.loads(text) if text else {}


class OpensearchWriter:
    """Gathers actions; `commit` sends them and makes them visible."""

    def __init__(self, asked: Any) -> None:
        self._asked = asked
        self._actions: list[str] = []

    def put(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._actions += [
                json.dumps({"index": {"_id": entry.key}}),
                json.dumps(document(entry), ensure_ascii=False),
            ]
            if len(self._actions) >= 2 * BULK:
                self._send()

    def remove(self, keys: Iterable[str]) -> None:
        self._actions += [json.dumps({"delete": {"_id": key}}) for key in keys]

    def clear(self) -> None:
        self._actions.clear()
        self._asked("POST", f"/{INDEX}/_delete_by_query?refresh=true", {"query": {"match_all": {}}})

    def commit(self) -> None:
        self._send()
        self._asked("POST", f"/{INDEX}/_refresh")

    def _send(self) -> None:
        if not self._actions:
            return
        answer = self._asked("POST", f"/{INDEX}/_bulk", ("\n".join(self._actions) + "\n").encode(), lines=True)
        self._actions.clear()
        refused = [one for one in answer["items"] if next(iter(one.values()))["status"] not in (200, 201, 404)]
        if refused:
            raise EngineDown(f"refused: {refused[0]}")


def document(entry: Entry) -> dict[str, Any]:
    """An entry as it is stored."""
    tokens = Tokens.of(entry)
    return {
        "key": entry.key, "site": entry.site, "column": entry.column, "columns": list(entry.columns), "year": entry.year,
        **{facet: list(entry.values(facet)) for facet in TEXTS},
        "published": entry.published, "exact": tokens.exact, "numbers": tokens.numbers, "sounds": tokens.sounds,
        "grams": tokens.grams, "title_grams": tokens.title_grams, "terms": tokens.terms,
        "words": " ".join(tokens.words), "title_words": " ".join(tokens.title_words), "card": entry.card,
        "text": entry.whole_text[:LONGEST_TEXT],
    }  # fmt: skip


def search_body(
    plan: Plan, narrowed: Narrowed, *, limit: int, offset: int, by_date: bool, facets: bool
) -> dict[str, Any]:
    """The body of `_search` for a plan."""
    demands: list[Any] = [_matching(plan)]
    if narrowed.sites is not None:
        demands.append({"terms": {"site": list(narrowed.sites)}})
    for facet, value in narrowed.facets.items():
        number = facet in ("site", "column", "year")
        demands.append({"term": {"columns" if facet == "column" else facet: int(value) if number else value}})
    if narrowed.since is not None:
        demands.append({"range": {"published": {"gte": narrowed.since}}})
    body: dict[str, Any] = {
        "from": offset, "size": limit, "track_total_hits": True, "_source": ["card", "text"],
        "query": {"bool": {"filter": demands, "should": _signs(plan)}},
        "sort": [{"published": "desc"}, {"key": "asc"}] if by_date else ["_score", {"key": "asc"}],
    }  # fmt: skip
    if facets:
        body["aggs"] = {facet: {"terms": {"field": facet, "size": BUCKETS}} for facet in FACETS}
    return body


def terms_body(prefix: str, *, limit: int) -> dict[str, Any]:
    """The body that counts suggestion terms of a beginning."""
    escaped = "".join(f"\\{sign}" if sign in '.?+*|{}[]()"\\#@&<>~' else sign for sign in prefix)
    counting = {"terms": {"field": "terms", "include": f"{escaped}.*", "size": limit}}
    return {"size": 0, "query": {"prefix": {"terms": prefix}}, "aggs": {"terms": counting}}


def _matching(plan: Plan) -> dict[str, Any]:
    if plan.everything:
        return {"match_all": {}}
    ways = [_all("sounds", way) for way in plan.sounds] + [{"terms": {"numbers": list(way)}} for way in plan.numbers]
    if plan.parts:
        field = "title_grams" if plan.in_titles else "grams"
        parts = [_any([_all(field, way) for way in part.ways]) for part in plan.parts]
        least = len(parts) if plan.least is None else plan.least
        ways.append({"bool": {"should": parts, "minimum_should_match": least}})
    return _any(ways)


def _signs(plan: Plan) -> list[dict[str, Any]]:
    signs: list[dict[str, Any]] = []
    for word in plan.words:
        signs.append({"term": {"words": {"value": word}}})
        signs.append({"term": {"title_words": {"value": word, "boost": TITLE_WORD}}})
    if plan.title:
        signs.append(_constant(_all("title_grams", plan.title), IN_TITLE))
    if plan.parts:
        meant = [_any([_all("title_grams", way) for way in part.ways]) for part in plan.parts]
        signs.append(_constant({"bool": {"filter": meant}}, MEANT_IN_TITLE))
    signs.append(_constant({"term": {"exact": plan.exact}}, WHOLE_TITLE))
    signs += [_constant({"terms": {"numbers": list(way)}}, NUMBER) for way in plan.numbers]
    signs += [_constant(_all("sounds", way), SOUND) for way in plan.sounds]
    return signs


def _constant(query: dict[str, Any], boost: float) -> dict[str, Any]:
    return {"constant_score": {"filter": query, "boost": boost}}


def _all(field: str, tokens: Sequence[str]) -> dict[str, Any]:
    return {"bool": {"filter": [{"term": {field: token}} for token in tokens]}}


def _any(ways: list[dict[str, Any]]) -> dict[str, Any]:
    return {"bool": {"should": ways, "minimum_should_match": 1}}
