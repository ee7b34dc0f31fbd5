"""A platform of very many sites, made in bulk, with one column of very many records."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from tests.cast import Tenant, build_cast

from building.documents import Made, insert_articles, pattern_of
from jiyue.content.models import Column
from jiyue.content.models.records import State
from jiyue.estate.models import Appointment, Block, Site
from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import Duty, Role

PIECE = 2000
PER_SITE = 12
STATES = [State.DRAFT, State.FIRST, State.RETURNED, *[State.PUBLISHED] * 7]


@dataclass(frozen=True)
class Platform:
    editor: User
    supervisor: User
    column: Column  # the one with very many records
    few: Column  # 3 records
    many: Column  # 30 records
    columns: int


@transaction.atomic
def build_platform(*, sites: int, records: int, supervised: int) -> Platform:
    """`sites` sites, of which the supervisor's city has `supervised`; `records` records in one column of its portal."""
    now = datetime.now(UTC)
    cast = build_cast(now=now)
    city = cast.city
    _sites(cast, sites - 2, supervised - 1)
    _columns()
    big, few, many = city.columns["yw"], city.columns["tzgg"], city.columns["zcwj"]
    pattern = pattern_of(city, now=now)
    start = 0
    for column, count in ((big, records), (few, 3), (many, 30)):
        _records(city, pattern, column, count, start, now)
        start += count
    return Platform(city.editor, cast.supervisor, big, few, many, Column.objects.count())


def _sites(cast, count: int, supervised: int) -> None:
    """Departments, each with a site, an editor and three reviewers; the first ones below the supervisor's city."""
    units = [_unit(n, cast.city.organisation if n < supervised else cast.outside.organisation) for n in range(count)]
    Organisation.objects.bulk_create(units)
    for unit in units:
        unit.lineage = f"{unit.superior.lineage}{unit.pk}/"
    Organisation.objects.bulk_update(units, ["lineage"], batch_size=300)
    made = Site.objects.bulk_create(
        [Site(name=unit.name, kind=Site.Kind.DEPARTMENT, host=f"bm{n}.localhost", owner=unit, blocks=list(Block.values))
         for n, unit in enumerate(units)]
    )  # fmt: skip
    password = make_password(None)
    people = User.objects.bulk_create(
        [User(username=f"bm{n}", name=f"样{n}", organisation=unit, duty=Duty.EDITING, password=password)
         for n, unit in enumerate(units)]
    )  # fmt: skip
    Appointment.objects.bulk_create(
        [Appointment(user=user, site=site, role=Role.EDITOR) for user, site in zip(people, made, strict=True)]
    )


def _unit(number: int, superior: Organisation) -> Organisation:
    return Organisation(
        name=f"示范第{number}局", code=f"98{number:07d}", level=superior.level, kind="department", superior=superior
    )


def _columns() -> None:
    new = [
        Column(site=site, kind=Column.Kind.GENERAL, channel=Column.Channel.NEWS, name=f"栏目{n}", slug=f"lm{n}",
               path=f"lm{n}", position=n)
        for site in Site.objects.filter(kind=Site.Kind.DEPARTMENT) for n in range(PER_SITE)
    ]  # fmt: skip
    Column.objects.bulk_create(new, batch_size=500)


def _records(city: Tenant, pattern: str, column: Column, count: int, start: int, now: datetime) -> None:
    made = [Made(start + n, column, now - timedelta(minutes=count - n)) for n in range(count)]
    for first in range(0, count, PIECE):
        piece = made[first : first + PIECE]
        for place, state in enumerate(STATES):
            insert_articles(city, pattern, piece[place :: len(STATES)], state=state)
