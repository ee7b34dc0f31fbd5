"""What other installations read: the feed of changes and the data beside each page, as files of the signed tree."""

import json
from datetime import timedelta

import jsonschema
import pytest
from tests.cast import TEST, draft, reviewed, sign_all, structured
from tests.contracts.siege_city import sql, without_guard
from tests.pictures import png

from jiyue.content.actions import store_picture
from jiyue.domain.canonical import digest_of
from jiyue.foundation.home import Home
from jiyue.publishing import change_feed
from jiyue.publishing.actions import resume, roll_back
from jiyue.publishing.models import Incident, Publication, PublicItem, SitePublication
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import submit_withdrawal
from jiyue.rules.standards import faults, shipped

pytestmark = [pytest.mark.django_db, pytest.mark.req("PLAT-08")]


@pytest.fixture
def publisher(home):
    return Publisher()


@pytest.fixture
def root(settings, cast):
    return Home(settings.JIYUE_HOME).public_root(cast.city.site.host)


def feed(root, name="changes.json"):
    found = json.loads((root / "exchange" / name).read_text())
    schema = shipped().editions["change_feed"][0].schema
    assert faults(found, schema) == []
    jsonschema.Draft202012Validator(dict(schema)).validate(found)
    return found


def data_of(root, item):
    return json.loads((root / change_feed.record_address(item).lstrip("/")).read_text())


def withdrawn(tenant, record, now):
    asked = submit_withdrawal(record=record, kind="error", reason="有误", by=tenant.editor, now=now)
    sign_all(tenant, asked, now=now)


def test_each_release_adds_its_changes_in_order_and_the_record_with_its_digests(cast, now, publisher, root):
    city = cast.city
    structured(city, now=now)
    picture = store_picture(site=city.site, name="hu.png", data=png(), title="湖", by=city.editor, now=now)
    image = {
        "type": "image",
        "id": "i",
        "value": {"image": picture.pk, "alt": "湖岸", "decorative": False, "caption": ""},
    }
    record = draft(city, now=now, title="湖岸清洁行动启动", body=[image])
    reviewed(city, record, now=now)
    publisher.publish(city.site, now=now)
    found = feed(root)
    assert [change["act"] for change in found["changes"]] == ["structure", "publish"]
    assert (found["newest"], found["full"], found["after"]) == (2, False, "")
    item = PublicItem.objects.get()
    assert found["changes"][1]["record"].endswith(change_feed.record_address(item))
    data = data_of(root, item)
    assert faults(data, shipped().editions["exchange_item"][0].schema) == []
    assert faults(data["record"], shipped().editions["article"][0].schema) == []
    assert data["digest"] == digest_of(data["record"])
    assert (data["version"], data["sign_off"]) == (item.version_digest, found["changes"][1]["sign_off"])
    assert data["record"]["blocks"] == [{"type": "image", "value": {**image["value"], "image": "@0"}}]


def test_a_correction_and_a_withdrawal_are_told_and_the_data_of_what_is_withdrawn_are_gone(cast, now, publisher, root):
    city = cast.city
    structured(city, now=now)
    record = draft(city, now=now)
    reviewed(city, record, now=now)
    publisher.publish(city.site, now=now)
    item = PublicItem.objects.get()
    assert (root / change_feed.record_address(item).lstrip("/")).exists()
    withdrawn(city, record, now + timedelta(minutes=1))
    publisher.publish(city.site, now=now + timedelta(minutes=1))
    last = feed(root)["changes"][-1]
    assert (last["act"], last["withdrawal"], last["record"]) == ("withdraw", "error", None)
    assert not (root / change_feed.record_address(item).lstrip("/")).exists()
    assert record.title not in (root / "exchange" / "changes.json").read_text()


def test_full_pages_never_change_and_each_names_what_it_follows(cast, now, publisher, root, monkeypatch):
    monkeypatch.setattr(change_feed, "PAGE_LENGTH", 2)
    city = cast.city
    structured(city, now=now)
    for number in range(3):
        reviewed(city, draft(city, now=now, title=f"第 {number} 篇"), now=now)
    publisher.publish(city.site, now=now)
    first = (root / "exchange" / "changes" / "1.json").read_bytes()
    assert json.loads(first)["full"]
    reviewed(city, draft(city, now=now, title="又一篇"), now=now)
    publisher.publish(city.site, now=now + timedelta(minutes=1))
    assert (root / "exchange" / "changes" / "1.json").read_bytes() == first
    pages = [feed(root, f"changes/{number}.json") for number in (1, 2, 3)]
    assert [change["number"] for page in pages for change in page["changes"]] == [1, 2, 3, 4, 5]
    assert [page["after"] for page in pages] == [
        "",
        pages[0]["changes"][-1]["sign_off"],
        pages[1]["changes"][-1]["sign_off"],
    ]


