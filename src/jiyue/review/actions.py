"""送审、审核、退回、撤回: everything that moves a submission. Signing off itself is `review.ledger.sign_off`."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.content.actions import set_state, set_states
from jiyue.content.models import Placement, Record
from jiyue.content.models.records import UNDER_REVIEW, State
from jiyue.content.placing import change
from jiyue.content.policies import may_write
from jiyue.content.readiness import Problem, problems
from jiyue.content.snapshots import snapshot_of
from jiyue.content.structure import identity_of, structure_of
from jiyue.domain.canonical import canonical, digest_of_text
from jiyue.estate.models import Site
from jiyue.estate.policies import appointments_of
from jiyue.estate.queries import missing_marks_of
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.review import checking, ledger, standing
from jiyue.review.checking import Found, in_words
from jiyue.review.checklist import ALL_GATES
from jiyue.review.drafts import attached_files
from jiyue.review.events import Approved, Recalled, Returned, RouteChanged, Stopped, Submitted
from jiyue.review.models import Batch, CheckRun, Decision, Level, Review, ReviewRoute, SignOff, Subject, Version
from jiyue.review.policies import may_give_secrecy_conclusion, may_recall, may_review, may_submit_structure
from jiyue.review.routes import (
    ROLE_OF_LEVEL,
    THREE_LEVELS,
    RouteTooShort,
    levels_for,
    next_level,
    refuse_short,
    with_secrecy,
)
from jiyue.review.sampling import sample_of
from jiyue.review.sealing import decision_facts, seals

STATE_OF_LEVEL: dict[str, State] = {
    Level.SECRECY: State.SECRECY,
    Level.FIRST: State.FIRST,
    Level.SECOND: State.SECOND,
    Level.FINAL: State.FINAL,
}


MINOR = "personal-data.minor"
BEFORE_REVIEW = frozenset({State.DRAFT, State.RETURNED})
PIECE = 20  # records frozen in a transaction


class Frozen(NamedTuple):
    """A record of a batch as it was when it was frozen, and its version."""

    record: int
    changed_at: datetime
    version: int
    identity: str
    digest: str


class NotReady(ValidationError):
    """A record cannot be submitted; `problems` says everything that is missing."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__([problem.message for problem in found])
        self.problems = found


class ReviewRefused(PermissionDenied):
    """This person may not take this step, or the review has moved on meanwhile."""


class StoppedByChecks(ValidationError):
    """The checks found what must be mended first, or waived by somebody who may. `found` holds the findings."""

    def __init__(self, found: list[Found]) -> None:
        super().__init__(in_words(found))
        self.found = found


def submit(
    *,
    record: Record,
    by: User,
    now: datetime,
    publish_at: datetime | None = None,
    instruction: dict[str, Any] | None = None,
    asks_waiver: str = "",
) -> Review:
    """Freeze a record as a version, check it, and start its way through the levels.

    A correction of something public passes the same levels; `instruction` then holds reason and finder. An unchanged
    version keeps the approvals it already has. With `asks_waiver`, why findings should be let stand, a version goes to
    the reviewers with what would stop it; nobody can sign it off before it is waived. Raises NotReady, StoppedByChecks,
    ReviewRefused.
    """
    if may_write(by, record):  # asked again below, under the lock
        checking.read_files(attached_files(record), engine=checking.engine_for(record.site, now=now), now=now)
    try:
        return _submit(
            record=record, by=by, now=now, publish_at=publish_at, instruction=instruction or {},
            asks_waiver=asks_waiver.strip(),
        )  # fmt: skip
    except StoppedByChecks as stopped:
        counts = Counter(found.detector for found in stopped.found)
        event = Stopped(subject=f"record:{record.identity}", site=record.site.host, findings=dict(counts))
        with transaction.atomic():  # the submission's own was taken back
            trace(event, by=by.actor(), at=now)
        raise


