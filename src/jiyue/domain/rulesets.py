"""Rules as dated data: what a pack says, since when and on what basis, and what holds for somebody on a day.

A pack answers with the latest value in force on the day. If that value is only a word (及时) or there is none, the pack
that it extends is asked, and so on up; what was passed on the way is part of the answer. Nothing is ever assumed: what
no pack sets is "not set by" all packs asked.

Of some parameters (`by_subject`) each line stands for itself, such as who may have a site: where a text leaves a subject
open, the packs above it are asked for that subject alone.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self

from jiyue.domain.counting import PARAMETER as COUNTING
from jiyue.domain.counting import USUAL, Counting, read_counting
from jiyue.domain.limits import Limit
from jiyue.domain.rule_fields import terms_of
from jiyue.domain.rule_terms import Deadline, Eligibility, Kind, Ruling, Setting, Terms

UNDATED: Final = "undated"
_COUNTED_IN_DAYS: Final = (Kind.DEADLINE, Kind.RECURRENCE)
_LONGEST_NAME: Final = 100
_SINCE: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)


class Level(StrEnum):
    """Whose rules a pack holds."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class Copy(StrEnum):
    """Which kind of copy of a text was read when its values were written down."""

    ISSUED = "issued"
    REPRINT = "reprint"
    SECONDARY = "secondary"
    NOTES = "notes"  # field notes only; which copy they were made from is not recorded
    UNSOURCED = "unsourced"
    CONVENTION = "convention"  # no text says it; the program does so until a pack says otherwise


class NotADay(ValueError):
    """Not a day, month or year that exists, and not `undated`."""


class UnknownParameter(LookupError):
    """No parameter has this name or number; `nearest` is the known name most like it, or empty."""

    def __init__(self, asked: str, nearest: str) -> None:
        super().__init__(asked)
        self.asked = asked
        self.nearest = nearest


class NotSet(LookupError):
    """A figure was asked for that no pack on the way sets; `answer` says which were asked."""

    def __init__(self, answer: "Answer") -> None:
        super().__init__(answer.parameter)
        self.answer = answer


@dataclass(frozen=True)
class Since:
    """From when something is in force, as exactly as the text lets one know: a day, a month, a year, or `undated`."""

    stated: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises NotADay for anything else, also for 30 February."""
        if text != UNDATED:
            _first_day(text)
        return cls(text)

    @property
    def day(self) -> date:
        """The first day it covers: that of the stated year or month; the first of all days when undated."""
        return date.min if self.stated == UNDATED else _first_day(self.stated)

    @property
    def is_exact(self) -> bool:
        """Whether the day itself is known."""
        return len(self.stated) == len("2022-01-01")


def _first_day(text: str) -> date:
    found = _SINCE.fullmatch(text)
    if not found:
        raise NotADay(text)
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError as error:
        raise NotADay(text) from error


@dataclass(frozen=True)
class Parameter:
    """One thing that texts regulate: its dotted name, its numbers in the requirements, its kind and allowed units."""

    name: str
    kind: Kind
    title: str
    english: str
    ids: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    start: str = ""  # the event from which a deadline runs
    end: str = ""  # the event that meets it
    asked: str = ""
    classed: bool = False  # of a deadline: whoever handles one says of which class of the text it is
    by_subject: bool = False  # of an eligibility: subjects that a text leaves open are looked up further up


def find_parameter(parameters: Mapping[str, Parameter], asked: str) -> Parameter:
    """The parameter of this dotted name or number (`P-40`), in any case; raises UnknownParameter."""
    word = asked.strip().lower()
    if word in parameters:
        return parameters[word]
    for parameter in parameters.values():
        if any(number.lower() == word for number in parameter.ids):
            return parameter
    raise UnknownParameter(asked, nearest(word, parameters))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, or nothing when none is at all like it."""
    if len(word) > _LONGEST_NAME:
        return ""
    return next(iter(difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.5)), "")


@dataclass(frozen=True)
class Text:
    """A document that sets values. What is not known of it is empty, never invented."""

    key: str
    title: str
    source: Copy
    number: str = ""
    issued: Since | None = None
    in_force: Since | None = None


@dataclass(frozen=True)
class Basis:
    """The article that sets a value, and which kind of copy of it was read."""

    text: str
    document: str
    article: str
    source: Copy
    number: str = ""

    def as_json(self) -> dict[str, str]:
        return {"text": self.text, "document": self.document, "number": self.number, "article": self.article,
                "source": self.source.value}  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Self:
        return cls(data["text"], data["document"], data["article"], Copy(data["source"]), data["number"])


