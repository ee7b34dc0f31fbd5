"""Message catalogues: what the console and the portal say, and in which language.

Our own messages are Chinese in the source, so `zh_Hans` only holds what Wagtail and Django leave in English or
word badly; `en` holds the English of our own messages. Compiled files are never committed: `compile_catalogues()`
makes them, and a process started without them speaks half English.
"""

import ast
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import TypeAlias

import polib
from django.utils.translation import to_locale
from django.utils.translation.template import templatize
from jinja2 import Environment

PROJECT = Path(__file__).parents[1] / "locale"
"""Where our own catalogues are; stands alone in `LOCALE_PATHS`."""

WATCHED = ("wagtail", "django.conf", "django.contrib.auth", "django.contrib.contenttypes", "taggit", "django_filters")
"""Packages whose words a person of the staff may meet. Their development extras are not among them."""

UNSEEN = frozenset({"test", "styleguide"})

KEYWORDS = {
    "_": ("message",),
    "gettext": ("message",),
    "gettext_lazy": ("message",),
    "gettext_noop": ("message",),
    "ngettext": ("message", "plural"),
    "ngettext_lazy": ("message", "plural"),
    "pgettext": ("context", "message"),
    "pgettext_lazy": ("context", "message"),
    "npgettext": ("context", "message", "plural"),
    "npgettext_lazy": ("context", "message", "plural"),
}

QUOTED = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL_IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\(\s*{QUOTED}(?:\s*,\s*{QUOTED})?(?:\s*,\s*{QUOTED})?", re.DOTALL)
JINJA = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)

Call: TypeAlias = tuple[int, str, list[str]]
"""Line, name of the function, its texts."""


@dataclass(frozen=True)
class Message:
    """One of our own messages; `where` names file and line and does not count when two are compared."""

    text: str
    plural: str = ""
    context: str = ""
    where: str = field(default="", compare=False)

    @property
    def key(self) -> tuple[str, str]:
        return (self.context, self.text)


def compile_catalogues(path: Path = PROJECT) -> list[Path]:
    """Make the `.mo` beside each `.po` under `path` and return them.

    Each file is switched by rename, so a process that starts meanwhile reads the old one or the new one.
    Raises OSError or SyntaxError for a catalogue that cannot be read.
    """
    return [_compiled(source) for source in sorted(path.glob("*/LC_MESSAGES/*.po"))]


def _compiled(source: Path) -> Path:
    target = source.with_suffix(".mo")
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    polib.pofile(str(source)).save_as_mofile(str(draft))
    draft.replace(target)
    return target


def coverage(language: str) -> dict[str, tuple[int, int]]:
    """Translated and total messages by package and domain, such as `wagtail.admin/djangojs`.

    Counted against the English catalogues, because packages leave untranslated messages out of the others
    and a count inside those always says 100 %. Ours are counted in.
    """
    return {name: (total - len(gaps), total) for name, total, gaps in _measured(language)}


def untranslated(language: str) -> dict[str, list[str]]:
    """The messages that `coverage()` misses, by package and domain; empty where nothing is missing."""
    return {name: [entry.msgid for entry in gaps] for name, _total, gaps in _measured(language) if gaps}


def _measured(language: str) -> Iterator[tuple[str, int, list[polib.POEntry]]]:
    locale = to_locale(language)
    for directory, reference in _references():
        ours = _translated(PROJECT / locale / "LC_MESSAGES" / reference.name)
        known = ours | _translated(directory / locale / "LC_MESSAGES" / reference.name)
        entries = [entry for entry in polib.pofile(str(reference)) if not entry.obsolete]
        gaps = [entry for entry in entries if _identity(entry) not in known]
        yield f"{_package_of(directory)}/{reference.stem}", len(entries), gaps


def _references() -> Iterator[tuple[Path, Path]]:
    """Each watched directory of catalogues, with its list of all messages.

    django-filter ships no English: any of its languages lists them all.
    """
    for package in WATCHED:
        for directory in _locale_directories(package):
            english = directory / "en" / "LC_MESSAGES"
            complete = english if english.is_dir() else directory / "fr" / "LC_MESSAGES"
            for reference in sorted(complete.glob("*.po")):
                yield directory, reference


def _locale_directories(package: str) -> list[Path]:
    spec = find_spec(package)
    roots = spec.submodule_search_locations if spec else None
    if not roots:
        return []
    found = (directory for directory in Path(roots[0]).rglob("locale") if directory.is_dir())
    return sorted(directory for directory in found if not UNSEEN & set(directory.parts))


