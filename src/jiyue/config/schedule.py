"""Everything that happens by itself, and how often. The worker runs these; nothing else has a clock of its own."""

import atexit
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, time, timedelta

from jiyue.config import duties
from jiyue.console.duties import digests
from jiyue.domain.deadlines import local
from jiyue.publishing import batches
from jiyue.publishing.collecting import collect
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.worker import Timer

KEPT_RELEASES = 50  # whose directories stay on the disk; older ones are built again from their manifests when needed


class Apart:
    """A command run beside the worker: it reads whole tables, and a signature must not wait for that.

    It does not outlive the worker: whoever stopped the platform may move its home, or delete it, at once.
    """

    def __init__(self, *arguments: str) -> None:
        self.command = [sys.executable, "-m", "jiyue.config.command", *arguments]
        self.running: subprocess.Popen | None = None
        atexit.register(self.stop)

    def __call__(self, _now: datetime) -> None:
        """Start it, unless the last one is still at work."""
        if self.running is None or self.running.poll() is not None:
            self.running = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command

    def stop(self) -> None:
        """End it wherever it is, as a kill would: all of these commands may be cut off and run again."""
        if self.running is not None and self.running.poll() is None:
            self.running.kill()
            self.running.wait()


class Nightly:
    """Once when the worker starts, because the program may be newer than yesterday, and then once every night."""

    def __init__(self, run: Callable[[datetime], object], at: time = time(2, 30)) -> None:
        self.run, self.at = run, at
        self.done: datetime | None = None

    def __call__(self, now: datetime) -> None:
        here = local(now)
        night = here.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        night -= timedelta(days=night > here)
        if self.done is None or self.done < night:
            self.done = night
            self.run(now)


class Wanted:
    """Run something only when a small question says that it is needed: a mail server may take long to answer."""

    def __init__(self, asks: Callable[[datetime], bool], run: Callable[[datetime], object]) -> None:
        self.asks, self.run = asks, run

    def __call__(self, now: datetime) -> None:
        if self.asks(now):
            self.run(now)


def timers(publisher: Publisher) -> list[Timer]:
    """Signed batches at every round; 对账 every quarter of an hour, unneeded directories once a day, duties every minute;
    every night all facts, what pages read, the uploads that nobody names, and the checks over everything public.
    """
    return [
        Timer("batches", timedelta(seconds=0.2), lambda now: batches.carry_on(now=now)),
        Timer("reconcile", timedelta(minutes=15), Apart("reconcile")),
        Timer("reads", timedelta(minutes=1), Nightly(Apart("reconcile", "--reads"), at=time(3, 30))),
        Timer(
            "collect",
            timedelta(days=1),
            lambda now: collect(publisher.deployer, keep_releases=KEPT_RELEASES, now=now),
        ),
        Timer("uploads", timedelta(minutes=1), Nightly(Apart("run", "uploads"))),
        Timer("duties", timedelta(minutes=1), duties.attend),
        Timer("facts", timedelta(minutes=1), Nightly(Apart("run", "facts"))),
        Timer("examination", timedelta(minutes=1), Nightly(Apart("run", "examination"), at=time(1, 0))),
        Timer("mails", timedelta(minutes=1), Wanted(digests.any_waiting, Apart("run", "mails"))),
    ]
