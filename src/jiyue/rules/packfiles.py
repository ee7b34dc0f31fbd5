"""The files of a rule pack become a pack, or are refused with everything that is wrong with them (docs/rules/README.md).

Takes bytes, not paths: a pack may lie in a folder, in a database row or in a request. Raises PackRefused, and then
nothing of it was taken.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from jiyue.domain import counting, fixed_holidays, page_rules
from jiyue.domain.rule_fields import Fault, NotTerms, terms_of
from jiyue.domain.rule_terms import FIELDS, UNITS, Deadline, Kind, Setting, Terms
from jiyue.domain.rulesets import (
    Basis,
    Copy,
    Level,
    Pack,
    Parameter,
    Since,
    Text,
    Value,
    nearest,
)
from jiyue.rules import plain_yaml
from jiyue.rules.fields import Fields
from jiyue.rules.plain_yaml import Node, Scalar, Sequence, read_mapping
from jiyue.rules.problems import Problems

PACK_FILE: Final = "pack.yaml"
PACK_FIELDS: Final = ("pack", "name", "level", "extends", "version", "texts")
TEXT_FIELDS: Final = ("title", "number", "issued", "in_force", "source")
PARAMETER_FIELDS: Final = ("ids", "kind", "name", "english", "from", "to", "units", "asked", "fallback", "classes")
BY_HANDLER: Final = "by-handler"
BY_SUBJECT: Final = "by-subject"
# What any value may have beside the fields of its kind.
COMMON_FIELDS: Final = ("word", "basis", "source", "note", "open")

VALUE_FIELDS: Final = frozenset(COMMON_FIELDS).union(*FIELDS.values())

NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
DOTTED: Final = re.compile(rf"{NAME.pattern}(\.{NAME.pattern})*")
_NUMBER: Final = re.compile(r"[A-Z]+-[0-9]{2,3}")
_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,8})")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,9}\.[0-9]{1,6}")
_TRUE_FALSE: Final = {"true": True, "false": False}


def read_parameters(content: bytes, *, file: str) -> dict[str, Parameter]:
    """The catalogue of all parameters, by dotted name."""
    problems = Problems()
    root = _root(content, file, problems)
    found = {name: _parameter(root, name) for name in root.node.entries} if root else {}
    _refuse_shared_numbers(root, found)
    problems.refuse()
    return {name: parameter for name, parameter in found.items() if parameter is not None}


def read_pack(files: Mapping[str, bytes], *, name: str, parameters: Mapping[str, Parameter]) -> Pack:
    """The pack `name` from its files, by file name; problems name them as `name/file`."""
    problems = Problems()
    pack = PackReader(name, parameters, problems).read(files)
    problems.refuse()
    return pack


def read_value(content: bytes, *, file: str, parameter: Parameter, since: str, texts: Mapping[str, Text]) -> Value:
    """One value as a topic file has it below its date, for what is decided outside a file."""
    problems = Problems()
    root = _root(content, file, problems)
    day = Fields(plain_yaml.Mapping({}, {}, 0), file=file, problems=problems).since(since, "since")
    value = _ValueReader(root, parameter, texts).read(day) if root and day else None
    problems.refuse()
    assert value is not None  # noqa: S101  (for the type checker: no value without a problem)
    return value


def _root(content: bytes, file: str, problems: Problems) -> Fields | None:
    node = read_mapping(content, file=file, problems=problems)
    return None if node is None else Fields(node, file=file, problems=problems)


# ---- parameters ----------------------------------------------------------------------------------------------------


def _parameter(root: Fields, name: str) -> Parameter | None:
    if not DOTTED.fullmatch(name):
        root.tell("not-a-name", name, found=name)
    fields = root.mapping(name)
    if fields is None:
        return None
    fields.refuse_unknown(PARAMETER_FIELDS)
    kind = fields.one_of("kind", [kind.value for kind in Kind])
    return Parameter(
        name=name,
        kind=Kind(kind or Kind.SETTING),
        title=fields.text("name"),
        english=fields.text("english"),
        ids=_numbers(fields),
        units=_units(fields, kind),
        start=fields.text("from", required=kind == Kind.DEADLINE),
        end=fields.text("to", required=kind == Kind.DEADLINE),
        asked=fields.text("asked", required=False),
        by_subject=_falls_back_by_subject(fields, kind),
        classed=_is_classed(fields, kind),
    )


def _is_classed(fields: Fields, kind: str) -> bool:
    """Does whoever handles one say of which class it is? Only where the program asks her may a pack write classes."""
    if "classes" in fields and kind and kind != Kind.DEADLINE:
        fields.tell("kind-has-no-classes", "classes", found=kind)
        return False
    return fields.one_of("classes", (BY_HANDLER,), required=False) == BY_HANDLER


def _falls_back_by_subject(fields: Fields, kind: str) -> bool:
    if "fallback" in fields and kind and kind != Kind.ELIGIBILITY:
        fields.tell("kind-has-no-subjects", "fallback", found=kind)
        return False
    return fields.one_of("fallback", (BY_SUBJECT,), required=False) == BY_SUBJECT


def _numbers(fields: Fields) -> tuple[str, ...]:
    numbers = fields.texts("ids", required=True)
    for number in numbers:
        if number and not _NUMBER.fullmatch(number):
            fields.tell("not-a-number-of-requirements", "ids", found=number)
    return numbers


def _units(fields: Fields, kind: str) -> tuple[str, ...]:
    if not kind:
        return ()
    allowed = UNITS[Kind(kind)]
    if not allowed:
        if "units" in fields:
            fields.tell("kind-has-no-units", "units", found=kind)
        return ()
    units = fields.texts("units", required=True)
    for unit in units:
        if unit and unit not in allowed:
            fields.tell("not-one-of", "units", found=unit, expected=allowed, nearest=nearest(unit, allowed))
    return units


def _refuse_shared_numbers(root: Fields | None, parameters: Mapping[str, Parameter | None]) -> None:
    owners: dict[str, str] = {}
    for name, parameter in parameters.items():
        for number in parameter.ids if parameter else ():
            if root and owners.setdefault(number, name) != name:
                root.tell("number-twice", name, found=number, other=owners[number])


# ---- a pack --------------------------------------------------------------------------------------------------------


class PackReader:
    """Reads one pack; everything wrong is added to `problems`, so that several packs can be told of at once."""

    def __init__(self, name: str, parameters: Mapping[str, Parameter], problems: Problems) -> None:
        self._name = name
        self._parameters = parameters
        self._problems = problems
        self._texts: dict[str, Text] | None = None
        # parameter → first day → (file, line, stated as) of the value that has it
        self._taken: dict[str, dict[date, tuple[str, int, str]]] = {}
        self._values: dict[str, list[Value]] = {}

    def read(self, files: Mapping[str, bytes]) -> Pack:
        """The pack as far as it can be read."""
        pack = self._head(files.get(PACK_FILE))
        for topic in sorted(set(files) - {PACK_FILE}):
            self._topic(topic, files[topic])
        values = {name: tuple(sorted(found, key=lambda value: value.since.day)) for name, found in self._values.items()}
        return Pack(pack.name, pack.title, pack.level, pack.version, pack.extends, self._texts or {}, values)

    def _head(self, content: bytes | None) -> Pack:
        file = f"{self._name}/{PACK_FILE}"
        nothing = Pack(self._name, "", Level.COUNTY, "")
        if content is None:
            self._problems.add("no-pack-file", file=file)
            return nothing
        fields = _root(content, file, self._problems)
        if fields is None:
            return nothing
        fields.refuse_unknown(PACK_FIELDS)
        named = fields.text("pack")
        if named and named != self._name:
            fields.tell("folder-differs", "pack", found=named, folder=self._name)
        elif named and not NAME.fullmatch(named):
            fields.tell("not-a-name", "pack", found=named)
        level = fields.one_of("level", [level.value for level in Level])
        self._texts = dict(_texts(fields))
        return Pack(
            self._name, fields.text("name"), Level(level or Level.COUNTY), _version(fields), _extends(fields, level)
        )

    def _topic(self, topic: str, content: bytes) -> None:
        stem, _, suffix = topic.rpartition(".")
        if suffix != "yaml":
            self._problems.add("wrong-suffix", file=f"{self._name}/{topic}", expected=f"{stem or topic}.yaml")
        root = _root(content, f"{self._name}/{topic}", self._problems)
        if root is None:
            return
        for name in root.node.entries:
            parameter = self._parameters.get(name)
            if parameter is None:
                root.tell("unknown-parameter", name, found=name, nearest=nearest(name, self._parameters))
                continue
            dated = root.mapping(name)
            if dated is not None:
                self._dated(parameter, dated)

    def _dated(self, parameter: Parameter, dated: Fields) -> None:
        if not dated.node.entries:
            dated.tell("no-dates")
        undated = [name for name in dated.node.entries if name in VALUE_FIELDS]
        if undated:
            dated.tell("date-missing", undated[0], parameter=parameter.name)
            return
        for stated in dated.node.entries:
            since, fields = dated.since(stated, stated), dated.mapping(stated)
            if since is None or fields is None:
                continue
            self._take(parameter, since, fields)
            value = _ValueReader(fields, parameter, self._texts).read(since)
            if value is not None:
                self._values.setdefault(parameter.name, []).append(value)

    def _take(self, parameter: Parameter, since: Since, fields: Fields) -> None:
        taken = self._taken.setdefault(parameter.name, {})
        file, line, stated = taken.setdefault(since.day, (fields.file, fields.line, since.stated))
        if (file, line) != (fields.file, fields.line):
            fields.tell("same-day", found=since.stated, parameter=parameter.name, file_before=file, line_before=line,
                        stated_before=stated)  # fmt: skip


def _version(fields: Fields) -> str:
    found = fields.text("version")
    since = fields.since(found, "version") if found else None
    if since is not None and not since.is_exact:
        fields.tell("no-such-day", "version", found=found)
    return found


def _extends(fields: Fields, level: str) -> str:
    if level == Level.NATION and "extends" in fields:
        fields.tell("nation-extends", "extends")
        return ""
    return fields.text("extends", required=bool(level) and level != Level.NATION)


def _texts(fields: Fields) -> Iterator[tuple[str, Text]]:
    texts = fields.mapping("texts")
    for key in texts.node.entries if texts else ():
        assert texts is not None  # noqa: S101  (for the type checker)
        if not NAME.fullmatch(key):
            texts.tell("not-a-name", key, found=key)
        text = texts.mapping(key)
        if text is not None:
            yield key, _text(text, key)


def _text(fields: Fields, key: str) -> Text:
    fields.refuse_unknown(TEXT_FIELDS)
    return Text(
        key=key,
        title=fields.text("title"),
        source=Copy(fields.one_of("source", [copy.value for copy in Copy]) or Copy.UNSOURCED),
        number=fields.text_or_null("number"),
        issued=fields.since_or_null("issued"),
        in_force=fields.since_or_null("in_force"),
    )


# ---- a value -------------------------------------------------------------------------------------------------------


class _ValueReader:
    """Reads what stands below one date; `texts` is None when the pack's own file could not be read."""

    def __init__(self, fields: Fields, parameter: Parameter, texts: Mapping[str, Text] | None) -> None:
        self._fields = fields
        self._parameter = parameter
        self._texts = texts

    def read(self, since: Since) -> Value | None:
        """None when the rule itself cannot be read."""
        fields = self._fields
        basis = tuple(self._basis())
        word, note = fields.text("word", required=False), fields.text("note", required=False)
        points = fields.texts("open")
        own = [name for name in fields.node.entries if name not in COMMON_FIELDS]
        if not own and "word" not in fields:
            fields.tell("says-nothing", expected=(*FIELDS[self._parameter.kind], "word"))
            return None
        terms = self._terms(own) if own else None
        if own and terms is None:
            return None
        return Value(since, basis, terms, word, note, points)

    def _basis(self) -> Iterator[Basis]:
        fields = self._fields
        source = fields.one_of("source", [copy.value for copy in Copy], required=False)
        if "basis" not in fields:
            fields.tell("missing-basis")
        for stated in filter(None, fields.texts("basis")):
            key, _, article = stated.partition(" ")
            text = None if self._texts is None else self._texts.get(key)
            if text is not None:
                yield Basis(key, text.title, article.strip(), Copy(source or text.source), text.number)
            elif self._texts is not None:
                fields.tell("unknown-text", "basis", found=key, expected=tuple(self._texts),
                            nearest=nearest(key, self._texts))  # fmt: skip

    def _terms(self, own: list[str]) -> Terms | None:
        kind = self._parameter.kind
        write = _typed if kind is Kind.SETTING else _plain
        written = {name: write(self._fields.node.entries[name]) for name in own}
        try:
            terms = terms_of(kind, written, units=self._parameter.units)
            if isinstance(terms, Deadline) and terms.classes and not self._parameter.classed:
                self._tell(Fault("classes", "has-no-classes"))
                return None
            return terms if self._is_understood(terms) else None
        except NotTerms as error:
            for fault in error.faults:
                self._tell(fault)
            return None

    def _is_understood(self, terms: Terms) -> bool:
        """Settings are for whoever asks for them; these the program itself computes with."""
        if not isinstance(terms, Setting):
            return True
        try:
            if self._parameter.name == counting.PARAMETER:
                counting.read_counting(terms.value)
            elif self._parameter.name == fixed_holidays.PARAMETER:
                fixed_holidays.read_fixed_holidays(terms.value)
            elif page_rules.is_page_rule(self._parameter.name):
                page_rules.read_page_rule(self._parameter.name, terms.value)
        except counting.NotACounting as error:
            self._fields.tell("not-a-counting", "value", found=error.found, part=error.part)
            return False
        except fixed_holidays.NotAHoliday as error:
            self._fields.tell("not-a-holiday", "value", found=error.found, part=error.part)
            return False
        except page_rules.NotAPageRule as error:
            self._fields.tell("not-a-page-rule", "value", found=error.found, part=error.part)
            return False
        return True

    def _tell(self, fault: Fault) -> None:
        known = (
            (*FIELDS[self._parameter.kind], *COMMON_FIELDS) if fault.field not in FIELDS[self._parameter.kind] else ()
        )
        expected = known or fault.expected
        self._fields.problems.add(
            fault.code, file=self._fields.file, line=self._line(fault), key=fault.field, found=fault.found,
            expected=expected, nearest=nearest(fault.found or fault.field, expected), kind=self._parameter.kind.value,
            parameter=self._parameter.name,
        )  # fmt: skip

    def _line(self, fault: Fault) -> int:
        node = self._fields.node.entries.get(fault.field)
        if fault.row is not None and isinstance(node, Sequence):
            return node.items[fault.row].line
        return self._fields.line_of(fault.field)


def _plain(node: Node) -> Any:
    """Texts, lists and mappings as they are written."""
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return {name: _plain(value) for name, value in node.entries.items()}


def _typed(node: Node) -> Any:
    """The same for a setting, where a number written without quotes is a number, `true` and `false` are those."""
    if isinstance(node, Sequence):
        return [_typed(item) for item in node.items]
    if not isinstance(node, Scalar):
        return {name: _typed(value) for name, value in node.entries.items()}
    if node.quoted:
        return node.text
    if node.is_null:
        return None
    if _WHOLE.fullmatch(node.text):
        return int(node.text)
    if _DECIMAL.fullmatch(node.text):
        return float(node.text)
    return _TRUE_FALSE.get(node.text, node.text)
