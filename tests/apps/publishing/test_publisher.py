"""From a signature to a served page: what is baked, what else is rebuilt, what stays as it was."""

import pytest
from tests.cast import draft, reviewed, structured

from jiyue.foundation.home import Home
from jiyue.publishing.models import Publication, PublicItem
from jiyue.publishing.publisher import Publisher

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
