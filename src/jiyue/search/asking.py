"""A question as it came from a browser: bounded, and whatever is wrong with it put right or left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from jiyue.search.folding import clean

LONGEST_QUERY = 100  # characters
PAGE = 10
MOST_PAGES = 50
SORTS = ("relevance", "date")
SPANS = ("", "week", "month", "year")  # how long ago at most
# Names in the address, in the order in which they are shown.
SHORT = {
    "site": "w", "kind": "t", "column": "c", "item_class": "g", "theme": "h", "audience": "a", "event": "e", "year": "y",
    "issuer": "u", "validity": "v",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. `scope` is `here` (the site whose page it is) or `all`; facets hold a value or nothing."""

    query: str = ""
    scope: str = "here"
    sort: str = "relevance"
    span: str = ""
    page: int = 1
    column: str = ""
    kind: str = ""
    year: str = ""
    issuer: str = ""
    validity: str = ""
    site: str = ""
    item_class: str = ""
    theme: str = ""
    audience: str = ""
    event: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Sequence[str]]) -> Self:
        """From the parameters of an address, as `parse_qs` gives them. Raises nothing."""

        def one(name: str, longest: int = 60) -> str:
            values = given.get(name) or ("",)
            return " ".join(clean(values[0][: 4 * longest]).split())[:longest]

        return cls(
            query=one("q", LONGEST_QUERY),
            scope="all" if one("s") == "all" else "here",
            sort=one("o") if one("o") in SORTS else "relevance",
            span=one("d") if one("d") in SPANS else "",
            page=_number(one("p"), 1, MOST_PAGES),
            **{facet: _safe(facet, one(name)) for facet, name in SHORT.items()},
        )

    def but(self, **changes: Any) -> Self:
        """The same question with something changed; a change of anything else leads back to the first page."""
        return replace(self, **({"page": 1} | changes))

    def bare(self, **changes: Any) -> Self:
        """The same words without any condition."""
        return self.but(span="", **dict.fromkeys(SHORT, ""), **changes)

    @property
    def address(self) -> str:
        """The query string of this question, with nothing in it that need not be."""
        given = {"q": self.query, "s": "all" if self.scope == "all" else ""}
        given |= {"o": self.sort if self.sort != "relevance" else "", "d": self.span}
        given |= {name: getattr(self, facet) for facet, name in SHORT.items()}
        given["p"] = str(self.page) if self.page > 1 else ""
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def filters(self) -> dict[str, str]:
        """The facets that are chosen."""
        return {facet: value for facet in SHORT if (value := getattr(self, facet))}


def _number(text: str, least: int, most: int) -> int:
    return max(least, min(most, int(text))) if text.isascii() and text.isdigit() and len(text) < 6 else least


def _safe(facet: str, value: str) -> str:
    if facet in ("site", "column", "year"):
        return value if value.isascii() and value.isdigit() and len(value) <= 9 else ""
    return value
