"""A site's guides as entries of the exchange format, and values of an entry put back into a draft."""

from collections.abc import Mapping
from typing import Any, cast

from django.db.models import Field
from django.utils.translation import gettext as _

from jiyue.content.guides import STREAMS, item_facts
from jiyue.content.models import ServiceGuide, ServiceItem
from jiyue.domain.service_differences import Difference, Kind, named_rows, plain_row, same
from jiyue.domain.service_items import (
    GUIDE_FIELDS,
    ITEM_FIELDS,
    RULES,
    Material,
    Number,
    Question,
    ServiceEntry,
    Step,
)

# Elements of an item under the names that its row gives them.
ITEM_COLUMNS: Mapping[str, str] = {name: {"item_basis": "legal_basis"}.get(name, name) for name in ITEM_FIELDS}
ROWS = {"materials": "material", "process": "step", "questions": "question"}
PLAIN_FIELDS = tuple(name for name in GUIDE_FIELDS if name not in ROWS)
ALL_STATED = frozenset(RULES) - {"code"}


class Moved(ValueError):
    """The draft says neither what the comparison saw nor what the other side says; a person has to look."""


def entry_of_facts(detail: Mapping[str, Any], *, title: str) -> ServiceEntry:
    """The entry of a guide as a snapshot holds it (`detail`), public or draft."""
    item = detail.get("item") or {}
    values: dict[str, Any] = {name: item.get(column) or "" for name, column in ITEM_COLUMNS.items()}
    values |= {name: tuple(item.get(name) or ()) for name in ("audiences", "themes", "life_events")}
    values |= {"charged": bool(item.get("charged")), "title": title}
    for name in PLAIN_FIELDS:
        if name != "title":
            values[name] = detail.get(name) if isinstance(RULES[name], Number) else detail.get(name) or ""
    values |= {
        "materials": tuple(_material(row) for row in detail.get("materials") or ()),
        "process": tuple(_step(row) for row in detail.get("process") or ()),
        "questions": tuple(
            Question(_text(row, "question"), _text(row, "answer")) for row in detail.get("questions") or ()
        ),
    }
    return ServiceEntry(item.get("code") or "", **values, stated=ALL_STATED)


def entry_of_draft(guide: ServiceGuide) -> ServiceEntry:
    """The entry of a guide as its draft stands now."""
    detail: dict[str, Any] = {name: getattr(guide, name) for name in PLAIN_FIELDS if name != "title"}
    detail |= {name: guide.stream(name) for name in STREAMS}
    detail["item"] = item_facts(guide.item) if guide.item else None
    return entry_of_facts(detail, title=guide.title)


def entry_of_item(item: ServiceItem) -> ServiceEntry:
    """What an item says without a guide; only its own elements are stated."""
    values = {name: getattr(item, column) for name, column in ITEM_COLUMNS.items()}
    values |= {name: tuple(values[name]) for name in ("audiences", "themes", "life_events")}
    return ServiceEntry(item.code, **values, stated=frozenset(ITEM_FIELDS))


def fill_guide(guide: ServiceGuide, entry: ServiceEntry) -> None:
    """Put everything that an entry states about a guide into a new draft."""
    for name in PLAIN_FIELDS:
        if name in entry.stated and (value := getattr(entry, name)) not in ("", None):
            setattr(guide, name, value)
    guide.title = entry.title or entry.name or guide.title
    for name in ROWS:
        if name in entry.stated:
            _put_rows(guide, name, [plain_row(row) for row in getattr(entry, name)])


def fill_item(item: ServiceItem, entry: ServiceEntry) -> None:
    """Put everything that an entry states about an item into its row."""
    for name, column in ITEM_COLUMNS.items():
        if name in entry.stated:
            put_item_element(item, column, getattr(entry, name))


def put_item_element(item: ServiceItem, column: str, value: Any) -> None:
    """Set one element of an item; lists are kept as lists."""
    setattr(item, column, list(value) if isinstance(value, tuple) else value)


def put_difference(guide: ServiceGuide, found: Difference) -> None:
    """Let the draft say what the other side says, in one element. Raises Moved when it was changed meanwhile."""
    now = getattr(entry_of_draft(guide), found.field)
    if found.field in ROWS:
        _put_in_rows(guide, found, named_rows(found.field, now))
        return
    if not same(now, found.theirs):
        if not same(now, found.ours):
            raise Moved(_("草稿里这一项已经改过，和比对时不同"))
        setattr(guide, found.field, _own_value(guide, found.field, found.theirs))


def _put_in_rows(guide: ServiceGuide, found: Difference, rows: Mapping[str, Any]) -> None:
    kept = guide.stream(found.field)
    place = list(rows).index(found.row) if found.row in rows else None
    if found.kind == Kind.ONLY_THERE:
        if place is None:
            kept.insert(_place_for(found, len(kept)), dict(found.theirs))
    elif found.kind == Kind.ONLY_HERE:
        if place is not None:
            _refuse_moved(plain_row(rows[found.row]), found.ours)
            del kept[place]
    elif place is None:
        raise Moved(_("草稿里已经没有“%(row)s”") % {"row": found.row})
    elif not same(now := getattr(rows[found.row], found.part), found.theirs):
        _refuse_moved(now, found.ours)
        kept[place][found.part] = found.theirs
    _put_rows(guide, found.field, kept)


def _refuse_moved(now: Any, then: Any) -> None:
    if not same(now, then):
        raise Moved(_("草稿里这一项已经改过，和比对时不同"))


def _place_for(found: Difference, length: int) -> int:
    return min(int(found.row) - 1, length) if found.field == "process" else length


def _put_rows(guide: ServiceGuide, name: str, rows: list[dict[str, Any]]) -> None:
    """Write rows back; what a row of ours holds besides (its files) stays with it."""
    blocks = [{"type": ROWS[name], "value": row} for row in rows]
    setattr(guide, name, getattr(guide, name).stream_block.to_python(blocks))


def _own_value(guide: ServiceGuide, name: str, value: Any) -> Any:
    """An empty value as the field keeps it: codes fall back to their default, numbers to none."""
    if value in ("", None):
        field = cast(Field, guide._meta.get_field(name))
        return field.get_default() if field.has_default() else (None if field.null else "")
    return value


def _material(row: Mapping[str, Any]) -> Material:
    return Material(
        _text(row, "name"), row.get("original") or "original", row.get("copies"), row.get("source") or "applicant",
        _text(row, "needed_when"), bool(row.get("needs_form")), _text(row, "instructions"),
    )  # fmt: skip


def _step(row: Mapping[str, Any]) -> Step:
    return Step(_text(row, "name"), _text(row, "what"), _text(row, "how_long"), _text(row, "who"))


def _text(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name) or "")