@transaction.atomic
def _submit(
    *, record: Record, by: User, now: datetime, publish_at: datetime | None, instruction: dict[str, Any],
    asks_waiver: str,
) -> Review:  # fmt: skip
    record = Record.objects.select_for_update().get(pk=record.pk).typed
    if not may_write(by, record):
        raise ReviewRefused(_("您不能送审这篇稿件"))
    if record.state in UNDER_REVIEW:
        raise ReviewRefused(_("这篇稿件已经在审核中"))
    found = problems(record, on=timezone.localdate(now))
    if found:
        raise NotReady(found)
    if record.about_minors and not instruction.get("minors_note"):
        raise ValidationError(_("写到未成年人的稿件，请说明监护人是否同意、怎样保护"))
    version = _freeze_record(record, by=by, now=now)
    last = ledger.current(record.identity)
    public = last is not None and last.act != SignOff.Act.WITHDRAW
    act = Review.Act.CORRECT if public else Review.Act.PUBLISH
    if act == Review.Act.CORRECT and not instruction.get("reason"):
        raise ValidationError(_("更正已发布的稿件要写明原因"))
    run = checking.run_for(version, occasion=CheckRun.Occasion.SUBMISSION, now=now)
    stopping = checking.open_findings(run)
    if stopping and not asks_waiver:
        raise StoppedByChecks(stopping)
    levels = levels_for(site_id=record.site_id, subject=Subject.RECORD, content_class=record.kind)
    minors = record.about_minors or any(found.detector == MINOR for found in checking.findings_of(run))
    told = {"asks_waiver": asks_waiver if stopping else "", "minors": "yes" if minors else ""}
    return open_review(
        version=version, act=act, levels=with_secrecy(levels) if minors else levels, by=by, now=now,
        publish_at=publish_at, emergency=record.emergency,
        instruction=instruction | {name: value for name, value in told.items() if value},
    )  # fmt: skip


@transaction.atomic
def submit_withdrawal(
    *, record: Record, kind: str, reason: str, by: User, now: datetime, target: str = "", finder: str = ""
) -> Review:
    """Ask for a published record to be withdrawn: `error` (410), `merged` (redirect to `target`) or `repealed` (stays).

    The final reviewer confirms it alone, so that it can happen at once (COL-15). Raises ReviewRefused, ValidationError.
    """
    last = ledger.current(record.identity)
    if not may_write(by, record) or last is None or last.act == SignOff.Act.WITHDRAW:
        raise ReviewRefused(_("只有已发布的稿件可以撤下"))
    if record.state in UNDER_REVIEW:
        raise ReviewRefused(_("这篇稿件正在审核中，请先撤回送审"))
    if kind not in WITHDRAWAL_KINDS or not reason.strip():
        raise ValidationError(_("请选择撤下的类型并写明原因"))
    if kind == "merged" and not target.startswith("/"):
        raise ValidationError(_("合并到其他页面时，请填写以 / 开头的新网址"))
    instruction = {"kind": kind, "reason": reason.strip(), "target": target, "finder": finder}
    return open_review(
        version=last.version, act=Review.Act.WITHDRAW, levels=[Level.FINAL], by=by, now=now, publish_at=None,
        emergency=True, instruction=instruction,
    )  # fmt: skip


WITHDRAWAL_KINDS = frozenset({"error", "merged", "repealed"})


@transaction.atomic
def submit_structure(*, site: Site, by: User, now: datetime) -> Review:
    """Freeze a site's profile, columns and notices, and ask the final reviewer to confirm them.

    Raises ReviewRefused; ValidationError while one of the footer's seven marks is missing (PAGE-02; Hubei art. 15).
    """
    if not may_submit_structure(by, site):
        raise ReviewRefused(_("您不能送审这个网站的设置"))
    missing = missing_marks_of(site)
    if missing:
        raise ValidationError(_("页脚必须齐备的标识还缺少：%(names)s") % {"names": "、".join(missing)})
    version = freeze(
        subject=Subject.STRUCTURE, identity=identity_of(site), site=site, record=None, content=structure_of(site),
        by=by, writers=[by.pk], now=now,
    )  # fmt: skip
    levels = levels_for(site_id=site.pk, subject=Subject.STRUCTURE, content_class="")
    return open_review(
        version=version, act=Review.Act.STRUCTURE, levels=levels, by=by, now=now, publish_at=None, emergency=False
    )


def submit_batch(*, batch: Batch, records: Iterable[Record], by: User, now: datetime) -> Review:
    """Freeze every record of an import and submit the list as one matter. Raises NotReady naming the unready ones.

    What the checks stop is left out and stays a draft: `instruction["stopped"]` says which, and why (REV-06).
    Freezing goes a piece and a transaction at a time, so that others may write meanwhile; a version that no review
    names is nobody's yet, and running it again finds it. The review itself and the lock on all records are one step.
    """
    frozen: list[Frozen] = []
    stopped: list[dict[str, Any]] = []
    engine, records = checking.engine_for(batch.site, now=now), iter(records)
    while piece := list(islice(records, PIECE)):
        for each in _freeze_piece(piece, by=by, now=now):
            if reasons := _reasons_against_piece(each, engine, now=now):
                stopped.append({"identity": each.identity, "reasons": reasons})
            else:
                frozen.append(each)
    if not frozen:
        raise ValidationError(
            [_("批次里没有可以送审的稿件"), *(line for each in stopped for line in each["reasons"])][:20]
        )
    return _open_batch(batch, frozen, stopped, by=by, now=now)


