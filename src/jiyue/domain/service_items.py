"""办事服务 as data that systems exchange: one entry for each item, the same words on every channel (SERV-05, SERV-13).

The exchange format is JSON lines: UTF-8, one object a line, keys as in `RULES`. A key that is absent says nothing about
that element; an empty value says that it is empty. Files (blank forms, samples) are not part of it: they belong to the
site that publishes them. A line is read whole or not at all, and everything wrong with it is named.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final
from urllib.parse import urlsplit

MOST_LINE: Final = 256 * 1024  # bytes of one line
MOST_LINES: Final = 20_000
MOST_ROWS: Final = 100
CODE = re.compile(r"[0-9A-Z][0-9A-Z-]{3,39}")
INDEX_NUMBER = re.compile(r"([0-9A-Z]{9}|[0-9A-Z]{18})/[0-9]{4}-[0-9]{5}")
# Control characters and halves of a pair: a browser, a database or a spreadsheet chokes on each of them.
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

ITEM_CLASSES: Final = ("licensing", "approval", "other_power", "public_service")
AUDIENCES: Final = ("person", "legal-person")
THEMES: Final = (
    "education", "medical", "social-security", "employment", "housing", "transport", "certificates", "business-start-up",
    "qualification", "marriage-birth-adoption", "business-and-tax", "utilities",
)  # fmt: skip
LIFE_EVENTS: Final = (
    "birth", "schooling", "work", "marriage", "home", "illness", "old-age", "death", "founding", "running", "building",
    "closing",
)  # fmt: skip
ORIGINALS: Final = ("original", "copy", "both", "electronic", "shown")
MATERIAL_SOURCES: Final = ("applicant", "government", "agency", "shared")
DISCLOSURES: Final = ("active", "on_request", "withheld")
MOST_DEPTH: Final = 4  # 网办深度: 1 guide, 2 forms, 3 application, 4 wholly online


@dataclass(frozen=True)
class Material:
    """申请材料 of an entry."""

    name: str
    original: str = "original"
    copies: int | None = None
    source: str = "applicant"
    needed_when: str = ""
    needs_form: bool = False
    instructions: str = ""


@dataclass(frozen=True)
class Step:
    """办理步骤 of an entry."""

    name: str
    what: str
    how_long: str = ""
    who: str = ""


@dataclass(frozen=True)
class Question:
    """常见问题 of an entry."""

    question: str
    answer: str


@dataclass(frozen=True)
class ServiceEntry:
    """An item with its guide. `stated` names the elements the source spoke of; all others hold their empty value."""

    code: str
    name: str = ""
    item_class: str = ""
    item_basis: str = ""
    audiences: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    charged: bool = False
    charge_basis: str = ""
    title: str = ""
    handling_body: str = ""
    section: str = ""
    place: str = ""
    hours: str = ""
    telephone: str = ""
    complaint_telephone: str = ""
    fee_standard: str = ""
    fee_basis: str = ""
    legal_days: int | None = None
    promised_days: int | None = None
    limit_note: str = ""
    scope: str = ""
    conditions: str = ""
    certificates: str = ""
    materials: tuple[Material, ...] = ()
    process: tuple[Step, ...] = ()
    review_procedure: str = ""
    result: str = ""
    visits: int | None = None
    legal_basis: str = ""
    online_depth: int | None = None
    online_address: str = ""
    query_address: str = ""
    consultation_address: str = ""
    supervision_address: str = ""
    questions: tuple[Question, ...] = ()
    index_number: str = ""
    disclosure: str = ""
    disclosure_reason: str = ""
    disclosure_period: str = ""
    stated: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Problem:
    """What is wrong: the element (`materials.2.copies` is inside the second material), a code, and values for its words."""

    field: str
    code: str
    given: str = ""
    limit: str = ""


class EntryRefused(ValueError):
    """A value that is no entry; `problems` names everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Line:
    """One line of a file: what it says, or what is wrong with it."""

    number: int
    entry: ServiceEntry | None
    problems: tuple[Problem, ...] = ()


# ---- what each element may hold ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    most: int
    needed: bool = False
    lines: bool = False
    pattern: re.Pattern[str] | None = None

    def read(self, field: str, value: Any, problems: list[Problem]) -> str:
        if not isinstance(value, str):
            problems.append(Problem(field, "not_text", _shown(value)))
            return ""
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if UNREADABLE.search(text) or (not self.lines and "\n" in text):
            problems.append(Problem(field, "unreadable"))
        elif len(text) > self.most:
            problems.append(Problem(field, "too_long", str(len(text)), str(self.most)))
        elif self.needed and not text:
            problems.append(Problem(field, "empty"))
        elif text and self.pattern and not self.pattern.fullmatch(text):
            problems.append(Problem(field, "wrong_form", _shown(text)))
        return text


