"""The shipped standards: one folder each, one file for each edition, named after the day from which it is in force."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from jiyue.rules.standards.validating import Schema, check_keywords

FOLDER: Final = Path(__file__).parent / "editions"
REGISTER: Final = Path(__file__).parent / "register.yaml"
CLASSES: Final = {"classification": "分类", "format": "字段格式", "interface": "接口"}


@dataclass(frozen=True)
class Text:
    """A document that a standard follows: what was read of it, what was taken from it, and what was not found."""

    title: str
    number: str
    read: str
    taken: str
    missing: str = ""


@dataclass(frozen=True)
class Edition:
    """One edition of one standard. `words` is how a record names it: `article@2026-11-22`."""

    name: str
    since: date
    schema: Schema

    @property
    def words(self) -> str:
        return f"{self.name}@{self.since.isoformat()}"

    @property
    def title(self) -> str:
        return str(self.schema["title"])


@dataclass(frozen=True)
class Register:
    """All standards with their editions, the oldest first, and with the texts they follow."""

    editions: Mapping[str, tuple[Edition, ...]]
    classes: Mapping[str, str]
    texts: Mapping[str, tuple[Text, ...]]

    def in_force(self, name: str, on: date) -> Edition | None:
        """The edition of a day: the newest that has begun; before the first one the first, for older matter."""
        found = self.editions.get(name, ())
        return next((edition for edition in reversed(found) if edition.since <= on), found[0] if found else None)

    def edition(self, words: str) -> Edition | None:
        """The edition of a name such as `article@2026-11-22`."""
        name, _at, since = words.partition("@")
        return next((edition for edition in self.editions.get(name, ()) if edition.since.isoformat() == since), None)


def read(folder: Path = FOLDER, register: Path = REGISTER) -> Register:
    """Raises ValueError for a file that is no schema this program can check, or that nobody registered."""
    told: dict[str, Any] = yaml.safe_load(register.read_text("utf-8"))
    editions = {path.name: tuple(_editions(path)) for path in sorted(folder.iterdir()) if path.is_dir()}
    if editions.keys() != told.keys():
        raise ValueError(f"{register.name}: {sorted(editions.keys() ^ told.keys())}")
    texts = {name: tuple(Text(**text) for text in facts.get("texts", ())) for name, facts in told.items()}
    return Register(editions, {name: facts["class"] for name, facts in told.items()}, texts)


@lru_cache(maxsize=1)
def shipped() -> Register:
    """The standards that came with the program."""
    return read()


def _editions(folder: Path) -> Iterator[Edition]:
    for path in sorted(folder.glob("*.json")):
        schema = json.loads(path.read_text("utf-8"))
        check_keywords(schema)
        yield Edition(folder.name, date.fromisoformat(path.stem), schema)
