"""送审、审核、退回、撤回: what moves a submission; many at once: `batches`. Signing off is `review.ledger.sign_off`."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.content.models import Record
from jiyue.content.models.records import UNDER_REVIEW, State
from jiyue.content.policies import may_write
from jiyue.content.readiness import problems
from jiyue.content.structure import identity_of, structure_of
from jiyue.domain.addresses import leads_inside
from jiyue.estate.models import Site
from jiyue.estate.policies import appointments_of
from jiyue.estate.queries import missing_marks_of
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.review import checking, ledger, standing, together
from jiyue.review.checklist import ALL_GATES
from jiyue.review.course import (
    close,
    decide,
    give_back,
    locked,
    move_on,
    open_review,
    set_states_of,
    state_without_review,
    subject_of,
)
from jiyue.review.drafts import attached_files
from jiyue.review.events import Approved, Recalled, Returned, RouteChanged, Stopped
from jiyue.review.freezing import freeze, freeze_record
from jiyue.review.models import CheckRun, Decision, Level, Review, ReviewRoute, SignOff, Subject
from jiyue.review.policies import (
    may_give_secrecy_conclusion,
    may_recall,
    may_review,
    may_sign_waiting,
    may_submit_structure,
)
from jiyue.review.refusals import NotReady, ReviewRefused, StoppedByChecks
from jiyue.review.routes import ROLE_OF_LEVEL, THREE_LEVELS, RouteTooShort, levels_for, refuse_short

MINOR = "personal-data.minor"


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
    version = freeze_record(record, by=by, now=now)
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
        version=version, act=act, levels=levels, by=by, now=now,
        publish_at=publish_at, emergency=record.emergency,
        instruction=instruction | {name: value for name, value in told.items() if value},
    )  # fmt: skip


@transaction.atomic
def submit_withdrawal(
    *, record: Record, kind: str, reason: str, by: User, now: datetime, target: str = "", finder: str = "",
    companions: str = "",
) -> Review:  # fmt: skip
    """Ask for a published record to be withdrawn: `error` (410), `merged` (redirect to `target`) or `repealed` (stays).

    The final reviewer confirms it alone, so that it can happen at once (COL-15). With a document of a case it has to be
    said what becomes of its public interpretations: `stay`, or `withdraw`, which asks for theirs as well. Raises
    ReviewRefused, ValidationError.
    """
    last = ledger.current(record.identity)
    if not may_write(by, record) or last is None or last.act == SignOff.Act.WITHDRAW:
        raise ReviewRefused(_("只有已发布的稿件可以撤下"))
    if record.state in UNDER_REVIEW:
        raise ReviewRefused(_("这篇稿件正在审核中，请先撤回送审"))
    if kind not in WITHDRAWAL_KINDS or not reason.strip():
        raise ValidationError(_("请选择撤下的类型并写明原因"))
    if kind == "merged" and not leads_inside(target):
        raise ValidationError(_("合并到其他页面时，请填写以 / 开头的新网址"))
    instruction = {"kind": kind, "reason": reason.strip(), "target": target, "finder": finder}
    if public := public_companions(record):
        if companions not in {"stay", "withdraw"}:
            raise ValidationError(_("这份文件有同案发布的解读，请选择解读是否一并撤下"))
        instruction["companions"] = companions
    for companion in public if companions == "withdraw" else ():
        submit_withdrawal(
            record=companion, kind="error", by=by, now=now, finder=finder,
            reason=_("同案文件《%(title)s》撤下：%(reason)s") % {"title": record.title, "reason": reason.strip()},
        )  # fmt: skip
    return open_review(
        version=last.version, act=Review.Act.WITHDRAW, levels=[Level.FINAL], by=by, now=now, publish_at=None,
        emergency=True, instruction=instruction,
    )  # fmt: skip


def public_companions(record: Record) -> list[Record]:
    """Interpretations of a document's case that are signed for the public now."""
    found = Record.objects.filter(interpretation__cases__document=record.pk).order_by("pk")
    return [companion for companion in found if _is_signed(companion)]


def _is_signed(record: Record) -> bool:
    last = ledger.current(record.identity)
    return last is not None and last.act != SignOff.Act.WITHDRAW


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


def approve(
    *,
    review: Review,
    by: User,
    now: datetime,
    gates: Iterable[str] = (),
    reason: str = "",
    secrecy_conclusion: str = "",
    looked_at: Iterable[str] = (),
) -> Review:
    """Give the signature of the present level; the last one signs off.

    All five gates must be confirmed at the three levels; the secrecy level needs its conclusion in words. Who is also
    secrecy reviewer of the site may give that conclusion together with another level. For a batch it names in
    `looked_at` the documents that were read, at least all that were drawn; they are sealed with it. Raises
    ReviewRefused, ValidationError, ledger.SignOffRefused.
    """
    # What the lists of today say is read before the lock, and asked for again under it: by the last signature alone.
    if _may_be_last(review) and may_review(by, review):
        _read_ahead(review, now=now)
    return _approve(
        review=review, by=by, now=now, gates=gates, reason=reason, secrecy_conclusion=secrecy_conclusion,
        looked_at=frozenset(looked_at),
    )  # fmt: skip


def _may_be_last(review: Review) -> bool:
    """Can the signature of the present level sign off? What follows it may be signed before its turn if it is secrecy."""
    at = review.levels.index(review.level) if review.level in review.levels else len(review.levels)
    return set(review.levels[at + 1 :]) <= {Level.SECRECY}


def _read_ahead(review: Review, *, now: datetime) -> None:
    for member in together.circle_of(review, current=ledger.current).members:
        standing.against(member, now=now)


