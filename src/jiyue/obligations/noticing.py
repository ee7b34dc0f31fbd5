"""规则变动: who has to learn that a rule changes, and what the change means for the duties that are open.

Whoever answers for something that a change touches finds it in the list of work until it is taken note of: managers of
sites of the units concerned, overseers of these units, and whoever has an open duty under a parameter that turns. Once
when it is asked for, once when it was decided. Nothing is remembered but who took note (`RuleRead`), so it may be asked
any number of times; a new kind of duty has to do nothing for it, because its parameter is all that is looked at.
Whom a calendar or a demand on data concerns is said in `noticing_days`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import Q
from django.http import Http404

from jiyue.domain.counting import PARAMETER as COUNTING
from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.rulesets import UNDATED, Answer, Parameter
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import Organisation, User
from jiyue.identity.policies import memberships_of, oversees
from jiyue.identity.roles import Permission, Role
from jiyue.obligations.changing import CALENDARS, STANDARDS
from jiyue.obligations.models import ObligationQuerySet, RuleRead
from jiyue.obligations.noticing_days import concerns_by_data, concerns_by_days
from jiyue.obligations.policies import visible_obligations
from jiyue.obligations.queries import open_for
from jiyue.rules.models import (
    CalendarRevision,
    LocalPack,
    LocalStandard,
    Override,
    PackAssignment,
    PackEdition,
    Proposal,
)
from jiyue.rules.policies import may_answer
from jiyue.rules.problems import PackRefused
from jiyue.rules.queries import Book, book
from jiyue.rules.turning import said, turns, with_change, without_change

EDITION = "edition"
CALENDAR, STANDARD = "calendar", "standard"
Decision = Override | PackAssignment | LocalPack | LocalStandard | CalendarRevision
DECISIONS: dict[str, type[Override | PackAssignment | LocalPack | LocalStandard]] = {
    "override": Override, "assignment": PackAssignment, "pack": LocalPack, STANDARD: LocalStandard,
}  # fmt: skip
KEPT_FOR = timedelta(days=90)  # after its day: whoever comes later learns the rules as they are
ASKED, DECIDED = "asked", "decided"


@dataclass(frozen=True)
class RuleChange:
    """One change: `since` is the first day on which it counts, `told_at` when it was asked for, decided or noticed."""

    matter: str
    row: Decision | PackEdition
    since: date
    told_at: datetime
    stage: str

    @property
    def ref(self) -> str:
        return f"{self.matter}/{self.row.pk}"

    @property
    def is_asked(self) -> bool:
        return self.stage == ASKED

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.since, time.min, SHANGHAI)

    @property
    def of_days(self) -> bool:
        """Is it about which days count, and not about a rule?"""
        return self.matter in (CALENDAR, CALENDARS)

    @property
    def of_data(self) -> bool:
        """Is it about what a record must contain?"""
        return self.matter in (STANDARD, STANDARDS)

    @property
    def unit(self) -> int | None:
        """The unit for which it counts, with all below it; None for all units."""
        return getattr(self.row, "organisation_id", None)


@dataclass(frozen=True)
class Turned:
    """One parameter before and after for a unit. `before` is None where what stood there before was not kept."""

    parameter: Parameter
    before: Answer | None
    after: Answer
    since: date


class Reach:
    """What a change turns, unit by unit; computed with the rules as they are and as they are without it."""

    def __init__(self, change: RuleChange, rules: Book) -> None:
        self.change, self.rules = change, rules
        self._turned: dict[str, tuple[Turned, ...]] = {}

    def turned(self, lineage: str) -> tuple[Turned, ...]:
        """Every parameter that the change turns for the unit of this lineage."""
        if lineage not in self._turned:
            self._turned[lineage] = tuple(self._of_edition(lineage) if self._is_edition else self._of_decision(lineage))
        return self._turned[lineage]

    @property
    def _is_edition(self) -> bool:
        return isinstance(self.change.row, PackEdition)

    @cached_property
    def _books(self) -> tuple[Book, Book]:
        assert isinstance(self.change.row, Proposal)  # noqa: S101  (for the type checker: editions are told apart)
        return without_change(self.rules, self.change.row), with_change(self.rules, self.change.row)

    def _of_decision(self, lineage: str) -> Iterator[Turned]:
        row, (before, after) = self.change.row, self._books
        if not self._may_reach(lineage, after):
            return
        names = [row.parameter] if isinstance(row, Override) else None
        for turn in turns(before, after, lineage, self.change.since, names):
            yield Turned(turn.parameter, turn.before, turn.after, self.change.since)

    def _may_reach(self, lineage: str, after: Book) -> bool:
        """A quick no for units that follow something else altogether."""
        row = self.change.row
        if isinstance(row, Override | PackAssignment) and row.organisation_id is not None:
            return f"/{row.organisation_id}/" in lineage
        assert isinstance(row, Override | LocalPack)  # noqa: S101  (for the type checker: the others are told apart)
        name = row.pack if isinstance(row, Override) else row.name
        return any(pack.name == name for pack in after.ruleset(lineage, self.change.since).chain)

    def _of_edition(self, lineage: str) -> Iterator[Turned]:
        row = self.change.row
        assert isinstance(row, PackEdition)  # noqa: S101  (for the type checker)
        for name, stated in row.values:
            since = date.fromisoformat(stated)
            after = self.rules.answer(lineage, name, since)
            if after.pack != row.name or after.since is None:
                continue
            if after.since.stated == UNDATED or after.since.day != since:
                yield Turned(self.rules.library.parameters[name], None, after, since)
                continue
            before = self.rules.answer(lineage, name, since - timedelta(days=1))
            if said(before) != said(after):
                yield Turned(self.rules.library.parameters[name], before, after, since)


@dataclass(frozen=True)
class Meaning:
    """What a change means for a person: what turns, which open duties will be under it, and which keep the old rule."""

    turned: tuple[Turned, ...]
    following: ObligationQuerySet
    keeping: ObligationQuerySet


def recent(now: datetime) -> list[RuleChange]:
    """Changes that are asked for, and those decided or noticed lately or still ahead; the newest first."""
    since = now - KEPT_FOR
    found = [_edition(row) for row in PackEdition.objects.filter(noticed_at__gte=since)]
    for matter, model in DECISIONS.items():
        day = "in_force_on" if model is LocalPack else "from_on"
        waiting = Q(state=Proposal.State.PROPOSED, **{f"{day}__gte": now.astimezone(SHANGHAI).date()})
        lately = Q(answered_at__gte=since) | Q(**{f"{day}__gte": since.date()})
        rows = model._default_manager.filter(waiting | Q(state=Proposal.State.APPROVED) & lately)
        found += (_decision(matter, row, getattr(row, day)) for row in rows)
    waiting = Q(state=Proposal.State.PROPOSED, year__gte=now.astimezone(SHANGHAI).year)
    years = CalendarRevision.objects.filter(waiting | Q(state=Proposal.State.APPROVED, answered_at__gte=since))
    found += (_decision(CALENDAR, row, date(row.year, 1, 1)) for row in years.select_related("organisation"))
    return sorted(found, key=lambda change: (change.told_at, change.ref), reverse=True)


def changes_for(user: User, now: datetime, *, rules: Book | None = None) -> list[tuple[RuleChange, bool]]:
    """Changes that the person has to learn of, and whether she took note of each."""
    noted = _noted(user)
    return [(change, _key(change) in noted) for change in _of(user, recent(now), now, rules)]


def unread_for(user: User, now: datetime) -> list[RuleChange]:
    """Those of them that she did not take note of yet; for the list of work, which is opened all day."""
    noted = _noted(user)
    return _of(user, [change for change in recent(now) if _key(change) not in noted], now)


def fetch_change_for(user: User, matter: str, ref: int, now: datetime) -> tuple[RuleChange, bool]:
    """The change with this key if the person has to learn of it. Raises Http404 otherwise."""
    for change, noted in changes_for(user, now):
        if (change.matter, change.row.pk) == (matter, ref):
            return change, noted
    raise Http404


def meaning_of(change: RuleChange, user: User, now: datetime) -> Meaning:
    """What it means for what the person may see. Raises PackRefused for what cannot be read any more."""
    reach = Reach(change, book())
    found: dict[str, Turned] = {}
    for lineage in [*_answered_for(user), *_owing(user, now)]:
        for turned in reach.turned(lineage):
            found.setdefault(turned.parameter.name, turned)
    rows = visible_obligations(user).pending().filter(own_limit="")
    names = frozenset(found)
    if COUNTING not in names:
        rows = rows.filter(parameter__in=names)
    lineages = dict(Organisation.objects.filter(pk__in=rows.order_by().values("unit")).values_list("pk", "lineage"))
    reached = [unit for unit, lineage in lineages.items() if reach.turned(lineage)]
    rows = rows.filter(unit__in=reached).select_related("site", "unit").order_by("act_by", "pk")
    under = _begun_under(found.values())
    return Meaning(tuple(found.values()), rows.filter(under), rows.exclude(under))


def _begun_under(found) -> Q:
    """Duties that began on or after the day from which their own parameter turns."""
    under = Q(pk__in=[])
    for turned in found:
        begun = Q(started_at__gte=datetime.combine(turned.since, time.min, SHANGHAI))
        under |= begun if turned.parameter.name == COUNTING else begun & Q(parameter=turned.parameter.name)
    return under


def _of(user: User, found: list[RuleChange], now: datetime, rules: Book | None = None) -> list[RuleChange]:
    """Of these changes the ones that concern the person; what computes them is read only where there are any."""
    if not found:
        return []
    return list(filter(_concerned(user, now, rules or book()), found))


def _noted(user: User) -> set[tuple[str, int, str]]:
    return set(RuleRead.objects.filter(user=user).values_list("matter", "row", "stage"))


def _key(change: RuleChange) -> tuple[str, int, str]:
    return change.matter, change.row.pk, change.stage


def _decision(matter: str, row: Decision, since: date) -> RuleChange:
    if row.state == Proposal.State.PROPOSED or row.answered_at is None:
        return RuleChange(matter, row, since, row.proposed_at, ASKED)
    return RuleChange(matter, row, since, row.answered_at, DECIDED)


def _edition(row: PackEdition) -> RuleChange:
    matter = row.name if row.name in (CALENDARS, STANDARDS) else EDITION
    return RuleChange(
        matter, row, min(date.fromisoformat(since) for _name, since in row.values), row.noticed_at, DECIDED
    )


def _concerned(user: User, now: datetime, rules: Book) -> Callable[[RuleChange], bool]:
    answers = _answered_for(user)
    owing: list[dict[str, set[str]]] = []

    def concerns(change: RuleChange) -> bool:
        if _knows_already(user, change):
            return False
        if change.of_days:
            return concerns_by_days(change, user, answers, now)
        if change.of_data:
            return concerns_by_data(change, user, answers)
        reach = Reach(change, rules)
        try:
            if any(reach.turned(lineage) for lineage in answers):
                return True
            if not owing:
                owing.append(_owing(user, now))
            return _is_for_all(user, change) or any(
                turned.parameter.name in (*names, COUNTING)
                for lineage, names in owing[0].items()
                for turned in reach.turned(lineage)
            )
        except PackRefused:
            return False  # it cannot be approved any more, and changes nothing; whoever answers it is told why

    return concerns


def _knows_already(user: User, change: RuleChange) -> bool:
    """Whoever asked for it or answered it, and whoever is to answer it, has it before her in full."""
    row = change.row
    if not isinstance(row, Proposal):
        return False
    return user.pk in (row.proposed_by_id, row.answered_by_id) or may_answer(user, row)


def _is_for_all(user: User, change: RuleChange) -> bool:
    """Overseers of the whole platform answer for packs as such, whoever follows them."""
    return getattr(change.row, "organisation_id", None) is None and oversees(user, None)


def _answered_for(user: User) -> list[str]:
    """Lineages of the units whose sites the person manages, and of those for which she oversees."""
    managed = Site.objects.filter(pk__in=sites_with(user, Permission.MANAGE_SITE).values("pk"))
    owners = managed.exclude(status=Site.Status.CLOSED).values_list("owner__lineage", flat=True)
    overseen = [held.organisation.lineage for held in memberships_of(user, Role.OVERSEER) if held.organisation]
    return list(dict.fromkeys([*owners, *overseen]))


def _owing(user: User, now: datetime) -> dict[str, set[str]]:
    """By lineage of their unit, the parameters of the duties that wait for the person."""
    found: dict[str, set[str]] = {}
    rows = open_for(user, now).order_by().prefetch_related(None)
    for lineage, parameter in rows.values_list("unit__lineage", "parameter").distinct():
        found.setdefault(lineage, set()).add(parameter)
    return found
