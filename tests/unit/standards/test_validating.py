"""A value against a schema: our reader says the same as the reference implementation, and says it in Chinese."""

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.rules.standards import UnknownKeyword, check_keywords, faults, sentence, shipped
from jiyue.rules.standards.demands import DemandRefused, as_schema, demands_of, fields_of

SCHEMA = {
    "title": "样例",
    "type": "object",
    "required": ["title", "pages"],
    "additionalProperties": False,
    "properties": {
        "title": {"title": "标题", "type": "string", "minLength": 1, "maxLength": 5},
        "pages": {"title": "页数", "type": "integer", "minimum": 1, "maximum": 9},
        "on": {"title": "日期", "type": ["string", "null"]},
        "kind": {"title": "类型", "enum": ["a", "b"]},
        "tags": {"title": "标签", "type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string"}},
        "number": {"title": "编号", "type": "string", "pattern": "^[0-9]{3}$"},
    },
}
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 12)
    | st.sampled_from(["", "a", "b", "123", "标题很长很长很长", "2026-11-22"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*SCHEMA["properties"], "x"]), inner),
)
SHAPED = st.fixed_dictionaries({}, optional=dict.fromkeys([*SCHEMA["properties"], "strange"], PLAIN))


@given(SHAPED | PLAIN)
def test_it_accepts_what_the_reference_implementation_accepts(value):
    assert (faults(value, SCHEMA) == []) == jsonschema.Draft202012Validator(SCHEMA).is_valid(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"pages": 1}, "标题（title）：没有这一项，标准要求必须有"),
        ({"title": "", "pages": 1}, "标题（title）：不能为空"),
        ({"title": "六个字的标题", "pages": 1}, "标题（title）：不能超过 5 个字（现有 6 个）"),
        ({"title": "好", "pages": "1"}, "页数（pages）：应为整数"),
        ({"title": "好", "pages": True}, "页数（pages）：应为整数"),
        ({"title": "好", "pages": 1, "kind": "c"}, "类型（kind）：“c”不在允许的范围内，可以是：a、b"),
        ({"title": "好", "pages": 1, "tags": ["x", 3]}, "tags[1]：应为文字"),
        ({"title": "好", "pages": 1, "更多": 1}, "更多：标准里没有这一项"),
        ({"title": "好", "pages": 1, "number": "12"}, "编号（number）：“12”的写法不对"),
        ([], "样例：应为一组字段"),
    ],
)
def test_each_fault_is_told_with_field_and_reason(value, said):
    assert said in [sentence(fault) for fault in faults(value, SCHEMA)]


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("date", "2026-11-22", "2026-02-30"),
        ("date-time", "2026-11-22T09:00:00+08:00", "2026-11-22T09:00:00"),
        ("uuid", "0d8f9a3e-6c5b-4f2e-9a77-1c2d3e4f5a6b", "{0d8f9a3e6c5b4f2e9a771c2d3e4f5a6b}"),
        ("uri", "https://www.chenghu.localhost/zwgk/", "javascript:alert(1)"),
    ],
)
def test_formats(form, good, bad):
    schema = {"title": "项", "type": "string", "format": form}
    assert faults(good, schema) == []
    assert [fault.code for fault in faults(bad, schema)] == ["format"]


def test_a_keyword_that_would_not_be_checked_is_refused():
    with pytest.raises(UnknownKeyword):
        check_keywords({"type": "object", "properties": {"a": {"oneOf": []}}})


def test_a_value_with_endless_faults_is_told_the_first_ones():
    assert len(faults([1] * 10_000, {"type": "array", "items": {"type": "string"}})) == 50


def test_every_shipped_edition_is_a_schema_of_its_dialect():
    for editions in shipped().editions.values():
        for edition in editions:
            jsonschema.Draft202012Validator.check_schema(dict(edition.schema))


def test_every_standard_names_the_texts_it_follows_and_what_was_not_found():
    register = shipped()
    assert all(register.texts[name] for name in register.editions)
    assert "没有找到" in register.texts["article"][0].missing


# ---- what a unit asks beyond ---------------------------------------------------------------------------------------

ARTICLE = shipped().editions["article"][0].schema


def test_demands_ask_more_and_never_less():
    demands = demands_of(
        {"summary": {"filled": True, "longest": 100}, "subject_class": {"allowed": ["教育", "医疗"]}}, ARTICLE
    )
    schema = as_schema(demands, ARTICLE)
    assert faults({"summary": "有", "subject_class": ""}, schema) == []
    said = [sentence(fault) for fault in faults({"summary": "长" * 101, "subject_class": "体育"}, schema)]
    assert said == [
        "摘要（summary）：不能超过 100 个字（现有 101 个）",
        "主题分类（subject_class）：“体育”不在允许的范围内，可以是：教育、医疗、（空）",
    ]
    assert [fault.code for fault in faults({"subject_class": "教育"}, schema)] == ["missing"]


def test_a_demand_inside_the_details_of_a_kind():
    policy = shipped().editions["policy_document"][0].schema
    schema = as_schema(
        demands_of({"detail.index_number": {"filled": True}, "keywords": {"filled": True}}, policy), policy
    )
    found = faults({"detail": {"index_number": ""}, "keywords": []}, schema)
    assert [fault.field for fault in found] == ["detail.index_number", "keywords"]


def test_a_demanded_date_may_not_stay_unknown():
    schema = as_schema(demands_of({"event_on": {"filled": True}}, ARTICLE), ARTICLE)
    assert [fault.code for fault in faults({"event_on": None}, schema)] == ["empty"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"nothing": {"filled": True}}, "unknown"),
        ({"identity": {"filled": True}}, "unknown"),
        ({"summary": {"longest": 501}}, "longest"),
        ({"summary": {"longest": 0}}, "longest"),
        ({"openness": {"allowed": ["other"]}}, "wider"),
        ({"summary": {"allowed": [" "]}}, "allowed"),
        ({"summary": "filled"}, "form"),
    ],
)
def test_a_senseless_demand_is_refused(given, code):
    with pytest.raises(DemandRefused) as refused:
        demands_of(given, ARTICLE)
    assert refused.value.code == code


def test_what_can_be_asked_leaves_out_what_the_platform_gives():
    assert "identity" not in fields_of(ARTICLE)
    assert "original.source" in fields_of(ARTICLE)
