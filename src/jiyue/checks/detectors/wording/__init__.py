"""Wording (文字差错): confused words, traditional characters, names, punctuation, words written twice."""

from collections.abc import Iterator
from itertools import islice

from jiyue.checks.detectors.wording import confused, doubled, names, punctuation, traditional
from jiyue.checks.detectors.wording.vocabulary import places
from jiyue.checks.findings import Finding
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings

# Who has mended so many will check again; a page that is nothing but mistakes must not fill the memory.
MOST = 300


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """What is wrong with the wording; where it is doubtful, nothing: silence is better than noise."""
    named = list(islice(names.find(matter, settings), MOST))
    told = {at for one in named for at in range(one.start, one.end)}
    yield from named
    # What is wrong in a name is told once, by the name.
    found = [place for place in places(matter.text) if place[1] not in told]
    for detector in (confused, traditional, doubled):
        yield from islice(detector.find(matter, settings, found), MOST)
    yield from islice(punctuation.find(matter, settings), MOST)
