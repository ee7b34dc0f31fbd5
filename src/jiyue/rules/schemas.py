"""JSON Schemas of the files of a pack, for editors that complete and check while one writes.

Built from the same tables that the program reads by, so that they cannot disagree; `make rules` writes them into
`rulepacks/schema/`. They know one file at a time: what goes across files, `jiyue rules check` finds.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from jiyue.domain.limits import Unit
from jiyue.domain.rule_terms import (
    CLASS_FIELDS,
    COUNT,
    DATE,
    LONGEST_CLASS,
    PERIODS,
    REASON,
    RULING_FIELDS,
    SAME_DAY,
    SPANS,
    UNITS,
    WITH_EVENT,
    Kind,
)
from jiyue.domain.rulesets import UNDATED, Copy, Level, Parameter
from jiyue.rules.packfiles import BY_HANDLER, BY_SUBJECT, DOTTED, NAME, PARAMETER_FIELDS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_DAY: Final = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_MONTH_DAY: Final = "(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_SINCE: Final = f"[0-9]{{4}}(-(0[1-9]|1[0-2]))?|{_DAY}"
_SOME: Final = {"type": "string", "minLength": 1}
_SOURCE: Final = {"enum": [copy.value for copy in Copy], "description": "读的是哪种文本"}

Schema = dict[str, Any]


def all_schemas(parameters: Mapping[str, Parameter]) -> dict[str, Schema]:
    """Each schema by its file name."""
    return {
        "pack.schema.json": pack(),
        "parameters.schema.json": catalogue(),
        "values.schema.json": values(parameters),
        "calendar.schema.json": calendar(),
    }


def pack() -> Schema:
    """`pack.yaml`; below the nation's level `extends` is compulsory."""
    text = _mapping(
        {
            "title": _SOME,
            "number": {"type": ["string", "null"], "minLength": 1},
            "issued": _since_or_null("印发日，知道多少写多少"),
            "in_force": _since_or_null("施行日，知道多少写多少"),
            "source": _SOURCE,
        },
        required=("title", "number", "issued", "in_force", "source"),
    )
    fields: Schema = {
        "pack": {**_matching(NAME.pattern), "description": "与文件夹同名"},
        "name": _SOME,
        "level": {"enum": [level.value for level in Level]},
        "extends": _matching(NAME.pattern),
        "version": _matching(_DAY),
        "texts": {"type": "object", "propertyNames": _matching(NAME.pattern), "additionalProperties": text},
    }
    nation = {"properties": {"level": {"const": Level.NATION.value}}, "required": ["level"]}
    return {
        **_document("pack.yaml：规则包", _mapping(fields, required=("pack", "name", "level", "version", "texts"))),
        "if": nation,
        "then": {"not": {"required": ["extends"]}},
        "else": {"required": ["extends"]},
    }


def catalogue() -> Schema:
    """`parameters.yaml`; the units depend on the kind."""
    fields: Schema = {
        "ids": {"type": "array", "items": _matching("[A-Z]+-[0-9]{2,3}")},
        "kind": {"enum": [kind.value for kind in Kind]},
        "name": _SOME,
        "english": _SOME,
        "from": _SOME,
        "to": _SOME,
        "units": {"type": "array", "minItems": 1, "uniqueItems": True},
        "asked": _SOME,
        "fallback": {"const": BY_SUBJECT, "description": "文中没有规定的对象，逐个向上级规则包查找"},
        "classes": {"const": BY_HANDLER, "description": "由办理人员说明属于文中的哪一类，各类期限不同"},
    }
    assert tuple(fields) == PARAMETER_FIELDS  # noqa: S101  (a field added there has to be added here)
    entry = {
        **_mapping(fields, required=("ids", "kind", "name", "english")),
        "allOf": [_by_kind(kind) for kind in Kind],
    }
    every = {"type": "object", "propertyNames": _matching(DOTTED.pattern), "additionalProperties": entry}
    return _document("parameters.yaml：参数目录", every)


