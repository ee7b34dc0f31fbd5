"""How long after the last signature a new document, and every list that shows it, is deployed on a very large site.

    python bench/signoff.py [--quick] [--documents 100000] [--times 50]

A site of 100,000 public documents over 10 years: 12 columns, nine tenths in the one that is measured. First all of it
is baked and released, which is a figure of its own. Then documents are written, reviewed by three people and signed
off one at a time, while the worker runs as in `jiyue up`: the clock starts when the sign-off is committed and stops
when the release is switched that holds its page and every page that shows it. What the last document reached is read
from the deployed bytes at the end.
"""

import argparse
import cProfile
import multiprocessing
import resource
import statistics
import sys
import time
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from building.home import figure, own_home

GOAL = 1.0  # seconds, p95
REST = 0.5  # seconds that the writers rest between two documents
POLL = 0.2  # seconds between looks at the ledger, as the worker has it


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="10,000 documents, 20 sign-offs")
    parser.add_argument("--documents", type=int, help="100,000 unless told")
    parser.add_argument("--times", type=int, help="50 unless told")
    parser.add_argument("--profile", metavar="FILE", help="write a cProfile of the worker during the sign-offs")
    options = parser.parse_args()
    options.documents = options.documents or (10_000 if options.quick else 100_000)
    options.times = options.times or (20 if options.quick else 50)
    with own_home():
        return _measure(options)


def _measure(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from building.documents import publish_many, twelve_columns
    from tests.cast import build_cast

    from jiyue.publishing.publisher import Publisher

    now = datetime.now(UTC)
    city = build_cast(now=now).city
    columns = twelve_columns(city, now=now)
    others = options.documents // 10
    made = _timed(lambda: publish_many(city, columns, main=options.documents - others, others=others, now=now))
    print(f"{options.documents} documents in {len(columns)} columns, made in {made:.0f} s")
    publisher = Publisher()
    before = _memory()
    processor = time.process_time()
    whole = _timed(lambda: _first_release(publisher, city.site))
    processor = time.process_time() - processor
    figure("whole site baked, checked and released, wall clock", f"{whole:.1f} s")
    figure("the same, processor time", f"{processor:.1f} s")
    figure("documents a second of wall clock, everything included", f"{options.documents / whole:.0f}")
    figure("memory of the publishing process, most (before)", f"{_memory():.0f} MB ({before:.0f})")
    waits, rounds = _sign_offs(options, city, publisher)
    _report(waits, rounds)
    return 0


def _first_release(publisher, site) -> None:
    from datetime import UTC, datetime

    outcome = publisher.publish(site, now=datetime.now(UTC))
    if outcome.release != 1 or outcome.failed:
        raise SystemExit(f"the first release failed: {outcome}")


def _sign_offs(options: argparse.Namespace, city, publisher) -> tuple[list[float], list[tuple[int, float]]]:
    """Seconds from each commit of a sign-off to its release; statements and processor time of each releasing round."""
    from django.db import connection, connections

    from jiyue.publishing.worker import Worker

    worker, waits, rounds = Worker(publisher), [], []
    signed: dict[str, float] = {}
    counted: list[int] = []

    def count(execute, sql, params, many, context):
        counted.append(1)
        return execute(sql, params, many, context)

    telling, told = multiprocessing.Pipe()
    connections.close_all()  # two processes must not share one
    writer = multiprocessing.get_context("fork").Process(target=_write_and_sign, args=(options.times, city, told))
    profile = cProfile.Profile() if options.profile else nullcontext()
    with connection.execute_wrapper(count):
        writer.start()
        while len(waits) < options.times:
            began = time.monotonic()
            counted.clear()
            before = _newest(publisher, city.site)
            processor = time.process_time()
            with profile:
                worker.step(now=_now())
            ended, processor = time.monotonic(), time.process_time() - processor
            while telling.poll():
                identity, at = telling.recv()
                signed[identity] = at
            if _newest(publisher, city.site) != before:
                public = [at for identity, at in signed.items() if _deployed(city.site, identity)]
                waits += [ended - at for at in public[len(waits) :]]
                rounds.append((len(counted), processor))
            elif not writer.is_alive() and not telling.poll() and len(signed) < options.times:
                raise SystemExit("the writer ended early")
            time.sleep(max(0.0, POLL - (time.monotonic() - began)))
    writer.join()
    if options.profile:
        profile.dump_stats(options.profile)
    _check_lists(publisher, city, list(signed))
    return waits, rounds


def _newest(publisher, site) -> int:
    release = publisher.deployer.newest(site.host)
    return release.sequence if release else 0


def _deployed(site, identity: str) -> bool:
    from jiyue.publishing.models import Publication

    return Publication.objects.filter(sign_off__identity=identity, site=site, state="deployed").exists()


def _check_lists(publisher, city, identities: list[str]) -> None:
    """The last document stands on its own page and on every list that shows the newest: by bytes, not by rows."""
    from jiyue.publishing.models import PublicItem

    last = PublicItem.objects.get(site=city.site, identity=identities[-1])
    column = last.column.path
    shown = [f"{column}/index.html", f"{column}/rss.xml", f"{column}/atom.xml", "index.html", "rss.xml", "sitemap.xml"]
    for path in [last.address.lstrip("/"), *shown[:-1]]:
        file = publisher.deployer.find(city.site.host, path)
        if file is None or last.address.encode() not in publisher.deployer.store.get(file.digest):
            raise SystemExit(f"{path} does not show the newest document {last.address}")


def _write_and_sign(times: int, city, told) -> None:
    """What four people do in the console, in a process of their own; tells each sign-off once it is committed."""
    from building.bodies import blocks
    from django.db import connection
    from tests.cast import draft, sign_all

    from jiyue.review.actions import submit

    for n in range(times):
        moment = _now()
        record = draft(city, now=moment, title=f"关于第{n + 1}件新事项的通知", body=blocks(f"新{n}"))
        review = submit(record=record, by=city.editor, now=moment)
        sign_all(city, review, now=_now())
        told.send((str(record.identity), time.monotonic()))
        time.sleep(REST)
    connection.close()


def _now():
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _memory() -> float:
    """The most this process has had resident, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _report(waits: list[float], rounds: list[tuple[int, float]]) -> None:
    waits = sorted(waits)
    p95 = waits[min(len(waits) - 1, int(len(waits) * 0.95))]
    name = f"sign-off → deployed, {len(waits)} times"
    figure(f"{name}: p50", f"{statistics.median(waits):.2f} s")
    figure(f"{name}: p95", f"{p95:.2f} s", f"≤ {GOAL:.0f} s", met=p95 <= GOAL)
    figure(f"{name}: most", f"{waits[-1]:.2f} s")
    statements, processor = zip(*rounds, strict=True)
    figure("processor time of the worker for a release, median", f"{statistics.median(processor) * 1000:.0f} ms")
    figure("statements of the worker for a release, median", f"{statistics.median(statements):.0f}")


if __name__ == "__main__":
    raise SystemExit(main())
