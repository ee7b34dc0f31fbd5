"""The one engine that makes duties of facts and keeps them true.

Everything here may be run again at any time and in two processes at once: what a duty is follows from the facts and
from the rule of the day it began, not from when or how often somebody looked. The rule is frozen in the row.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from jiyue.domain.actors import process
from jiyue.domain.canonical import digest_of
from jiyue.domain.counting import PARAMETER as COUNTING
from jiyue.domain.deadlines import SHANGHAI, YEARS, Stop, local
from jiyue.domain.duties import Fact, Source
from jiyue.domain.duty_moments import Classed, Moments, moments_of
from jiyue.domain.limits import NotALimit, parse_limit
from jiyue.domain.rulesets import Answer
from jiyue.foundation.audit import record
from jiyue.identity.models import Organisation
from jiyue.obligations.events import DueMoved, DutiesFollowed
from jiyue.obligations.foresight import foresight
from jiyue.obligations.models import (
    FrozenRule,
    MovedDate,
    Obligation,
    ObligationQuerySet,
    RuleAltered,
    written_classes,
    written_stops,
)
from jiyue.obligations.retrying import TRIES, in_transaction
from jiyue.rules.queries import Book, book

logger = logging.getLogger(__name__)
ENGINE = process("obligations")
BATCH = 200
CALENDAR, CLASS = "calendar", "class"
Key = tuple[str, str, datetime]
Because = tuple[str, int]  # the matter and the key of a change of the calendar
# What a fact may say differently the next time; the rule and the moment of the beginning stay.
FOLLOWED = ("title", "area", "site_id", "unit_id", "met_at", "ended_at", "event_at", "stopped", "classed")


@dataclass(frozen=True)
class Followed:
    """What one refresh changed."""

    arisen: int = 0
    changed: int = 0
    ended: int = 0

    def __add__(self, other: "Followed") -> "Followed":
        return Followed(self.arisen + other.arisen, self.changed + other.changed, self.ended + other.ended)

    def __bool__(self) -> bool:
        return bool(self.arisen or self.changed or self.ended)


@dataclass(frozen=True)
class Change:
    """Another rule counts from `since` on: for one parameter or all, for the units at or below one or for all."""

    since: date
    parameter: str = ""
    unit: int | None = None

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.since, time.min, SHANGHAI)

    @property
    def counts_days(self) -> bool:
        """How days are counted is part of every rule that counts them."""
        return self.parameter in ("", COUNTING)

    def concerns(self, fact: Fact, lineage: str) -> bool:
        """Could this fact be under the new rule?"""
        if self.parameter and not self.counts_days and fact.parameter != self.parameter:
            return False
        return fact.started_at >= self.begins and (self.unit is None or f"/{self.unit}/" in lineage)


class Engine:
    """One pass over facts with the rules as they are decided now."""

    def __init__(self, *, now: datetime, rules: Book | None = None) -> None:
        self.now = now
        self.rules = rules or book()
        self.foresight = foresight()
        self._lineages = dict(Organisation.objects.values_list("pk", "lineage"))
        self._frozen: dict[str, FrozenRule] = {}

    def refresh(
        self, source: Source, *, subjects: Collection[str] | None = None, change: Change | None = None
    ) -> Followed:
        """Bring the duties of a source up to its facts. Raises what the source raises, and then ends nothing."""
        standing = set() if change else self._standing(source, subjects)
        facts = (
            fact
            for fact in source.facts(subjects=subjects, now=self.now)
            if _is_usable(source, fact) and (change is None or change.concerns(fact, self.lineage(fact.unit)))
        )
        done = Followed()
        for batch in _batches(facts):
            seen, changed = in_transaction(partial(self._take, source, batch))
            standing -= seen
            done += changed
        return done + self._end(source, standing)

    def lineage(self, unit: int) -> str:
        """The keys of a unit and all above it; also of one that was founded since the pass began."""
        if unit not in self._lineages:
            self._lineages[unit] = Organisation.objects.get(pk=unit).lineage
        return self._lineages[unit]

    def frozen(self, answer: Answer) -> FrozenRule:
        """The kept copy of an answer. The day asked for is not part of it: the duty knows its own."""
        words = {name: value for name, value in answer.as_json().items() if name != "on"}
        digest = digest_of(words)
        if digest not in self._frozen:
            FrozenRule.objects.bulk_create([FrozenRule(digest=digest, answer=words)], ignore_conflicts=True)
            self._frozen[digest] = FrozenRule.objects.get(digest=digest)
        return self._frozen[digest]

    def moments(
        self,
        answer: Answer,
        *,
        unit: int,
        start: datetime,
        own_limit: str,
        event_at: datetime | None,
        stopped: Sequence[Stop],
        classed: Sequence[Classed] = (),
    ) -> Moments | None:
        """The moments of a duty under a rule, by the calendar of its unit as it is known now."""
        own = parse_limit(own_limit) if own_limit else None
        days = self.rules.calendar_for(self.lineage(unit))
        return moments_of(
            answer, start=start, calendar=days, own=own, event_at=event_at, stopped=stopped, classed=classed
        )

    def dates(self, moments: Moments, *, start: datetime, stepped: bool) -> dict[str, Any]:
        """The columns that follow from the moments."""
        latest_at = moments.latest.at if moments.latest else None
        act_by = latest_at if stepped and latest_at else moments.due.at
        return {
            "due_at": moments.due.at, "latest_at": latest_at, "act_by": act_by, "provisional": moments.provisional,
            "remind_at": self.foresight.remind_at(started_at=start, act_by=act_by),
        }  # fmt: skip

    def answer_of(self, row: Obligation) -> Answer:
        """What holds for a duty by the rules as they are decided now, on the day it began."""
        return self.rules.answer(self.lineage(row.unit_id), row.parameter, local(row.started_at).date())

    def _standing(self, source: Source, subjects: Collection[str] | None) -> set[int]:
        # Read before the facts are: a duty that another process makes meanwhile is not missed by these facts.
        rows = Obligation.objects.pending().filter(source=source.code)
        if subjects is not None:
            rows = rows.filter(subject__in=list(subjects))
        return set(rows.values_list("pk", flat=True))

    def _take(self, source: Source, facts: dict[Key, Fact]) -> tuple[set[int], Followed]:
        self._frozen.clear()  # a transaction that was ended may have taken a rule with it
        rows, new = self._make(source, facts)
        rows |= _rows({key: facts[key] for key in map(_key, new)})
        changed = sum(self._follow(row, facts[key]) for key, row in rows.items())
        done = Followed(arisen=len(new), changed=changed)
        self._trace(source, done)
        return {row.pk for row in rows.values()}, done

    def _make(self, source: Source, facts: dict[Key, Fact]) -> tuple[dict[Key, Obligation], list[Obligation]]:
        """The rows that are there, and those made now: exactly these, because the trace counts them."""
        for tries_left in reversed(range(TRIES)):
            rows = _rows(facts)
            new = [row for key, fact in facts.items() if key not in rows and (row := self._arise(source, fact))]
            try:
                with transaction.atomic():
                    Obligation.objects.bulk_create(new)
                break
            except IntegrityError:
                # Another process has just made one of them. Then its row counts, and is there to be read now.
                if not tries_left:
                    raise
        return rows, new

    def _arise(self, source: Source, fact: Fact) -> Obligation | None:
        own_limit = str(fact.limit) if fact.limit else ""
        answer = self.rules.answer(self.lineage(fact.unit), fact.parameter, local(fact.started_at).date())
        moments = self.moments(
            answer, unit=fact.unit, start=fact.started_at, own_limit=own_limit, event_at=fact.event_at,
            stopped=fact.stopped, classed=fact.classed,
        )  # fmt: skip
        if moments is None:
            return None
        return Obligation(
            parameter=fact.parameter, source=source.code, subject=fact.subject, started_at=fact.started_at,
            recorded_at=fact.recorded_at or fact.started_at, person_id=fact.person, own_limit=own_limit,
            done_at=fact.met_at, by_hand=fact.by_hand, rule=self.frozen(answer), pack=answer.pack, **_followed(fact),
            **self.dates(moments, start=fact.started_at, stepped=False),
        )  # fmt: skip

    def _follow(self, row: Obligation, fact: Fact) -> bool:
        changes = {name: value for name, value in _followed(fact).items() if getattr(row, name) != value}
        if fact.person is not None and row.person_id != fact.person:
            changes["person_id"] = fact.person
        done_at = fact.met_at or _by_hand(row)
        if row.done_at != done_at:
            changes["done_at"] = done_at
        if {"event_at", "stopped", "classed"} & set(changes):
            changes |= self._moved_by_event(row, fact)
        if changes.get("act_by", row.act_by) != row.act_by and "classed" in changes:
            _trace_move(row, changes, cause=CLASS, now=self.now)
            if row.reminded_at is not None and changes["remind_at"] > self.now:
                changes["reminded_at"] = None
        if changes:
            Obligation.objects.filter(pk=row.pk).update(**changes)
        return bool(changes)

    def _moved_by_event(self, row: Obligation, fact: Fact) -> dict[str, Any]:
        answer = _trusted(row)
        if answer is None:
            return {}
        moments = self.moments(
            answer, unit=fact.unit, start=row.started_at, own_limit=row.own_limit, event_at=fact.event_at,
            stopped=fact.stopped, classed=fact.classed,
        )  # fmt: skip
        return self.dates(moments, start=row.started_at, stepped=row.second_step_at is not None) if moments else {}

    def _end(self, source: Source, keys: set[int]) -> Followed:
        """What no fact states any more is not owed any more."""
        done = Followed()
        for batch in _chunks(sorted(keys)):
            done += in_transaction(partial(self._end_batch, source, batch))
        return done

    def _end_batch(self, source: Source, keys: list[int]) -> Followed:
        held = Obligation.objects.pending().filter(pk__in=keys).order_by("pk").select_for_update()
        open_keys = [row.pk for row in held.only("pk")]
        done = Followed(ended=Obligation.objects.filter(pk__in=open_keys).update(ended_at=self.now))
        self._trace(source, done)
        return done

    def _trace(self, source: Source, done: Followed) -> None:
        if done:
            event = DutiesFollowed(
                subject=f"source:{source.code}", source=source.code, arisen=done.arisen, changed=done.changed,
                ended=done.ended,
            )  # fmt: skip
            record(event, by=ENGINE, at=self.now)


def refresh(source: Source, *, subjects: Collection[str] | None = None, now: datetime) -> Followed:
    """Bring the duties of a source up to its facts: of these subjects, or of all of them.

    Duties arise, are met, end and are open again; nothing that began under an old rule is moved. Safe to run again.
    """
    return Engine(now=now).refresh(source, subjects=subjects)


def recompute(
    *, years: Collection[int] = (), unit: int | None = None, because: Because | None = None, now: datetime
) -> int:
    """Compute open dates again after a calendar arrived or was revised; gives how many moved or became certain.

    The rules stay as they were frozen. What moved is kept under the change that is behind it, if that is named.
    """
    engine = Engine(now=now)
    keys = list(counted_in(years, unit).order_by("pk").values_list("pk", flat=True))
    return sum(_move(engine, key, _trusted, cause=CALENDAR, because=because) for key in keys)


def counted_in(years: Collection[int], unit: int | None = None) -> ObligationQuerySet:
    """Open duties whose dates a calendar of these years may move: what is provisional and what runs in one of them.

    Of everybody, or of the units at and below one.
    """
    concerned = Q(provisional=True)
    for year in years:
        first, following = (datetime(each, 1, 1, tzinfo=SHANGHAI) for each in (year, year + 1))
        concerned |= Q(started_at__lt=following) & (Q(act_by__gte=first) | Q(latest_at__gte=first))
    if unit is not None:
        concerned &= Q(unit__in=_at_and_below(unit))
    return Obligation.objects.pending().filter(concerned)


def dates_under(engine: Engine, row: Obligation) -> datetime | None:
    """The time to act by that a duty would have by the rules of this engine; None where it cannot be known."""
    answer = _trusted(row)
    return None if answer is None else _changes(engine, row, answer).get("act_by", row.act_by)


def reevaluate(change: Change, *, sources: Iterable[Source], now: datetime) -> int:
    """Apply a rule that counts from a day on: to open duties that began on or after it, and to nothing else.

    Then the sources are asked for facts which owed nothing before and do now. Gives how many duties changed or arose.
    """
    engine = Engine(now=now)
    keys = list(_under(change).order_by("pk").values_list("pk", flat=True))
    moved = sum(_move(engine, key, engine.answer_of, cause="rule") for key in keys)
    asked = [source for source in sources if change.counts_days or change.parameter in source.parameters]
    return moved + sum(engine.refresh(source, change=change).arisen for source in asked)


def _under(change: Change) -> ObligationQuerySet:
    rows = Obligation.objects.pending().filter(started_at__gte=change.begins, own_limit="")
    if not change.counts_days:
        rows = rows.filter(parameter=change.parameter)
    if change.unit is not None:
        rows = rows.filter(unit__in=_at_and_below(change.unit))
    return rows


def _at_and_below(unit: int) -> list[int]:
    units = Organisation.objects.filter(Q(pk=unit) | Q(lineage__contains=f"/{unit}/"))
    return list(units.values_list("pk", flat=True))


def _move(
    engine: Engine, key: int, ask: Callable[[Obligation], Answer | None], *, cause: str, because: Because | None = None
) -> int:
    """Compute one open duty again under the rule that `ask` gives; gives 1 when anything changed."""
    with transaction.atomic():
        locked = Obligation.objects.pending().select_for_update(of=("self",))
        row = locked.select_related("rule", "unit").filter(pk=key).first()
        answer = ask(row) if row else None
        if row is None or answer is None or _trusted(row) is None:
            return 0
        changes = _changes(engine, row, answer)
        if not changes:
            return 0
        Obligation.objects.filter(pk=key).update(**changes)
        _trace_move(row, changes, cause=cause, now=engine.now)
        if because is not None:
            after = changes.get("act_by", row.act_by)
            moved = {"before": row.act_by, "after": after, "at": engine.now}
            MovedDate.objects.get_or_create(matter=because[0], row=because[1], obligation=row, defaults=moved)
    return 1


def _changes(engine: Engine, row: Obligation, answer: Answer) -> dict[str, Any]:
    moments = engine.moments(
        answer, unit=row.unit_id, start=row.started_at, own_limit=row.own_limit, event_at=row.event_at,
        stopped=row.stops, classed=row.classes,
    )  # fmt: skip
    if moments is None:
        return {}
    wanted = engine.dates(moments, start=row.started_at, stepped=row.second_step_at is not None)
    if _rule(answer) != _rule(row.answer):
        # The same value in a newer file is no other rule, and its words stay as they were frozen.
        wanted |= {"rule": engine.frozen(answer), "pack": answer.pack}
    changes = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if changes and row.reminded_at is not None and wanted["remind_at"] > engine.now:
        changes["reminded_at"] = None
    return changes


def _trusted(row: Obligation) -> Answer | None:
    """The rule it began under; None, and a line in the log, when that was changed: the dates then stay as they are."""
    try:
        return row.answer
    except RuleAltered:
        logger.error("Dates of duty %s are left alone: its rule %s was changed", row.pk, row.rule.digest)
        return None


def _rule(answer: Answer) -> tuple[object, ...]:
    counting = answer.counting
    return answer.value, answer.pack, counting and (counting.value, counting.pack)


def _trace_move(row: Obligation, changes: dict[str, Any], *, cause: str, now: datetime) -> None:
    event = DueMoved(
        subject=f"obligation:{row.pk}", site=row.site.host if row.site else "", obligation=row.pk, title=row.title,
        due_before=row.due_at.isoformat(), due_after=changes.get("due_at", row.due_at).isoformat(),
        pack=changes.get("pack", row.pack), cause=cause,
    )  # fmt: skip
    record(event, by=ENGINE, at=now)


def _is_usable(source: Source, fact: Fact) -> bool:
    """One impossible date must not stop the duties of everybody else; it makes no duty, and the log tells which."""
    moments = (fact.started_at, fact.met_at, fact.ended_at, fact.event_at, fact.recorded_at)
    wrong = [str(moment) for moment in moments if moment is not None and moment.year not in YEARS]
    if fact.limit is not None:
        try:
            parse_limit(str(fact.limit))
        except NotALimit as error:
            wrong.append(str(error))
    if wrong:
        logger.error("No duty of %s under %s (%s): %s", fact.subject, fact.parameter, source.code, "; ".join(wrong))
    return not wrong


def _followed(fact: Fact) -> dict[str, Any]:
    values = {
        "title": fact.title[:200], "area": fact.area, "site_id": fact.site, "unit_id": fact.unit, "met_at": fact.met_at,
        "ended_at": fact.ended_at, "event_at": fact.event_at, "stopped": written_stops(fact.stopped),
        "classed": written_classes(fact.classed),
    }  # fmt: skip
    return {name: values[name] for name in FOLLOWED}


def _by_hand(row: Obligation) -> datetime | None:
    return datetime.fromisoformat(row.evidence["at"]) if row.evidence else None


def _rows(facts: dict[Key, Fact]) -> dict[Key, Obligation]:
    if not facts:
        return {}
    subjects = {fact.subject for fact in facts.values()}
    parameters = {fact.parameter for fact in facts.values()}
    # Without the moments, a column that owes something every day would be read with its whole history.
    begun = {fact.started_at for fact in facts.values()}
    found = Obligation.objects.filter(subject__in=subjects, parameter__in=parameters, started_at__in=begun)
    found = found.order_by("pk").select_for_update()
    return {key: row for row in found if (key := _key(row)) in facts}


def _key(row: Obligation) -> Key:
    return row.parameter, row.subject, row.started_at


def _batches(facts: Iterator[Fact]) -> Iterator[dict[Key, Fact]]:
    while batch := list(islice(facts, BATCH)):
        yield {fact.key: fact for fact in batch}


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
