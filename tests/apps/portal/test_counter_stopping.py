"""No more mail: a page with one button, and one request of a mail program."""

import pytest
from tests.apps.portal.counter_home import counting, site
from tests.apps.portal.test_counter import MATTER, PERSON, waiting

SECRET = "0123456789abcdef" * 2
LINK = f"/hudong/stop?n=20261122-483920&k={SECRET}"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return site(tmp_path_factory.mktemp("counter") / "var")


@pytest.fixture
def city(home):
    with counting(home) as city:
        yield city
    for found in city.box.waiting():
        city.box.taken(found.token)


def test_opening_the_link_stops_nothing_and_the_button_does(city):
    form = city.form(LINK)
    assert "20261122-483920" in form.text
    assert waiting(city) == []
    form = form.send()
    assert "以后不再发邮件" in form.text
    (found,) = waiting(city)
    assert (found.number, found.secret) == ("20261122-483920", SECRET)


def test_a_mail_program_asks_with_one_request_and_twice_is_once(city):
    for _twice in range(2):
        assert city.post(LINK.replace("483920", "483921"), {"List-Unsubscribe": "One-Click"}).status == 200
    assert len(waiting(city)) == 1


@pytest.mark.parametrize(
    "query", ["", "?n=1&k=2", "?n=20261122-483920", f"?n=20261122-483920&k={'G' * 32}", f"?n=x&k={SECRET}"]
)
def test_a_broken_link_says_so(city, query):
    assert "这个链接不完整" in city.get(f"/hudong/stop{query}").body.decode()
    reply = city.post(f"/hudong/stop{query}", {})
    assert (reply.status, waiting(city)) == (400, [])


def test_the_form_says_what_an_address_is_used_for_and_the_receipt_too(city):
    form = city.form("/hudong/write?kind=enquiry").send(**MATTER)
    assert "邮件里没有来信内容，随时可以停" in form.text
    check = form.send(**PERSON, email="a@example.invalid")
    form = check.send("send", human=check.answer())
    assert "编号也会发到您的邮箱；查询码不会" in form.text
