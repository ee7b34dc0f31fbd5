"""In a real browser: an editor writes and submits, three reviewers sign, and every screen passes axe.

One long story instead of many short ones: starting a browser and a site costs more than all the clicking.
"""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import APIResponse, Browser, ConsoleMessage, Page, Route, expect

from jiyue.content.models import RECORD_TYPES, Record
from jiyue.review.actions import submit, submit_structure
from jiyue.review.models import Review, SignOff
from tests.browser.chromium import beside_django
from tests.browser.patience import LONGEST, after_its_timers, patient
from tests.cast import PASSWORD, build_cast, draft, reviewed

# Wagtail's own, in parts of its editor that we neither draw nor configure.
WAGTAILS = {"aria-input-field-name": "its rich text field takes no label from the block around it"}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with beside_django() as started:
        yield started


@pytest.fixture
def city(transactional_db, now):
    return build_cast(now=now)


@pytest.fixture
def open_as(browser, live_server):
    """A signed-in page of one person; its script errors and what the console's own policy blocks fail the test."""
    pages: list[Page] = []

    def enter(person) -> Page:
        page = patient(
            browser.new_page(viewport={"width": 1440, "height": 900}, base_url=live_server.url, locale="en-US")
        )
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.extend(blocked(said)))
        page.errors = errors
        page.goto("/login/")
        page.fill("#id_username", person.username)
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
        expect(page.locator("h1")).to_have_text("我的工作")
        pages.append(page)
        return page

    yield enter
    for page in pages:
        found = page.errors
        page.close()
        assert found == []


def blocked(said: ConsoleMessage) -> list[str]:
    """What the policy kept from running, with its place."""
    return [f"{said.text} {said.location}"] if "Content Security Policy" in said.text else []


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds, apart from Wagtail's own."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    return [
        (entry["id"], [" ".join(node["target"]) for node in entry["nodes"]][:5])
        for entry in found.response["violations"]
        if entry["id"] not in WAGTAILS
    ]


