"""The suggestions of the search box: by keyboard, for a screen reader, in every mode, on a phone, and without script."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_portal_pages import (  # noqa: F401 - fixtures
    CONTRAST,
    HOST,
    Open,
    _faults,
    _set_theme,
    browser,
    gallery,
    opened,
)

pytestmark = [pytest.mark.slow, pytest.mark.req("SRCH-01")]
TERMS = [("公积金提取", ""), ("公积金贷款", ""), ("关于公积金缴存的通知", "/search_nothing.html")]


@pytest.fixture
def box(opened: Open) -> Page:  # noqa: F811
    """The search page with a box in which 公积 was typed, and its three suggestions."""
    page = _with_suggestions(opened("search_found.html", width=390))
    page.locator("#search-words").fill("")
    page.locator("#search-words").press_sequentially("公积")
    expect(page.get_by_role("option")).to_have_count(3)
    return page


def test_the_list_is_walked_through_left_and_taken_by_keyboard(box: Page) -> None:
    field = box.get_by_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(box.get_by_role("listbox")).to_have_attribute("id", field.get_attribute("aria-controls") or "")
    expect(box.locator("form.search-form [role=status]")).to_have_text("3 条建议，用上下方向键选择")
    walked = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        field.press(key)
        walked.append(_active(box))
    assert walked == ["公积金提取", "公积金贷款", "关于公积金缴存的通知", None, "关于公积金缴存的通知"]
    assert field.input_value() == "公积", "walking through changes nothing that was typed"
    field.press("Escape")
    expect(box.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    assert _active(box) is None and field.input_value() == "公积"
    field.press("ArrowDown")
    expect(box.get_by_role("listbox")).to_be_visible()
    field.press("ArrowDown")
    with box.expect_navigation():
        field.press("Enter")
    assert parse_qs(urlsplit(box.url).query)["q"] == ["公积金提取"]


def test_enter_without_a_choice_asks_for_what_was_typed_and_a_title_leads_to_its_page(box: Page) -> None:
    field = box.get_by_role("combobox")
    field.press("ArrowUp")
    assert _active(box) == "关于公积金缴存的通知"
    with box.expect_navigation():
        field.press("Enter")
    assert urlsplit(box.url).path == "/search_nothing.html"
    box.go_back()
    field = box.locator("#search-words")
    field.fill("公积")
    with box.expect_navigation():
        field.press("Enter")
    assert parse_qs(urlsplit(box.url).query)["q"] == ["公积"]


def test_axe_finds_nothing_while_the_list_is_open(box: Page) -> None:
    box.get_by_role("combobox").press("ArrowDown")
    assert _faults(box) == []
    for theme in ("dark", "contrast"):
        _set_theme(box, theme)
        assert _faults(box, CONTRAST) == []
    assert box.evaluate("document.documentElement.scrollWidth") <= 390
    assert box.refused == []  # type: ignore[attr-defined]


def test_a_list_that_comes_too_late_is_not_opened_again(opened: Open) -> None:  # noqa: F811
    page = opened("search_found.html")
    waiting: list[Route] = []
    page.route("**/search/suggest?**", lambda route: waiting.append(route))
    field = page.locator("#search-words")
    field.fill("公积")
    page.wait_for_timeout(400)
    field.press("Escape")
    field.blur()
    for route in waiting:
        _suggest(route)
    page.wait_for_timeout(100)
    expect(page.locator(".suggestions:visible")).to_have_count(0)


def test_without_script_the_box_is_a_plain_form(opened: Open) -> None:  # noqa: F811
    page = _with_suggestions(opened("search_found.html", java_script_enabled=False))
    field = page.locator("#search-words")
    assert field.get_attribute("role") is None and not page.locator("[role=listbox]").count()
    field.fill("公积金")
    with page.expect_navigation():
        field.press("Enter")
    assert parse_qs(urlsplit(page.url).query)["q"] == ["公积金"]


def _with_suggestions(page: Page) -> Page:
    page.route("**/search/suggest?**", _suggest)
    # A gallery has one file a page: whatever is asked for is answered by the page with results.
    page.route(
        f"{HOST}/search/?*", lambda route: route.fulfill(status=200, body="<title>x</title>", content_type="text/html")
    )
    return page


def _suggest(route: Route) -> None:
    lines = [{"text": text, "address": address} for text, address in TERMS]
    body = json.dumps({"suggestions": lines, "status": f"{len(lines)} 条建议，用上下方向键选择"})
    route.fulfill(status=200, body=body, content_type="application/json")


def _active(page: Page) -> str | None:
    """The line that a screen reader is told of; exactly that one is marked."""
    active = page.get_by_role("combobox").get_attribute("aria-activedescendant")
    marked = page.locator("[role=option][aria-selected=true]")
    if active is None:
        assert marked.count() == 0
        return None
    assert marked.get_attribute("id") == active
    return marked.text_content()
