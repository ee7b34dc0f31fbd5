"""What every engine promises. `ENGINES` of this package names them; the setting JIYUE_SEARCH_ENGINE chooses one."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from jiyue.search.entries import Entry, Hits
from jiyue.search.planning import Narrowed, Plan


class EngineDown(RuntimeError):
    """The engine does not answer; the message says why."""


class Writer(Protocol):
    """Changes wait until `commit`; what was not committed is forgotten by a crash."""

    def put(self, entries: Iterable[Entry]) -> None:
        """Add entries, or replace those of the same key."""

    def remove(self, keys: Iterable[str]) -> None: ...

    def clear(self) -> None: ...

    def commit(self) -> None: ...


class Engine(Protocol):
    """Reading and writing one index."""

    def writer(self) -> AbstractContextManager[Writer]:
        """The only writer. Raises EngineDown when there is another."""

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
        """What matches, the best (or the newest) first. Raises EngineDown."""

    def terms(self, prefix: str, *, limit: int) -> Sequence[tuple[str, int]]:
        """Suggestion terms that begin with `prefix`, with the number of titles that hold them, most first."""

    def every(self) -> Iterator[str]:
        """The keys of all entries."""

    @property
    def size(self) -> int:
        """How many entries it holds."""
