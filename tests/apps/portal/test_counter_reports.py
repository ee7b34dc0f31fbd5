"""Reporting a wrong at the counter, as a browser without script does it: under a name or without, one thing a page."""

import pytest
from tests.apps.portal.counter_home import counting, site
from tests.apps.portal.test_counter import PNG, faults, receipt_of, waiting

MATTER = {
    "title": "有人虚报工程量",
    "reported": "澄湖市例建处",
    "happened": "今年九月",
    "text": "九月的清单上多写了三百米。",
}
WHO = {"name": "样举报", "phone": "000-1234567"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return site(tmp_path_factory.mktemp("counter") / "var")


@pytest.fixture
def city(home):
    with counting(home) as city:
        yield city
    for found in city.box.waiting():
        city.box.taken(found.token)


def at_naming(city, **changed):
    return city.form("/hudong/write?kind=report").send(files=(("清单.png", PNG),), **MATTER | changed)


def test_a_report_under_a_name_is_told_what_happens_to_the_name(city):
    form = city.form("/hudong/write?kind=report")
    assert "第 2 步，共 5 步" in form.text
    form = form.send()
    assert faults(form) == ["标题：请写一个标题", "举报谁：请写明举报的是谁", "经过和证据：请写内容"]
    form = at_naming(city)
    assert "也不会交给被举报的单位办理" in form.text
    assert faults(form.send()) == ["用不用真实姓名：请选择用不用真实姓名"]
    form = form.send(naming="named")
    assert "只有承办的人能看，每次查看都有记录" in form.text
    assert "可以公开" not in form.text
    assert faults(form.send(name="样举报")) == ["电话：请留下电话或者邮箱，至少一样，否则无法答复您"]
    check = form.send(**WHO)
    assert all(typed in check.text for typed in ("举报", *MATTER.values(), *WHO.values(), "清单.png"))
    form = check.send("send", human=check.answer())
    assert "被举报的单位和它的下属单位看不到这件举报" in form.text
    (letter,) = waiting(city)
    assert dict(letter.fields) == {**MATTER, "naming": "named", **WHO}
    assert [file.name for file in letter.files] == ["清单.png"]


def test_a_report_without_a_name_asks_for_none_and_goes_from_there_to_the_check(city):
    check = at_naming(city).send(naming="anonymous")
    assert "第 4 步，共 4 步" in check.text
    assert "您是谁" not in check.text
    form = check.send("send", human=check.answer())
    number, code = receipt_of(form)
    (letter,) = waiting(city)
    assert dict(letter.fields) == {**MATTER, "naming": "anonymous"}
    assert city.box.tickets.read(number, code.replace(" ", ""))["kind"] == "report"


def test_who_thinks_better_of_her_name_sends_none_of_what_she_typed(city):
    check = at_naming(city).send(naming="named").send(**WHO)
    check = check.send("change:naming").send(naming="anonymous")
    assert "样举报" not in check.text.partition("<dl")[2].replace('value="样举报"', "")
    check.send("send", human=check.answer())
    (letter,) = waiting(city)
    assert not set(WHO) & set(letter.fields)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reported": "甲"}, "太短了，至少写 2 个字"),
        ({"happened": "久" * 61}, "太长了，最多 60 个字"),
        ({"text": "x" * 5001}, "太长了，最多 5000"),
    ],
)
def test_what_does_not_fit_is_told_at_its_field_and_stays(city, changed, sentence):
    form = at_naming(city, **changed)
    assert any(sentence in found for found in faults(form))
    assert MATTER["title"] in form.text
    assert not waiting(city)


def test_a_choice_that_is_none_is_refused(city):
    assert faults(at_naming(city).send(naming="perhaps")) == ["用不用真实姓名：请从列出的选项里选一个"]