def _by_kind(kind: Kind) -> Schema:
    units = UNITS[kind]
    asked: Schema = {"required": ["units"], "properties": {"units": {"items": {"enum": list(units)}}}}
    if not units:
        asked = {"not": {"required": ["units"]}}
    if kind is not Kind.ELIGIBILITY:
        # Only rulings have subjects to fall back by.
        asked["properties"] = {**asked.get("properties", {}), "fallback": False}
    if kind is Kind.DEADLINE:
        asked["required"] = ["units", "from", "to"]
    else:
        asked["properties"] = {**asked.get("properties", {}), "classes": False}
    return {"if": {"properties": {"kind": {"const": kind.value}}}, "then": asked}


def values(parameters: Mapping[str, Parameter]) -> Schema:
    """Any topic file: parameter → date → value, each parameter with the fields and units it may have."""
    shapes: dict[str, Schema] = {}
    properties: Schema = {}
    for parameter in parameters.values():
        classes = ("classes",) if parameter.classed else ()
        shape = "-".join((parameter.kind.value, *sorted(parameter.units), *classes)).replace("%", "percent")
        shapes.setdefault(shape, _dated(_value(parameter)))
        numbers = f"（{'、'.join(parameter.ids)}）" if parameter.ids else ""
        about = "。".join(filter(None, (f"{parameter.title}{numbers}", parameter.asked)))
        properties[parameter.name] = {"$ref": f"#/$defs/{shape}", "description": about}
    found = _document("规则包的主题文件：参数、施行日、值", _mapping(properties))
    return {**found, "$defs": dict(sorted(shapes.items()))}


def _dated(value: Schema) -> Schema:
    keys = {"anyOf": [_matching(_SINCE), {"const": UNDATED}]}
    return {"type": "object", "minProperties": 1, "propertyNames": keys, "additionalProperties": value}


def _value(parameter: Parameter) -> Schema:
    own = _FIELDS[parameter.kind](parameter.units)
    if parameter.classed:
        own = {**own, "classes": _classes(own["limit"])}
    common: Schema = {
        "word": {**_SOME, "description": "文中没有数字，只用了这个词"},
        "basis": {**_one_or_many(_SOME), "description": "文件代号 第几条"},
        "source": _SOURCE,
        "note": _SOME,
        "open": _one_or_many(_SOME),
    }
    said = [{"required": [head]} for head in (*_HEADS[parameter.kind], "word")]
    found = {**_mapping({**own, **common}, required=("basis",)), "anyOf": said}
    if parameter.kind is Kind.DEADLINE:
        found["dependentRequired"] = {"latest": ["limit"], "latest_needs": ["latest"], "latest_when": ["latest"]}
        if parameter.classed:
            found["dependentRequired"]["classes"] = ["limit"]
    return found


def _deadline(units: Sequence[str]) -> Schema:
    limit = _matching("|".join(_limits(units)))
    return {"limit": limit, "latest": limit, "latest_needs": {"enum": [REASON]}, "latest_when": _SOME}


def _classes(limit: Schema) -> Schema:
    row: Schema = {"name": {**_SOME, "maxLength": LONGEST_CLASS}, "limit": limit, "latest": limit}
    assert tuple(row) == CLASS_FIELDS  # noqa: S101  (a field added there has to be added here)
    rows = {"type": "array", "minItems": 1, "items": _mapping(row, required=("name", "limit"))}
    return {**rows, "description": "文中分类规定期限的，逐类写；limit 写没有分类时的期限，不长于任何一类"}


def _limits(units: Sequence[str]) -> Iterable[str]:
    spans = [unit for unit in units if unit in SPANS]
    if spans:
        yield _span(spans)
    yield from (unit for unit in units if unit in (SAME_DAY, WITH_EVENT))
    if DATE in units:
        yield f"by {_MONTH_DAY}"


def _recurrence(units: Sequence[str]) -> Schema:
    spans = [unit for unit in units if unit in SPANS]
    fields: Schema = {"with": {**_SOME, "description": "随哪一事件更新"}}
    if spans:
        fields["gap"] = _matching(_span(spans))
    if any(unit in PERIODS for unit in units):
        fields["at_least"] = _matching(_rate(units))
    if DATE in units:
        fields["by"] = _matching(_MONTH_DAY)
    return fields


