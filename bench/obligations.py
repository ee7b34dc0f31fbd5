"""How long "what is due or late now" takes among 1,000,000 duties of 2,000 sites: one person's list, everybody by site.

    python bench/obligations.py [--quick] [--obligations 1000000] [--sites 2000] [--rounds 15]   both databases, a verdict
    python bench/obligations.py --here …                                                       the configured one alone

Both are the embedded database and a PostgreSQL of its own (`.ci/with-postgresql`). Exit status 1 when a goal is missed.

Duties of three years, a fifth of them open, one in two hundred late; 20 bureaus a city. An editor of one site, a manager
of 20, an overseer of the whole platform and a supervisor of a city ask as the console does. Each question is asked
`rounds` times; what counts is the median of the wall clock. Next to it stand processor time, of PostgreSQL's process for
this connection too, and the same question with the indexes taken away. On a machine that does other things meanwhile,
judge by processor time.
Last, a changed value for one city is applied to what is open; how many rows that reads is counted too.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parent))

from building.home import figure, own_home

PERSON_GOAL, EVERYBODY_GOAL = 20, 50  # milliseconds
CHUNK = 20_000
CITY = 20  # sites
WITH_POSTGRESQL = Path(__file__).resolve().parents[1] / ".ci" / "with-postgresql"
PARAMETERS = ("column.update.news", "column.update.policy", "disclosure.other", "interpretation.publish", "site.report")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="100,000 duties of 2,000 sites")
    parser.add_argument("--obligations", type=int)
    parser.add_argument("--sites", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--here", action="store_true", help="only the database that is configured")
    options = parser.parse_args()
    options.obligations = options.obligations or (100_000 if options.quick else 1_000_000)
    if not options.here:
        return _on_both(sys.argv[1:])
    with own_home():
        return _measure(options)


def _on_both(arguments: list[str]) -> int:
    """One after the other, so that neither is in the other's way."""
    here = [sys.executable, __file__, "--here", *arguments]
    print(f"load of the machine: {os.getloadavg()[0]:.1f}", flush=True)
    status = {
        "sqlite": subprocess.run(here, check=False).returncode,
        "postgresql": subprocess.run([str(WITH_POSTGRESQL), *here], check=False).returncode,
    }
    words = {0: "every goal met", 1: "a goal MISSED", 69: "not installed, not measured"}
    for name, code in status.items():
        print(f"verdict on {name}: {words.get(code, f'failed with status {code}')}")
    return max(status.values())


def _measure(options: argparse.Namespace) -> int:
    from django.db import connection
    from django.utils import timezone

    now = timezone.now().replace(microsecond=0)
    began = time.perf_counter()
    built = _build(options, now)
    took = time.perf_counter() - began
    print(f"{options.obligations} duties of {options.sites} sites on {connection.vendor}, built in {took:.0f} s: "
          f"{built.open} open, {built.late} late, {built.due} late or due soon")  # fmt: skip
    questions = _questions(built, now)
    slow = _without_indexes(questions)
    missed = 0
    for name, (goal, ask) in questions.items():
        wall, processor = _median(ask, options.rounds)
        told = f"{wall:.1f} ms, {processor:.1f} processor; {slow[name]:.0f} without"
        figure(name, told, f"≤ {goal} ms" if goal else "", met=wall <= goal if goal else None)
        missed += bool(goal and wall > goal)
    _change_a_value(built, now)
    return 1 if missed else 0


def _questions(built: SimpleNamespace, now: datetime) -> dict:
    from jiyue.obligations.policies import visible_obligations
    from jiyue.obligations.queries import due_for, load_by_site, open_for, todo_for, visible_open
    from jiyue.obligations.timing import tick

    def everything():
        return load_by_site(visible_obligations(built.overseer), now)

    return {
        "editor of one site: due or late": (PERSON_GOAL, lambda: list(due_for(built.editor, now)[:50])),
        "editor of one site: all open, first 50": (None, lambda: list(open_for(built.editor, now)[:50])),
        "editor of one site: to-dos": (PERSON_GOAL, lambda: todo_for(built.editor, now)),
        "manager of 20 sites: due or late": (PERSON_GOAL, lambda: list(due_for(built.manager, now)[:50])),
        "supervisor of a city: due or late, first 50": (
            None,
            lambda: list(visible_open(built.supervisor, now).due(now)[:50]),
        ),
        "supervisor of a city: open, first 50": (None, lambda: list(visible_open(built.supervisor, now)[:50])),
        "overseer of all: open, first 50": (None, lambda: list(visible_open(built.overseer, now)[:50])),
        "everybody by site: late and due soon": (EVERYBODY_GOAL, everything),
        "one round of the clock, nothing to do": (None, lambda: tick(now=now)),
    }


