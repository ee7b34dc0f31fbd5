"""What pages read is remembered under a seal: a lost or an added row is found at night, and the site baked anew."""

from datetime import timedelta

import pytest
from tests.cast import draft, reviewed, structured

from jiyue.publishing.models import Incident, PageRead, SitePublication
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.remembering import SEALING, mend_reads

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(cast, now):
    structured(cast.city, now=now)
    reviewed(cast.city, draft(cast.city, now=now), now=now)
    Publisher().publish(cast.city.site, now=now)
    return cast.city


def rows_of(city):
    return PageRead.objects.filter(site=city.site)


def test_a_sound_site_is_found_sound(city, now):
    assert mend_reads(now=now) == []
    assert not Incident.objects.exists()


def test_every_page_of_the_tree_has_its_seal(city):
    addresses = set(rows_of(city).values_list("address", flat=True))
    sealed = set(rows_of(city).filter(key__startswith=SEALING).values_list("address", flat=True))
    assert sealed == addresses >= {"/", "/zwdt/yw/", "/404.html", "/wzdt.html"}


@pytest.mark.parametrize("address", ["/", "/zwdt/yw/"])
def test_one_lost_row_is_found_and_put_right(city, now, address):
    lost = rows_of(city).filter(address=address).exclude(key__startswith=SEALING).first()
    lost.delete()
    assert mend_reads(now=now) == [city.site.host]
    assert SitePublication.objects.get(site=city.site).look == ""
    assert Incident.objects.get().what.startswith("有 1 个页面的依赖记录")
    Publisher().publish(city.site, now=now + timedelta(minutes=1))
    assert rows_of(city).filter(address=address, key=lost.key).exists()
    assert mend_reads(now=now + timedelta(minutes=2)) == []


def test_an_added_row_and_a_page_of_which_nothing_is_known_are_found_too(city, now):
    rows_of(city).filter(address="/404.html").delete()
    assert mend_reads(now=now) == [city.site.host]
    Publisher().publish(city.site, now=now + timedelta(minutes=1))
    PageRead.objects.create(site=city.site, address="/", key="record:none")
    assert mend_reads(now=now + timedelta(minutes=2)) == [city.site.host]


def test_a_lost_seal_does_not_pass_for_an_old_page(city, now):
    rows_of(city).filter(address="/", key__startswith=SEALING).delete()
    assert mend_reads(now=now) == [city.site.host]


class Killed(BaseException):
    """As if the process had died there: nothing may catch it."""


@pytest.fixture
def switched_but_not_noted(city, now, monkeypatch):
    reviewed(city, draft(city, now=now, title="第二条消息"), now=now)
    publisher = Publisher()

    def die(*_):
        raise Killed

    monkeypatch.setattr(publisher, "_note", die)
    with pytest.raises(Killed):
        publisher.publish(city.site, now=now + timedelta(minutes=1))
    return city


def test_a_release_that_its_killed_process_did_not_note_is_no_tampering(switched_but_not_noted, now):
    city = switched_but_not_noted
    assert mend_reads(now=now + timedelta(minutes=2)) == []
    assert not Incident.objects.exists()
    Publisher().publish(city.site, now=now + timedelta(minutes=3))
    assert mend_reads(now=now + timedelta(minutes=4)) == []


def test_what_was_signed_after_the_look_began_and_not_noted_is_no_tampering(switched_but_not_noted, now):
    assert mend_reads(now=now - timedelta(minutes=2)) == []
    assert not Incident.objects.exists()


def test_a_release_number_lowered_past_the_publisher_hides_no_lost_row(city, now):
    rows_of(city).filter(address="/").first().delete()
    SitePublication.objects.filter(site=city.site).update(release=0)
    assert mend_reads(now=now) == [city.site.host]
