"""模板对照检查 on the screen: what is not kept with the page's address, and what a person saw."""

import re

import pytest
from django.urls import reverse

from jiyue.console.checks.page_rules import OF_KINDS
from jiyue.console.checks.shown import quoted
from jiyue.content.models import Record
from jiyue.publishing.models import PageExamination, PageSighting
from jiyue.publishing.page_rules import keeping
from jiyue.publishing.page_rules.picking import KINDS
from jiyue.publishing.publisher import Publisher
from tests.cast import structured

RULE = "page.rule.browsers"


@pytest.fixture
def city(cast, now, home):
    structured(cast.city, now=now)
    Publisher().publish(cast.city.site, now=now)
    return cast.city


def at(name, *args):
    return reverse(name, args=args)


def test_every_kind_of_page_is_looked_at_and_has_its_word():
    assert set(Record.Kind.values) <= set(KINDS)
    assert set(KINDS) == set(OF_KINDS)


@pytest.mark.req("PAGE-04")
def test_the_manager_examines_reads_what_is_wrong_and_says_what_she_saw(city, now, sign_in):
    client = sign_in(city.manager)
    assert "还没有检查过" in client.get(at("console_page_rules_of", city.site.pk)).content.decode()
    client.post(at("console_page_rules_examine", city.site.pk))
    last = PageExamination.objects.get()
    last.found["page.rule.footer"]["home"] |= {
        "failed": 1,
        "address": "/",
        "said": ["页脚缺少%(mark)s", {"mark": "网站地图"}],
    }
    last.save()
    told = client.get(at("console_page_rules_of", city.site.pk)).content.decode()
    assert "页脚缺少网站地图" in told
    assert f"http://{city.site.host}" in told
    assert "据他人转述" in told
    assert "平台约定，不是规定" in told
    screen = at("console_page_rule_seen", city.site.pk, RULE)
    short = client.post(screen, {"holds": "yes", "note": "看"})
    assert (short.status_code, PageSighting.objects.count()) == (422, 0)
    assert re.search(r"<textarea[^>]*>\s*看</textarea>", short.content.decode())
    client.post(screen, {"holds": "yes", "note": "用 Edge 看了首页"})
    assert PageSighting.objects.get().holds
    assert "用 Edge 看了首页" in client.get(at("console_page_rules_of", city.site.pk)).content.decode()


def test_supervisors_read_and_strangers_see_nothing(city, cast, now, sign_in):
    keeping.examine(site=city.site, by=city.manager, now=now)
    supervisor = sign_in(cast.supervisor)
    told = supervisor.get(at("console_page_rules_of", city.site.pk)).content.decode()
    assert "现在检查" not in told
    assert supervisor.post(at("console_page_rules_examine", city.site.pk)).status_code == 404
    page = supervisor.get(at("console_page_rule_seen", city.site.pk, RULE))
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    stranger = sign_in(cast.outside.manager)
    for name, args in (
        ("console_page_rules_of", [city.site.pk]), ("console_page_rule_seen", [city.site.pk, RULE]),
    ):  # fmt: skip
        assert stranger.get(at(name, *args)).status_code == 404
    assert stranger.post(at("console_page_rules_examine", city.site.pk)).status_code == 404
    assert sign_in(city.manager).get(at("console_page_rule_seen", city.site.pk, "page.rule.footer")).status_code == 404


def test_an_unpublished_site_says_so(cast, now, home, sign_in):
    answer = sign_in(cast.city.manager).post(at("console_page_rules_examine", cast.city.site.pk))
    assert answer.status_code == 409
    assert "还没有发布" in answer.content.decode()


def test_a_row_of_stars_is_told_in_words():
    assert quoted("****") == "个人信息，已隐去"
    assert (quoted("湖**号"), quoted("")) == ("湖**号", "")