def test_run_again_or_baked_anew_the_feed_is_the_same(cast, now, publisher, root):
    city = cast.city
    structured(city, now=now)
    reviewed(city, draft(city, now=now), now=now)
    publisher.publish(city.site, now=now)
    before = (root / "exchange" / "changes.json").read_bytes()
    # Killed between the switch and its note: the rows are still open, and the same bytes come out.
    Publication.objects.update(state="baked", release=None, deployed_at=None)
    publisher.publish(city.site, now=now + timedelta(seconds=5))
    assert (root / "exchange" / "changes.json").read_bytes() == before
    SitePublication.objects.update(look="")
    publisher.publish(city.site, now=now + timedelta(seconds=9))
    assert (root / "exchange" / "changes.json").read_bytes() == before


def test_what_is_written_into_ledger_and_progress_alters_nothing_that_was_told(cast, now, publisher, root):
    city = cast.city
    structured(city, now=now)
    reviewed(city, draft(city, now=now), now=now)
    publisher.publish(city.site, now=now)
    before = feed(root)["changes"]
    without_guard("review_signoff")
    sql("update review_signoff set act='withdraw', effective_at='2020-01-01 00:00:00+00:00' where act='publish'")
    Publication.objects.all().update(release=77)
    reviewed(city, draft(city, now=now, title="后一篇"), now=now)
    publisher.publish(city.site, now=now + timedelta(minutes=1))
    assert feed(root)["changes"][:-1] == before
    SitePublication.objects.update(look="")
    publisher.publish(city.site, now=now + timedelta(minutes=2))
    assert feed(root)["changes"][:-1] == before


def test_what_took_effect_late_is_told_last_and_once(cast, now, publisher, root, monkeypatch):
    monkeypatch.setattr(change_feed, "PAGE_LENGTH", 2)
    city = cast.city
    structured(city, now=now)
    timed = reviewed(city, draft(city, now=now, title="定时发布"), now=now, publish_at=now + timedelta(hours=1))
    for number in range(4):
        reviewed(city, draft(city, now=now, title=f"第 {number} 篇"), now=now)
    publisher.publish(city.site, now=now)
    publisher.publish(city.site, now=now + timedelta(hours=2))
    told = [change for number in (1, 2, 3) for change in feed(root, f"changes/{number}.json")["changes"]]
    assert [change["number"] for change in told] == [1, 2, 3, 4, 5, 6]
    assert told[-1]["sign_off"] == timed.sign_offs.get().digest
    Publication.objects.filter(sign_off__digest__in=[told[1]["sign_off"], told[-1]["sign_off"]]).update(
        state="waiting", release=None
    )
    publisher.publish(city.site, now=now + timedelta(hours=3))
    assert feed(root)["newest"] == 6


def test_a_lost_page_is_told_of_and_the_feed_begins_anew_without_losing_a_change(cast, now, publisher, root):
    city = cast.city
    structured(city, now=now)
    reviewed(city, draft(city, now=now), now=now)
    publisher.publish(city.site, now=now)
    before = feed(root)["changes"]
    page = publisher.deployer.find(city.site.host, "exchange/changes/1.json")
    path = publisher.deployer.store.path(page.digest)
    path.chmod(0o600)
    path.write_bytes(b"{" * page.size)
    reviewed(city, draft(city, now=now, title="后一篇"), now=now)
    publisher.publish(city.site, now=now + timedelta(minutes=1))
    assert [change["sign_off"] for change in feed(root)["changes"][:-1]] == [change["sign_off"] for change in before]
    assert feed(root)["newest"] == 3
    assert Incident.objects.exists()


def test_a_rollback_does_not_bring_back_the_data_of_what_was_withdrawn(cast, now, publisher, root):
    city = cast.city
    structured(city, now=now)
    record = draft(city, now=now)
    reviewed(city, record, now=now)
    publisher.publish(city.site, now=now)
    item = PublicItem.objects.get()
    withdrawn(city, record, now + timedelta(minutes=1))
    publisher.publish(city.site, now=now + timedelta(minutes=1))
    roll_back(
        publisher=publisher, site=city.site, to_release=1, reason="演练", by=TEST, now=now + timedelta(minutes=2)
    )  # fmt: skip
    assert not (root / change_feed.record_address(item).lstrip("/")).exists()
    resume(publisher=publisher, site=city.site, by=TEST, now=now + timedelta(minutes=3))
    assert feed(root)["newest"] == 3
