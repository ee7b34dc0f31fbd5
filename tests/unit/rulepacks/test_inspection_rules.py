"""The inspection rules of 国办秘函〔2019〕19号: vetoes and scoring as far as known, and what is unknown said to be so."""

from collections import Counter
from datetime import date

import pytest

from jiyue.rules.library import shipped
from tests.unit.rulepacks.expectations import DAY


def setting(parameter, on: date = DAY):
    return shipped().ruleset("national").answer(parameter, on).terms.value


def test_any_veto_ends_the_scoring():
    scoring = setting("inspection.scoring")
    assert (scoring["veto-ends"], scoring["deduction-full"], scoring["bonus-full"]) == (True, 100, 30)
    assert (scoring["unqualified-below"], scoring["bonus-above"], scoring["capped-per-indicator"]) == (60, 80, True)
    assert scoring["applies"] == {"veto": "all-sites-and-new-media", "deduction": "portals", "bonus": "portals"}
    assert scoring["new-media-scored"] is False


def test_a_department_without_services_is_scored_out_of_75():
    without = setting("inspection.scoring")["without-services"]
    assert (without["full"], without["numerator"], without["denominator"]) == (75, 4, 3)
    assert without["full"] * without["numerator"] // without["denominator"] == 100
    assert setting("inspection.scoring")["services-points"] == 100 - without["full"]


def test_sixteen_conditions_veto_a_site():
    vetoes = setting("inspection.veto.site")
    assert Counter(veto["group"] for veto in vetoes) == {
        "安全、泄密事故等严重问题": 6,
        "站点无法访问": 1,
        "首页不更新": 1,
        "栏目不更新": 3,
        "互动回应差": 2,
        "服务不实用": 3,
    }
    assert len({veto["code"] for veto in vetoes}) == len(vetoes)


def test_a_machine_never_decides_on_security():
    """A finding of the security group never makes a site unqualified without a person."""
    security = [veto for veto in setting("inspection.veto.site") if veto["group"].startswith("安全")]
    assert {veto["code"]: veto["method"] for veto in security} == {
        "wording": "confirm",
        "secret": "confirm",
        "harmful": "confirm",
        "attack": "confirm",
        "faking": "confirm",
        "opinion": "manual",
    }


def test_thresholds_are_parameters_of_their_own():
    library = shipped()
    named = [at for veto in setting("inspection.veto.site") + setting("inspection.veto.new-media")
             for at in veto.get("at", ())]  # fmt: skip
    assert set(named) == {name for name in library.parameters
                          if name.startswith(("inspection.reach.", "inspection.home.", "inspection.columns.",
                                              "inspection.reply.", "inspection.guide.", "inspection.new-media."))}  # fmt: skip


def test_the_second_half_of_the_services_veto_is_unsourced():
    sources = {veto["code"]: veto.get("source", "secondary") for veto in setting("inspection.veto.site")}
    assert [code for code, source in sources.items() if source == "unsourced"] == ["guides", "guides-few"]


def test_only_two_vetoes_of_new_media_are_sourced():
    vetoes = setting("inspection.veto.new-media")
    assert [veto["code"] for veto in vetoes if veto["source"] != "unsourced"] == ["stale", "no-interaction"]


@pytest.mark.parametrize("parameter", ["inspection.indicators", "inspection.bonus"])
def test_unknown_points_are_marked(parameter):
    assert {indicator["points"] for indicator in setting(parameter)} == {"unknown"}


def test_deduction_indicators_keep_their_sections():
    assert Counter(indicator["section"] for indicator in setting("inspection.indicators")) == {
        "发布解读": 9,
        "办事服务": 5,
        "互动交流": 6,
        "功能设计": 9,
    }
    assert [part["section"] for part in setting("inspection.bonus")] == [
        "信息发布", "办事服务", "互动交流", "功能设计", "创新发展"
    ]  # fmt: skip


def test_the_yearly_assessment_of_supervision_has_little_that_is_known():
    scoring = setting("inspection.supervision-scoring")
    assert (scoring["deduction-full"], scoring["bonus-full"], scoring["rest"]) == (100, 20, "unknown")
    assert {veto["code"]: veto["count"] for veto in scoring["vetoes"]} == {
        "wording-sites": "unknown",
        "unqualified-sites": 2,
    }
    assert {each["code"]: each["each"] for each in scoring["deductions"]} == {
        "error-report-open": 3,
        "error-report-late": 2,
    }


def test_a_guide_has_eight_elements_of_which_four_are_sourced():
    elements = setting("inspection.guide.elements")
    assert [(each["name"], each["source"]) for each in elements] == [
        ("事项名称", "secondary"), ("设定依据", "secondary"), ("申请条件", "secondary"), ("办理材料", "secondary"),
        ("办理地点", "unsourced"), ("办理时间", "unsourced"), ("联系电话", "unsourced"), ("办理流程", "unsourced"),
    ]  # fmt: skip
