"""A frozen version in words: labelled facts, what differs between two, and where its files can be looked at."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jiyue.console.policy.plans import plan_in_words
from jiyue.content.guides import STREAMS
from jiyue.content.models import RECORD_TYPES, PolicyDocument, Record
from jiyue.content.needs import NEEDS
from jiyue.content.service_blocks import ORIGINALS, SOURCES
from jiyue.content.snapshots import NAMING
from jiyue.domain.comparison import ChangedLine, Piece, changed_lines, pieces
from jiyue.domain.moments import begins_day

# Shown elsewhere on the page, or nobody's reading.
NOT_FACTS = frozenset(
    {
        "format",
        "identity",
        "site",
        "column",
        "blocks",
        "body",
        "text",
        "outline",
        "files",
        "detail",
        "title",
        "kind",
        "together",
    }
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d\d:\d\d)")
PUBLIC_FILE = re.compile(r"/files/[0-9a-f]{2}/(?P<digest>[0-9a-f]{16})/(?P<file>.*)")
ADDRESS = re.compile(r'(?P<name>\b(?:src|href|poster)=")/files/[0-9a-f]{2}/(?P<digest>[0-9a-f]{16})/(?P<file>[^"]*)')


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Difference:
    """One fact that is not what it was, as marked pieces."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Differences:
    """Everything that differs between two versions of one thing."""

    facts: list[Difference]
    lines: list[ChangedLine]
    files_added: list[str]
    files_removed: list[str]

    def __bool__(self) -> bool:
        return bool(self.facts or self.lines or self.files_added or self.files_removed)

    @property
    def summary(self) -> str:
        """The changes in one sentence."""
        parts = []
        if self.facts:
            parts.append("、".join(difference.label for difference in self.facts))
        if self.lines:
            parts.append(_("正文 %(n)s 段") % {"n": len(self.lines)})
        if self.files_added or self.files_removed:
            parts.append(_("文件 %(n)s 个") % {"n": len(self.files_added) + len(self.files_removed)})
        return _("改动了：%(what)s") % {"what": "；".join(parts)} if parts else _("内容没有改动")


def facts_of(content: Mapping[str, Any]) -> list[Fact]:
    """The facts of a record version that have a value, in the order of its fields, labelled as in the editor."""
    return [Fact(label, value) for label, value in _facts(content) if value]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Differences:
    """What a reader of `before` would find altered in `after`."""
    old, new = (dict([*_facts(version), *plan_in_words(version)]) for version in (before, after))
    labels = list(dict.fromkeys([*new, *old]))
    changed = [(label, old.get(label, ""), new.get(label, "")) for label in labels]
    was, now = _files(before), _files(after)
    return Differences(
        facts=[Difference(label, pieces(a, b)) for label, a, b in changed if a != b],
        lines=changed_lines(before.get("text", ""), after.get("text", "")),
        files_added=[name for digest, name in now.items() if digest not in was],
        files_removed=[name for digest, name in was.items() if digest not in now],
    )


def body_for_staff(content: Mapping[str, Any], version: int) -> SafeString:
    """The signed body as the public will read it, its private files led through the console.

    The HTML was sanitised when it was frozen, and its digest is checked by whoever hands `content` over.
    """
    shown = ADDRESS.sub(lambda found: f"{found['name']}{_file_address(version, found)}", content.get("body", ""))
    return mark_safe(shown)  # noqa: S308 - sanitised by content.snapshots, digest checked


def led_through_console(address: str, version: int) -> str:
    """The console's address of a version's private file, from the address it will have in public."""
    found = PUBLIC_FILE.fullmatch(address)
    return _file_address(version, found) if found else address


def _file_address(version: int, found: re.Match[str]) -> str:
    # The name is quoted in the public address already; to quote it again would ask for another file.
    return reverse("console_version_file", args=[version, found["digest"], unquote(found["file"])])


def _facts(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    model = RECORD_TYPES[content["kind"]]
    yield str(Record._meta.get_field("title").verbose_name), content["title"]
    for name, value in content.items():
        if name == "original":
            yield from _original(value)
        elif name == "cover":
            yield str(_("题图")), value["name"] if value else ""
            yield str(_("题图替代文字")), value["alt"] if value else ""
        elif name == "column_path":
            yield str(_("栏目网址")), f"/{value}/"
        elif name not in NOT_FACTS:
            yield _label(model, name), _worded(model, name, value)
    for name, value in content["detail"].items():
        if name == "answers":
            yield str(_("回答的公众关心问题")), "；".join(_answer(row) for row in value)
            continue
        yield _label(model, name), _worded(model, name, value)


def _answer(row: Mapping[str, str]) -> str:
    return _("%(words)s（见“%(section)s”）") % row if row["section"] else row["words"]


def _original(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("published_at", "source", "address"):
        yield (
            _label(Record, f"original_{name}"),
            _day_alone(value[name]) or _worded(Record, f"original_{name}", value[name]),
        )


def _day_alone(value: str | None) -> str:
    """The day of a moment whose hour nobody knows; empty for everything else."""
    if not value or not MOMENT.fullmatch(value):
        return ""
    moment = datetime.fromisoformat(value)
    return f"{timezone.localtime(moment):%Y-%m-%d}" if begins_day(moment) else ""


def _label(model, name: str) -> str:
    try:
        return str(model._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


NAMED = {name for names in NAMING.values() for name in names}


def _rows(rows: list[Mapping[str, Any]]) -> str:
    """Rows of a guide, each with its words and files."""
    return "；".join("，".join(filter(None, map(_cell, row.values()))) for row in rows)


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value["name"])
    return str(ROW_CODES.get(value, value)) if isinstance(value, str) else ""


def _item(item: Mapping[str, Any]) -> str:
    return f"{item['name']}（{item['code']}）"


ROW_CODES = dict((*ORIGINALS, *SOURCES))


def _related(wishes: Mapping[str, list[str]]) -> str:
    """What editors pinned beside it and what they hid, by title."""
    names = {"pinned": _("固定：%(titles)s"), "hidden": _("不显示：%(titles)s")}
    return "；".join(names[part] % {"titles": _titles(wanted)} for part, wanted in wishes.items())


def _titles(identities: list[str]) -> str:
    titles = dict(Record.objects.filter(identity__in=identities).values_list("identity", "title"))
    return "、".join(f"《{titles[UUID(identity)]}》" for identity in identities if UUID(identity) in titles)


WORDED: dict[str, Callable[[Any], str]] = {"item": _item, "related": _related, **dict.fromkeys(STREAMS, _rows)}


def _worded(model, name: str, value: Any) -> str:
    if value in (None, "", [], {}, False):
        return ""
    if value is True:
        return _("是")
    if name in WORDED:
        return WORDED[name](value)
    if name in NAMED:
        titles = PolicyDocument.objects.filter(identity__in=value).order_by("title").values_list("title", flat=True)
        return "；".join(titles)
    if name in NEEDS:
        value = [dict(NEEDS[name].choices).get(code, code) for code in value]
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    choices = dict(getattr(model._meta.get_field(name), "flatchoices", []) or [])
    return str(choices.get(value, "")) or _dated(str(value))


def _dated(value: str) -> str:
    """An ISO date or moment as people write it; any other text as it is."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        day = date.fromisoformat(value)
        return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}
    if MOMENT.fullmatch(value):
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    return value


def _files(content: Mapping[str, Any]) -> dict[str, str]:
    return {file["digest"]: file["name"] for file in content.get("files", [])}
