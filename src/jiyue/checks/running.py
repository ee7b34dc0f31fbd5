"""All detectors over one matter. Pure; the same for the command, the console while typing, sign-off and the night run."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.registry import FAMILIES
from jiyue.checks.settings import Settings
from jiyue.checks.unreadable import unreadable

ENOUGH = 2_000


def check(matter: Matter, settings: Settings, *, only: Collection[str] = ()) -> tuple[Finding, ...]:
    """What all families (or those named in `only`) find, by place; each fault once."""
    found = [finding for finding in _found(matter, settings, only) if not settings.is_off(finding.detector)]
    return tuple(_once(_placed(matter, _judged(matter, settings, finding)) for finding in found))


def _found(matter: Matter, settings: Settings, only: Collection[str]) -> Iterator[Finding]:
    yield from unreadable(matter)
    for family, find in FAMILIES:
        if not only or family in only:
            yield from _until_stopped(find(matter, settings))


def _until_stopped(found: Iterator[Finding]) -> Iterator[Finding]:
    """A text that is stopped two thousand times over is stopped; only what is made to exhaust the checks gets there."""
    stopped = 0
    for finding in found:
        yield finding
        stopped += finding.severity is Severity.BLOCK
        if stopped >= ENOUGH:
            return


def _judged(matter: Matter, settings: Settings, finding: Finding) -> Finding:
    """What the unit decided: another level, or a law that lets the words stay, which is then told (PRIV-06)."""
    level = settings.level_of(finding.detector)
    if settings.permits:
        about = f"{matter.fields.get('title', '')} {matter.fields.get('columns', '')}"
        permit = settings.permit_for(finding.detector, matter.text[finding.start : finding.end], about)
        if permit:
            return replace(finding, severity=Severity.NOTE, basis=permit.basis, suggestion=_("依法保留，无需处理"))
    return replace(finding, severity=level) if level else finding


def _placed(matter: Matter, finding: Finding) -> Finding:
    return finding if finding.place else finding.at(matter.place(finding.start))


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Of the same thing said twice about overlapping places the weightier, then the longer one stays."""
    kept: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: (one.start, -one.end)):
        same = kept.setdefault((finding.detector, finding.say()), [])
        if same and _overlap(same[-1], finding):
            same[-1] = max(same[-1], finding, key=lambda one: (one.severity.weight, one.end - one.start))
        else:
            same.append(finding)
    return sorted((one for same in kept.values() for one in same), key=lambda one: (one.start, one.end, one.detector))


def _overlap(one: Finding, other: Finding) -> bool:
    return (one.start, one.end) == (other.start, other.end) or (one.start < other.end and other.start < one.end)
