from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class Submitted(Event):
    code: ClassVar[str] = "review.submitted"
    version: int
    digest: str
    act: str


@dataclass(frozen=True, kw_only=True)
class Recalled(Event):
    code: ClassVar[str] = "review.recalled"
    version: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Approved(Event):
    code: ClassVar[str] = "review.approved"
    version: int
    level: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Returned(Event):
    code: ClassVar[str] = "review.returned"
    version: int
    level: str
    reason: str
    principle: str


@dataclass(frozen=True, kw_only=True)
class AwaitsOthers(Event):
    code: ClassVar[str] = "review.awaits_others"
    version: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class SignedOff(Event):
    code: ClassVar[str] = "review.signed_off"
    sequence: int
    act: str
    version: int
    digest: str
    effective_at: str


@dataclass(frozen=True, kw_only=True)
class RouteChanged(Event):
    code: ClassVar[str] = "review.route_changed"
    content_class: str
    before: list
    after: list


@dataclass(frozen=True, kw_only=True)
class BatchDrawnUp(Event):
    code: ClassVar[str] = "review.batch_drawn_up"
    name: str
    documents: int
    seed: str
    counts: dict


@dataclass(frozen=True, kw_only=True)
class Stopped(Event):
    """A submission that the checks did not let through; `findings` are detectors and how often each."""

    code: ClassVar[str] = "review.stopped"
    findings: dict


@dataclass(frozen=True, kw_only=True)
class FindingWaived(Event):
    code: ClassVar[str] = "review.finding_waived"
    version: int
    detector: str
    place: str
    grounds: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class WaiverRevoked(Event):
    """`public`: what it was given for is public, so its finding is open again."""

    code: ClassVar[str] = "review.waiver_revoked"
    detector: str
    place: str
    granted_by: str
    reason: str
    public: bool


@dataclass(frozen=True, kw_only=True)
class SiteExamined(Event):
    code: ClassVar[str] = "review.site_examined"
    night: str
    public: int
    read: int
    found: int
    settled: int


@dataclass(frozen=True, kw_only=True)
class RectificationOpened(Event):
    code: ClassVar[str] = "review.rectification_opened"
    detector: str


@dataclass(frozen=True, kw_only=True)
class RectificationAssigned(Event):
    code: ClassVar[str] = "review.rectification_assigned"
    name: str


@dataclass(frozen=True, kw_only=True)
class RectificationReported(Event):
    code: ClassVar[str] = "review.rectification_reported"
    measures: str


@dataclass(frozen=True, kw_only=True)
class RectificationFailed(Event):
    """Reported as done, and the next nightly run still found it."""

    code: ClassVar[str] = "review.rectification_failed"
    measures: str


@dataclass(frozen=True, kw_only=True)
class RectificationClosed(Event):
    code: ClassVar[str] = "review.rectification_closed"
    handling: str


@dataclass(frozen=True, kw_only=True)
class InspectionPlanned(Event):
    code: ClassVar[str] = "review.inspection_planned"
    name: str
    held_on: str
    sites: list
    participants: str


@dataclass(frozen=True, kw_only=True)
class InspectionDrawn(Event):
    """`head` is the ledger's last digest when it was drawn: with it and the public items anybody gets the same seed."""

    code: ClassVar[str] = "review.inspection_drawn"
    name: str
    documents: int
    drawn_from: int
    head: str
    seed: str


@dataclass(frozen=True, kw_only=True)
class InspectionCancelled(Event):
    code: ClassVar[str] = "review.inspection_cancelled"
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class InspectionConcluded(Event):
    code: ClassVar[str] = "review.inspection_concluded"
    name: str
    conclusion: str
    found: int


@dataclass(frozen=True, kw_only=True)
class ItemInspected(Event):
    code: ClassVar[str] = "review.item_inspected"
    name: str
    result: str


@dataclass(frozen=True, kw_only=True)
class InspectionFound(Event):
    code: ClassVar[str] = "review.inspection_found"
    name: str
    nature: str
    what: str
    demand: str


@dataclass(frozen=True, kw_only=True)
class InspectionAnswered(Event):
    code: ClassVar[str] = "review.inspection_answered"
    name: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class InspectionSettled(Event):
    """What the unit did was accepted, or sent back with a reason."""

    code: ClassVar[str] = "review.inspection_settled"
    name: str
    accepted: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class ConsentAsked(Event):
    code: ClassVar[str] = "review.consent_asked"
    unit: str


@dataclass(frozen=True, kw_only=True)
class ConsentRecorded(Event):
    code: ClassVar[str] = "review.consent_recorded"
    unit: str
    given_by: str
    given_on: str
    evidence: str


@dataclass(frozen=True, kw_only=True)
class ConsentDropped(Event):
    code: ClassVar[str] = "review.consent_dropped"
    unit: str


@dataclass(frozen=True, kw_only=True)
class LeakOpened(Event):
    code: ClassVar[str] = "review.leak_opened"
    kind: str
    what: str
    finder: str


@dataclass(frozen=True, kw_only=True)
class LeakClosed(Event):
    code: ClassVar[str] = "review.leak_closed"
    measures: str
