"""The veto 服务不实用 of the national inspection, computed: are there services, and can the guides be used?

The thresholds are values of a rule pack (`inspection.guide.*`), never constants. Where a pack sets none, the answer is
"not checked" and says so: a pass that nobody computed would be worse than none.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

NO_SERVICES, GUIDES, GUIDES_FEW = "no-services", "guides", "guides-few"


class Verdict(StrEnum):
    """What a veto item comes to."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Thresholds:
    """`elements` are the classes an inspector looks for; a guide that lacks `missing` of them counts, `items` such fail."""

    elements: tuple[str, ...]
    missing: int
    items: int


@dataclass(frozen=True)
class PublicGuide:
    """A guide as the public sees it: which element classes it fills in (in the words of the pack's codes)."""

    ref: str
    title: str
    filled: frozenset[str]

    def lacking(self, elements: Collection[str]) -> tuple[str, ...]:
        return tuple(name for name in elements if name not in self.filled)


@dataclass(frozen=True)
class Finding:
    """One veto item: the verdict, why (a code), how many guides were counted of how many, and which they are."""

    code: str
    verdict: Verdict
    why: str
    counted: int = 0
    of: int = 0
    guides: tuple[PublicGuide, ...] = ()


def judge(guides: Sequence[PublicGuide], *, has_to_serve: bool, thresholds: Thresholds | None) -> tuple[Finding, ...]:
    """The three veto items of services for one site, in the order of the pack.

    `has_to_serve` is false for a site of a unit that serves no public: then offering nothing is no fault.
    """
    return (_offered(guides, has_to_serve), *_usable(guides, thresholds))


def _offered(guides: Sequence[PublicGuide], has_to_serve: bool) -> Finding:
    if guides:
        return Finding(NO_SERVICES, Verdict.PASS, "offered", len(guides), len(guides))
    if has_to_serve:
        return Finding(NO_SERVICES, Verdict.FAIL, "none")
    return Finding(NO_SERVICES, Verdict.PASS, "need_not")


def _usable(guides: Sequence[PublicGuide], thresholds: Thresholds | None) -> tuple[Finding, Finding]:
    if thresholds is None:
        return tuple(Finding(code, Verdict.UNCHECKED, "not_set", of=len(guides)) for code in (GUIDES, GUIDES_FEW))  # type: ignore[return-value]
    if not guides:
        return tuple(Finding(code, Verdict.UNCHECKED, "no_guides") for code in (GUIDES, GUIDES_FEW))  # type: ignore[return-value]
    poor = tuple(guide for guide in guides if len(guide.lacking(thresholds.elements)) >= thresholds.missing)
    return _many(guides, poor, thresholds), _few(guides, poor, thresholds)


def _many(guides: Sequence[PublicGuide], poor: tuple[PublicGuide, ...], thresholds: Thresholds) -> Finding:
    failed = len(poor) >= thresholds.items
    return Finding(GUIDES, _verdict(failed), "lacking" if poor else "complete", len(poor), len(guides), poor)


def _few(guides: Sequence[PublicGuide], poor: tuple[PublicGuide, ...], thresholds: Thresholds) -> Finding:
    """With fewer items than the threshold the veto is that every one of them is poor."""
    if len(guides) >= thresholds.items:
        return Finding(GUIDES_FEW, Verdict.PASS, "enough_items", len(poor), len(guides))
    failed = len(poor) == len(guides)
    return Finding(GUIDES_FEW, _verdict(failed), "all_lacking" if failed else "not_all", len(poor), len(guides), poor)


def _verdict(failed: bool) -> Verdict:
    return Verdict.FAIL if failed else Verdict.PASS
