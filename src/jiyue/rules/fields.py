"""The fields of one mapping of a pack's file, read one by one; whatever is wrong is told with its line."""

from collections.abc import Iterable
from typing import Any

from jiyue.domain.deadlines import YEARS
from jiyue.domain.rulesets import UNDATED, NotADay, Since, nearest
from jiyue.rules.plain_yaml import Mapping, Node, Scalar, Sequence
from jiyue.rules.problems import Problems


class Fields:
    """Reads a mapping. Each reader gives an empty value when the field is absent or wrong; what is wrong was told."""

    def __init__(self, node: Mapping, *, file: str, problems: Problems, line: int = 0) -> None:
        self.node = node
        self.file = file
        self.problems = problems
        self.line = line or node.line  # where a missing field is told

    def __contains__(self, name: str) -> bool:
        return name in self.node.entries

    def tell(self, code: str, name: str = "", **facts: Any) -> None:
        """A problem of this field, on its own line; of the mapping when it has no such field."""
        self.problems.add(code, file=self.file, line=self.line_of(name), key=name, **facts)

    def line_of(self, name: str) -> int:
        return self.node.key_lines.get(name, self.line)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        words = tuple(known)
        for name in self.node.entries:
            if name not in words:
                self.tell("unknown-field", name, expected=words, nearest=nearest(name, words))

    def node_of(self, name: str, *, required: bool) -> Node | None:
        node = self.node.entries.get(name)
        if node is None and required:
            self.tell("missing-field", name, expected=(name,))
        return node

    def text(self, name: str, *, required: bool = True) -> str:
        """A text that says something, in one scalar."""
        node = self.node_of(name, required=required)
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self.tell("not-text", name)
        elif node.is_null or not node.text.strip():
            self.tell("empty-text", name)
        else:
            return node.text.strip()
        return ""

    def text_or_null(self, name: str) -> str:
        """A text, or empty for an outspoken `null`: not known."""
        node = self.node_of(name, required=True)
        return "" if isinstance(node, Scalar) and node.is_null else self.text(name, required=False)

    def one_of(self, name: str, allowed: Iterable[str], *, required: bool = True) -> str:
        words, found = tuple(allowed), self.text(name, required=required)
        if found and found not in words:
            self.tell("not-one-of", name, found=found, expected=words, nearest=nearest(found, words))
            return ""
        return found

    def since_or_null(self, name: str) -> Since | None:
        found = self.text_or_null(name)
        return self.since(found, name) if found else None

    def since(self, stated: str, name: str) -> Since | None:
        try:
            since = Since.read(stated)
        except NotADay:
            self.tell("no-such-day", name, found=stated)
            return None
        if stated != UNDATED and since.day.year not in YEARS:
            self.tell("day-too-far", name, found=stated)
            return None
        return since

    def texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """One text or a list of texts."""
        node = self.node_of(name, required=required)
        if isinstance(node, Sequence):
            return tuple(self._item(name, item) for item in node.items)
        found = self.text(name, required=False)
        return (found,) if found else ()

    def _item(self, name: str, item: Node) -> str:
        if isinstance(item, Scalar) and not item.is_null and item.text.strip():
            return item.text.strip()
        self.problems.add("not-text", file=self.file, line=item.line, key=name)
        return ""

    def mapping(self, name: str, *, required: bool = True) -> "Fields | None":
        node = self.node_of(name, required=required)
        if node is None:
            return None
        if not isinstance(node, Mapping):
            self.tell("not-fields", name)
            return None
        return Fields(node, file=self.file, problems=self.problems, line=self.line_of(name))
