"""The worker's loop: the exact second, the late start, and that one site's trouble is not another's."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.cast import draft, reviewed, structured

from jiyue.foundation.models import AuditEvent
from jiyue.publishing.models import Publication, PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.worker import PAUSES, Timer, Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(home):
    return Worker(Publisher())


def last_release() -> dict:
    return AuditEvent.objects.filter(code="publishing.release_deployed").order_by("-sequence").first().data


@pytest.mark.req("PAGE-12")
def test_a_scheduled_record_is_switched_at_its_second_and_not_before(cast, worker):
    began = datetime.now(UTC)
    structured(cast.city, now=began)
    worker.step(now=began)
    moment = datetime.now(UTC) + timedelta(seconds=1.5)
    reviewed(cast.city, draft(cast.city, now=began), now=began, publish_at=moment)
    worker.step(now=datetime.now(UTC))
    publication = Publication.objects.exclude(release=1).get()
    assert publication.state == "deployed"
    assert publication.deployed_at >= moment
    assert last_release()["late_seconds"] >= 0


def test_two_sites_of_the_same_second_are_both_ready_before_it(cast, worker):
    began = datetime.now(UTC)
    for tenant in (cast.city, cast.outside):
        structured(tenant, now=began)
    worker.step(now=began)
    moment = datetime.now(UTC) + timedelta(seconds=1.5)
    for tenant in (cast.city, cast.outside):
        reviewed(tenant, draft(tenant, now=began), now=began, publish_at=moment)
    worker.step(
        now=moment - timedelta(seconds=1)
    )  # told, not read: signing may take longer than that on a busy machine
    rows = Publication.objects.filter(sign_off__effective_at=moment)
    assert {row.site.host for row in rows if row.state == "deployed"} == {
        "www.chenghu.localhost",
        "www.linjiang.localhost",
    }
    assert all(row.baked_at == moment <= row.deployed_at for row in rows)


def test_after_a_late_start_it_goes_out_at_once_and_is_recorded_as_late(cast, now, worker):
    structured(cast.city, now=now)
    worker.step(now=now)
    reviewed(cast.city, draft(cast.city, now=now), now=now, publish_at=now + timedelta(minutes=10))
    worker.step(now=now + timedelta(minutes=5))
    assert not PublicItem.objects.exists()
    worker.step(now=now + timedelta(minutes=15))
    assert PublicItem.objects.get().state == "shown"
    assert last_release()["late_seconds"] == 300


def test_what_was_baked_ahead_is_not_public_early_after_a_kill(cast, now, worker, settings):
    """Killed between bake and moment, another release of the same site must not carry the embargoed record along."""
    from jiyue.foundation.home import Home

    structured(cast.city, now=now)
    worker.step(now=now)
    moment = now + timedelta(seconds=2)
    reviewed(cast.city, draft(cast.city, now=now, title="还没有到时间"), now=now, publish_at=moment)
    assert worker.publisher.plan(cast.city.site, at=moment) is not None  # and here the process dies
    reviewed(cast.city, draft(cast.city, now=now, title="现在就发"), now=now)
    worker.publisher.publish(cast.city.site, now=now)
    column = (Home(settings.JIYUE_HOME).public_root(cast.city.site.host) / "zwdt/yw/index.html").read_text()
    assert "现在就发" in column
    assert "还没有到时间" not in column
    worker.step(now=moment)
    assert Publication.objects.exclude(state="deployed").count() == 0


def test_one_sites_trouble_stops_no_other_and_is_not_tried_at_every_round(cast, now, worker, caplog):
    for tenant in (cast.city, cast.outside):
        structured(tenant, now=now)
    tried = []
    publish = worker.publisher.publish

    class Broken(Publisher):
        def publish(self, site, *, now):
            tried.append(site.host)
            if site == cast.city.site:
                raise OSError("the disk is not there")
            return publish(site, now=now)

    worker.publisher = Broken()
    for second in (0.0, 0.2, 0.4):
        worker.step(now=now + timedelta(seconds=second))
    assert tried.count(cast.city.site.host) == 1
    assert Publication.objects.get(site=cast.outside.site).state == "deployed"
    worker.step(now=now + timedelta(seconds=PAUSES[0]))
    assert tried.count(cast.city.site.host) == 2


def test_timers_come_at_their_intervals_and_a_failing_one_comes_again(now, worker, db, caplog):
    came = []

    def failing(at):
        came.append(at)
        raise ValueError("broken")

    worker.timers = [Timer("failing", timedelta(minutes=1), failing)]
    for minutes in (0, 0.5, 1, 1.5, 2):
        worker.step(now=now + timedelta(minutes=minutes))
    assert len(came) == 3


@pytest.mark.django_db(transaction=True)
def test_it_stops_when_told(worker):
    worker.timers = [Timer("stop", timedelta(days=1), lambda _now: worker.stop())]
    worker.run()  # and comes back
