"""Real official documents, and copies of them spoilt in one place each.

Each kind of mistake has its `spoiling_*` module, written without regard to how the detectors work: a spoiler only knows
how people get it wrong. Where a document offers nothing to spoil in that way, or the result would still be right, it
gives None.
"""

import random
from collections.abc import Iterator

from tests.unit.checks.quality.real import official_documents
from tests.unit.checks.quality.spoiling import Spoilt
from tests.unit.checks.quality.spoiling_dates import DATES
from tests.unit.checks.quality.spoiling_numbers import DOCUMENT_NUMBERS, NUMBERING
from tests.unit.checks.quality.spoiling_parts import PARTS

SEED = 20261122
SPOILERS = (*DOCUMENT_NUMBERS, *DATES, *NUMBERING, *PARTS)  # the place of each decides its draw


def spoilt_documents(times: int = 200) -> Iterator[Spoilt]:
    """`times` documents of each kind, the same every time; a document is spoilt more than once where there are few."""
    documents = [matter for matter in official_documents() if len(matter.text) < 30_000]
    for place, spoil in enumerate(SPOILERS):
        chance = random.Random(SEED + place)  # noqa: S311 - a fixed draw
        made = 0
        for _attempt in range(times * 60):
            spoilt = spoil(chance.choice(documents), chance)
            if spoilt:
                yield spoilt
                made += 1
            if made == times:
                break
