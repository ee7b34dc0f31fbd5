"""The engines by name. The embedded one needs nothing else; the others are chosen by JIYUE_SEARCH_ENGINE."""

from pathlib import Path

from jiyue.search.engines.base import Engine
from jiyue.search.engines.embedded import EmbeddedEngine

NAMES = ("embedded", "postgresql", "opensearch")


def engine_named(name: str, *, index: Path) -> Engine:
    """The engine of this name for the index folder of a home. Raises LookupError."""
    if name == "embedded":
        return EmbeddedEngine(index)
    raise LookupError(name)