def _package_of(directory: Path) -> str:
    parts = directory.parent.parts
    return ".".join(parts[len(parts) - parts[::-1].index("site-packages") :])


def _translated(path: Path) -> set[tuple[str, str, str]]:
    """Identities of the finished messages of a catalogue; a doubtful one counts as missing."""
    if not path.exists():
        return set()
    return {_identity(entry) for entry in polib.pofile(str(path)) if entry.translated()}


def _identity(entry: polib.POEntry) -> tuple[str, str, str]:
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def extract(src: Path) -> list[Message]:
    """Our own messages in the Python files and templates under `src`, each once, in the order of files.

    Templates below a folder `jinja2` are Jinja2's, other `.html`, `.txt` and `.xml` files below a folder
    `templates` are Django's. Raises SyntaxError for a Python file that does not parse.
    """
    found: dict[tuple[str, str], Message] = {}
    for path in sorted(path for path in src.rglob("*") if path.is_file()):
        for message in _messages_of(path, src):
            found.setdefault(message.key, message)
    return list(found.values())


def missing(src: Path, language: str = "en") -> list[Message]:
    """Own messages that have no translation into `language` yet."""
    done = {(context, text) for context, text, _plural in _translated(_catalogue(language))}
    return [message for message in extract(src) if message.key not in done]


def append_missing(src: Path, language: str = "en") -> int:
    """Add own messages to the catalogue of `language`, untranslated, and return how many were added.

    What nobody says any more is dropped; translations that are there are kept.
    """
    catalogue = polib.pofile(str(_catalogue(language)), wrapwidth=110)
    messages = extract(src)
    said = {message.key for message in messages}
    catalogue[:] = [entry for entry in catalogue if (entry.msgctxt or "", entry.msgid) in said]
    listed = {(entry.msgctxt or "", entry.msgid) for entry in catalogue}
    new = [message for message in messages if message.key not in listed]
    catalogue.extend(_entry(message) for message in new)
    catalogue.save()
    return len(new)


def _catalogue(language: str) -> Path:
    return PROJECT / to_locale(language) / "LC_MESSAGES" / "django.po"


def _entry(message: Message) -> polib.POEntry:
    flags = ["python-format"] if "%(" in message.text else []
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None, flags=flags)
    if message.plural:
        entry.msgid_plural, entry.msgstr_plural = message.plural, {0: "", 1: ""}
    return entry


def _messages_of(path: Path, src: Path) -> Iterator[Message]:
    folders = path.relative_to(src).parts[:-1]
    if path.suffix == ".py":
        calls = _calls_of_python(path)
    elif path.suffix in {".html", ".txt", ".xml"} and "jinja2" in folders:
        calls = _calls_of_jinja(path)
    elif path.suffix in {".html", ".txt", ".xml"} and "templates" in folders:
        calls = _calls_of_django(path)
    else:
        return
    for line, keyword, arguments in calls:
        parts = dict(zip(KEYWORDS[keyword], arguments, strict=False))
        if parts.get("message"):
            yield Message(
                parts["message"],
                plural=parts.get("plural", ""),
                context=parts.get("context", ""),
                where=f"{path.relative_to(src)}:{line}",
            )


def _calls_of_python(path: Path) -> Iterator[Call]:
    nodes = ast.walk(ast.parse(path.read_text("utf-8"), str(path)))
    calls = [node for node in nodes if isinstance(node, ast.Call) and _name_of(node.func) in KEYWORDS]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        texts = [part.value if isinstance(part, ast.Constant) else None for part in call.args]
        yield call.lineno, _name_of(call.func), _leading_texts(texts)


def _name_of(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _calls_of_jinja(path: Path) -> Iterator[Call]:
    source = path.read_text("utf-8")
    # The i18n extension gives the environment this method, which its type does not know.
    for line, keyword, texts in JINJA.extract_translations(source, tuple(KEYWORDS)):
        yield line, keyword, _leading_texts([texts] if isinstance(texts, str) else list(texts or ()))


def _calls_of_django(path: Path) -> Iterator[Call]:
    source = templatize(path.read_text("utf-8"), origin=str(path))
    for call in CALL_IN_TEMPLATE.finditer(source):
        texts = [ast.literal_eval(quoted) for quoted in call.groups()[1:] if quoted]
        yield source.count("\n", 0, call.start()) + 1, call[1], texts


def _leading_texts(values: Iterable[object]) -> list[str]:
    """The texts before the first thing that is computed, such as a count."""
    return list(takewhile(lambda value: isinstance(value, str), values))