def _reasons_against_piece(frozen: Frozen, engine: checking.Engine, *, now: datetime) -> list[str]:
    version = Version.objects.select_related("site").get(pk=frozen.version)
    run = checking.run_for(version, occasion=CheckRun.Occasion.SUBMISSION, now=now, engine=engine)
    return in_words(checking.open_findings(run))


@transaction.atomic
def _freeze_piece(records: list[Record], *, by: User, now: datetime) -> list[Frozen]:
    frozen = []
    for record in records:
        if not may_write(by, record):
            raise ReviewRefused(_("您不能送审这个批次"))
        if record.state not in BEFORE_REVIEW:
            raise ReviewRefused(_("《%(title)s》已经在审核中或已经发布，不能放进批次") % {"title": record.title})
        found = problems(record, on=timezone.localdate(now))
        if found:
            raise NotReady(found)
        version = _freeze_record(record.typed, by=by, now=now)
        frozen.append(Frozen(record.pk, record.changed_at, version.pk, str(version.identity), version.digest))
    return frozen


@transaction.atomic
def _open_batch(
    batch: Batch, frozen: list[Frozen], stopped: list[dict[str, Any]], *, by: User, now: datetime
) -> Review:
    content = {"batch": str(batch.identity), "report": batch.report, "sample": batch.sample, "versions": [
        {"version": each.version, "identity": each.identity, "digest": each.digest} for each in frozen
    ]}  # fmt: skip
    if stopped:
        seed, sample = sample_of((each.identity for each in frozen), size=len(batch.sample))
        content |= {"stopped": stopped, "sample": sample, "report": {**batch.report, "seed": seed}}
    version = freeze(
        subject=Subject.BATCH, identity=batch.identity, site=batch.site, record=None, content=content, by=by,
        writers=[by.pk], now=now,
    )  # fmt: skip
    levels = levels_for(site_id=batch.site_id, subject=Subject.BATCH, content_class="")
    _refuse_changed(frozen)
    review = open_review(
        version=version, act=Review.Act.BATCH, levels=levels, by=by, now=now, publish_at=None, emergency=False,
        instruction={"batch": batch.pk, **({"stopped": stopped} if stopped else {})},
    )  # fmt: skip
    return review


def _refuse_changed(frozen: list[Frozen]) -> None:
    """Raise ReviewRefused when a record was edited, or went another way, since it was frozen."""
    for start in range(0, len(frozen), PIECE):
        piece = {each.record: each.changed_at for each in frozen[start : start + PIECE]}
        found = Record.objects.filter(pk__in=piece, state__in=BEFORE_REVIEW).select_for_update()
        if dict(found.values_list("pk", "changed_at")) != piece:
            raise ReviewRefused(_("批次里有稿件刚刚被修改，请再送审一次"))


def approve(
    *,
    review: Review,
    by: User,
    now: datetime,
    gates: Iterable[str] = (),
    reason: str = "",
    secrecy_conclusion: str = "",
) -> Review:
    """Give the signature of the present level; the last one signs off.

    All five gates must be confirmed at the three levels; the secrecy level needs its conclusion in words. Who is also
    secrecy reviewer of the site may give that conclusion together with another level. Raises ReviewRefused,
    ValidationError, ledger.SignOffRefused.
    """
    if may_review(by, review):  # what the lists of today say is read before the lock, and asked for again under it
        standing.against(review, now=now)
    return _approve(review=review, by=by, now=now, gates=gates, reason=reason, secrecy_conclusion=secrecy_conclusion)


