"""Which rules hold for whom on which day, and which days are working days.

The files say what the texts set; the rows say what was decided here. For one unit the order is, nearest first: its own
decisions and those of the units above it up to the one whose pack counts; that pack; the decisions of the units above
that one; and the packs which the pack extends. A decision about a pack stands directly before the pack.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jiyue.domain.rulesets import Answer, Copy, Level, Pack, RuleSet, Text, Value
from jiyue.domain.working_days import CalendarYear, RegionalDays, WorkingCalendar
from jiyue.identity.models import Organisation
from jiyue.rules.library import NATIONAL, Library, shipped
from jiyue.rules.models import CalendarRevision, LocalPack, Override, PackAssignment, Proposal
from jiyue.rules.packfiles import read_pack, read_value

Row = TypeVar("Row", bound=Proposal)
DECISION = "decision"  # the key under which a decision of the console names its own document
OF_UNIT, OF_PACK = "unit:", "pack:"


@dataclass(frozen=True)
class Assigned:
    """Which pack counts for a unit, from when, and the unit that it was assigned to; None is the national one's."""

    pack: str
    unit: int | None = None
    from_on: date = date.min


@dataclass(frozen=True)
class Book:
    """Everything that was decided in the console, read once; ask one for many units and days."""

    library: Library
    calendar: WorkingCalendar
    assignments: Mapping[int, tuple[Assigned, ...]]
    decisions: Mapping[str, Pack]
    own_packs: tuple[tuple[date, Pack], ...] = ()
    regional: Mapping[int, tuple[RegionalDays, ...]] = field(default_factory=dict)
    _chains: dict[tuple[object, ...], RuleSet] = field(default_factory=dict, compare=False)
    _calendars: dict[tuple[int, ...], WorkingCalendar] = field(default_factory=dict, compare=False)

    def assigned(self, lineage: str, on: date) -> Assigned:
        """The nearest unit of a lineage (`/1/7/`) with a pack in force on the day decides; none: the national pack."""
        for unit in _nearest_first(lineage):
            found = [one for one in self.assignments.get(unit, ()) if one.from_on <= on]
            if found:
                return found[-1]
        return Assigned(NATIONAL)

    def ruleset(self, lineage: str, on: date) -> RuleSet:
        """The rules of a unit on a day. Raises UnknownPack, PackRefused for packs that cannot be used."""
        assigned = self.assigned(lineage, on)
        own = {pack.name: pack for from_on, pack in self.own_packs if from_on <= on}
        key = (lineage, assigned, tuple(sorted((pack.name, pack.version) for pack in own.values())))
        if key not in self._chains:
            library = self.library.with_packs(own.values()) if own else self.library
            packs = library.chain(assigned.pack)
            self._chains[key] = RuleSet(tuple(self._ordered(lineage, assigned, packs)), library.parameters)
        return self._chains[key]

    def answer(self, lineage: str, parameter: str, on: date) -> Answer:
        """What holds for a unit on a day. Raises UnknownParameter."""
        return self.ruleset(lineage, on).answer(parameter, on)

    def calendar_for(self, lineage: str) -> WorkingCalendar:
        """The working days of a unit: the national ones, and what it and the units above it set for their areas."""
        units = tuple(unit for unit in _nearest_first(lineage) if unit in self.regional)
        if not units:
            return self.calendar
        if units not in self._calendars:
            self._calendars[units] = self.calendar.within(*(days for unit in units for days in self.regional[unit]))
        return self._calendars[units]

    def _ordered(self, lineage: str, assigned: Assigned, packs: tuple[Pack, ...]) -> Iterator[Pack]:
        units = _nearest_first(lineage)
        split = units.index(assigned.unit) + 1 if assigned.unit in units else len(units)
        yield from self._decided(f"{OF_UNIT}{unit}" for unit in units[:split])
        yield from self._with_decision(packs[0])
        yield from self._decided(f"{OF_UNIT}{unit}" for unit in units[split:])
        for pack in packs[1:]:
            yield from self._with_decision(pack)

    def _with_decision(self, pack: Pack) -> Iterator[Pack]:
        yield from self._decided([f"{OF_PACK}{pack.name}"])
        yield pack

    def _decided(self, keys: Iterable[str]) -> Iterator[Pack]:
        return (self.decisions[key] for key in keys if key in self.decisions)


def book() -> Book:
    """What counts now. Reading it costs four small questions; what is slow to understand is understood once."""
    library = shipped()
    revisions = _revisions()
    return Book(
        library=library,
        calendar=_calendar(library, revisions),
        regional=_regional(revisions),
        assignments=_assignments(_approved(PackAssignment)),
        decisions=_decisions(library, _approved(Override).select_related("organisation").order_by("from_on", "pk")),
        own_packs=tuple((row.in_force_on, pack_of(row)) for row in _approved(LocalPack).order_by("in_force_on", "pk")),
    )


def ruleset_for(organisation: Organisation, *, on: date) -> RuleSet:
    """The rules of a unit on a day."""
    return book().ruleset(organisation.lineage, on)


def answer_for(organisation: Organisation, parameter: str, *, on: date) -> Answer:
    """What holds for a unit on a day. Raises UnknownParameter."""
    return book().answer(organisation.lineage, parameter, on)


def calendar() -> WorkingCalendar:
    """The nation's published years, revised ones in place of those of the files; of one unit ask `Book.calendar_for`."""
    return book().calendar


