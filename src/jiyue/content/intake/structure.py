"""From blocks as they stood in the source to an item: fields read, headings recognised, the official layout kept.

A notice that is one run of paragraphs between addressee and signature becomes an `official` block; a longer document
keeps its headings, and only the title and the number, which the page shows itself, leave the body.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from jiyue.content.intake.items import FIELD_NAMES, Draft, Field, Item, ItemFile, note
from jiyue.content.markup import Block, text_of
from jiyue.content.sanitising import clean_block
from jiyue.domain.canonical import digest_of
from jiyue.domain.document_numbers import same_number
from jiyue.domain.official_lines import is_furniture, lines_of
from jiyue.domain.official_text import Found, Reading, heading_kinds, read_official_text

# What a block of the editor can hold.
HEADING_LONGEST, TITLE_LONGEST = 120, 200
_LAYOUT_LIMITS = {"title": 200, "document_number": 60, "addressee": 300, "signature": 120, "notes": 200}
_READ_FIELDS = tuple(FIELD_NAMES)
_STATED_POLICY = {"行政法规", "地方性法规", "司法解释", "规章", "部门规章", "地方政府规章", "规范性文件", "政策文件"}
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.S)
_NAMESPACE = uuid.UUID("6a1f0f3e-3d0d-5c54-9c2b-4a4e6f6d7a10")


@dataclass
class _Unit:
    """One paragraph (html set) or one other block, with its place in the text that is read."""

    html: str | None
    block: Block | None
    text: str
    start: int = 0
    end: int = 0
    level: int = 0  # of a paragraph that is a heading in truth


def item_from(draft: Draft, *, source: str, line: int | None = None) -> Item:
    """The item of one draft; fields of the source and of the text are compared, neither is lost."""
    units = _units(draft.blocks)
    text = _joined(units)
    reading = read_official_text(text)
    fields = _fields(draft, reading)
    title = _title(draft, fields, text)
    _mark_headings(units)
    units, furniture = _without_furniture(units, reading)
    if furniture:
        draft.notes.append(note("page_furniture", count=furniture))
    blocks = _structured(units, reading, title) or _merged(_units(draft.blocks))
    key = _key(title, blocks, draft.files)
    numbered = tuple({**block, "id": str(uuid.uuid5(_NAMESPACE, f"{key}:{n}"))} for n, block in enumerate(blocks))
    return Item(
        source=source,
        key=key,
        kind=_kind(draft, reading, fields),
        title=title,
        blocks=numbered,
        files=tuple(draft.files),
        reading=reading,
        fields=fields,
        notes=tuple(draft.notes),
        line=line,
        record_id=draft.record_id,
        address=draft.address,
        origin=draft.origin,
    )


def paragraphs(text: str) -> list[Block]:
    """Plain text as paragraph blocks, a line each."""
    html = "".join(f"<p>{escape(line.text, quote=False)}</p>" for line in lines_of(text))
    return [{"type": "paragraph", "value": html}] if html else []


# -- units ---------------------------------------------------------------------------------------------------------


def _units(blocks: Iterable[Block]) -> list[_Unit]:
    units = []
    for block in blocks:
        if block["type"] == "paragraph":
            units += [_Unit(inner, None, text_of(inner)) for inner in _PARAGRAPH.findall(block["value"])]
        else:
            units.append(_Unit(None, block, _block_text(block)))
    return units


def _block_text(block: Block) -> str:
    value = block["value"]
    if block["type"] == "table":
        return "\n".join(" ".join(cell or "" for cell in row) for row in value["data"])
    if block["type"] == "list":
        return "\n".join(text_of(item) for item in value["items"])
    return str(value.get("text", ""))


def _joined(units: list[_Unit]) -> str:
    place = 0
    for unit in units:
        unit.start, unit.end = place, place + len(unit.text)
        place = unit.end + 1
    return "\n".join(unit.text for unit in units)


def _without_furniture(units: list[_Unit], reading: Reading) -> tuple[list[_Unit], int]:
    """Buttons, paths and font sizes above the title and below the text belong to the page it was taken from."""
    kept = [unit for unit in units if not (reading.title and unit.end <= reading.title.start and _idle(unit))]
    while kept and _idle(kept[-1]):
        kept.pop()
    return kept, len(units) - len(kept)


def _idle(unit: _Unit) -> bool:
    lines = lines_of(unit.text) if unit.html is not None else []
    return bool(lines) and all(is_furniture(line) for line in lines)


# -- body ----------------------------------------------------------------------------------------------------------


def _structured(units: list[_Unit], reading: Reading, title: str) -> list[Block]:
    layout = _official_span(units, reading)
    if layout:
        first, last, after = layout
        official = _official(units[first : last + 1], units[after - 1 : after], reading, title)
        return [*_merged(units[: _title_start(units, reading)]), official, *_merged(units[after:])]
    repeated = [unit for unit in units[:4] if _squeezed(unit.text) == _squeezed(title)]
    return _merged(unit for unit in units if unit not in repeated and not _shown_elsewhere(unit, reading))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u3000]", "", text)


def _title_start(units: list[_Unit], reading: Reading) -> int:
    start = min(found.start for found in (reading.title, reading.document_number) if found)
    return next((n for n, unit in enumerate(units) if unit.end > start), 0)


def _shown_elsewhere(unit: _Unit, reading: Reading) -> bool:
    for found in (reading.title, reading.document_number):
        sure = found is not None and found.confidence == "found" and found.why not in ("labelled", "decreed")
        if sure and found and unit.text and found.start <= unit.start and unit.end <= found.end:
            return True
    return False


def _official_span(units: list[_Unit], reading: Reading) -> tuple[int, int, int] | None:
    """First and last unit of the notice's text and the unit after its layout, if the notice is plain paragraphs."""
    parts = (reading.title, reading.document_number, reading.addressee, reading.signature, reading.written_on)
    if any(part is None or part.confidence != "found" for part in parts) or reading.title is None:
        return None
    if reading.title.why != "before_number" or reading.written_on is None or reading.written_on.why != "signature":
        return None
    addressed, signed, dated = (
        _place(units, reading.addressee),
        _place(units, reading.signature),
        _place(units, reading.written_on),
    )
    if addressed is None or signed is None or dated is None or not addressed < signed <= dated:
        return None
    body = units[addressed + 1 : signed]
    plain = all(unit.html is not None and not _as_heading(unit) for unit in body)
    if not body or not plain or _place(units, reading.document_number) != addressed - 1 or not _fits(reading):
        return None
    return addressed + 1, signed - 1, dated + 1 + _has_note_after(units, dated)


