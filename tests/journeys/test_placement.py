"""One record, two sites: taken, corrected once, withdrawn once; a taker that stops, stops alone (LIB-03)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.content.models import Placement, Record
from jiyue.content.placing import ask_for, refuse
from jiyue.foundation.home import Home
from jiyue.publishing.agenda import sites_with_work
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import submit_withdrawal
from jiyue.review.placing import offer, submit_end, submit_placement
from tests.cast import draft, reviewed, sign_all, structured, with_body

pytestmark = [pytest.mark.django_db, pytest.mark.req("LIB-03", "LIB-01")]


@pytest.fixture
def publisher(home):
    return Publisher()


@pytest.fixture
def taken(cast, now, publisher):
    """A record of the city that the outside site shows in its news."""
    for tenant in (cast.city, cast.outside):
        structured(tenant, now=now)
    record = draft(cast.city, now=now, title="湖岸清洁行动启动")
    reviewed(cast.city, record, now=now)
    publisher.publish(cast.city.site, now=now)
    placement = ask_for(record=record, column=cast.outside.columns["yw"], by=cast.outside.editor, now=now)
    sign_all(cast.outside, submit_placement(placement=placement, by=cast.outside.editor, now=now), now=now)
    publisher.publish(cast.outside.site, now=now)
    return placement


def shown(settings, tenant) -> str:
    item = PublicItem.objects.get(site=tenant.site)
    return (Home(settings.JIYUE_HOME).public_root(tenant.site.host) / item.address.lstrip("/")).read_text()


def test_a_taken_record_names_its_origin_and_points_search_engines_there(cast, taken, settings):
    page = shown(settings, cast.outside)
    origin = PublicItem.objects.get(site=cast.city.site)
    assert "湖岸清洁行动启动" in page
    assert f'<link rel="canonical" href="http://www.chenghu.localhost:8080{origin.address}">' in page
    assert cast.city.site.name in page
    assert Placement.objects.get().state == Placement.State.TAKEN


def test_a_correction_at_the_origin_reaches_the_taker(cast, taken, now, publisher, settings):
    record = Record.objects.get(pk=taken.record_id)
    with_body(
        record, [{"type": "paragraph", "value": "<p>改为十二月开始。</p>", "id": "p1"}], by=cast.city.editor, now=now
    )
    reviewed(cast.city, record, now=now + timedelta(hours=1), instruction={"reason": "时间有误"})
    publisher.publish(cast.city.site, now=now + timedelta(hours=1))
    assert sites_with_work(at=now + timedelta(hours=1)) == [cast.outside.site]
    publisher.publish(cast.outside.site, now=now + timedelta(hours=1))
    assert "改为十二月开始" in shown(settings, cast.outside)
    assert sites_with_work(at=now + timedelta(hours=1)) == []


def test_a_withdrawal_at_the_origin_takes_it_down_everywhere(cast, taken, now, publisher, settings):
    record = Record.objects.get(pk=taken.record_id)
    later = now + timedelta(hours=1)
    review = submit_withdrawal(record=record, kind="error", reason="内容有误", by=cast.city.editor, now=later)
    sign_all(cast.city, review, now=later)
    for tenant in (cast.city, cast.outside):
        publisher.publish(tenant.site, now=later)
    item = PublicItem.objects.get(site=cast.outside.site)
    root = Home(settings.JIYUE_HOME).public_root(cast.outside.site.host)
    assert item.state == PublicItem.State.GONE
    assert not (root / item.address.lstrip("/")).exists()
    assert (root / f"{item.address.lstrip('/')}.gone").exists()
    assert "湖岸清洁行动启动" not in (root / "zwdt/yw/index.html").read_text()


def test_a_taker_stops_without_touching_the_origin(cast, taken, now, publisher, settings):
    later = now + timedelta(hours=1)
    taken.refresh_from_db()
    sign_all(
        cast.outside, submit_end(placement=taken, reason="与本地无关", by=cast.outside.editor, now=later), now=later
    )
    publisher.publish(cast.outside.site, now=later)
    assert PublicItem.objects.get(site=cast.outside.site).state == PublicItem.State.GONE
    assert "湖岸清洁行动启动" in shown(settings, cast.city)


def test_an_offer_can_be_refused_with_a_reason_only(cast, now):
    record = draft(cast.city, now=now)
    reviewed(cast.city, record, now=now)
    placement = offer(record=record, site=cast.outside.site, by=cast.city.editor, now=now)
    with pytest.raises(ValidationError):
        refuse(placement=placement, reason=" ", by=cast.outside.editor, now=now)
    with pytest.raises(PermissionDenied):
        refuse(placement=placement, reason="不相关", by=cast.city.editor, now=now)
    refuse(placement=placement, reason="不相关", by=cast.outside.editor, now=now)
    assert Placement.objects.get().state == Placement.State.REFUSED


def test_only_what_is_public_is_offered(cast, now):
    record = draft(cast.city, now=now)
    give = {"site": cast.outside.site, "by": cast.city.editor}
    with pytest.raises(ValidationError, match="公开以后"):
        offer(record=record, now=now, **give)
    reviewed(cast.city, record, now=now, publish_at=now + timedelta(hours=1))
    with pytest.raises(ValidationError, match="公开以后"):
        offer(record=record, now=now, **give)
    assert offer(record=record, now=now + timedelta(hours=1), **give).state == Placement.State.OFFERED
