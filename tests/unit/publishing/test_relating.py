"""Related items over real documents: what a text names is found, and words of titles alone find a good part of it."""

from collections import defaultdict
from functools import cache

import pytest

from jiyue.domain import kinship
from jiyue.publishing.relating import Facts, facts_of, words_of
from tests.unit.checks.quality.frame import data, records

FILES = ("regulations_national", "regulations_local_sample", "judicial_interpretations_sample", "state_council_docs")
FIRST = 3


def content(record: dict) -> dict:
    detail = {"issuer": record.get("issuer", ""), "document_number": record.get("doc_no", "")}
    return {
        "title": record["title"], "text": record["text"], "keywords": [], "topic": "", "detail": detail,
        "subject_class": record.get("topic", ""),
    }  # fmt: skip


@cache
def library() -> list[Facts]:
    return [facts_of(content(record)) for name in FILES for record in records(data("policy_docs") / f"{name}.jsonl")]


def holders(facts: list[set]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for at, values in enumerate(facts):
        for value in values:
            found[value].add(at)
    return found


def truly_tied() -> dict[int, set[int]]:
    """Of each document those that it names, or that name it."""
    own, found = holders([facts.own for facts in library()]), defaultdict(set)
    for at, facts in enumerate(library()):
        for other in {other for name in facts.named for other in own.get(name, ())} - {at}:
            found[at].add(other)
            found[other].add(at)
    return found


def first_three(*, by_names: bool) -> dict[int, list[int]]:
    """The first suggestions of each document, reckoned with and without the names that its text mentions."""
    shared = holders([facts.shared for facts in library()])
    ties, among = truly_tied(), len(library())
    found = {}
    for at, facts in enumerate(library()):
        scores: dict[int, int] = defaultdict(int)
        for kind, value in facts.shared:
            hundredths = kinship.weight(kind, count=len(shared[kind, value]), among=among)
            for other in shared[kind, value]:
                scores[other] += hundredths
        for other in ties[at] if by_names else ():
            scores[other] += kinship.NAMED
        likely = [other for other in scores if other != at and scores[other] >= kinship.LEAST]
        found[at] = sorted(likely, key=lambda other: (-scores[other], -other))[:FIRST]
    return found


@pytest.mark.req("LIB-06")
def test_of_real_documents_the_first_three_hold_what_is_named():
    ties = {at: others for at, others in truly_tied().items() if others}
    with_names, words = first_three(by_names=True), first_three(by_names=False)
    hit = sum(bool(ties[at] & set(with_names[at])) for at in ties)
    blind = sum(bool(ties[at] & set(words[at])) for at in ties)
    offered = [(at, other) for at, others in words.items() for other in others]
    tied = sum(other in ties.get(at, ()) for at, other in offered)
    assert hit / len(ties) > 0.99
    # Titles alone: one of five documents that name each other, thirty times more often than any two documents do.
    assert blind / len(ties) > 0.15
    chance = sum(map(len, ties.values())) / len(library()) / (len(library()) - 1)
    assert tied / len(offered) > 30 * chance


def test_words_of_every_title_are_no_facts():
    record = content({"title": "国务院办公厅关于印发2026年政府工作方案的通知", "text": ""})
    assert words_of(record) == []
    named = facts_of(content({"title": "关于修改《城市供水条例》的决定", "text": ""}))
    assert len(named.own) == 2 and not named.named  # it goes by its own title and by that of what it changes


@pytest.mark.parametrize(
    "count,among,expected", [(2, 1000, 1.0), (200, 1000, 0.0), (2, 2, 0.0), (1, 3, 1.0), (9, 9, 0.0)]
)
def test_rarity_is_between_what_two_have_and_what_all_have(count, among, expected):
    assert kinship.rarity(count, among) == expected
