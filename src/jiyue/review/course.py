"""The course of a review: its opening, a decision in it, the next level, its end. The verbs in `actions` ask for rights."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from jiyue.content.actions import set_state, set_states
from jiyue.content.models import Placement, TakingRule
from jiyue.content.models.records import State
from jiyue.content.placing import change
from jiyue.content.takings import move_rule
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.review import ledger
from jiyue.review.events import AwaitsOthers, Submitted
from jiyue.review.models import Decision, Level, Review, SignOff, Subject, Version
from jiyue.review.policies import may_review
from jiyue.review.refusals import ReviewRefused
from jiyue.review.routes import next_level
from jiyue.review.sealing import decision_facts, seals

PIECE = 20  # versions asked for at a time
STATE_OF_LEVEL: dict[str, State] = {
    Level.SECRECY: State.SECRECY,
    Level.FIRST: State.FIRST,
    Level.SECOND: State.SECOND,
    Level.FINAL: State.FINAL,
}


def open_review(
    *, version: Version, act: str, levels: list[str], by: User, now: datetime, publish_at: datetime | None,
    emergency: bool, instruction: dict[str, Any] | None = None,
) -> Review:  # fmt: skip
    """Start a version on its way. For the submissions of this app; checks no right. Raises ReviewRefused when one is open."""
    busy = [Review.Status.OPEN, Review.Status.TOGETHER, Review.Status.SIGNING]
    if Review.objects.filter(version__identity=version.identity, status__in=busy).exists():
        raise ReviewRefused(_("上一次送审还没有结束"))
    review = Review(
        version=version, site=version.site, act=act, levels=levels, emergency=emergency, submitted_by=by,
        submitted_at=now, waiting_since=now, publish_at=publish_at, instruction=instruction or {},
    )  # fmt: skip
    review.level = next_level(review, set(ledger.approvals_of(review))) or levels[-1]
    review.save()
    event = Submitted(
        subject=subject_of(version), site=version.site.host, version=version.number, digest=version.digest, act=act
    )
    trace(event, by=by.actor(), at=now)
    if act != Review.Act.WITHDRAW:
        set_states_of(review, STATE_OF_LEVEL[review.level])
    return review


def locked(review: Review, by: User) -> Review:
    """The review as it now is, locked for this transaction. Raises ReviewRefused unless `by` may answer it."""
    ledger.locked_circle(review)  # all of it at once: two who sign two bound things must not wait for each other
    review = Review.objects.select_for_update().select_related("version", "site").get(pk=review.pk)
    if not may_review(by, review):
        raise ReviewRefused(
            _("您不能在这一环节审核：可能不是您的环节，或者您是作者、已在其他环节审核过，或者已有人处理")
        )
    return review


def decide(
    review: Review, level: str, answer: str, *, by: User, now: datetime, gates: Iterable[str] = (), reason: str = "",
    principle: str = "", looked_at: Iterable[str] | None = None,
) -> Decision:  # fmt: skip
    """Write down one sealed answer about exactly this version; checks no right."""
    decision = Decision(
        review=review, level=level, answer=answer, reviewer=by, reviewer_name=by.name,
        reviewer_unit=by.organisation.name if by.organisation else "", version_digest=review.version.digest,
        gates=list(gates), principle=principle, reason=reason.strip(), at=now,
        looked_at=None if looked_at is None else sorted(looked_at),
    )  # fmt: skip
    decision.seal = seals().seal("decision", decision_facts(decision))
    decision.save(force_insert=True)
    return decision


def move_on(review: Review, *, by: User, now: datetime) -> Review:
    """Go on to the next level without a signature; after the last one, sign off. Raises ledger.SignOffRefused.

    What is bound with others that are not ready waits for them, with every signature it has.
    """
    level = next_level(review, set(ledger.approvals_of(review)))
    if not level:
        if waits_for(review, now=now):
            return _wait(review, by=by, now=now)
        ledger.sign_off(review=review, by=by.actor(), now=now)
        review.refresh_from_db()
        return review
    review.level, review.waiting_since = level, now
    review.save(update_fields=["level", "waiting_since"])
    set_states_of(review, STATE_OF_LEVEL[level])
    return review


def waits_for(review: Review, *, now: datetime) -> list[str]:
    """Why what is bound with a submission cannot be signed yet, in words; empty when nothing holds it up."""
    return ledger.reasons_of_others(review, ledger.locked_circle(review), now=now)


def _wait(review: Review, *, by: User, now: datetime) -> Review:
    review.status, review.level, review.waiting_since = Review.Status.TOGETHER, "", now
    review.save(update_fields=["status", "level", "waiting_since"])
    set_states_of(review, State.TOGETHER)
    event = AwaitsOthers(
        subject=subject_of(review.version), site=review.site.host, version=review.version.number,
        digest=review.version.digest,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return review


def close(review: Review, status: str, now: datetime) -> None:
    """End a review without a sign-off."""
    review.status, review.finished_at, review.level = status, now, ""
    review.save(update_fields=["status", "finished_at", "level"])


def set_states_of(review: Review, state: str) -> None:
    """Show the review's stage at its record, or at all records of its batch; a withdrawal changes none before it is signed."""
    if review.version.record is not None and review.act != Review.Act.WITHDRAW:
        set_state(record=review.version.record, state=state)
    if review.version.subject == Subject.BATCH:
        set_states(records=_records_in(review), state=state)


def give_back(review: Review, *, by: User, now: datetime, reason: str = "") -> None:
    """What was to be taken from another site is on offer again; a rule for taking goes back to who drew it up."""
    if review.version.subject == Subject.TAKING:
        rule = TakingRule.objects.get(identity=review.version.identity)
        state = TakingRule.State.RETURNED if reason else TakingRule.State.DRAFT
        move_rule(rule=rule, state=state, by=by.actor(), now=now, reason=reason[: _room(rule)])
    give_back_placement(review, by=by, now=now, reason=reason)


def give_back_placement(review: Review, *, by: User, now: datetime, reason: str = "") -> None:
    """What was to be taken from another site is on offer again."""
    if review.version.subject != Subject.PLACEMENT or review.act == Review.Act.WITHDRAW:
        return
    placement = Placement.objects.get(identity=review.version.identity)
    change(
        placement=placement, state=Placement.State.OFFERED, by=by.actor(), now=now, reason=reason[: _room(placement)]
    )


def _room(row: Placement | TakingRule) -> int:
    return row._meta.get_field("reason").max_length or 0


def state_without_review(review: Review) -> str:
    """The state of a record that is under review no more: what the ledger last said."""
    last = ledger.current(review.version.identity)
    public = last is not None and last.act != SignOff.Act.WITHDRAW
    return State.PUBLISHED if public else State.DRAFT


def _records_in(review: Review) -> list[int]:
    content = ledger.content_of(review.version, digest=review.version.digest)
    listed = [entry["version"] for entry in content["versions"]]
    pieces = (listed[start : start + PIECE] for start in range(0, len(listed), PIECE))
    found = Version.objects.filter(record__isnull=False)
    return [pk for piece in pieces for pk in found.filter(pk__in=piece).values_list("record", flat=True)]


def subject_of(version: Version) -> str:
    """How audit events name what a version is of."""
    return f"{version.subject}:{version.identity}"
