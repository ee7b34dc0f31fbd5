"""The templates themselves sell nothing, hide nothing and lead nowhere they should not (PAGE-10)."""

from datetime import date

import pytest
from tests.apps.portal.test_templates import RENDERED

from jiyue.checks.findings import Severity
from jiyue.checks.reading import matter_of_html
from jiyue.checks.running import check
from jiyue.checks.settings import shipped

FAMILIES = ("advertisement", "hidden-link", "spam")


@pytest.mark.req("PAGE-10")
@pytest.mark.parametrize("name", sorted(RENDERED))
def test_a_page_made_from_a_template_is_clean(name):
    found = check(matter_of_html(RENDERED[name]), shipped(date(2026, 11, 22)), only=FAMILIES)
    assert [(one.say(), one.excerpt) for one in found if one.severity != Severity.NOTE] == []


@pytest.mark.req("PAGE-10")
def test_an_advertisement_worked_into_a_template_would_be_found():
    page = next(page for page in RENDERED.values() if "</body>" in page)
    sold = page.replace("</body>", '<a href="https://shop.taobao.com/a">限时抢购，扫码下单，全场包邮</a></body>')
    found = {one.detector for one in check(matter_of_html(sold), shipped(date(2026, 11, 22)), only=FAMILIES)}
    assert found >= {"advertisement.commercial", "advertisement.link"}
