"""A subsidy list with identity numbers is stopped, masked with one button, signed by three, and public and masked.

And a polluted page is caught before it can be anybody's (issue 4, "Done means").
"""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from jiyue.content.models import Record
from jiyue.demo.checking import Teller, night
from jiyue.publishing.publisher import Publisher
from jiyue.review.models import CheckRun, Finding, Review
from tests.apps.review.test_checks import asked, check_digit
from tests.apps.review.test_concerns import leak_of
from tests.browser.test_console_journey import browser, city, open_as, pytestmark, violations  # noqa: F401 - its fixtures
from tests.browser.test_pasting import PARAGRAPH, autosave, caret_after, copied, editor_of  # noqa: F401
from tests.cast import draft, sign_all, structured

PEOPLE = ("张某甲", "李某乙", "王某丙", "赵某丁")
SHOTS = os.environ.get("JIYUE_SHOTS", "")


def number(order: int) -> str:
    """An invented identity number with a right check digit."""
    body = f"11010519900307{100 + order}"
    return body + check_digit(body)


NUMBERS = [number(order) for order in range(len(PEOPLE))]
LIST = (
    "<p class='MsoNormal'>2026年第四季度困难群众补助发放名单公示如下：</p>"
    "<table><tr><td>姓名</td><td>身份证号</td><td>补助金额</td></tr>"
    + "".join(
        f"<tr><td>{name}</td><td>{own}</td><td>600元</td></tr>" for name, own in zip(PEOPLE, NUMBERS, strict=True)
    )
    + "</table>"
)
POLLUTED = (
    "<html><body><h1>通知公告</h1><p>关于冬季供暖的通知。</p>"
    '<div style="position:absolute;left:-9999px"><a href="http://bet.example.invalid/">网上赌博 百家乐 开户送彩金</a></div>'
    "</body></html>"
)


def shot(page: Page, name: str) -> None:
    """For people to look at: kept only where somebody asked for it."""
    if SHOTS:
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(300)
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1440, "height": 900})


def body_of(record) -> str:
    return str(Record.objects.get(pk=record.pk).typed.latest_revision.as_object().body.get_prep_value())


@pytest.mark.req("PRIV-02", "PRIV-03")
def test_a_list_of_identity_numbers_is_stopped_masked_signed_and_public(city, open_as, editor_of, now):  # noqa: F811
    structured(city.city, now=now)
    record = draft(city.city, now=now, title="困难群众补助发放名单公示")
    page = editor_of(city.city.editor, record)
    caret_after(page, "行动从本月开始，到明年三月结束。")
    copied(page, LIST)
    page.keyboard.press("Control+v")
    counter = page.locator('[data-side-panel-toggle="checks"] [data-side-panel-toggle-counter]')
    expect(counter).to_have_text(re.compile("[1-9]"))
    page.locator('[data-side-panel-toggle="checks"]').first.click()
    panel = page.locator("[data-jy-checks]")
    expect(panel.locator("[data-jy-told]")).to_contain_text("必须处理")
    expect(panel).to_contain_text("身份证号")
    shot(page, "editor")
    found = Axe().run(page, context={"include": [["[data-jy-checks]"]]})
    assert found.response["violations"] == []

    find = panel.get_by_role("button", name=re.compile("找到它：身份证号")).first
    find.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".jc-here")).to_have_count(1)
    mend = panel.get_by_role("button", name=re.compile("改成这样：身份证号")).first
    with autosave(page):
        mend.focus()
        page.keyboard.press("Enter")
        expect(panel.locator("[data-jy-told]")).to_contain_text("已改好")
    expect(panel.get_by_role("button", name="撤销")).to_be_focused()
    kept = body_of(record)
    for _patience in range(300):  # the save that was waited for may not be the last
        if not [own for own in NUMBERS if own in kept]:
            break
        page.wait_for_timeout(200)
        kept = body_of(record)
    assert not [own for own in NUMBERS if own in kept]
    assert "600元" in kept
    assert PEOPLE[0] in kept or "张" in kept

    page.goto(f"/records/{record.pk}/submit/")
    shot(page, "submit")
    expect(page.locator("#checks")).to_be_visible()
    stopping = page.get_by_text("确需保留这些内容？申请豁免")
    while stopping.count():
        page.locator('button[name="mend"]').first.click()
    page.get_by_role("button", name="送审", exact=True).click()
    expect(page.locator("h1")).to_have_text("困难群众补助发放名单公示")
    for part in ("first", "second", "secrecy", "final"):
        reviewer = open_as(city.city.people[part])
        reviewer.get_by_role("link", name=re.compile("审核.*困难群众")).click()
        reviewer.wait_for_load_state("load")
        for box in reviewer.locator("[data-gate]").all():
            box.check()
        reviewer.get_by_role("button", name="通过", exact=True).click()
        expect(reviewer.locator(".messages")).to_contain_text("困难群众")
    assert Review.objects.get(version__record=record).status == "signed_off"
    assert CheckRun.objects.filter(version__record=record, blocks=0).exists()

    Publisher().publish(city.city.site, now=timezone.now())
    tree = Path(settings.JIYUE_HOME) / "deployed" / city.city.site.host
    pages = [path.read_text() for path in tree.glob("zwdt/yw/*/*/*.html")]
    [public] = [text for text in pages if "困难群众补助发放名单公示" in text]
    assert "600元" in public
    assert not [own for own in NUMBERS if own in public]


@pytest.mark.req("PRIV-02")
def test_a_polluted_page_is_caught(city, open_as):  # noqa: F811
    page = open_as(city.city.manager)
    page.goto("/checks/try/")
    page.get_by_label("文字或网页源代码").fill(POLLUTED)
    page.get_by_label("这是网页源代码").check()
    page.get_by_role("button", name="检测").click()
    expect(page.locator(".jc-finding--block").first).to_be_visible()
    expect(page.locator(".jc-list")).to_contain_text(re.compile("隐藏|赌博|垃圾"))
    shot(page, "try")
    assert violations(page) == []


@pytest.mark.req("PRIV-04", "PRIV-10")
def test_every_screen_of_the_checks_passes_axe(city, open_as, now):  # noqa: F811
    """Where nothing waits they say so; where something does, all of it can be reached and read."""
    Teller(
        {"portal": city.city.site}, {("portal", path): city.city.columns["tzgg"] for path in ("xwzx/tzgg", "xwzx/bmdt")},
        lambda _site, role: city.city.people[role.removesuffix("_reviewer").removeprefix("site_")],
        lambda review, _site, at: sign_all(city.city, review, now=at), now,
    ).tell()  # fmt: skip
    night(now=now)
    public = Record.objects.get(title="市数据局更新公共数据目录")
    review = asked(city, now)
    leak = leak_of(city, now, public)
    stopped = Record.objects.get(title="老旧小区改造意见征集联络人名单")
    finding = Finding.objects.first()
    pages = {
        city.city.editor: [f"/records/{stopped.pk}/checks/", f"/records/{stopped.pk}/submit/", f"/checks/findings/{finding.pk}/"],
        city.city.secrecy: [f"/reviews/{review.pk}/", "/checks/waivers/", "/checks/findings/?state=handled"],
        city.city.manager: [
            f"/leaks/{leak.pk}/", "/leaks/", "/checks/findings/", "/checks/examinations/", "/checks/lists/?kind=wording",
            "/checks/lists/?kind=mask",
        ],
    }  # fmt: skip
    for person, paths in pages.items():
        page = open_as(person)
        for path in paths:
            page.goto(path)
            shot(page, path.strip("/").replace("/", "-").replace("?", "-"))
            assert (path, violations(page)) == (path, [])
