"""What the packs say, arranged for screens: by topic, by day, side by side, and for whom somebody may ask."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jiyue.console.rulebook import words
from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.rulesets import Answer, Pack, Parameter, RuleSet, Value
from jiyue.estate.policies import sites_with, visible_organisations
from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import Permission
from jiyue.rules import wording
from jiyue.rules.library import Library, yaml_files
from jiyue.rules.models import LocalPack, Override, PackAssignment, Proposal
from jiyue.rules.packfiles import PACK_FILE
from jiyue.rules.plain_yaml import read_mapping
from jiyue.rules.policies import proposable_units, visible
from jiyue.rules.problems import Problems
from jiyue.rules.queries import Book

OF_UNIT, OF_PACK = "unit", "pack"


@dataclass(frozen=True)
class Line:
    """One parameter of a pack with its dated values, the newest first."""

    parameter: Parameter
    values: Sequence[Value]


@dataclass(frozen=True)
class Topic:
    code: str
    title: Any
    lines: Sequence[Line]


@dataclass(frozen=True)
class Said:
    """What one pack says of one parameter on a day; `own` tells whether it says it itself or takes it from above."""

    pack: Pack
    answer: Answer

    @property
    def own(self) -> bool:
        return self.answer.is_set and self.answer.pack == self.pack.name

    @property
    def taken_from(self) -> str:
        return "" if self.own or not self.answer.is_set else self.answer.pack_title

    @property
    def words(self) -> list[str]:
        return [wording.passed(passed) for passed in self.answer.words]


@dataclass(frozen=True)
class Entry:
    """One dated statement of the history: of a pack's file, or decided here (`decision`)."""

    title: str
    value: Value
    decision: Override | None = None


@dataclass(frozen=True)
class Whose:
    """By whose rules something is asked: a unit's or a pack's."""

    code: str
    title: str
    rules: RuleSet
    lineage: str = ""  # of the unit, whose own working days count


def topics_of(library: Library, pack: Pack) -> list[Topic]:
    """A pack's values by topic, a topic being one of its files, in the order of `words.TOPICS`."""
    grouped: dict[str, list[Line]] = {}
    for code, names in _names_by_topic(library.folder, pack.name, pack.version).items():
        for name in names:
            if name in pack.values:
                line = Line(library.parameters[name], tuple(reversed(pack.values[name])))
                grouped.setdefault(code, []).append(line)
    order = [*words.TOPICS, *(code for code in grouped if code not in words.TOPICS)]
    return [Topic(code, words.TOPICS.get(code, code), grouped[code]) for code in order if code in grouped]


@lru_cache(maxsize=64)
def _names_by_topic(folder: Path, name: str, version: str) -> Mapping[str, Sequence[str]]:
    return {
        file.rpartition(".")[0]: tuple(node.entries)
        for file, content in _files(folder, name, version)
        if file != PACK_FILE and (node := read_mapping(content, file=file, problems=Problems())) is not None
    }


def _files(folder: Path, name: str, version: str) -> Iterable[tuple[str, bytes]]:
    """The files of a shipped pack, or those of a government's own as they were approved."""
    own = LocalPack.objects.filter(name=name, version=version, state=Proposal.State.APPROVED).order_by("-in_force_on")
    row = own.first()
    return yaml_files(folder / name) if row is None else [(file, text.encode()) for file, text in row.files.items()]


def counted(pack: Pack) -> int:
    """How many values a pack sets, words without a figure included."""
    return sum(len(values) for values in pack.values.values())


def said_by_all(library: Library, parameter: str, on: date) -> list[Said]:
    """What every pack gives for a parameter on a day, with what it takes from above."""
    return [Said(library.pack(name), library.ruleset(name).answer(parameter, on)) for name in library.names]


def history_of(library: Library, parameter: str, overrides: Iterable[Override], value_of: Any) -> list[Entry]:
    """Every dated statement of all packs and of the decisions given, the newest first; without a day at the end."""
    entries = [
        Entry(pack.title, value)
        for pack in map(library.pack, library.names)
        for value in pack.values.get(parameter, ())
    ]
    entries += [Entry(_whose_decision(row), value_of(row), row) for row in overrides]
    return sorted(entries, key=lambda entry: entry.value.since.day, reverse=True)


def _whose_decision(row: Override) -> str:
    return row.organisation.name if row.organisation else row.pack


def decisions_for(user: User, parameter: str) -> QuerySet[Override]:
    """Approved decisions about a parameter which the person may read, or which count for a unit of hers."""
    lineages = asked_units(user).values_list("lineage", flat=True)
    above = {int(key) for lineage in lineages for key in lineage.split("/") if key}
    reach = Q(pk__in=visible(user, Override).values("pk")) | Q(organisation__in=above)
    rows = Override.objects.filter(reach, parameter=parameter, state=Proposal.State.APPROVED)
    return rows.select_related("organisation", "proposed_by", "answered_by")


def asked_units(user: User) -> QuerySet[Organisation]:
    """Units by whose rules the person may reckon: her own, owners of the sites she reads, those she oversees."""
    own = Q(pk=user.organisation_id) | Q(sites__in=sites_with(user, Permission.READ_CONTENT))
    own |= Q(pk__in=visible_organisations(user).values("pk")) | Q(pk__in=proposable_units(user).values("pk"))
    return Organisation.objects.filter(own).distinct().order_by("lineage", "code")


def choices_of_whose(user: User, library: Library) -> list[tuple[str, Any]]:
    """Units and packs to reckon by, for a field to choose from."""
    units = [(f"{OF_UNIT}:{unit.pk}", unit.name) for unit in asked_units(user)[:500]]
    packs = [(f"{OF_PACK}:{name}", library.pack(name).title) for name in library.names]
    return [*([(_("单位"), units)] if units else []), (_("规则包"), packs)]


def whose(code: str, *, user: User, book: Book, library: Library, on: date) -> Whose:
    """The rules behind a choice; those of the person's own unit, or the nation's, for anything else."""
    kind, _colon, ref = code.partition(":")
    if kind == OF_PACK and ref in library.names:
        return Whose(code, library.pack(ref).title, library.ruleset(ref))
    unit = _unit(user, ref if kind == OF_UNIT else "")
    if unit is None:
        return whose(f"{OF_PACK}:{library.names[0]}", user=user, book=book, library=library, on=on)
    return Whose(f"{OF_UNIT}:{unit.pk}", unit.name, book.ruleset(unit.lineage, on), unit.lineage)


def _unit(user: User, ref: str) -> Organisation | None:
    units = asked_units(user)
    if ref.isdecimal() and len(ref) < 19:
        return units.filter(pk=int(ref)).first()
    return units.filter(pk=user.organisation_id).first() or units.first()


def followers(user: User, pack: str) -> list[PackAssignment]:
    """Approved assignments of a pack to units the person may read."""
    rows = PackAssignment.objects.filter(pack=pack, state=Proposal.State.APPROVED, organisation__in=asked_units(user))
    return list(rows.select_related("organisation").order_by("organisation__lineage", "from_on"))


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), SHANGHAI)


def described(value: Value) -> Iterator[str]:
    """The articles of a value, each in words."""
    return (wording.basis(basis) for basis in value.basis)
