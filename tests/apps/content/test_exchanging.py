"""From one installation's signed tree to drafts of another: feed, records, files, refusals, repeats."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.content import exchanging
from jiyue.content.models import Exchange, ExchangedItem, ExchangeSource, Picture, Record
from jiyue.domain.canonical import digest_of
from jiyue.domain.digests import digest_of as digest_of_bytes
from jiyue.foundation.fetching import Fetched, NotFetched
from jiyue.rules.standards import shipped
from tests.pictures import png

pytestmark = pytest.mark.req("PLAT-08")
ORIGIN = "https://www.example.invalid"


class Elsewhere:
    """What another installation serves: files by their path. A stand-in for the network alone."""

    def __init__(self):
        self.files, self.changes, self.asked = {}, [], []
        self.picture = png()

    def __call__(self, address, **_more):
        self.asked.append(address)
        path = address.removeprefix(ORIGIN)
        if path == exchanging.HEAD:
            return Fetched(address, 200, {}, json.dumps(self.page(newest=len(self.changes))).encode())
        if path not in self.files:
            raise NotFetched("status", "HTTP 404")
        return Fetched(address, 200, {}, self.files[path])

    def page(self, **more):
        words = shipped().editions["change_feed"][-1].words
        return {
            "standard": words,
            "origin": ORIGIN,
            "page": 1,
            "full": False,
            "after": "",
            "changes": self.changes,
            **more,
        }

    def publish(self, identity, *, act="publish", broken=False, **fields):
        facts = {
            "digest": digest_of_bytes(self.picture), "name": "湖.png", "size": len(self.picture), "media_type": "image/png",
            "address": "/files/aa/hu.png", "width": 8, "height": 8,
        }  # fmt: skip
        record = {
            "kind": "article", "identity": identity, "site": "www.example.invalid", "column": "yw", "title": "湖岸清洁行动",
            "subtitle": "", "source": "样例市政府", "author": "样作者", "responsible": "样例市政府", "keywords": ["湖岸"],
            "summary": "摘要", "openness": "", "subject_class": "", "form_class": "", "topic": "", "event_on": None,
            "original": {"published_at": None, "source": "", "address": ""}, "body": "<p>正文</p>",
            "blocks": [
                {"type": "paragraph", "value": "<p>正文</p>"},
                {"type": "image", "value": {"image": "@0", "alt": "湖岸", "decorative": False, "caption": ""}},
            ],
            "cover": None, "files": [facts], "detail": {}, **fields,
        }  # fmt: skip
        version = digest_of([identity, len(self.changes)])
        told = {
            "standard": shipped().editions["article"][-1].words, "origin": ORIGIN, "address": f"{ORIGIN}/yw/1.html",
            "state": "shown", "published_at": "2026-11-20T09:00:00+08:00", "changed_at": "2026-11-20T09:00:00+08:00",
            "version": version, "sign_off": version, "digest": "0" * 64 if broken else digest_of(record), "record": record,
        }  # fmt: skip
        self.files |= {f"/yw/{identity}.json": json.dumps(told).encode(), "/files/aa/hu.png": self.picture}
        self.change(identity, act, version, record=f"{ORIGIN}/yw/{identity}.json")

    def change(self, identity, act, version, record=None, **more):
        number = len(self.changes) + 1
        self.changes.append({
            "number": number, "act": act, "identity": identity, "at": "2026-11-20T09:00:00+08:00", "version": version,
            "sign_off": digest_of(number), "record": record, **more,
        })  # fmt: skip


FIRST, SECOND = "0d8f9a3e-6c5b-4f2e-9a77-1c2d3e4f5a6b", "1d8f9a3e-6c5b-4f2e-9a77-1c2d3e4f5a6b"


@pytest.fixture
def elsewhere():
    return Elsewhere()


@pytest.fixture
def source(cast, now):
    column = cast.city.columns["yw"]
    return exchanging.add_source(
        column=column, name="样例市政府网站", address=f"{ORIGIN}/index.html", by=cast.city.editor, now=now
    )  # fmt: skip


def read(source, elsewhere, now):
    return exchanging.receive(source=ExchangeSource.objects.get(pk=source.pk), now=now, get=elsewhere)


def test_a_foreign_record_becomes_a_draft_with_its_origin_and_its_files(cast, source, elsewhere, now):
    elsewhere.publish(FIRST)
    row = read(source, elsewhere, now)
    assert (row.state, row.counts["taken"], row.problem) == ("done", 1, "")
    record = Record.objects.get(import_key__startswith="exchange:")
    assert (record.state, record.title, record.author, record.summary) == ("draft", "湖岸清洁行动", "样作者", "摘要")
    assert (record.original_source, record.original_address) == ("样例市政府", f"{ORIGIN}/yw/1.html")
    picture = Picture.objects.get(site=cast.city.site)
    assert record.body.get_prep_value()[1]["value"]["image"] == picture.pk
    assert ExchangedItem.objects.get().record_id == record.pk
    assert read(source, elsewhere, now + timedelta(hours=1)) is None  # nothing new leaves no row


def test_what_breaks_a_standard_is_refused_with_its_reason_and_taken_when_asked_again(cast, source, elsewhere, now):
    elsewhere.publish(FIRST, title="")
    elsewhere.publish(SECOND, broken=True)
    row = read(source, elsewhere, now)
    assert (row.state, row.counts["refused"]) == ("partly", 2)
    assert "标题（title）：不能为空" in row.refusals[0]["why"]
    assert "与记录内容不符" in row.refusals[1]["why"]
    assert [todo.ref for todo in exchanging.todo_for(cast.city.editor)] == [str(source.pk)]
    assert exchanging.todo_for(cast.outside.editor) == []
    changes = elsewhere.changes
    elsewhere.changes = []
    elsewhere.publish(FIRST)
    elsewhere.publish(SECOND)
    elsewhere.changes = changes
    later = now + timedelta(minutes=5)
    exchanging.ask(source=source, by=cast.city.editor, now=later)
    again = read(source, elsewhere, later)
    assert (again.state, again.counts["taken"], again.repeats_id) == ("done", 2, row.pk)


def test_a_file_that_is_not_what_its_digest_says_refuses_the_whole_record(source, elsewhere, now):
    elsewhere.publish(FIRST)
    elsewhere.files["/files/aa/hu.png"] = png("red")
    row = read(source, elsewhere, now)
    assert "摘要不符" in row.refusals[0]["why"]
    assert not Record.objects.filter(import_key__startswith="exchange:").exists()


def test_a_correction_becomes_a_draft_beside_the_first_and_a_withdrawal_is_told(cast, source, elsewhere, now):
    elsewhere.publish(FIRST)
    read(source, elsewhere, now)
    elsewhere.publish(FIRST, act="correct", summary="更正后的摘要")
    read(source, elsewhere, now + timedelta(hours=1))
    item = ExchangedItem.objects.get()
    assert (item.state, item.record.summary) == ("changed", "更正后的摘要")
    assert Record.objects.filter(import_key__startswith="exchange:").count() == 2
    elsewhere.change(FIRST, "withdraw", item.version, withdrawal="error")
    assert read(source, elsewhere, now + timedelta(hours=2)).counts["withdrawn"] == 1
    item.refresh_from_db()
    assert item.state == "withdrawn"
    exchanging.note_seen(item=item, by=cast.city.editor, now=now)
    assert exchanging.todo_for(cast.city.editor) == []


def test_a_feed_that_was_ordered_anew_is_read_from_its_beginning_and_nothing_is_taken_twice(source, elsewhere, now):
    elsewhere.publish(FIRST)
    read(source, elsewhere, now)
    elsewhere.changes[0]["sign_off"] = digest_of("another")
    elsewhere.publish(SECOND, title="另一篇")
    row = read(source, elsewhere, now + timedelta(hours=1))
    assert row.counts["taken"] == 1
    assert Record.objects.filter(import_key__startswith="exchange:").count() == 2


def test_a_failed_attempt_leaves_one_row_and_keeps_its_place(source, elsewhere, now):
    def silent(_address, **_more):
        raise NotFetched("unreachable")

    row = exchanging.receive(source=source, now=now, get=silent)
    assert (row.state, row.problem) == ("failed", "连接不上对方服务器")
    later = now + timedelta(hours=1)
    assert exchanging.receive(source=ExchangeSource.objects.get(), now=later, get=silent) is None
    elsewhere.publish(FIRST)
    assert read(source, elsewhere, later).state == "done"
    assert Exchange.objects.count() == 2


@pytest.mark.parametrize(
    "body", [b"", b"[", b"[]", b'{"changes": 1}', b"[" * 100_000, '{"standard": "变更"}'.encode("gbk")]
)
def test_what_is_no_feed_is_told_and_harms_nothing(source, body, now):
    row = exchanging.receive(source=source, now=now, get=lambda address, **_more: Fetched(address, 200, {}, body))
    assert row.state == "failed" and row.problem


def test_a_record_of_another_host_or_another_identity_is_refused(source, elsewhere, now):
    elsewhere.publish(FIRST)
    elsewhere.changes[0]["record"] = "https://elsewhere.example.invalid/x.json"
    elsewhere.publish(SECOND)
    elsewhere.files[f"/yw/{SECOND}.json"] = elsewhere.files[f"/yw/{FIRST}.json"]
    row = read(source, elsewhere, now)
    assert [refusal["why"] for refusal in row.refusals] == [
        "不符合数据标准，没有接收：记录的网址不在来源网站上", "不符合数据标准，没有接收：网址上的记录不是清单里的那一条",
    ]  # fmt: skip


def test_only_who_writes_in_the_column_follows_asks_or_stops(cast, source, now):
    column, stranger = cast.city.columns["yw"], cast.outside.editor
    with pytest.raises(PermissionDenied):
        exchanging.add_source(column=column, name="x", address="https://b.example.invalid", by=stranger, now=now)
    with pytest.raises(PermissionDenied):
        exchanging.ask(source=source, by=stranger, now=now)
    with pytest.raises(PermissionDenied):
        exchanging.stop_source(source=source, reason="不要了", by=stranger, now=now)
    with pytest.raises(ValidationError):
        exchanging.add_source(
            column=column, name="自己", address=f"https://{cast.outside.site.host}", by=cast.city.editor, now=now
        )  # fmt: skip
    exchanging.stop_source(source=source, reason="不要了", by=cast.city.editor, now=now)
    assert not exchanging.due(now).exists()
