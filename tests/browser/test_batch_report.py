"""The report of an import as a reviewer meets it: why each field was read so, the drawn sample, one signature."""

import pytest
from playwright.sync_api import expect

from jiyue.review.batches import records_of, submit_batch
from jiyue.review.models import Decision
from tests.apps.content.intake_samples import NOTICE
from tests.apps.content.test_importing import article
from tests.apps.review.test_batches import brought_in, drawn_up  # noqa: F401 - its fixtures
from tests.browser.test_console_journey import (  # noqa: F401 - its fixtures
    browser,
    city,
    open_as,
    pytestmark,
    violations,
)

DOUBTFUL = NOTICE.replace("澄政办发〔2024〕12号", "澄政办发〔2024〕13号\n澄政办发〔2024〕14号").replace("值守", "防御")


@pytest.fixture
def cast(city):  # noqa: F811
    return city


def test_the_report_can_be_read_sampled_and_signed(cast, open_as, brought_in, drawn_up, now):  # noqa: F811
    batch = drawn_up(brought_in([{"text": NOTICE}, {"text": DOUBTFUL}, *(article(n) for n in range(6))]))
    review = submit_batch(batch=batch, records=records_of(batch), by=cast.city.editor, now=now)
    page = open_as(cast.city.first)
    page.goto(f"/reviews/{review.pk}/")
    expect(page.locator(".jy-read")).to_contain_text("从正文读到")
    expect(page.locator(".jy-read")).to_contain_text("文中没有找到")
    expect(page.locator(".jy-sample > li")).to_have_count(8)
    expect(page.locator(".jy-sampled").first).to_contain_text("标题")
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1440, "height": 900})
    for key in "12345":
        page.keyboard.press(key)
    page.get_by_role("button", name="通过").click()
    expect(page.locator("main, #main")).to_contain_text("还有 8 篇没有勾选“已核对”")
    for box in page.locator("input[name=sampled]").all():
        box.check()
    page.get_by_role("button", name="通过").click()
    expect(page.locator(".messages")).to_contain_text("转入下一环节")
    assert Decision.objects.get().reason == "抽到的 8 篇已逐篇核对。"
