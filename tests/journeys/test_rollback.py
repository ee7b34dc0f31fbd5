"""Going back to an earlier release, and on again: nothing withdrawn comes back, nothing signed is lost."""

from datetime import timedelta

import pytest

from jiyue.content.models import Record
from jiyue.domain.actors import process
from jiyue.foundation.home import Home
from jiyue.publishing.actions import resume, roll_back
from jiyue.publishing.agenda import sites_with_work
from jiyue.publishing.models import Publication, PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.verifying import verify
from jiyue.review.actions import submit_withdrawal
from tests.cast import draft, reviewed, sign_all, structured

pytestmark = pytest.mark.django_db
BY = process("test")


@pytest.fixture
def story(cast, now, home, settings):
    """Release 1: one article. Release 2: a second one. Release 3: the first is withdrawn."""
    publisher, city = Publisher(), cast.city
    structured(city, now=now)
    first = draft(city, now=now, title="先发布后撤下的稿件")
    reviewed(city, first, now=now)
    publisher.publish(city.site, now=now)
    reviewed(city, draft(city, now=now, title="第二篇稿件"), now=now + timedelta(hours=1))
    publisher.publish(city.site, now=now + timedelta(hours=1))
    record = Record.objects.get(pk=first.pk)
    later = now + timedelta(hours=2)
    sign_all(city, submit_withdrawal(record=record, kind="error", reason="有误", by=city.editor, now=later), now=later)
    publisher.publish(city.site, now=later)
    return publisher, city, Home(settings.JIYUE_HOME).public_root(city.site.host)


def test_going_back_brings_the_old_pages_but_nothing_withdrawn(story, now):
    publisher, city, root = story
    done = roll_back(
        publisher=publisher, site=city.site, to_release=1, reason="模板有误", by=BY, now=now + timedelta(hours=3)
    )
    second = PublicItem.objects.get(state=PublicItem.State.SHOWN)
    withdrawn = PublicItem.objects.get(state=PublicItem.State.GONE)
    assert done.release.sequence == 4
    assert not (root / second.address.lstrip("/")).exists()
    assert not (root / withdrawn.address.lstrip("/")).exists()
    assert "先发布后撤下的稿件" not in (root / "zwdt/yw/index.html").read_text()
    assert verify(publisher.home).problems == ()


def test_what_is_signed_while_the_site_is_held_waits_and_then_goes_out(story, now):
    publisher, city, root = story
    at = now + timedelta(hours=3)
    roll_back(publisher=publisher, site=city.site, to_release=1, reason="模板有误", by=BY, now=at)
    reviewed(city, draft(city, now=at, title="回退期间签发的稿件"), now=at)
    assert sites_with_work(at=at) == []
    assert publisher.publish(city.site, now=at).release is None
    resume(publisher=publisher, site=city.site, by=BY, now=at + timedelta(minutes=5))
    news = (root / "zwdt/yw/index.html").read_text()
    assert "第二篇稿件" in news and "回退期间签发的稿件" in news
    assert not Publication.objects.exclude(state=Publication.State.DEPLOYED).exists()


def test_a_release_that_never_was_holds_nothing(story, now):
    publisher, city, _root = story
    with pytest.raises(LookupError):
        roll_back(publisher=publisher, site=city.site, to_release=99, reason="试", by=BY, now=now + timedelta(hours=3))
    city.site.publication.refresh_from_db()
    assert city.site.publication.held_since is None
