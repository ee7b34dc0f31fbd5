"""A letter's whole life on a phone at twice the type, with a screen reader's eyes: with script and without (issue 5)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, Route, expect

from jiyue.config.letters import attend
from jiyue.foundation.home import Home
from jiyue.interaction import actions, handling
from jiyue.interaction.models import Case
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from tests.apps.portal.counter_home import City, counting
from tests.browser.chromium import beside_django
from tests.browser.patience import patient
from tests.browser.test_console_journey import pytestmark
from tests.browser.test_portal_pages import AXE
from tests.letters import Office, office
from tests.public_answers import everything_outside, made_public, with_answers

__all__ = ["pytestmark"]
# What a reader sets in the browser or the phone once for all pages: letters of twice the size. No style of ours is touched.
TWICE = ["--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"]
PHONE = {"width": 390, "height": 844}
GATES = ["policy", "legal", "wording"]
NUMERALS = "零一二三四五六七八九"
NAME, CALLED, IDENTITY, MAIL = "欧阳隐姓", "000-77991133", "11010519900307100X", "jinsique@private.invalid"
ADDED, COMPLAINT, UNHAPPY = "金丝雀补充4471", "金丝雀异议8823", "金丝雀评价6650"
TEXT = f"我叫{NAME}，电话{CALLED}，身份证{IDENTITY}。湖滨路北段的路灯三天不亮了，晚上不敢出门。"
ROLES_WITH_NAMES = {"textbox", "radio", "checkbox", "button", "link", "combobox", "DisclosureTriangle"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with beside_django(*TWICE) as started:
        yield started


@dataclass
class Elder:
    """Somebody with a phone and large type. Without script axe, which is one, looks at a copy of the page."""

    browser: Browser
    city: City
    scripted: bool
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self._page(java_script_enabled=self.scripted)
        self.copy = self.page if self.scripted else self._page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: "Security Policy" in said.text and self.faults.append(said.text))

    def _page(self, **options: bool) -> Page:
        made = self.browser.new_context(viewport=PHONE, locale="zh-CN", **options)
        return patient(made.new_page())

    def goes_to(self, target: str) -> None:
        self.page.goto(f"http://{self.city.host}:{self.city.port}{target}")

    def looks(self, *names: str) -> None:
        """Nothing for axe, nothing to scroll sideways, one heading of the page, a name for all that can be used."""
        page = self.page
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 32
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
        expect(page.locator("h1")).to_have_count(1)
        told = self.told()
        assert [role for role, name in told if not name] == []
        assert page.evaluate("[...document.querySelectorAll('fieldset')].every(e => e.querySelector('legend'))")
        for name in names:
            assert any(name in said for _role, said in told), (name, told)
        found = Axe().run(self._readable(), options=AXE).response["violations"]
        assert [(each["id"], [node["html"][:160] for node in each["nodes"][:3]]) for each in found] == []

    def told(self) -> list[tuple[str, str]]:
        """Role and name of whatever a screen reader stops at."""
        tree = self.page.context.new_cdp_session(self.page).send("Accessibility.getFullAXTree")
        facts = [
            (node["role"]["value"], node.get("name", {}).get("value", ""))
            for node in tree["nodes"]
            if not node["ignored"]
        ]
        return [(role, name.strip()) for role, name in facts if role in ROLES_WITH_NAMES]

    def _readable(self) -> Page:
        if self.scripted:
            return self.page
        shown = self.page.content()

        def answer(route: Route) -> None:
            if route.request.resource_type == "document":
                route.fulfill(body=shown, content_type="text/html; charset=utf-8")
            elif route.request.resource_type == "script":
                route.abort()
            else:
                route.continue_()

        self.copy.unroute_all()
        self.copy.route("**/*", answer)
        self.copy.goto(self.page.url)
        return self.copy

    def presses(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).last.click()

    def is_told_what_is_wrong(self, of: str, why: str, named: str = "") -> None:
        """The list of what is wrong has the focus, leads to the field, and the field says it again."""
        page = self.page
        expect(page.locator("#wrong-list")).to_be_focused()
        expect(page).to_have_title(re.compile("^有错误："))
        self.looks(of)
        page.locator("#wrong-list a").filter(has_text=of).first.click()
        there = page.locator(":focus")
        expect(there).to_have_accessible_name(re.compile(named or of))
        expect(page.locator(f"#{there.get_attribute('id')}-wrong")).to_contain_text(why)

    # ── one step each ──

    def writes(self) -> None:
        page = self.page
        self.goes_to("/hudong/")
        self.looks("求助", "投诉")
        self.goes_to("/hudong/write")
        self.looks("求助")
        page.get_by_label("求助").check()
        self.presses("下一步")
        self.looks("标题", "内容", "发生在哪里", "附件")
        page.get_by_label("内容").fill(TEXT)
        self.presses("下一步")
        self.is_told_what_is_wrong("标题", "请写一个标题")
        expect(page.get_by_label("内容")).to_have_value(TEXT)
        page.get_by_label("标题").fill("路灯不亮")
        self.presses("下一步")

    def says_who_she_is(self) -> None:
        page = self.page
        self.looks("怎么称呼您", "电话", "电子邮箱", "可以公开", "不公开")
        page.get_by_label("怎么称呼您").fill(NAME)
        page.get_by_label("电话", exact=False).first.fill("12")
        page.get_by_label("电子邮箱").fill(MAIL)
        page.get_by_label("可以公开").check()
        self.presses("下一步")
        self.is_told_what_is_wrong("电话", "电话")
        expect(page.get_by_label("怎么称呼您")).to_have_value(NAME)
        expect(page.get_by_label("可以公开")).to_be_checked()
        page.get_by_label("电话", exact=False).first.fill(CALLED)
        self.presses("下一步")

    def checks_and_sends(self) -> tuple[str, str]:
        """Goes back and finds everything; sends; gives number and code of the receipt."""
        page = self.page
        expect(page.locator("main")).to_contain_text(CALLED)
        self.looks("修改 是什么事")
        page.go_back()
        expect(page.get_by_label("怎么称呼您")).to_have_value(NAME)
        expect(page.get_by_label("电话", exact=False).first).to_have_value(CALLED)
        page.go_forward()
        expect(page.locator("main")).to_contain_text(CALLED)
        if self.scripted:
            expect(page.locator("[data-human]")).to_be_hidden()
            expect(page.locator("input[name=proof]")).to_have_value(re.compile(r"^\d+$"))
            page.wait_for_timeout(3000)  # quicker than this nobody checks a letter
        else:
            self.presses("提交")
            self.is_told_what_is_wrong("不是机器", "请回答下面的问题", named="等于几")
            first, second = re.search("(.)加(.)等于几", page.content()).groups()
            page.get_by_label(re.compile("等于几")).fill(str(NUMERALS.index(first) + NUMERALS.index(second)))
        self.presses("提交")
        expect(page.get_by_role("heading", name="已经收到您的来信")).to_be_focused()
        self.looks("查询办理进度")
        receipt = page.inner_text("main")
        return re.search(r"\d{8}-\d{6}", receipt)[0], re.search(r"\d{3} \d{3} \d{4}", receipt)[0]

    def follows(self, number: str, code: str) -> None:
        page = self.page
        self.goes_to("/hudong/follow")
        self.looks("编号", "查询码")
        page.get_by_label("编号").fill(number)
        page.get_by_label("查询码").fill("12")
        self.presses("查询")
        self.is_told_what_is_wrong("查询码", "查询码")
        expect(page.get_by_label("编号")).to_have_value(number)
        page.get_by_label("查询码").fill(code)
        self.presses("查询")

    def sees(self, *words: str) -> None:
        self.presses("刷新进度")
        for word in words:
            expect(self.page.locator("main")).to_contain_text(word)
        self.looks("刷新进度")

    def opens(self, act: str) -> None:
        self.page.locator("summary").get_by_text(act, exact=True).click()

    def says(self, act: str, button: str, label: str, text: str, wrong: str = "") -> None:
        """One of the further words; where something is needed it is first sent empty."""
        self.opens(act)
        if wrong:
            self.presses(button)
            self.is_told_what_is_wrong(label, wrong)
        self.page.locator("details[open]").get_by_role("textbox").first.fill(text)
        self.looks(label)
        with self.page.expect_navigation():
            self.page.locator("details[open]").get_by_role("button", name=button).last.click()
        expect(self.page.locator("[role=status].banner")).to_contain_text("收到了")
        expect(self.page.locator("[role=status].banner")).to_be_focused()
        self.looks()
        attend(now=datetime.now(UTC))

    def is_not_content(self) -> None:
        """A word without a score is asked for the score, and stands there still."""
        page = self.page
        self.opens("评价")
        page.locator("details[open] textarea").fill(UNHAPPY)
        with page.expect_navigation():
            page.locator("details[open]").get_by_role("button", name="提交评价").last.click()
        expect(page.locator("#wrong-list")).to_be_focused()
        self.looks("非常不满意")
        expect(page.locator("details[open] textarea")).to_have_value(UNHAPPY)
        page.get_by_label("不满意", exact=True).check()
        with page.expect_navigation():
            page.locator("details[open]").get_by_role("button", name="提交评价").last.click()
        expect(page.locator("[role=status].banner")).to_contain_text("收到了")
        attend(now=datetime.now(UTC))


def asked_for_more(case: Case, people: Office) -> None:
    moment = datetime.now(UTC)
    actions.accept(case=case, by=people.clerk, now=moment)
    actions.assign(case=case, desk=case.site, handler=people.handler, by=people.clerk, now=moment)
    handling.ask_sender(case=case, reason="请补充是哪几盏灯。", by=people.handler, now=moment)
    attend(now=moment)


def replied(case: Case, people: Office, text: str) -> None:
    moment = datetime.now(UTC)
    case.refresh_from_db()
    handling.submit_reply(case=case, text=text, by=people.handler, now=moment)
    handling.approve_reply(case=case, gates=GATES, by=people.replier, now=moment)
    handling.send_reply(case=case, by=people.handler, now=moment)
    attend(now=moment)


@pytest.mark.django_db
@pytest.mark.req("INT-03", "INT-05")
@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without script"])
def test_a_letter_lives_its_whole_life_on_a_phone_at_twice_the_type(browser, cast, home, scripted):
    now = datetime.now(UTC)  # as the counter, whose clock is the machine's
    with_answers(cast.city, now=now)
    Publisher().publish(cast.city.site, now=now)
    people = office(cast.city, now=now)
    with counting(Home(settings.JIYUE_HOME), cast.city.site.host) as city:
        elder = Elder(browser, city, scripted)
        elder.writes()
        elder.says_who_she_is()
        number, code = elder.checks_and_sends()
        attend(now=datetime.now(UTC))
        case = Case.objects.select_related("site__owner", "desk__owner").get(number=number)
        assert (case.title, case.text) == ("路灯不亮", TEXT)

        asked_for_more(case, people)
        elder.follows(number, code)
        elder.sees("等您补充", "请补充是哪几盏灯")
        elder.says("补充材料", "提交补充", "补充", ADDED, wrong="请")
        replied(case, people, "北段的路灯已经报修。")
        elder.sees("已答复", "北段的路灯已经报修")

        elder.is_not_content()
        elder.says("对办理结果有异议", "提交异议", "哪里不认可", COMPLAINT, wrong="请")
        case.refresh_from_db()
        actions.uphold(case=case, reason="报修属实，三天内修好。", by=people.clerk, now=datetime.now(UTC))
        attend(now=datetime.now(UTC))
        elder.sees("已办结", "三天内修好")
        elder.says("要求重新办理", "提交（只有一次）", "为什么要重新办理", "三天过去，还是不亮。", wrong="请")
        elder.sees("正在办理")
        replied(case, people, "北段的路灯已全部修好。")
        elder.sees("已答复", "已全部修好")
        expect(elder.page.locator("summary").get_by_text("要求重新办理")).to_have_count(0)

        record = made_public(Case.objects.get(pk=case.pk), people, now=datetime.now(UTC))
        item = PublicItem.objects.get(identity=record.identity)
        elder.goes_to(item.address)
        expect(elder.page.locator("main")).to_contain_text("已全部修好")
        elder.looks()
        elder.goes_to("/zmhd/lxgk/")
        elder.looks("路灯不亮")
        assert elder.faults == []
    private = [NAME, CALLED, CALLED[4:], IDENTITY, MAIL, ADDED, COMPLAINT, UNHAPPY, number, code.replace(" ", "")]
    read = list(everything_outside(Home(settings.JIYUE_HOME)))
    assert len(read) > 40
    assert [(text, place) for place, data in read for text in private if text.encode() in data] == []
