"""From items of the intake to drafts of the library. Nothing here makes anything public.

A group of items is one transaction: after a kill at any moment each item is either wholly there, with its files and its
trace, or not at all, and running the same import again brings in what is missing. An item is known by its content
(`Record.import_key`): the same content is never taken in twice on one site. A source whose content changed becomes a
new draft beside the old record, which may be public by now, and the report names both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.content import reading_words
from jiyue.content.actions import keep_new, store_attachment, store_picture
from jiyue.content.file_types import refuse_disguised
from jiyue.content.intake import Item, ItemFile, Note, Refusal
from jiyue.content.intake.exchange import COMMON as EXCHANGED
from jiyue.content.intake.exchange import OWN
from jiyue.content.models import RECORD_TYPES, Column, PolicyDocument, Record
from jiyue.content.policies import may_write_in
from jiyue.content.readiness import problems
from jiyue.domain.moments import SHANGHAI
from jiyue.estate.models import Site
from jiyue.identity.models import User

GROUP = 20  # items a transaction: a writer of the console never waits long for its turn
REFERENCES = ("image", "document", "media", "poster")
POLICY_FIELDS = ("document_number", "index_number", "written_on", "effective_on", "addressee")


@dataclass(frozen=True)
class Kept:
    """What became of one item. `new` is false for content that an earlier run brought in.

    `doubts`, `absences` and `lacks` are sentences: what to check, what was not found, what forbids to submit it.
    """

    item: Item
    record: Record
    new: bool
    doubts: tuple[str, ...]
    absences: tuple[str, ...]
    lacks: tuple[str, ...]


Told = Kept | Refusal


def import_all(
    *, results: Iterable[Item | Refusal], column: Column, by: User, now: datetime, source: str = ""
) -> Iterator[list[Told]]:
    """Take everything in, a group and a transaction at a time; gives what became of each group.

    Raises PermissionDenied when `by` may not write in the column, also when that right is taken away meanwhile.
    """
    results = iter(results)
    while group := list(islice(results, GROUP)):
        items = [result for result in group if isinstance(result, Item)]
        told = iter(import_items(items=items, column=column, by=by, now=now, source=source))
        yield [next(told) if isinstance(result, Item) else result for result in group]


@transaction.atomic
def import_items(*, items: Sequence[Item], column: Column, by: User, now: datetime, source: str = "") -> list[Told]:
    """Keep items as drafts of `column`, in one transaction, in the order given.

    `source` is the 来源 of items that name none. An item that cannot be kept is a Refusal with the reason. Raises
    PermissionDenied when `by` may not write there.
    """
    if not may_write_in(by, column):
        raise PermissionDenied(_("您不能在“%(column)s”栏目录入稿件") % {"column": column.name})
    there = _records_with(column, [item.key for item in items])
    earlier = _at_addresses(column, items)
    told: list[Told] = []
    for item in items:
        before = _earlier_title(item, there.get(item.key), earlier)
        record, doubts = _draft(item, column=column, source=source, now=now, before=before)
        if item.key in there:
            told.append(_told(item, there[item.key], new=False, more=doubts))
            continue
        told.append(_keep(item, record, doubts, by=by, now=now))
        if record.pk:
            there[item.key] = record
    return told


def typed_records(records: Iterable[Record]) -> list[Record]:
    """The same records as rows of their own types, with what a check or a version reads, a statement a type."""
    by_kind: dict[str, list[int]] = {}
    for record in records:
        by_kind.setdefault(record.kind, []).append(record.pk)
    near = ("column__site", "site__owner", "responsible", "cover")
    return [
        record for kind, keys in by_kind.items()
        for record in RECORD_TYPES[kind].objects.filter(pk__in=keys).select_related(*near)
    ]  # fmt: skip


def _records_with(column: Column, keys: list[str]) -> dict[str, Record]:
    found = Record.objects.filter(site=column.site_id, import_key__in=keys)
    return {record.import_key: record for record in typed_records(found.only("pk", "kind"))}


def _at_addresses(column: Column, items: Sequence[Item]) -> list[tuple[int, str, str, str]]:
    addresses = {address for item in items if (address := _address(item))}
    found = Record.objects.filter(site=column.site_id, original_address__in=addresses).order_by("pk")
    return list(found.values_list("pk", "original_address", "import_key", "title"))


def _earlier_title(item: Item, record: Record | None, earlier: list[tuple[int, str, str, str]]) -> str:
    """The title of a record that came from the item's address before it, with other content."""
    for pk, address, key, title in earlier:
        if address == _address(item) and key != item.key and (record is None or pk < record.pk):
            return title
    return ""


def _draft(item: Item, *, column: Column, source: str, now: datetime, before: str) -> tuple[Record, list[str]]:
    """The record as it would be kept, without its body; and what to say of values and files that were left out."""
    record = RECORD_TYPES[item.kind](site=column.site, column=column, import_key=item.key)
    record.title = item.title
    record.responsible = column.responsible or column.site.owner
    doubts = [_("这个网址的稿件（《%(title)s》）以前录入过，现在的内容不同，已另存为新草稿；请核对后只保留一篇。")
              % {"title": before}] if before else []  # fmt: skip
    values = _candidates(item, source)
    doubts += [*_left_out_future(values, now), *_fill(record, values)]
    return record, [*doubts, *_refused_files(item).values()]


