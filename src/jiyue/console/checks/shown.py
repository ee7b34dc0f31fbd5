"""A finding as a screen shows it, in the editor and everywhere else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jiyue.console.detector_words import detector_word
from jiyue.estate.models import Site
from jiyue.review.checking import Found
from jiyue.review.drafts import Change, Placed
from jiyue.review.models.checks import Severity

TONES = {Severity.BLOCK: "cross", Severity.WARN: "three", Severity.NOTE: "one"}
MOST_PREVIEWED = 5
# What is barred by REV-10: the rule and the person who answers for it are named together.
BARRED = frozenset({"personal-data", "secrecy", "spam", "hidden-link", "advertisement", "commercial"})


@dataclass(frozen=True)
class Shown:
    """One finding in words. `index` numbers it among those of its list, for the buttons that mend it."""

    index: int
    found: Found
    severity: str
    tone: str
    kind: str
    what: str
    advice: str
    officer: str
    changes: tuple[Change, ...] = ()
    waived: bool = False

    @property
    def excerpt(self) -> str:
        return quoted(self.found.excerpt)

    @property
    def more_changes(self) -> int:
        return max(0, len(self.changes) - MOST_PREVIEWED)

    @property
    def first_changes(self) -> tuple[Change, ...]:
        return self.changes[:MOST_PREVIEWED]


def quoted(excerpt: str) -> str:
    """The words at fault; a row of stars alone says nothing, so it is told what stood there."""
    return excerpt if excerpt.strip("*＊ ") or not excerpt else _("个人信息，已隐去")


def shown(found: Found, *, index: int = 0, site: Site, changes: tuple[Change, ...] = (), waived: bool = False) -> Shown:
    """A finding with everything a screen says of it."""
    officer = site.ideology_officer if found.family in BARRED else ""
    return Shown(
        index=index, found=found, severity=str(Severity(found.severity).label), tone=TONES[Severity(found.severity)],
        kind=detector_word(found.detector), what=found.say(), advice=found.advise(), officer=officer, changes=changes,
        waived=waived,
    )  # fmt: skip


def shown_all(placed: Iterable[Placed], *, site: Site, waived: frozenset[str] | set[str] = frozenset()) -> list[Shown]:
    """Findings of a draft in words, what stops first; their numbers stay those of the draft."""
    listed = [
        shown(one.found, index=index, site=site, changes=one.changes, waived=one.found.key in waived)
        for index, one in enumerate(placed)
    ]
    return sorted(listed, key=lambda one: (one.waived, list(TONES).index(Severity(one.found.severity)), one.index))


def as_json(one: Shown, place: Placed) -> dict[str, Any]:
    """A finding for the script beside the editor. `words` are the editor's own, to mark them where she wrote them."""
    return {
        "index": one.index, "detector": one.found.detector, "severity": one.found.severity, "word": one.severity,
        "tone": one.tone, "kind": one.kind, "what": one.what, "advice": one.advice, "basis": one.found.basis,
        "officer": one.officer, "place": one.found.where, "excerpt": quoted(one.found.excerpt), "waived": one.waived,
        "field": place.field, "block": place.block, "words": place.words, "nth": place.nth,
        "changes": [[change.words, change.instead] for change in one.first_changes], "more": one.more_changes,
        "count": len(one.changes),
    }  # fmt: skip


def told(blocks: int, warns: int) -> str:
    """The one sentence for a screen reader after each check."""
    if not blocks and not warns:
        return _("没有发现问题")
    counts = ((blocks, _("必须处理 %(n)s 处")), (warns, _("请核对 %(n)s 处")))
    return "，".join(words % {"n": number} for number, words in counts if number)
