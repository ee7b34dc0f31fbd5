"""Sentences with values, translated where they are shown and not where they are made."""

from typing import Any

from django.utils.functional import lazy


def _filled(template: Any, values: dict[str, Any]) -> str:
    return str(template) % values


_lazily_filled = lazy(_filled, str)


def sentence(template: Any, **values: Any) -> Any:
    """A lazy translation with its `%(name)s` places filled; it stays lazy until somebody reads it."""
    return _lazily_filled(template, values)