@transaction.atomic
def _approve(
    *, review: Review, by: User, now: datetime, gates: Iterable[str], reason: str, secrecy_conclusion: str
) -> Review:
    review = _locked(review, by)
    gates = sorted(set(gates) & ALL_GATES)
    if review.level in THREE_LEVELS and set(gates) != ALL_GATES:
        raise ValidationError(_("请逐项确认五关；有一关不能确认，请退回并说明原因"))
    if review.level == Level.SECRECY and not reason.strip():
        raise ValidationError(_("请写明保密审查结论"))
    level = review.level
    _decide(review, level, Decision.Answer.APPROVE, by=by, now=now, gates=gates, reason=reason)
    if secrecy_conclusion.strip() and level != Level.SECRECY and Level.SECRECY in review.levels:
        if not may_give_secrecy_conclusion(by, review):
            raise ReviewRefused(_("您不是这个网站的保密审查人"))
        _decide(review, Level.SECRECY, Decision.Answer.APPROVE, by=by, now=now, gates=[], reason=secrecy_conclusion)
    event = Approved(
        subject=_subject(review.version), site=review.site.host, version=review.version.number, level=level,
        digest=review.version.digest,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return _move_on(review, by=by, now=now)


def confirm_withdrawal(*, review: Review, by: User, now: datetime) -> bool:
    """A final reviewer who found a leak confirms its withdrawal herself; for `leaking`. Gives whether she may."""
    held = appointments_of(by).filter(site=review.site, role=ROLE_OF_LEVEL[Level.FINAL]).exists()
    if not held or by.pk in checking.writers_of(review.version):
        return False
    _decide(
        review,
        Level.FINAL,
        Decision.Answer.APPROVE,
        by=by,
        now=now,
        gates=sorted(ALL_GATES),
        reason=review.instruction["reason"],
    )
    ledger.sign_off(review=review, by=by.actor(), now=now)
    return True


def recall_for_leak(*, identity: UUID, by: User, now: datetime) -> None:
    """Take back whatever is under review about a thing that has to go at once; for `leaking`."""
    for review in Review.objects.filter(version__identity=identity, status=Review.Status.OPEN).select_related("site"):
        _close(review, Review.Status.RECALLED, now)
        _set_states(review, _state_without_review(review))
        event = Recalled(
            subject=_subject(review.version), site=review.site.host, version=review.version.number,
            reason=_("因泄露处置撤回"),
        )  # fmt: skip
        trace(event, by=by.actor(), at=now)


@transaction.atomic
def send_back(*, review: Review, by: User, now: datetime, reason: str, principle: str = "") -> Review:
    """退回 with a reason (and, if wanted, the quality principle it offends). Opens the record for its writers again."""
    review = _locked(review, by)
    if not reason.strip():
        raise ValidationError(_("退回时请写明原因"))
    level = review.level
    _decide(review, level, Decision.Answer.RETURN, by=by, now=now, reason=reason, principle=principle)
    _close(review, Review.Status.RETURNED, now)
    _set_states(review, State.RETURNED)
    _give_back_placement(review, by=by, now=now, reason=reason.strip())
    event = Returned(
        subject=_subject(review.version), site=review.site.host, version=review.version.number, level=level,
        reason=reason, principle=principle,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return review


@transaction.atomic
def recall(*, review: Review, by: User, now: datetime, reason: str = "") -> Review:
    """The writer takes a submission back. Approvals of an unchanged version stay valid for the next submission."""
    review = Review.objects.select_for_update().select_related("version", "site").get(pk=review.pk)
    if not may_recall(by, review):
        raise ReviewRefused(_("这次送审不能撤回"))
    _close(review, Review.Status.RECALLED, now)
    _set_states(review, _state_without_review(review))
    _give_back_placement(review, by=by, now=now)
    event = Recalled(
        subject=_subject(review.version), site=review.site.host, version=review.version.number, reason=reason
    )
    trace(event, by=by.actor(), at=now)
    return review


@transaction.atomic
def set_route(*, site: Site, content_class: str, levels: list[str], by: User, now: datetime) -> ReviewRoute:
    """Set the levels of a content class ("" = all others). Raises ValidationError when the three are not all there."""
    if not may_submit_structure(by, site):
        raise ReviewRefused(_("您不能设置这个网站的审核流程"))
    try:
        refuse_short(levels, Subject.RECORD)
    except RouteTooShort as error:
        raise ValidationError(_("初审、复审、终审三级缺一不可，可以另外增加保密审查")) from error
    route, _created = ReviewRoute.objects.get_or_create(site=site, content_class=content_class)
    before, route.levels = route.levels, levels
    route.save()
    event = RouteChanged(
        subject=f"site:{site.host}", site=site.host, content_class=content_class, before=before, after=levels
    )
    trace(event, by=by.actor(), at=now)
    return route


def _freeze_record(record: Record, *, by: User, now: datetime) -> Version:
    writers = sorted(
        {user for user in record.revisions.values_list("user_id", flat=True) if user} | {record.created_by_id}
    )
    return freeze(
        subject=Subject.RECORD, identity=record.identity, site=record.site, record=record,
        content=snapshot_of(record), by=by, writers=writers, now=now,
    )  # fmt: skip


def freeze(
    *, subject: str, identity: UUID, site: Site, record: Record | None, content: dict[str, Any], by: User,
    writers: list[int], now: datetime,
) -> Version:  # fmt: skip
    """The version that holds exactly `content`: the last one if it is equal, else a new one. Checks no right."""
    text = canonical(content)
    digest = digest_of_text(text)
    last = Version.objects.filter(identity=identity).order_by("-number").first()
    if last is not None and last.digest == digest:
        return last
    ledger.frozen_copies().put(text.encode())
    return Version.objects.create(
        subject=subject, identity=identity, site=site, record=Record.objects.get(pk=record.pk) if record else None,
        number=last.number + 1 if last else 1, content=text, digest=digest, author=by, writers=writers, created_at=now,
    )  # fmt: skip


def open_review(
    *, version: Version, act: str, levels: list[str], by: User, now: datetime, publish_at: datetime | None,
    emergency: bool, instruction: dict[str, Any] | None = None,
) -> Review:  # fmt: skip
    """Start a version on its way. For the submissions of this app; checks no right. Raises ReviewRefused when one is open."""
    busy = [Review.Status.OPEN, Review.Status.SIGNING]
    if Review.objects.filter(version__identity=version.identity, status__in=busy).exists():
        raise ReviewRefused(_("上一次送审还没有结束"))
    review = Review(
        version=version, site=version.site, act=act, levels=levels, emergency=emergency, submitted_by=by,
        submitted_at=now, waiting_since=now, publish_at=publish_at, instruction=instruction or {},
    )  # fmt: skip
    review.level = next_level(review, set(ledger.approvals_of(review))) or levels[-1]
    review.save()
    event = Submitted(
        subject=_subject(version), site=version.site.host, version=version.number, digest=version.digest, act=act
    )
    trace(event, by=by.actor(), at=now)
    if act != Review.Act.WITHDRAW:
        _set_states(review, STATE_OF_LEVEL[review.level])
    return review


def _locked(review: Review, by: User) -> Review:
    review = Review.objects.select_for_update().select_related("version", "site").get(pk=review.pk)
    if not may_review(by, review):
        raise ReviewRefused(
            _("您不能在这一环节审核：可能不是您的环节，或者您是作者、已在其他环节审核过，或者已有人处理")
        )
    return review


def _decide(
    review: Review, level: str, answer: str, *, by: User, now: datetime, gates: Iterable[str] = (), reason: str = "",
    principle: str = "",
) -> Decision:  # fmt: skip
    decision = Decision(
        review=review, level=level, answer=answer, reviewer=by, reviewer_name=by.name,
        reviewer_unit=by.organisation.name if by.organisation else "", version_digest=review.version.digest,
        gates=list(gates), principle=principle, reason=reason.strip(), at=now,
    )  # fmt: skip
    decision.seal = seals().seal("decision", decision_facts(decision))
    decision.save(force_insert=True)
    return decision


def _move_on(review: Review, *, by: User, now: datetime) -> Review:
    level = next_level(review, set(ledger.approvals_of(review)))
    if not level:
        ledger.sign_off(review=review, by=by.actor(), now=now)
        review.refresh_from_db()
        return review
    review.level, review.waiting_since = level, now
    review.save(update_fields=["level", "waiting_since"])
    _set_states(review, STATE_OF_LEVEL[level])
    return review


def _close(review: Review, status: str, now: datetime) -> None:
    review.status, review.finished_at, review.level = status, now, ""
    review.save(update_fields=["status", "finished_at", "level"])


def _set_states(review: Review, state: str) -> None:
    if review.version.record is not None and review.act != Review.Act.WITHDRAW:
        set_state(record=review.version.record, state=state)
    if review.version.subject == Subject.BATCH:
        set_states(records=_records_in(review), state=state)


def _give_back_placement(review: Review, *, by: User, now: datetime, reason: str = "") -> None:
    if review.version.subject != Subject.PLACEMENT or review.act == Review.Act.WITHDRAW:
        return
    placement = Placement.objects.get(identity=review.version.identity)
    room = placement._meta.get_field("reason").max_length
    change(placement=placement, state=Placement.State.OFFERED, by=by.actor(), now=now, reason=reason[:room])


def _state_without_review(review: Review) -> str:
    last = ledger.current(review.version.identity)
    public = last is not None and last.act != SignOff.Act.WITHDRAW
    return State.PUBLISHED if public else State.DRAFT


def _records_in(review: Review) -> list[int]:
    content = ledger.content_of(review.version, digest=review.version.digest)
    listed = [entry["version"] for entry in content["versions"]]
    pieces = (listed[start : start + PIECE] for start in range(0, len(listed), PIECE))
    found = Version.objects.filter(record__isnull=False)
    return [pk for piece in pieces for pk in found.filter(pk__in=piece).values_list("record", flat=True)]


def _subject(version: Version) -> str:
    return f"{version.subject}:{version.identity}"
