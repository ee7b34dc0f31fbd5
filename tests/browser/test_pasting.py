"""Paste inside the editor, in a real browser, with the keyboard and with what Word and WPS put on the clipboard."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from lxml import html as markup
from playwright.sync_api import Page, expect

from jiyue.content.models import Article, Picture
from tests.browser.patience import after_its_timers
from tests.browser.test_console_journey import browser, city, open_as, pytestmark  # noqa: F401 - its fixtures
from tests.cast import draft
from tests.clipboards import WORD, WPS

PARAGRAPH = ".public-DraftEditor-content:visible"
FEW_WORDS = "<p class=MsoNormal><span style='color:red'>再次</span></p>"


def styles(html: str) -> set[str]:
    """The digests by which a policy names the styles of this HTML."""
    found = markup.document_fromstring(html).xpath("//@style | //style/text()")
    return {f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}" for style in found}


CLIPBOARD_STYLES = styles(WORD) | styles(WPS) | styles(FEW_WORDS)


def copied(page: Page, html: str, text: str = "只有文字\n第二行") -> None:
    """Put HTML on the clipboard as it is; the browser's own way of writing there would tidy it first."""
    page.evaluate(
        """([html, text]) => {
            const give = (event) => {
                event.clipboardData.setData('text/html', html);
                event.clipboardData.setData('text/plain', text);
                event.preventDefault();
                event.stopImmediatePropagation();
            };
            window.addEventListener('copy', give, { capture: true, once: true });
            document.execCommand('copy');
        }""",
        [html, text],
    )


@pytest.fixture
def editor_of(open_as):  # noqa: F811
    """The editor of a record, once it has noted what its untouched form holds; left again before the database goes."""
    opened: list[Page] = []

    def enter(person, record, prepared=lambda page: None) -> Page:
        page = open_as(person)
        opened.append(page)
        prepared(page)
        page.goto(f"/write/article/edit/{record.pk}/")
        after_its_timers(page, 2_000)
        return page

    yield enter
    for page in opened:
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/")
        page.wait_for_load_state("networkidle")
        page.errors[:] = [said for said in page.errors if not is_of_the_clipboard(said)]


def is_of_the_clipboard(said: str) -> bool:
    """Is this a style or a handler that stood in what was pasted?

    paste.js and the editor read pasted HTML in a document apart, whose parsing Chromium holds to the console's policy
    too: it blocks, and tells, what never comes near the page. Any other style, or a handler that ran or was inserted
    elsewhere, stays an error.
    """
    if "Applying inline style" in said:
        return any(f"'{digest}'" in said for digest in CLIPBOARD_STYLES)
    return "Executing inline event handler" in said and "/static/console/paste.js" in said


def caret_after(page: Page, words: str) -> None:
    """Put the caret behind these words of the first paragraph."""
    page.locator(PARAGRAPH).first.click()
    page.keyboard.press("Control+Home")
    for _ in words:
        page.keyboard.press("ArrowRight")


def blocks(record) -> list[tuple[str, str]]:
    kept = Article.objects.get(pk=record.pk).latest_revision.as_object().body.get_prep_value()
    return [(block["type"], re.sub(r' data-block-key="\w+"', "", str(block["value"]))) for block in kept]


def autosave(page: Page):
    """Waits for the save that Wagtail makes by itself after a change."""
    return page.expect_response(lambda answer: "/edit/" in answer.url and answer.request.method == "POST")


def test_word_pasted_into_the_middle_splits_the_paragraph(city, editor_of, now):  # noqa: F811
    record = draft(city.city, now=now)
    page = editor_of(city.city.editor, record)
    caret_after(page, "行动从本月开始，")
    copied(page, WORD)
    with autosave(page) as answer:
        page.keyboard.press("Control+v")
        expect(page.locator(".jy-pasted")).to_contain_text("已放进正文")
        expect(page.locator(".jy-pasted")).to_contain_text("有 1 张图片没有随粘贴带过来")
    assert answer.value.json()["success"]
    page.get_by_role("button", name="知道了").click()
    assert [kind for kind, _ in blocks(record)] == ["paragraph", "heading", "paragraph", "list", "table", "paragraph"]
    kept = [value for _, value in blocks(record)]
    assert (kept[0], kept[-1]) == ("<p>行动从本月开始，</p>", "<p>到明年三月结束。</p>")
    assert kept[2] == "<p>各单位要<b>按时</b>完成清理。</p><p>逾期的予以通报。</p>"
    assert "湖滨区" in kept[4]


