"""Asking for information at the counter, as a browser without script does it."""

import pytest
from tests.apps.portal.counter_home import counting, site
from tests.apps.portal.test_counter import faults, receipt_of, waiting
from tests.disclosure import FIELDS, IDENTITY

MATTER = {"title": FIELDS["title"], "text": FIELDS["text"]}
HOW = {"form": "electronic", "delivery": "site"}
WHO = {"name": "样申请", "id_kind": "id_card", "id_number": IDENTITY, "phone": "000-1234567"}
COMPANY = {"name": "例公司", "credit_code": "91350100M000100Y43", "representative": "例代表", "phone": "000-1234567"}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return site(tmp_path_factory.mktemp("counter") / "var")


@pytest.fixture
def city(home):
    with counting(home) as city:
        yield city
    for found in city.box.waiting():
        city.box.taken(found.token)


def at_person(city, applicant: str = "natural", **how: str):
    form = city.form("/hudong/write?kind=disclosure").send(**MATTER).send(**HOW | how)
    return form.send(applicant=applicant)


@pytest.mark.req("DISC-01", "DISC-03")
def test_a_request_goes_one_thing_a_page_to_its_receipt(city):
    entrance = city.form("/hudong/")
    assert "依申请公开" in entrance.text and "/zwgk/zn/" in entrance.text and "/zwgk/gknb/" in entrance.text
    form = city.form("/hudong/write?kind=disclosure")
    assert "第 2 步，共 6 步" in form.text and "信息公开指南" in form.text
    form = form.send(**MATTER)
    assert faults(form.send()) == ["想要什么形式：请选择要什么形式", "怎么给您：请选择怎么给您"]
    form = form.send(**HOW)
    assert faults(form.send()) == ["谁来申请：请选择是谁申请"]
    form = form.send(applicant="natural")
    assert "证件号码" in form.text and "社会信用代码" not in form.text
    form = form.send(**WHO)
    for typed in (MATTER["title"], "电子件", "在网站上查看", "个人", "居民身份证", IDENTITY):
        assert typed in form.text
    form = form.send("send", human=form.answer())
    number, code = receipt_of(form)
    assert "补正一次" in form.text
    (letter,) = waiting(city)
    assert letter.kind == "disclosure"
    assert dict(letter.fields) == {**MATTER, **HOW, "applicant": "natural", **WHO}
    assert city.box.tickets.read(number, code.replace(" ", ""))["title"] == MATTER["title"]


def test_a_company_shows_its_code_and_names_who_speaks_for_it(city):
    form = at_person(city, "company")
    assert "证件号码" not in form.text and "法定代表人" in form.text
    assert faults(form.send(**COMPANY | {"credit_code": "91350100M000100Y44"})) == [
        "统一社会信用代码：这不是有效的统一社会信用代码，请照证书再写一遍"
    ]
    assert "核对一遍" in form.send(**COMPANY).text


def test_wrong_documents_and_ways_that_need_an_address_are_told_at_the_field(city):
    form = at_person(city, delivery="post")
    found = faults(form.send(**WHO | {"id_number": "110105194912310021"}))
    assert found == ["证件号码：这不是有效的居民身份证号码，请照证件再写一遍", "通信地址：选了邮寄，请写通信地址"]
    assert "核对一遍" in form.send(**WHO, address="示范省澄湖市例路样号").text


def test_who_turns_from_person_to_company_is_asked_again_and_sends_no_identity_number(city):
    check = at_person(city).send(**WHO)
    form = check.send("change:applicant").send(applicant="company")
    form = form.send("send", human=form.answer()) if "等于几" in form.text else form
    assert "请写统一社会信用代码" in form.text
    form = form.send(**COMPANY)
    form.send("send", human=form.answer())
    (letter,) = waiting(city)
    assert IDENTITY not in letter.fields.values()
