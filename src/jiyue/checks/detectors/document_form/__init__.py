"""The form of an official document (公文要素): number, dates, index number, numbering, issuer, attachments, fields."""

from collections.abc import Iterator
from itertools import islice

from jiyue.checks.detectors.document_form import (
    articles,
    attachments,
    dates,
    index_numbers,
    issuers,
    metadata,
    numbers,
)
from jiyue.checks.detectors.document_form.sheet import Sheet
from jiyue.checks.findings import Finding
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings

# Findings of one detector; more of them are one mistake of the whole text.
MOST = 300
_DETECTORS = (numbers, dates, index_numbers, articles, issuers, attachments, metadata)


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """What is wrong with the form of this document. Citations of other documents are judged more mildly."""
    sheet = Sheet(matter, settings)
    for detector in _DETECTORS:
        yield from islice(detector.find(sheet), MOST)