def test_wps_pasted_into_an_empty_paragraph_takes_its_place(city, editor_of, now):  # noqa: F811
    record = draft(city.city, now=now, body=[{"type": "paragraph", "value": "<p></p>", "id": "p1"}])
    page = editor_of(city.city.editor, record)
    page.locator(PARAGRAPH).first.click()
    copied(page, WPS)
    with autosave(page):
        page.keyboard.press("Control+v")
        expect(page.locator(".jy-pasted")).to_contain_text("图片 1")
    assert [kind for kind, _ in blocks(record)] == ["paragraph", "image", "paragraph"]
    assert Picture.objects.get().site == city.city.site
    assert 'href="https://www.example.invalid/a?b=1&amp;c=2"' in blocks(record)[2][1]
    assert "javascript" not in str(blocks(record)) and "alert" not in str(blocks(record))


def test_it_can_be_undone(city, editor_of, now):  # noqa: F811
    record = draft(city.city, now=now)
    page = editor_of(city.city.editor, record)
    caret_after(page, "行动从")
    copied(page, WORD)
    page.keyboard.press("Control+v")
    page.get_by_role("button", name="撤销这次粘贴").click()
    expect(page.locator(".jy-pasted")).to_contain_text("已撤销")
    expect(page.locator(PARAGRAPH)).to_have_count(1)
    expect(page.locator(PARAGRAPH)).to_have_text("行动从本月开始，到明年三月结束。")


def test_a_failure_loses_nothing_and_shows_ways_out(city, editor_of, now):  # noqa: F811
    record = draft(city.city, now=now)
    page = editor_of(city.city.editor, record)
    page.route("**/write/paste/", lambda route: route.abort())
    caret_after(page, "行动从本月开始，到明年三月结束。")
    page.keyboard.type("新写的话。")
    copied(page, WORD)
    page.keyboard.press("Control+v")
    expect(page.get_by_role("alert")).to_contain_text("没有粘贴成功")
    expect(page.locator(PARAGRAPH).first).to_contain_text("新写的话。")
    page.unroute("**/write/paste/")
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator(".jy-pasted")).to_contain_text("表格 1")
    page.route("**/write/paste/", lambda route: route.fulfill(status=503, body="closed"))
    caret_after(page, "行动")
    page.keyboard.press("Control+v")
    page.get_by_role("button", name="只粘贴文字").click()
    expect(page.locator(PARAGRAPH).nth(1)).to_contain_text("第二行")


def test_words_typed_while_waiting_stay(city, editor_of, now):  # noqa: F811
    record = draft(city.city, now=now)
    page = editor_of(city.city.editor, record)
    held = []
    page.route("**/write/paste/", lambda route: held.append(route))
    caret_after(page, "行动")
    copied(page, WORD)
    page.keyboard.press("Control+v")
    expect(page.locator(".jy-pasted")).to_contain_text("正在整理")
    page.keyboard.type("（加急）")
    held[0].continue_()
    expect(page.locator(".jy-pasted")).to_contain_text("已放进正文")
    expect(page.locator(PARAGRAPH).first).to_have_text("行动（加急）从本月开始，到明年三月结束。")


def test_a_few_words_and_plain_text_are_the_editors_own_business(city, editor_of, now):  # noqa: F811
    record = draft(city.city, now=now)
    page = editor_of(city.city.editor, record)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/write/paste/" in request.url else None)
    caret_after(page, "行动")
    copied(page, FEW_WORDS, "再次")
    page.keyboard.press("Control+v")
    expect(page.locator(PARAGRAPH).first).to_have_text("行动再次从本月开始，到明年三月结束。")
    assert asked == []


def test_the_editor_pastes_under_a_strict_policy(city, editor_of, now):  # noqa: F811
    """The page's own, which lets nothing inline run or style: what would break it fails the test when it ends."""
    record = draft(city.city, now=now)
    policies: list[str] = []

    def prepared(page):
        page.on("response", lambda answer: policies.append(answer.headers.get("content-security-policy", "")))

    page = editor_of(city.city.editor, record, prepared)
    assert any("script-src 'self';" in policy and "unsafe" not in policy for policy in policies)
    caret_after(page, "行动")
    copied(page, WORD)
    page.keyboard.press("Control+v")
    expect(page.locator(".jy-pasted")).to_contain_text("表格 1")
