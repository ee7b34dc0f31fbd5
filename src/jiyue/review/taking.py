"""自动取用: a rule that the taker's final reviewer signed once takes later items, each by a ledger row that names it.

A signed record is matched when it is signed (`notice`), planned for its moment, and taken then (`take_due`). Until that
moment the taker's people may refuse it or decide later. What they decided, no rule decides again. Only records at
their origin are looked at, never what a site took itself, so two sites that take from each other go round in no loop.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jiyue.content.models import Placement, TakingRule
from jiyue.content.models.records import State
from jiyue.content.placing import change
from jiyue.content.policies import may_propose_taking
from jiyue.content.takings import CHANGEABLE, covers, due_at, move_rule, plan, terms_of
from jiyue.domain.actors import process
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.review import checking, ledger
from jiyue.review.course import open_review
from jiyue.review.freezing import freeze
from jiyue.review.matters import files_of
from jiyue.review.models import CheckRun, Review, SignOff, Subject, Version
from jiyue.review.refusals import ReviewRefused
from jiyue.review.routes import levels_for

logger = logging.getLogger(__name__)
TAKER = process("taking")
PREVIEW_DAYS = 30
MOST_READ = 1000  # signed records a preview reads
MANY = 200
# Its page is not out yet; the publisher of its site comes first, and this one is asked again.
NOT_OUT = (State.SIGNED_OFF, State.FAILED)


@dataclass(frozen=True)
class Match:
    """A signed record that a rule means."""

    row: SignOff
    content: dict[str, Any]
    shown_since: datetime


@transaction.atomic
def submit_rule(*, rule: TakingRule, by: User, now: datetime) -> Review:
    """Ask the taker's final reviewer for a standing decision. Raises ReviewRefused."""
    rule = TakingRule.objects.select_for_update().select_related("column__site", "site").get(pk=rule.pk)
    if rule.state not in CHANGEABLE or not may_propose_taking(by, rule.column):
        raise ReviewRefused(_("您不能送审这条取用规则"))
    version = freeze(
        subject=Subject.TAKING, identity=rule.identity, site=rule.site, record=None, content=terms_of(rule), by=by,
        writers=sorted({by.pk, rule.proposed_by_id}), now=now,
    )  # fmt: skip
    levels = levels_for(site_id=rule.site_id, subject=Subject.TAKING, content_class="")
    review = open_review(
        version=version, act=Review.Act.RULE, levels=levels, by=by, now=now, publish_at=None, emergency=False
    )
    move_rule(rule=rule, state=TakingRule.State.SUBMITTED, by=by.actor(), now=now)
    return review


def would_take(rule: TakingRule, *, now: datetime, days: int = PREVIEW_DAYS) -> tuple[list[Match], bool]:
    """What an unsaved rule would have taken of the last days' public matter, newest first, and whether all was read.

    The rule's own dates are left aside: the question is what it means, not since when.
    """
    terms = terms_of(rule) | {"from_on": (now - timedelta(days=days)).date().isoformat(), "until_on": ""}
    rows = _published(rule, since=now - timedelta(days=days))[: MOST_READ + 1]
    found = list(_matches(rows[:MOST_READ], terms, host=rule.site.host, at=now))
    return found, len(rows) <= MOST_READ


def notice(*, row: SignOff, now: datetime) -> int:
    """A record was signed, or corrected: plan it for every rule in force that means it. Gives how many plans are new."""
    if row.subject != Subject.RECORD or row.act == SignOff.Act.WITHDRAW:
        return 0
    content = ledger.content_of(row.version, digest=row.version_digest)
    matches = [Match(row, content, ledger.first_shown(row))]
    return sum(_plan(rule, signed, matches, now=now) for rule, signed in _in_force(origin=row.site_id))


def catch_up(*, rule: TakingRule, now: datetime) -> int:
    """Plan what a rule means of everything that is public already, from its first day on. Safe to run twice."""
    signed = _signed(rule)
    if signed is None or rule.state != TakingRule.State.IN_FORCE:
        return 0
    terms = ledger.content_of(signed.version, digest=signed.version_digest)
    rows = _published(rule, since=None)
    return _plan(
        rule, signed, list(_matches(rows.iterator(chunk_size=MANY), terms, host=rule.site.host, at=now)), now=now
    )


def catch_up_all(*, now: datetime) -> int:
    """As `catch_up`, for every rule: what an event may have missed is found at night."""
    rules = TakingRule.objects.filter(state=TakingRule.State.IN_FORCE).select_related("site", "column", "proposed_by")
    return sum(catch_up(rule=rule, now=now) for rule in rules)


def take_due(*, now: datetime, seconds: float = 1.0) -> int:
    """Take what is planned for now, the urgent first, until about `seconds` have passed. Gives how many were taken.

    What cannot be taken is given up with the reason, or laid before the site's people, who may still take it by hand.
    """
    until, count = time.monotonic() + seconds, 0
    for placement in _due(now):
        if time.monotonic() > until:
            break
        count += _take(placement, now=now)
    return count


# ---- matching ------------------------------------------------------------------------------------------------------


def _in_force(*, origin: int) -> Iterator[tuple[TakingRule, SignOff]]:
    """Rules that may mean something of a site, each with the row by which it is in force."""
    rules = TakingRule.objects.filter(Q(origin=origin) | Q(origin__isnull=True), state=TakingRule.State.IN_FORCE)
    for rule in rules.exclude(site=origin).select_related("site", "column", "proposed_by"):
        signed = _signed(rule)
        if signed is not None:
            yield rule, signed


