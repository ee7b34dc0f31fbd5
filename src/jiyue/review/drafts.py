"""The checks over what nobody has submitted yet: a saved draft, or what stands in an editor's form at this moment.

Here the places of findings are those of the form: a field, or a block of the body and which occurrence in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from django.conf import settings

from jiyue.checks.findings import Finding as Raw
from jiyue.checks.matter import Matter, Part
from jiyue.checks.reading import matter_of_body
from jiyue.checks.running import check
from jiyue.content.markup import Block
from jiyue.content.mending import mended, replaced, spot_of
from jiyue.content.models import Attachment, Record
from jiyue.content.snapshots import draft_of, refs_of
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.review.checking import Engine, Found, found_of
from jiyue.review.matters import StoredFile, fields_of, is_spoken

OF_FIELDS = frozenset({"title", "keywords", "description", "metadata"})


@dataclass(frozen=True)
class Change:
    """One place that a button mends: which words become which, for a look before it is done."""

    words: str
    instead: str
    nth: int
    field: str = ""  # "" for the body


@dataclass(frozen=True)
class Placed:
    """A finding and where it stands in the form. `words` is what is marked there, the `nth` time in its block or field."""

    found: Found
    field: str = ""
    block: int | None = None
    words: str = ""
    nth: int = 0
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Draft:
    """The words of a draft: its fields by name, and its body as blocks."""

    fields: Mapping[str, str]
    blocks: list[Block] = field(default_factory=list)

    @property
    def matter(self) -> Matter:
        return matter_of_body(self.blocks, self.fields)


def draft_words(record: Record) -> Draft:
    """The words of a record as it stands, saved or not, as its snapshot would hold them."""
    content, _lacks = draft_of(record, address=lambda _file: "")
    return Draft(fields_of(content), record.body.get_prep_value() if record.body else [])


def placed(draft: Draft, engine: Engine) -> list[Placed]:
    """Everything found in a draft's words, each with its place in the form."""
    matter = draft.matter
    return [_placed(raw, matter, draft) for raw in check(matter, engine.settings)]


def mend(draft: Draft, findings: Iterable[Placed]) -> Draft:
    """The draft with every change of these findings made."""
    # The words of a guide's item are its keeper's, not the draft's.
    changes = {change for one in findings for change in one.changes if not change.field.startswith("item.")}
    fields = dict(draft.fields)
    for change in sorted((one for one in changes if one.field), key=lambda one: one.nth, reverse=True):
        fields[change.field] = replaced(fields[change.field], change.words, change.nth, change.instead)
    return Draft(fields, mended(draft.blocks, [(one.words, one.nth, one.instead) for one in changes if not one.field]))


def attached_files(record: Record) -> Iterator[StoredFile]:
    """The attachments of a draft under the digests its snapshot will have; their bytes are put into the object store."""
    record = record.typed
    wanted = [ref.id for ref in refs_of(record) if ref.kind == "document"]
    store = ObjectStore(Home(settings.JIYUE_HOME).prepare())
    for attachment in Attachment.objects.filter(pk__in=wanted, site=record.site_id):
        name = PurePath(attachment.filename).name
        if not is_spoken(name):
            with attachment.file.open("rb") as file:
                yield StoredFile(store.put_stream(file), name)


# ---- places --------------------------------------------------------------------------------------------------------


def _placed(raw: Raw, matter: Matter, draft: Draft) -> Placed:
    found, counting = found_of(raw, matter, ""), _Counting(matter, draft)
    changes = tuple(counting.change(fix.start, fix.end, fix.replacement) for fix in raw.fixes)
    words, nth, name = counting.at(raw.start, raw.end)
    spot = None if name else spot_of(draft.blocks, words, nth)
    if spot is None and not name and changes:
        words, nth, name = changes[0].words, changes[0].nth, changes[0].field
        spot = None if name else spot_of(draft.blocks, words, nth)
    if spot is None and not name:
        return _in_its_part(found, counting, raw.start, changes)
    return Placed(found, name, spot.block if spot else None, words, spot.nth if spot else nth, changes)


def _in_its_part(found: Found, counting: "_Counting", start: int, changes: tuple[Change, ...]) -> Placed:
    """What spans several places is shown where it begins."""
    part = counting.matter.part_at(start)
    if part is None:
        return Placed(found, changes=changes)
    words, nth, name = counting.at(part.start, part.end)
    spot = None if name else spot_of(counting.draft.blocks, words, nth)
    return Placed(found, name, spot.block if spot else None, "", 0, changes)


class _Counting:
    """Turns places of the text into "the nth time these words stand in this field, or in the body"."""

    def __init__(self, matter: Matter, draft: Draft) -> None:
        self.matter, self.draft = matter, draft
        self._fields = dict(
            zip(self._field_parts(), (name for name, value in draft.fields.items() if value), strict=False)
        )

    def change(self, start: int, end: int, instead: str) -> Change:
        words, nth, name = self.at(start, end)
        return Change(words, instead, nth, name)

    def at(self, start: int, end: int) -> tuple[str, int, str]:
        words, part = self.matter.text[start:end], self.matter.part_at(start)
        name = self._fields.get(part, "") if part else ""
        if part is None or name:
            before = self.matter.text[part.start if part else 0 : start]
            return words, before.count(words) if words else 0, name
        nth = sum(self._within(one, start).count(words) for one in self._body_parts(start)) if words else 0
        return words, nth, ""

    def _within(self, part: Part, until: int) -> str:
        return self.matter.text[part.start : min(part.end, until)]

    def _body_parts(self, until: int) -> Iterator[Part]:
        return (part for part in self.matter.parts if part.kind not in OF_FIELDS and part.start < until)

    def _field_parts(self) -> list[Part]:
        return [part for part in self.matter.parts if part.kind in OF_FIELDS]
