"""What a proposed change will do, before anybody approves it: which value now, which from when, and what keeps the old.

Asked of the same reading of the rules that the duties are made with, once as it is and once with the proposal in it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial

from django.db.models import Q

from jiyue.domain.counting import PARAMETER as COUNTING
from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.rulesets import Answer
from jiyue.domain.working_days import CalendarYear, Why, WorkingCalendar
from jiyue.identity.models import Organisation
from jiyue.obligations.engine import counted_in
from jiyue.obligations.models import Obligation, ObligationQuerySet
from jiyue.rules.library import NATIONAL
from jiyue.rules.models import CalendarRevision, LocalPack, Override, PackAssignment, Proposal
from jiyue.rules.queries import Assigned, Book, pack_of, year_of
from jiyue.rules.turning import Turn, said, turns, with_change, without_change

MOST_LINES = 200


@dataclass(frozen=True)
class DayTurn:
    """One day of a calendar before and after."""

    day: date
    before: Why
    after: Why


@dataclass(frozen=True)
class Effect:
    """`keeping` counts open duties that began before the day and keep their rule; `following` those that will change.

    `left_out` are days off by law that the announcement, as it was entered, does not name.
    """

    from_on: date | None
    turns: Sequence[Turn] = ()
    days: Sequence[DayTurn] = ()
    keeping: int = 0
    following: int = 0
    apart: Sequence[Organisation] = ()
    newly_published: bool = False
    left_out: Sequence[tuple[date, str]] = ()


def effect_of(proposal: Proposal, rules: Book) -> Effect:
    """What it would do if it were approved now. Raises PackRefused for what cannot be read any more."""
    match proposal:
        case Override():
            return _of_override(proposal, rules)
        case PackAssignment():
            return _of_assignment(proposal, rules)
        case LocalPack():
            return _of_pack(proposal, rules)
        case CalendarRevision():
            return _of_calendar(proposal, rules)
    raise TypeError(proposal)


def provisional_in(year: int, unit: Organisation | None = None) -> ObligationQuerySet:
    """Open duties whose dates a year's calendar may still move; of everybody, or at and below a unit."""
    return counted_in([year], unit.pk if unit else None)


def _of_override(row: Override, rules: Book) -> Effect:
    before, after = without_change(rules, row), with_change(rules, row)
    reached = partial(_says_otherwise, before, after, row)
    duties = Obligation.objects.pending().filter(parameter=row.parameter)
    turn = Turn(rules.library.parameters[row.parameter], _asked(before, row), _asked(after, row))
    apart = _with_own_decision(row) if row.organisation else []
    return Effect(row.from_on, [turn], apart=apart, **_counts(_of_units(duties, reached), row.from_on))


def _says_otherwise(before: Book, after: Book, row: Override, lineage: str) -> bool:
    return any(turns(before, after, lineage, row.from_on, [row.parameter]))


def _asked(rules: Book, row: Override) -> Answer:
    if row.organisation is not None:
        return rules.answer(row.organisation.lineage, row.parameter, row.from_on)
    nowhere = {0: (Assigned(row.pack, 0),)}
    return replace(rules, assignments=nowhere, _chains={}).answer("/0/", row.parameter, row.from_on)


def _with_own_decision(row: Override) -> list[Organisation]:
    """Units below with a decision or a pack of their own, which this one does not reach."""
    below = Q(organisation__lineage__contains=f"/{row.organisation_id}/") & ~Q(organisation=row.organisation_id)
    decided = Override.objects.filter(below, parameter=row.parameter, state=Proposal.State.APPROVED)
    assigned = PackAssignment.objects.filter(below, state=Proposal.State.APPROVED)
    keys = {*decided.values_list("organisation", flat=True), *assigned.values_list("organisation", flat=True)}
    return list(Organisation.objects.filter(pk__in=keys).order_by("lineage")[:50])


def _of_assignment(row: PackAssignment, rules: Book) -> Effect:
    before, after = without_change(rules, row), with_change(rules, row)
    turned = list(turns(before, after, row.organisation.lineage, row.from_on))
    mine = Assigned(row.pack, row.organisation_id, row.from_on)
    duties = _turning(turned)
    reached = _of_units(duties, lambda lineage: after.assigned(lineage, row.from_on) == mine)
    return Effect(row.from_on, turned[:MOST_LINES], **_counts(reached, row.from_on))


def _of_pack(row: LocalPack, rules: Book) -> Effect:
    """Against its last version, or against the pack it extends where it is new."""
    pack, on = pack_of(row), row.in_force_on
    others = {own.name: own for since, own in without_change(rules, row).own_packs if since <= on}
    library = rules.library.with_packs(others.values())
    old = library.ruleset(pack.name if pack.name in library.names else pack.extends or NATIONAL)
    new = library.with_packs([pack]).ruleset(pack.name)
    found = (Turn(known, old.answer(name, on), new.answer(name, on)) for name, known in library.parameters.items())
    turned = [turn for turn in found if said(turn.before) != said(turn.after)]
    follows = partial(_follows, with_change(rules, row), row)
    return Effect(on, turned[:MOST_LINES], **_counts(_of_units(_turning(turned), follows), on))


def _follows(rules: Book, row: LocalPack, lineage: str) -> bool:
    return any(pack.name == row.name for pack in rules.ruleset(lineage, row.in_force_on).chain)


def _turning(turned: Sequence[Turn]) -> ObligationQuerySet:
    """Open duties under the parameters that turn; under all of them where the counting of days does."""
    names = [turn.parameter.name for turn in turned]
    rows = Obligation.objects.pending()
    return rows if COUNTING in names else rows.filter(parameter__in=names)


def _of_units(duties: ObligationQuerySet, reached: Callable[[str], bool]) -> ObligationQuerySet:
    """Of these duties those of the units that the change reaches, which a decision or pack of their own may prevent."""
    units = Organisation.objects.filter(pk__in=duties.order_by().values("unit")).values_list("pk", "lineage")
    return duties.filter(own_limit="", unit__in=[unit for unit, lineage in units if reached(lineage)])


def _of_calendar(row: CalendarRevision, rules: Book) -> Effect:
    """The days that it turns, also of one that counts already: against the calendar as it was before."""
    unit, (before, after) = row.organisation, (without_change(rules, row), with_change(rules, row))
    if unit is None:
        was, becomes = before.calendar, after.calendar
    else:
        was, becomes = before.calendar_for(unit.lineage), after.calendar_for(unit.lineage)
    newly = unit is None and not was.is_published(row.year)
    following = provisional_in(row.year, unit).count()
    return Effect(
        None, days=list(_changed_days(was, becomes, year_of(row))), following=following, newly_published=newly,
        left_out=becomes.left_out(row.year) if unit is None else (),
    )  # fmt: skip


def _changed_days(before: WorkingCalendar, after: WorkingCalendar, year: CalendarYear) -> Iterator[DayTurn]:
    """Days that become working or free, or get another name; that a whole year is announced now is told apart."""
    day = date(year.year, 1, 1)
    while day.year == year.year:
        was, becomes = before.why(day), after.why(day)
        if (was.working, was.name) != (becomes.working, becomes.name):
            yield DayTurn(day, was, becomes)
        day += timedelta(days=1)


def _counts(duties: ObligationQuerySet, on: date) -> dict[str, int]:
    begins = datetime.combine(on, time.min, SHANGHAI)
    keeping = duties.filter(started_at__lt=begins).count()
    return {"keeping": keeping, "following": duties.filter(started_at__gte=begins).count()}
