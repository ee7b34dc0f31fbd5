"""Two processes that follow the same facts and keep the same clock, killed at random moments; run by `test_duties_survive`.

The parent never opens the database while children live.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module

import django

from jiyue.domain.duties import Fact
from tests.journeys.kill_load import child, in_child

SEED = 20261122
FACTS = 500
BEGUN = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
LATER = BEGUN + timedelta(days=60)


def main(kills: int) -> dict:
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    # Loaded once, before any fork, so that the children spend their short lives on work.
    for name in ("jiyue.obligations.timing", "jiyue.obligations.changing", "tests.cast", "tests.apps.rules.decisions"):
        import_module(name)
    call_command("migrate", verbosity=0)
    connections.close_all()
    in_child(found_city)
    chance, done = random.Random(SEED), 0  # noqa: S311 the moments are to be the same in every run
    while done < kills:
        pair = [child(work), child(work)]
        time.sleep(chance.uniform(0.02, 1.2))
        for process in pair:
            os.kill(process, signal.SIGKILL)
            _pid, status = os.waitpid(process, 0)
            assert os.WIFSIGNALED(status), f"a child ended by itself: {status}"
            done += 1
    return {"kills": done, "before": in_child(counted), **in_child(judge)}


def found_city() -> dict:
    """The cast, and the pack of Hebi for its city since long ago."""
    from tests.apps.rules.decisions import assigned, overseers
    from tests.cast import build_cast

    cast = build_cast(now=BEGUN)
    long_ago = BEGUN.replace(year=2023)
    assigned(cast.city.organisation, "hebi", long_ago.date(), overseers(None, now=BEGUN), now=long_ago)
    return {}


class Letters:
    """500 letters; every third was answered after three days."""

    code = "letters"
    parameters = ("message.reply",)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        from jiyue.estate.models import Site

        site = Site.objects.get(host="www.chenghu.localhost")
        for number in range(FACTS):
            yield Fact(
                parameter="message.reply", subject=f"letter:{number}", title=f"来信{number}", unit=site.owner_id,
                site=site.pk, started_at=BEGUN + timedelta(minutes=number),
                met_at=BEGUN + timedelta(days=3) if number % 3 == 0 else None,
            )  # fmt: skip


def work() -> None:
    """What the worker and the nightly pass do, again and again, and at different times of day."""
    from jiyue.obligations.changing import apply_changes
    from jiyue.obligations.engine import refresh
    from jiyue.obligations.timing import tick

    source = Letters()
    while True:
        for now in (LATER, BEGUN, LATER + timedelta(days=1)):
            refresh(source, now=now)
            apply_changes(sources=[source], now=now)
            tick(now=now)


def counted() -> dict:
    from jiyue.obligations.models import Obligation

    return {"duties": Obligation.objects.count(), "reminded": Obligation.objects.exclude(reminded_at=None).count()}


def judge() -> dict:
    """Finish in peace, and tell what is not as the facts and the clock say."""
    from jiyue.foundation.audit import broken_links
    from jiyue.foundation.models import AuditEvent
    from jiyue.obligations.engine import refresh
    from jiyue.obligations.models import Obligation
    from jiyue.obligations.queries import explain
    from jiyue.obligations.timing import tick

    refresh(Letters(), now=LATER)
    tick(now=LATER)
    rows = list(Obligation.objects.select_related("rule"))
    events = list(AuditEvent.objects.order_by("sequence"))
    told = [(event.code, event.subject) for event in events if event.subject.startswith("obligation:")]
    return {
        "duties": len(rows),
        "open": sum(row.done_at is None for row in rows),
        "other_dates": sum(explain(row).moved for row in rows),
        "told_twice": len(told) - len(set(told)),
        "not_told": sum(row.done_at is None and (row.reminded_at is None or row.escalated_at is None) for row in rows),
        "told_in_vain": sum(("obligations.escalated", f"obligation:{row.pk}") not in told for row in rows if row.escalated_at),
        "broken": broken_links(events),
        "changed_again": bool(refresh(Letters(), now=LATER)),
    }  # fmt: skip


if __name__ == "__main__":
    json.dump(main(int(sys.argv[1])), sys.stdout)
