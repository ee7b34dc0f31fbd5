"""Analyses of letters as they are asked for, worked out by the clock and kept (ADR 0036).

A page never compares letters: it shows the last result with its moment. Whoever is killed at work leaves the row waiting,
and the clock begins again; after `MOST_TRIES` beginnings it waits until somebody asks anew.
"""

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from jiyue.domain.deadlines import SHANGHAI, local
from jiyue.domain.letter_trends import Length, Period, period_at, period_of
from jiyue.domain.working_days import ONE_DAY
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.interaction.analysis import Analysis, told_of, worked_out
from jiyue.interaction.analysis_models import LetterAnalysis
from jiyue.interaction.events import AnalysisAsked
from jiyue.review.sealing import seals

logger = logging.getLogger(__name__)
PURPOSE = "letter-analysis"
MOST_TRIES = 3
MOST_WAITING = 5  # that one person may wait for at once
STILL_USED = timedelta(days=100)


@dataclass(frozen=True)
class Standing:
    """What there is of one period: the last result with its moment, and whether a newer one is being made or failed."""

    found: Analysis | None = None
    made_at: datetime | None = None
    waits: bool = False
    failed: bool = False
    altered: bool = False


def standing(sites: QuerySet[Site], period: Period) -> Standing:
    """The last result for these very sites."""
    row = LetterAnalysis.objects.filter(scope=_scope(_keys(sites)), period=period.code).first()
    if row is None:
        return Standing()
    waits, failed = row.waits and row.tries < MOST_TRIES, row.waits and row.tries >= MOST_TRIES
    if row.made_at is None:
        return Standing(waits=waits, failed=failed)
    if not seals().check_seal(PURPOSE, _sealed(row), row.seal):
        return Standing(waits=waits, failed=failed, altered=True)
    return Standing(told_of(row.facts, sites, period), row.made_at, waits, failed)


def ask(*, sites: QuerySet[Site], period: Period, by: User, now: datetime) -> bool:
    """Have it worked out anew; False where that is already on its way.

    Raises PermissionDenied for sites whose letters the person may not read; ValidationError for too many at once.
    """
    keys = _keys(sites)
    if not set(keys) <= set(_keys(sites_with(by, Permission.READ_LETTERS))):
        raise PermissionDenied(_("没有您能看信件的网站"))
    if not keys:
        raise ValidationError(_("没有您能看信件的网站"))
    if LetterAnalysis.objects.filter(asked_by=by, waits=True, tries__lt=MOST_TRIES).count() >= MOST_WAITING:
        raise ValidationError(_("您已经有 %(n)s 份分析在等结果，请稍后再来") % {"n": MOST_WAITING})
    with transaction.atomic():
        if not _want(keys, period, by=by, now=now):
            return False
        event = AnalysisAsked(subject=f"letter-analysis:{period.code}", period=period.code, number=str(len(keys)))
        record(event, by=by.actor(), at=now)
    return True


def any_waiting(_now: datetime) -> bool:
    return _waiting().exists()


def work_off(now: datetime) -> int:
    """Work out what was asked for, the oldest first; how many were made. One that fails holds up no other."""
    made = 0
    for row in list(_waiting().order_by("asked_at", "pk")):
        LetterAnalysis.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
        period = period_of(row.period)
        if period is None or _scope(row.sites) != row.scope:
            logger.error("letter analysis %s was altered: it is not worked out", row.pk)
            continue
        try:
            row.facts = worked_out(row.sites, period, now=now)
        except Exception as error:  # noqa: BLE001  # the others must be made whatever becomes of this one
            logger.error("letter analysis %s failed: %s", row.pk, type(error).__name__)
            continue
        row.made_at = now
        row.seal = seals().seal(PURPOSE, _sealed(row))
        row.save(update_fields=["facts", "made_at", "seal"])
        # Asked again meanwhile: then it waits on.
        LetterAnalysis.objects.filter(pk=row.pk, asked_at=row.asked_at).update(waits=False, tries=0)
        made += 1
    return made


def want_last_month(now: datetime) -> None:
    """When a month is over, its analysis for everybody's sites for which one was asked lately."""
    month = period_at(Length.MONTH, local(now).date()).before
    lately = LetterAnalysis.objects.filter(asked_at__gte=now - STILL_USED, asked_by__isnull=False)
    over = datetime.combine(month.until + ONE_DAY, time.min, SHANGHAI)
    made = LetterAnalysis.objects.filter(Q(made_at__gte=over) | Q(waits=True), period=month.code)
    there = set(made.values_list("scope", flat=True))  # one that was made while the month was running is made again
    for scope, keys in dict(lately.order_by("asked_at").values_list("scope", "sites")).items():
        if scope not in there:
            _want(keys, month, by=None, now=now)


def _want(keys: list[int], period: Period, *, by: User | None, now: datetime) -> bool:
    asked = {"sites": keys, "asked_at": now, "asked_by": by, "waits": True, "tries": 0}
    row, is_new = LetterAnalysis.objects.get_or_create(scope=_scope(keys), period=period.code, defaults=asked)
    if is_new:
        return True
    if row.waits and row.tries < MOST_TRIES:
        return False
    # Made again by itself: who asked for it, and when, stays, for the next month goes by that.
    anew = asked if by is not None else {"sites": keys, "waits": True, "tries": 0}
    LetterAnalysis.objects.filter(pk=row.pk).update(**anew)
    return True


def _waiting() -> "QuerySet[LetterAnalysis]":
    return LetterAnalysis.objects.filter(waits=True, tries__lt=MOST_TRIES)


def _keys(sites: QuerySet[Site]) -> list[int]:
    return sorted(sites.values_list("pk", flat=True))


def _scope(keys: Iterable[int]) -> str:
    return hashlib.sha256(",".join(str(key) for key in keys).encode()).hexdigest()


def _sealed(row: LetterAnalysis) -> dict[str, Any]:
    facts = json.dumps(row.facts, sort_keys=True, ensure_ascii=False)
    return {"scope": row.scope, "period": row.period, "made_at": row.made_at, "facts": facts}
