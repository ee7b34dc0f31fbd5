"""How long the inbox of letters takes to open among 1,000,000, for a handler who has 200 of them, and for others.

    python bench/letters_inbox.py [--quick] [--letters 1000000] [--rounds 7]   both databases, a verdict
    python bench/letters_inbox.py --here …                                     the configured one alone

Both are the embedded database and a PostgreSQL of its own (`.ci/with-postgresql`). Exit status 1 when a goal is missed.
One entrance took in all letters for fifty bureaus. Every view is asked for as a browser would, through the whole of
Django; what counts is the median of the wall clock. Goal: 400 ms for the handler (issue 5, D) as well as for the entrance's
clerk and a supervisor, who may read all of them, and the same number of statements for 3 rows and for 30.
On a machine that does other things meanwhile, judge by processor time.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from building.home import figure, own_home

GOAL = 400  # milliseconds
WITH_POSTGRESQL = Path(__file__).resolve().parents[1] / ".ci" / "with-postgresql"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="50,000 letters")
    parser.add_argument("--letters", type=int)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--here", action="store_true", help="only the database that is configured")
    options = parser.parse_args()
    options.letters = options.letters or (50_000 if options.quick else 1_000_000)
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
    from building.letters import build_letters
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    call_command("collectstatic", verbosity=0, interactive=False)
    now = timezone.now().replace(microsecond=0)
    began = time.perf_counter()
    built = build_letters(options.letters, now=now)
    print(f"{options.letters} letters on {connection.vendor}, built in {time.perf_counter() - began:.0f} s: "
          f"{built.open} open, {built.late} late", flush=True)  # fmt: skip
    missed = 0
    for who, goal in (("handler", GOAL), ("reviewer", GOAL), ("keeper", GOAL), ("clerk", GOAL), ("supervisor", GOAL)):
        client = Client(HTTP_HOST="console.localhost")
        client.force_login(getattr(built, who), backend="jiyue.identity.backends.AccountBackend")
        for name, address in _views(built, now).items():
            missed += _told(f"{who}: {name}", client, address, options.rounds, goal)
    return 1 if missed + _same_number(built) else 0


def _views(built, now) -> dict[str, str]:
    month = now - timedelta(days=30)
    return {
        "waiting for the person": "/letters/",
        "open": "/letters/?tab=open",
        "late": "/letters/?tab=late",
        "all, newest first": "/letters/?tab=all",
        "all, page 100": "/letters/?tab=all&p=100",
        "open, by kind and state": "/letters/?tab=open&kind=complaint&state=handling",
        "all, by number": f"/letters/?tab=all&q={month:%Y%m%d}",
        "open, by words of the title": "/letters/?tab=open&q=图书馆",
        "all, by kind": "/letters/?tab=all&kind=complaint",
        "start page": "/",
    }


def _told(name: str, client, address: str, rounds: int, goal: int | None) -> bool:
    asked = [_asked(client, address) for _ in range(rounds)]
    wall, processor = (statistics.median(each[at] for each in asked) * 1000 for at in (0, 1))
    value = f"{wall:.0f} ms, {processor:.0f} processor"
    met = wall <= goal if goal else None
    figure(f"{name} ({asked[-1][2]} statements)", value, f"≤ {goal} ms" if goal else "", met=met)
    return met is False


def _asked(client, address: str) -> tuple[float, float, int]:
    """Seconds until the whole answer is made, by wall clock and of processor time, and how many statements it took."""
    from django.db import connection

    counted: list[int] = []

    def count(execute, sql, params, many, context):
        began = time.perf_counter()
        answer = execute(sql, params, many, context)
        counted.append(1)
        if os.environ.get("JIYUE_BENCH_SLOW") and time.perf_counter() - began > 0.05:
            print(f"    {time.perf_counter() - began:.3f} s  {sql % tuple(params or ())}")
        return answer

    with connection.execute_wrapper(count):
        began, processor = time.perf_counter(), time.process_time()
        answer = client.get(address)
        took, spent = time.perf_counter() - began, time.process_time() - processor
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    return took, spent, len(counted)


def _same_number(built) -> bool:
    """Statements for somebody with 3 letters and for somebody with 30, both on one page."""
    from django.test import Client

    counts = []
    for person in (built.few, built.thirty):
        client = Client(HTTP_HOST="console.localhost")
        client.force_login(person, backend="jiyue.identity.backends.AccountBackend")
        _asked(client, "/letters/")
        counts.append(_asked(client, "/letters/")[2])
    figure("statements for 3 rows and for 30", f"{counts[0]} and {counts[1]}", "equal", met=counts[0] == counts[1])
    return counts[0] != counts[1]


if __name__ == "__main__":
    raise SystemExit(main())
