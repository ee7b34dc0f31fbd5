"""All families of detectors, in the order in which they run."""

from collections.abc import Callable, Iterator

from jiyue.checks.detectors import (
    accessibility,
    advertisement,
    document_form,
    hidden_links,
    links,
    personal_data,
    pictures,
    reprints,
    secrecy,
    spam,
    wording,
)
from jiyue.checks.findings import Finding
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings

Find = Callable[[Matter, Settings], Iterator[Finding]]

FAMILIES: tuple[tuple[str, Find], ...] = (
    ("personal-data", personal_data.find),
    ("secrecy", secrecy.find),
    ("hidden-link", hidden_links.find),
    ("spam", spam.find),
    ("document", document_form.find),
    ("wording", wording.find),
    ("link", links.find),
    ("advertisement", advertisement.find),
    ("picture", pictures.find),
    ("accessibility", accessibility.find),
    ("reprint", reprints.find),
)