@dataclass(frozen=True)
class OneOf:
    known: tuple[str, ...]

    def read(self, field: str, value: Any, problems: list[Problem]) -> str:
        if value in ("", None):
            return ""
        if not isinstance(value, str) or value not in self.known:
            problems.append(Problem(field, "unknown", _shown(value), "、".join(self.known)))
            return ""
        return value


@dataclass(frozen=True)
class SomeOf:
    known: tuple[str, ...]

    def read(self, field: str, value: Any, problems: list[Problem]) -> tuple[str, ...]:
        if not isinstance(value, list):
            problems.append(Problem(field, "not_list", _shown(value)))
            return ()
        wrong = [each for each in value if not isinstance(each, str) or each not in self.known]
        problems += [Problem(field, "unknown", _shown(each), "、".join(self.known)) for each in wrong]
        return tuple(code for code in self.known if code in value)


@dataclass(frozen=True)
class Number:
    most: int
    least: int = 0

    def read(self, field: str, value: Any, problems: list[Problem]) -> int | None:
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            problems.append(Problem(field, "not_number", _shown(value), f"{self.least}～{self.most}"))
            return None
        return value


@dataclass(frozen=True)
class YesNo:
    def read(self, field: str, value: Any, problems: list[Problem]) -> bool:
        if not isinstance(value, bool):
            problems.append(Problem(field, "not_yes_no", _shown(value)))
        return value is True


@dataclass(frozen=True)
class Link:
    most: int = 400

    def read(self, field: str, value: Any, problems: list[Problem]) -> str:
        found: list[Problem] = []
        text = Text(self.most).read(field, value, found)
        if not found and text and not is_link(text):
            found.append(Problem(field, "not_link", _shown(text)))
        problems += found
        return text


@dataclass(frozen=True)
class Rows:
    """A list of objects; `key` is the part that names a row, and no two rows may share it when `apart`."""

    made: type[Material] | type[Step] | type[Question]
    parts: Mapping[str, "Rule"]
    key: str
    apart: bool = True

    def read(self, field: str, value: Any, problems: list[Problem]) -> tuple[Any, ...]:
        if not isinstance(value, list):
            problems.append(Problem(field, "not_list", _shown(value)))
            return ()
        if len(value) > MOST_ROWS:
            problems.append(Problem(field, "too_many", str(len(value)), str(MOST_ROWS)))
            return ()
        rows = [self._row(f"{field}.{place}", each, problems) for place, each in enumerate(value, start=1)]
        if self.apart:
            _refuse_twins(field, [getattr(row, self.key) for row in rows if row is not None], problems)
        return tuple(row for row in rows if row is not None)

    def _row(self, field: str, value: Any, problems: list[Problem]) -> Any:
        if not isinstance(value, dict):
            problems.append(Problem(field, "not_object", _shown(value)))
            return None
        found = [Problem(field, "strange_key", _shown(name)) for name in value if name not in self.parts]
        needed = {name: "" for name, rule in self.parts.items() if isinstance(rule, Text) and rule.needed}
        read = {
            name: self.parts[name].read(f"{field}.{name}", given, found)
            for name, given in {**needed, **value}.items() if name in self.parts
        }  # fmt: skip
        problems += found
        return None if found else self.made(**_kept(read))


Rule = Text | OneOf | SomeOf | Number | YesNo | Link | Rows

