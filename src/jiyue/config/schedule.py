"""Everything that happens by itself, and how often. The worker runs these; nothing else has a clock of its own."""

import subprocess
import sys
from datetime import datetime, timedelta

from jiyue.publishing.collecting import collect
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.worker import Timer

KEPT_RELEASES = 50  # whose directories stay on the disk; older ones are built again from their manifests when needed


class Apart:
    """A command run beside the worker: it reads whole tables, and a signature must not wait for that."""

    def __init__(self, *arguments: str) -> None:
        self.command = [sys.executable, "-m", "jiyue.config.command", *arguments]
        self.running: subprocess.Popen | None = None

    def __call__(self, _now: datetime) -> None:
        """Start it, unless the last one is still at work."""
        if self.running is None or self.running.poll() is not None:
            self.running = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command


def timers(publisher: Publisher) -> list[Timer]:
    """对账 every quarter of an hour; unneeded directories once a day."""
    return [
        Timer("reconcile", timedelta(minutes=15), Apart("reconcile")),
        Timer(
            "collect",
            timedelta(days=1),
            lambda now: collect(publisher.deployer, keep_releases=KEPT_RELEASES, now=now),
        ),
    ]
