"""What a detector says. Pure: sentences are Chinese message ids, translated where a person reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from jiyue.checks.matter import NOTHING


class Severity(StrEnum):
    """BLOCK stops the sign-off until mended or waived; WARN wants a look; NOTE is for information."""

    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"

    @property
    def weight(self) -> int:
        return (Severity.NOTE, Severity.WARN, Severity.BLOCK).index(self)


def marked(message: str) -> str:
    """Import this as `_`: the catalogue finds the message, and whoever shows the finding translates it."""
    return message


@dataclass(frozen=True, slots=True)
class Fix:
    """What to write instead of `text[start:end]`: masking or mending with one button."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True)
class Finding:
    """`message` and `suggestion` are templates filled with `values`; `say` gives the sentence.

    `excerpt` never shows personal data whole. `basis` is the text that asks for it, in Chinese. `place` is filled in
    by `running.check` where the detector leaves it empty. `fixes` are all replacements of a finding that stands for
    many (a column of identity numbers is one finding); `fix` is the first.
    """

    detector: str
    severity: Severity
    message: str
    start: int
    end: int
    excerpt: str = ""
    suggestion: str | None = None
    basis: str = ""
    fix: Fix | None = None
    place: str = ""
    values: Mapping[str, str] = field(default_factory=lambda: NOTHING, hash=False)
    more_fixes: tuple[Fix, ...] = ()

    @property
    def fixes(self) -> tuple[Fix, ...]:
        return (*((self.fix,) if self.fix else ()), *self.more_fixes)

    @property
    def family(self) -> str:
        return self.detector.partition(".")[0]

    def say(self, translate: Callable[[str], str] = marked) -> str:
        return filled(translate(self.message), self.values)

    def advise(self, translate: Callable[[str], str] = marked) -> str | None:
        return filled(translate(self.suggestion), self.values) if self.suggestion else None

    def at(self, place: str) -> "Finding":
        return replace(self, place=place)

    def as_json(self) -> dict[str, Any]:
        """As `jiyue check --json` gives it (design 10); `place` and `replacement` beyond that."""
        return {
            "detector": self.detector,
            "severity": self.severity.value,
            "message": self.say(),
            "start": self.start,
            "end": self.end,
            "excerpt": self.excerpt,
            "suggestion": self.advise(),
            "basis": self.basis,
            "place": self.place,
            "replacement": self.fix.replacement if self.fix else None,
        }


def filled(template: str, values: Mapping[str, str]) -> str:
    return template % values if values else template
