"""Blocks of a body as another installation hands them over: each value must have the shape that its kind of block has.

The blocks of the editor are the one truth. Files are named by their place ("@0"), never by a key: what a stranger wrote
must not point at a file that lies here.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from wagtail import blocks
from wagtail.blocks.field_block import ChooserBlock
from wagtail.contrib.table_block.blocks import TableBlock

from jiyue.content.blocks import BodyBlock
from jiyue.rules.standards import faults, sentence

Schema = Mapping[str, Any]
WORDS: Final = {"type": ["string", "null"]}
PLACE: Final = {"type": ["string", "null"], "pattern": "^@[0-9]{1,4}$", "x-says": "应为文件在清单里的位置，如 @0"}
COUNT: Final = {"type": "integer", "minimum": 0, "maximum": 1000}
TABLE: Final = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "data": {"type": "array", "items": {"type": "array", "items": {"type": ["string", "null"]}}},
        "cell": {"type": ["array", "null"], "items": {"type": "object"}},
        "mergeCells": {"type": ["array", "null"], "items": {
            "type": "object", "required": ["row", "col", "rowspan", "colspan"],
            "properties": {"row": COUNT, "col": COUNT, "rowspan": COUNT, "colspan": COUNT},
        }},
        "table_caption": WORDS, "table_header_choice": WORDS,
        **{name: {"type": "null"} for name in ("image", "document", "media", "poster")},  # no table names a file
    },
}  # fmt: skip


def misshapen(given: Sequence[Mapping[str, Any]], *, files: int) -> Iterator[str]:
    """What is wrong with the values of blocks, in words; nothing when they can be kept."""
    for number, block in enumerate(given, 1):
        for fault in faults(block["value"], _shapes()[block["type"]]):
            yield f"第 {number} 个正文块：{sentence(fault)}"
        yield from (f"第 {number} 个正文块：没有第 {place} 个文件" for place in _places(block) if place >= files)


def _places(block: Mapping[str, Any]) -> Iterator[int]:
    value, shape = block["value"], _shapes()[block["type"]]
    if isinstance(value, Mapping):
        for name, part in shape.get("properties", {}).items():
            if part is PLACE and isinstance(value.get(name), str) and value[name][1:].isdecimal():
                yield int(value[name][1:])


@cache
def _shapes() -> dict[str, Schema]:
    return {name: _shape(block) for name, block in BodyBlock().child_blocks.items()}


def _shape(block: Any) -> Schema:
    if isinstance(block, TableBlock):
        return TABLE
    if isinstance(block, ChooserBlock):
        return PLACE
    if isinstance(block, blocks.BooleanBlock):
        return {"type": ["boolean", "null"]}
    if isinstance(block, blocks.ListBlock):
        # As an importer writes them (words) and as the editor stores them (type, value, id).
        return {"type": "array", "items": {
            "type": ["string", "object"], "required": ["value"], "properties": {"value": {"type": "string"}},
        }}  # fmt: skip
    if isinstance(block, blocks.StructBlock):
        children = block.child_blocks
        needed = [name for name, child in children.items() if child.required]
        parts = {name: _shape(child) for name, child in children.items()}
        return {"type": "object", "required": needed, "properties": parts, "additionalProperties": False}
    if isinstance(block, blocks.ChoiceBlock):
        return {"type": "string", "enum": [value for value, _name in block.field.choices if value]}
    return {"type": "string"} if block.required else WORDS