def _quota(units: Sequence[str]) -> Schema:
    rate: Schema = {"anyOf": [_matching(_rate(units)), {"type": "integer", "minimum": 0}]}
    if COUNT not in units:
        rate = _matching(_rate(units))
    return {"at_least": rate, "at_most": rate}


def _ratio(_units: Sequence[str]) -> Schema:
    return {"at_least": _matching(r"[0-9]{1,3}(\.[0-9]{1,4})? ?%")}


def _retention(units: Sequence[str]) -> Schema:
    return {"at_least": _matching(_span(units))}


def _eligibility(_units: Sequence[str]) -> Schema:
    ruling: Schema = {
        "for": _SOME,
        "answer": _one_or_many(_SOME),
        "most": {"type": "integer", "minimum": 0},
        "note": _SOME,
    }
    assert tuple(ruling) == RULING_FIELDS  # noqa: S101  (a field added there has to be added here)
    return {"answers": {"type": "array", "minItems": 1, "items": _mapping(ruling, required=("for", "answer"))}}


def _setting(_units: Sequence[str]) -> Schema:
    return {"value": {"not": {"enum": [None, "", [], {}]}}}


_FIELDS: Final = {
    Kind.DEADLINE: _deadline,
    Kind.RECURRENCE: _recurrence,
    Kind.QUOTA: _quota,
    Kind.RATIO: _ratio,
    Kind.RETENTION: _retention,
    Kind.ELIGIBILITY: _eligibility,
    Kind.SETTING: _setting,
}
# One of these has to be there, unless the text has only a word.
_HEADS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.DEADLINE: ("limit",),
    Kind.RECURRENCE: ("gap", "at_least", "by", "with"),
    Kind.QUOTA: ("at_least", "at_most"),
    Kind.RATIO: ("at_least",),
    Kind.RETENTION: ("at_least",),
    Kind.ELIGIBILITY: ("answers",),
    Kind.SETTING: ("value",),
}


def calendar() -> Schema:
    """One year's days off and worked."""
    days = {"type": "object", "propertyNames": _matching(_DAY), "additionalProperties": _SOME}
    fields = {
        "year": {"type": "integer"},
        "notice": {"type": ["string", "null"], "minLength": 1},
        "gazette": _one_or_many(_SOME),
        "off": days,
        "worked": days,
    }
    return _document(
        "calendars/年.yaml：放假和调休上班", _mapping(fields, required=("year", "notice", "off", "worked"))
    )


def _document(title: str, schema: Schema) -> Schema:
    return {"$schema": DIALECT, "title": title, **schema}


def _mapping(fields: Mapping[str, Any], *, required: Sequence[str] = ()) -> Schema:
    found: Schema = {"type": "object", "additionalProperties": False, "properties": dict(fields)}
    return {**found, "required": list(required)} if required else found


def _matching(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^({pattern})$"}


def _one_or_many(each: Schema) -> Schema:
    return {"anyOf": [each, {"type": "array", "minItems": 1, "items": each}]}


def _since_or_null(about: str) -> Schema:
    """A year alone is a number to YAML editors."""
    return {"anyOf": [_matching(_SINCE), {"type": "integer", "minimum": 1000, "maximum": 9999}, {"type": "null"}],
            "description": about}  # fmt: skip


def _span(units: Sequence[str]) -> str:
    words = [word for unit in units for word in (Unit(unit).value, Unit(unit).value.removesuffix("s"))]
    return f"[1-9][0-9]{{0,5}} ({'|'.join(words)})"


def _rate(units: Sequence[str]) -> str:
    periods = "|".join(unit for unit in units if unit in PERIODS)
    counted = "[0-9]{1,5}"
    if not periods:
        return counted
    return f"{counted}( per ({periods}))?" if COUNT in units else f"{counted} per ({periods})"
