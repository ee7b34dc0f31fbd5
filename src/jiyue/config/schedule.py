"""Everything that happens by itself, and how often. The worker runs these; nothing else has a clock of its own."""

from datetime import timedelta

from jiyue.publishing.collecting import collect
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.reconciling import reconcile
from jiyue.publishing.worker import Timer

KEPT_RELEASES = 50  # whose directories stay on the disk; older ones are built again from their manifests when needed


def timers(publisher: Publisher) -> list[Timer]:
    """对账 every quarter of an hour; unneeded directories once a day."""
    return [
        Timer("reconcile", timedelta(minutes=15), lambda now: reconcile(now=now)),
        Timer(
            "collect",
            timedelta(days=1),
            lambda now: collect(publisher.deployer, keep_releases=KEPT_RELEASES, now=now),
        ),
    ]
