"""How long the console takes to list a column of 100,000 records, for an editor and for a supervisor of 400 sites.

    python bench/console_list.py [--quick] [--records 100000] [--sites 600]

600 sites of 12 columns; 100,000 records in one column of the first. The editor writes for that site alone, the
supervisor reads the 400 sites of one city. Each view is asked for as a browser would, through the whole of Django, five
times; what counts is the median of the server's time. The same list with 3 and with 30 rows must cost as many
statements. Page caches are off; there are none to turn off.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from building.home import figure, own_home

GOAL = 400  # milliseconds
SUPERVISED = 2 / 3  # of all sites


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="20,000 records; the sites stay 600")
    parser.add_argument("--records", type=int)
    parser.add_argument("--sites", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    options.records = options.records or (20_000 if options.quick else 100_000)
    with own_home() as home:
        return _measure(options, home)


def _measure(options: argparse.Namespace, home: Path) -> int:
    from building.many_sites import build_platform
    from django.core.management import call_command
    from django.test import Client

    call_command("collectstatic", verbosity=0, interactive=False)
    built = build_platform(sites=options.sites, records=options.records, supervised=int(options.sites * SUPERVISED))
    print(f"{options.sites} sites, {built.columns} columns, {options.records} records in one column")
    for who, person in (("editor", built.editor), ("supervisor", built.supervisor)):
        client = Client(HTTP_HOST="console.localhost")
        client.force_login(person, backend="jiyue.identity.backends.AccountBackend")
        for name, address in _views(built).items():
            _report(f"{who}: {name}", client, address, options.rounds)
        _same_number(who, client, built)
    return 0


def _views(built) -> dict[str, str]:
    list_of_column = f"/records/?column={built.column.pk}"
    return {
        "column, page 1": list_of_column,
        "column, page 300": f"{list_of_column}&p=300",
        "column, by state": f"{list_of_column}&state=draft",
        "column, words in the title": f"{list_of_column}&q=000123",
        "all her sites": "/records/?site=all",
        "my work": "/",
    }


def _report(name: str, client, address: str, rounds: int) -> None:
    asked = [_asked(client, address) for _ in range(rounds)]
    wall, processor = (statistics.median(each[at] for each in asked) * 1000 for at in (0, 1))
    name = f"{name} ({asked[-1][2]} statements)"
    figure(name, f"{wall:.0f} ms, {processor:.0f} processor", f"≤ {GOAL} ms", met=wall <= GOAL)


def _asked(client, address: str) -> tuple[float, float, int]:
    """Seconds until the whole answer is made, by wall clock and of processor time, and how many statements it took."""
    from django.db import connection

    counted: list[int] = []

    def count(execute, sql, params, many, context):
        counted.append(1)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        began, processor = time.perf_counter(), time.process_time()
        answer = client.get(address)
        took, spent = time.perf_counter() - began, time.process_time() - processor
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    return took, spent, len(counted)


def _same_number(who: str, client, built) -> None:
    few = _asked(client, f"/records/?column={built.few.pk}")[2]
    many = _asked(client, f"/records/?column={built.many.pk}")[2]
    figure(f"{who}: statements for 3 rows and for 30", f"{few} and {many}", "equal", met=few == many)


if __name__ == "__main__":
    raise SystemExit(main())
