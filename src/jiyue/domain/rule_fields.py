"""How the fields of a rule are read: every fault told at once, by its field, and no half rule."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeVar

from jiyue.domain.limits import (
    Limit,
    NotALimit,
    Period,
    Span,
    parse_least,
    parse_limit,
    parse_month_day,
    parse_most,
    parse_share,
    parse_span,
)
from jiyue.domain.rule_terms import (
    CLASS_FIELDS,
    FIELDS,
    LONGEST_CLASS,
    REASON,
    RULING_FIELDS,
    ClassLimit,
    Deadline,
    Eligibility,
    Kind,
    Quota,
    Ratio,
    Recurrence,
    Retention,
    Ruling,
    Setting,
    Terms,
)


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
    own = _Reader(row, tuple(row))
    name, limit, latest = row.get("name"), own.parsed("limit", parse_limit), own.parsed("latest", parse_limit)
    reader.faults += [fault._replace(field="classes", row=number) for fault in own.faults]
    if not _is_text(name) or len(str(name)) > LONGEST_CLASS or limit is None:
        reader.faults.append(Fault("classes", "class-incomplete", str(name or ""), row=number))
        return None
    if _is_before(latest, limit):
        reader.faults.append(Fault("classes", "latest-before-limit", str(latest), (str(limit),), number))
    return ClassLimit(str(name), limit, latest)


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