def _signed(rule: TakingRule) -> SignOff | None:
    row = ledger.current(rule.identity)
    return row if row is not None and row.act == SignOff.Act.RULE else None


def _plan(rule: TakingRule, signed: SignOff, matches: Iterable[Match], *, now: datetime) -> int:
    terms = ledger.content_of(signed.version, digest=signed.version_digest)
    wanted = [
        each for each in matches if covers(terms, each.content, host=rule.site.host, effective_at=each.shown_since)
    ]
    records = [(each.row.version.its_record, due_at(terms, each.content, each.row.effective_at)) for each in wanted]
    with transaction.atomic():
        return plan(rule=rule, records=records, by=TAKER, now=now)


def _published(rule: TakingRule, *, since: datetime | None) -> QuerySet[SignOff]:
    rows = SignOff.objects.filter(subject=Subject.RECORD).exclude(site=rule.site_id).exclude(act=SignOff.Act.WITHDRAW)
    rows = rows.filter(site=rule.origin_id) if rule.origin_id else rows
    rows = rows.filter(version__record__kind=rule.kind) if rule.kind else rows
    rows = rows.filter(effective_at__gte=since) if since else rows
    return rows.select_related("version__record", "site").order_by("-sequence")


def _matches(rows: Iterable[SignOff], terms: dict[str, Any], *, host: str, at: datetime) -> Iterator[Match]:
    """Each public record once, by the row that shows it now."""
    seen = set()
    for row in rows:
        if row.identity in seen or row.effective_at > at:
            continue
        seen.add(row.identity)
        public = ledger.public_row(row.identity, at=at)
        if public is None:
            continue
        content = ledger.content_of(public.version, digest=public.version_digest)
        since = ledger.first_shown(public)
        if covers(terms, content, host=host, effective_at=since):
            yield Match(public, content, since)


# ---- taking --------------------------------------------------------------------------------------------------------


def _due(now: datetime) -> list[Placement]:
    waiting = Placement.objects.filter(state=Placement.State.PLANNED, due_at__lte=now)
    waiting = waiting.exclude(record__state__in=NOT_OUT).select_related("record", "site__owner", "column", "rule__site")
    return list(waiting.order_by("-record__emergency", "due_at", "pk")[:MANY])


def _take(placement: Placement, *, now: datetime) -> bool:
    rule = placement.rule
    signed = _signed(rule) if rule is not None else None
    if rule is None or signed is None or rule.state != TakingRule.State.IN_FORCE:
        return _settle(placement, Placement.State.ENDED, _("取用规则已停用"), now=now)
    closed = _closed(placement)
    if closed:
        return _settle(placement, Placement.State.OFFERED, closed, now=now)
    origin = ledger.public_row(placement.record.identity, at=now)
    if origin is None:
        return _settle(placement, Placement.State.ENDED, _("来源网站已经撤下这篇稿件"), now=now)
    version = _frozen(placement, signed, origin, now=now)
    stopped = checking.in_words(_found(version, origin, now=now), most=1)
    if stopped:
        return _settle(placement, Placement.State.OFFERED, stopped[0], now=now)
    return _taken(placement, signed, version, now=now)


def _closed(placement: Placement) -> str:
    if placement.site.status == Site.Status.CLOSED:
        return _("取用网站已经关停")
    return _("栏目已经关闭，请换一个栏目") if placement.column is None or placement.column.closed_at else ""


@transaction.atomic
def _taken(placement: Placement, signed: SignOff, version: Version, *, now: datetime) -> bool:
    """The row in the ledger, unless somebody was quicker or something speaks against it now."""
    placement = Placement.objects.select_for_update().get(pk=placement.pk)
    if placement.state != Placement.State.PLANNED:
        return False
    try:
        ledger.take(rule=signed, version=version, by=TAKER, now=now)
    except ledger.SignOffRefused as refused:
        return _settle(placement, Placement.State.ENDED, refused.reasons[0], now=now)
    return True


@transaction.atomic
def _frozen(placement: Placement, signed: SignOff, origin: SignOff, *, now: datetime) -> Version:
    """What is taken, where to, by which rule, and what it said then. The author is who proposed the rule."""
    terms = ledger.content_of(signed.version, digest=signed.version_digest)
    content = {
        "format": 1, "record": str(placement.record.identity), "origin": origin.site_id, "column": terms["column"],
        "column_path": terms["column_path"], "title": ledger.content_of(origin.version, digest=origin.version_digest)["title"],
        "rule": {"identity": str(signed.identity), "sequence": signed.sequence, "digest": signed.digest},
        "shown": origin.version_digest,
    }  # fmt: skip
    author = signed.version.author
    return freeze(
        subject=Subject.PLACEMENT, identity=placement.identity, site=placement.site, record=None, content=content,
        by=author, writers=[author.pk], now=now,
    )  # fmt: skip


def _found(version: Version, origin: SignOff, *, now: datetime) -> list[checking.Found]:
    """What the checks of the taker's unit find in it; files are read before anything is locked."""
    engine = checking.engine_for(version.site, now=now)
    content = ledger.content_of(origin.version, digest=origin.version_digest)
    checking.read_files(files_of(content), engine=engine, now=now)
    run = checking.run_for(version, occasion=CheckRun.Occasion.SIGN_OFF, now=now, engine=engine)
    return checking.open_findings(run)


@transaction.atomic
def _settle(placement: Placement, state: str, reason: str, *, now: datetime) -> bool:
    placement = Placement.objects.select_for_update().select_related("site", "record").get(pk=placement.pk)
    if placement.state == Placement.State.PLANNED:
        change(placement=placement, state=state, by=TAKER, now=now, reason=reason[:200])
    return False
