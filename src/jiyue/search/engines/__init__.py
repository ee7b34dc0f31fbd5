"""The engines by name. The embedded one needs nothing else; the others are chosen by JIYUE_SEARCH_ENGINE."""

from importlib import import_module
from pathlib import Path

from jiyue.search.engines.base import Engine
from jiyue.search.engines.embedded import EmbeddedEngine

NAMES = ("embedded", "postgresql", "opensearch")


def engine_named(name: str, *, index: Path, address: str = "") -> Engine:
    """The engine of this name: in a folder of the home, or at `address` (JIYUE_SEARCH_ADDRESS). Raises LookupError."""
    if name == "embedded":
        return EmbeddedEngine(index)
    if name not in NAMES:
        raise LookupError(name)
    # Only who chose it needs the client that it stands on.
    module = import_module(f"jiyue.search.engines.{name}")
    engine: Engine = getattr(module, f"{name.capitalize()}Engine")(address)
    return engine
