"""What a site consists of: directories that list name, kind, digest and size, like git's trees.

A change rewrites only the directories on the way from the changed path to the root; everything else keeps its digest.
Nothing here reads a disk: `load` gives the bytes of a tree object by its digest.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from jiyue.domain.digests import SHA256, digest_of

FILE: Final = "file"
TREE: Final = "tree"
LONGEST_NAME: Final = 255  # bytes; what ext4, XFS and tmpfs take
LONGEST_PATH: Final = 1024  # bytes
DEEPEST: Final = 32  # directories; each level is one symbolic link, and Linux follows at most 40

_HEADER: Final = "jiyue tree 1\n"
_LETTER: Final = {FILE: "f", TREE: "t"}
_KIND: Final = {letter: kind for kind, letter in _LETTER.items()}
# Control characters (Cc), line and paragraph separators, halves of surrogate pairs.
_DANGEROUS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\ud800-\udfff]")
_LINE: Final = re.compile(r"([ft]) ((?:sm3-)?[0-9a-f]{64}) (0|[1-9][0-9]*) ([^/]+)")

Load = Callable[[str], bytes]


class BadPath(ValueError):
    """A path that may not stand in a tree; the arguments are the path and the rule it breaks."""

    def __init__(self, path: str, rule: str) -> None:
        super().__init__(f"{path!r}: {rule}")
        self.path = path
        self.rule = rule


class PathConflict(ValueError):
    """The same path would be a file and a directory."""


class TreeDamaged(ValueError):
    """The bytes of a tree object are not in the one form that `written` gives."""


class File(NamedTuple):
    digest: str
    size: int  # bytes


class Entry(NamedTuple):
    kind: str
    digest: str
    size: int  # bytes; of a tree: of all files below it

    @property
    def file(self) -> File:
        return File(self.digest, self.size)


class Difference(NamedTuple):
    path: str
    before: File | None
    after: File | None


Entries = dict[str, Entry]


@dataclass(frozen=True)
class Applied:
    root: str
    objects: dict[str, bytes]  # tree objects that the old root did not have, by digest


# ---- names -------------------------------------------------------------------------------------------------------


def check_path(path: str) -> None:
    """Raise BadPath unless `path` may stand in a tree: relative, NFC, no dot segments, no control characters."""
    if len(path.encode("utf-8", "surrogatepass")) > LONGEST_PATH:
        raise BadPath(path, f"longer than {LONGEST_PATH} bytes")
    names = path.split("/")
    if len(names) > DEEPEST:
        raise BadPath(path, f"deeper than {DEEPEST} directories")
    for name in names:
        rule = _broken_rule(name)
        if rule:
            raise BadPath(path, rule)


def _broken_rule(name: str) -> str:
    if not name or name in (".", ".."):
        return "absolute, or with an empty or dot segment"
    if _DANGEROUS.search(name):
        return "holds a backslash or a control character"
    if not name.isascii() and not unicodedata.is_normalized("NFC", name):
        return "not in Unicode normal form C"
    if len(name.encode()) > LONGEST_NAME:
        return f"a name longer than {LONGEST_NAME} bytes"
    return ""


# ---- one tree object ---------------------------------------------------------------------------------------------


def written(entries: Mapping[str, Entry]) -> bytes:
    """The one form of a tree object: a header, then a line for each entry, sorted by name.

    Python sorts text by code point, which is the order of its UTF-8 bytes too.
    """
    lines = [f"{_LETTER[kind]} {digest} {size} {name}\n" for name, (kind, digest, size) in sorted(entries.items())]
    return (_HEADER + "".join(lines)).encode()


def read(data: bytes) -> Entries:
    """The entries of a tree object; raises TreeDamaged for anything that `written` would not have given."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise TreeDamaged(str(error)) from error
    header, *lines = text.split("\n")
    if header + "\n" != _HEADER or lines.pop() != "":
        raise TreeDamaged("not a tree object")
    pairs = [_read_line(line) for line in lines]
    names = [name for name, _ in pairs]
    if names != sorted(set(names)):
        raise TreeDamaged("not in order")
    return dict(pairs)


def _read_line(line: str) -> tuple[str, Entry]:
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise TreeDamaged(f"not an entry: {line}")
    letter, digest, size, name = parts.groups()
    if rule := _broken_rule(name):
        raise TreeDamaged(rule)
    return name, Entry(_KIND[letter], digest, int(size))


def _entries(root: str | None, load: Load) -> Entries:
    return {} if root is None else read(load(root))


# ---- changing ----------------------------------------------------------------------------------------------------


@dataclass
class _Step:
    """What shall happen to one name: to the file of that name, and to what lies below it."""

    touched: bool = False
    file: File | None = None
    below: "dict[str, _Step]" = field(default_factory=dict)


