"""From a signature to a served page: what is baked, what else is rebuilt, what stays as it was."""

from datetime import timedelta

import pytest
from tests.cast import draft, reviewed, sign_all, structured

from jiyue.content.actions import store_attachment
from jiyue.domain.digests import digest_of
from jiyue.domain.manifests import File
from jiyue.foundation.home import Home
from jiyue.publishing.agenda import RETRY_AFTER
from jiyue.publishing.models import Incident, Publication, PublicItem, SitePublication
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import submit_withdrawal

pytestmark = pytest.mark.django_db


def public(settings, host: str, path: str) -> str:
    """What lies in the deployed tree."""
    return (Home(settings.JIYUE_HOME).public_root(host) / path).read_text()


@pytest.fixture
def publisher(home):
    return Publisher()


def test_a_signed_article_is_served_with_every_list_that_shows_it(cast, now, publisher, settings):
    structured(cast.city, now=now)
    reviewed(cast.city, draft(cast.city, now=now, title="湖岸清洁行动启动"), now=now)
    outcome = publisher.publish(cast.city.site, now=now)
    item = PublicItem.objects.get()
    host = cast.city.site.host
    assert outcome.deployed == 2
    assert "湖岸清洁行动启动" in public(settings, host, item.address.lstrip("/"))
    assert item.address in public(settings, host, "zwdt/yw/index.html")
    assert item.address in public(settings, host, "index.html")
    assert item.address in public(settings, host, "zwdt/yw/rss.xml")
    assert set(Publication.objects.values_list("state", flat=True)) == {"deployed"}


def test_a_second_run_finds_nothing_to_do(cast, now, publisher):
    structured(cast.city, now=now)
    first = publisher.publish(cast.city.site, now=now)
    assert first.release == 1
    assert publisher.publish(cast.city.site, now=now).release is None


def test_what_was_published_and_withdrawn_in_one_release_shows_as_withdrawn(cast, now, publisher):
    structured(cast.city, now=now)
    record = draft(cast.city, now=now, title="误发的稿件")
    reviewed(cast.city, record, now=now)
    withdrawal = submit_withdrawal(record=record, kind="error", reason="有误", by=cast.city.editor, now=now)
    sign_all(cast.city, withdrawal, now=now)
    publisher.publish(cast.city.site, now=now)
    record.refresh_from_db()
    assert (record.state, PublicItem.objects.get().state) == ("withdrawn", "gone")


def with_attachment(tenant, *, now, data: bytes, title: str):
    """A draft that refers to a file; gives it and the digest under which the file lies."""
    kept = store_attachment(site=tenant.site, name="biao.txt", data=data, title="附表", by=tenant.editor, now=now)
    blocks = [{"type": "attachment", "id": "a", "value": {"document": kept.pk, "title": "附表"}}]
    return draft(tenant, now=now, title=title, body=blocks), digest_of(data)


def test_a_record_whose_file_is_lost_fails_alone_is_tried_again_and_goes_out(cast, now, publisher, settings):
    structured(cast.city, now=now)
    data = "甲,乙\n".encode()
    broken, digest = with_attachment(cast.city, now=now, data=data, title="附件丢失的稿件")
    reviewed(cast.city, broken, now=now)
    reviewed(cast.city, draft(cast.city, now=now, title="没有问题的稿件"), now=now)
    publisher.deployer.store.remove(digest)
    outcome = publisher.publish(cast.city.site, now=now)
    column = public(settings, cast.city.site.host, "zwdt/yw/index.html")
    broken.refresh_from_db()
    assert (outcome.deployed, outcome.failed, broken.state) == (2, 1, "failed")
    assert ("没有问题的稿件" in column, "附件丢失的稿件" in column) == (True, False)
    failed = Publication.objects.get(state="failed")
    assert digest in failed.problem
    assert (failed.attempts, failed.next_try_at) == (1, now + timedelta(seconds=RETRY_AFTER[0]))

    publisher.publish(cast.city.site, now=now + timedelta(seconds=1))  # not yet its turn
    again = failed.next_try_at
    publisher.publish(cast.city.site, now=again)
    failed.refresh_from_db()
    assert (failed.attempts, failed.next_try_at) == (2, again + timedelta(seconds=RETRY_AFTER[1]))

    publisher.deployer.store.put(data)
    publisher.publish(cast.city.site, now=failed.next_try_at)
    failed.refresh_from_db()
    broken.refresh_from_db()
    assert (failed.state, failed.problem, broken.state) == ("deployed", "", "published")
    assert "附件丢失的稿件" in public(settings, cast.city.site.host, "zwdt/yw/index.html")


def test_a_public_page_whose_file_is_lost_stays_as_it_is_and_others_go_out(cast, now, publisher, settings):
    structured(cast.city, now=now)
    record, digest = with_attachment(cast.city, now=now, data=b"1,2\n", title="早先的稿件")
    reviewed(cast.city, record, now=now)
    publisher.publish(cast.city.site, now=now)
    address = PublicItem.objects.get().address.lstrip("/")
    before = public(settings, cast.city.site.host, address)
    publisher.deployer.store.remove(digest)
    SitePublication.objects.update(look="")
    reviewed(cast.city, draft(cast.city, now=now, title="新的稿件"), now=now)
    publisher.publish(cast.city.site, now=now)
    assert public(settings, cast.city.site.host, address) == before
    assert "新的稿件" in public(settings, cast.city.site.host, "zwdt/yw/index.html")
    assert Incident.objects.get(closed_at=None).subject.endswith(address)


def test_what_nothing_signed_put_into_the_tree_leaves_with_the_next_full_bake(cast, now, publisher, settings):
    structured(cast.city, now=now)
    publisher.publish(cast.city.site, now=now)
    data = b"<p>foreign</p>"
    file = File(publisher.deployer.store.put(data), len(data))
    prepared = publisher.deployer.prepare(cast.city.site.host, {"zwdt/strange.html": file})
    publisher.deployer.switch(prepared, now=now, ledger_head="")
    SitePublication.objects.update(look="")
    publisher.publish(cast.city.site, now=now)
    assert not (Home(settings.JIYUE_HOME).public_root(cast.city.site.host) / "zwdt/strange.html").exists()


def test_a_site_takes_letters_only_while_its_signed_structure_says_so(cast, now, publisher, settings):
    host, frame = cast.city.site.host, "hudong/index.html"
    structured(cast.city, now=now)
    publisher.publish(cast.city.site, now=now)
    assert '<div id="counter">' in public(settings, host, frame)
    assert '<a href="/hudong/write?kind=error_report&amp;page=/wzdt.html">页面找错</a>' in public(
        settings, host, "wzdt.html"
    )
    home = public(settings, host, "index.html")
    assert 'href="/hudong/write"' in home and 'href="/hudong/follow"' in home
    cast.city.site.blocks = []
    cast.city.site.save()
    structured(cast.city, now=now + timedelta(minutes=1))
    publisher.publish(cast.city.site, now=now + timedelta(minutes=2))
    assert not (Home(settings.JIYUE_HOME).public_root(host) / frame).exists()
    assert "/hudong/" not in public(settings, host, "index.html") + public(settings, host, "wzdt.html")