def _fits(reading: Reading) -> bool:
    values = {
        "title": reading.value("title"),
        "document_number": reading.value("document_number"),
        "addressee": reading.value("addressee"),
        "signature": "　".join(reading.signature.value) if reading.signature else "",
    }
    return all(len(str(value)) <= _LAYOUT_LIMITS[name] for name, value in values.items())


def _place(units: list[_Unit], found: Found[Any] | None) -> int | None:
    if found is None:
        return None
    return next(
        (n for n, unit in enumerate(units) if unit.start <= found.start <= unit.end and unit.html is not None), None
    )


def _has_note_after(units: list[_Unit], dated: int) -> int:
    following = units[dated + 1].text.strip() if dated + 1 < len(units) else ""
    return int(bool(re.fullmatch(r"[（(][^（）()]{2,40}[)）]", following)))


def _official(body: list[_Unit], closing: list[_Unit], reading: Reading, title: str) -> Block:
    note_text = closing[0].text.strip() if closing else ""
    signature = reading.signature.value if reading.signature else ()
    written = reading.value("written_on")
    return {
        "type": "official",
        "value": {
            "title": str(reading.value("title") or title),
            "document_number": str(reading.value("document_number") or ""),
            "addressee": f"{reading.value('addressee')}：",
            "body": "".join(f"<p>{unit.html}</p>" for unit in body),
            "signature": "　".join(signature),
            "date": written.isoformat() if isinstance(written, date) else "",
            "notes": note_text if note_text.startswith(("（", "(")) else "",
            "copies": "",
        },
    }


