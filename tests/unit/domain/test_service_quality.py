"""The lists of what is wrong with guides, and the veto on services, computed from plain facts."""

from dataclasses import replace
from datetime import date

import pytest

from jiyue.domain.service_items import Material, ServiceEntry, Step
from jiyue.domain.service_quality import ELEMENTS, FORM_FILES, Fault, Group, Guide, elements_of, faults
from jiyue.domain.service_usability import Finding, PublicGuide, Thresholds, Verdict, judge

TODAY = date(2026, 11, 22)
WHOLE = ServiceEntry(
    "9901-0007", title="社保卡申领", item_basis="社会保险法第五十八条", handling_body="社保中心", fee_standard="不收费",
    place="市民中心", hours="工作日 9:00–17:00", telephone="000-1234", promised_days=5, legal_days=20, conditions="本市参保",
    certificates="身份证", materials=(Material("申领表", needs_form=True),), process=(Step("受理", "收件"),), online_depth=3,
    online_address="https://card.zwfw.example.gov.cn/apply",
)  # fmt: skip
GUIDE = Guide(WHOLE, {"申领表": frozenset(FORM_FILES)}, system_host="zwfw.example.gov.cn", review_on=date(2027, 1, 1))


def of(**changed):
    entry = {name: value for name, value in changed.items() if name in ServiceEntry.__dataclass_fields__}
    rest = {name: value for name, value in changed.items() if name not in entry}
    return faults(replace(GUIDE, entry=replace(WHOLE, **entry), **rest), today=TODAY)


def test_a_whole_guide_has_no_fault_and_every_element():
    assert faults(GUIDE, today=TODAY) == ()
    assert elements_of(WHOLE) == frozenset(ELEMENTS)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"telephone": ""}, Fault(Group.ELEMENTS, "missing", "telephone")),
        ({"item_basis": ""}, Fault(Group.ELEMENTS, "missing", "basis")),
        ({"promised_days": None, "legal_days": None}, Fault(Group.ELEMENTS, "missing", "time_limit")),
        ({"material_files": {"申领表": frozenset({"blank", "instructions"})}}, Fault(Group.FORMS, "sample", "申领表")),
        ({"online_address": ""}, Fault(Group.LINKS, "no_address", "online_address")),
        ({"online_address": "http:/x"}, Fault(Group.LINKS, "broken", "online_address", "http:/x")),
        ({"online_address": "https://pay.example.com/x"},
         Fault(Group.LINKS, "foreign", "online_address", "pay.example.com", "zwfw.example.gov.cn")),
        ({"online_address": "https://evilzwfw.example.gov.cn/"},
         Fault(Group.LINKS, "foreign", "online_address", "evilzwfw.example.gov.cn", "zwfw.example.gov.cn")),
        ({"promised_days": 30}, Fault(Group.LIMITS, "promised_longer", "promised_days", "30", "20")),
        ({"legal_days_elsewhere": (20, 15)}, Fault(Group.LIMITS, "legal_differs", "legal_days", "20", "15")),
        ({"has_item": False}, Fault(Group.CONTRADICTIONS, "no_item")),
        ({"item_ended": True}, Fault(Group.CONTRADICTIONS, "item_ended", ours="9901-0007")),
        ({"charged": True}, Fault(Group.CONTRADICTIONS, "charged_item_free", "fee_standard", "不收费")),
        ({"fee_standard": "每证 10 元"}, Fault(Group.CONTRADICTIONS, "free_item_charges", "fee_standard", "每证 10 元")),
        ({"review_on": None}, Fault(Group.EXAMINATION, "no_day")),
        ({"review_on": TODAY}, Fault(Group.EXAMINATION, "day_passed", ours="2026-11-22")),
    ],
)  # fmt: skip
def test_each_fault_is_found_alone(changed, fault):
    assert of(**changed) == (fault,)


def test_instructions_in_words_are_instructions_and_a_material_without_form_needs_no_files():
    material = Material("申领表", needs_form=True, instructions="用黑色笔填写")
    assert of(materials=(material,), material_files={"申领表": frozenset({"blank", "sample"})}) == ()
    assert of(materials=(Material("身份证"),), material_files={}) == ()


# ---- the veto ------------------------------------------------------------------------------------------------------

NATIONAL = Thresholds(
    ("name", "legal-basis", "conditions", "materials", "place", "hours", "telephone", "procedure"), missing=4, items=5
)


def guides(whole: int, poor: int) -> list[PublicGuide]:
    return [
        *(PublicGuide(f"w{n}", "全", frozenset(NATIONAL.elements)) for n in range(whole)),
        *(PublicGuide(f"p{n}", "缺", frozenset(NATIONAL.elements[:4])) for n in range(poor)),
    ]


def verdicts(found: tuple[Finding, ...]) -> list[str]:
    return [finding.verdict for finding in found]


@pytest.mark.parametrize(
    ("whole", "poor", "expected"),
    [
        (3, 0, ["pass", "pass", "pass"]),
        (0, 3, ["pass", "pass", "fail"]),  # few, and every one lacks four classes
        (1, 3, ["pass", "pass", "pass"]),  # few, but one is whole
        (0, 4, ["pass", "pass", "fail"]),
        (9, 4, ["pass", "pass", "pass"]),
        (9, 5, ["pass", "fail", "pass"]),  # five or more
        (0, 5, ["pass", "fail", "pass"]),
    ],
)
def test_the_veto_counts_guides_that_lack_four_classes(whole, poor, expected):
    found = judge(guides(whole, poor), has_to_serve=True, thresholds=NATIONAL)
    assert verdicts(found) == expected
    assert [(finding.code, finding.of) for finding in found] == [
        ("no-services", whole + poor), ("guides", whole + poor), ("guides-few", whole + poor),
    ]  # fmt: skip


def test_three_lacking_classes_are_not_four():
    nearly = PublicGuide("n", "差三类", frozenset(NATIONAL.elements[:5]))
    assert verdicts(judge([nearly] * 5, has_to_serve=True, thresholds=NATIONAL)) == ["pass"] * 3


def test_no_services_is_a_fault_only_of_who_has_to_serve():
    assert verdicts(judge([], has_to_serve=True, thresholds=NATIONAL)) == ["fail", "unchecked", "unchecked"]
    assert verdicts(judge([], has_to_serve=False, thresholds=NATIONAL)) == ["pass", "unchecked", "unchecked"]


def test_without_thresholds_nothing_is_passed_that_nobody_computed():
    found = judge(guides(1, 1), has_to_serve=True, thresholds=None)
    assert [(finding.verdict, finding.why) for finding in found[1:]] == [(Verdict.UNCHECKED, "not_set")] * 2