def _keep(item: Item, record: Record, doubts: list[str], *, by: User, now: datetime) -> Told:
    try:
        with transaction.atomic():
            blocks = _with_files(item, site=record.site, by=by, now=now)
            record.body = record.body.stream_block.to_python(blocks)
            keep_new(record=record, by=by, now=now)
    except ValidationError as error:
        why = _("“%(title)s”不能录入：%(why)s") % {"title": item.title[:40], "why": "；".join(error.messages)}
        return Refusal(item.source, Note("not_kept", "error", why), item.line)
    return _told(item, record, new=True, more=doubts)


def _told(item: Item, record: Record, *, new: bool, more: Iterable[str]) -> Kept:
    """Drafts are judged as they are now; who already waits for a review has passed that check."""
    return Kept(
        item, record, new,
        doubts=(*reading_words.doubts(item), *more),
        absences=tuple(reading_words.absences(item)),
        lacks=tuple(problem.message for problem in problems(record, on=timezone.localdate(record.changed_at))),
    )  # fmt: skip


# ---- fields --------------------------------------------------------------------------------------------------------


def _candidates(item: Item, source: str) -> dict[str, Any]:
    """Values for the fields of a draft; those the item does not have are left out."""
    issuers = item.value("issuers") or ("",)
    address = _address(item)
    values: dict[str, Any] = {
        "source": item.origin or issuers[0] or source or urlsplit(address).hostname,
        "subject_class": item.value("topic"),
        "original_source": item.origin,
        "original_address": address,
        "original_published_at": _moment(item.value("published_on")),
    }
    if item.kind == "policy_document":
        values |= {name: item.value(name) for name in POLICY_FIELDS}
        values |= {"issuer": "、".join(issuers), "reading": reading_words.reading_of(item)}
        # Nothing in an old text says whether it is still in force; a default would claim it.
        values["validity"] = PolicyDocument.Validity.UNCHECKED
    more = {
        name: item.value(name) for name in (*EXCHANGED, "keywords", *(name for own in OWN.values() for name in own))
    }
    known = {field.name for field in RECORD_TYPES[item.kind]._meta.get_fields()}
    values |= {name: value for name, value in more.items() if name in known and name not in values}
    return {name: value for name, value in values.items() if value}


def _fill(record: Record, values: Mapping[str, Any]) -> list[str]:
    """Set each value that its field accepts; the sentences name those that were left out."""
    lost = []
    for name, value in values.items():
        field = cast(Field, record._meta.get_field(name))
        try:
            setattr(record, name, field.clean(value, record))
        except ValidationError as error:
            lost.append(_("%(field)s“%(value)s”没有采用：%(why)s") % {
                "field": field.verbose_name, "value": reading_words.shown(value)[:80], "why": "".join(error.messages),
            })  # fmt: skip
    return lost


def _left_out_future(values: dict[str, Any], now: datetime) -> list[str]:
    """A day of publication that has not come yet is a slip of the source, and would stand above everything else."""
    moment = values.get("original_published_at")
    if moment is None or moment <= now:
        return []
    del values["original_published_at"]
    return [_("原发布时间“%(value)s”晚于今天，没有采用。") % {"value": reading_words.shown(moment)}]


def _address(item: Item) -> str:
    """Where the item stood before; escapes of a long address are written as the characters they stand for."""
    return item.address if len(item.address) <= 400 else unquote(item.address)


def _moment(value: date | datetime | None) -> datetime | None:
    """A day without an hour is kept as its midnight in Shanghai (`domain.moments`); the hour is not made up."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=SHANGHAI)
    return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)


# ---- files ---------------------------------------------------------------------------------------------------------


def _refused_files(item: Item) -> dict[str, str]:
    """Why a file of the item is not taken, by its reference in the blocks."""
    refused = {}
    for place, file in enumerate(item.files):
        try:
            refuse_disguised(name=file.name, data=file.content)
        except ValidationError as error:
            refused[f"@{place}"] = "；".join(error.messages)
    return refused


def _with_files(item: Item, *, site: Site, by: User, now: datetime) -> list[dict[str, Any]]:
    """The blocks with the keys of stored files in the place of "@0", "@1"…; a block whose file is refused is left out."""
    refused = _refused_files(item)
    kept = {
        f"@{place}": _store(file, site=site, by=by, now=now)
        for place, file in enumerate(item.files) if f"@{place}" not in refused
    }  # fmt: skip
    return [_filled(block, kept) for block in item.blocks if not refused.keys() & set(_references(block))]


def _store(file: ItemFile, *, site: Site, by: User, now: datetime) -> int:
    store = store_picture if file.media_type.startswith("image/") else store_attachment
    stored = store(site=site, name=file.name, data=file.content, title=file.name, by=by, now=now)
    return int(stored.pk)


def _references(block: Mapping[str, Any]) -> list[str]:
    value = block["value"]
    if not isinstance(value, Mapping):
        return []
    return [str(value[name]) for name in REFERENCES if value.get(name)]


def _filled(block: Mapping[str, Any], kept: Mapping[str, int]) -> dict[str, Any]:
    value = block["value"]
    if isinstance(value, Mapping):
        value = {name: kept[part] if name in REFERENCES and part else part for name, part in value.items()}
    return {**block, "value": value}
