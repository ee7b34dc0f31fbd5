"""The demo city's organisations, sites, columns and accounts, read from `city/*.yaml` without any framework."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "city"
COLUMN_KINDS = frozenset(
    {
        "channel",
        "overview",
        "institutions",
        "leaders",
        "policy_documents",
        "news",
        "interpretations",
        "data",
        "disclosure_guide",
        "disclosure_report",
        "personnel",
        "notices",
        "plans",
        "topics",
        "gallery",
        "services",
        "answers",
        "general",
    }
)
UPDATE_CLASSES = frozenset(["daily", "two_weeks", "half_year", "year", "event"])
ROLES = frozenset(
    [
        "editor",
        "first_reviewer",
        "second_reviewer",
        "final_reviewer",
        "secrecy_reviewer",
        "letter_clerk",
        "letter_handler",
        "reply_reviewer",
        "site_manager",
        "operator",
        "supervisor",
        "auditor",
        "overseer",
    ]
)


class DemoTextError(ValueError):
    """The demo data contradicts itself; the message names the entry."""


@dataclass(frozen=True)
class Organisation:
    key: str
    name: str
    short: str
    level: str
    kind: str
    code: str
    division_code: str
    superior: str | None = None
    vertical_superior: str | None = None


@dataclass(frozen=True)
class Column:
    """One column of one site; `path` is its address below the site's root, `responsible` an organisation key.

    `channel`, `kind` and `update` are the codes of `content.Column`.
    """

    slug: str
    path: str
    channel: str
    title: str
    kind: str
    update: str
    responsible: str
    description: str
    keywords: tuple[str, ...]
    children: tuple[Column, ...] = ()

    def walk(self) -> Iterator[Column]:
        """This column and everything below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Site:
    key: str
    name: str
    short: str
    host: str
    kind: str
    sponsor: str
    operator: str
    identification_code: str
    icp: str
    police: str
    phone: str
    email: str
    address: str
    colour: str
    description: str
    columns: tuple[Column, ...]

    def all_columns(self) -> dict[str, Column]:
        """Every column of the site by its path, in the order of the menu."""
        return {column.path: column for top in self.columns for column in top.walk()}


@dataclass(frozen=True)
class Account:
    username: str
    name: str
    roles: tuple[str, ...]
    organisation: str
    sites: tuple[str, ...]
    duty: str = ""  # where no role says it
    everywhere: bool = False  # an overseer of the whole platform, not of the city alone


@dataclass(frozen=True)
class OfflineCase:
    """A temporary-offline case (临时下线): `days_ago` it began, `days` it may last, `notice` a document key."""

    site: str
    reason: str
    days_ago: int
    days: int
    approved_by: str
    notice: str


@dataclass(frozen=True)
class Places:
    name: str
    latin: str
    province: str
    division_code: str
    notice: str
    password: str
    organisations: Mapping[str, Organisation]
    sites: Mapping[str, Site]
    accounts: tuple[Account, ...]
    offline: tuple[OfflineCase, ...]

    def team(self, site: str, role: str) -> Account:
        """The first account holding `role` on `site`; KeyError when nobody does."""
        for account in self.accounts:
            if site in account.sites and role in account.roles:
                return account
        raise KeyError(f"{site}: {role}")


def read_yaml(path: Path) -> Any:
    """One data file, parsed."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def read_places(folder: Path = FOLDER) -> Places:
    """Everything but the documents; raises DemoTextError when a reference leads nowhere."""
    city = read_yaml(folder / "city.yaml")
    people = read_yaml(folder / "accounts.yaml")
    trees = read_yaml(folder / "columns.yaml")["trees"]
    organisations = {row["key"]: Organisation(**row) for row in city["organisations"]}
    places = Places(
        **city["city"],
        password=people["password"],
        organisations=organisations,
        sites={row["key"]: _site(row, trees) for row in city["sites"]},
        accounts=tuple(_account(row) for row in people["accounts"]),
        offline=tuple(OfflineCase(**row) for row in city["offline"]),
    )
    _check(places)
    return places


def _site(row: dict[str, Any], trees: dict[str, Any]) -> Site:
    facts = {name: value for name, value in row.items() if name != "tree"}
    responsible = {"sponsor": row["sponsor"], "operator": row["operator"]}
    columns = tuple(_column(entry, "", entry["channel"], responsible) for entry in trees[row["tree"]])
    return Site(**facts, columns=columns)


def _column(entry: dict[str, Any], above: str, channel: str, responsible: dict[str, str]) -> Column:
    path = f"{above}{entry['slug']}"
    unit = entry.get("responsible", "sponsor")
    return Column(
        slug=entry["slug"],
        path=path,
        channel=channel,
        title=entry["title"],
        kind=entry["kind"],
        update=entry.get("update", "event"),
        responsible=responsible.get(unit, unit),
        description=entry["description"],
        keywords=tuple(entry["keywords"]),
        children=tuple(_column(child, f"{path}/", channel, responsible) for child in entry.get("children", ())),
    )


def _account(row: dict[str, Any]) -> Account:
    return Account(
        username=row["username"],
        name=row["name"],
        roles=tuple(row["roles"]),
        organisation=row["organisation"],
        sites=tuple(row["sites"]),
        duty=row.get("duty", ""),
        everywhere=row.get("everywhere", False),
    )


def _check(places: Places) -> None:
    wrong = [*_lost_organisations(places), *_lost_sites(places), *_unknown_words(places)]
    if wrong:
        raise DemoTextError("; ".join(wrong))


def _lost_organisations(places: Places) -> Iterator[str]:
    used = {
        *(unit for row in places.organisations.values() for unit in (row.superior, row.vertical_superior) if unit),
        *(unit for site in places.sites.values() for unit in (site.sponsor, site.operator)),
        *(column.responsible for site in places.sites.values() for column in site.all_columns().values()),
        *(account.organisation for account in places.accounts),
        *(case.approved_by for case in places.offline),
    }
    yield from (f"no such organisation: {unit}" for unit in sorted(used - places.organisations.keys()))


def _lost_sites(places: Places) -> Iterator[str]:
    used = {site for account in places.accounts for site in account.sites} | {case.site for case in places.offline}
    yield from (f"no such site: {site}" for site in sorted(used - places.sites.keys()))


def _unknown_words(places: Places) -> Iterator[str]:
    for account in places.accounts:
        yield from (f"{account.username}: no such role: {role}" for role in set(account.roles) - ROLES)
    for site in places.sites.values():
        for column in site.all_columns().values():
            if column.kind not in COLUMN_KINDS or column.update not in UPDATE_CLASSES:
                yield f"{site.key}/{column.path}: unknown kind or update class"
