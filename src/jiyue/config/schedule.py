"""Everything that happens by itself, and how often. The worker runs these; nothing else has a clock of its own."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from jiyue.config import duties, letters, takings
from jiyue.config.beside import Beside
from jiyue.config.freeing import give_back
from jiyue.console.duties import digests
from jiyue.content import exchanging
from jiyue.content.feeds import watching
from jiyue.content.service_sources import any_wanted, want_nightly
from jiyue.disclosure import notices as disclosure_notices
from jiyue.domain.deadlines import local
from jiyue.interaction import notices
from jiyue.publishing import batches, conformity, figures
from jiyue.publishing.collecting import collect
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.worker import Timer

KEPT_RELEASES = 50  # whose directories stay on the disk; older ones are built again from their manifests when needed


class Apart:
    """A part run beside the worker: it reads whole tables, and a signature must not wait for that."""

    def __init__(self, beside: Beside, part: str) -> None:
        self.beside, self.part = beside, part

    def __call__(self, _now: datetime) -> None:
        """Start it, unless the last one is still at work."""
        self.beside.ask(self.part)


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


def _any_mail(now: datetime) -> bool:
    return digests.any_waiting(now) or notices.any_waiting(now) or disclosure_notices.any_waiting(now)


def timers(publisher: Publisher, beside: Beside) -> list[Timer]:
    """Signed batches at every round, letters every second; unused memory is given back every ten seconds; 对账 every quarter
    of an hour, unneeded directories once a day, duties every minute; every night all facts, what pages read, the uploads
    that nobody names, the checks over everything public and the templates, services against the platforms that their sites
    name, and the data standards where they changed.
    """
    standards = Apart(beside, "standards")
    return [
        Timer("beside", timedelta(seconds=1), lambda _now: beside.look()),
        Timer("batches", timedelta(seconds=0.2), lambda now: batches.carry_on(now=now)),
        Timer("reconcile", timedelta(minutes=15), Apart(beside, "reconcile")),
        Timer("reads", timedelta(minutes=1), Nightly(Apart(beside, "reads"), at=time(3, 30))),
        Timer(
            "collect",
            timedelta(days=1),
            lambda now: collect(publisher.deployer, keep_releases=KEPT_RELEASES, now=now),
        ),
        Timer("uploads", timedelta(minutes=1), Nightly(Apart(beside, "uploads"))),
        Timer("takings", timedelta(seconds=0.5), takings.attend),
        Timer("letters", timedelta(seconds=1), letters.attend),
        Timer("live enquiries", timedelta(seconds=0.3), letters.talk),
        Timer("desks of live enquiries", timedelta(seconds=1), letters.watch_talks),
        Timer("live words", timedelta(seconds=1), letters.tell_live),
        Timer("live words of the past", timedelta(minutes=1), letters.tell_past),
        Timer("letter box at night", timedelta(minutes=1), Nightly(letters.tidy, at=time(5, 0))),
        Timer("analyses", timedelta(seconds=2), Wanted(letters.any_analysis, Apart(beside, "analyses"))),
        Timer("analyses of last month", timedelta(minutes=1), Nightly(letters.analyse_last_month, at=time(0, 40))),
        Timer("figures", timedelta(minutes=1), Nightly(figures.state_all, at=time(0, 10))),
        Timer("duties", timedelta(minutes=1), duties.attend),
        Timer("facts", timedelta(minutes=1), Nightly(Apart(beside, "facts"))),
        Timer("examination", timedelta(minutes=1), Nightly(Apart(beside, "examination"), at=time(1, 0))),
        Timer("services wanted", timedelta(minutes=1), Nightly(lambda now: want_nightly(now=now), at=time(4, 30))),
        Timer("services", timedelta(minutes=1), Wanted(any_wanted, Apart(beside, "services"))),
        Timer("standards", timedelta(minutes=1), Wanted(conformity.any_due, standards)),
        Timer("standards at night", timedelta(minutes=1), Nightly(standards, at=time(4, 0))),
        Timer(
            "exchange",
            timedelta(seconds=20),
            Wanted(lambda now: exchanging.due(now).exists(), Apart(beside, "exchange")),
        ),
        Timer("feeds", timedelta(minutes=1), Wanted(watching.any_due, Apart(beside, "feeds"))),
        Timer("memory", timedelta(seconds=10), give_back),
        Timer("mails", timedelta(minutes=1), Wanted(_any_mail, Apart(beside, "mails"))),
    ]
