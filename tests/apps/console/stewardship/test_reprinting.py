"""上级动态, 稿源名单 and 转载核对 in the console, against a portal that really answers (REPR-01 to REPR-05)."""

import pytest

from jiyue.content.feeds import watching
from jiyue.content.models import Feed, FeedEntry, KeptText, PermittedSource, Record, ReprintTask
from tests.cast import draft
from tests.strangers import HERE, stranger

pytestmark = pytest.mark.django_db
PAGE = """<html><head><meta charset="utf-8"><meta name="ArticleTitle" content="提高基础养老金标准"></head><body>
<div class="TRS_Editor"><p>国务院决定，自明年起提高基础养老金标准，各地要抓好落实，确保资金按时足额发放到每一位老人手中。</p>
</div></body></html>"""
TEXT = "国务院决定，自明年起提高基础养老金标准，各地要抓好落实，确保资金按时足额发放到每一位老人手中。"


@pytest.fixture
def portal(settings, home):
    settings.JIYUE_FETCH_NETWORKS = list(HERE)
    with stranger() as host:
        yield host


def feed_form(cast, portal, **given):
    return {
        "organisation": cast.city.organisation.pk, "name": "中国政府网", "address": portal.address("/feed.xml"),
        "interval": "30", "keywords": "养老金", **given,
    }  # fmt: skip


@pytest.mark.req("REPR-01")
def test_from_a_watched_portal_to_a_task_and_a_draft(cast, now, portal, sign_in):
    portal.pages["/feed.xml"] = "<rss><item><title>提高基础养老金标准</title><link>/a.html</link></item></rss>".encode()
    portal.pages["/a.html"] = PAGE.encode()
    client = sign_in(cast.overseer)
    assert "还没有登记来源" in client.get("/stewardship/feeds/").content.decode()
    assert client.post("/stewardship/feeds/new/", feed_form(cast, portal, interval="1")).status_code == 422
    assert client.post("/stewardship/feeds/new/", feed_form(cast, portal)).status_code == 302
    Feed.objects.update(next_at=now)
    assert watching.read_due(now=now) == 1
    entry = FeedEntry.objects.get()
    page = client.get("/stewardship/feeds/").content.decode()
    assert "提高基础养老金标准" in page and "来源没有写明" in page
    assert f"/stewardship/entries/{entry.pk}/order/" in client.get("/").content.decode()
    order = client.get(f"/stewardship/entries/{entry.pk}/order/").content.decode()
    assert "来源没有写明可用的发布时间" in order and portal.address("/a.html") in order
    given = {
        "organisation": cast.city.organisation.pk, "title": entry.title, "source": "中国政府网",
        "address": "http://www.example.gov.cn/a.html", "released_at": "2026-01-05T08:00",
    }  # fmt: skip
    assert client.post(f"/stewardship/entries/{entry.pk}/order/", given | {"released_at": ""}).status_code == 422
    assert client.post(f"/stewardship/entries/{entry.pk}/order/", given).status_code == 302
    task = ReprintTask.objects.get()
    ReprintTask.objects.update(address=portal.address("/a.html"))  # a test portal has a port no form would take
    client = sign_in(cast.city.editor)
    assert f"/stewardship/reprints/{task.pk}/draft/" in client.get(f"/stewardship/reprints/{task.pk}/").content.decode()
    made = client.post(f"/stewardship/reprints/{task.pk}/draft/", {"column": cast.city.columns["yw"].pk})
    record = Record.objects.get()
    assert (made.status_code, record.title, record.reprint) == (302, "提高基础养老金标准", True)
    assert "标题和正文一致" in client.get(f"/records/{record.pk}/originals/").content.decode()


@pytest.mark.req("REPR-01")
def test_a_portal_in_trouble_says_so_and_is_read_again_on_request(cast, now, portal, sign_in):
    client = sign_in(cast.overseer)
    client.post("/stewardship/feeds/new/", feed_form(cast, portal))
    feed = Feed.objects.get()
    Feed.objects.update(next_at=now)
    watching.read_due(now=now)
    page = client.get("/stewardship/feeds/").content.decode()
    assert "对方回答了错误状态（HTTP 404）" in page and "连续失败 1 次" in page
    client.post(f"/stewardship/feeds/{feed.pk}/tend/", {"act": "read"})
    feed.refresh_from_db()
    assert feed.next_at > now
    client.post(f"/stewardship/feeds/{feed.pk}/tend/", {"act": "stop"})
    feed.refresh_from_db()
    assert feed.stopped_at is not None
    assert client.get(f"/stewardship/feeds/{feed.pk}/").status_code == 302


