"""The sealed account of each letter and the sealed sums of each unit: what figures about letters are made of (ADR 0024).

A step changes the account by what it means and when it happened. Columns of the letter are not read back, so whoever
writes into them changes no figure; and whoever writes into an account or a sum breaks its seal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef

from jiyue.domain.cases import Act, Clock, Kind, Rule
from jiyue.domain.deadlines import local
from jiyue.domain.duty_moments import moments_of
from jiyue.domain.letter_figures import Sum, added, empty, of_one
from jiyue.domain.limits import parse_limit
from jiyue.domain.working_days import ONE_DAY, WorkingCalendar
from jiyue.estate.models import Site
from jiyue.interaction.duties import PROPOSAL, REPLY, classes_of
from jiyue.interaction.models import Case, LetterAccount, UnitFigures
from jiyue.review.sealing import seals
from jiyue.rules.queries import book

ACCOUNT, FIGURES = "letter-account", "unit-figures"
BEGINS = frozenset({Act.RECEIVE, Act.REGISTER})
MOVES = frozenset({Act.ASSIGN, Act.TRANSFER})


class FiguresBroken(Exception):
    """An account or a sum is not what was sealed. `desk` is the site whose unit it is about."""

    def __init__(self, desk: int) -> None:
        super().__init__(f"unit-figures:{desk}")
        self.desk = desk


def note(*, case: Case, rule: Rule, now: datetime) -> None:
    """Bring the account of a letter to what a step makes of it, and the sums with it; in the step's own transaction."""
    account = _begun(case) if rule.act in BEGINS else _held(case)
    if account is None:
        return
    genuine = account._state.adding or is_genuine(account)
    before = None if account._state.adding else _part(account)
    _change(account, case, rule, now)
    if not genuine:  # left as it is, with its broken seal: what was altered is told, and never sealed anew
        return
    account.seal = seals().seal(ACCOUNT, account_facts(account))
    account.save()
    if before != _part(account):
        _count(before, _part(account))


def is_genuine(account: LetterAccount) -> bool:
    return seals().check_seal(ACCOUNT, account_facts(account), account.seal)


def account_facts(account: LetterAccount) -> dict[str, Any]:
    """What the seal of an account covers. Accounts from before channels were counted have none, and keep their seals."""
    return {
        "case": account.case_id, "desk": account.desk_id, "kind": account.kind, "clock_at": account.clock_at,
        "received_on": account.received_on.isoformat(), "extended": account.extended, "person": account.person_id,
        "answered_at": account.answered_at, "days": account.days, "in_time": account.in_time, "ended": account.ended,
        "rating": account.rating, **({"channel": account.channel} if account.channel else {}),
        **({"classed": account.classed} if account.classed else {}),
        **({"own_limit": account.own_limit} if account.own_limit else {}),
    }  # fmt: skip


def sums_of(desk: int) -> dict[str, dict[str, Sum]]:
    """The sealed sums of a unit by year of receipt and kind. Raises FiguresBroken."""
    row = _checked(desk)
    return row.sums if row is not None else {}


def figures_of(desks: Iterable[int]) -> dict[int, dict[str, dict[str, Sum]] | None]:
    """The same of many units at once; None where a seal is broken or the sums are gone, nothing of one that never had a letter.

    Accounts are not counted beside it, as `sums_of` does: the statement of every night does that.
    """
    keys = list(desks)
    rows = UnitFigures.objects.filter(desk__in=keys)
    found: dict[int, dict[str, dict[str, Sum]] | None] = {
        row.desk_id: row.sums if _is_sealed(row) else None for row in rows
    }
    told_of = LetterAccount.objects.filter(desk=OuterRef("pk"))
    lost = Site.objects.filter(Exists(told_of), pk__in=set(keys) - found.keys()).values_list("pk", flat=True)
    return found | dict.fromkeys(lost)


def channels_of(desk: int) -> dict[str, dict[str, Sum]]:
    """The same by year of receipt and channel, of letters since channels are counted. Raises FiguresBroken."""
    row = _checked(desk)
    return row.channels if row is not None else {}


def classes_counted(desk: int) -> dict[str, dict[str, Sum]]:
    """The same by year of receipt and class of the rule, of letters that were classed. Raises FiguresBroken."""
    row = _checked(desk)
    return row.classes if row is not None else {}


def _checked(desk: int) -> UnitFigures | None:
    row = UnitFigures.objects.filter(desk=desk).first()
    counted = LetterAccount.objects.filter(desk=desk).count()
    if row is None:
        if counted:
            raise FiguresBroken(desk)
        return None
    if not _is_sealed(row) or counted != sum(one["received"] for kinds in row.sums.values() for one in kinds.values()):
        raise FiguresBroken(desk)
    return row


def counted_anew(desk: int) -> dict[str, dict[str, Sum]]:
    """The sums from all accounts of a unit, each with its seal checked: to prove the running sums. Raises FiguresBroken."""
    return summed(LetterAccount.objects.filter(desk=desk).iterator(chunk_size=2000))


def summed(accounts: Iterable[LetterAccount]) -> dict[str, dict[str, Sum]]:
    """As `counted_anew`, of these accounts."""
    found: dict[str, dict[str, Sum]] = {}
    for account in accounts:
        if not is_genuine(account):
            raise FiguresBroken(account.desk_id)
        _add_to(found, _part(account), 1)
    return found


@dataclass(frozen=True)
class _Part:
    """What one letter adds to the sums, and to which."""

    desk: int
    year: str
    kind: str
    channel: str
    of_class: str
    sum: Mapping[str, Any]


