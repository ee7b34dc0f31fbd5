"""Service items as exchanged: a line is read whole or refused with everything that is wrong named."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiyue.domain.service_differences import Difference, Kind, compare, differences
from jiyue.domain.service_items import (
    RULES,
    EntryRefused,
    Material,
    Problem,
    Question,
    ServiceEntry,
    Step,
    entry_of,
    plain,
    read_lines,
    written,
)

CARD = {
    "code": "9901-0007-01", "name": "社会保障卡申领", "item_class": "public_service", "audiences": ["person"],
    "title": "社会保障卡申领", "place": "澄湖市市民中心二楼", "legal_days": 20, "promised_days": 5, "charged": False,
    "materials": [{"name": "居民身份证", "original": "shown"}, {"name": "申领表", "needs_form": True, "copies": 1}],
    "process": [{"name": "受理", "what": "窗口收件"}, {"name": "发卡", "what": "当场制卡"}],
    "questions": [{"question": "能代办吗？", "answer": "可以。"}], "online_depth": 3,
    "online_address": "https://zwfw.example.gov.cn/card",
}  # fmt: skip


def lines(*values) -> bytes:
    return "\n".join(value if isinstance(value, str) else json.dumps(value) for value in values).encode()


def test_an_entry_holds_what_was_stated_and_says_what_was():
    entry = entry_of(CARD)
    assert entry.materials == (
        Material("居民身份证", "shown"), Material("申领表", copies=1, needs_form=True),
    )  # fmt: skip
    assert entry.process == (Step("受理", "窗口收件"), Step("发卡", "当场制卡"))
    assert entry.stated == CARD.keys() - {"code"}


def test_what_is_written_reads_back_the_same():
    entry = entry_of(CARD)
    [line] = read_lines(written(entry).encode())
    assert line.entry == entry


def problems_of(**changed) -> tuple[Problem, ...]:
    with pytest.raises(EntryRefused) as refused:
        entry_of({**CARD, **changed})
    return refused.value.problems


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"code": ""}, Problem("code", "empty")),
        ({"code": "Ab 1"}, Problem("code", "wrong_form", "Ab 1")),
        ({"name": 7}, Problem("name", "not_text", "7")),
        ({"title": "长" * 201}, Problem("title", "too_long", "201", "200")),
        ({"title": "两\n行"}, Problem("title", "unreadable")),
        ({"place": "坏\x00字"}, Problem("place", "unreadable")),
        ({"place": "半\ud800字"}, Problem("place", "unreadable")),
        ({"item_class": "magic"}, Problem("item_class", "unknown", "magic", "licensing、approval、other_power、public_service")),
        ({"audiences": "person"}, Problem("audiences", "not_list", "person")),
        ({"promised_days": "五"}, Problem("promised_days", "not_number", "五", "0～3650")),
        ({"promised_days": -1}, Problem("promised_days", "not_number", "-1", "0～3650")),
        ({"promised_days": True}, Problem("promised_days", "not_number", "true", "0～3650")),
        ({"charged": "否"}, Problem("charged", "not_yes_no", "否")),
        ({"charged": True, "charge_basis": ""}, Problem("charge_basis", "charge_without_basis")),
        ({"online_address": "javascript:alert(1)"}, Problem("online_address", "not_link", "javascript:alert(1)")),
        ({"online_address": "https://a:b@c/"}, Problem("online_address", "not_link", "https://a:b@c/")),
        ({"materials": [{"original": "copy"}]}, Problem("materials.1.name", "empty")),
        ({"materials": ["身份证"]}, Problem("materials.1", "not_object", "身份证")),
        ({"materials": [{"name": "甲"}, {"name": "甲"}]}, Problem("materials", "twice", "甲")),
        ({"materials": [{"name": "甲", "copies": 100}]}, Problem("materials.1.copies", "not_number", "100", "0～99")),
        ({"process": [{"name": "受理", "what": "收件", "x": 1}]}, Problem("process.1", "strange_key", "x")),
        ({"colour": "red"}, Problem("", "strange_key", "colour")),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_place(changed, problem):
    assert problems_of(**changed) == (problem,)


def test_everything_wrong_is_named_at_once():
    assert [each.field for each in problems_of(name=1, place=2, materials=3)] == ["name", "place", "materials"]


def test_a_file_is_read_line_by_line_and_one_bad_line_spoils_no_other():
    found = list(read_lines(b"\xef\xbb\xbf" + lines(CARD, "", "{", {**CARD, "code": "9901-0008"}, CARD, "[]")))
    assert [(line.number, bool(line.entry), [each.code for each in line.problems]) for line in found] == [
        (1, True, []), (3, False, ["not_json"]), (4, True, []), (5, False, ["repeated"]), (6, False, ["not_object"]),
    ]  # fmt: skip
    assert found[3].problems[0].given == "1"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"code":"9901","code":"9902"}', "not_json"), (b'{"code":NaN}', "not_json"), (b"\xff\xfe", "not_utf8"),
        (b"[" * 100_000, "not_json"), (b'{"code":"' + b"9" * 300_000 + b'"}', "line_too_long"),
    ],
)  # fmt: skip
def test_what_no_system_should_send_is_refused(raw, code):
    [line] = read_lines(raw)
    assert line.problems[0].code == code


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(sorted(RULES)), anything, max_size=8))
def test_no_value_is_too_strange_to_be_refused_in_words(value):
    try:
        entry = entry_of(value)
    except EntryRefused as refused:
        assert refused.problems
    else:
        assert entry_of(plain(entry)) == entry


@given(st.binary(max_size=200))
def test_no_bytes_are_too_strange(data):
    assert all(line.entry or line.problems for line in read_lines(data))


# ---- differences ---------------------------------------------------------------------------------------------------


def other(**changed) -> ServiceEntry:
    return entry_of({**CARD, **changed})


def test_equal_items_differ_in_nothing_and_spaces_widths_and_order_are_nothing():
    turned = [CARD["materials"][1], {"name": " 居民 身份证 ", "original": "shown"}]
    assert differences(entry_of(CARD), other(materials=turned, place="澄湖市 市民中心二楼")) == ()


def test_only_what_the_other_side_states_is_compared():
    assert differences(entry_of(CARD), entry_of({"code": CARD["code"], "place": "澄湖市市民中心二楼"})) == ()


def test_a_changed_element_shows_both_sides():
    code = CARD["code"]
    assert differences(entry_of(CARD), other(promised_days=3, audiences=["person", "legal-person"])) == (
        Difference(code, Kind.CHANGED, "audiences", ours=["person"], theirs=["person", "legal-person"]),
        Difference(code, Kind.CHANGED, "promised_days", ours=5, theirs=3),
    )


def test_materials_are_matched_by_name_and_steps_by_order():
    theirs = other(
        materials=[{"name": "申领表", "copies": 2, "needs_form": True}, {"name": "照片"}],
        process=[{"name": "受理", "what": "网上收件"}],
    )
    found = [
        (each.kind, each.field, each.row, each.part, each.ours, each.theirs)
        for each in differences(entry_of(CARD), theirs)
    ]
    assert found[0][:4] == (Kind.ONLY_HERE, "materials", "居民身份证", "")
    assert found[1] == (Kind.CHANGED, "materials", "申领表", "copies", 1, 2)
    assert found[2][:4] == (Kind.ONLY_THERE, "materials", "照片", "")
    assert found[3] == (Kind.CHANGED, "process", "1", "what", "窗口收件", "网上收件")
    assert found[4][:4] == (Kind.ONLY_HERE, "process", "2", "")
    assert len(found) == 5


def test_two_materials_of_one_name_stay_two():
    ours = replace(entry_of(CARD), materials=(Material("证明"), Material("证明", "copy")))
    [found] = differences(ours, other(materials=[{"name": "证明"}]))
    assert (found.kind, found.row) == (Kind.ONLY_HERE, "证明#2")


def test_items_of_one_side_alone_are_told_once():
    theirs = {"code": "9901-0009", "name": "老年优待证"}
    found = compare([entry_of(CARD)], [entry_of(theirs)])
    assert found == (
        Difference(CARD["code"], Kind.ONLY_HERE, ours="社会保障卡申领"),
        Difference("9901-0009", Kind.ONLY_THERE, theirs=theirs),
    )


def test_a_difference_with_other_values_is_another_one():
    first, second = (differences(entry_of(CARD), other(promised_days=days))[0] for days in (3, 4))
    assert first.digest != second.digest
    assert first.digest == differences(entry_of(CARD), other(promised_days=3))[0].digest


@given(
    st.lists(st.sampled_from(["甲", "乙", "丙"]), unique=True),
    st.lists(st.sampled_from(["甲", "乙", "丁"]), unique=True),
)
def test_every_material_of_either_side_is_accounted_for(mine, theirs):
    ours = replace(entry_of(CARD), materials=tuple(map(Material, mine)))
    found = differences(ours, other(materials=[{"name": name} for name in theirs]))
    assert {each.row for each in found if each.kind == Kind.ONLY_HERE} == set(mine) - set(theirs)
    assert {each.row for each in found if each.kind == Kind.ONLY_THERE} == set(theirs) - set(mine)


def test_a_question_is_a_row_of_its_own():
    asked = [*CARD["questions"], {"question": "要钱吗？", "answer": "不收费。"}]
    [found] = differences(entry_of(CARD), other(questions=asked))
    assert (found.kind, found.row) == (Kind.ONLY_THERE, "要钱吗?")
    assert entry_of({**CARD, "questions": asked}).questions[1] == Question("要钱吗？", "不收费。")
