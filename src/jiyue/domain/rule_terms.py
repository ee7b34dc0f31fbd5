"""What a rule says: the seven kinds (design 5), the fields each is written in, and how they are told.

Fields come as a pack writes them: texts, except the `answers` of an eligibility and the `value` of a setting.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from jiyue.domain.limits import (
    FixedDate,
    Limit,
    Period,
    Rate,
    Share,
    Span,
    Unit,
)


class Kind(StrEnum):
    DEADLINE = "deadline"  # from event to event
    RECURRENCE = "recurrence"  # at least every …, or whenever something happens
    QUOTA = "quota"  # at most, at least so many
    RATIO = "ratio"
    RETENTION = "retention"
    ELIGIBILITY = "eligibility"  # who may, who approves, where it is announced
    SETTING = "setting"  # a value that other code asks for


SPANS: Final = tuple(unit.value for unit in Unit)
PERIODS: Final = tuple(period.value for period in Period)
SAME_DAY: Final = "same-day"
WITH_EVENT: Final = "with-event"
DATE: Final = "date"
COUNT: Final = "count"
PERCENT: Final = "%"

# The units a parameter of each kind may allow; who may do what, and settings, are not counted in anything.
UNITS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.DEADLINE: (*SPANS, SAME_DAY, WITH_EVENT, DATE),
    Kind.RECURRENCE: (*SPANS, *PERIODS, DATE),
    Kind.QUOTA: (COUNT, *PERIODS),
    Kind.RATIO: (PERCENT,),
    Kind.RETENTION: SPANS,
    Kind.ELIGIBILITY: (),
    Kind.SETTING: (),
}
FIELDS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.DEADLINE: ("limit", "latest", "latest_needs", "latest_when", "classes"),
    Kind.RECURRENCE: ("gap", "at_least", "by", "with"),
    Kind.QUOTA: ("at_least", "at_most"),
    Kind.RATIO: ("at_least",),
    Kind.RETENTION: ("at_least",),
    Kind.ELIGIBILITY: ("answers",),
    Kind.SETTING: ("value",),
}
RULING_FIELDS: Final = ("for", "answer", "most", "note")
CLASS_FIELDS: Final = ("name", "limit", "latest")
LONGEST_CLASS: Final = 40  # characters of a name
REASON: Final = "reason"  # the one thing a second step may demand


@dataclass(frozen=True)
class ClassLimit:
    """The limit of one class of things within a rule; the class bears the name that the text gives it."""

    name: str
    limit: Limit
    latest: Limit | None = None

    def as_json(self) -> dict[str, Any]:
        return _written(name=self.name, limit=self.limit, latest=self.latest)


@dataclass(frozen=True)
class Deadline:
    """A normal limit, and a second, latest one where the text has it, with what it demands and when it is allowed.

    `classes` are those that the text distinguishes, each with a limit of its own; `limit` counts until somebody has said
    which one a thing is of.
    """

    limit: Limit
    latest: Limit | None = None
    latest_needs: str = ""
    latest_when: str = ""
    classes: tuple[ClassLimit, ...] = ()

    @property
    def needs_reason(self) -> bool:
        return self.latest_needs == REASON

    @property
    def units(self) -> tuple[str, ...]:
        own = [limit for each in self.classes for limit in (each.limit, each.latest)]
        return tuple(unit_of(limit) for limit in (self.limit, self.latest, *own) if limit is not None)

    def of_class(self, name: str) -> ClassLimit | None:
        """The limits of a class; None for one that the rule does not know."""
        return next((each for each in self.classes if each.name == name), None)

    def as_json(self) -> dict[str, Any]:
        said = _written(limit=self.limit, latest=self.latest, latest_needs=self.latest_needs,
                        latest_when=self.latest_when)  # fmt: skip
        return {**said, **({"classes": [each.as_json() for each in self.classes]} if self.classes else {})}


@dataclass(frozen=True)
class Recurrence:
    """Exactly one of: the longest gap, a rate, a day of every year, an event each occurrence of which calls for it."""

    gap: Span | None = None
    rate: Rate | None = None
    by: FixedDate | None = None
    event: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        if self.gap:
            return (self.gap.unit.value,)
        if self.rate:
            return (_rate_unit(self.rate),)
        return (DATE,) if self.by else ()

    def as_json(self) -> dict[str, Any]:
        by = str(self.by).removeprefix("by ") if self.by else ""
        return _written(gap=self.gap, at_least=self.rate, by=by, **{"with": self.event})


@dataclass(frozen=True)
class Quota:
    """How many at least and at most, in a period or at any time."""

    at_least: Rate | None = None
    at_most: Rate | None = None

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(_rate_unit(rate) for rate in (self.at_least, self.at_most) if rate is not None)

    def as_json(self) -> dict[str, Any]:
        return _written(at_least=self.at_least, at_most=self.at_most)


@dataclass(frozen=True)
class Ratio:
    at_least: Share

    @property
    def units(self) -> tuple[str, ...]:
        return (PERCENT,)

    def as_json(self) -> dict[str, Any]:
        return _written(at_least=self.at_least)


@dataclass(frozen=True)
class Retention:
    at_least: Span

    @property
    def units(self) -> tuple[str, ...]:
        return (self.at_least.unit.value,)

    def as_json(self) -> dict[str, Any]:
        return _written(at_least=self.at_least)


# Answers by which a text says that it leaves the subject open.
LEFT_OPEN: Final = frozenset({"not-regulated", "not-addressed"})


@dataclass(frozen=True)
class Ruling:
    """One line of an eligibility: for whom or what, the answer, and how many at most where the text limits it."""

    subject: str
    answer: tuple[str, ...]
    most: int | None = None
    note: str = ""

    @property
    def decides(self) -> bool:
        """Whether the text answers at all for this subject."""
        return not LEFT_OPEN.issuperset(self.answer)

    def as_json(self) -> dict[str, Any]:
        answer = self.answer[0] if len(self.answer) == 1 else list(self.answer)
        row = {"for": self.subject, "answer": answer, "most": self.most, "note": self.note}
        return {name: value for name, value in row.items() if value not in (None, "")}


@dataclass(frozen=True)
class Eligibility:
    rulings: tuple[Ruling, ...]

    @property
    def units(self) -> tuple[str, ...]:
        return ()

    def of(self, subject: str) -> Ruling | None:
        """The line about this subject; None where the text does not mention it."""
        return next((ruling for ruling in self.rulings if ruling.subject == subject), None)

    def without(self, subjects: Collection[str]) -> "Eligibility":
        return Eligibility(tuple(ruling for ruling in self.rulings if ruling.subject not in subjects))

    def as_json(self) -> dict[str, Any]:
        return {"answers": [ruling.as_json() for ruling in self.rulings]}


@dataclass(frozen=True)
class Setting:
    """A number, a text, yes or no, or lists and mappings of these. Not to be changed by who asks for it."""

    value: Any

    @property
    def units(self) -> tuple[str, ...]:
        return ()

    def as_json(self) -> dict[str, Any]:
        return {"value": self.value}


Terms = Deadline | Recurrence | Quota | Ratio | Retention | Eligibility | Setting


def unit_of(limit: Limit) -> str:
    """The one word for what a limit is counted in; units are never turned into each other."""
    if isinstance(limit, Span):
        return limit.unit.value
    return DATE if isinstance(limit, FixedDate) else str(limit)


def _written(**fields: Any) -> dict[str, Any]:
    return {name: str(value) for name, value in fields.items() if value not in (None, "")}


def _rate_unit(rate: Rate) -> str:
    return COUNT if rate.per is None else rate.per.value
