"""Two people in real browsers: a visitor, with script and without, and the officer at her duty desk (INT-16)."""

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect

from jiyue.config import letters as clock
from jiyue.interaction.enquiries import desks
from tests.apps.portal.counter_home import City, counting, site
from tests.browser.patience import patient
from tests.browser.test_checks import shot
from tests.browser.test_console_journey import (  # noqa: F401 - its fixtures and marks are used here
    browser,
    city,
    open_as,
    pytestmark,
    violations,
)
from tests.enquiries import desk_of
from tests.letters import office

NUMERALS = "零一二三四五六七八九"


@pytest.fixture
def counter(city, home, monkeypatch) -> Iterator[City]:  # noqa: F811
    """The visitor's side: the counter before a portal, and the worker's clock beside."""
    stop = threading.Event()
    monkeypatch.setattr(desks, "is_open", lambda *_asked: True)  # whichever day it is

    def tick() -> None:
        while not stop.is_set():
            clock.talk(datetime.now(UTC))
            clock.watch_talks(datetime.now(UTC))
            stop.wait(0.3)
        connection.close()

    with counting(site(Path(settings.JIYUE_HOME)), city.city.site.host) as found:
        worker = threading.Thread(target=tick)
        worker.start()
        try:
            yield found
        finally:
            stop.set()
            worker.join()


def begins(page: Page, counter: City, question: str) -> None:
    page.goto(f"http://{counter.host}:{counter.port}/hudong/talk")
    page.get_by_label("您想问什么").fill(question)
    page.wait_for_timeout(3500)  # nobody writes faster
    answer = page.locator("#f-human")
    if answer.is_visible():
        first, second = re.match(r"(.)加(.)", page.locator("label[for=f-human]").inner_text()).groups()
        answer.fill(str(NUMERALS.index(first) + NUMERALS.index(second)))
    page.get_by_role("button", name="开始咨询").click()
    expect(page.locator("[data-talk-state]")).to_contain_text("排")


def files_go_both_ways(visitor: Page, officer: Page, *, scripted: bool) -> None:
    """A wrong file is told and the right one kept; what the officer hands back the visitor saves."""
    photo = {"name": "老年卡.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + b"0" * 5000}
    wrong = {"name": "程序.png", "mimeType": "image/png", "buffer": b"MZ"}
    visitor.get_by_label("您想说的话").fill("卡是这样的")
    visitor.locator("input[name=files]").set_input_files([photo, wrong])
    visitor.get_by_role("button", name="发出").last.click()
    expect(visitor.locator(".wrong-list")).to_contain_text("其实是程序")
    expect(visitor.get_by_label("您想说的话")).to_have_value("卡是这样的")
    expect(visitor.locator(".kept")).to_contain_text("老年卡.png")
    visitor.get_by_role("button", name="发出").last.click()
    expect(visitor.locator(".talk-words")).to_contain_text("老年卡.png")
    expect(officer.get_by_role("link", name="老年卡.png")).to_be_visible()
    officer.get_by_label("回答").fill("网点在这里。")
    officer.locator("input[name=attached]").set_input_files(
        {"name": "网点.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    )
    officer.get_by_role("button", name="发出").last.click()
    expect(officer.locator(".eq-log")).to_contain_text("网点.pdf")
    if not scripted:
        visitor.get_by_role("button", name="查看新消息").click()
    with visitor.expect_download() as saving:
        visitor.get_by_role("link", name="网点.pdf").click()
    assert saving.value.suggested_filename == "网点.pdf" and Path(saving.value.path()).read_bytes() == b"%PDF-1.7 x"


@pytest.mark.req("INT-16")
@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without script"])
def test_a_visitor_and_an_officer_talk(counter, city, browser, open_as, scripted):  # noqa: F811
    now, tenant = datetime.now(UTC), city.city
    people = office(tenant, now=now)
    desk_of(tenant, now=now, hours="0:00-23:59")
    officer = open_as(people.clerk)
    officer.goto("/enquiries/")
    officer.get_by_role("button", name="上岗").click()
    officer.wait_for_timeout(1500)
    visitor = patient(
        browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=scripted).new_page()
    )
    begins(visitor, counter, "老年卡到期了，在哪里换新的？")
    officer.get_by_role("button", name=re.compile("^接待")).click()
    box = officer.get_by_label("回答")
    box.fill("到街道便民服务中心。")
    officer.get_by_role("button", name="发出").last.click()
    expect(officer.locator(".eq-log")).to_contain_text("到街道便民服务中心。")
    if not scripted:
        visitor.get_by_label("您想说的话").fill("我正在写")
        visitor.get_by_role("button", name="查看新消息").click()
        expect(visitor.get_by_label("您想说的话")).to_have_value("我正在写")
    expect(visitor.locator(".talk-words")).to_contain_text("到街道便民服务中心。")
    expect(visitor.locator(".talk-words")).to_contain_text("值班员 1 号正在接待您")
    visitor.get_by_label("您想说的话").fill("能让家里人代办吗？")
    visitor.get_by_role("button", name="发出").last.click()
    expect(officer.locator(".eq-log")).to_contain_text("能让家里人代办吗？")
    expect(visitor.locator(".talk-words")).to_contain_text("能让家里人代办吗？")
    files_go_both_ways(visitor, officer, scripted=scripted)
    if scripted:
        expect(visitor.locator(".talk-who .note")).to_have_count(0)
        assert not violations(visitor)
        officer.get_by_label("回答").fill("正在写的草稿")
        officer.reload()
        expect(officer.get_by_label("回答")).to_have_value("正在写的草稿")
    officer.get_by_label("回答").fill("还没发出的话")
    officer.locator("summary", has_text="结束咨询").click()
    officer.get_by_label("摘要").fill("换卡")
    officer.get_by_role("button", name="结束并登记").click()
    expect(officer.locator(".of-errors").first).to_contain_text("没发出的文字")
    expect(officer.get_by_label("回答")).to_have_value("还没发出的话")
    expect(officer.get_by_label("摘要")).to_have_value("换卡")
    officer.get_by_label("回答").fill("再说一句。")
    officer.get_by_role("button", name="发出").last.click()
    expect(officer.locator(".eq-log")).to_contain_text("再说一句。")
    expect(officer.get_by_label("回答")).to_have_value("")
    expect(officer.locator(".of-errors")).to_have_count(0)
    expect(officer.get_by_label("摘要")).to_have_value("换卡")  # only the answer came anew
    shot(officer, f"enquiry-{scripted}")
    assert not violations(officer)
    visitor.get_by_role("button", name="结束咨询").click()
    expect(officer.locator("[data-eq-changed]")).to_be_visible()
    visitor.wait_for_timeout(1000)
    if not scripted:
        visitor.get_by_role("button", name="查看新消息").click()
    visitor.get_by_role("button", name="转为信件").last.click()
    expect(visitor.locator("textarea[name=text]")).to_have_value(re.compile("在哪里换新的"))
