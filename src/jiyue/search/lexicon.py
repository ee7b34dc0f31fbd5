"""What the answering process knows besides the index: names of sites and columns, synonyms, promoted answers.

The indexer writes it to one file; the process that answers visitors has no database.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from jiyue.search.entries import bare
from jiyue.search.synonyms import Synonyms, by_term, shipped

FILE = "lexicon.json"
LEAST_INSIDE = 2  # characters of a promoted word that may stand inside a longer question


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A site: where its pages are and what it is called."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Promoted:
    """推荐答案: shown first when one of `words` is asked for on the site."""

    site: int
    words: tuple[str, ...]
    title: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """`columns` maps a column to its name, `codes` the values of a facet to theirs.

    Everything is as the last release of each site shows it.
    """

    sites: Mapping[int, Place] = field(default_factory=dict)
    columns: Mapping[int, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    groups: tuple[tuple[str, ...], ...] = ()
    promoted: tuple[Promoted, ...] = ()

    def written(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=0).encode()

    @classmethod
    def read(cls, data: bytes) -> Self:
        facts: dict[str, Any] = json.loads(data)
        return cls(
            sites={int(key): Place(**place) for key, place in facts["sites"].items()},
            columns={int(key): name for key, name in facts["columns"].items()},
            kinds=facts["kinds"],
            codes=facts.get("codes", {}),
            groups=tuple(tuple(group) for group in facts["groups"]),
            promoted=tuple(
                Promoted(one["site"], tuple(one["words"]), one["title"], one["address"]) for one in facts["promoted"]
            ),
        )

    def site_of(self, host: str) -> int | None:
        return next((key for key, place in self.sites.items() if place.host == host), None)

    def promoted_for(self, query: str, site: int | None) -> list[Promoted]:
        """What is recommended on this site (on any, without one) for a question."""
        asked = bare(query)
        own = (one for one in self.promoted if site is None or one.site == site)
        return [one for one in own if any(_fits(bare(word), asked) for word in one.words)]


def _fits(word: str, asked: str) -> bool:
    return bool(word) and (word == asked or (len(word) >= LEAST_INSIDE and word in asked))


class LexiconFile:
    """The newest lexicon, read again when the file changed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._seen: tuple[int, int] = (0, 0)
        self._lexicon = Lexicon()
        self._synonyms: Synonyms = by_term(shipped())

    @property
    def lexicon(self) -> Lexicon:
        self._refresh()
        return self._lexicon

    @property
    def synonyms(self) -> Synonyms:
        self._refresh()
        return self._synonyms

    def _refresh(self) -> None:
        try:
            facts = self.path.stat()
        except FileNotFoundError:
            return
        if (facts.st_mtime_ns, facts.st_ino) != self._seen:
            self._lexicon = Lexicon.read(self.path.read_bytes())
            self._synonyms = by_term((*shipped(), *self._lexicon.groups))
            self._seen = (facts.st_mtime_ns, facts.st_ino)


IsPublic = Callable[[str, str], bool]  # host and address: is that page public this very moment?
