"""What a change of rules turns: the rules with it and without it, and every parameter that then says something else."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from jiyue.domain.rulesets import Answer, Level, Pack, Parameter, Value
from jiyue.domain.working_days import RegionalDays
from jiyue.rules.models import CalendarRevision, LocalPack, Override, PackAssignment, Proposal
from jiyue.rules.queries import OF_PACK, OF_UNIT, Assigned, Book, calendars_but, pack_of, value_of, year_of


@dataclass(frozen=True)
class Turn:
    """One parameter before and after."""

    parameter: Parameter
    before: Answer
    after: Answer


def with_change(rules: Book, row: Proposal) -> Book:
    """The rules as they are once this counts; the same when it counts already. Raises PackRefused for what cannot be read."""
    rules = without_change(rules, row)
    match row:
        case Override():
            return _decided(rules, row, [value_of(row)])
        case PackAssignment():
            given = (*rules.assignments.get(row.organisation_id, ()), _assigned(row))
            return _following(rules, row.organisation_id, given)
        case LocalPack():
            own = sorted([*rules.own_packs, (row.in_force_on, pack_of(row))], key=lambda each: each[0])
            return replace(rules, own_packs=tuple(own), _chains={})
        case CalendarRevision():
            return _dated(rules, row)
    raise TypeError(row)


def without_change(rules: Book, row: Proposal) -> Book:
    """The rules as if this had never been decided."""
    match row:
        case Override():
            return _decided(rules, row, [])
        case PackAssignment():
            left = [each for each in rules.assignments.get(row.organisation_id, ()) if each != _assigned(row)]
            return _following(rules, row.organisation_id, left)
        case LocalPack():
            left_ = [each for each in rules.own_packs if (each[0], each[1].name) != (row.in_force_on, row.name)]
            return replace(rules, own_packs=tuple(left_), _chains={})
        case CalendarRevision():
            national, regional = calendars_but(row)
            return replace(rules, calendar=national, regional=regional, _calendars={})
    raise TypeError(row)


def turns(before: Book, after: Book, lineage: str, on: date, names: Iterable[str] | None = None) -> Iterator[Turn]:
    """The parameters (all, or these) of which the two say different things to a unit on a day."""
    known = before.library.parameters
    for name in known if names is None else names:
        was, becomes = before.answer(lineage, name, on), after.answer(lineage, name, on)
        if said(was) != said(becomes):
            yield Turn(known[name], was, becomes)


def said(answer: Answer) -> tuple[object, ...]:
    """What an answer comes to, whoever gives it."""
    return (answer.terms, *(passed.value.word for passed in answer.words if passed.value is not None))


def _decided(rules: Book, row: Override, added: list[Value]) -> Book:
    """The decisions with `added` in place of what this row says."""
    key = f"{OF_UNIT}{row.organisation_id}" if row.organisation_id else f"{OF_PACK}{row.pack}"
    known = rules.decisions.get(key) or Pack(key, str(row.organisation or row.pack), Level.COUNTY, "")
    others = [value for value in known.values.get(row.parameter, ()) if value.since.day != row.from_on]
    dated = tuple(sorted([*others, *added], key=lambda value: value.since.day))
    decided = replace(known, values={**known.values, row.parameter: dated})
    return replace(rules, decisions={**rules.decisions, key: decided}, _chains={})


def _dated(rules: Book, row: CalendarRevision) -> Book:
    """The calendars with this year in place of what they had of it."""
    if row.organisation_id is None or row.organisation is None:
        return replace(rules, calendar=rules.calendar.replacing(year_of(row)), _calendars={})
    known = rules.regional.get(row.organisation_id, ())
    others = [days for days in known if days.days.year != row.year]
    own = (*others, RegionalDays(row.organisation.name, year_of(row)))
    return replace(rules, regional={**rules.regional, row.organisation_id: own}, _calendars={})


def _assigned(row: PackAssignment) -> Assigned:
    return Assigned(row.pack, row.organisation_id, row.from_on)


def _following(rules: Book, unit: int, given: Iterable[Assigned]) -> Book:
    dated = tuple(sorted(given, key=lambda each: each.from_on))
    return replace(rules, assignments={**rules.assignments, unit: dated}, _chains={})
