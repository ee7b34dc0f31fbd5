"""接收交换: follow the change feed of another installation; its records become drafts here, with their origin kept.

Nothing that comes is public: a draft goes the whole way of review like any other. Every attempt leaves a row. What was
refused is kept by its identity and can be fetched again; a feed that cannot be read is asked again later.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from jiyue.content.events import Exchanged, ExchangeSourceAdded, ExchangeSourceStopped
from jiyue.content.exchange_forms import PAGE_LENGTH
from jiyue.content.importing import Kept, import_items
from jiyue.content.intake import IntakeRefused, Item, Refusal
from jiyue.content.intake.exchange import item_of
from jiyue.content.models import Column, Exchange, ExchangedItem, ExchangeSource
from jiyue.content.policies import may_write_in
from jiyue.domain.actors import process
from jiyue.domain.todo import Todo
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.foundation.audit import record as trace
from jiyue.foundation.fetching import Fetched, Limits, NotFetched, fetch
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.rules.standards import faults, sentence, shipped

HEAD = "/exchange/changes.json"
PAGE = "/exchange/changes/{}.json"
EVERY = timedelta(minutes=30)
MOST_CHANGES = 200  # of one attempt; the next one goes on where it ended
LONGEST = 300.0  # seconds of one attempt: other sources wait meanwhile
JSON_LIMITS = Limits(size=16 << 20)
FILE_LIMITS = Limits(seconds=60, size=64 << 20)
ACTOR = process("exchange")
MIB = 1 << 20
KIND = "exchange"
Get = Callable[..., Fetched]


class FeedBroken(Exception):
    """What the other side hands over is no change feed; the message says why."""


@dataclass
class Taking:
    """What one attempt brought. `until` is when no further record is begun (monotonic seconds)."""

    taken: int = 0
    changed: int = 0
    withdrawn: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)
    until: float = field(default_factory=lambda: time.monotonic() + LONGEST)

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.until

    @property
    def counts(self) -> dict[str, int]:
        return {
            "taken": self.taken, "changed": self.changed, "withdrawn": self.withdrawn, "refused": len(self.refused),
        }  # fmt: skip

    def __bool__(self) -> bool:
        return any(self.counts.values())


# ---- sources ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_source(*, column: Column, name: str, address: str, by: User, now: datetime) -> ExchangeSource:
    """Follow another site: its records become drafts of `column`. Raises PermissionDenied, ValidationError."""
    if not may_write_in(by, column):
        raise PermissionDenied(_("您不能在“%(column)s”栏目录入稿件") % {"column": column.name})
    parts = urlsplit(address.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValidationError({"address": _("请填写以 http:// 或 https:// 开头的网址")})
    if Site.objects.filter(host=parts.hostname).exists():
        raise ValidationError({"address": _("这是本平台的网站，请在“资源库”里直接取用，不用交换")})
    source = ExchangeSource(
        site=column.site, column=column, name=name.strip(), created_by=by, created_at=now, asked_at=now,
        address=urlunsplit((parts.scheme, parts.netloc, "", "", "")),
    )  # fmt: skip
    source.full_clean(exclude=["created_by"])
    source.save()
    event = ExchangeSourceAdded(
        subject=f"exchange-source:{source.pk}", site=source.site.host, name=source.name, address=source.address,
        column=column.path,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return source


@transaction.atomic
def stop_source(*, source: ExchangeSource, reason: str, by: User, now: datetime) -> None:
    """Follow it no longer; what came stays. Raises PermissionDenied, ValidationError."""
    _require(by, source)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明停用的原因")})
    if not ExchangeSource.objects.filter(pk=source.pk, stopped_at__isnull=True).update(stopped_at=now):
        raise ValidationError(_("这个来源已经停用"))
    event = ExchangeSourceStopped(
        subject=f"exchange-source:{source.pk}", site=source.site.host, name=source.name, reason=reason.strip()
    )
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def ask(*, source: ExchangeSource, by: User, now: datetime) -> None:
    """Have the worker read the source at once, what was refused before included. Raises PermissionDenied, ValidationError."""
    _require(by, source)
    if not ExchangeSource.objects.filter(pk=source.pk, stopped_at__isnull=True).update(asked_at=now, asked_by=by):
        raise ValidationError(_("这个来源已经停用"))


@transaction.atomic
def note_seen(*, item: ExchangedItem, by: User, now: datetime) -> None:
    """Somebody looked at what became of a record at its origin, and at ours. Raises PermissionDenied."""
    _require(by, item.source)
    ExchangedItem.objects.filter(pk=item.pk).update(seen_at=now)


def due(now: datetime) -> QuerySet[ExchangeSource]:
    """Sources that were asked for, or were not read for EVERY."""
    waiting = Q(asked_at__isnull=False) | Q(read_at__isnull=True) | Q(read_at__lte=now - EVERY)
    return ExchangeSource.objects.filter(waiting, stopped_at__isnull=True)


def todo_for(user: User) -> list[Todo]:
    """Sources that the person keeps and that failed, or brought something to be dealt with."""
    sources = ExchangeSource.objects.filter(
        site__in=sites_with(user, Permission.WRITE_CONTENT), stopped_at__isnull=True
    )
    found = []
    for source in sources.select_related("site", "column"):
        last = source.exchanges.first()
        waiting = source.items.filter(seen_at__isnull=True).exclude(state=ExchangedItem.State.TAKEN).order_by("at")
        failed = last.at if last and last.state == Exchange.State.FAILED else None
        since = min(filter(None, (*waiting.values_list("at", flat=True)[:1], failed)), default=None)
        if since is not None and may_write_in(user, source.column):
            note = last.problem if last and last.problem else _("%(n)s 条要处理") % {"n": waiting.count()}
            found.append(Todo(
                kind=KIND, ref=str(source.pk), site=source.site.name, title=source.name, what=_("数据交换"),
                state="failed", since=since, note=note,
            ))  # fmt: skip
    return found


# ---- one attempt -----------------------------------------------------------------------------------------------------


def receive_all(*, now: datetime, get: Get = fetch) -> int:
    """Read every source that is due, the longest unread first; gives how many.

    Its turn is over before it is read: an answer on which this program breaks must not come first again and again.
    """
    waiting = due(now).order_by(F("read_at").asc(nulls_first=True), "pk")
    sources = list(waiting.select_related("site", "column", "created_by", "asked_by"))
    for source in sources:
        ExchangeSource.objects.filter(pk=source.pk).update(read_at=now)
        receive(source=source, now=now, get=get)
    return len(sources)


def receive(*, source: ExchangeSource, now: datetime, get: Get = fetch) -> Exchange | None:
    """Read on where the last attempt ended. None when there was nothing new and nobody asked.

    Fetches outside of any transaction; each record is a transaction of its own, so a kill loses nothing and a second run
    takes nothing twice.
    """
    asked, taking, problem = source.asked_by if source.asked_at else None, Taking(), ""
    try:
        if source.asked_at:
            _again(source, taking, get, now)
        _read_on(source, taking, get, now)
    except (NotFetched, FeedBroken, PermissionDenied) as error:
        problem = str(error)
    return _noted(source, taking, problem, asked=asked, now=now)


def _read_on(source: ExchangeSource, taking: Taking, get: Get, now: datetime) -> None:
    head = _feed(source, HEAD, get)
    newest = head.get("newest", 0)
    if source.reached > newest:
        raise FeedBroken(_("对方的变更清单退回到第 %(n)s 条，可能正在回退；等对方恢复后再接收") % {"n": newest})
    page, done = max(1, -(-max(source.reached, 1) // PAGE_LENGTH)), 0
    last = -(-newest // PAGE_LENGTH)
    while page <= last and done < MOST_CHANGES and not taking.is_over:
        found = head if head["page"] == page else _feed(source, PAGE.format(page), get)
        _refuse_gaps(found, page, whole=page < last)
        if not _follows(source, found):
            _begin_anew(source)
            page = 1
            continue
        for change in found["changes"]:
            if change["number"] > source.reached and done < MOST_CHANGES and not taking.is_over:
                _take(source, change, taking, get, now)
                done += 1
        page += 1


def _refuse_gaps(found: Mapping[str, Any], page: int, *, whole: bool) -> None:
    """Every page but the last is full and counts on from the one before; else its reader might never come to an end."""
    numbers = [change["number"] for change in found["changes"]]
    first = (page - 1) * PAGE_LENGTH + 1
    if (
        found["page"] != page
        or numbers != list(range(first, first + len(numbers)))
        or (whole and not _is_full(numbers))
    ):
        raise FeedBroken(_("对方的变更清单第 %(page)s 页不完整，序号没有接着前一页") % {"page": page})


def _is_full(numbers: list[int]) -> bool:
    return len(numbers) == PAGE_LENGTH


def _follows(source: ExchangeSource, page: Mapping[str, Any]) -> bool:
    """Does the page go on from where we are? The sign-off at the place reached must still be the same."""
    if source.reached == 0:
        return True
    stands = {change["number"]: change["sign_off"] for change in page["changes"]}
    stands[(page["page"] - 1) * PAGE_LENGTH] = page["after"]
    return stands.get(source.reached, source.reached_sign_off) == source.reached_sign_off


def _begin_anew(source: ExchangeSource) -> None:
    source.reached, source.reached_sign_off = 0, ""
    source.save(update_fields=["reached", "reached_sign_off"])


def _take(source: ExchangeSource, change: Mapping[str, Any], taking: Taking, get: Get, now: datetime) -> None:
    told: Item | Refusal | None = None
    if change["act"] in {"publish", "correct"} and change["record"] and not _is_known(source, change):
        told = _fetched(source, change["record"], change["identity"], get)
    with transaction.atomic():
        if change["act"] == "withdraw":
            taking.withdrawn += _withdraw(source, change["identity"], now)
        elif told is not None:
            _keep(source, change["identity"], change["version"], change["record"], told, taking, now)
        source.reached, source.reached_sign_off = change["number"], change["sign_off"]
        source.save(update_fields=["reached", "reached_sign_off"])


def _is_known(source: ExchangeSource, change: Mapping[str, Any]) -> bool:
    return source.items.filter(identity=change["identity"], version=change["version"]).exists()


def _again(source: ExchangeSource, taking: Taking, get: Get, now: datetime) -> None:
    """Fetch anew what was refused."""
    for item in source.items.filter(state=ExchangedItem.State.REFUSED).exclude(address="").order_by("at", "pk"):
        if taking.is_over:
            return
        told = _fetched(source, item.address, str(item.identity), get)
        if told is not None:
            with transaction.atomic():
                _keep(source, str(item.identity), item.version, item.address, told, taking, now)


def _fetched(source: ExchangeSource, address: str, identity: str, get: Get) -> Item | Refusal | None:
    """One record with its files; None when it is not there any more, because a withdrawal follows in the feed."""
    if not _is_of(source, address):
        return _refusal(source, _("记录的网址不在来源网站上"))
    try:
        told = _json(get(address, limits=JSON_LIMITS), address)
    except NotFetched as error:
        if error.code == "status" and error.detail in {"HTTP 404", "HTTP 410"}:
            return None
        raise
    except FeedBroken as error:
        return _refusal(source, str(error))
    if isinstance(told, dict) and isinstance(told.get("record"), dict) and told["record"].get("identity") != identity:
        return _refusal(source, _("网址上的记录不是清单里的那一条"))
    return item_of(told, fetch=lambda facts: _file(source, facts, get), source=source.name)


def _is_of(source: ExchangeSource, address: str) -> bool:
    """Does an address lie on the site that is followed? What is no address does not."""
    try:
        return urlsplit(address).netloc == urlsplit(source.address).netloc
    except ValueError:
        return False


def _file(source: ExchangeSource, facts: Mapping[str, Any], get: Get) -> bytes:
    if facts["size"] > FILE_LIMITS.size:
        why = _("超过 %(n)s MB") % {"n": FILE_LIMITS.size // MIB}
        raise IntakeRefused("file_lost", name=facts["name"][:60], why=why)
    try:
        return bytes(get(source.address + facts["address"], limits=FILE_LIMITS).body)
    except NotFetched as error:
        raise IntakeRefused("file_lost", name=facts["name"][:60], why=str(error)) from error


def _keep(
    source: ExchangeSource, identity: str, version: str, address: str, told: Item | Refusal, taking: Taking,
    now: datetime,
) -> None:  # fmt: skip
    """Make the draft; a record that came before in another version gets a new draft beside the first."""
    before = source.items.filter(identity=identity).first()
    kept = _draft_of(source, told, now) if isinstance(told, Item) else told
    if isinstance(kept, Refusal):
        why = str(kept.note.message)
        taking.refused.append({"identity": identity, "why": why})
        facts: dict[str, Any] = {"state": ExchangedItem.State.REFUSED, "problem": why}
    else:
        again = before is not None and before.record_id is not None
        taking.changed += again
        taking.taken += not again
        state = ExchangedItem.State.CHANGED if again else ExchangedItem.State.TAKEN
        facts = {"state": state, "problem": "", "record": kept.record, "title": kept.item.title[:200]}
    facts |= {"version": version, "address": address[:400], "at": now, "seen_at": None}
    ExchangedItem.objects.update_or_create(source=source, identity=identity, defaults=facts)


def _draft_of(source: ExchangeSource, item: Item, now: datetime) -> Kept | Refusal:
    told = import_items(items=[item], column=source.column, by=source.created_by, now=now, source=source.name)
    return told[0]


def _withdraw(source: ExchangeSource, identity: str, now: datetime) -> int:
    rows = source.items.filter(identity=identity).exclude(state=ExchangedItem.State.WITHDRAWN)
    return rows.update(state=ExchangedItem.State.WITHDRAWN, at=now, seen_at=None)


def _noted(
    source: ExchangeSource, taking: Taking, problem: str, *, asked: User | None, now: datetime
) -> Exchange | None:
    """Keep the row of the attempt. A source that stays unreadable is told once, until somebody asks or it answers."""
    ExchangeSource.objects.filter(pk=source.pk).update(read_at=now, asked_at=None, asked_by=None)
    last = source.exchanges.first()
    same = bool(problem) and last is not None and last.state == Exchange.State.FAILED and last.problem == problem
    if asked is None and (same or not (problem or taking)):
        return None
    state = Exchange.State.FAILED if problem else Exchange.State.PARTLY if taking.refused else Exchange.State.DONE
    with transaction.atomic():
        row = Exchange.objects.create(
            site=source.site, source=source, direction=Exchange.Direction.IN, state=state, at=now, asked_by=asked,
            counts=taking.counts, refusals=taking.refused[:100], problem=problem,
            repeats=last if last is not None and last.state != Exchange.State.DONE and asked else None,
        )  # fmt: skip
        event = Exchanged(
            subject=f"exchange-source:{source.pk}", site=source.site.host, name=source.name, state=state,
            problem=problem, **taking.counts,
        )  # fmt: skip
        trace(event, by=asked.actor() if asked else ACTOR, at=now)
    return row


# ---- what the other side hands over ----------------------------------------------------------------------------------


def _feed(source: ExchangeSource, path: str, get: Get) -> dict[str, Any]:
    address = source.address + path
    found = _json(get(address, limits=JSON_LIMITS), address)
    wrong = faults(found, shipped().editions["change_feed"][-1].schema)
    if wrong:
        raise FeedBroken(_("对方的变更清单不符合接口标准：%(why)s") % {"why": sentence(wrong[0])})
    if urlsplit(found["origin"]).netloc != urlsplit(source.address).netloc:
        raise FeedBroken(_("变更清单写的来源是 %(origin)s，与登记的网址不同") % {"origin": found["origin"][:80]})
    return dict(found)


def _json(answer: Fetched, address: str) -> Any:
    try:
        found = json.loads(answer.body)
        if b"\\u" in answer.body:
            json.dumps(found, ensure_ascii=False).encode()  # half of a pair is no character, and nothing can keep it
        return found
    except (ValueError, RecursionError) as error:
        raise FeedBroken(_("%(address)s 不是完整的 JSON") % {"address": address}) from error


def _refusal(source: ExchangeSource, why: str) -> Refusal:
    return Refusal(source.name, IntakeRefused("standard_broken", why=why).note)


def _require(by: User, source: ExchangeSource) -> None:
    if not may_write_in(by, source.column):
        raise PermissionDenied(_("您不能处理这个网站的交换来源"))