def saved_with(page: Page, words: str) -> Record:
    """The only record, once it has been saved with these words; at the latest when the test has been patient enough."""
    for _ in range(LONGEST // 500):
        if words in str(list(Record.objects.get().body.raw_data)):
            break
        after_its_timers(page, 500)
    record = Record.objects.get()
    assert words in str(list(record.body.raw_data))
    return record


@pytest.mark.req("REV-01")
def test_from_an_empty_page_to_the_ledger(city, open_as):
    page = open_as(city.city.editor)
    page.goto("/write/")
    page.get_by_role("link", name=re.compile("写文章.*政务要闻")).click()
    page.get_by_label("题目").fill("湿地公园")
    page.get_by_role("button", name="查一查，开始写").click()
    expect(page.get_by_placeholder("标题")).to_have_value("湿地公园")
    page.get_by_placeholder("标题").fill("澄湖湿地公园二期开园")
    page.locator("[data-streamfield-stream-container] button[title]").first.click()
    page.get_by_role("option", name="段落").click()
    editor = page.locator(".public-DraftEditor-content").first
    editor.click()
    expect(editor).to_be_focused()
    page.keyboard.type("公园新增栈道三公里。")
    expect(editor).to_contain_text("公园新增栈道三公里。")
    expect(page).to_have_url(re.compile(r"/write/article/edit/\d+/"))
    expect(page.locator("#w-autosave-indicator")).to_contain_text("已保存")
    # On a slow machine the first save has the title only, and another one follows with what was typed meanwhile.
    record = saved_with(page, "公园新增栈道三公里")
    assert record.title == "澄湖湿地公园二期开园"

    page.goto(f"/records/{record.pk}/body/")
    table = "<table><tr><td>周一</td><td>闭园</td></tr><tr><td>其他</td><td>开园</td></tr></table>"
    paste(page, f"<p class='MsoNormal'>一、开放时间</p>{table}")
    page.get_by_role("button", name="放进正文").click()
    expect(page.locator(".messages")).to_contain_text("表格 1")

    page.goto(f"/records/{record.pk}/submit/")
    page.get_by_role("button", name="送审").click()
    expect(page.locator("h1")).to_have_text("澄湖湿地公园二期开园")

    for part in ("first", "second", "secrecy", "final"):
        reviewer = open_as(city.city.people[part])
        reviewer.get_by_role("link", name=re.compile("审核.*澄湖湿地公园")).click()
        expect(reviewer.locator(".jy-body")).to_contain_text("公园新增栈道三公里")
        reviewer.wait_for_load_state("load")
        if part != "secrecy":
            for key in "12345":
                reviewer.keyboard.press(key)
        reviewer.get_by_role("button", name="通过").click()
        expect(reviewer.locator(".messages")).to_contain_text("澄湖湿地公园")
    assert SignOff.objects.get().identity == record.identity


@pytest.mark.req("REV-01")
def test_words_typed_while_a_save_is_under_way_are_saved_after_it(city, open_as, now):
    own = draft(city.city, now=now, title="草稿")
    page = open_as(city.city.editor)
    held: list[tuple[Route, APIResponse]] = []

    def first_save_is_slow(route: Route) -> None:
        if route.request.method == "POST" and not held:
            held.append((route, route.fetch()))
        else:
            route.fallback()

    page.route("**/write/article/edit/*/", first_save_is_slow)
    page.goto(f"/write/article/edit/{own.pk}/")
    title = page.get_by_placeholder("标题")
    title.press("End")
    page.keyboard.type("，一开页面就写的")  # before Wagtail has noted what was loaded
    for _ in range(LONGEST // 100):
        if held:
            break
        after_its_timers(page, 100)
    page.keyboard.type("，存的时候写的")
    [(route, answer)] = held
    route.fulfill(response=answer)
    expect(page.locator("#w-autosave-indicator")).to_contain_text("已保存")
    for _ in range(LONGEST // 500):
        if "，存的时候写的" in Record.objects.get(pk=own.pk).title:
            break
        after_its_timers(page, 500)
    assert Record.objects.get(pk=own.pk).title == "草稿，一开页面就写的，存的时候写的"


def test_two_clicks_return_it(city, open_as, now):
    submit(record=draft(city.city, now=now), by=city.city.editor, now=now)
    page = open_as(city.city.first)
    page.get_by_role("link", name=re.compile("审核")).click()
    page.get_by_text("退回……").click()
    page.get_by_role("button", name="有错别字").click()
    expect(page.locator(".messages")).to_contain_text("已退回")
    assert Review.objects.get().status == "returned"


def paste(page: Page, html: str) -> None:
    """Paste as Word does: HTML on the clipboard."""
    page.locator("[data-jy-paste-area]").evaluate(
        """(area, html) => {
            const data = new DataTransfer();
            data.setData('text/html', html);
            data.setData('text/plain', 'plain');
            area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        html,
    )


@pytest.mark.req("PAGE-12")
def test_axe_finds_nothing_on_our_screens(city, open_as, now):
    tenant = city.city
    waiting = submit(record=draft(tenant, now=now, emergency=True), by=tenant.editor, now=now)
    public = draft(tenant, now=now, title="已公开")
    reviewed(tenant, public, now=now)
    own = draft(tenant, now=now, title="草稿")
    structure = submit_structure(site=tenant.site, by=tenant.manager, now=now)
    screens = {
        tenant.editor: [
            "/", "/records/", "/records/?site=all", "/write/", f"/records/{public.pk}/", f"/records/{own.pk}/submit/",
            f"/records/{own.pk}/body/", f"/records/{own.pk}/delete/", "/account/", "/nothing/", "/sites/",
            f"/write/article/edit/{own.pk}/", "/write/policy_document/add/",
        ],
        tenant.first: ["/", f"/reviews/{waiting.pk}/"],
        tenant.final: [f"/reviews/{structure.pk}/"],
        tenant.manager: [f"/sites/{tenant.site.pk}/structure/"],
    }  # fmt: skip
    found = {}
    for person, addresses in screens.items():
        page = open_as(person)
        for address in addresses:
            page.goto(address)
            page.wait_for_load_state("networkidle")
            found[address] = violations(page)
    assert {address: what for address, what in found.items() if what} == {}


@pytest.mark.req("SECU-10")
def test_nothing_that_a_screen_needs_is_blocked_by_the_policy(city, open_as, now):
    """Every kind of editor, choosers and date fields opened, and the screens of those who administer."""
    tenant, site = city.city, city.city.site
    own = draft(tenant, now=now, kind="policy_document", column="zcwj", title="草稿")
    page = open_as(tenant.editor)
    for kind in RECORD_TYPES:
        page.goto(f"/write/{kind}/add/?column={tenant.columns['zcwj'].pk}")
        page.wait_for_load_state("networkidle")
    page.goto(f"/write/policy_document/edit/{own.pk}/")
    page.locator("input[name=written_on]").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    for block in ("段落", "表格", "图片", "附件", "公文"):
        page.locator("[data-streamfield-stream-container] button[title]").first.click()
        page.get_by_role("option", name=block).first.click()
    page.locator(".chooser__choose-button:visible").first.click()
    expect(page.locator(".modal-body")).to_be_visible()
    screens = {
        tenant.manager: [f"/office/sites/{site.pk}/", f"/office/sites/{site.pk}/columns/", "/stewardship/columns/"],
        city.operator: [
            "/",
            "/office/sites/",
            "/office/accounts/",
            "/office/units/",
            "/office/incidents/",
        ],
        city.auditor: ["/office/trail/"],
        city.overseer: [
            "/rules/",
            "/duties/",
            "/duties/month/",
            "/duties/board/",
            "/duties/wall/",
            "/stewardship/decisions/",
        ],
    }
    for person, addresses in screens.items():
        page = open_as(person)
        for address in addresses:
            assert page.goto(address).status == 200, address
            page.wait_for_load_state("networkidle")


def test_an_inline_script_does_not_run(city, open_as):
    page = open_as(city.city.editor)
    page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
    }""")
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in said for said in page.errors)
    page.errors.clear()


def test_every_screen_fits_a_phone(city, open_as, now):
    own = draft(city.city, now=now)
    page = open_as(city.city.editor)
    page.set_viewport_size({"width": 390, "height": 844})
    wide = {}
    for address in ("/", "/records/", "/write/", f"/records/{own.pk}/", f"/records/{own.pk}/body/"):
        page.goto(address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert {address: width for address, width in wide.items() if width > 390} == {}
