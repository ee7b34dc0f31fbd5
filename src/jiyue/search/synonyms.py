"""Words that mean the same: the list that ships, and what the platform's own people added."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import yaml

from jiyue.search.folding import fold

Synonyms = Mapping[str, tuple[str, ...]]


@cache
def shipped() -> tuple[tuple[str, ...], ...]:
    """The groups that ship with the program."""
    text = files("jiyue.search").joinpath("lists/synonyms.yaml").read_text(encoding="utf-8")
    return tuple(tuple(group) for group in yaml.safe_load(text)["groups"])


def by_term(groups: Iterable[Iterable[str]]) -> Synonyms:
    """Each term with the others of its groups, in compared form; the longest terms first."""
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        terms = [fold(term).strip() for term in group]
        for term in filter(None, terms):
            # A term inside another of its group (低保, 城乡低保) would be replaced twice.
            found.setdefault(term, {}).update(dict.fromkeys(other for other in terms if other and other != term))
    return {term: tuple(found[term]) for term in sorted(found, key=lambda term: (-len(term), term))}
