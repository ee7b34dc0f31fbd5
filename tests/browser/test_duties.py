"""In a real browser: the screens of duties pass axe, fit a phone, and open and close by keyboard."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from tests.apps.obligations.facts import NEWS, Stated, fact
from tests.browser.test_console_journey import (  # noqa: F401 - its fixtures and marks are used here
    browser,
    city,
    open_as,
    pytestmark,
    violations,
)

# A wall that asks again by itself is what a duty room wants; a link on it stops that.
ALLOWED = {"/duties/wall/": ["meta-refresh"]}


@pytest.fixture
def owed(city):  # noqa: F811
    """Late, near and far duties of the city."""
    now = timezone.now()
    facts = [
        fact(city.city, subject=f"letter:{n}", title=f"第{n}封来信", started_at=now - timedelta(days=n))
        for n in range(9)
    ]
    facts.append(fact(city.city, NEWS, subject="column:1", title="更新栏目“要闻”", started_at=now - timedelta(days=40)))
    refresh(Stated(facts), now=now)
    return Obligation.objects.get(subject="letter:0")


def test_axe_and_a_phone(city, owed, open_as):  # noqa: F811
    page = open_as(city.city.editor)
    found, wide = {}, {}
    addresses = [
        "/",
        "/duties/",
        f"/duties/{owed.pk}/",
        "/duties/month/",
        "/duties/board/",
        "/duties/wall/",
        "/duties/post/",
    ]
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for address in addresses:
            page.goto(address)
            page.wait_for_load_state("networkidle")
            wrong = [what for what in violations(page) if what[0] not in ALLOWED.get(address, [])]
            found |= {(address, width): wrong} if wrong else {}
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide[address] = width
    assert (found, wide) == ({}, {})


def test_the_reason_opens_by_keyboard_and_the_month_moves_by_arrows(city, owed, open_as):  # noqa: F811
    page = open_as(city.city.editor)
    page.goto("/duties/?state=open")
    summary = page.locator(".jd-why > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".jd-days").first).to_be_visible()
    expect(page.locator(".jd-days").first).to_contain_text("不计入")
    page.goto(f"/duties/month/?month={timezone.localtime(owed.act_by):%Y-%m}")
    days = page.locator("[data-day]")
    if days.count() > 1:
        days.first.focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("td:focus-within [data-day]")).not_to_have_text(re.compile(f"^{days.first.inner_text()}$"))