def sign_waiting(*, review: Review, by: User, now: datetime) -> Review:
    """Sign what waits together (待同步签发), now that what held it up is gone; nobody's signature is asked for again.

    Raises ReviewRefused; ledger.SignOffRefused with everything that is still missing.
    """
    if may_sign_waiting(by, review):
        _read_ahead(review, now=now)
    return _sign_waiting(review=review, by=by, now=now)


@transaction.atomic
def _sign_waiting(*, review: Review, by: User, now: datetime) -> Review:
    ledger.locked_circle(review)
    review = Review.objects.select_related("version", "site").get(pk=review.pk)
    if not may_sign_waiting(by, review):
        raise ReviewRefused(_("您不能签发这次送审，或者它已经不在等待同步签发"))
    ledger.sign_off(review=review, by=by.actor(), now=now)
    review.refresh_from_db()
    return review


@transaction.atomic
def _approve(
    *, review: Review, by: User, now: datetime, gates: Iterable[str], reason: str, secrecy_conclusion: str,
    looked_at: frozenset[str],
) -> Review:  # fmt: skip
    review = locked(review, by)
    gates = sorted(set(gates) & ALL_GATES)
    if review.level in THREE_LEVELS and set(gates) != ALL_GATES:
        raise ValidationError(_("请逐项确认五关；有一关不能确认，请退回并说明原因"))
    if review.level == Level.SECRECY and not reason.strip():
        raise ValidationError(_("请写明保密审查结论"))
    level = review.level
    read = _read_of_batch(review, looked_at) if level == Level.SECRECY else None
    decide(review, level, Decision.Answer.APPROVE, by=by, now=now, gates=gates, reason=reason, looked_at=read)
    if secrecy_conclusion.strip() and level != Level.SECRECY and Level.SECRECY in review.levels:
        if not may_give_secrecy_conclusion(by, review):
            raise ReviewRefused(_("您不是这个网站的保密审查人"))
        read = _read_of_batch(review, looked_at)
        decide(
            review, Level.SECRECY, Decision.Answer.APPROVE, by=by, now=now, gates=[], reason=secrecy_conclusion,
            looked_at=read,
        )  # fmt: skip
    event = Approved(
        subject=subject_of(review.version), site=review.site.host, version=review.version.number, level=level,
        digest=review.version.digest,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return move_on(review, by=by, now=now)


def _read_of_batch(review: Review, looked_at: frozenset[str]) -> frozenset[str] | None:
    """The documents of a batch that the secrecy reviewer read; None for everything else. Raises ValidationError."""
    if review.version.subject != Subject.BATCH:
        return None
    content = ledger.content_of(review.version, digest=review.version.digest)
    left = set(content["sample"]) - looked_at
    if left:
        raise ValidationError(
            _("保密审查要逐篇看过抽到的 %(n)s 篇，还有 %(left)s 篇没有看")
            % {"n": len(content["sample"]), "left": len(left)}
        )
    return looked_at & {entry["identity"] for entry in content["versions"]}


def confirm_withdrawal(*, review: Review, by: User, now: datetime) -> bool:
    """A final reviewer who found a leak confirms its withdrawal herself; for `leaking`. Gives whether she may."""
    held = appointments_of(by).filter(site=review.site, role=ROLE_OF_LEVEL[Level.FINAL]).exists()
    if not held or by.pk in checking.writers_of(review.version):
        return False
    decide(
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
    found = Review.objects.filter(version__identity=identity, status__in=together.UNSIGNED)
    for review in found.select_related("site"):
        close(review, Review.Status.RECALLED, now)
        set_states_of(review, state_without_review(review))
        event = Recalled(
            subject=subject_of(review.version), site=review.site.host, version=review.version.number,
            reason=_("因泄露处置撤回"),
        )  # fmt: skip
        trace(event, by=by.actor(), at=now)


@transaction.atomic
def send_back(*, review: Review, by: User, now: datetime, reason: str, principle: str = "") -> Review:
    """退回 with a reason (and, if wanted, the quality principle it offends). Opens the record for its writers again."""
    review = locked(review, by)
    if not reason.strip():
        raise ValidationError(_("退回时请写明原因"))
    level = review.level
    decide(review, level, Decision.Answer.RETURN, by=by, now=now, reason=reason, principle=principle)
    close(review, Review.Status.RETURNED, now)
    set_states_of(review, State.RETURNED)
    give_back(review, by=by, now=now, reason=reason.strip())
    event = Returned(
        subject=subject_of(review.version), site=review.site.host, version=review.version.number, level=level,
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
    close(review, Review.Status.RECALLED, now)
    set_states_of(review, state_without_review(review))
    give_back(review, by=by, now=now)
    event = Recalled(
        subject=subject_of(review.version), site=review.site.host, version=review.version.number, reason=reason
    )
    trace(event, by=by.actor(), at=now)
    return review


@transaction.atomic
def set_route(*, site: Site, content_class: str, levels: list[str], by: User, now: datetime) -> ReviewRoute:
    """Set the levels of a content class ("" = all others). Raises ValidationError when one of the four is missing."""
    if not may_submit_structure(by, site):
        raise ReviewRefused(_("您不能设置这个网站的审核流程"))
    try:
        refuse_short(levels, Subject.RECORD)
    except RouteTooShort as error:
        raise ValidationError(_("初审、复审、终审和保密审查缺一不可，次序可以调整")) from error
    route, _created = ReviewRoute.objects.get_or_create(site=site, content_class=content_class)
    before, route.levels = route.levels, levels
    route.save()
    event = RouteChanged(
        subject=f"site:{site.host}", site=site.host, content_class=content_class, before=before, after=levels
    )
    trace(event, by=by.actor(), at=now)
    return route
