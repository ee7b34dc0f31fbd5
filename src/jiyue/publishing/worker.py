"""The worker's loop: publish what is signed, switch what is due at its second, keep the timers.

The ledger is the queue. Nothing is held in memory that a restart would miss, so the loop may be killed anywhere.
"""

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import OperationalError, close_old_connections

from jiyue.estate.models import Site
from jiyue.foundation import outbox
from jiyue.publishing import full_disk
from jiyue.publishing.agenda import next_effective, sites_effective, sites_with_work
from jiyue.publishing.publisher import Plan, Publisher
from jiyue.publishing.troubles import TROUBLES
from jiyue.publishing.turns import SiteBusy

logger = logging.getLogger(__name__)
POLL = 0.2  # seconds between looks at the ledger
AHEAD = 2.0  # seconds before its moment at which a scheduled release is baked and verified
PAUSES = (1, 5, 30, 120)  # seconds a site rests after its publishing failed as a whole, then always the last
SPIN = 0.002  # seconds of the last wait, so that a late wake-up of the system does not make the release late


@dataclass
class Timer:
    """Something that happens by itself every so often (config.schedule)."""

    name: str
    every: timedelta
    run: Callable[[datetime], object]
    next_at: datetime | None = None


class Worker:
    """One process of this kind is enough; a second one waits for the locks of the first."""

    def __init__(self, publisher: Publisher, timers: Iterable[Timer] = ()) -> None:
        self.publisher = publisher
        self.timers = list(timers)
        self.stopping = False
        self._pauses: dict[int, tuple[datetime, int]] = {}

    def run(self) -> None:
        """Until `stop`. Recovers every host first, so that a kill in the middle of a switch is mended at once."""
        self.start()
        while not self.stopping:
            began = time.monotonic()
            close_old_connections()
            self._step_or_tell(datetime.now(UTC))
            time.sleep(max(0.0, POLL - (time.monotonic() - began)))

    def stop(self) -> None:
        self.stopping = True

    def start(self) -> None:
        """Bring public links to the newest releases, and bake sites anew whose templates changed with the program."""
        for host in self.publisher.deployer.hosts():
            recovered = self.publisher.deployer.recover(host)
            if recovered.actions:
                logger.warning("recovered %s: %s", host, ", ".join(recovered.actions))
        for site in Site.objects.filter(publication__structure__isnull=False):
            self._publish(site, datetime.now(UTC))

    def _step_or_tell(self, now: datetime) -> None:
        try:
            self.step(now=now)
        except OperationalError as error:  # the database itself: nothing can be done but to wait, and to say so
            if not full_disk.is_full(error):
                raise
            logger.exception("the disk is full")
            full_disk.tell(self.publisher.home, now=now)
            time.sleep(PAUSES[1])

    def step(self, *, now: datetime) -> None:
        """One round: outbox, due sites, the next scheduled moment, timers."""
        full_disk.recover(self.publisher.home, now=now)
        outbox.deliver(now=now)
        for site in sites_with_work(at=now):
            self._publish(site, now)
        self._attend_schedule(now)
        for timer in self.timers:
            if timer.next_at is None or timer.next_at <= now:
                timer.next_at = now + timer.every
                self._run_timer(timer, now)

    def _publish(self, site: Site, now: datetime) -> None:
        if self._rests(site, now):
            return
        try:
            self.publisher.publish(site, now=now)
            self._pauses.pop(site.pk, None)
        except SiteBusy:
            logger.info("busy: %s", site.host)
        except Exception as error:  # one site's fault, already reported, must not stop the others
            logger.exception("publishing %s", site.host)
            self._rest(site, now, error)

    def _rests(self, site: Site, now: datetime) -> bool:
        until, _failures = self._pauses.get(site.pk, (now, 0))
        return now < until <= now + timedelta(seconds=PAUSES[-1])  # a clock that was set back must not lengthen a rest

    def _rest(self, site: Site, now: datetime, error: Exception) -> None:
        if full_disk.is_full(error) and not isinstance(error, TROUBLES):  # the report itself found no room
            full_disk.tell(self.publisher.home, now=now, site=site)
        # A full disk is not emptied by baking the same pages five times a second.
        _until, failures = self._pauses.get(site.pk, (now, 0))
        wait = PAUSES[min(failures, len(PAUSES) - 1)]
        self._pauses[site.pk] = (now + timedelta(seconds=wait), failures + 1)

    def _attend_schedule(self, now: datetime) -> None:
        upcoming = next_effective(after=now)
        if upcoming is None or (upcoming - now).total_seconds() > AHEAD:
            return
        self.publish_at([site for site in sites_effective(at=upcoming) if not self._rests(site, now)], upcoming)

    def publish_at(self, sites: Iterable[Site], moment: datetime) -> None:
        """Bake and verify before `moment`, then switch at it, one site after the other.

        A site that fails stays due; the next round publishes it, or tells why not.
        """
        with ExitStack() as turns:
            ready = [(site, plan) for site in sites if (plan := self._planned_for(site, moment, turns)) is not None]
            if ready:
                _sleep_until(moment)
            for site, plan in ready:
                self._switch(site, plan)

    def _planned_for(self, site: Site, moment: datetime, turns: ExitStack) -> Plan | None:
        try:
            turns.enter_context(self.publisher.alone(site))
            return self.publisher.plan(site, at=moment)
        except SiteBusy:
            logger.info("busy at %s: %s", moment, site.host)
        except Exception as error:  # one site's fault, already reported, must not make the others late
            logger.exception("scheduled release of %s at %s", site.host, moment)
            self._rest(site, moment, error)
        return None

    def _switch(self, site: Site, plan: Plan) -> None:
        try:
            self.publisher.switch(plan, now=datetime.now(UTC))
        except Exception:  # somebody released the site meanwhile, or it was reported: the row is due now
            logger.exception("scheduled release of %s", site.host)

    def _run_timer(self, timer: Timer, now: datetime) -> None:
        try:
            timer.run(now)
        except Exception:  # a timer that fails is logged and comes again; the others go on
            logger.exception("timer %s", timer.name)


def _sleep_until(moment: datetime) -> None:
    while (left := (moment - datetime.now(UTC)).total_seconds()) > 0:
        time.sleep(left - SPIN if left > SPIN else 0)