@dataclass(frozen=True)
class Value:
    """What one pack says of one parameter from a day on. Without `terms` the text has a word for it, but no figure."""

    since: Since
    basis: tuple[Basis, ...]
    terms: Terms | None = None
    word: str = ""
    note: str = ""
    open: tuple[str, ...] = ()  # numbers of the open points of the requirements

    @property
    def is_figure(self) -> bool:
        return self.terms is not None

    def as_json(self) -> dict[str, Any]:
        return {
            "since": self.since.stated,
            "basis": [basis.as_json() for basis in self.basis],
            "terms": None if self.terms is None else self.terms.as_json(),
            "word": self.word,
            "note": self.note,
            "open": list(self.open),
        }

    @classmethod
    def from_json(cls, kind: Kind, data: Mapping[str, Any]) -> Self:
        return cls(
            since=Since.read(data["since"]),
            basis=tuple(Basis.from_json(basis) for basis in data["basis"]),
            terms=None if data["terms"] is None else terms_of(kind, data["terms"]),
            word=data["word"],
            note=data["note"],
            open=tuple(data["open"]),
        )


@dataclass(frozen=True)
class Pack:
    """The rules of one jurisdiction; `values` are in order of their days, each parameter's on its own."""

    name: str
    title: str
    level: Level
    version: str
    extends: str = ""
    texts: Mapping[str, Text] = field(default_factory=dict)
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)

    def in_force(self, parameter: str, on: date) -> Value | None:
        """The value with the latest day that is not after `on`."""
        found = None
        for value in self.values.get(parameter, ()):
            if value.since.day <= on:
                found = value
        return found


@dataclass(frozen=True)
class Passed:
    """A pack that was asked and set no figure: `value` is its word, `later` the first day from which it says anything."""

    pack: str
    title: str
    value: Value | None = None
    later: Since | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "pack": self.pack,
            "title": self.title,
            "value": None if self.value is None else self.value.as_json(),
            "later": None if self.later is None else self.later.stated,
        }

    @classmethod
    def from_json(cls, kind: Kind, data: Mapping[str, Any]) -> Self:
        return cls(
            pack=data["pack"],
            title=data["title"],
            value=None if data["value"] is None else Value.from_json(kind, data["value"]),
            later=None if data["later"] is None else Since.read(data["later"]),
        )


@dataclass(frozen=True)
class Supplement:
    """What a pack further up says of subjects that the nearer ones leave open; its terms are of these alone."""

    pack: str
    title: str
    version: str
    value: Value

    def as_json(self) -> dict[str, Any]:
        return {"pack": self.pack, "title": self.title, "version": self.version, "value": self.value.as_json()}

    @classmethod
    def from_json(cls, kind: Kind, data: Mapping[str, Any]) -> Self:
        return cls(data["pack"], data["title"], data["version"], Value.from_json(kind, data["value"]))


