"""How late a scheduled release is: one site, a number of moments a few seconds apart, the real worker and clock.

    python bench/exact_second.py [--quick | MOMENTS]

Prints each lateness and the largest, in milliseconds. Goal: never early, late by at most 100 ms (issue 2, D3).
"""

import os
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ["JIYUE_HOME"] = tempfile.mkdtemp(prefix="jiyue-second-")
os.environ["DJANGO_SETTINGS_MODULE"] = "jiyue.config.settings.base"

SPACING = timedelta(seconds=3)


def main(moments: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from tests.cast import build_cast, structured

    from jiyue.publishing.publisher import Publisher
    from jiyue.publishing.worker import Worker

    call_command("migrate", verbosity=0)
    now = datetime.now(UTC)
    city = build_cast(now=now).city
    structured(city, now=now)
    worker = Worker(Publisher())
    thread = threading.Thread(target=worker.run)
    thread.start()
    switched: list[datetime] = []
    threading.Thread(target=_watch, args=(worker, city.site.host, switched), daemon=True).start()
    planned = [_planned(city, datetime.now(UTC) + (number + 2) * SPACING) for number in range(moments)]
    time.sleep(max(0.0, (planned[-1] - datetime.now(UTC)).total_seconds()) + 2)
    worker.stop()
    thread.join()
    late = [min((each - moment).total_seconds() * 1000 for each in switched if each >= moment) for moment in planned]
    early = sum(any(moment - SPACING / 2 < each < moment for each in switched) for moment in planned)
    print("late by (ms):", *(f"{each:.1f}" for each in late))
    print(f"{moments} moments; {early} early; latest {max(late):.1f} ms")


def _watch(worker, host: str, switched: list[datetime]) -> None:
    """When the public link really changes, seen from outside to the millisecond."""
    link, before = worker.publisher.home.public_root(host), ""
    while not worker.stopping:
        target = os.readlink(link) if os.path.lexists(link) else ""
        if target != before:
            switched.append(datetime.now(UTC))
            before = target
        time.sleep(0.001)


def _planned(city, moment: datetime) -> datetime:
    from tests.cast import draft, reviewed

    now = datetime.now(UTC)
    reviewed(city, draft(city, now=now, title=f"定时 {moment:%H:%M:%S}"), now=now, publish_at=moment)
    return moment


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word.isdecimal()]
    main(int(given[0]) if given else 3 if "--quick" in sys.argv else 10)
