"""Other people's feeds that were built to hurt: whatever they answer, the attempt ends, is told, and others have their turn."""

import json
from datetime import timedelta

import pytest

from jiyue.content import exchanging
from jiyue.content.feeds import watching
from jiyue.content.models import Exchange, ExchangeSource, Feed, FeedEntry
from jiyue.foundation.fetching import Fetched
from tests.apps.content.test_exchanging import FIRST, ORIGIN, SECOND, Elsewhere

pytestmark = [pytest.mark.django_db, pytest.mark.req("PLAT-08", "REPR-01")]


def follow(cast, now, *, address=ORIGIN, name="样例市政府网站"):
    return exchanging.add_source(
        column=cast.city.columns["yw"], name=name, address=address, by=cast.city.editor, now=now
    )  # fmt: skip


def read(source, elsewhere, now):
    return exchanging.receive(source=ExchangeSource.objects.get(pk=source.pk), now=now, get=elsewhere)


@pytest.fixture
def elsewhere():
    return Elsewhere()


ADDRESSES = ["http://[", "//", "", "x" * 5000, "http://[::1", f"{ORIGIN}\x00/yw/1.json", "\ud800", "javascript:1"]


@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
def test_an_address_that_is_none_refuses_the_record_and_not_the_attempt(cast, elsewhere, now, address):
    source = follow(cast, now)
    elsewhere.publish(FIRST)
    elsewhere.publish(SECOND, title="另一篇")
    elsewhere.changes[0]["record"] = address
    row = read(source, elsewhere, now)
    assert (row.counts["taken"], row.problem) in {(1, ""), (0, NO_CHARACTER)}


NO_CHARACTER = f"{ORIGIN}/exchange/changes.json 不是完整的 JSON"
VALUES = [None, 5, "", "@0", [], [[]], {}, {"image": "@9"}, {"image": {"a": 1}}, {"data": 5}, {"data": [5]}, {"items": 5},
          {"text": {}, "level": []}, {"media": "@0", "poster": "@0"}, "x" * 100_000, "<p>" * 3000, 1e308]  # fmt: skip
KINDS = ["paragraph", "heading", "list", "table", "image", "attachment", "quotation", "video", "official"]


@pytest.mark.parametrize("kind", KINDS)
def test_blocks_that_are_none_end_in_a_row(cast, elsewhere, now, kind):
    source = follow(cast, now)
    for number, value in enumerate(VALUES):
        elsewhere.publish(
            f"0d8f9a3e-6c5b-4f2e-9a77-{number:012}", title=f"第{number}篇", blocks=[{"type": kind, "value": value}]
        )
    row = read(source, elsewhere, now)
    assert row is not None and row.problem == ""
    assert row.counts["taken"] + row.counts["refused"] == len(VALUES) and row.counts["refused"] > 10


@pytest.mark.parametrize(
    "pages",
    [
        {"newest": 10**12, "changes": []},
        {"newest": 1_999_999_999, "changes": []},
        {"newest": 1_999_999_999, "page": 7, "changes": []},
        {"newest": 10**40, "changes": []},
        {"newest": -1},
    ],
)
def test_a_feed_without_end_comes_to_an_end(cast, elsewhere, now, pages):
    source = follow(cast, now)
    asked = []

    def endless(address, **_more):
        asked.append(address)
        assert len(asked) < 50, "asked for ever"
        page = {"page": int(address.rpartition("/")[2].partition(".")[0]) if address.count("/") > 4 else 1}
        return Fetched(address, 200, {}, json.dumps(elsewhere.page() | page | pages).encode())

    row = exchanging.receive(source=source, now=now, get=endless)
    assert row.state == "failed" and row.problem


def test_numbers_that_repeat_or_leave_gaps_are_no_feed(cast, elsewhere, now):
    source = follow(cast, now)
    for number in (1, 2, 3):
        elsewhere.publish(f"0d8f9a3e-6c5b-4f2e-9a77-{number:012}", title=f"第{number}篇")
    elsewhere.changes[1]["number"] = 1_999_999_999
    row = read(source, elsewhere, now)
    assert row.state == "failed" and "没有接着前一页" in row.problem
    assert ExchangeSource.objects.get().reached == 0


def test_a_slow_installation_has_its_time_and_goes_on_at_its_next_turn(cast, elsewhere, now, monkeypatch):
    source = follow(cast, now)
    for number in (1, 2, 3):
        elsewhere.publish(f"0d8f9a3e-6c5b-4f2e-9a77-{number:012}", title=f"第{number}篇")
    clock = iter(range(0, 100_000, 100))
    monkeypatch.setattr(exchanging.time, "monotonic", lambda: next(clock))
    assert read(source, elsewhere, now).counts["taken"] < 3
    monkeypatch.undo()
    assert read(source, elsewhere, now + timedelta(hours=1)) is not None
    assert ExchangeSource.objects.get().reached == 3


def test_who_breaks_the_reader_does_not_come_first_again(cast, elsewhere, now):
    """Whatever a later answer finds in this program: the others are read."""
    hostile, honest = follow(cast, now, address="https://evil.example.invalid", name="坏"), follow(cast, now)
    elsewhere.publish(FIRST)

    def breaking(address, **more):
        if "evil" in address:
            raise RuntimeError("a fault of ours")
        return elsewhere(address, **more)

    with pytest.raises(RuntimeError):
        exchanging.receive_all(now=now, get=breaking)
    with pytest.raises(RuntimeError):
        exchanging.receive_all(now=now + timedelta(seconds=20), get=breaking)
    assert Exchange.objects.get(source=honest).counts["taken"] == 1
    assert not Exchange.objects.filter(source=hostile).exists()


def watched(cast, now, name):
    return Feed.objects.create(
        organisation=cast.city.organisation, name=name, address=f"https://{name}.example.invalid/", interval=60, keywords="通知",
        next_at=now, created_by=cast.city.editor, created_at=now,
    )  # fmt: skip


def test_a_portal_that_breaks_the_reader_waits_behind_the_others(cast, now):
    watched(cast, now, "bad"), watched(cast, now, "good")
    page = '<ul><li><a href="/a/1.html">关于做好湖岸清洁工作的通知</a> 2026-11-21</li></ul>'.encode()

    def breaking(address, **_more):
        if "bad" in address:
            raise RuntimeError("a fault of ours")
        return Fetched(address, 200, {}, page)

    with pytest.raises(RuntimeError):
        watching.read_due(now=now, fetch=breaking)
    assert watching.read_due(now=now, fetch=breaking) == 1
    assert FeedEntry.objects.get().feed.name == "good"
