"""A letter written, sent and followed in a browser: with script by keyboard, and without script in large type on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.apps.portal.counter_home import HOST, City, counting, site
from tests.browser.patience import patient
from tests.browser.test_portal_pages import AXE, CONTRAST, Axe, browser

__all__ = ["browser"]  # the fixture
pytestmark = pytest.mark.slow
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
PROGRAM = {"name": "发票.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90"}
PICTURE = {"name": "照片.png", "mimeType": "image/png", "buffer": PNG}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with counting(site(tmp_path_factory.mktemp("counter") / "var")) as city:
        yield city


def opened(browser: Browser, city: City, target: str, **options: object) -> Page:
    page = patient(browser.new_context(**options).new_page())  # type: ignore[arg-type]
    page.faults = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.faults.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda said: "Security Policy" in said.text and page.faults.append(said.text))  # type: ignore[attr-defined]
    page.goto(f"http://{HOST}:{city.port}{target}")
    return page


def looked_at(page: Page, options: dict[str, object] = AXE) -> None:
    """Nothing for axe to find, and nothing wider than the window."""
    found = Axe().run(page, options=options).response["violations"]
    assert [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing of this name has the focus, as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(
            "e => document.activeElement.name === e || document.activeElement.textContent.trim() === e", name
        ):
            return
    raise AssertionError(name)


def test_with_a_keyboard_and_a_script_nobody_is_asked_a_question(browser: Browser, city: City) -> None:
    page = opened(browser, city, "/hudong/")
    looked_at(page)
    tab_to(page, "投诉")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hudong/write?kind=complaint")
    looked_at(page)
    tab_to(page, "下一步")
    page.keyboard.press("Enter")
    expect(page.locator("#wrong-list")).to_be_focused()
    expect(page).to_have_title(re.compile("^有错误：是什么事"))
    looked_at(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the link of the list leads to the field
    expect(page.get_by_label("标题")).to_be_focused()
    expect(page.get_by_role("textbox", name="标题")).to_have_accessible_description(re.compile("请写一个标题"))
    page.keyboard.type("湖滨路北段路灯不亮")
    tab_to(page, "text")
    page.keyboard.type("三天了，晚上看不见路。")
    tab_to(page, "下一步")
    page.keyboard.press("Enter")
    page.get_by_label("怎么称呼您").fill("测试甲")
    page.get_by_label("电话", exact=True).fill("000-1234567")
    looked_at(page)
    tab_to(page, "public")
    page.keyboard.press("Space")
    tab_to(page, "下一步")
    page.keyboard.press("Enter")
    expect(page.locator("[data-human]")).to_be_hidden()
    looked_at(page)
    page.go_back()
    expect(page.get_by_label("怎么称呼您")).to_have_value("测试甲")
    page.go_forward()
    expect(page.locator("input[name=proof]")).to_have_value(re.compile(r"^\d+$"))
    page.wait_for_timeout(3000)  # quicker than this nobody checks a letter
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="已经收到您的来信")).to_be_focused()
    looked_at(page)
    assert "?" not in page.url
    (letter,) = (each for each in city.box.waiting() if page.get_by_text(each.number).count())
    assert letter.fields["phone"] == "000-1234567"
    assert page.faults == []  # type: ignore[attr-defined]
    city.box.taken(letter.token)


def test_without_script_in_large_type_on_a_phone_it_goes_as_well(browser: Browser, city: City) -> None:
    # A window of half the width is what twice the type leaves of a phone.
    page = opened(browser, city, "/hudong/write", java_script_enabled=False, viewport={"width": 195, "height": 400})
    page.get_by_label("求助").check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("附件").set_input_files([PICTURE, PROGRAM])
    page.get_by_label("标题").fill("楼道漏水")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert")).to_contain_text("“发票.pdf”其实是程序")
    expect(page.get_by_label("标题")).to_have_value("楼道漏水")
    expect(page.get_by_role("list", name="已经收下的附件")).to_contain_text("照片.png")
    page.get_by_label("内容").fill("三楼往下一直漏。")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("怎么称呼您").fill("测试乙")
    page.get_by_label("电子邮箱").fill("yi@example.invalid")
    page.get_by_label("不公开").check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="修改 是什么事").click()
    page.get_by_label("发生在哪里").fill("湖滨小区")
    page.get_by_role("button", name="下一步").click()
    question = page.get_by_label(re.compile("等于几"))
    first, second = re.search("(.)加(.)等于几", page.content()).groups()  # type: ignore[union-attr]
    question.fill(str("零一二三四五六七八九".index(first) + "零一二三四五六七八九".index(second)))
    page.get_by_role("button", name="提交").click()
    (letter,) = city.box.waiting()
    assert (letter.fields["place"], [file.name for file in letter.files]) == ("湖滨小区", ["照片.png"])
    code = re.search(r"\d{3} \d{3} \d{4}", page.content())[0]  # type: ignore[index]
    page.get_by_role("link", name="查询办理进度").first.click()
    page.get_by_label("编号").fill(letter.number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("已收到").first).to_be_visible()
    page.get_by_text("补充材料").click()
    page.locator("#f-supplement-text").fill("今天漏得更厉害了")
    page.get_by_role("button", name="提交补充").last.click()
    expect(page.get_by_role("status")).to_contain_text("收到了")
    assert [found.act for found in city.box.waiting() if found.token != letter.token] == ["supplement"]


def test_no_page_of_the_counter_is_wider_than_the_window_or_too_pale(browser: Browser, city: City) -> None:
    for target in ("/hudong/", "/hudong/write", "/hudong/write?kind=error_report&page=/a", "/hudong/follow?lang=en"):
        page = opened(browser, city, target, viewport={"width": 320, "height": 800})
        looked_at(page)
        for theme in ("dark", "contrast"):
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            looked_at(page, CONTRAST)
        page.evaluate("document.documentElement.dataset.size = 'largest'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), target
        page.context.close()
