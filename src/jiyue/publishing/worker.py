"""The worker's loop: publish what is signed, switch what is due at its second, keep the timers.

The ledger is the queue. Nothing is held in memory that a restart would miss, so the loop may be killed anywhere.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import close_old_connections

from jiyue.estate.models import Site
from jiyue.foundation import outbox
from jiyue.publishing.deploying import BaseMoved
from jiyue.publishing.publisher import Plan, Publisher, SiteBusy, next_effective, sites_with_work

logger = logging.getLogger(__name__)
POLL = 0.2  # seconds between looks at the ledger
AHEAD = 2.0  # seconds before its moment at which a scheduled release is baked and verified
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

    def run(self) -> None:
        """Until `stop`. Recovers every host first, so that a kill in the middle of a switch is mended at once."""
        self.start()
        while not self.stopping:
            began = time.monotonic()
            self.step(now=datetime.now(UTC))
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

    def step(self, *, now: datetime) -> None:
        """One round: outbox, due sites, the next scheduled moment, timers."""
        close_old_connections()
        outbox.deliver(now=now)
        for site in sites_with_work(at=now):
            self._publish(site, now)
        self._attend_schedule(now)
        for timer in self.timers:
            if timer.next_at is None or timer.next_at <= now:
                timer.next_at = now + timer.every
                self._run_timer(timer, now)

    def _publish(self, site: Site, now: datetime) -> None:
        try:
            self.publisher.publish(site, now=now)
        except SiteBusy:
            logger.info("busy: %s", site.host)
        except Exception:  # one site's fault, already reported, must not stop the others
            logger.exception("publishing %s", site.host)

    def _attend_schedule(self, now: datetime) -> None:
        upcoming = next_effective(after=now)
        if upcoming is None or (upcoming[0] - now).total_seconds() > AHEAD:
            return
        moment, site_id = upcoming
        try:
            self.publish_at(Site.objects.get(pk=site_id), moment)
        except SiteBusy:
            logger.info("busy at %s", moment)
        except Exception:  # reported by the publisher; the row stays due and is published by the next round
            logger.exception("scheduled release at %s", moment)

    def publish_at(self, site: Site, moment: datetime) -> datetime | None:
        """Bake and verify before `moment`, switch at it; gives when it was switched."""
        with self.publisher.alone(site):
            plan: Plan | None = self.publisher.plan(site, at=moment)
            if plan is None:
                return None
            _sleep_until(moment)
            try:
                self.publisher.switch(plan, now=datetime.now(UTC))
            except BaseMoved:
                plan = self.publisher.plan(site, at=datetime.now(UTC))
                if plan is not None:
                    self.publisher.switch(plan, now=datetime.now(UTC))
            return datetime.now(UTC)

    def _run_timer(self, timer: Timer, now: datetime) -> None:
        try:
            timer.run(now)
        except Exception:  # a timer that fails is logged and comes again; the others go on
            logger.exception("timer %s", timer.name)


def _sleep_until(moment: datetime) -> None:
    while (left := (moment - datetime.now(UTC)).total_seconds()) > 0:
        time.sleep(left - SPIN if left > SPIN else 0)
