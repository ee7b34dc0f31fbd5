"""Words of the unit's own list, found however they are written (spam.own-list, advertisement.own-list)."""

from collections.abc import Iterator

from jiyue.checks.detectors.spam.folding import fold
from jiyue.checks.findings import Finding
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings

_MARGIN = 12


def own_words(matter: Matter, folded: str, settings: Settings, family: str) -> Iterator[Finding]:
    """The first place of each of the unit's words of this family."""
    for word in settings.words_of(family):
        sought = fold(word.text)
        at = folded.find(sought) if sought else -1
        if at >= 0:
            end = at + len(sought)
            yield Finding(
                detector=f"{family}.own-list",
                severity=word.severity,
                message=_("本单位词表中的词：%(words)s"),
                start=at,
                end=end,
                excerpt=matter.text[max(0, at - _MARGIN) : end + _MARGIN].replace("\n", " "),
                suggestion=word.suggestion or None,
                basis=word.basis,
                values={"words": word.text},
            )
