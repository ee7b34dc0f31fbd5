"""Writing to a leader at the counter, as a browser without script does it."""

import pytest
from tests.apps.portal.counter_home import counting, site
from tests.apps.portal.test_counter import MATTER, PERSON, faults, receipt_of, waiting

MAYOR, VICE, CLOSED = (f"5b0c1c8e-5f0e-4c1c-9b46-0d5d1f1a000{n}" for n in (1, 2, 3))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return site(tmp_path_factory.mktemp("counter") / "var")


@pytest.fixture
def city(home):
    with counting(home) as city:
        yield city
    for found in city.box.waiting():
        city.box.taken(found.token)


@pytest.mark.req("INT-15")
def test_the_leader_is_chosen_first_and_named_to_the_end(city):
    form = city.form("/hudong/write").send(kind="leader_letter")
    assert "写给哪位领导" in form.text
    assert "第 2 步，共 5 步" in form.text
    assert "12 月 20 日以后再收信" in form.text
    assert f'value="{CLOSED}"' not in form.text
    assert faults(form.send()) == ["写给哪位领导：请选择写给哪位领导"]
    check = form.send(leader=VICE).send(**MATTER).send(**PERSON)
    assert "副市长 示范乙" in check.text
    form = check.send("send", human=check.answer())
    assert "副市长 示范乙" in form.text
    number, code = receipt_of(form)
    (letter,) = waiting(city)
    assert (letter.kind, letter.fields["leader"]) == ("leader_letter", VICE)
    followed = city.form("/hudong/follow").send(number=number, code=code)
    assert "写给" in followed.text
    assert "副市长 示范乙" in followed.text


def test_a_mailbox_closed_meanwhile_is_told_and_nothing_typed_is_lost(city):
    form = city.form("/hudong/write?kind=leader_letter").send(leader=CLOSED)
    assert faults(form) == ["写给哪位领导：这个信箱现在不收信：外出学习，12 月 20 日以后再收信。"]
    check = (
        city.form(f"/hudong/write?kind=leader_letter&leader={MAYOR}").send(leader=MAYOR).send(**MATTER).send(**PERSON)
    )
    hidden = {**check.hidden, "leader": CLOSED, "go": "send", "human": check.answer()}
    reply = city.post("/hudong/write", hidden).body.decode()
    assert "这个信箱现在不收信" in reply
    assert MATTER["title"] in reply
    assert not waiting(city)


def test_who_comes_from_the_page_of_a_leader_finds_him_chosen(city):
    form = city.form(f"/hudong/write?kind=leader_letter&leader={MAYOR}")
    assert f'value="{MAYOR}" id="f-leader" checked' in form.text


@pytest.mark.parametrize("leader", ["nobody", "<b>", "5b0c1c8e-5f0e-4c1c-9b46-0d5d1f1a0009"])
def test_a_leader_without_a_mailbox_is_refused(city, leader):
    form = city.form("/hudong/write?kind=leader_letter").send(leader=leader)
    assert faults(form) == ["写给哪位领导：这位领导没有开通信箱，请从下面选一位"]
