"""In a real browser: the screens of letters, mailboxes, requests, surveys and interviews pass axe and fit a phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jiyue.content.models import Leader
from jiyue.interaction.mailboxes import open_mailbox
from jiyue.interaction.text_blocks import LONGEST, keep_block
from tests import campaigns, disclosure
from tests.browser.test_checks import shot
from tests.browser.test_console_journey import (  # noqa: F401 - its fixtures and marks are used here
    browser,
    city,
    open_as,
    pytestmark,
    violations,
)
from tests.cast import draft, reviewed, structured
from tests.interviews import interview_of
from tests.letters import answered, handled, letter, office


@pytest.fixture
def at_work(city):  # noqa: F811
    """Letters in every hand, a text for answers, a mailbox, a request, a survey, an interview."""
    now, tenant = timezone.now(), city.city
    structured(tenant, now=now)
    people = office(tenant, now=now)
    fresh = [letter(tenant, now=now, title=f"公交站牌看不清{n}") for n in range(3)]
    handled(fresh[2], people, now=now)
    done = answered(letter(tenant, now=now), people, now=now)
    block = keep_block(site=tenant.site, title="收悉", text="您的来信{编号}收悉。", own=False, by=people.clerk, now=now)
    record = draft(tenant, now=now, kind="leader", column="ldxx", title="样市长", post="市长", body=[])
    reviewed(tenant, record, now=now)
    mailbox = open_mailbox(
        leader=Leader.objects.get(pk=record.pk), wording="受理对全市工作的意见，七个工作日内回复。", desk=tenant.site,
        keeper=people.clerk, by=tenant.manager, now=now,
    )  # fmt: skip
    request = disclosure.asked(tenant, now=now)
    survey = campaigns.signed(tenant, campaigns.survey_draft(tenant, now=now), now=now)
    interview = interview_of(tenant, now=now)
    several = "&".join(f"letter={case.pk}" for case in fresh)
    site = tenant.site.pk
    return {
        people.clerk: [
            "/letters/", f"/letters/several/?act=accept&{several}", f"/letters/several/?act=return&{several}",
            f"/letters/several/?act=assign&{several}", f"/letters/several/?act=export&{several}", "/letters/several/",
            f"/letters/{fresh[0].pk}/", "/letters/blocks/", "/letters/blocks/new/", f"/letters/blocks/{block.pk}/",
            f"/letters/sites/{site}/register/", "/letters/statistics/", "/disclosure/",
            f"/disclosure/{request.pk}/", f"/disclosure/sites/{site}/register/",
        ],
        people.handler: [f"/letters/{fresh[2].pk}/", f"/letters/{done.pk}/", f"/letters/{done.pk}/public/"],
        tenant.manager: [f"/letters/sites/{site}/mailboxes/", f"/letters/mailboxes/{mailbox.pk}/close/"],
        tenant.editor: ["/surveys/", f"/surveys/{survey.pk}/", "/interviews/", f"/interviews/{interview.pk}/"],
    }  # fmt: skip


def test_every_screen_of_interaction_passes_axe_and_fits_a_phone(at_work, open_as):  # noqa: F811
    found, wide = {}, {}
    for person, paths in at_work.items():
        page = open_as(person)
        for path in paths:
            answer = page.goto(path)
            assert answer.status == 200, path
            page.wait_for_load_state("networkidle")
            shot(page, path.strip("/").replace("/", "-").replace("?", "-")[:40])
            for width in (1440, 390):
                page.set_viewport_size({"width": width, "height": 844})
                wrong = violations(page)
                found |= {(path, width): wrong} if wrong else {}
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    wide[path] = width
    assert (found, wide) == ({}, {})


def test_a_text_that_is_too_long_is_told_and_never_cut(city, open_as):  # noqa: F811
    structured(city.city, now=timezone.now())
    page = open_as(office(city.city, now=timezone.now()).clerk)
    page.goto("/letters/blocks/new/")
    title, text = page.locator("[name=title]"), page.locator("textarea[name=text]")
    title.fill("收悉")
    text.focus()
    page.keyboard.insert_text("字" * (LONGEST + 3))  # as a paste: a browser would cut it at `maxlength`
    assert len(text.input_value()) == LONGEST + 3
    expect(text).to_have_attribute("aria-invalid", "true")
    told = text.evaluate("field => field.validationMessage")
    assert told == f"最多 {LONGEST} 字，多出 3 字，请缩短"
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".of-error")).to_contain_text(
        str(LONGEST)
    )  # sent all the same, the server says it and keeps the text
    assert len(text.input_value()) == LONGEST + 3
    text.press("Control+End")
    for _ in range(3):
        text.press("Backspace")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/letters/blocks/")
