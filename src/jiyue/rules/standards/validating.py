"""A value against a JSON Schema (the part of draft 2020-12 that our standards use), with every fault and where it is.

Our own, because a fault must be told in Chinese with the field's Chinese name, and because a keyword that this reader
does not know must stop the program (`check_keywords`) instead of being passed over as the draft demands.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

Schema = Mapping[str, Any]
Path = tuple[str | int, ...]
TOLD: Final = frozenset({"$schema", "$id", "title", "description", "$comment", "$defs", "examples"})
KNOWN: Final = TOLD | {
    "type", "enum", "const", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems",
    "items", "properties", "required", "additionalProperties",
}  # fmt: skip
MOST_FAULTS: Final = 50  # of one value; who mends those sees the next


class UnknownKeyword(ValueError):
    """A schema says something that this reader would not check."""


@dataclass(frozen=True)
class Fault:
    """One thing that breaks a standard: where, the field's own name, a stable code, and the facts of the sentence."""

    path: Path
    title: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def field(self) -> str:
        """The way to the field as people write it: `detail.index_number`, `files[2].digest`."""
        return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")


def faults(value: Any, schema: Schema) -> list[Fault]:
    """Everything in which `value` breaks the schema, the first MOST_FAULTS; empty when it conforms."""
    found: list[Fault] = []
    for fault in _faults(value, schema, ()):
        found.append(fault)
        if len(found) == MOST_FAULTS:
            break
    return found


def check_keywords(schema: Schema) -> None:
    """Raise UnknownKeyword unless this reader checks everything that the schema says."""
    strange = {name for name in schema.keys() - KNOWN if not name.startswith("x-")}
    if strange:
        raise UnknownKeyword("、".join(sorted(strange)))
    if schema.get("format", "date") not in FORMATS:
        raise UnknownKeyword(f"format: {schema['format']}")
    for part in schema.get("properties", {}).values():
        check_keywords(part)
    if "items" in schema:
        check_keywords(schema["items"])


def _faults(value: Any, schema: Schema, path: Path) -> Iterator[Fault]:
    title = schema.get("title", "")

    def fault(code: str, **facts: Any) -> Fault:
        return Fault(path, title, code, facts)

    types = schema.get("type", ())
    types = (types,) if isinstance(types, str) else tuple(types)
    if types and not any(_TYPES[name](value) for name in types):
        yield fault("type", wanted=types)
        return
    if "const" in schema and value != schema["const"]:
        yield fault("const", wanted=schema["const"])
    if "enum" in schema and value not in schema["enum"]:
        yield fault("enum", given=value, wanted=schema["enum"], names=schema.get("x-names", {}))
    if isinstance(value, str):
        yield from _string(value, schema, fault)
    elif isinstance(value, bool):
        return
    elif isinstance(value, int | float):
        yield from _number(value, schema, fault)
    elif isinstance(value, list):
        yield from _list(value, schema, fault)
        for index, part in enumerate(value):
            yield from _faults(part, schema.get("items", {}), (*path, index))
    elif isinstance(value, Mapping):
        yield from _object(value, schema, path)
    elif value is None and schema.get("x-filled"):
        yield fault("empty")


def _string(value: str, schema: Schema, fault: Callable[..., Fault]) -> Iterator[Fault]:
    length = len(value)
    if length < schema.get("minLength", 0):
        yield fault("empty") if not value else fault("short", least=schema["minLength"], given=length)
    elif schema.get("minLength") and not value.strip():
        yield fault("empty")
    if length > schema.get("maxLength", length):
        yield fault("long", most=schema["maxLength"], given=length)
    if "pattern" in schema and not _pattern(schema["pattern"]).search(value):
        yield fault("pattern", given=value[:60], says=schema.get("x-says", ""))
    if "format" in schema and value and not FORMATS[schema["format"]](value):
        yield fault("format", given=value[:60], wanted=schema["format"])


def _number(value: float, schema: Schema, fault: Callable[..., Fault]) -> Iterator[Fault]:
    if value < schema.get("minimum", value):
        yield fault("small", least=schema["minimum"], given=value)
    if value > schema.get("maximum", value):
        yield fault("large", most=schema["maximum"], given=value)


def _list(value: list[Any], schema: Schema, fault: Callable[..., Fault]) -> Iterator[Fault]:
    if len(value) < schema.get("minItems", 0):
        yield fault("few", least=schema["minItems"], given=len(value))
    if len(value) > schema.get("maxItems", len(value)):
        yield fault("many", most=schema["maxItems"], given=len(value))


def _object(value: Mapping[str, Any], schema: Schema, path: Path) -> Iterator[Fault]:
    parts = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield Fault((*path, name), parts.get(name, {}).get("title", ""), "missing")
    if schema.get("additionalProperties") is False:
        for name in value.keys() - parts.keys():
            yield Fault((*path, str(name)[:60]), "", "unknown")
    for name, part in parts.items():
        if name in value:
            yield from _faults(value[name], part, (*path, name))


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, Mapping),
}


def _parsed(parse: Callable[[str], Any]) -> Callable[[str], bool]:
    def parses(text: str) -> bool:
        try:
            parse(text)
        except ValueError:
            return False
        return True

    return parses


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or len(text) < len("2026-11-22T09:00:00Z"):
        raise ValueError(text)
    return moment


def _day(text: str) -> date:
    if len(text) != len("2026-11-22"):
        raise ValueError(text)
    return date.fromisoformat(text)


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or any(letter.isspace() for letter in text):
        raise ValueError(text)
    return text


def _identity(text: str) -> UUID:
    if len(text) != len(str(UUID(int=0))):
        raise ValueError(text)
    return UUID(text)


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": _parsed(_day),
    "date-time": _parsed(_aware),
    "time": _parsed(time.fromisoformat),
    "uuid": _parsed(_identity),
    "uri": _parsed(_address),
}
