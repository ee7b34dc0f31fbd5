"""What a rule says: the seven kinds (design 5), the fields each is written in, and how they are read and told.

Fields come as a pack writes them: texts, except the `answers` of an eligibility and the `value` of a setting.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeVar

from jiyue.domain.limits import (
    FixedDate,
    Limit,
    NotALimit,
    Period,
    Rate,
    Share,
    Span,
    Unit,
    parse_least,
    parse_limit,
    parse_month_day,
    parse_most,
    parse_share,
    parse_span,
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


class Fault(NamedTuple):
    """Something wrong in one field; `code` selects the sentence, `found` and `expected` fill it."""

    field: str
    code: str
    found: str = ""
    expected: tuple[str, ...] = ()
    row: int | None = None  # of a list of answers, from 0


class NotTerms(ValueError):
    """Fields that make no rule of this kind; `faults` holds everything wrong with them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.field}: {fault.code}" for fault in self.faults))


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


def terms_of(kind: Kind, fields: Mapping[str, Any], *, units: Collection[str] = ()) -> Terms:
    """The rule that these fields write; with `units` given, in none but these. Raises NotTerms with all faults."""
    reader = _Reader(fields, FIELDS[kind])
    terms = _MAKERS[kind](reader)
    if terms is not None and not reader.faults:
        foreign = [unit for unit in dict.fromkeys(terms.units) if units and unit not in units]
        reader.faults += [Fault(reader.first, "wrong-unit", unit, tuple(units)) for unit in foreign]
    if terms is None or reader.faults:
        raise NotTerms(reader.faults)
    return terms


Parsed = TypeVar("Parsed")


class _Reader:
    """Reads the fields of one value and keeps every fault."""

    def __init__(self, fields: Mapping[str, Any], known: tuple[str, ...]) -> None:
        self._fields = fields
        self.faults = [Fault(name, "unknown-field", expected=known) for name in fields if name not in known]
        self.first = next((name for name in known if name in fields), "")

    def has(self, name: str) -> bool:
        return name in self._fields

    def raw(self, name: str) -> Any:
        return self._fields[name]

    def text(self, name: str) -> str:
        value = self._fields.get(name, "")
        if not isinstance(value, str):
            self.faults.append(Fault(name, "not-text"))
            return ""
        return value

    def parsed(self, name: str, parse: Callable[[str], Parsed]) -> Parsed | None:
        if not self.has(name):
            return None
        text = self._fields[name]
        if not isinstance(text, str):
            self.faults.append(Fault(name, "not-text"))
            return None
        try:
            return parse(text)
        except NotALimit as error:
            self.faults.append(Fault(name, f"limit-{error.code.replace('_', '-')}", text))
            return None

    def missing(self, *names: str) -> None:
        """One of these fields has to be there; told unless it is there and at fault already."""
        if not any(self.has(name) for name in names):
            self.faults.append(Fault(names[0], "missing-field", expected=names))

    def only_one(self, *names: str) -> None:
        given = [name for name in names if self.has(name)]
        if len(given) > 1:
            self.faults.append(Fault(given[1], "fields-exclude", found=given[0]))

    def needs(self, name: str, other: str) -> None:
        if self.has(name) and not self.has(other):
            self.faults.append(Fault(name, "field-needs", found=other))


def _deadline(reader: _Reader) -> Terms | None:
    reader.missing("limit")
    for name in ("latest_needs", "latest_when"):
        reader.needs(name, "latest")
    limit, latest = reader.parsed("limit", parse_limit), reader.parsed("latest", parse_limit)
    needs = reader.text("latest_needs")
    if needs not in ("", REASON):
        reader.faults.append(Fault("latest_needs", "not-one-of", needs, (REASON,)))
    if limit is not None and _is_before(latest, limit):
        reader.faults.append(Fault("latest", "latest-before-limit", str(latest), (str(limit),)))
    classes = _classes(reader, limit)
    return None if limit is None else Deadline(limit, latest, needs, reader.text("latest_when"), classes)


def _is_before(latest: Limit | None, limit: Limit) -> bool:
    """Is it surely the shorter of the two? Limits in different units are not compared."""
    spans = isinstance(limit, Span) and isinstance(latest, Span)
    return spans and limit.unit == latest.unit and latest.amount < limit.amount  # type: ignore[union-attr]


def _classes(reader: _Reader, limit: Limit | None) -> tuple[ClassLimit, ...]:
    if not reader.has("classes"):
        return ()
    rows = reader.raw("classes")
    if not isinstance(rows, list) or not rows:
        reader.faults.append(Fault("classes", "not-a-list"))
        return ()
    found: dict[str, ClassLimit] = {}
    for number, row in enumerate(rows):
        each = _class(reader, row, number)
        if each is None:
            continue
        if found.setdefault(each.name, each) is not each:
            reader.faults.append(Fault("classes", "subject-twice", each.name, row=number))
        if limit is not None and _is_before(each.limit, limit):
            # Until a thing is classed the limit of all counts: it must give nobody more time than her class does.
            reader.faults.append(Fault("classes", "class-before-limit", str(each.limit), (str(limit),), number))
    return tuple(found.values())


