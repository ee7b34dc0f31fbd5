"""A portal shows the sites of its group as they were signed, and follows when one of them changes."""

from datetime import timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from tests.cast import TEST, organisation, structured, tenant

from jiyue.estate.actions import save_site
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.publishing.agenda import sites_with_work
from jiyue.publishing.models import Incident, SitePublication
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.reconciling import reconcile

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(cast, now):
    structured(cast.city, now=now)
    Publisher().publish(cast.city.site, now=now)
    return cast.city


@pytest.fixture
def bureau(city, now):
    unit = organisation("澄湖市水利局", "990100002", "city", kind="department", now=now)
    made = tenant("slj.chenghu.localhost", unit, "sl", code="9901000002", now=now)
    made.site.kind, made.site.superior_site = Site.Kind.DEPARTMENT, city.site
    save_site(site=made.site, by=TEST, now=now)
    return made


def signed(bureau, now):
    structured(bureau, now=now)
    Publisher().publish(bureau.site, now=now)


def follow(now):
    """What the worker does with what is due."""
    due = sites_with_work(at=now)
    for site in due:
        Publisher().publish(site, now=now)
    return due


def neighbours(city, home) -> list[tuple[str, str]]:
    page = HTMLParser((Home(home).public_root(city.site.host) / "index.html").read_text())
    return [(link.text(), link.attributes["href"]) for link in page.css(".neighbours a")]


@pytest.mark.req("PAGE-02")
def test_a_new_bureau_appears_at_its_portal_once_it_is_public(city, bureau, now, home):
    assert neighbours(city, home) == []
    signed(bureau, now + timedelta(minutes=1))
    assert follow(now + timedelta(minutes=2)) == [city.site]
    assert neighbours(city, home) == [("澄湖市水利局", "http://slj.chenghu.localhost:8080")]
    assert follow(now + timedelta(minutes=3)) == []


def test_a_bureaus_new_name_is_shown_once_it_is_signed_and_not_before(city, bureau, now, home):
    signed(bureau, now)
    follow(now)
    bureau.site.name = "澄湖市水利和湖泊局"
    save_site(site=bureau.site, by=TEST, now=now)
    assert follow(now + timedelta(minutes=1)) == []
    signed(bureau, now + timedelta(minutes=2))
    follow(now + timedelta(minutes=3))
    assert [name for name, _address in neighbours(city, home)] == ["澄湖市水利和湖泊局"]


def test_a_bureau_that_leaves_the_group_goes_from_its_page(city, bureau, now, home):
    signed(bureau, now)
    follow(now)
    bureau.site.superior_site = None
    save_site(site=bureau.site, by=TEST, now=now)
    signed(bureau, now + timedelta(minutes=2))
    follow(now + timedelta(minutes=3))
    assert neighbours(city, home) == []


def test_only_the_home_page_is_baked_for_it_and_the_library_when_a_site_joins_or_leaves(city, bureau, now, home):
    front = Home(home).public_root(city.site.host) / "zcwjk" / "group" / "index.html"
    signed(bureau, now + timedelta(minutes=1))
    assert Publisher().publish(city.site, now=now + timedelta(minutes=2)).pages == 2
    assert front.exists()
    signed(bureau, now + timedelta(minutes=3))
    assert Publisher().publish(city.site, now=now + timedelta(minutes=4)).pages == 1
    bureau.site.superior_site = None
    save_site(site=bureau.site, by=TEST, now=now)
    signed(bureau, now + timedelta(minutes=5))
    assert Publisher().publish(city.site, now=now + timedelta(minutes=6)).pages == 2
    assert not front.exists()


def test_a_forged_profile_is_not_shown_and_put_right(city, bureau, now, home):
    signed(bureau, now)
    follow(now)
    forged = {**SitePublication.objects.get(site=bureau.site).profile, "name": "假网站", "host": "fake.example"}
    SitePublication.objects.filter(site=bureau.site).update(profile=forged)
    SitePublication.objects.filter(site=city.site).update(group_changed_at=now)
    follow(now + timedelta(minutes=1))
    assert neighbours(city, home) == []
    reconcile(now=now + timedelta(minutes=2))
    follow(now + timedelta(minutes=3))
    assert [name for name, _address in neighbours(city, home)] == ["澄湖市水利局"]
    assert Incident.objects.filter(subject__contains="profile").exists()


def test_a_call_is_not_lost_when_the_group_changes_again_meanwhile(city, bureau, now):
    signed(bureau, now)
    plan = Publisher().plan(city.site, at=now + timedelta(minutes=1))
    again = now + timedelta(minutes=2)
    SitePublication.objects.filter(site=city.site).update(group_changed_at=again)
    Publisher().switch(plan, now=again)
    assert SitePublication.objects.get(site=city.site).group_changed_at == again
