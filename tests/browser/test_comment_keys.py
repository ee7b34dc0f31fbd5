"""Comments worked through by single keys, as letters are; the box in the table of keys switches them off (WCAG 2.1.4)."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.test_checks import shot
from tests.browser.test_console_journey import (  # noqa: F401 - its fixtures and marks are used here
    browser,
    city,
    open_as,
    pytestmark,
    violations,
)
from tests.comments import comment, ordered, page
from tests.letters import office


@pytest.mark.req("INT-17")
def test_the_queue_and_one_comment_by_keys(city, open_as, home):  # noqa: F811
    now, tenant = timezone.now(), city.city
    desk = office(tenant, now=now)
    ordered(tenant, desk, now=now)
    record = page(tenant, now=now)
    for words in ("写得很清楚，一次就办好了。", "什么时候再办？请打 13812345678 找我。"):
        comment(record, words, now=timezone.now())
    keeper = open_as(desk.handler)
    keeper.goto("/comments/")
    assert not violations(keeper)
    shot(keeper, "comments-queue")
    keeper.keyboard.press("j")
    keeper.keyboard.press("j")
    keeper.keyboard.press("x")
    expect(keeper.locator("[data-row]").nth(1).locator("input")).to_be_checked()
    keeper.keyboard.press("?")
    expect(keeper.get_by_role("dialog")).to_contain_text("下一条、上一条")
    assert not violations(keeper)
    keeper.get_by_role("button", name="关闭").click()
    keeper.keyboard.press("k")
    keeper.keyboard.press("o")
    expect(keeper.locator(".cl-text").first).to_contain_text("写得很清楚")
    shot(keeper, "comments-one")
    assert not violations(keeper)
    keeper.keyboard.press("s")
    expect(keeper.get_by_label("显示的文字")).to_be_focused()
    keeper.keyboard.type("u")  # while somebody writes it is a letter
    expect(keeper.get_by_label("显示的文字")).to_have_value("u写得很清楚，一次就办好了。")
    keeper.locator("h1").click()
    keeper.keyboard.press("u")
    expect(keeper.locator("[data-row]")).to_have_count(2)