def _median(ask, rounds: int) -> tuple[float, float]:
    """Milliseconds by wall clock and of processor time, here and in the process of the database."""
    taken, worked = [], _database_clock()
    for _round in range(rounds):
        began = (time.perf_counter(), time.process_time() + worked())
        ask()
        taken.append((time.perf_counter() - began[0], time.process_time() + worked() - began[1]))
    return tuple(statistics.median(each[at] for each in taken) * 1000 for at in (0, 1))


def _database_clock() -> Callable[[], float]:
    """Gives the seconds that PostgreSQL's process for this connection has worked; SQLite works in this one."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return lambda: 0.0
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: int(told.read_text("ascii").split()[0]) / 1e9


def _without_indexes(questions: dict) -> dict[str, float]:
    """Each question once or twice without the indexes of open duties; they are back afterwards."""
    from django.db import connection, transaction

    from jiyue.obligations.models import Obligation

    with transaction.atomic():
        with connection.cursor() as cursor:
            for name in [*(index.name for index in Obligation._meta.indexes), "obligation_soon"]:
                cursor.execute(f"drop index if exists {name}")
        slow = {name: _median(ask, 3)[0] for name, (_goal, ask) in questions.items()}
        transaction.set_rollback(True)
    return slow


def _build(options: argparse.Namespace, now: datetime) -> SimpleNamespace:
    from django.db import connection

    from jiyue.obligations.models import Obligation

    built = _people_and_sites(options.sites, now)
    rules = _frozen()
    rows = _rows(options, built, rules, now)
    columns = [field.column for field in Obligation._meta.concrete_fields if field.column != "id"]
    write = _copy if connection.vendor == "postgresql" else _insert
    chunk: list[tuple] = []
    for row in rows:
        chunk.append(tuple(row[column] for column in columns))
        if len(chunk) == CHUNK:
            write(columns, chunk)
            chunk = []
    write(columns, chunk)
    with connection.cursor() as cursor:
        # What the database's own upkeep does by and by; without it PostgreSQL looks into every row an index names.
        cursor.execute("vacuum analyze" if connection.vendor == "postgresql" else "analyze")
    built.open = Obligation.objects.pending().count()
    built.late = Obligation.objects.late(now).count()
    built.due = Obligation.objects.due(now).count()
    return built


def _people_and_sites(count: int, now: datetime) -> SimpleNamespace:
    from jiyue.domain.actors import process
    from jiyue.estate.models import Appointment, Site
    from jiyue.identity.actions import give_membership
    from jiyue.identity.models import Organisation, User
    from jiyue.identity.roles import Duty, Role

    province = _units([Organisation(name="示范省", code="P", level="province", kind="government")], None)[0]
    cities = _units(
        [Organisation(name=f"市{n}", code=f"C{n}", level="city", kind="government") for n in range(-(-count // CITY))],
        province,
    )
    units = [
        unit
        for n, city in enumerate(cities)
        for unit in _units(
            [Organisation(name=f"局{n}-{m}", code=f"U{n}-{m}", level="city", kind="department") for m in range(CITY)],
            city,
        )
    ][:count]
    sites = Site.objects.bulk_create(
        [Site(name=unit.name, kind="department", host=f"s{n}.example.localhost", owner=unit, status="online")
         for n, unit in enumerate(units)]
    )  # fmt: skip

    def person(name: str, duty: str) -> User:
        return User.objects.create(username=name, name=name, duty=duty)

    people = {
        "editor": person("editor", Duty.EDITING), "manager": person("manager", Duty.ADMINISTERING),
        "supervisor": person("supervisor", Duty.SUPERVISING), "overseer": person("overseer", Duty.ADMINISTERING),
    }  # fmt: skip
    Appointment.objects.create(user=people["editor"], site=sites[0], role=Role.EDITOR)
    for site in sites[:CITY]:
        Appointment.objects.create(user=people["manager"], site=site, role=Role.SITE_MANAGER)
    by = process("bench")
    give_membership(user=people["supervisor"], role=Role.SUPERVISOR, organisation=cities[0], by=by, now=now)
    give_membership(user=people["overseer"], role=Role.OVERSEER, organisation=None, by=by, now=now)
    return SimpleNamespace(sites=sites, units=units, cities=cities, **people)


def _units(units: list, superior) -> list:
    """Units below one, with the lineages that the actions would have given them."""
    from jiyue.identity.models import Organisation

    for unit in units:
        unit.superior = superior
    made = Organisation.objects.bulk_create(units)
    for unit in made:
        unit.lineage = f"{superior.lineage if superior else '/'}{unit.pk}/"
    Organisation.objects.bulk_update(made, ["lineage"])
    return made


def _frozen() -> list:
    from django.utils import timezone

    from jiyue.obligations.engine import Engine
    from jiyue.rules.library import shipped

    today = timezone.localdate()
    rules = shipped().ruleset("xiangxi")
    engine = Engine(now=timezone.now())
    return [engine.frozen(rules.answer(parameter, today)) for parameter in PARAMETERS]


def _rows(options: argparse.Namespace, built: SimpleNamespace, rules: list, now: datetime):
    draw = random.Random(7)  # noqa: S311 - drawn data, the same every time
    empty = dict.fromkeys(
        ("event_at", "latest_at", "reminded_at", "escalated_at", "escalated_to_id", "second_step_at", "second_step_by_id",
         "met_at", "done_at", "waived_at", "ended_at", "person_id")
    )  # fmt: skip
    for number in range(options.obligations):
        at = number % len(built.sites)
        rule = rules[draw.randrange(len(rules))]
        is_open = draw.random() < 0.194
        is_late = is_open and draw.random() < 0.025
        due = now - timedelta(minutes=draw.randrange(1, 40_000)) if is_late else (
            now + timedelta(minutes=draw.randrange(1, 260_000)) if is_open else now - timedelta(minutes=draw.randrange(1_500_000))
        )  # fmt: skip
        began = due - timedelta(days=draw.choice((5, 7, 14, 180)))
        yield {
            **empty, "parameter": rule.answer["parameter"], "source": "bench", "subject": f"record:{number}",
            "title": f"第 {number} 件", "area": "", "site_id": built.sites[at].pk, "unit_id": built.units[at].pk,
            "person_id": built.editor.pk if at == 0 and number % 5 == 0 else None, "started_at": began,
            "recorded_at": began, "due_at": due, "act_by": due, "remind_at": due - (due - began) / 3,
            "provisional": False, "by_hand": False, "rule_id": rule.pk, "own_limit": "", "pack": rule.answer["pack"],
            "second_step_reason": "", "evidence": "{}", "done_at": None if is_open else due - timedelta(hours=1),
            "met_at": None if is_open else due - timedelta(hours=1),
            "reminded_at": now if is_open else None, "escalated_at": now if is_late else None,
        }  # fmt: skip


def _insert(columns: list[str], rows: list[tuple]) -> None:
    from django.db import connection, transaction

    marks = ", ".join(["%s"] * len(columns))
    statement = f"insert into obligations_obligation ({', '.join(columns)}) values ({marks})"  # noqa: S608 - our names
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, [tuple(_plain(value) for value in row) for row in rows])


def _plain(value):
    return value.replace(tzinfo=None).isoformat(" ") if isinstance(value, datetime) else value


def _copy(columns: list[str], rows: list[tuple]) -> None:
    from django.db import connection, transaction

    statement = f"copy obligations_obligation ({', '.join(columns)}) from stdin"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _change_a_value(built: SimpleNamespace, now: datetime) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from jiyue.obligations.engine import Change, reevaluate
    from jiyue.rules.models import Override

    since = (now - timedelta(days=3)).date()
    city = built.cities[0]
    Override.objects.create(
        organisation=city, parameter="disclosure.other", from_on=since, value="limit: 9 working-days", document="试",
        grounds="试", proposed_by=built.overseer, proposed_at=now, answered_by=built.supervisor, answered_at=now,
        state="approved",
    )  # fmt: skip
    change = Change(since=since, parameter="disclosure.other", unit=city.pk)
    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        moved = reevaluate(change, sources=(), now=now)
        took = time.perf_counter() - began
    figure(
        "a value of one city, applied to what is open", f"{took * 1000:.0f} ms", f"{moved} moved of {built.open} open"
    )
    figure("the same: statements", str(len(asked)), f"about {len(asked) / max(moved, 1):.1f} a moved duty")


if __name__ == "__main__":
    sys.exit(main())