def apply(changes: Mapping[str, File | None], *, root: str | None, load: Load, algorithm: str = SHA256) -> Applied:
    """The tree that follows when `changes` (path → new file, or None: no file there) are made to the tree `root`.

    `root=None` is the empty tree. Empty directories vanish. To remove a file that is not there is no error, so that
    the same changes may be applied twice. Raises BadPath and PathConflict; `load` may raise what it likes.
    """
    return _Writer(load, algorithm).apply(_planned(changes), root)


def _planned(changes: Mapping[str, File | None]) -> dict[str, _Step]:
    top = _Step()
    for path, file in changes.items():
        check_path(path)
        step = top
        for name in path.split("/"):
            step = step.below.setdefault(name, _Step())
        step.touched, step.file = True, file
    return top.below


class _Writer:
    def __init__(self, load: Load, algorithm: str) -> None:
        self.load = load
        self.algorithm = algorithm
        self.objects: dict[str, bytes] = {}

    def apply(self, steps: dict[str, _Step], root: str | None) -> Applied:
        data = written(self._changed(steps, _entries(root, self.load), ""))
        digest = self._keep(data, known=root)
        return Applied(root=digest, objects=self.objects)

    def _changed(self, steps: dict[str, _Step], entries: Entries, above: str) -> Entries:
        changed = dict(entries)
        for name, step in steps.items():
            entry = self._replaced(step, entries.get(name), above + name)
            if entry is None:
                changed.pop(name, None)
            else:
                changed[name] = entry
        return changed

    def _replaced(self, step: _Step, old: Entry | None, path: str) -> Entry | None:
        old_tree = old if old is not None and old.kind == TREE else None
        below = self._subtree(step, old_tree, path)
        file = _file_after(step, old)
        if file is not None and below is not None:
            raise PathConflict(path)
        return below if file is None else file

    def _subtree(self, step: _Step, old: Entry | None, path: str) -> Entry | None:
        if not step.below:
            return old
        root = old.digest if old else None
        entries = self._changed(step.below, _entries(root, self.load), path + "/")
        if not entries:
            return None
        return Entry(TREE, self._keep(written(entries), known=root), sum(entry.size for entry in entries.values()))

    def _keep(self, data: bytes, *, known: str | None) -> str:
        digest = digest_of(data, self.algorithm)
        if digest != known:
            self.objects[digest] = data
        return digest


def _file_after(step: _Step, old: Entry | None) -> Entry | None:
    if step.touched:
        return Entry(FILE, *step.file) if step.file else None
    return old if old is not None and old.kind == FILE else None


# ---- reading -----------------------------------------------------------------------------------------------------


def walk(root: str | None, load: Load, above: str = "") -> Iterator[tuple[str, File]]:
    """Every file of the tree with its path, directory by directory in the order of names."""
    for name, entry in _entries(root, load).items():
        if entry.kind == FILE:
            yield above + name, entry.file
        else:
            yield from walk(entry.digest, load, f"{above}{name}/")


def trees(root: str | None, load: Load, seen: set[str] | None = None) -> Iterator[tuple[str, Entries]]:
    """Every distinct directory below and including `root`, children first, each once; `seen` carries on over roots."""
    seen = set() if seen is None else seen
    if root is None or root in seen:
        return
    seen.add(root)
    entries = _entries(root, load)
    for entry in entries.values():
        if entry.kind == TREE:
            yield from trees(entry.digest, load, seen)
    yield root, entries


def find(root: str | None, path: str, load: Load) -> Entry | None:
    """The file or directory at `path`, or None."""
    *folders, name = path.split("/")
    for folder in folders:
        entry = _entries(root, load).get(folder)
        if entry is None or entry.kind != TREE:
            return None
        root = entry.digest
    return _entries(root, load).get(name)


def diff(before: str | None, after: str | None, load: Load, above: str = "") -> Iterator[Difference]:
    """What differs between two trees, by path; equal directories are not even loaded."""
    if before == after:
        return
    old, new = _entries(before, load), _entries(after, load)
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield from _differences(old.get(name), new.get(name), load, above + name)


def _differences(old: Entry | None, new: Entry | None, load: Load, path: str) -> Iterator[Difference]:
    old_file, new_file = _file_of(old), _file_of(new)
    if old_file != new_file:
        yield Difference(path, old_file, new_file)
    yield from diff(_tree_of(old), _tree_of(new), load, path + "/")


def _file_of(entry: Entry | None) -> File | None:
    return entry.file if entry is not None and entry.kind == FILE else None


def _tree_of(entry: Entry | None) -> str | None:
    return entry.digest if entry is not None and entry.kind == TREE else None