def _class(reader: _Reader, row: Any, number: int) -> ClassLimit | None:
    if not isinstance(row, Mapping):
        reader.faults.append(Fault("classes", "not-a-class", expected=CLASS_FIELDS, row=number))
        return None
    foreign = [name for name in row if name not in CLASS_FIELDS]
    reader.faults += [Fault("classes", "unknown-part", name, CLASS_FIELDS, number) for name in foreign]
    name, limit, latest = (
        row.get("name"),
        _limit_in(reader, row, "limit", number),
        _limit_in(reader, row, "latest", number),
    )
    if not _is_text(name) or len(str(name)) > LONGEST_CLASS or limit is None:
        reader.faults.append(Fault("classes", "class-incomplete", str(name or ""), row=number))
        return None
    if _is_before(latest, limit):
        reader.faults.append(Fault("classes", "latest-before-limit", str(latest), (str(limit),), number))
    return ClassLimit(str(name), limit, latest)


def _limit_in(reader: _Reader, row: Mapping[str, Any], name: str, number: int) -> Limit | None:
    text = row.get(name)
    if text is None:
        return None
    if not isinstance(text, str):
        reader.faults.append(Fault("classes", "not-text", row=number))
        return None
    try:
        return parse_limit(text)
    except NotALimit as error:
        reader.faults.append(Fault("classes", f"limit-{error.code.replace('_', '-')}", text, row=number))
        return None


def _recurrence(reader: _Reader) -> Terms | None:
    ways = FIELDS[Kind.RECURRENCE]
    reader.missing(*ways)
    reader.only_one(*ways)
    event = reader.text("with")
    if reader.has("with") and not event:
        reader.faults.append(Fault("with", "empty-text"))
    rate = reader.parsed("at_least", parse_least)
    if rate and rate.per is None:
        reader.faults.append(Fault("at_least", "period-missing", str(rate), tuple(Period)))
    return Recurrence(reader.parsed("gap", parse_span), rate, reader.parsed("by", parse_month_day), event)


def _quota(reader: _Reader) -> Terms | None:
    reader.missing("at_least", "at_most")
    least, most = reader.parsed("at_least", parse_least), reader.parsed("at_most", parse_most)
    if least and most and least.per == most.per and (least.least or 0) > (most.most or 0):
        reader.faults.append(Fault("at_most", "most-below-least", str(most), (str(least),)))
    return Quota(least, most)


def _ratio(reader: _Reader) -> Terms | None:
    reader.missing("at_least")
    share = reader.parsed("at_least", parse_share)
    return None if share is None else Ratio(share)


def _retention(reader: _Reader) -> Terms | None:
    reader.missing("at_least")
    span = reader.parsed("at_least", parse_span)
    return None if span is None else Retention(span)


def _eligibility(reader: _Reader) -> Terms | None:
    reader.missing("answers")
    rows = reader.raw("answers") if reader.has("answers") else []
    if not isinstance(rows, list) or (reader.has("answers") and not rows):
        reader.faults.append(Fault("answers", "not-a-list"))
        return None
    rulings: dict[str, Ruling] = {}
    for number, row in enumerate(rows):
        ruling = _ruling(reader, row, number)
        if ruling is not None and rulings.setdefault(ruling.subject, ruling) is not ruling:
            reader.faults.append(Fault("answers", "subject-twice", ruling.subject, row=number))
    return Eligibility(tuple(rulings.values()))


def _ruling(reader: _Reader, row: Any, number: int) -> Ruling | None:
    if not isinstance(row, Mapping):
        reader.faults.append(Fault("answers", "not-a-ruling", expected=RULING_FIELDS, row=number))
        return None
    foreign = [name for name in row if name not in RULING_FIELDS]
    reader.faults += [Fault("answers", "unknown-part", name, RULING_FIELDS, number) for name in foreign]
    subject, answer, note = row.get("for"), row.get("answer"), row.get("note", "")
    answers = tuple(answer) if isinstance(answer, list) else (answer,)
    if not (_is_text(subject) and answers and all(map(_is_text, answers)) and isinstance(note, str)):
        reader.faults.append(Fault("answers", "ruling-incomplete", str(subject or ""), row=number))
        return None
    return Ruling(str(subject), answers, _most(reader, row, number), note)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _most(reader: _Reader, row: Mapping[str, Any], number: int) -> int | None:
    most = row.get("most")
    if most is None or (isinstance(most, int) and not isinstance(most, bool)):
        return most
    if isinstance(most, str) and most.isascii() and most.isdigit() and len(most) < len("10000"):
        return int(most)
    reader.faults.append(Fault("answers", "not-a-number", str(most), row=number))
    return None


def _setting(reader: _Reader) -> Terms | None:
    reader.missing("value")
    if not reader.has("value"):
        return None
    value = reader.raw("value")
    if value is None or value in ("", [], {}):
        reader.faults.append(Fault("value", "empty-text"))
        return None
    return Setting(value)


_MAKERS: Final[Mapping[Kind, Callable[[_Reader], Terms | None]]] = {
    Kind.DEADLINE: _deadline,
    Kind.RECURRENCE: _recurrence,
    Kind.QUOTA: _quota,
    Kind.RATIO: _ratio,
    Kind.RETENTION: _retention,
    Kind.ELIGIBILITY: _eligibility,
    Kind.SETTING: _setting,
}


def _written(**fields: Any) -> dict[str, Any]:
    return {name: str(value) for name, value in fields.items() if value not in (None, "")}


def _rate_unit(rate: Rate) -> str:
    return COUNT if rate.per is None else rate.per.value
