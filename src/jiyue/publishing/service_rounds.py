"""The comparisons that nobody has to start: with each site's configured address, every night and whenever it was asked for.

Run in a process beside the worker: the other side may take a minute to answer. Killed anywhere, what was wanted is still
wanted.
"""

from collections.abc import Callable
from datetime import datetime

from jiyue.content.models import ServiceSource, Synchronisation
from jiyue.content.service_importing import MOST_BYTES, ServiceFileRefused, read_file
from jiyue.content.service_sources import answered
from jiyue.content.synchronising import note_failure, synchronise
from jiyue.domain.actors import process
from jiyue.foundation.fetching import Fetched, Limits, NotFetched, fetch
from jiyue.publishing.sealed import SealBroken
from jiyue.publishing.services import ours
from jiyue.review.ledger import SignOffRefused

LIMITS = Limits(seconds=60, size=MOST_BYTES)
ACTOR = process("services")
Fetch = Callable[[str], Fetched]


def compare_wanted(*, now: datetime, get: Fetch | None = None) -> list[Synchronisation]:
    """Every comparison that waits, the longest waiting first; one that fails says why and stops no other."""
    waiting = ServiceSource.objects.filter(wanted_at__lte=now).select_related("site__owner").order_by("wanted_at")
    return [compare_with(source, now=now, get=get) for source in list(waiting)]


def compare_with(source: ServiceSource, *, now: datetime, get: Fetch | None = None) -> Synchronisation:
    """Fetch the configured file and compare; a file that cannot be fetched or read is noted as such."""
    site, address, origin = source.site, source.address, Synchronisation.Origin.ADDRESS
    try:
        data = (get or _get)(address).body
        run = synchronise(
            site=site, origin=origin, source=address, data=data, lines=read_file(data), ours=ours(site), by=None, actor=ACTOR,
            now=now,
        )  # fmt: skip
    except (NotFetched, ServiceFileRefused, SealBroken, SignOffRefused) as error:
        run = note_failure(site=site, origin=origin, source=address, trouble=str(error), by=None, actor=ACTOR, now=now)
    answered(source=source)
    return run


def _get(address: str) -> Fetched:
    return fetch(address, limits=LIMITS)