def _merged(units: Iterable[_Unit]) -> list[Block]:
    """Blocks again: neighbouring paragraphs in one, numbered short lines as headings."""
    blocks: list[Block] = []
    for unit in units:
        heading = _as_heading(unit)
        if heading:
            blocks.append(heading)
        elif unit.block is not None:
            blocks.append(_bounded(unit.block))
        elif blocks and blocks[-1]["type"] == "paragraph":
            blocks[-1]["value"] += f"<p>{unit.html}</p>"
        else:
            blocks.append({"type": "paragraph", "value": f"<p>{unit.html}</p>"})
    return [clean_block(block) for block in blocks]


def _mark_headings(units: list[_Unit]) -> None:
    kinds = heading_kinds([unit.text.strip() for unit in units])
    for unit, kind in zip(units, kinds, strict=True):
        bare = unit.html is not None and "<a " not in unit.html and "\n" not in unit.text
        # 1. 2. 3. are lists as often as headings, so they stay paragraphs.
        if kind and bare and kind[0] != "third":
            unit.level = max(2, kind[1])


def _as_heading(unit: _Unit) -> Block | None:
    if not unit.level:
        return None
    return {"type": "heading", "value": {"text": unit.text.strip(), "level": str(unit.level)}}


def _bounded(block: Block) -> Block:
    """A heading longer than the editor allows is a paragraph in truth."""
    if block["type"] == "heading" and len(block["value"]["text"]) > HEADING_LONGEST:
        text = escape(block["value"]["text"], quote=False)
        return {"type": "paragraph", "value": f"<p><strong>{text}</strong></p>"}
    return block


# -- fields --------------------------------------------------------------------------------------------------------


def _fields(draft: Draft, reading: Reading) -> dict[str, Field]:
    fields = {}
    for name in (*_READ_FIELDS, *(name for name in draft.given if name not in _READ_FIELDS)):
        read: Found[Any] | None = getattr(reading, name, None)
        given = draft.given.get(name)
        if read is None and given is not None:
            fields[name] = given
        elif read is not None:
            fields[name] = _agreed(name, read, given, draft)
    return fields


def _agreed(name: str, read: Found[Any], given: Field | None, draft: Draft) -> Field:
    """If they differ, the source's title and issuer count, and the number and date that the text itself bears."""
    own = Field(read.value, read.confidence, read.why, "text")
    if given is None:
        return own
    if _equal(name, read.value, given.value):
        return Field(given.value if name == "title" else read.value, "found", "agrees", own.source)
    if name == "addressee" or read.confidence == "doubtful":
        return Field(given.value, given.confidence, given.why, given.source)
    if name == "title" and read.why == "head":
        return given
    named = {"field": FIELD_NAMES[name], "given": _shown(given.value), "read": _shown(read.value)}
    draft.notes.append(note("field_differs", **named))
    if name in ("title", "issuers", "published_on"):
        return Field(given.value, "doubtful", "text_differs", given.source)
    return Field(read.value, "doubtful", "source_differs", "text")


def _equal(name: str, one: Any, other: Any) -> bool:
    if name == "document_number":
        return same_number(one, other)
    if name == "issuers":
        return set(one) == set(other)
    if isinstance(one, str):
        return re.sub(r"[\s\u3000]", "", one) == re.sub(r"[\s\u3000]", "", str(other))
    return bool(_day(one) == _day(other))


def _day(value: Any) -> Any:
    return value.date() if hasattr(value, "date") else value


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "、".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _title(draft: Draft, fields: dict[str, Field], text: str) -> str:
    found = fields.get("title")
    if found and found.value:
        return str(found.value)[:TITLE_LONGEST]
    if draft.title:
        return draft.title[:TITLE_LONGEST]
    draft.notes.append(note("title_missing"))
    first = next(iter(lines_of(text)), None)
    return first.text[:60] if first else ""


def _kind(draft: Draft, reading: Reading, fields: dict[str, Field]) -> str:
    number = fields.get("document_number")
    if number is not None and number.why != "run_on":
        return "policy_document"
    legislates = reading.articles >= 3 and (reading.effective_on is not None or "from_issue" in reading.absent.values())
    return "policy_document" if draft.stated_kind in _STATED_POLICY or legislates else "article"


def _key(title: str, blocks: list[Block], files: list[ItemFile]) -> str:
    digests = [digest_of([file.media_type, file.content.hex()]) for file in files]
    return digest_of({"title": title, "blocks": blocks, "files": digests})
