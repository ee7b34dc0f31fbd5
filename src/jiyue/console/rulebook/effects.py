"""What a proposed change will do, before anybody approves it: which value now, which from when, and what keeps the old.

Asked of the same reading of the rules that the duties are made with, once as it is and once with the proposal in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.rulesets import Answer, Level, Pack, Parameter
from jiyue.domain.working_days import CalendarYear, RegionalDays, Why, WorkingCalendar
from jiyue.identity.models import Organisation
from jiyue.obligations.models import Obligation, ObligationQuerySet
from jiyue.rules.library import NATIONAL
from jiyue.rules.models import CalendarRevision, LocalPack, Override, PackAssignment, Proposal
from jiyue.rules.queries import OF_PACK, OF_UNIT, Assigned, Book, pack_of, value_of, year_of

MOST_LINES = 200


@dataclass(frozen=True)
class Turn:
    """One parameter before and after."""

    parameter: Parameter
    before: Answer
    after: Answer


@dataclass(frozen=True)
class DayTurn:
    """One day of a calendar before and after."""

    day: date
    before: Why
    after: Why


@dataclass(frozen=True)
class Effect:
    """`keeping` counts open duties that began before the day and keep their rule; `following` those that will change."""

    from_on: date | None
    turns: Sequence[Turn] = ()
    days: Sequence[DayTurn] = ()
    keeping: int = 0
    following: int = 0
    apart: Sequence[Organisation] = ()
    newly_published: bool = False


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
    first, following = (datetime(each, 1, 1, tzinfo=SHANGHAI) for each in (year, year + 1))
    inside = Q(started_at__lt=following) & (Q(act_by__gte=first) | Q(latest_at__gte=first))
    rows = Obligation.objects.pending().filter(Q(provisional=True) | inside)
    return rows.filter(Q(unit=unit) | Q(unit__lineage__contains=f"/{unit.pk}/")) if unit else rows


def _of_override(row: Override, rules: Book) -> Effect:
    known = rules.library.parameters[row.parameter]
    duties = _duties(row.organisation, row.from_on, row.pack).filter(parameter=row.parameter)
    after = _decided(rules, row)
    turn = Turn(known, _asked(rules, row, row.from_on), _asked(after, row, row.from_on))
    apart = _with_own_decision(row) if row.organisation else []
    return Effect(row.from_on, [turn], apart=apart, **_counts(duties, row.from_on))


def _decided(rules: Book, row: Override) -> Book:
    """The rules with this decision among those that count."""
    key = f"{OF_UNIT}{row.organisation_id}" if row.organisation_id else f"{OF_PACK}{row.pack}"
    known = rules.decisions.get(key) or Pack(key, str(row.organisation or row.pack), Level.COUNTY, "")
    dated = [value for value in known.values.get(row.parameter, ()) if value.since.day != row.from_on]
    values = tuple(sorted([*dated, value_of(row)], key=lambda value: value.since.day))
    decided = replace(known, values={**known.values, row.parameter: values})
    return replace(rules, decisions={**rules.decisions, key: decided}, _chains={})


def _asked(rules: Book, row: Override, on: date) -> Answer:
    if row.organisation is not None:
        return rules.answer(row.organisation.lineage, row.parameter, on)
    nowhere = {0: (Assigned(row.pack, 0),)}
    return replace(rules, assignments=nowhere, _chains={}).answer("/0/", row.parameter, on)


def _with_own_decision(row: Override) -> list[Organisation]:
    """Units below with a decision or a pack of their own, which this one does not reach."""
    below = Q(organisation__lineage__contains=f"/{row.organisation_id}/") & ~Q(organisation=row.organisation_id)
    decided = Override.objects.filter(below, parameter=row.parameter, state=Proposal.State.APPROVED)
    assigned = PackAssignment.objects.filter(below, state=Proposal.State.APPROVED)
    keys = {*decided.values_list("organisation", flat=True), *assigned.values_list("organisation", flat=True)}
    return list(Organisation.objects.filter(pk__in=keys).order_by("lineage")[:50])


def _of_assignment(row: PackAssignment, rules: Book) -> Effect:
    unit = row.organisation
    dated = (*rules.assignments.get(unit.pk, ()), Assigned(row.pack, unit.pk, row.from_on))
    later = sorted(dated, key=lambda each: each.from_on)
    after = replace(rules, assignments={**rules.assignments, unit.pk: tuple(later)}, _chains={})
    turns = list(_turns(rules, after, unit.lineage, row.from_on))
    return Effect(row.from_on, turns[:MOST_LINES], **_counts(_duties(unit, row.from_on), row.from_on))


def _of_pack(row: LocalPack, rules: Book) -> Effect:
    """Against its last version, or against the pack it extends where it is new."""
    pack = pack_of(row)
    before = rules.library.with_packs({own.name: own for _from, own in rules.own_packs}.values())
    after = before.with_packs([pack])
    old = before.ruleset(pack.name if pack.name in before.names else pack.extends or NATIONAL)
    new = after.ruleset(pack.name)
    turns = []
    for name, parameter in rules.library.parameters.items():
        was, becomes = old.answer(name, row.in_force_on), new.answer(name, row.in_force_on)
        if _said(was) != _said(becomes):
            turns.append(Turn(parameter, was, becomes))
    duties = Obligation.objects.pending().filter(pack=row.name)
    return Effect(row.in_force_on, turns[:MOST_LINES], **_counts(duties, row.in_force_on))


def _of_calendar(row: CalendarRevision, rules: Book) -> Effect:
    year, unit = year_of(row), row.organisation
    if unit is None:
        before, after = rules.calendar, rules.calendar.replacing(year)
    else:
        before, after = rules.calendar_for(unit.lineage), _with_days(rules, row).calendar_for(unit.lineage)
    days = list(_changed_days(before, after, year))
    newly = unit is None and not rules.calendar.is_published(row.year)
    return Effect(None, days=days, following=provisional_in(row.year, unit).count(), newly_published=newly)


def _with_days(rules: Book, row: CalendarRevision) -> Book:
    """The rules with these days of a unit in place of those it had in the same year."""
    assert row.organisation is not None and row.organisation_id is not None  # noqa: S101  (for the type checker)
    known = rules.regional.get(row.organisation_id, ())
    others = [days for days in known if days.days.year != row.year]
    own = (*others, RegionalDays(row.organisation.name, year_of(row)))
    return replace(rules, regional={**rules.regional, row.organisation_id: own}, _calendars={})


def _changed_days(before: WorkingCalendar, after: WorkingCalendar, year: CalendarYear) -> Iterator[DayTurn]:
    """Days that become working or free, or get another name; that a whole year is announced now is told apart."""
    day = date(year.year, 1, 1)
    while day.year == year.year:
        was, becomes = before.why(day), after.why(day)
        if (was.working, was.name) != (becomes.working, becomes.name):
            yield DayTurn(day, was, becomes)
        day += timedelta(days=1)


def _turns(before: Book, after: Book, lineage: str, on: date) -> Iterator[Turn]:
    for name, parameter in before.library.parameters.items():
        was, becomes = before.answer(lineage, name, on), after.answer(lineage, name, on)
        if _said(was) != _said(becomes):
            yield Turn(parameter, was, becomes)


def _said(answer: Answer) -> tuple[object, ...]:
    return (answer.terms, *(passed.value.word for passed in answer.words if passed.value is not None))


def _duties(unit: Organisation | None, on: date, pack: str = "") -> ObligationQuerySet:
    rows = Obligation.objects.pending()
    if unit is None:
        return rows.filter(pack=pack)
    return rows.filter(Q(unit=unit) | Q(unit__lineage__contains=f"/{unit.pk}/"))


def _counts(duties: ObligationQuerySet, on: date) -> dict[str, int]:
    begins = datetime.combine(on, time.min, SHANGHAI)
    keeping = duties.filter(started_at__lt=begins).count()
    return {"keeping": keeping, "following": duties.filter(started_at__gte=begins).count()}
