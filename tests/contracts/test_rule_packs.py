"""What ships as rules is sound, and what is generated from it is up to date."""

import re
from pathlib import Path

import pytest
import yaml
from docs.rules.generated import PACKS, ROOT, files
from jsonschema import Draft202012Validator

from jiyue.domain.limits import Unit
from jiyue.domain.rule_terms import FIELDS, UNITS, Kind
from jiyue.domain.rulesets import Copy, Level
from jiyue.rules import library, schemas
from jiyue.rules.calendarfiles import CALENDAR_FIELDS
from jiyue.rules.checking import check
from jiyue.rules.library import Library
from jiyue.rules.packfiles import COMMON_FIELDS, PACK_FIELDS, PARAMETER_FIELDS, TEXT_FIELDS

SHIPPED = Library(PACKS)
VALUES = schemas.values(SHIPPED.parameters)


class EditorLoader(yaml.SafeLoader):
    """YAML 1.2 as editors read it for a schema: days stay texts, and `off` and `no` are words."""

    yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(("timestamp", "bool"))]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def read(text):
    return _with_text_keys(yaml.load(text, Loader=EditorLoader))  # noqa: S506


def _with_text_keys(found):
    if isinstance(found, dict):
        return {str(key): _with_text_keys(value) for key, value in found.items()}
    return [_with_text_keys(each) for each in found] if isinstance(found, list) else found


def schema_of(path: Path):
    if path.name == "pack.yaml":
        return schemas.pack()
    if path.name == "parameters.yaml":
        return schemas.catalogue()
    return schemas.calendar() if path.parent.name == "calendars" else VALUES


def test_the_packs_that_ship_have_no_fault():
    report = check(PACKS)
    assert report.problems == ()
    assert report.files == len(list(PACKS.glob("**/*.yaml")))


@pytest.mark.parametrize("path", sorted(files()), ids=lambda path: path.name)
def test_what_is_generated_is_up_to_date(path):
    assert path.read_text("utf-8") == files()[path], "run `make rules`"


@pytest.mark.parametrize("path", sorted(PACKS.glob("**/*.yaml")), ids=lambda path: str(path.relative_to(PACKS)))
def test_every_file_that_ships_fits_its_schema(path):
    faults = Draft202012Validator(schema_of(path)).iter_errors(read(path.read_text("utf-8")))
    assert [(list(fault.path), fault.message[:200]) for fault in faults] == []


@pytest.mark.parametrize("name", sorted(schemas.all_schemas(SHIPPED.parameters)))
def test_the_schemas_are_schemas(name):
    Draft202012Validator.check_schema(schemas.all_schemas(SHIPPED.parameters)[name])


def test_the_schemas_name_exactly_what_the_program_reads():
    pack, catalogue = schemas.pack(), schemas.catalogue()["additionalProperties"]
    text = pack["properties"]["texts"]["additionalProperties"]
    assert tuple(pack["properties"]) == PACK_FIELDS
    assert pack["properties"]["level"]["enum"] == [level.value for level in Level]
    assert tuple(text["properties"]) == TEXT_FIELDS
    assert text["properties"]["source"]["enum"] == [copy.value for copy in Copy]
    assert tuple(catalogue["properties"]) == PARAMETER_FIELDS
    assert catalogue["properties"]["kind"]["enum"] == [kind.value for kind in Kind]
    assert tuple(schemas.calendar()["properties"]) == CALENDAR_FIELDS
    assert list(VALUES["properties"]) == list(SHIPPED.parameters)


@pytest.mark.parametrize("kind", Kind)
def test_a_value_may_have_the_fields_of_its_kind_and_no_other(kind):
    parameter = next(each for each in SHIPPED.parameters.values() if each.kind is kind)
    shape = VALUES["properties"][parameter.name]["$ref"].removeprefix("#/$defs/")
    allowed = set(VALUES["$defs"][shape]["additionalProperties"]["properties"])
    assert set(COMMON_FIELDS) <= allowed <= {*COMMON_FIELDS, *FIELDS[kind]}


def test_the_units_of_each_kind_are_those_of_the_code():
    rules = {each["if"]["properties"]["kind"]["const"]: each["then"] for each in
             schemas.catalogue()["additionalProperties"]["allOf"]}  # fmt: skip
    units = {Kind(kind): tuple(then.get("properties", {}).get("units", {"items": {"enum": ()}})["items"]["enum"])
             for kind, then in rules.items()}  # fmt: skip
    assert units == UNITS
    assert {unit.value for unit in Unit} < set(units[Kind.DEADLINE])


REFUSED = [
    "message.reply: {2022: {limit: 5 days, basis: a 一}}",
    "message.reply: {2022: {limit: soon, basis: a 一}}",
    "message.reply: {2022: {limit: 5 working-days}}",
    "message.reply: {2022: {basis: a 一}}",
    "message.reply: {2022: {limit: 5 working-days, latest_needs: reason, basis: a 一}}",
    "message.reply: {2022-13: {limit: 5 working-days, basis: a 一}}",
    "message.reply: {}",
    "mesage.reply: {2022: {word: 及时, basis: a 一}}",
    "column.update.news: {2022: {limit: 2 weeks, basis: a 一}}",
    "site.report: {2022: {by: 1-31, basis: a 一}}",
    "site.eligibility: {2022: {answers: [{answer: no}], basis: a 一}}",
    "review.levels: {2022: {value: [], basis: a 一}}",
    "interpretation.coverage: {2022: {at_least: 80, basis: a 一}}",
    "[]",
]


@pytest.mark.parametrize("topic", REFUSED)
def test_an_editor_marks_what_the_program_refuses(topic):
    assert not Draft202012Validator(VALUES).is_valid(read(topic))


def test_the_packs_are_found_where_the_package_carries_them(monkeypatch, tmp_path):
    monkeypatch.delenv("JIYUE_RULEPACKS", raising=False)
    assert library.root().resolve() == PACKS
    monkeypatch.setenv("JIYUE_RULEPACKS", str(tmp_path))
    assert library.root() == tmp_path


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_page_on_writing_a_pack_shows_a_pack_that_is_sound(page, tmp_path):
    """The files of the page, as they stand there."""
    page = (ROOT / "docs" / "rules" / page).read_text("utf-8")
    blocks = re.findall(r"^`([\w/.-]+\.yaml)`:\n\n```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in blocks] == ["chenghu/pack.yaml", "chenghu/interaction.yaml"]
    for name, content in blocks:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    assert check(tmp_path / "chenghu").problems == ()