def library() -> Library:
    """All packs that can be assigned: shipped ones, and own ones in their newest version."""
    now = book()
    return now.library.with_packs({pack.name: pack for _from, pack in now.own_packs}.values())


def calendars_but(row: CalendarRevision) -> tuple[WorkingCalendar, dict[int, tuple[RegionalDays, ...]]]:
    """The national and the regional days as they were before this revision was approved, or are while it waits."""
    others = [each for each in _revisions() if each.pk != row.pk]
    if row.answered_at is not None:
        others = [each for each in others if each.answered_at and each.answered_at <= row.answered_at]
    return _calendar(shipped(), others), _regional(others)


def pack_of(row: LocalPack) -> Pack:
    """The pack that a government wrote. Raises PackRefused."""
    return _own_pack(row.name, json.dumps(row.files, sort_keys=True), shipped().folder)


def value_of(row: Override) -> Value:
    """The value that was decided. Raises PackRefused with what is wrong with it."""
    return _decided_value(
        row.parameter, row.value, row.from_on.isoformat(), row.document, row.number, row.article, shipped().folder
    )


def year_of(row: CalendarRevision) -> CalendarYear:
    """The year as it was decided; it may have faults until it is approved."""
    return CalendarYear(row.year, _named_days(row.off), _named_days(row.worked), row.notice)


def _approved(model: type[Row]) -> QuerySet[Row]:
    return model._default_manager.filter(state=Proposal.State.APPROVED)


def _assignments(rows: QuerySet[PackAssignment]) -> dict[int, tuple[Assigned, ...]]:
    found: dict[int, list[Assigned]] = {}
    for row in rows.order_by("from_on", "pk"):
        found.setdefault(row.organisation_id, []).append(Assigned(row.pack, row.organisation_id, row.from_on))
    return {unit: tuple(dated) for unit, dated in found.items()}


def _decisions(library: Library, rows: QuerySet[Override]) -> dict[str, Pack]:
    grouped: dict[str, list[Override]] = {}
    for row in rows:
        key = f"{OF_UNIT}{row.organisation_id}" if row.organisation_id else f"{OF_PACK}{row.pack}"
        grouped.setdefault(key, []).append(row)
    return {key: _pack_of_decisions(library, key, overrides) for key, overrides in grouped.items()}


def _pack_of_decisions(library: Library, key: str, overrides: list[Override]) -> Pack:
    values: dict[str, list[Value]] = {}
    for row in overrides:
        values.setdefault(row.parameter, []).append(value_of(row))
    unit = overrides[0].organisation
    return Pack(
        name=key,
        title=_("%(name)s自行规定") % {"name": unit.name if unit else overrides[0].pack},
        level=_level(unit),
        version=max(row.from_on for row in overrides).isoformat(),
        values={parameter: tuple(dated) for parameter, dated in values.items()},
    )


def _level(unit: Organisation | None) -> Level:
    wanted = unit.level if unit else ""
    return next((level for level in Level if level.value == wanted), Level.COUNTY)


def _revisions() -> list[CalendarRevision]:
    return list(_approved(CalendarRevision).select_related("organisation").order_by("answered_at", "pk"))


def _calendar(library: Library, rows: Iterable[CalendarRevision]) -> WorkingCalendar:
    """Of each year the revision for all that was approved last; `rows` in that order."""
    newest = {row.year: row for row in rows if row.organisation_id is None}
    facts = [[row.year, row.off, row.worked, row.notice] for row in newest.values()]
    return _revised(library.folder, json.dumps(facts, sort_keys=True)) if facts else library.calendar


def _regional(rows: Iterable[CalendarRevision]) -> dict[int, tuple[RegionalDays, ...]]:
    """Of each unit and year the revision approved last; `rows` in that order."""
    newest = {(row.organisation_id, row.year): row for row in rows if row.organisation_id is not None}
    found: dict[int, tuple[RegionalDays, ...]] = {}
    for (unit, _year), row in newest.items():
        assert unit is not None and row.organisation is not None  # noqa: S101  (for the type checker: asked for above)
        found[unit] = (*found.get(unit, ()), RegionalDays(row.organisation.name, year_of(row)))
    return found


@lru_cache(maxsize=8)
def _revised(_folder: Path, facts: str) -> WorkingCalendar:
    years = [
        CalendarYear(year, _named_days(off), _named_days(worked), notice)
        for year, off, worked, notice in json.loads(facts)
    ]
    return shipped().calendar.replacing(*years)


@lru_cache(maxsize=256)
def _decided_value(
    parameter: str, value: str, since: str, document: str, number: str, article: str, _folder: Path
) -> Value:
    text = Text(DECISION, document, Copy.ISSUED, number)
    content = f"{value.strip()}\nbasis: {json.dumps(f'{DECISION} {article}'.strip(), ensure_ascii=False)}\n"
    known = shipped().parameter(parameter)
    return read_value(content.encode(), file=parameter, parameter=known, since=since, texts={DECISION: text})


@lru_cache(maxsize=32)
def _own_pack(name: str, files: str, _folder: Path) -> Pack:
    contents = {file: text.encode() for file, text in json.loads(files).items()}
    return read_pack(contents, name=name, parameters=shipped().parameters)


def _named_days(days: Mapping[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): name for day, name in days.items()}


def _nearest_first(lineage: str) -> list[int]:
    return [int(key) for key in lineage.strip("/").split("/") if key][::-1]
