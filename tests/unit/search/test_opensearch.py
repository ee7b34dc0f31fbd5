"""Requests to OpenSearch have the documented shape. No server was ever asked (docs/howto/search.md)."""

import json

import pytest

from jiyue.search.engines.base import EngineDown
from jiyue.search.engines.opensearch import OpensearchEngine, document, mapping, search_body, terms_body
from jiyue.search.planning import Narrowed, Plan, loosest, plan
from tests.unit.search.entries import entry

CLAUSES = {"bool", "term", "terms", "range", "constant_score", "match_all", "prefix"}
OF_BOOL = {"filter", "should", "minimum_should_match"}


def fields() -> set[str]:
    return set(mapping()["mappings"]["properties"])


def check(query: dict) -> None:
    """Each clause has one name that is known, each field is in the mapping."""
    [(name, inside)] = query.items()
    assert name in CLAUSES
    if name == "bool":
        assert set(inside) <= OF_BOOL
        for clause in [*inside.get("filter", []), *inside.get("should", [])]:
            check(clause)
    elif name == "constant_score":
        assert set(inside) == {"filter", "boost"}
        check(inside["filter"])
    else:
        assert set(inside) <= fields()


@pytest.mark.parametrize("query", ["营商环境", "国办发〔2019〕19号", "yingshang", "如何 申请 公租房", "\"a'b\\c"])
@pytest.mark.parametrize("reading", [plan, loosest])
def test_a_plan_becomes_a_body_of_known_clauses(query, reading):
    narrowed = Narrowed(facets={"column": "12", "issuer": "澄湖市", "year": "2026"}, sites=(1, 2), since=1)
    body = search_body(
        reading(query, {"公租房": ("公共租赁住房",)}), narrowed, limit=10, offset=20, by_date=True, facets=True
    )
    json.dumps(body)
    check(body["query"])
    assert {"from", "size", "track_total_hits", "_source", "query", "sort", "aggs"} == set(body)
    assert all(aggregation["terms"]["field"] in fields() for aggregation in body["aggs"].values())


def test_a_document_has_exactly_the_fields_of_the_mapping():
    made = document(entry(1, "优化营商环境条例", number="国办发〔2019〕19号"))
    assert set(made) == fields()


def test_the_beginning_of_a_term_is_no_expression():
    body = terms_body("a.*[", limit=5)
    assert body["aggs"]["terms"]["terms"]["include"] == "a\\.\\*\\[.*"


def test_an_address_that_names_no_server_is_refused():
    with pytest.raises(EngineDown):
        OpensearchEngine("file:///etc/passwd")
    with pytest.raises(EngineDown):
        _ = OpensearchEngine("http://127.0.0.1:9").size


def test_chosen_facets_alone_are_a_body_of_known_clauses():
    narrowed = Narrowed(facets={"kind": "policy_document"})
    body = search_body(Plan(everything=True), narrowed, limit=10, offset=0, by_date=True, facets=True)
    check(body["query"])


def test_facets_of_services_and_needs_are_keywords_that_a_document_fills():
    made = document(entry(1, "公租房申请办事指南", item_class="public_service", themes=("housing",), events=("home",)))
    assert (made["item_class"], made["theme"], made["audience"], made["event"]) == (
        ["public_service"],
        ["housing"],
        [],
        ["home"],
    )
    assert set(made) <= set(mapping()["mappings"]["properties"])
