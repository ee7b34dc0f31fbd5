"""Wording (文字差错): confused words, traditional characters, names, punctuation, words written twice."""

from collections.abc import Iterator

from jiyue.checks.detectors.wording import confused, doubled, names, punctuation, traditional
from jiyue.checks.detectors.wording.vocabulary import places
from jiyue.checks.findings import Finding
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """What is wrong with the wording; where it is doubtful, nothing: silence is better than noise."""
    found = list(places(matter.text))
    for detector in (confused, traditional, doubled):
        yield from detector.find(matter, settings, found)
    yield from names.find(matter, settings)
    yield from punctuation.find(matter, settings)
