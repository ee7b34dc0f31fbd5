"""YAML as rule packs use it: mappings, lists and texts, each with its line. Nothing is guessed and nothing is clever.

No implicit types (`no` stays a word, `2022-01` stays what was written), no anchors, aliases, tags or merge keys, no key
twice, no second document. Everything wrong with a file is told at once, as far as it can be read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from jiyue.rules.problems import Problems

MOST_BYTES: Final = 1 << 20
DEEPEST: Final = 12
# libyaml where PyYAML was built with it: ten times quicker, the same events.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAB: Final = re.compile(r" *\t[ \t]*\S")
# Control characters, and those that turn the direction in which a text is shown: it would read otherwise than it is.
UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    line: int
    quoted: bool = False

    @property
    def is_null(self) -> bool:
        return not self.quoted and self.text in _NULL


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """In the order of the file; a key that stood twice is there once and was told."""

    entries: dict[str, "Node"]
    key_lines: dict[str, int]
    line: int


Node = Scalar | Sequence | Mapping


def read_mapping(content: bytes, *, file: str, problems: Problems) -> Mapping | None:
    """The file's one mapping, or None when it cannot be read; what is wrong is added to `problems`."""
    text = _text(content, file, problems)
    if text is None:
        return None
    node = _Reader(text, file, problems).document()
    if node is None:
        return None
    if not isinstance(node, Mapping):
        problems.add("not-a-mapping", file=file, line=node.line)
        return None
    return node


def line_of(content: bytes, key: str) -> int:
    """The line of a key of the file's mapping; 0 where there is none."""
    node = read_mapping(content, file="", problems=Problems())
    return node.key_lines.get(key, 0) if node else 0


def _text(content: bytes, file: str, problems: Problems) -> str | None:
    if len(content) > MOST_BYTES:
        problems.add("file-too-large", file=file, size=len(content), most=MOST_BYTES)
        return None
    try:
        # Editors on Windows put a mark before UTF-8; it changes nothing.
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add("not-utf8", file=file, line=line, byte=error.start)
        return None
    tabs = [number for number, line in enumerate(text.splitlines(), 1) if _TAB.match(line)]
    for number in tabs:
        problems.add("tab", file=file, line=number)
    return None if tabs else text


class _Unreadable(Exception):
    """The rest of the file cannot be understood; the problem has been told."""


class _Reader:
    def __init__(self, text: str, file: str, problems: Problems) -> None:
        self._events = yaml.parse(text, Loader=_LOADER)
        self._file = file
        self._problems = problems

    def document(self) -> Node | None:
        try:
            return self._document()
        except yaml.reader.ReaderError as error:
            self._tell("not-a-character", 0, character=f"U+{_ordinal(error):04X}")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._tell("not-yaml", mark.line + 1 if mark else 0, reason=error.problem or "")
        except _Unreadable:
            pass
        return None

    def _document(self) -> Node | None:
        nodes: list[Node] = []
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if nodes:
                    self._tell("second-document", _line(event))
                    break
                nodes.append(self._node(next(self._events), 0))
        if not nodes or (isinstance(nodes[0], Scalar) and nodes[0].is_null):
            self._tell("empty-file", 0)
            return None
        return nodes[0]

    def _tell(self, code: str, line: int, **facts: object) -> None:
        self._problems.add(code, file=self._file, line=line, **facts)

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line = _line(event)
        if depth > DEEPEST:
            self._tell("too-deep", line, most=DEEPEST)
            raise _Unreadable
        if isinstance(event, yaml.AliasEvent):
            self._tell("alias", line, name=event.anchor)
            return Scalar("", line, quoted=True)
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            self._refuse_finery(event, line)
        if isinstance(event, yaml.ScalarEvent):
            # Here and not in the raw text: an escape in quotes writes such a character too.
            if unseen := UNSEEN.search(event.value):
                self._tell("not-a-character", line, character=f"U+{ord(unseen[0]):04X}")
            return Scalar(event.value, line, quoted=bool(event.style))
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self._node(each, depth + 1) for each in self._until(yaml.SequenceEndEvent)), line)
        return self._mapping(line, depth)

    def _refuse_finery(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> None:
        if event.anchor is not None:
            self._tell("anchor", line, name=event.anchor)
        if event.tag is not None:
            self._tell("tag", line, name=event.tag)

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _mapping(self, line: int, depth: int) -> Mapping:
        entries: dict[str, Node] = {}
        key_lines: dict[str, int] = {}
        for event in self._until(yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar):
                self._tell("key-not-text", key.line)
            elif key.text == "<<" and not key.quoted:
                self._tell("merge-key", key.line)
            elif key.text in entries:
                self._tell("key-twice", key.line, key=key.text, first=key_lines[key.text])
            else:
                entries[key.text], key_lines[key.text] = value, key.line
        return Mapping(entries, key_lines, line)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _ordinal(error: yaml.reader.ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character)
