"""In a real browser: a rule is changed by two people and moves a date; a column is closed, reported and put on file."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jiyue.content.models import ColumnFiling
from jiyue.obligations.changing import apply_changes
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from jiyue.review.actions import submit_structure
from tests.apps.obligations.facts import Stated, fact
from tests.apps.rules.decisions import overseers
from tests.browser.test_console_journey import (  # noqa: F401 - its fixtures and marks are used here
    browser,
    city,
    open_as,
    pytestmark,
    violations,
)
from tests.cast import sign_all, structured

PHONE = 390


@pytest.mark.req("PLAT-07")
def test_a_limit_is_changed_by_two_overseers_and_the_duty_of_today_moves(city, open_as):  # noqa: F811
    now = timezone.now()
    one, two = overseers(city.city.organisation, now=now, prefix="liulan")
    refresh(Stated([fact(city.city, started_at=now)]), now=now)
    duty = Obligation.objects.get()
    page = open_as(one)
    page.goto("/rules/parameters/message.reply/override/")
    page.locator("[name=limit_0]").fill("3")
    page.locator("[name=limit_1]").select_option("working-days")
    page.locator("[name=latest_0]").fill("")
    page.locator("[name=latest_when]").fill("")
    page.locator("[name=latest_needs]").uncheck()
    page.locator("[name=from_on]").fill(f"{timezone.localdate():%Y-%m-%d}")
    page.locator("[name=document]").fill("澄湖市留言办理规定")
    page.locator("[name=grounds]").fill("本地要求更高")
    page.get_by_role("button", name="提出调整").click()
    expect(page.locator("main")).to_contain_text("要由另一位督办人员批复")
    assert page.get_by_role("button", name="批准", exact=True).count() == 0

    other = open_as(two)
    other.goto("/")
    other.get_by_role("link", name="批复").first.click()
    expect(other.locator("main")).to_contain_text("3 个工作日")
    assert violations(other) == []
    other.get_by_role("button", name="批准", exact=True).click()
    expect(other.locator("main")).to_contain_text("已批准")
    apply_changes(sources=(), now=timezone.now())  # what the worker does within the minute

    moved = Obligation.objects.get()
    assert moved.due_at < duty.due_at
    reader = open_as(city.city.editor)
    reader.goto(f"/duties/{duty.pk}/")
    expect(reader.locator("#why")).to_contain_text("澄湖市留言办理规定")
    expect(reader.locator("#why")).to_contain_text("第 3 个工作日")


@pytest.mark.req("COL-07", "COL-08")
def test_a_column_that_cannot_be_kept_is_closed_and_its_change_put_on_file(city, open_as):  # noqa: F811
    tenant, column = city.city, city.city.columns["tzgg"]
    structured(tenant, now=timezone.now() - timedelta(hours=2))
    manager, overseer = open_as(tenant.manager), open_as(city.overseer)
    manager.goto(f"/stewardship/columns/{column.pk}/decision/")
    manager.get_by_role("radio", name="关闭").check()
    manager.locator("[name=grounds]").fill("内容已并入政务要闻，无力单独维护")
    manager.locator("main form button[type=submit]").first.click()
    expect(manager.locator("main")).to_contain_text("待决定")

    overseer.goto("/")
    overseer.get_by_role("link", name="处理").first.click()
    overseer.get_by_role("button", name="同意", exact=True).click()
    expect(overseer.locator("main")).to_contain_text("已同意")
    manager.reload()
    manager.get_by_role("button", name="办结").click()
    expect(manager.locator("main")).to_contain_text("已办结")

    signed = submit_structure(site=tenant.site, by=tenant.manager, now=timezone.now())
    sign_all(tenant, signed, now=timezone.now())
    filing = ColumnFiling.objects.get(column=column)
    manager.goto(f"/stewardship/filings/{filing.pk}/")
    manager.locator("[name=note]").fill("栏目关闭，内容今后在政务要闻发布")
    manager.get_by_role("button", name="报送备案").click()
    expect(manager.locator("main")).to_contain_text("等上级督办人员备案")
    overseer.goto(f"/stewardship/filings/{filing.pk}/")
    overseer.get_by_role("button", name="备案", exact=True).click()
    expect(overseer.locator("main")).to_contain_text("已备案")
    assert ColumnFiling.objects.get().state == "filed"


def test_the_new_screens_pass_axe_and_fit_a_phone(city, open_as):  # noqa: F811
    structured(city.city, now=timezone.now() - timedelta(hours=2))
    page, found, wide = open_as(city.overseer), {}, []
    for width in (1440, PHONE):
        page.set_viewport_size({"width": width, "height": 844})
        for address in (
            "/stewardship/reprints/", "/stewardship/reprints/new/", "/stewardship/outdated/", "/rules/calendars/2026/",
            "/rules/calendars/2026/regional/",
        ):  # fmt: skip
            page.goto(address)
            if wrong := violations(page):
                found[address, width] = wrong
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((address, width))
    assert (found, wide) == ({}, [])
