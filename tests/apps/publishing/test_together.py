"""同步发布: what was signed as one is never seen in parts, whatever fails on the way (POL-04)."""

import pytest
from tests.apps.review.test_together import document_of, material_of, planned, until_together
from tests.cast import sign_all, structured, with_body

from jiyue.content.actions import store_attachment
from jiyue.domain.digests import digest_of
from jiyue.publishing.models import Publication, PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import submit_withdrawal
from jiyue.review.models import SignOff

pytestmark = [pytest.mark.django_db, pytest.mark.req("POL-04")]
DATA = "收费标准\n".encode()


@pytest.fixture
def publisher(home):
    return Publisher()


@pytest.fixture
def city(cast, now):
    structured(cast.city, now=now)
    return cast.city


@pytest.fixture
def pair(city, now):
    """A document whose attachment can be lost, and its interpretation, both signed in one act."""
    kept = store_attachment(site=city.site, name="biao.txt", data=DATA, title="附表", by=city.editor, now=now)
    blocks = [{"type": "attachment", "id": "a", "value": {"document": kept.pk, "title": "附表"}}]
    document = with_body(document_of(city, now), blocks, by=city.editor, now=now)
    material = material_of(city, now, document)
    planned(city, now, document)
    until_together(city, document, now)
    until_together(city, material, now)
    return document, material


def states() -> list[str]:
    return sorted(Publication.objects.values_list("state", flat=True))


def test_one_release_brings_both(city, now, pair, publisher):
    outcome = publisher.publish(city.site, now=now)
    assert (outcome.release, outcome.deployed) == (1, 3)
    assert set(PublicItem.objects.values_list("identity", flat=True)) == {record.identity for record in pair}
    assert set(Publication.objects.values_list("release", flat=True)) == {1}


def test_a_page_that_cannot_be_baked_keeps_its_companion_back(city, now, pair, publisher):
    _document, material = pair
    publisher.deployer.store.remove(digest_of(DATA))
    outcome = publisher.publish(city.site, now=now)
    material.refresh_from_db()
    assert (outcome.deployed, outcome.failed, PublicItem.objects.count()) == (1, 2, 0)
    assert (states(), material.state) == (["deployed", "failed", "failed"], "failed")
    waits = Publication.objects.get(sign_off__identity=material.identity)
    assert "与它同步签发的稿件还不能发布" in waits.problem
    publisher.deployer.store.put(DATA)
    outcome = publisher.publish(city.site, now=waits.next_try_at)
    assert (outcome.deployed, PublicItem.objects.count()) == (2, 2)


def test_a_part_that_is_put_off_longer_is_waited_for(city, now, pair, publisher):
    from datetime import timedelta

    publisher.publish(city.site, now=now - timedelta(seconds=1))  # not in effect yet; gives the rows their progress
    Publication.objects.filter(sign_off__identity=pair[1].identity).update(
        state="failed", next_try_at=now + timedelta(seconds=60)
    )
    publisher.publish(city.site, now=now)
    assert PublicItem.objects.count() == 0
    publisher.publish(city.site, now=now + timedelta(seconds=60))
    assert PublicItem.objects.count() == 2


def test_killed_before_the_switch_nothing_is_seen_and_the_next_run_brings_both(city, now, pair, publisher):
    assert publisher.plan(city.site, at=now) is not None  # baked and prepared, and the process is gone
    assert publisher.deployer.newest(city.site.host) is None
    assert Publisher().publish(city.site, now=now).deployed == 3


def test_once_public_each_goes_its_own_way(city, now, pair, publisher):
    publisher.publish(city.site, now=now)
    document, material = pair
    material.refresh_from_db()
    asked = submit_withdrawal(record=material, kind="error", reason="解读有误", by=city.editor, now=now)
    sign_all(city, asked, now=now)
    publisher.publish(city.site, now=now)
    found = dict(PublicItem.objects.values_list("identity", "state"))
    assert found == {document.identity: "shown", material.identity: "gone"}


def test_a_companion_withdrawn_before_it_was_public_is_not_waited_for(city, now, pair, publisher):
    document, material = pair
    material.refresh_from_db()
    asked = submit_withdrawal(record=material, kind="error", reason="解读有误", by=city.editor, now=now)
    sign_all(city, asked, now=now)
    publisher.publish(city.site, now=now)
    assert dict(PublicItem.objects.values_list("identity", "state"))[document.identity] == "shown"
    assert SignOff.objects.count() == 4
