"""Read watched portals when their turn comes, and remember what they published. Runs beside the worker, never in it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from jiyue.content.feeds.reading import Entry, Unreadable, read_feed
from jiyue.content.models import Feed, FeedEntry
from jiyue.foundation import fetching
from jiyue.foundation.fetching import Fetched, Limits, NotFetched

logger = logging.getLogger(__name__)
LIMITS = Limits(seconds=20, size=5 << 20)
LONGEST_WAIT = timedelta(days=1)
KEPT = timedelta(days=180)  # entries that nobody decided about
NEWS = timedelta(days=7)  # what is older is not proposed for reprinting when a portal is read for the first time
Fetch = Callable[..., Fetched]

SENTENCES = {
    "empty": _("对方回答了空内容"),
    "entities": _("内容里声明了外部实体，为安全起见没有读取"),
    "broken_xml": _("内容不是完整的 RSS、Atom 或网站地图"),
    "no_entries": _("没有找到带日期的标题链接，请核对网址是不是列表页"),
    "sitemap_index": _("这是网站地图的目录，请填写其中一个具体地图的网址"),
    "binary": _("内容不是文字"),
    "tower": _("页面元素层层嵌套，不像正常网页，没有读取"),
    "encoding_unknown": _("看不出文字编码"),
}


def trouble_of(feed: Feed) -> str:
    """Why the last reading failed, in words; "" when it did not."""
    if feed.problem in SENTENCES:
        return gettext(SENTENCES[feed.problem])
    return fetching.sentence_of(feed.problem, feed.problem_detail) if feed.problem else ""


def any_due(now: datetime) -> bool:
    return Feed.objects.filter(stopped_at=None, next_at__lte=now).exists()


def read_due(*, now: datetime, fetch: Fetch = fetching.fetch) -> int:
    """Read every portal whose turn it is; gives how many entries are new. One that fails does not stop the others."""
    due = Feed.objects.filter(stopped_at=None, next_at__lte=now).order_by("next_at", "pk")
    count = 0
    for feed in due:
        _take_turn(feed, now=now)
        count += read_one(feed, now=now, fetch=fetch)
    return count


def _take_turn(feed: Feed, *, now: datetime) -> None:
    """Its turn is over before it is read: an answer on which this program breaks must not come first again and again."""
    Feed.objects.filter(pk=feed.pk).update(next_at=now + timedelta(minutes=feed.interval))


def read_one(feed: Feed, *, now: datetime, fetch: Fetch = fetching.fetch) -> int:
    """Read one portal and write down what came of it; gives how many entries are new."""
    feed.tried_at = now
    try:
        fetched = fetch(feed.address, limits=LIMITS, etag=feed.etag, last_modified=feed.last_modified)
        entries = [] if fetched.unchanged else _entries(fetched, now=now)
    except NotFetched as failed:
        _failed(feed, failed.code, failed.detail, now=now, wait=failed.retry_after)
        return 0
    except Unreadable as failed:
        _failed(feed, failed.code, "", now=now)
        return 0
    with transaction.atomic():
        count = remember(feed, entries, now=now)
        _succeeded(feed, fetched, now=now)
    return count


def _entries(fetched: Fetched, *, now: datetime) -> list[Entry]:
    return read_feed(fetched.body, address=fetched.address, charset=fetched.charset, now=now)


def remember(feed: Feed, entries: list[Entry], *, now: datetime) -> int:
    """Write down what a portal published and was not known; gives how many those are."""
    keys = {sha256(entry.key.encode()).hexdigest(): entry for entry in entries}
    known = set(FeedEntry.objects.filter(feed=feed, key__in=keys).values_list("key", flat=True))
    fresh = [_row(feed, key, entry, now=now) for key, entry in keys.items() if key not in known]
    FeedEntry.objects.bulk_create(fresh, batch_size=200, ignore_conflicts=True)
    forgotten = FeedEntry.objects.filter(feed=feed, state=FeedEntry.State.NEW, seen_at__lt=now - KEPT)
    forgotten.exclude(key__in=keys).delete()  # what still stands in the feed would come back as new
    return len(fresh)


def _row(feed: Feed, key: str, entry: Entry, *, now: datetime) -> FeedEntry:
    recent = (entry.released_at or now) >= now - NEWS
    wanted = recent and any(word in entry.title for word in feed.words)
    return FeedEntry(
        feed=feed, key=key, title=entry.title, address=entry.address, released_at=entry.released_at, stated=entry.stated,
        seen_at=now, state=FeedEntry.State.WANTED if wanted else FeedEntry.State.NEW,
    )  # fmt: skip


def _succeeded(feed: Feed, fetched: Fetched, *, now: datetime) -> None:
    feed.read_at, feed.failures, feed.problem, feed.problem_detail = now, 0, "", ""
    feed.next_at = now + timedelta(minutes=feed.interval)
    if not fetched.unchanged:
        feed.etag = fetched.etag if len(fetched.etag) <= 200 else ""
        feed.last_modified = fetched.last_modified if len(fetched.last_modified) <= 60 else ""
    _save(feed)


def _failed(feed: Feed, code: str, detail: str, *, now: datetime, wait: int | None = None) -> None:
    """Ask again later, each time twice as late, at most once a day; what the other side asks for is respected."""
    logger.warning("feed %s: %s %s", feed.address, code, detail)
    feed.failures = min(feed.failures + 1, 1000)
    feed.problem, feed.problem_detail = code[:20], detail[:200]
    pause = timedelta(minutes=feed.interval) * 2 ** min(feed.failures - 1, 8)
    feed.next_at = now + min(max(pause, timedelta(seconds=min(wait or 0, 86400))), LONGEST_WAIT)
    _save(feed)


def _save(feed: Feed) -> None:
    """Only what a reading finds out: somebody may have stopped or changed the portal meanwhile."""
    facts = ("tried_at", "read_at", "failures", "problem", "problem_detail", "next_at", "etag", "last_modified")
    now_known = {name: getattr(feed, name) for name in facts}
    Feed.objects.filter(pk=feed.pk, address=feed.address).update(**now_known)
