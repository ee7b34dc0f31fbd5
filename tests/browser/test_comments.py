"""A comment and a vote in a browser: with script and keyboard under the page itself; without script on a phone, large type."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.apps.portal.counter_home import HOST, City, counting
from tests.apps.portal.test_counter_comments import ABOUT, PAGE, built
from tests.browser.test_counter import looked_at, opened, tab_to
from tests.browser.test_portal_pages import browser

__all__ = ["browser"]  # the fixture
pytestmark = pytest.mark.slow
ROWS = [{"n": n, "on": "2026-11-20", "text": f"第 {n} 条<b>话</b>", "covered": False, "replies": []} for n in (2, 1)]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    home = built(tmp_path_factory.mktemp("comments") / "var")
    path = home.live / HOST / "pages" / f"{ABOUT}.json"
    path.parent.mkdir(parents=True)
    told = {"v": 1, "page": ABOUT, "broken": 0, "comments": ROWS, "useful": 31, "useless": 8}
    path.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    with counting(home, HOST) as city:
        yield city


@pytest.mark.req("INT-17")
def test_with_script_the_comments_stand_under_the_page_and_nobody_is_asked_a_sum(browser: Browser, city: City) -> None:
    page = opened(browser, city, PAGE)
    shown = page.locator("#page-voices")
    expect(shown.get_by_text("第 2 条<b>话</b>")).to_be_visible()
    expect(shown.get_by_text("31")).to_be_visible()
    looked_at(page)
    tab_to(page, "发表评论")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="发表评论")).to_be_visible()
    looked_at(page)
    page.get_by_label("您的评论").fill("写得很清楚。")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.get_by_role("heading", name="核对一遍，再提交")).to_be_visible()
    expect(page.locator("[data-human]")).to_be_hidden()
    looked_at(page)
    page.wait_for_timeout(3200)  # nobody is quicker
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已经收到您的评论")).to_be_visible()
    looked_at(page)
    page.go_back()
    expect(page.get_by_text("写得很清楚。")).to_be_visible()
    assert page.faults == []  # type: ignore[attr-defined]


@pytest.mark.req("INT-18")
def test_without_script_on_a_phone_in_large_type(browser: Browser, city: City) -> None:
    phone = {"java_script_enabled": False, "viewport": {"width": 390, "height": 800}}
    page = opened(browser, city, PAGE, **phone)
    expect(page.get_by_role("heading", name="评论和评价")).to_be_visible()
    page.get_by_role("link", name="没用", exact=True).click()
    page.evaluate("document.documentElement.dataset.size = 'largest'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("radio", name="没用")).to_be_checked()
    page.get_by_label("为什么").fill("看不懂第二步")
    numerals = "零一二三四五六七八九"
    asked = page.locator('label[for="f-human"]').inner_text()
    page.locator("#f-human").fill(str(numerals.index(asked[0]) + numerals.index(asked[2])))
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已经收到，谢谢您")).to_be_visible()
    page.get_by_role("link", name="看评价结果").click()
    expect(page.get_by_text("第 1 条<b>话</b>")).to_be_visible()
    expect(page.get_by_text("评论 2 条")).to_be_visible()
