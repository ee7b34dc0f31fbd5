"""A publishing load whose processes are killed at random moments; run by `test_kills` in a process of its own.

The parent never opens the database while children live; each child is the real worker, or people at the console.
"""

import gc
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path

import django

from jiyue.checks.reading.plain import matter_of_text
from jiyue.checks.running import check
from jiyue.checks.settings import Settings

SEED = 20260302
LONGEST = 2.5  # a pair is killed at most so many times what one record takes from draft to last signature after
# its start, and every other pair after its first last signature: those who only start up never get to sign.


def main(kills: int) -> dict:
    django.setup()
    from django.db import connections

    # Loaded once, before any fork, so that the children spend their short lives on work.
    for name in (
        "config.schedule",
        "publishing.worker",
        "publishing.verifying",
        "review.actions",
        "portal.environment",
    ):
        import_module(f"jiyue.{name}")
    import_module("tests.cast")
    check(matter_of_text("消息"), Settings(now=datetime.now(UTC).date()))  # builds what the checks look words up in
    # In the parent, so that no child has to read templates and lists again before it gets anything done.
    city = found_city()
    connections.close_all()
    gc.collect()
    gc.freeze()  # as `jiyue up` does: a child that looks through all of it for garbage copies every page of it
    promises = Path(os.environ["JIYUE_HOME"]) / "promises"
    chance, done = random.Random(SEED), 0  # noqa: S311 the moments are to be the same in every run
    while done < kills:
        children = [child(work), child(partial(people_at_the_console, promises, done))]
        if done % 4:
            await_promise(promises, children)
        time.sleep(chance.uniform(0.02, LONGEST * city["seconds"]))
        ends = []
        for process in children:
            os.kill(process, signal.SIGKILL)
            ends.append(os.waitpid(process, 0)[1])
        # Asked when both are gone: whoever stays behind keeps our pipes open, and the test would wait for ever.
        assert all(map(os.WIFSIGNALED, ends)), f"a child ended by itself: {ends}"
        done += len(ends)
    return {"kills": done, "city": city, **in_child(lambda: judge(promises))}


def await_promise(promises: Path, children: list[int]) -> None:
    """Until one more last signature was accepted, however long these processes need to start on this machine."""
    had = size(promises)
    while size(promises) == had:
        gone = [process for process in children if os.waitpid(process, os.WNOHANG) != (0, 0)]
        if gone:
            for process in set(children) - set(gone):
                os.kill(process, signal.SIGKILL)
            raise AssertionError("a child ended by itself")
        time.sleep(0.005)


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def child(run: Callable[[], object]) -> int:
    process = os.fork()
    if process:
        return process
    try:
        run()
    except BaseException:  # noqa: BLE001 a child of a fork must not run on into its parent's code
        import traceback

        traceback.print_exc()
        os._exit(3)
    os._exit(0)


def in_child(run: Callable[[], dict]) -> dict:
    """What `run` gives, from a process of its own, so that the parent keeps no connection to the database."""
    read, write = os.pipe()
    process = child(lambda: os.write(write, json.dumps(run()).encode()))
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        data = pipe.read()
    os.waitpid(process, 0)
    return json.loads(data)


def found_city() -> dict:
    from jiyue.publishing.publisher import Publisher
    from tests.cast import build_cast, draft, reviewed, structured

    now = datetime.now(UTC)
    city = build_cast(now=now).city
    structured(city, now=now)
    Publisher().publish(city.site, now=now)
    began = time.monotonic()
    reviewed(city, draft(city, now=now), now=now)
    return {"seconds": time.monotonic() - began}


def work() -> None:
    from jiyue.config.beside import Beside
    from jiyue.config.running import PARTS
    from jiyue.config.schedule import timers
    from jiyue.publishing.publisher import Publisher
    from jiyue.publishing.worker import Worker

    beside = Beside(lambda part: PARTS[part](), on_gone=lambda: work.stop())
    publisher = Publisher()
    work = Worker(publisher, timers(publisher, beside))
    work.run()


def people_at_the_console(promises: Path, began: int) -> None:
    """Write, submit, sign, and note each record whose last signature was accepted."""
    from jiyue.review.actions import submit
    from tests.cast import draft, sign_all

    tenant, number = people(), 0
    while True:
        now = datetime.now(UTC)
        record = draft(tenant, now=now, title=f"第{began}-{number}号消息", column="yw" if number % 2 else "tzgg")
        sign_all(tenant, submit(record=record, by=tenant.editor, now=now), now=now)
        with promises.open("ab", buffering=0) as file:
            file.write(f"{record.identity}\n".encode())
        number += 1


def people():
    from jiyue.estate.models import Site
    from jiyue.identity.models import User
    from tests.cast import SITE_PEOPLE, Tenant

    site = Site.objects.get(host="www.chenghu.localhost")
    persons = {part: User.objects.get(username=f"ch_{part}") for part in SITE_PEOPLE}
    return Tenant(site, site.owner, {column.slug: column for column in site.columns.all()}, persons)


def judge(promises: Path) -> dict:
    """After a last start of the worker: what is missing, half done or broken."""
    from jiyue.foundation.audit import broken_links
    from jiyue.foundation.models import AuditEvent
    from jiyue.publishing.models import Incident, Publication, PublicItem
    from jiyue.publishing.publisher import Publisher
    from jiyue.publishing.reconciling import reconcile
    from jiyue.publishing.verifying import verify
    from jiyue.publishing.worker import Worker
    from jiyue.review.ledger import broken_rows
    from jiyue.review.models import Review, SignOff

    publisher = Publisher()
    worker = Worker(publisher)
    worker.start()
    worker.step(now=datetime.now(UTC))
    found = reconcile(now=datetime.now(UTC))
    report = verify(publisher.home)
    promised = promises.read_text().split() if promises.exists() else []
    rows = {str(identity) for identity in SignOff.objects.values_list("identity", flat=True)}
    root = publisher.home.public_root("www.chenghu.localhost")
    pages = list(PublicItem.objects.values_list("address", flat=True))
    return {
        "promised": len(promised),
        "signed": len(rows),
        "missing": sorted(set(promised) - rows),
        "unpublished": Publication.objects.exclude(state="deployed").count(),
        "lost_pages": [page for page in pages if not (root / page.lstrip("/")).is_file()],
        "half_signed": Review.objects.filter(status="signed_off", sign_offs=None).count(),
        "ledger": broken_rows(),
        "trail": broken_links(AuditEvent.objects.order_by("sequence")),
        "verify": [problem._asdict() for problem in report.problems],
        "reconcile": vars(found) if not found.clean else {},
        "incidents": list(Incident.objects.values_list("what", flat=True)),
        "releases": len(publisher.deployer.sequences("www.chenghu.localhost")),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1])), ensure_ascii=False))
