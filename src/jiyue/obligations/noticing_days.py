"""Whom a changed calendar or a demand on data concerns, and which open dates a calendar moves.

A calendar moves dates of what has begun, unlike a rule. Before it is approved the dates are computed as they would be;
afterwards those that moved were written down with the change (`MovedDate`), and that is what is told.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import F

from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import User
from jiyue.identity.policies import oversees
from jiyue.identity.roles import Permission
from jiyue.obligations.engine import Engine, counted_in, dates_under
from jiyue.obligations.models import MovedDate, Obligation, ObligationQuerySet
from jiyue.obligations.policies import visible_obligations
from jiyue.obligations.queries import open_for
from jiyue.rules.models import CalendarRevision
from jiyue.rules.queries import book
from jiyue.rules.turning import with_change

MOST_TRIED = 500  # dates that are computed while somebody waits


class Told(Protocol):
    """A change of rules, as `noticing.RuleChange` is one."""

    @property
    def matter(self) -> str: ...
    @property
    def row(self) -> object: ...
    @property
    def ref(self) -> str: ...
    @property
    def unit(self) -> int | None: ...
    @property
    def is_asked(self) -> bool: ...


@dataclass(frozen=True)
class Move:
    """An open duty and the time to act by, as it was or is, and as it is or would be."""

    obligation: Obligation
    before: datetime
    after: datetime


@dataclass(frozen=True)
class Moves:
    """What moves of what the person may see. `certain` keep their date but are provisional no longer; `left_out` were
    not tried, because they were too many."""

    moved: tuple[Move, ...]
    certain: int = 0
    left_out: int = 0


def concerns_by_days(change: Told, user: User, answers: Iterable[str], now: datetime) -> bool:
    """Those who answer for sites or units it reaches, and whoever has open work of which the date moves, or may move."""
    if _reaches(change.unit, answers) or (change.unit is None and oversees(user, None)):
        return True
    if change.is_asked:
        assert isinstance(change.row, CalendarRevision)  # noqa: S101  (for the type checker: an upgrade is never asked for)
        may_move = counted_in([change.row.year], change.unit).order_by().values("pk")
        return open_for(user, now).filter(pk__in=may_move).exists()
    return open_for(user, now).filter(pk__in=_moved(change).values("obligation")).exists()


def concerns_by_data(change: Told, user: User, answers: Iterable[str]) -> bool:
    """Those who answer for sites or units it reaches, and those who write for them."""
    if _reaches(change.unit, answers) or (change.unit is None and oversees(user, None)):
        return True
    written = Site.objects.filter(pk__in=sites_with(user, Permission.WRITE_CONTENT).values("pk"))
    return _reaches(change.unit, written.exclude(status=Site.Status.CLOSED).values_list("owner__lineage", flat=True))


def moves_of(change: Told, user: User, now: datetime) -> Moves:
    """Which open dates of what the person may see the change of a calendar moves, the nearest first."""
    return _would_move(change, user, now) if change.is_asked else _did_move(change, user)


def _did_move(change: Told, user: User) -> Moves:
    rows = MovedDate.objects.filter(**_key(change), obligation__in=_seen(user).values("pk"))
    moved = rows.exclude(before=F("after")).select_related("obligation__site", "obligation__unit")
    listed = [Move(row.obligation, row.before, row.after) for row in moved.order_by("after", "pk")[:MOST_TRIED]]
    return Moves(tuple(listed), rows.filter(before=F("after")).count(), max(0, moved.count() - len(listed)))


def _would_move(change: Told, user: User, now: datetime) -> Moves:
    row = change.row
    assert isinstance(row, CalendarRevision)  # noqa: S101  (for the type checker: an upgrade is never asked for)
    may_move = counted_in([row.year], change.unit).order_by().values("pk")
    seen = _seen(user).filter(pk__in=may_move).select_related("rule", "site", "unit").order_by("act_by", "pk")
    engine = Engine(now=now, rules=with_change(book(), row))
    tried = list(seen[:MOST_TRIED])
    return Moves(tuple(_moving(engine, tried)), left_out=seen.order_by().count() - len(tried))


def _moving(engine: Engine, rows: Iterable[Obligation]) -> Iterator[Move]:
    for row in rows:
        after = dates_under(engine, row)
        if after is not None and after != row.act_by:
            yield Move(row, row.act_by, after)


def _seen(user: User) -> ObligationQuerySet:
    return visible_obligations(user).pending()


def _moved(change: Told):
    return MovedDate.objects.filter(**_key(change)).exclude(before=F("after"))


def _key(change: Told) -> dict[str, object]:
    return {"matter": change.matter, "row": getattr(change.row, "pk", None)}


def _reaches(unit: int | None, lineages: Iterable[str]) -> bool:
    return any(unit is None or f"/{unit}/" in lineage for lineage in lineages)
