"""Spam (垃圾信息): offers of the trade, official addresses imitated, text that an intruder worked into a page."""

from collections.abc import Iterator

from jiyue.checks.detectors.spam.defacement import find_defacement
from jiyue.checks.detectors.spam.injected import find_injected
from jiyue.checks.detectors.spam.lookalike import find_lookalikes
from jiyue.checks.detectors.spam.offers import find_offers
from jiyue.checks.findings import Finding
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """What this family finds."""
    yield from find_offers(matter, settings)
    yield from find_lookalikes(matter, settings)
    yield from find_injected(matter)
    yield from find_defacement(matter)
