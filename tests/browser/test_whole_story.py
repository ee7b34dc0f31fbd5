"""What "done" means: written, refused where it should be, signed, served, corrected, withdrawn, rolled back, verified.

In a real browser, against a really running installation.
"""

import re
import time

import pytest

from tests.browser import installation
from tests.browser.chromium import chromium
from tests.browser.patience import patient
from tests.cast import PASSWORD

IN_FORM = "text => [...document.querySelectorAll('#w-editor-form [name]')].some(field => field.value.includes(text))"
TITLE = "澄湖市启动冬季湖岸清洁行动"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.req("REV-01", "REV-02", "REV-03", "COL-15"),
    pytest.mark.usefixtures("browser"),  # first, so that nothing is started where there is no browser
]


@pytest.fixture(scope="module")
def here(tmp_path_factory, found):
    home = tmp_path_factory.mktemp("whole-story") / "home"
    found(home)
    running = installation.start(home)
    yield running
    installation.stop(running)


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


class Person:
    """One account in a browser of its own."""

    def __init__(self, browser, here, username: str) -> None:
        self.here = here
        self.page = patient(browser.new_context(locale="zh-CN").new_page())
        self.page.goto(f"{here.console}/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(lambda address: "login" not in address)

    def opens(self, path: str) -> int:
        return self.page.goto(f"{self.here.console}{path}").status

    def opens_until(self, path: str, wanted, seconds: float = 180.0) -> None:
        """Open an own screen again and again until something is on it."""
        until = time.monotonic() + seconds
        while self.opens(path) == 200 and not wanted.count() and time.monotonic() < until:
            time.sleep(0.5)
        assert wanted.count(), self.page.inner_text("main")

    def approves(self, title: str = TITLE) -> None:
        """Find the work on the own list and give the signature."""
        link = self.page.get_by_role("link", name=re.compile(title))
        self.opens_until("/", link)
        link.first.click()
        self.page.wait_for_url(re.compile(r"/reviews/\d+/"))
        for box in self.page.locator("input[name=gate], input[name=gates]").all():
            box.check()
        reason = self.page.locator("form textarea#reason")
        if reason.count():
            reason.first.fill("不涉及国家秘密、工作秘密和个人隐私")
        presses(self.page, "通过")


@pytest.fixture(scope="module")
def people(browser, here):
    names = ["ch_editor", "ch_first", "ch_second", "ch_secrecy", "ch_final", "lj_editor", "yunwei"]
    return {name: Person(browser, here, name) for name in names}


def presses(page, name: str) -> None:
    """Press a button that leads to another page, and wait until that page has come."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def saves(page) -> None:
    """Save; the editor also saves by itself and then only changes the address, so wait until all has gone quiet."""
    presses(page, "保存")
    page.wait_for_url(re.compile(r"/edit/\d+/"))
    page.wait_for_load_state("networkidle")


def writes(editor: Person) -> int:
    """A new article through the writing screens; gives its key."""
    page = editor.page
    editor.opens(f"/write/begin/?kind=article&column={editor.here.facts['column']}")
    page.fill("#id_title", TITLE)
    page.fill("#id_source", "市政府办公室")
    page.select_option("#id_responsible", label="澄湖市人民政府")
    adds_paragraph(page, "行动从本月开始，到明年三月结束。")
    saves(page)
    return int(re.search(r"/(\d+)/", page.url)[1])


def adds_paragraph(page, text: str) -> None:
    page.get_by_title("插入内容块").first.click()
    page.get_by_role("option", name=re.compile("段落")).first.click()
    types(page, text)


def types(page, text: str) -> None:
    """Type at the end of the last paragraph, and wait until the editor has taken it into the form and saved by itself."""
    content = page.locator(".public-DraftEditor-content").last
    content.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)
    page.wait_for_function(IN_FORM, arg=text)


def submits(editor: Person, key: int, reason: str = "") -> None:
    editor.opens(f"/records/{key}/submit/")
    if reason:
        editor.page.fill("#reason", reason)
    presses(editor.page, "送审")
    editor.page.wait_for_url(re.compile(rf"/records/{key}/$"))


def all_sign(people) -> None:
    for name in ("ch_first", "ch_second", "ch_secrecy", "ch_final"):
        people[name].approves()


def address_of(here) -> str:
    _status, news = here.wait_for("/zwdt/yw/", lambda _status, text: TITLE in text)
    return re.search(r'href="(/zwdt/yw/\d{4}/\d{4}/\d+\.html)"', news)[1]


def test_the_whole_story(here, people):
    editor = people["ch_editor"]
    key = writes(editor)
    assert people["lj_editor"].opens(f"/records/{key}/") == 404
    assert people["yunwei"].opens(f"/records/{key}/") == 404
    submits(editor, key)
    assert editor.opens("/") == 200
    assert TITLE not in here.public("/zwdt/yw/")[1]

    all_sign(people)
    address = address_of(here)
    status, page = here.public(address)
    assert (status, "到明年三月结束" in page) == (200, True)
    assert TITLE in here.public("/")[1]

    editor.opens(f"/records/{key}/edit/")
    types(editor.page, "更正：到明年四月结束。")
    saves(editor.page)
    submits(editor, key, reason="结束时间有误")
    all_sign(people)
    status, page = here.wait_for(address, lambda _status, text: "明年四月结束" in text)
    assert (status, "明年四月结束" in page, "结束时间有误" in page) == (200, True, True)

    editor.opens(f"/records/{key}/")
    editor.page.locator("input[name=kind][value=error]").check()
    editor.page.fill("#w_reason", "活动取消")
    presses(editor.page, "送终审")
    people["ch_final"].approves()
    status, page = here.wait_for(address, lambda status, _text: status == 410)
    assert (status, TITLE in page) == (410, False)
    assert TITLE not in here.public("/zwdt/yw/")[1]

    back = here.jiyue("rollback", "www.chenghu.localhost", "--to", "2", "--reason", "演练")
    assert back.returncode == 0, back.stderr
    assert here.public(address)[0] == 410  # what was withdrawn does not come back
    assert here.jiyue("resume", "www.chenghu.localhost").returncode == 0
    verified = here.jiyue("verify", "--json")
    assert verified.returncode == 0, verified.stdout