RULES: Mapping[str, Rule] = {
    "code": Text(40, needed=True, pattern=CODE),
    "name": Text(120),
    "item_class": OneOf(ITEM_CLASSES),
    "item_basis": Text(2000, lines=True),
    "audiences": SomeOf(AUDIENCES),
    "themes": SomeOf(THEMES),
    "life_events": SomeOf(LIFE_EVENTS),
    "charged": YesNo(),
    "charge_basis": Text(1000, lines=True),
    "title": Text(200),
    "handling_body": Text(120),
    "section": Text(80),
    "place": Text(200),
    "hours": Text(200),
    "telephone": Text(80),
    "complaint_telephone": Text(80),
    "fee_standard": Text(300),
    "fee_basis": Text(300),
    "legal_days": Number(3650),
    "promised_days": Number(3650),
    "limit_note": Text(200),
    "scope": Text(1000, lines=True),
    "conditions": Text(2000, lines=True),
    "certificates": Text(1000, lines=True),
    "materials": Rows(
        Material,
        {"name": Text(120, needed=True), "original": OneOf(ORIGINALS), "copies": Number(99), "source": OneOf(MATERIAL_SOURCES),
         "needed_when": Text(120), "needs_form": YesNo(), "instructions": Text(1000, lines=True)},
        key="name",
    ),
    "process": Rows(
        Step,
        {"name": Text(40, needed=True), "what": Text(500, needed=True, lines=True), "how_long": Text(60), "who": Text(80)},
        key="name", apart=False,
    ),
    "review_procedure": Text(2000, lines=True),
    "result": Text(200),
    "visits": Number(99),
    "legal_basis": Text(2000, lines=True),
    "online_depth": Number(MOST_DEPTH, least=1),
    "online_address": Link(),
    "query_address": Link(),
    "consultation_address": Link(),
    "supervision_address": Link(),
    "questions": Rows(
        Question, {"question": Text(120, needed=True), "answer": Text(1000, needed=True, lines=True)}, key="question"
    ),
    "index_number": Text(29, pattern=INDEX_NUMBER),
    "disclosure": OneOf(DISCLOSURES),
    "disclosure_reason": Text(300),
    "disclosure_period": Text(60),
}  # fmt: skip
ITEM_FIELDS: Final = (
    "name", "item_class", "item_basis", "audiences", "themes", "life_events", "charged", "charge_basis",
)  # fmt: skip
GUIDE_FIELDS: Final = tuple(name for name in RULES if name != "code" and name not in ITEM_FIELDS)


# ---- reading and writing -------------------------------------------------------------------------------------------


def entry_of(value: Any) -> ServiceEntry:
    """The entry that plain values describe. Raises EntryRefused with everything that is wrong."""
    if not isinstance(value, dict):
        raise EntryRefused([Problem("", "not_object", _shown(value))])
    problems = [Problem("", "strange_key", _shown(name)) for name in value if name not in RULES]
    given = {"code": "", **value}
    read: dict[str, Any] = {
        name: rule.read(name, given[name], problems) for name, rule in RULES.items() if name in given
    }
    if read.get("charged") and "charge_basis" in value and not read.get("charge_basis"):
        problems.append(Problem("charge_basis", "charge_without_basis"))
    if problems:
        raise EntryRefused(problems)
    return ServiceEntry(**read, stated=frozenset(read) - {"code"})


def read_lines(data: bytes) -> Iterator[Line]:
    """Each line of a file in the exchange format; empty lines are passed over, a code used twice is refused."""
    first: dict[str, int] = {}
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        if number > MOST_LINES:
            yield Line(number, None, (Problem("", "too_many_lines", limit=str(MOST_LINES)),))
            return
        line = _read_line(number, raw)
        before = first.setdefault(line.entry.code, number) if line.entry else number
        yield line if before == number else Line(number, None, (Problem("code", "repeated", str(before)),))


def plain(entry: ServiceEntry) -> dict[str, Any]:
    """The entry as plain values, in the order of `RULES`: its code and what it states."""
    return {
        name: _plain_value(getattr(entry, name)) for name in RULES if name == "code" or name in entry.stated
    }  # fmt: skip


def written(entry: ServiceEntry) -> str:
    """The entry as a line of the exchange format, without the line's end."""
    return json.dumps(plain(entry), ensure_ascii=False, separators=(",", ":"))


def is_link(text: str) -> bool:
    """An http(s) address with a host, without credentials and without spaces."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and " " not in text


def _read_line(number: int, raw: bytes) -> Line:
    if len(raw) > MOST_LINE:
        return Line(number, None, (Problem("", "line_too_long", limit=str(MOST_LINE // 1024)),))
    try:
        return Line(number, entry_of(json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_constant)))
    except EntryRefused as refused:
        return Line(number, None, refused.problems)
    except UnicodeDecodeError:
        return Line(number, None, (Problem("", "not_utf8"),))
    except (ValueError, RecursionError):
        return Line(number, None, (Problem("", "not_json"),))


def _once(pairs: Collection[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different: of two equal ones nobody can say which was meant."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _refuse_twins(field: str, keys: Sequence[str], problems: list[Problem]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            problems.append(Problem(field, "twice", _shown(key)))
        seen.add(key)


def _kept(read: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty where the row's own default says more than nothing."""
    return {name: value for name, value in read.items() if value != "" or name not in ("original", "source")}


def _plain_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain_value(each) for each in value]
    if isinstance(value, Material | Step | Question):
        return {part.name: getattr(value, part.name) for part in fields(value)}
    return value


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = UNREADABLE.sub("�", text)
    return text if len(text) <= 40 else text[:39] + "…"
