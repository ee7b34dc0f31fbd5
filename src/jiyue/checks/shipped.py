"""The word lists that ship (`lists/*.yaml`), read once."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def shipped_list(name: str) -> Mapping[str, Any]:
    """`lists/<name>.yaml`. Raises FileNotFoundError."""
    text = files("jiyue.checks.lists").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader either way


def flat(entries: Iterable[Any]) -> list[str]:
    """A list of words, or of rows of words, as one list."""
    words: list[str] = []
    for entry in entries:
        words.extend(flat(entry) if isinstance(entry, list) else [str(entry)])
    return words
