"""The standard of each kind of record, made from its model, and records in the form in which they are exchanged.

The models are the one truth: `schema_of` reads fields, lengths and choices from them, `python docs/standards/generated.py`
writes that down as the edition of a day, and a contract test fails while the newest edition says something else.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, cast

from django.db import models
from django.utils.translation import override
from wagtail.fields import StreamField

from jiyue.content.blocks import BodyBlock
from jiyue.content.markup import Block
from jiyue.content.models import RECORD_TYPES, Record
from jiyue.content.rendering import FileRef, file_refs
from jiyue.content.snapshots import COMMON, LATER, LATER_DETAIL, NAMING, OUR_AFFAIR, facts_of
from jiyue.identity.models import Organisation
from jiyue.rules.local_standards import standards_of
from jiyue.rules.standards import Fault, faults

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
SHA256: Final = {"type": "string", "pattern": "^[0-9a-f]{64}$", "x-says": "应为 64 位小写十六进制的 SHA-256 摘要"}
IDENTITY: Final = {"type": "string", "format": "uuid"}
# What the platform itself knows of a signed record and no unit can ask more of.
GIVEN: Final = {"x-given": True}
# Parts of a signed record that only we can read: keys of rows, and what readers can make themselves.
OURS: Final = frozenset({
    "format", "column", "column_path", "text", "outline", "emergency", "about_minors", "together", "reprint",
    "related",
})  # fmt: skip
FILLED: Final = {
    "": frozenset({"title", "source", "responsible"}),
    Record.Kind.POLICY_DOCUMENT: frozenset({"issuer", "written_on"}),
    Record.Kind.PUBLIC_ANSWER: frozenset(
        {
            "question",
            "answer",
            "answering_unit",
            "received_on",
            "accepted_on",
            "answered_on",
        }
    ),
}
# Signed, but told to nobody: the names of accounts that may publish live words (ADR 0030).
OURS_IN_DETAIL: Final = frozenset({"recorders"})
NOT_A_FACT: Final = frozenset(OUR_AFFAIR) | OURS_IN_DETAIL
REFERENCES: Final = ("image", "document", "media", "poster")
BODY: Final = frozenset({"body", "blocks", "cover", "files"})


# ---- records in the form of the standard -------------------------------------------------------------------------


def exchanged(content: Mapping[str, Any]) -> dict[str, Any]:
    """A signed version as its standard describes it. Blocks name a file by its place in `files`: "@0", "@1"…"""
    item = {name: value for name, value in content.items() if name not in OURS}
    places = {ref: f"@{place}" for place, ref in enumerate(file_refs(content["blocks"]))}
    detail = {name: value for name, value in content["detail"].items() if name not in OURS_IN_DETAIL}
    return item | {
        "detail": detail,
        "column": content["column_path"],
        "blocks": [_portable(block, places) for block in content["blocks"]],
    }


def _portable(block: Block, places: Mapping[FileRef, str]) -> dict[str, Any]:
    kind, value = block["type"], block["value"]
    if isinstance(value, Mapping):
        value = {
            name: places.get(_reference(kind, name, part), part) if name in REFERENCES else part
            for name, part in value.items()
        }
    return {"type": kind, "value": value}


def _reference(kind: str, name: str, part: Any) -> FileRef:
    return FileRef("image" if name in ("image", "poster") else "document", part)


# ---- is it as the standards of its unit and day say? -----------------------------------------------------------------


def faults_of(item: Mapping[str, Any], *, organisation: Organisation, on: date) -> list[Fault]:
    """In what a record in exchanged form breaks the standards in force for a unit on a day: the shipped one and the
    unit's and its superiors' own.
    """
    return [
        fault for standard in standards_of(organisation, item["kind"], on=on) for fault in faults(item, standard.schema)
    ]


def faults_of_draft(record: Record, *, on: date) -> list[Fault]:
    """The same for a draft, of which body and files are not looked at before they are frozen."""
    facts = facts_of(record)
    detail = {name: value for name, value in facts["detail"].items() if name not in OURS_IN_DETAIL}
    item = {name: value for name, value in facts.items() if name not in OURS}
    item |= {"column": facts["column_path"], "detail": detail}
    standards = standards_of(record.site.owner, record.kind, on=on)
    return [fault for standard in standards for fault in faults(item, _without_body(standard.schema))]


def _without_body(schema: Mapping[str, Any]) -> dict[str, Any]:
    needed = [name for name in schema.get("required", ()) if name not in BODY]
    return {**schema, "required": needed}


# ---- from models to schemas ------------------------------------------------------------------------------------------


def schemas() -> dict[str, dict[str, Any]]:
    """The standard of every kind of record as the models have it now, and that of the classes they use."""
    with override("zh-hans"):
        return {kind: schema_of(kind) for kind in RECORD_TYPES} | {"classification": classification()}


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind in exchanged form."""
    model = RECORD_TYPES[kind]
    common = {name: _field(Record, name) for name in _COMMON_FIELDS}
    parts: dict[str, Any] = {
        "kind": {"title": "类型", "const": kind, **GIVEN},
        "identity": {"title": "标识", **IDENTITY, **GIVEN},
        "site": {"title": "网站", "type": "string", "minLength": 1, "maxLength": 253, **GIVEN},
        "column": {"title": "栏目路径", "type": "string", "minLength": 1, **GIVEN},
        **common,
        "responsible": {"title": "责任单位", "type": "string", "minLength": 1, **GIVEN},
        "keywords": {"title": "关键词", "type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 200}},
        "topic": {"title": "所属专题", "type": "string", "pattern": f"^({_UUID})?$"},
        "original": described("转载或迁移的原出处", {
            "published_at": {"title": "原发布时间", "type": ["string", "null"], "format": "date-time"},
            "source": _field(Record, "original_source"), "address": _field(Record, "original_address"),
        }),
        "body": {"title": "正文", "type": "string", **GIVEN},
        "blocks": _blocks(),
        "cover": {**_file("题图", alt={"title": "题图替代文字", "type": "string", "minLength": 1, "maxLength": 200}),
                  "type": ["object", "null"], **GIVEN},
        "files": {"title": "正文里的文件", "type": "array", "items": _file("文件", optional=("alt",)), **GIVEN},
        "detail": _detail(model, kind),
    }  # fmt: skip
    for name in FILLED[""] & parts.keys():
        parts[name] = {**parts[name], "minLength": 1}
    schema = described(str(model._meta.verbose_name), parts, optional=tuple(name for name in LATER if name in parts))
    return {"$schema": DIALECT, "$id": f"urn:jiyue:standard:{kind}", **schema}


def classification() -> dict[str, Any]:
    """The classes that records are sorted into, each with its codes and their names."""
    found: dict[str, Any] = {}
    kinds: list[type[Record]] = [Record, *RECORD_TYPES.values()]
    for model in kinds:
        for field in model._meta.local_fields:
            if field.choices and field.name not in {"state"}:
                found.setdefault(field.name, {"title": str(field.verbose_name), **_codes(field)})
    return {"$schema": DIALECT, "$id": "urn:jiyue:standard:classification", **described("信息分类", found)}


_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_COMMON_FIELDS = (
    "title", "subtitle", "source", "author", "summary", "openness", "subject_class", "form_class", "event_on",
    "event_time", "information_class",
)  # fmt: skip


def _detail(model: type[Record], kind: str) -> dict[str, Any]:
    own = [
        field.name for field in model._meta.local_fields
        if field.name not in COMMON | NOT_A_FACT and not field.primary_key
    ]  # fmt: skip
    parts = {name: _field(model, name) for name in own}
    for name in FILLED.get(kind, frozenset()):
        parts[name] = {**parts[name], **_filled(parts[name])}
    named = NAMING.get(kind, ())
    parts |= {name: _named(model, name) for name in named}
    if kind == Record.Kind.SERVICE_GUIDE:
        parts["item"] = {"title": "通用事项", "type": ["object", "null"]}
    if kind == Record.Kind.PUBLIC_ANSWER:
        parts["service"] = _service(parts["service"]["title"])
    if kind == Record.Kind.INTERPRETATION:
        parts["answers"] = _answers()
    if kind == Record.Kind.OPINION_CALL:
        parts["paragraphs"] = {"title": "可以提意见的各段", "type": "array", "items": {"type": "string"}, **GIVEN}
    if kind == Record.Kind.CAMPAIGN_RESULT:
        parts["figures"] = {"title": "结果数据", "type": "object", **GIVEN}
    always = ("documents",) if kind == Record.Kind.INTERPRETATION else ()
    optional = tuple(
        name for name in (*LATER_DETAIL, *named, "answers", "paragraphs") if name in parts and name not in always
    )
    return described("本类型的字段", parts, optional=optional)


def _service(title: str) -> dict[str, Any]:
    parts = {
        "identity": {"title": "事项的标识", **IDENTITY},
        "code": {"title": "事项编码", "type": "string", "minLength": 1},
        "name": {"title": "事项名称", "type": "string", "minLength": 1},
    }
    return described(title, parts)


def _answers() -> dict[str, Any]:
    """Questions of the public that an interpretation answers, each with the document and the section (POL-09)."""
    parts = {
        "question": {"title": "问题的编号", "type": "string"},
        "words": {"title": "问题", "type": "string", "minLength": 1},
        "document": {"title": "政策文件的标识", **IDENTITY},
        "section": {"title": "回答在哪一节", "type": "string"},
        "anchor": {"title": "这一节的锚点", "type": "string"},
    }
    return {"title": "公众关心的问题", "type": "array", "items": described("问题", parts)}


def _named(model: type[Record], name: str) -> dict[str, Any]:
    title = str(cast(Any, model._meta.get_field(name)).verbose_name)
    return {"title": title, "type": "array", "items": {"title": "政策文件的标识", **IDENTITY}}


def _filled(part: Mapping[str, Any]) -> dict[str, Any]:
    types = part["type"]
    return {"minLength": 1} if isinstance(types, str) else {"type": next(name for name in types if name != "null")}


def _field(model: type[Record], name: str) -> dict[str, Any]:
    """One field of a model as the snapshot writes it."""
    field: Any = model._meta.get_field(name)
    part: dict[str, Any] = {"title": str(field.verbose_name), **_kind_of(field)}
    if field.choices:
        return part | _codes(field)
    for validator in getattr(field, "_validators", ()):
        if hasattr(validator, "regex"):
            part |= {"pattern": f"^$|{validator.regex.pattern}", "x-says": str(validator.message)}
    return part


def _kind_of(field: Any) -> dict[str, Any]:
    if isinstance(field, StreamField):
        return {"type": "array", "items": {"type": "object"}}
    if isinstance(field, models.JSONField):
        return {"type": "array", "items": {"type": "string"}}
    if isinstance(field, models.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, models.DateTimeField | models.DateField | models.TimeField):
        form = {"DateTimeField": "date-time", "DateField": "date", "TimeField": "time"}[field.get_internal_type()]
        return {"type": ["string", "null"], "format": form}
    if isinstance(field, models.IntegerField):
        return {"type": ["integer", "null"] if field.null else "integer", "minimum": 0}
    if isinstance(field, models.ForeignKey):
        return {"type": ["string", "null"]}
    text: dict[str, Any] = {"type": "string"} | ({"maxLength": field.max_length} if field.max_length else {})
    return text | ({"format": "uri"} if isinstance(field, models.URLField) else {})


def _codes(field: Any) -> dict[str, Any]:
    names = {str(code): str(name) for code, name in field.flatchoices}
    if isinstance(field, models.IntegerField):
        return {"enum": [code for code, _name in field.flatchoices], "x-names": names}
    return {"type": "string", "enum": [*names, *([""] if field.blank else [])], "x-names": names}


def _blocks() -> dict[str, Any]:
    kinds = {name: str(block.label) for name, block in BodyBlock().child_blocks.items()}
    part = {
        "type": {"title": "正文块类型", "type": "string", "enum": list(kinds), "x-names": kinds},
        "value": {"title": "正文块内容"},
    }
    return {"title": "正文块", "type": "array", "items": described("正文块", part), **GIVEN}


def _file(title: str, optional: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    parts = {
        "digest": {"title": "摘要", **SHA256},
        "name": {"title": "文件名", "type": "string", "minLength": 1, "maxLength": 255},
        "size": {"title": "字节数", "type": "integer", "minimum": 1},
        "media_type": {"title": "媒体类型", "type": "string", "pattern": "^[a-z]+/[a-zA-Z0-9.+-]+$"},
        "address": {"title": "网址", "type": "string", "pattern": "^/files/"},
        "width": {"title": "宽（像素）", "type": "integer", "minimum": 1},
        "height": {"title": "高（像素）", "type": "integer", "minimum": 1},
        **more,
    }
    return described(title, parts, optional=("width", "height", *optional))


def described(title: str, parts: Mapping[str, Any], optional: Iterable[str] = ()) -> dict[str, Any]:
    needed = [name for name in parts if name not in set(optional)]
    return {
        "title": title,
        "type": "object",
        "properties": dict(parts),
        "required": needed,
        "additionalProperties": False,
    }
