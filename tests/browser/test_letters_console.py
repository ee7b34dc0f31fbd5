"""In a real browser: the screens of letters, mailboxes, requests, surveys and interviews pass axe and fit a phone."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jiyue.content.models import Leader
from jiyue.interaction.actions import return_letter
from jiyue.interaction.calls import register_call
from jiyue.interaction.enquiries.actions import take
from jiyue.interaction.enquiries.desks import come_on_duty
from jiyue.interaction.handling import approve_reply, submit_reply
from jiyue.interaction.letter_files.handing_out import hand_out
from jiyue.interaction.letter_files.layouts import CALLS
from jiyue.interaction.letter_files.taking import take_file
from jiyue.interaction.mailboxes import open_mailbox
from jiyue.interaction.models import Case
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
from tests.enquiries import Visitor, desk_of
from tests.interviews import interview_of
from tests.letters import answered, handled, letter, office


def told_by_telephone(people, *, now, number="GD-1"):
    """A call whose caller cannot read the answer on the site."""
    case, _code = register_call(
        site=people.tenant.site, kind="help", title="梧桐里六楼晚上没有水", text="一到晚上就没有水，家里有老人。",
        received_at=now - timedelta(days=2), handed_by="12345政务服务便民热线", outer_number=number, by=people.clerk,
        sender={"name": "样来电", "phone": "000-55510041"}, now=now,
    )  # fmt: skip
    return case


def brought_and_handed(people, *, now):
    """A file of calls with each kind of line, and one of results."""
    line = {"number": "GD-1", "centre": "12345政务服务便民热线", "text": "路灯不亮", "sent_at": "2026-01-05 09:00"}
    given = [line, {**line, "number": "GD-2"}, {**line, "number": "GD-3", "kind": "闲聊"}]
    data = "".join(f"{json.dumps(each)}\n" for each in given).encode()
    site = people.tenant.site
    brought = take_file(site=site, layout=CALLS, name="工单.jsonl", data=data, by=people.clerk, now=now)
    return_letter(case=Case.objects.get(outer_number="GD-2"), reason="由市政公司管理", by=people.clerk, now=now)
    handed = hand_out(site=site, layout=CALLS, by=people.clerk, now=now)
    return [f"/letters/errors/files/{brought.pk}/", f"/letters/errors/handouts/{handed.pk}/"]


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
    rung = handled(told_by_telephone(people, now=now), people, now=now)
    submit_reply(case=rung, text="水泵已修好，今晚起恢复供水。", by=people.handler, now=now)
    approve_reply(case=rung, gates=["policy", "legal", "wording"], by=people.replier, now=now)
    files = brought_and_handed(people, now=now)
    come_on_duty(desk=desk_of(tenant, now=now), by=people.clerk, now=now)
    enquiry = Visitor(tenant.site.host).begin("老年卡在哪里换？", now=now)
    take(enquiry=enquiry, by=people.clerk, now=now)
    several = "&".join(f"letter={case.pk}" for case in fresh)
    site = tenant.site.pk
    return {
        people.clerk: [
            "/letters/", f"/letters/several/?act=accept&{several}", f"/letters/several/?act=return&{several}",
            f"/letters/several/?act=assign&{several}", f"/letters/several/?act=export&{several}", "/letters/several/",
            f"/letters/{fresh[0].pk}/", "/letters/blocks/", "/letters/blocks/new/", f"/letters/blocks/{block.pk}/",
            f"/letters/sites/{site}/register/", "/letters/statistics/", "/disclosure/",
            f"/letters/sites/{site}/call/", f"/letters/sites/{site}/comment/", f"/letters/sites/{site}/calls/",
            f"/letters/sites/{site}/comments/", "/letters/analysis/", f"/letters/{rung.pk}/", *files,
            "/enquiries/", "/enquiries/past/", "/enquiries/statistics/", f"/enquiries/{enquiry.pk}/",
            f"/disclosure/{request.pk}/", f"/disclosure/sites/{site}/register/",
        ],
        people.handler: [
            f"/letters/{fresh[2].pk}/", f"/letters/{done.pk}/", f"/letters/{done.pk}/public/", f"/letters/{rung.pk}/",
        ],
        tenant.manager: [
            f"/enquiries/sites/{site}/desk/", f"/letters/sites/{site}/mailboxes/", f"/letters/mailboxes/{mailbox.pk}/close/",
        ],
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


def test_a_call_is_looked_up_while_it_is_typed_registered_and_read_out(city, open_as):  # noqa: F811
    now, tenant = timezone.now(), city.city
    people = office(tenant, now=now)
    written = letter(tenant, now=now, phone="000-55510041", title="晚上没有水")
    page = open_as(people.clerk)
    page.goto(f"/letters/sites/{tenant.site.pk}/call/")
    page.get_by_label("回复电话").fill("00055510041")
    page.get_by_label("说了什么").fill("六楼还是没有水。")
    page.get_by_label("姓名").click()
    expect(page.get_by_role("link", name=written.title)).to_be_visible()
    page.get_by_label("工单号").press("Enter")  # looks, and adds to nothing
    expect(page.get_by_text("同一来信人")).to_be_visible()
    assert not written.words.exists()
    shot(page, "call-looked")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="已登记，请念给来电人")).to_be_visible()
    shot(page, "call-told")
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