@dataclass(frozen=True)
class Answer:
    """What holds on a day: the value and the pack it was found in, or nothing; and which packs were passed before.

    `counting` is what holds on that day for the counting of days, for kinds that count them (`domain.counting`).
    """

    parameter: str
    kind: Kind
    on: date
    passed: tuple[Passed, ...] = ()
    value: Value | None = None
    pack: str = ""
    pack_title: str = ""
    pack_version: str = ""
    counting: "Answer | None" = None
    supplements: tuple[Supplement, ...] = ()

    @property
    def is_set(self) -> bool:
        return self.value is not None

    @property
    def found(self) -> Value:
        """The value; raises NotSet where no pack sets one."""
        if self.value is None:
            raise NotSet(self)
        return self.value

    @property
    def terms(self) -> Terms | None:
        """The rule as it holds, with what packs further up add to it."""
        own = self.own
        if own is None or not isinstance(own.terms, Eligibility):
            return None if own is None else own.terms
        return Eligibility((*own.terms.rulings, *_rulings(self.supplements)))

    @property
    def own(self) -> Value | None:
        """The value without the subjects that it leaves open and a pack further up answers."""
        if not self.supplements or self.value is None or not isinstance(self.value.terms, Eligibility):
            return self.value
        answered = {ruling.subject for ruling in _rulings(self.supplements)}
        return replace(self.value, terms=self.value.terms.without(answered))

    @property
    def limit(self) -> Limit | None:
        """The normal limit of a deadline; nothing for other kinds."""
        return self.terms.limit if isinstance(self.terms, Deadline) else None

    @property
    def latest(self) -> Limit | None:
        """The second, latest limit of a deadline, where the text has one."""
        return self.terms.latest if isinstance(self.terms, Deadline) else None

    @property
    def since(self) -> Since | None:
        return None if self.value is None else self.value.since

    @property
    def basis(self) -> tuple[Basis, ...]:
        return () if self.value is None else self.value.basis

    @property
    def counted(self) -> Counting:
        """How its days are counted: as a pack says, or by the program's convention where the answer is older."""
        terms = self.counting.terms if self.counting else None
        return read_counting(terms.value) if isinstance(terms, Setting) else USUAL

    @property
    def words(self) -> tuple[Passed, ...]:
        """The packs passed that say something, though no figure."""
        return tuple(passed for passed in self.passed if passed.value is not None)

    def as_json(self) -> dict[str, Any]:
        """Plain data that `from_json` reads back as an equal answer; an obligation keeps it for ever."""
        added = [supplement.as_json() for supplement in self.supplements]
        return {
            "parameter": self.parameter,
            "kind": self.kind.value,
            "on": self.on.isoformat(),
            "pack": self.pack,
            "pack_title": self.pack_title,
            "pack_version": self.pack_version,
            "value": None if self.value is None else self.value.as_json(),
            "passed": [passed.as_json() for passed in self.passed],
            "counting": None if self.counting is None else self.counting._without_day(),
            **({"supplements": added} if added else {}),
        }

    def _without_day(self) -> dict[str, Any]:
        # Of the same day as the answer it belongs to, so that a kept answer names no day twice.
        return {name: value for name, value in self.as_json().items() if name != "on"}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        kind, counted = Kind(data["kind"]), data.get("counting")
        return cls(
            parameter=data["parameter"],
            kind=kind,
            on=date.fromisoformat(data["on"]),
            passed=tuple(Passed.from_json(kind, passed) for passed in data["passed"]),
            value=None if data["value"] is None else Value.from_json(kind, data["value"]),
            pack=data["pack"],
            pack_title=data["pack_title"],
            pack_version=data["pack_version"],
            counting=None if counted is None else cls.from_json({**counted, "on": data["on"]}),
            supplements=tuple(Supplement.from_json(kind, each) for each in data.get("supplements", ())),
        )


def _rulings(supplements: Iterable[Supplement]) -> tuple[Ruling, ...]:
    each = (supplement.value.terms for supplement in supplements)
    return tuple(ruling for terms in each if isinstance(terms, Eligibility) for ruling in terms.rulings)


@dataclass(frozen=True)
class RuleSet:
    """The packs that count for somebody, the nearest first, and the parameters they may set."""

    chain: tuple[Pack, ...]
    parameters: Mapping[str, Parameter]

    @property
    def nearest(self) -> Pack:
        return self.chain[0]

    def below(self, pack: Pack) -> "RuleSet":
        """The same rules with a pack before them, such as what a government decided for itself."""
        return RuleSet((pack, *self.chain), self.parameters)

    def answer(self, parameter: str, on: date) -> Answer:
        """What holds on that day; the dotted name must be known (UnknownParameter otherwise)."""
        known = self.parameters.get(parameter)
        if known is None:
            raise UnknownParameter(parameter, nearest(parameter, self.parameters))
        counted = self._counting(on) if known.kind in _COUNTED_IN_DAYS else None
        passed: list[Passed] = []
        for place, pack in enumerate(self.chain, 1):
            value = pack.in_force(parameter, on)
            if value is not None and value.is_figure:
                added = tuple(_supplements(value, parameter, self.chain[place:], on)) if known.by_subject else ()
                return Answer(
                    parameter, known.kind, on, tuple(passed), value, pack.name, pack.title, pack.version, counted, added
                )
            passed.append(_passed(pack, parameter, value))
        return Answer(parameter, known.kind, on, tuple(passed), counting=counted)

    def _counting(self, on: date) -> Answer | None:
        return self.answer(COUNTING, on) if COUNTING in self.parameters else None


def _supplements(value: Value, parameter: str, above: Iterable[Pack], on: date) -> Iterator[Supplement]:
    decided = _decided(value)
    for pack in above:
        further = pack.in_force(parameter, on)
        if further is None or not isinstance(further.terms, Eligibility):
            continue
        more = tuple(each for each in further.terms.rulings if each.decides and each.subject not in decided)
        decided |= {each.subject for each in more}
        if more:
            yield Supplement(pack.name, pack.title, pack.version, replace(further, terms=Eligibility(more)))


def _decided(value: Value) -> set[str]:
    rulings = value.terms.rulings if isinstance(value.terms, Eligibility) else ()
    return {ruling.subject for ruling in rulings if ruling.decides}


def _passed(pack: Pack, parameter: str, value: Value | None) -> Passed:
    statements = pack.values.get(parameter, ())
    later = statements[0].since if value is None and statements else None
    return Passed(pack.name, pack.title, value, later)
