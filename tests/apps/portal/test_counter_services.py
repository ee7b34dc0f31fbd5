"""Writing about a service item: by its guide, with what was typed kept, and only where the guide stands on this very site."""

import json

import pytest
from tests.apps.portal.counter_home import HOST, counting, site
from tests.apps.portal.test_counter import MATTER, PERSON, waiting
from tests.apps.publishing.deployed_home import DeployedHome

from jiyue.foundation.home import Home
from jiyue.portal import gallery
from jiyue.portal.environment import portal_renderer

pytestmark = pytest.mark.req("SERV-10")
PAGE, PLAIN, BARE = "/zwfw/bszn/2026/1101/3.html", "/zmhd/2026/1101/4.html", "/zwfw/bszn/2026/1101/5.html"
GUIDE = {
    "kind": "service_guide", "title": "取水许可<b>办事指南", "detail": {"item": {"code": "990100-SL-0001", "name": "取水许可"}},
}  # fmt: skip
TARGET = f"/hudong/write?guide={PAGE}"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return guided(site(tmp_path_factory.mktemp("counter") / "var"))


def guided(home: Home) -> Home:
    """The same home with a guide, a guide of no item, and an article."""
    frame, assets = gallery.sample_frame()
    made = {"hudong/index.html": portal_renderer().render(gallery.counter(frame)).encode(), "404.html": b"<p>none</p>",
            "index.html": b"<p>home</p>"}  # fmt: skip
    data = {PAGE: GUIDE, PLAIN: {"kind": "article", "title": "x", "detail": {}},
            BARE: {**GUIDE, "detail": {"item": None}}}  # fmt: skip
    for address, facts in data.items():
        made[address.lstrip("/")] = b"<p>page</p>"
        made[address.lstrip("/").replace(".html", ".json")] = json.dumps({"record": facts}).encode()
    deployed = DeployedHome.__new__(DeployedHome)
    deployed.root = home.path
    deployed.deploy(HOST, {file.address.lstrip("/"): file.content for file in assets} | made)
    return home


@pytest.fixture
def city(home):
    with counting(home) as city:
        yield city
    for found in city.box.waiting():
        city.box.taken(found.token)


def test_the_item_is_named_on_every_page_and_goes_with_the_letter(city):
    form = city.form(TARGET)
    assert "您问的是：" in form.text and "取水许可&lt;b&gt;办事指南" in form.text
    matter = form.posted(TARGET, kind="enquiry")
    assert f'action="/hudong/write?guide={PAGE}"' in matter.text and "您问的是：" in matter.text
    wrong = matter.posted(TARGET, title="", text="少")
    assert "您问的是：" in wrong.text and ">少<" in wrong.text.replace("\n", "")
    person = wrong.posted(TARGET, **MATTER)
    check = person.posted(TARGET, **PERSON)
    assert "您问的是：" in check.text
    check.posted(TARGET, go="send", human=check.answer())
    (letter,) = waiting(city)
    assert letter.fields["service"] == "990100-SL-0001"
    assert letter.page == ""


def test_who_asks_about_something_else_says_so_and_loses_nothing(city):
    matter = city.form(f"{TARGET}&kind=enquiry")
    other = matter.posted(TARGET, go="other", **MATTER)
    assert "您问的是：" not in other.text and MATTER["title"] in other.text
    assert 'action="/hudong/write"' in other.text
    check = other.send(**MATTER).send(**PERSON)
    check.send("send", human=check.answer())
    (letter,) = waiting(city)
    assert "service" not in letter.fields


@pytest.mark.parametrize(
    "guide", [PLAIN, BARE, "/nothing.html", "https://elsewhere.example/x.html", "//evil.example/a.html", "/../etc/passwd",
              "/%00.html", "x" * 4000, "<script>"],
)  # fmt: skip
def test_what_is_no_guide_of_this_site_is_asked_about_by_nobody(city, guide):
    from urllib.parse import quote

    form = city.form(f"/hudong/write?guide={quote(guide)}")
    assert form.reply.status == 200
    assert (
        "您问的是：" not in form.text and "guide=" not in form.text.partition('id="counter"')[2].partition("</main>")[0]
    )


@pytest.mark.parametrize("kind", ["disclosure", "report"])
def test_neither_a_request_nor_a_report_names_an_item(city, kind):
    form = city.form(TARGET).posted(TARGET, kind=kind)
    assert "您问的是：" not in form.text


def test_a_forged_field_is_not_believed(city):
    form = city.form("/hudong/write").send(kind="enquiry").send(service="990100-SL-0001", **MATTER)
    check = form.send(service="990100-SL-0001", **PERSON)
    check.send("send", human=check.answer(), service="990100-SL-0001")
    (letter,) = waiting(city)
    assert "service" not in letter.fields