def test_who_oversees_nothing_neither_watches_nor_orders(cast, now, portal, sign_in):
    sign_in(cast.overseer).post("/stewardship/feeds/new/", feed_form(cast, portal))
    feed = Feed.objects.get()
    entry = FeedEntry.objects.create(feed=feed, key="k", title="某条消息", address="https://x.example/", seen_at=now)
    for person in (cast.city.editor, cast.outside.manager):
        client = sign_in(person)
        assert client.get("/stewardship/feeds/new/").status_code == 404
        for address in (f"feeds/{feed.pk}/tend/", f"entries/{entry.pk}/order/", f"entries/{entry.pk}/pass/"):
            assert client.post(f"/stewardship/{address}", {}).status_code == 404
    assert "某条消息" not in sign_in(cast.outside.editor).get("/stewardship/feeds/?state=new").content.decode()
    assert "某条消息" in sign_in(cast.city.editor).get("/stewardship/feeds/?state=new").content.decode()


@pytest.mark.req("REPR-03")
def test_a_source_is_proposed_by_one_and_decided_by_another(cast, sign_in):
    given = {"organisation": cast.city.organisation.pk, "name": "新华网", "host": "news.example", "grounds": "中央媒体"}
    manager = sign_in(cast.city.manager)
    assert manager.post("/stewardship/sources/new/", given | {"host": "NEWS"}).status_code == 422
    assert manager.post("/stewardship/sources/new/", given).status_code == 302
    source = PermittedSource.objects.get()
    assert "暂不限制" in manager.get("/stewardship/sources/").content.decode()
    overseer = sign_in(cast.overseer)
    assert f"/stewardship/sources/{source.pk}/" in overseer.get("/").content.decode()
    assert overseer.post(f"/stewardship/sources/{source.pk}/", {"act": "refuse", "opinion": ""}).status_code == 422
    assert overseer.post(f"/stewardship/sources/{source.pk}/", {"act": "approve", "opinion": ""}).status_code == 302
    source.refresh_from_db()
    assert (source.state, source.decided_by) == ("approved", cast.overseer)
    assert "只能来自名单里的网站" in sign_in(cast.city.editor).get("/stewardship/sources/").content.decode()
    assert sign_in(cast.outside.editor).get(f"/stewardship/sources/{source.pk}/").status_code == 404


@pytest.mark.req("REPR-04", "REPR-05")
def test_the_original_is_read_or_pasted_and_every_difference_shown(cast, now, portal, sign_in):
    body = [{"type": "paragraph", "value": f"<p>{TEXT.replace('提高', '降低')}</p>", "id": "p1"}]
    record = draft(
        cast.city, now=now, body=body, title="提高基础养老金标准", reprint=True, original_source="中国政府网",
        original_address=portal.address("/a.html"),
    )  # fmt: skip
    client, address = sign_in(cast.city.editor), f"/records/{record.pk}/originals/"
    failed = client.post(address, {"act": "fetch"})
    assert failed.status_code == 409 and "没有读到原文：对方回答了错误状态（HTTP 404）" in failed.content.decode()
    portal.pages["/a.html"] = PAGE.encode()
    assert client.post(address, {"act": "fetch"}).status_code == 302
    page = client.get(address).content.decode()
    assert "<del>提高</del>" in page and "<ins>降低</ins>" in page and "正文有 1 处不同" in page
    pasted = {"act": "paste", "paste-title": "提高基础养老金标准", "paste-text": TEXT.replace("提高", "降低")}
    assert client.post(address, pasted | {"paste-text": " "}).status_code == 422
    assert client.post(address, pasted).status_code == 302
    assert "标题和正文一致" in client.get(address).content.decode()
    channel = {"act": "channel", "channel-channel": "微信公众号", "channel-title": "速看", "channel-text": TEXT}
    assert client.post(address, channel).status_code == 302
    assert "微信公众号" in client.get(address).content.decode()
    assert KeptText.objects.count() == 3
    assert sign_in(cast.outside.editor).get(address).status_code == 404
    reader = sign_in(cast.city.final)
    assert (
        "微信公众号" in reader.get(address).content.decode()
        and 'name="act"' not in reader.get(address).content.decode()
    )


@pytest.mark.req("REPR-03")
def test_special_approval_is_asked_for_where_the_source_is_not_listed(cast, now, home, sign_in):
    PermittedSource.objects.create(
        organisation=cast.city.organisation, name="新华网", host="news.example", grounds="x", state="approved",
        proposed_by=cast.city.manager, proposed_at=now, decided_by=cast.overseer, decided_at=now,
    )  # fmt: skip
    record = draft(
        cast.city, now=now, reprint=True, original_source="某网", original_address="https://other.example/a.html"
    )
    client, address = sign_in(cast.city.editor), f"/records/{record.pk}/originals/"
    assert "来源不在稿源名单里" in client.get(address).content.decode()
    assert client.post(address, {"act": "alone", "alone-grounds": ""}).status_code == 422
    assert client.post(address, {"act": "alone", "alone-grounds": "国务院文件"}).status_code == 302
    asked = PermittedSource.objects.get(only_for=record.pk)
    assert (asked.host, asked.state, asked.organisation) == ("other.example", "proposed", cast.city.organisation)
    assert record.title in sign_in(cast.overseer).get("/stewardship/sources/").content.decode()
