"""A service guide as plain data: its rows with their files, its words for the checks, its text for the search.

The item's facts are frozen with the guide: what reviewers sign is what the public reads, also about the item. A later
change of the item is asked for by a correction of its guides (`queries.guides_behind`), never written past them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jiyue.content.models import ServiceGuide, ServiceItem, Survey
from jiyue.content.rendering import FileRef
from jiyue.content.service_blocks import MATERIAL_FILES

STREAMS = ("materials", "process", "questions")
# Values of rows that are codes of ours, numbers or files, and no words of anybody.
NOT_WORDS = frozenset({"type", "original", "source", "copies", "needs_form", *MATERIAL_FILES})
MOST_ROWS = 500  # of a form that is read while somebody types
_TYPED = re.compile(rf"(?P<stream>{'|'.join(STREAMS)})-(?P<at>\d{{1,4}})-value-(?P<part>\w+)", re.ASCII)
WORDS = (
    "scope", "conditions", "certificates", "review_procedure", "result", "handling_body", "place", "fee_standard",
    "limit_note", "legal_basis",
)  # fmt: skip
ITEM_FACTS = (
    "code", "name", "item_class", "legal_basis", "audiences", "themes", "life_events", "charged", "charge_basis",
    "system_host",
)  # fmt: skip


def material_refs(guide: ServiceGuide) -> list[FileRef]:
    """The files of the materials, once each, in order."""
    rows = guide.stream("materials")
    found = (FileRef("document", row[name]) for row in rows for name in MATERIAL_FILES if row.get(name))
    return list(dict.fromkeys(found))


def guide_facts(guide: ServiceGuide, files: Mapping[FileRef, Mapping[str, Any]]) -> dict[str, Any]:
    """The item and the rows of a guide as a snapshot holds them; a file of a material by its public facts.

    A file that `files` does not know (another site's, typed into a form) is left out.
    """
    rows = {name: guide.stream(name) for name in STREAMS}
    rows["materials"] = [_with_files(row, files) for row in rows["materials"]]
    return {**rows, "item": item_facts(guide.item) if guide.item else None}


def item_facts(item: ServiceItem) -> dict[str, Any]:
    """What a guide repeats of its item."""
    facts = {name: getattr(item, name) for name in ITEM_FACTS}
    return {"identity": str(item.identity), "organisation": item.organisation.name, **facts}


def guide_text(detail: Mapping[str, Any]) -> str:
    """The words of a guide that a search should find, one fact or row a line."""
    return "\n".join([*(str(detail[name]) for name in WORDS if detail.get(name)), *row_words(detail).values()])


def row_words(detail: Mapping[str, Any]) -> dict[str, str]:
    """The words of the rows, each under the name of its field in the editor's form (`materials-0-value-name`)."""
    return {f"{name}-{at}-value-{part}": text for name, at, part, text in _words(detail)}


def typed_words(form: Mapping[str, str]) -> dict[str, str]:
    """The words of rows as the editor's form sends them: the name that `row_words` gives them → their name in the form.

    Rows are counted as they stand; what was taken out still travels with the form. Names that make no sense are none.
    """
    names: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for name in form:
        found = _TYPED.fullmatch(name)
        if found and found["part"] not in NOT_WORDS and form[name].strip():
            row = found["stream"], int(found["at"])
            names.setdefault(row, []).append((found["part"], name))
    return {
        f"{stream}-{place}-value-{part}": name
        for stream in STREAMS
        for place, at in enumerate(_order(form, stream))
        for part, name in names.get((stream, at), ())
    }


def _order(form: Mapping[str, str], stream: str) -> list[int]:
    """The rows of a stream in the order in which they stand in the form, without those that were taken out."""
    count = form.get(f"{stream}-count", "")
    rows = range(min(int(count), MOST_ROWS)) if count.isascii() and count.isdigit() and len(count) < 6 else range(0)
    left = [at for at in rows if not form.get(f"{stream}-{at}-deleted")]

    def place(at: int) -> tuple[int, int]:
        order = form.get(f"{stream}-{at}-order", "")
        return (int(order) if order.isascii() and order.isdigit() and len(order) < 6 else at, at)

    return sorted(left, key=place)


def put_words(guide: ServiceGuide | Survey, name: str, text: str) -> None:
    """Write words back to where `row_words` found them. Raises LookupError for a place that is not there."""
    stream, at, _value, part = name.split("-", 3)
    rows = getattr(guide, stream).get_prep_value()
    rows[int(at)]["value"][part] = text
    setattr(guide, stream, getattr(guide, stream).stream_block.to_python(rows))


def _words(detail: Mapping[str, Any]) -> Iterator[tuple[str, int, str, str]]:
    for name in STREAMS:
        for at, row in enumerate(detail.get(name) or ()):
            for part, value in row.items():
                if part not in NOT_WORDS and isinstance(value, str) and value:
                    yield name, at, part, value


def _with_files(row: dict[str, Any], files: Mapping[FileRef, Mapping[str, Any]]) -> dict[str, Any]:
    return {**row, **{name: _file(row.get(name), files) for name in MATERIAL_FILES}}


def _file(key: Any, files: Mapping[FileRef, Mapping[str, Any]]) -> dict[str, Any] | None:
    found = files.get(FileRef("document", key)) if key else None
    return dict(found) if found else None