def _part(account: LetterAccount) -> _Part:
    one = of_one(
        answered=account.answered_at is not None, ended=account.ended, in_time=account.in_time, days=account.days,
        rating=account.rating,
    )  # fmt: skip
    return _Part(account.desk_id, str(account.received_on.year), account.kind, account.channel, _class_of(account), one)


def _class_of(account: LetterAccount) -> str:
    return str(account.classed[-1][0]) if account.classed else ""


def _begun(case: Case) -> LetterAccount:
    return LetterAccount(
        case=case,
        desk_id=case.desk_id,
        kind=case.kind,
        channel=case.source,
        received_on=local(case.received_at).date(),
        clock_at=case.clock_at,
        own_limit=case.own_limit,
    )


def _held(case: Case) -> LetterAccount | None:
    return LetterAccount.objects.select_for_update().filter(case=case.pk).first()


def _change(account: LetterAccount, case: Case, rule: Rule, now: datetime) -> None:
    if rule.act in MOVES:
        account.desk_id = case.desk_id
    if rule.clock == Clock.STARTS and rule.act not in BEGINS:
        account.clock_at, account.extended, account.answered_at = now, False, None
        account.own_limit = ""
        account.days = account.in_time = account.rating = None
    if rule.act == Act.CLASSIFY:
        account.classed = [*account.classed, [case.reply_class, now.isoformat()]]
    if rule.clock == Clock.LATEST:
        account.extended = True
    if rule.act == Act.SUBMIT and account.kind == Kind.ERROR_REPORT and account.in_time is None:
        account.in_time = _in_time(account, case.desk, now)  # the limit is on the proposal (P-42)
    if rule.clock == Clock.MET:
        account.answered_at, account.person_id = now, case.handler_id
        account.days = working_days(account.clock_at, now, _calendar(case.desk))
        if account.in_time is None:
            account.in_time = _in_time(account, case.desk, now)
    if rule.clock == Clock.ENDS:
        account.ended = True
    if rule.act == Act.DETACH:
        account.ended = False
    if rule.act == Act.RATE:
        account.rating = case.rating


def working_days(since: datetime, until: datetime, calendar: WorkingCalendar) -> int:
    """Working days after the day of receipt up to and with the day of the answer; 0 on the same day."""
    day, last, found = local(since).date(), local(until).date(), 0
    while day < last:
        day += ONE_DAY
        found += calendar.is_working(day)
    return found


def _in_time(account: LetterAccount, desk: Site, now: datetime) -> bool | None:
    """Within the limit of the rules of the day the clock began; None where they set none."""
    parameter = PROPOSAL if account.kind == Kind.ERROR_REPORT else REPLY
    answer = book().answer(desk.owner.lineage, parameter, local(account.clock_at).date())
    moments = moments_of(
        answer, start=account.clock_at, calendar=_calendar(desk), classed=classes_of(account.classed),
        own=parse_limit(account.own_limit) if account.own_limit else None,
    )  # fmt: skip
    if moments is None:
        return None
    limit = moments.latest if account.extended and moments.latest else moments.due
    return now <= limit.at


def _calendar(desk: Site) -> WorkingCalendar:
    return book().calendar_for(desk.owner.lineage)


def _count(before: _Part | None, after: _Part) -> None:
    """Take the letter out of the sums where it stood, and put it where it stands."""
    for desk in sorted({part.desk for part in (before, after) if part is not None}):
        # Two first letters of a unit at once find one row.
        UnitFigures.objects.get_or_create(desk_id=desk, defaults={"sums": {}, "seal": _seal_of(desk, {}, {}, {})})
        row = UnitFigures.objects.select_for_update().get(desk=desk)
        if not _is_sealed(row):
            continue
        if before is not None and before.desk == desk:
            _add_to(row.sums, before, -1)
            _add_to(row.channels, before, -1, by="channel")
            _add_to(row.classes, before, -1, by="of_class")
        if after.desk == desk:
            _add_to(row.sums, after, 1)
            _add_to(row.channels, after, 1, by="channel")
            _add_to(row.classes, after, 1, by="of_class")
        row.seal = _seal_of(desk, row.sums, row.channels, row.classes)
        row.save()


def _add_to(sums: dict[str, dict[str, Sum]], part: _Part, times: int, *, by: str = "kind") -> None:
    """Into the sums of its year by kind, or by channel or class where one is known."""
    name = getattr(part, by)
    if name:
        named = sums.setdefault(part.year, {})
        named[name] = added(named.get(name) or empty(), part.sum, times=times)


def _seal_of(desk: int, sums: Mapping[str, Any], channels: Mapping[str, Any], classes: Mapping[str, Any]) -> str:
    return seals().seal(FIGURES, _facts(desk, sums, channels, classes))


def _is_sealed(row: UnitFigures) -> bool:
    return seals().check_seal(FIGURES, _facts(row.desk_id, row.sums, row.channels, row.classes), row.seal)


def _facts(
    desk: int, sums: Mapping[str, Any], channels: Mapping[str, Any], classes: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """What the seal covers; sums from before there were channels or classes have none of them, and keep their seals."""
    more = {"channels": channels, "classes": classes}
    return {"desk": desk, "sums": sums, **{name: one for name, one in more.items() if one}}


def accounts_between(sites: Iterable[int], since: date, until: date) -> Any:
    """Accounts of letters received from one day to another, of these desks."""
    return LetterAccount.objects.filter(desk__in=list(sites), received_on__range=(since, until))
