"""Maps, emblem, advertisement, accessibility of the body."""

from collections.abc import Iterator

from jiyue.checks.findings import Finding
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """What this family finds; nothing yet."""
    yield from ()
