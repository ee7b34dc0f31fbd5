"""转载: sources, originals, watched portals; from a real server to the ledger (REPR-01 to REPR-06)."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.content.actions import RecordLocked, delete_draft
from jiyue.content.feeds import watching
from jiyue.content.intake import IntakeRefused
from jiyue.content.models import Feed, FeedEntry, KeptText, PermittedSource, Record, ReprintTask
from jiyue.content.models.reprinting import original_of
from jiyue.content.originals import alteration_of, is_permitted, original_in, versions_of
from jiyue.content.readiness import problems
from jiyue.content.reprinting import (
    decide_source,
    end_source,
    keep_text,
    order_entry,
    pass_entry,
    prepare_reprint,
    propose_source,
    save_feed,
    stop_feed,
)
from jiyue.domain.deadlines import local
from jiyue.foundation.fetching import fetch
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.review.actions import approve, submit
from jiyue.review.checklist import ALL_GATES
from jiyue.review.models import CheckRun, Review, Version
from jiyue.review.refusals import NotReady
from tests.cast import draft, sign_all
from tests.strangers import HERE, stranger

pytestmark = pytest.mark.django_db
TEXT = "国务院决定，自明年起提高基础养老金标准。各地要抓好落实。"
PAGE = f"""<html><head><meta charset="utf-8"><title>提高基础养老金标准</title>
<meta name="ArticleTitle" content="提高基础养老金标准"></head><body><div class="nav">首页</div>
<div class="TRS_Editor"><p>国务院决定，自明年起提高基础养老金标准。</p><p>各地要抓好落实。</p><p><img src="a.jpg"></p>
<p>{"本条为补足字数而写，没有别的意思，读者可以略过不看。" * 2}</p></div></body></html>"""
PADDING = "本条为补足字数而写，没有别的意思，读者可以略过不看。" * 2
ADDRESS = "https://www.example.gov.cn/a/1.html"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def portal():
    with stranger() as host:
        yield host


@pytest.fixture(autouse=True)
def opened(settings, home):
    settings.JIYUE_FETCH_NETWORKS = list(HERE)


def reprint(tenant, now, *, text=TEXT, **fields) -> Record:
    given = {
        "reprint": True,
        "original_source": "中国政府网",
        "original_address": ADDRESS,
        "title": "提高基础养老金标准",
        **fields,
    }
    body = [{"type": "paragraph", "value": f"<p>{text}</p>", "id": "p1"}]
    return draft(tenant, now=now, body=body, **given).typed


def kept(record, by, now, *, text=TEXT, title="提高基础养老金标准", **more) -> KeptText:
    given = {"role": "original", "address": record.original_address, **more}
    return keep_text(record=record, title=title, text=text, by=by, now=now, **given)


def lacking(record, now) -> list[str]:
    return [problem.message for problem in problems(record, on=local(now).date())]


# ---- REPR-02, REPR-03 ------------------------------------------------------------------------------------------------


@pytest.mark.req("REPR-02")
def test_a_reprint_is_not_submitted_without_its_source_its_address_and_its_original(cast, now):
    record = reprint(cast.city, now, original_source="", original_address="")
    assert lacking(record, now) == ["转载稿件必须写明原来源", "转载稿件必须写明原网址"]
    with pytest.raises(NotReady):
        submit(record=record, by=cast.city.editor, now=now)
    record = reprint(cast.city, now)
    assert lacking(record, now) == ["还没有保存原文：请在“转载核对”里读取原网址，或者粘贴原文"]
    kept(record, cast.city.editor, now, address="https://www.example.gov.cn/other.html")
    assert lacking(record, now) == ["保存的原文是另一个网址的，请重新保存"]
    kept(record, cast.city.editor, now + HOUR)
    assert lacking(record, now) == []
    assert lacking(draft(cast.city, now=now), now) == []  # what is no reprint is asked for nothing


@pytest.mark.req("REPR-02")
def test_what_was_ordered_cannot_pass_as_something_of_ones_own(cast, now):
    ReprintTask.objects.create(
        organisation=cast.province, title="x", source="x", address=ADDRESS, released_at=now, created_by=cast.overseer,
        created_at=now,
    )  # fmt: skip
    assert lacking(reprint(cast.city, now, reprint=False), now) == ["这是上级要求转载的内容，请勾选“转载稿件”"]


@pytest.mark.req("REPR-03")
def test_where_a_list_is_kept_nothing_comes_from_elsewhere_without_special_approval(cast, now):
    record = reprint(cast.city, now)
    kept(record, cast.city.editor, now)
    assert lacking(record, now) == []  # nobody keeps a list yet
    listed = PermittedSource(
        organisation=cast.city.organisation, name="新华网", host="news.example", grounds="中央媒体"
    )
    propose_source(source=listed, by=cast.city.manager, now=now)
    assert lacking(record, now) == []  # and nobody has agreed to it
    with pytest.raises(PermissionDenied):
        decide_source(source=listed, approve=True, opinion="", by=cast.city.manager, now=now)
    decide_source(source=listed, approve=True, opinion="", by=cast.overseer, now=now)
    assert lacking(record, now) == ["这个网址不在稿源名单里：请换来源，或者申请对这一篇特别同意"]
    assert is_permitted(record, "https://www.news.example/a") and not is_permitted(record, "https://badnews.example/a")
    alone = PermittedSource(only_for=record, name="中国政府网", host="www.example.gov.cn", grounds="国务院文件")
    propose_source(source=alone, by=cast.city.editor, now=now)
    decide_source(source=alone, approve=True, opinion="同意", by=cast.overseer, now=now)
    assert lacking(record, now) == []
    other = reprint(cast.city, now)
    kept(other, cast.city.editor, now)
    assert len(lacking(other, now)) == 1  # approved for that one only
    end_source(source=listed, opinion="改版", by=cast.overseer, now=now)
    assert lacking(other, now) == []


@pytest.mark.req("REPR-03")
def test_a_list_binds_what_lies_below_and_nobody_else(cast, now):
    listed = PermittedSource(
        organisation=cast.city.organisation, name="新华网", host="news.example", grounds="中央媒体"
    )
    propose_source(source=listed, by=cast.city.manager, now=now)
    decide_source(source=listed, approve=True, opinion="", by=cast.overseer, now=now)
    outside = reprint(cast.outside, now)
    assert is_permitted(outside, ADDRESS)
    for person in (cast.outside.manager, cast.city.editor, cast.outside.editor):
        with pytest.raises(PermissionDenied):
            propose_source(
                source=PermittedSource(organisation=cast.city.organisation, name="x", host="x.example", grounds="x"),
                by=person, now=now,
            )  # fmt: skip


# ---- REPR-04, REPR-05, REPR-06 -----------------------------------------------------------------------------------------


def found_in(record, cast, now):
    submit(record=record, by=cast.city.editor, now=now)
    run = CheckRun.objects.filter(version__record=record.pk).latest("pk")
    return [(each["detector"], each["severity"], each["place"]) for each in run.findings]


@pytest.mark.req("REPR-04")
def test_an_altered_title_or_text_is_a_finding_and_an_unaltered_one_is_none(cast, now):
    same = reprint(cast.city, now, text=TEXT.replace("，", "，  "))
    kept(same, cast.city.editor, now)
    assert [each for each in found_in(same, cast, now) if each[0].startswith("reprint")] == []
    other = reprint(cast.city, now, text=TEXT.replace("提高", "降低"), title="养老金有变")
    kept(other, cast.city.editor, now)
    altered = [each for each in found_in(other, cast, now) if each[0] == "reprint.altered"]
    assert len(altered) == 2 and {severity for _code, severity, _place in altered} == {"warn"}


@pytest.mark.req("REPR-04")
def test_the_original_is_kept_as_it_came_with_its_digest_and_stands_in_what_is_signed(cast, now, portal, settings):
    portal.pages["/a.html"] = PAGE.encode()
    fetched = fetch(portal.address("/a.html"))
    original = original_in(fetched)
    assert (original.title, original.left_out) == ("提高基础养老金标准", 0)
    record = reprint(cast.city, now, text=TEXT + PADDING, original_address="https://www.example.gov.cn/a.html")
    row = kept(record, cast.city.editor, now, text=original.text, title=original.title, fetched=fetched)
    assert ObjectStore(Home(settings.JIYUE_HOME)).get(row.digest) == PAGE.encode()
    assert (row.how, row.kept_by) == ("fetched", cast.city.editor)
    assert not alteration_of(record, row)
    submit(record=record, by=cast.city.editor, now=now)
    frozen = Version.objects.get(record=record.pk).content
    assert row.digest in frozen and '"reprint"' in frozen


@pytest.mark.req("REPR-04")
def test_only_writers_keep_an_original_and_nobody_while_it_is_reviewed(cast, now):
    record = reprint(cast.city, now)
    for person in (cast.outside.editor, cast.city.final):
        with pytest.raises(PermissionDenied):
            kept(record, person, now)
    for wrong in ({"text": " "}, {"text": "长" * 300_001}, {"role": "channel"}):
        with pytest.raises(ValidationError):
            kept(record, cast.city.editor, now, **wrong)
    kept(record, cast.city.editor, now)
    submit(record=record, by=cast.city.editor, now=now)
    with pytest.raises(RecordLocked):
        kept(record, cast.city.editor, now, text="另一篇原文")


@pytest.mark.req("REPR-05")
def test_versions_on_other_channels_are_linked_and_their_differences_told(cast, now):
    record = reprint(cast.city, now)
    for channel, text in (("微信公众号", TEXT), ("政务微博", TEXT.replace("各地", "各县"))):
        kept(record, cast.city.editor, now, role="channel", channel=channel, text=text, address="")
    kept(
        record,
        cast.city.editor,
        now + HOUR,
        role="channel",
        channel="微信公众号",
        text=TEXT,
        title="速看！",
        address="",
    )
    weibo, wechat = sorted(versions_of(record), key=lambda row: row.channel != "政务微博")
    assert (len(alteration_of(record, weibo).text), alteration_of(record, weibo).title) == (1, None)
    assert alteration_of(record, wechat).title == ("速看！", "提高基础养老金标准")
    assert original_of(record) is None


@pytest.mark.req("REPR-06")
def test_a_reprint_passes_every_level_and_the_secrecy_review(cast, now):
    record = reprint(cast.city, now)
    kept(record, cast.city.editor, now)
    review = submit(record=record, by=cast.city.editor, now=now)
    passed = []
    while review.status == Review.Status.OPEN:
        passed.append(review.level)
        with pytest.raises(PermissionDenied):
            approve(review=review, by=cast.city.editor, now=now, gates=ALL_GATES, reason="自己审自己")
        review = approve(
            review=review, by=cast.city.people[review.level], now=now, gates=ALL_GATES, reason="不涉及国家秘密"
        )
    assert passed == ["first", "second", "secrecy", "final"]


# ---- REPR-01 -----------------------------------------------------------------------------------------------------------


def watched(cast, now, address, **more) -> Feed:
    feed = Feed(
        organisation=cast.city.organisation, name="中国政府网", address=address, keywords="养老金，救灾", **more
    )
    return save_feed(feed=feed, by=cast.overseer, now=now)


def feed_of(*items) -> bytes:
    return f'<?xml version="1.0" encoding="GB18030"?><rss><channel>{"".join(items)}</channel></rss>'.encode("gb18030")


def item(title, link, date="") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"


def read(now) -> int:
    return watching.read_due(now=now)


@pytest.mark.req("REPR-01")
def test_a_portal_is_read_when_its_turn_comes_and_each_entry_is_kept_once(cast, now, portal):
    stated = format_datetime(now)
    body = feed_of(item("提高基础养老金标准", "/a.html", stated), item("会见外宾的消息", "/b.html"))
    portal.pages["/feed.xml"] = (200, {"ETag": '"1"'}, body)
    feed = watched(cast, now, portal.address("/feed.xml"))
    assert read(now) == 2
    wanted, new = FeedEntry.objects.order_by("address")
    assert (wanted.state, wanted.released_at, wanted.address) == ("wanted", now, portal.address("/a.html"))
    assert (new.state, new.released_at) == ("new", None)
    feed.refresh_from_db()
    assert (feed.read_at, feed.next_at, feed.problem, feed.etag) == (now, now + timedelta(minutes=30), "", '"1"')
    assert read(now + timedelta(minutes=29)) == 0 and not watching.any_due(now + timedelta(minutes=29))
    portal.pages["/feed.xml"] = (304, {"Content-Length": "0"}, b"")
    assert read(now + timedelta(minutes=30)) == 0
    assert portal.asked[-1][1]["if-none-match"] == '"1"'
    feed.refresh_from_db()
    assert feed.etag == '"1"' and feed.read_at == now + timedelta(minutes=30)


@pytest.mark.req("REPR-01")
def test_what_fails_is_told_tried_again_later_and_stops_nobody_else(cast, now, portal):
    portal.pages |= {
        "/huge": b"x" * (10 << 20),
        "/busy": (503, {"Retry-After": "7200"}, b""),
        "/html": b"<p>nothing</p>",
        "/entities": b'<!DOCTYPE rss [<!ENTITY x "y">]><rss><item/></rss>',
        "/good": feed_of(item("一条消息的标题", "/x.html")),
    }
    for path in ("/huge", "/busy", "/html", "/entities", "/good", "/missing"):
        watched(cast, now, portal.address(path))
    assert read(now) == 1
    troubles = {feed.address.rpartition("/")[2]: watching.trouble_of(feed) for feed in Feed.objects.all()}
    assert troubles == {
        "huge": "内容超过大小上限（5 MB）", "busy": "对方回答了错误状态（HTTP 503）", "good": "",
        "html": "没有找到带日期的标题链接，请核对网址是不是列表页", "missing": "对方回答了错误状态（HTTP 404）",
        "entities": "内容里声明了外部实体，为安全起见没有读取",
    }  # fmt: skip
    waits = dict(Feed.objects.values_list("address", "next_at"))
    assert waits[portal.address("/busy")] == now + 2 * HOUR
    for _try in range(12):
        Feed.objects.update(next_at=now)
        read(now)
    assert set(Feed.objects.exclude(problem="").values_list("next_at", flat=True)) == {now + timedelta(days=1)}
    portal.pages["/missing"] = feed_of()
    feed = Feed.objects.get(address=portal.address("/missing"))
    watching.read_one(feed, now=now)
    assert (feed.failures, feed.problem) == (0, "")


@pytest.mark.req("REPR-01")
def test_no_inner_address_is_watched(cast, now, settings):
    settings.JIYUE_FETCH_NETWORKS = []
    feed = watched(cast, now, "http://127.0.0.1:8099/feed.xml")
    read(now)
    feed.refresh_from_db()
    assert feed.problem == "inside"
    for wrong in ("ftp://x.example/", "http://user:pw@x.example/"):
        with pytest.raises(ValidationError):
            watched(cast, now, wrong)


def entry_of(cast, now, released_at=None) -> FeedEntry:
    feed = watched(cast, now, "https://www.example.gov.cn/feed.xml")
    return FeedEntry.objects.create(
        feed=feed,
        key="k",
        title="提高基础养老金标准",
        address=ADDRESS,
        released_at=released_at,
        seen_at=now,
        state="wanted",
    )


def task_from(entry, released_at) -> ReprintTask:
    return ReprintTask(
        organisation=entry.feed.organisation, title=entry.title, source=entry.feed.name, address=entry.address,
        released_at=released_at,
    )  # fmt: skip


@pytest.mark.req("REPR-01")
def test_an_entry_becomes_a_task_whose_clock_runs_from_the_release(cast, now):
    night = datetime(now.year, now.month, now.day, 18, 30, tzinfo=UTC) - timedelta(days=1)
    entry = entry_of(cast, now, released_at=night)
    with pytest.raises(PermissionDenied):
        order_entry(entry=entry, task=task_from(entry, night), by=cast.city.editor, now=now)
    task = order_entry(entry=entry, task=task_from(entry, night), by=cast.overseer, now=now)
    entry.refresh_from_db()
    assert (entry.state, entry.task, entry.decided_by, task.released_at) == ("ordered", task, cast.overseer, night)
    for act in (
        lambda: order_entry(entry=entry, task=task_from(entry, night), by=cast.overseer, now=now),
        lambda: pass_entry(entry=entry, by=cast.overseer, now=now),
    ):
        with pytest.raises(ValidationError):
            act()


@pytest.mark.req("REPR-01")
def test_an_entry_is_passed_over_and_a_portal_no_longer_watched_by_its_overseer(cast, now):
    entry = entry_of(cast, now)
    for act in (pass_entry, stop_feed):
        about = {"entry": entry} if act is pass_entry else {"feed": entry.feed}
        with pytest.raises(PermissionDenied):
            act(**about, by=cast.city.manager, now=now)
        act(**about, by=cast.overseer, now=now)
    assert not watching.any_due(now + timedelta(days=9))
    with pytest.raises(ValidationError):
        stop_feed(feed=entry.feed, by=cast.overseer, now=now)


@pytest.mark.req("REPR-01", "REPR-04")
def test_a_draft_is_prepared_from_the_original_and_can_be_submitted_as_it_is(cast, now, portal):
    portal.pages["/a.html"] = PAGE.replace("utf-8", "gb2312").encode("gb18030")
    fetched = fetch(portal.address("/a.html"))
    task = task_from(entry_of(cast, now), now)
    task.address = "https://www.example.gov.cn/a.html"
    record = prepare_reprint(
        task=task, column=cast.city.columns["yw"], fetched=fetched, original=original_in(fetched), by=cast.city.editor,
        now=now,
    )  # fmt: skip
    assert (record.title, record.original_source, record.reprint) == ("提高基础养老金标准", "中国政府网", True)
    assert lacking(record, now) == []
    sign_all(cast.city, submit(record=record, by=cast.city.editor, now=now), now=now)
    assert not alteration_of(record.typed, original_of(record))


def test_a_page_without_text_is_refused(portal):
    portal.pages["/empty.html"] = b"<html><body><script>var a</script></body></html>"
    with pytest.raises(IntakeRefused):
        original_in(fetch(portal.address("/empty.html")))


def test_a_draft_with_a_kept_original_can_still_be_deleted(cast, now):

    record = reprint(cast.city, now)
    kept(record, cast.city.editor, now)
    delete_draft(record=record, by=cast.city.editor, now=now)
    assert not KeptText.objects.exists()
