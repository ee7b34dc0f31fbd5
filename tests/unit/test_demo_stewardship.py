"""The demo city's own rules are a sound pack, and its lists name only what the city has."""

from datetime import date

import pytest

from jiyue.demo.places import FOLDER, read_yaml
from jiyue.demo.texts import load_city
from jiyue.domain.limits import parse_limit, parse_span
from jiyue.obligations.standing import STANDING
from jiyue.rules.library import shipped
from jiyue.rules.packfiles import read_pack

ROWS = read_yaml(FOLDER / "stewardship.yaml")
CITY = load_city(today=date(2026, 11, 21))
ALL = [row for kind in ("catalogue", "commitments", "changes", "decisions") for row in ROWS[kind]]


def test_the_pack_can_be_read_extends_the_nation_and_says_that_it_is_invented():
    files = {path.name: path.read_bytes() for path in sorted((FOLDER / "rules").glob("*.yaml"))}
    pack = read_pack(files, name="chenghu", parameters=shipped().parameters)
    assert (pack.name, pack.extends) == ("chenghu", "national")
    assert "示范" in pack.title and all("示范" in text.title for text in pack.texts.values())
    assert {"column.update.news", "interpretation.publish", "message.reply"} <= pack.values.keys()


@pytest.mark.parametrize(
    "row", ALL, ids=lambda row: row.get("name") or row.get("title") or row.get("what") or row["column"]
)
def test_every_row_names_a_site_column_and_unit_of_the_city(row):
    site = CITY.places.sites[row["site"]]
    assert "column" not in row or row["column"] in site.all_columns()
    assert {row[name] for name in ("unit", "responsible") if name in row} <= CITY.places.organisations.keys()


def test_limits_are_limits_and_reviewed_documents_exist():
    for row in ROWS["catalogue"]:
        assert "limit" not in row or parse_limit(row["limit"])
        assert "renewal" not in row or parse_span(row["renewal"])
    assert {row["document"] for row in ROWS["reviews"]} <= {document.key for document in CITY.documents}


def test_what_is_taken_and_watched_is_of_the_city_and_invented():
    for row in ROWS["takings"]:
        assert row["column"] in CITY.places.sites[row["site"]].all_columns() and row["origin"] in CITY.places.sites
    addresses = [row["address"] for row in ROWS["feeds"]]
    assert addresses and all(".invalid/" in address for address in addresses)


def test_a_column_came_and_two_duties_stand():
    (column,) = ROWS["new_columns"]
    site = CITY.places.sites[column["site"]]
    assert column["parent"] in site.all_columns() and f"{column['parent']}/{column['slug']}" not in site.all_columns()
    assert len(ROWS["standing"]) == 2 and {row["parameter"] for row in ROWS["standing"]} <= set(STANDING)
    assert {row["unit"] for row in ROWS["standing"]} <= CITY.places.organisations.keys()


@pytest.mark.parametrize("row", read_yaml(FOLDER / "planning.yaml")["plans"], ids=lambda row: row["title"])
def test_every_plan_names_a_column_unit_and_people_of_the_city(row):
    accounts = {account.username for account in CITY.places.accounts}
    assert row["column"] in CITY.places.sites[row["site"]].all_columns() and row["unit"] in CITY.places.organisations
    assert {row["by"], row["owner"]} <= accounts


def test_every_task_and_topic_column_is_of_the_city():
    told = read_yaml(FOLDER / "planning.yaml")
    titles = {document.title for document in CITY.documents}
    for row in told["tasks"]:
        columns = CITY.places.sites[row["site"]].all_columns()
        assert {row["column"], *(note["column"] for note in row["notes"])} <= set(columns)
        assert {row["unit"], *(owed["unit"] for owed in row["owed"])} <= CITY.places.organisations.keys()
        assert "document" not in row or row["document"] in titles
        assert all(not owed["cycle"] or parse_span(owed["cycle"]) for owed in row["owed"])
    assert all(row["column"] in CITY.places.sites[row["site"]].all_columns() for row in told["serves"])


def test_two_people_oversee_the_city():
    overseers = [account for account in CITY.places.accounts if "overseer" in account.roles]
    assert all(not account.sites for account in overseers)
    # Of the city, and of the whole platform: nothing is decided by one person.
    assert [account.everywhere for account in overseers].count(False) == 2
    assert [account.everywhere for account in overseers].count(True) == 2


def test_some_documents_touch_people_and_some_of_these_lack_an_interpretation():
    explained = {document.interprets for document in CITY.documents if document.interprets}
    touching = {document.key for document in CITY.documents if document.policy and document.policy.effect != "none"}
    assert touching & explained and touching - explained
