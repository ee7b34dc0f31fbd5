"""签发台账: `sign_off` is the one function that makes anything public, changes it or takes it away.

It believes nobody: it counts the reviewers again from sealed decisions about exactly this digest, whoever calls it and
however the review came to look finished.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from jiyue.content.actions import set_states
from jiyue.content.arranging import note_column_changes
from jiyue.content.models import Placement, TakingRule
from jiyue.content.models.records import State
from jiyue.content.placing import change
from jiyue.content.structure import identity_of_site
from jiyue.content.takings import covers, move_rule
from jiyue.domain.actors import Actor
from jiyue.domain.addresses import leads_inside
from jiyue.domain.canonical import digest_of, digest_of_text
from jiyue.foundation.audit import GENESIS, record
from jiyue.foundation.home import Home
from jiyue.foundation.locks import queue_for
from jiyue.foundation.objects import ObjectDamaged, ObjectMissing, ObjectStore
from jiyue.identity.models import User
from jiyue.identity.persons import accounts_of_same_person
from jiyue.review import standing, together
from jiyue.review.checklist import ALL_GATES
from jiyue.review.events import SignedOff
from jiyue.review.models import BatchOrder, Decision, Level, Review, SignOff, Subject, Version
from jiyue.review.routes import LEAST, THREE_LEVELS
from jiyue.review.sealing import is_genuine, is_genuine_decision, is_genuine_order, order_facts, seals, signoff_facts

# One queue for all writers of the ledger on PostgreSQL; the number names the lock.
LEDGER_LOCK = 0x4A494C45
PIECE = 200  # ledger rows a transaction: another writer waits a fraction of a second for its turn


class SignOffRefused(PermissionDenied):
    """The version may not become public. `reasons` holds every reason, in words."""

    def __init__(self, reasons: list[str]):
        super().__init__("；".join(reasons))
        self.reasons = reasons


class LedgerBroken(Exception):
    """A ledger row does not carry a genuine seal, or the chain has a gap. `sequence` says where."""

    def __init__(self, sequence: int):
        super().__init__(str(sequence))
        self.sequence = sequence


@transaction.atomic
def sign_off(*, review: Review, by: Actor, now: datetime) -> list[SignOff]:
    """Write the ledger rows of a fully reviewed submission; the publisher bakes from these rows alone.

    1. lock the review and whatever is bound with it, 2. collect every reason against each, what the checks found
    included, 3. append to the chain, 4. close the reviews, 5. trace.
    Takes effect at `review.publish_at` or at `now`, whichever is later; what is bound together, with the last of all.
    A batch gets its order and the first rows; `carry_on` writes the others, and none of them is published before the
    last is there. Raises SignOffRefused.
    """
    circle = locked_circle(review)
    review = next(member for member in circle.members if member.pk == review.pk)
    reasons = reasons_against(review)
    if review.status in together.UNSIGNED:
        reasons += standing.against(review, now=now)
    if reasons := [*reasons, *reasons_of_others(review, circle, now=now)]:
        raise SignOffRefused(reasons)
    queue_for(LEDGER_LOCK)
    moments = [*(member.publish_at or now for member in circle.members), *(row.effective_at for row in circle.signed)]
    effective_at = max(now, *moments)
    if review.version.subject == Subject.BATCH:
        return _carry_on(_ordered(review, now=now, effective_at=effective_at), review, by=by, now=now)
    rows = _append([_row_of(member, circle, now=now, effective_at=effective_at) for member in circle.members])
    _mirror(rows, by=by, now=now)
    for member, row in zip(circle.members, rows, strict=True):
        _finish(member, [row], by=by, now=now)
    return rows


def locked_circle(review: Review) -> together.Circle:
    """A submission and all that is bound with it, locked for this transaction, in an order that two signers share."""
    circle = together.circle_of(review, current=current)
    keys = [member.pk for member in circle.members]
    list(Review.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    fresh = Review.objects.select_related("version__record", "site").get(pk=review.pk)
    return together.circle_of(fresh, current=current)


def reasons_of_others(review: Review, circle: together.Circle, *, now: datetime) -> list[str]:
    """What stands against signing the other things of a circle, each with its title; empty when all are ready."""
    reasons = [together.missing_words(identity) for identity in circle.absent]
    for member in circle.members:
        if member.pk != review.pk:
            found = [*reasons_against(member), *standing.against(member, now=now)]
            reasons += [_("“%(title)s”：%(why)s") % {"title": _title_of(member), "why": why} for why in found]
    return reasons


@transaction.atomic
def carry_on(*, order: BatchOrder, by: Actor, now: datetime) -> list[SignOff]:
    """Write the next rows of a batch that was signed for; the last ones close its review. Gives them.

    Believes the order by its seal alone and goes on where the ledger ends, so it may be killed anywhere and run twice.
    Raises SignOffRefused for an order that `sign_off` did not write, and for documents that are not what was signed.
    """
    review = Review.objects.select_for_update().select_related("version", "site").get(pk=order.review_id)
    if review.status == Review.Status.SIGNED_OFF:
        return []
    queue_for(LEDGER_LOCK)
    return _carry_on(order, review, by=by, now=now)


def unfinished_orders() -> list[BatchOrder]:
    """Batches that are signed for, with documents that do not stand in the ledger yet; the oldest first."""
    return list(BatchOrder.objects.filter(review__status=Review.Status.SIGNING).order_by("pk"))


def reasons_against(review: Review) -> list[str]:
    """Every reason, in words, why this submission cannot be signed off; empty when it can."""
    if review.status not in together.UNSIGNED:
        return [_("这次送审已经结束")]
    version, content = review.version, {}
    reasons = []
    if digest_of_text(version.content) != version.digest:
        reasons.append(_("送审内容与登记的摘要不符，可能被改动过"))
    elif not is_about(content := json.loads(version.content), version.subject, version.identity):
        reasons.append(_("送审内容不属于登记的对象，可能被调换过"))
    approvals = approvals_of(review)
    missing = [Level(level).label for level in _least_levels(review, content) if level not in approvals]
    if missing:
        reasons.append(_("还缺少：%(levels)s") % {"levels": "、".join(str(label) for label in missing)})
    if _leads_outside(review.instruction):  # with one signature no page sends its readers to another host
        reasons.append(_("合并后的新网址不在本网站上"))
    reasons += _reasons_against_reading(review, content, approvals)
    return reasons + _reasons_against_people(review, approvals)


def approvals_of(review: Review) -> dict[str, Decision]:
    """Genuine approvals of exactly this version and act, by level; a return voids what was approved before it.

    An approval is used up by the sign-off it led to: what was withdrawn passes every level again.
    """
    unused = Q(review=review.pk) | Q(review__sign_offs__isnull=True)
    decisions = Decision.objects.filter(unused, review__version=review.version_id, review__act=review.act)
    found: dict[str, Decision] = {}
    for decision in decisions.select_related("reviewer").order_by("at", "pk"):
        if not is_genuine_decision(decision) or decision.version_digest != review.version.digest:
            continue
        if decision.answer == Decision.Answer.RETURN:
            found = {}
        else:
            found[decision.level] = decision
    return found


def is_about(content: dict[str, Any], subject: str, identity: UUID) -> bool:
    """Does the frozen content say the same of itself as the row that carries it?"""
    if subject == Subject.STRUCTURE:
        return identity_of_site(content["site"]) == identity
    if subject == Subject.PLACEMENT:
        return "origin" in content  # it names what it shows, not itself
    if subject == Subject.TAKING:
        return content["rule"] == str(identity)
    return content["batch" if subject == Subject.BATCH else "identity"] == str(identity)


def current(identity: UUID) -> SignOff | None:
    """The last genuine ledger row about one thing, whether in effect yet or not."""
    rows = SignOff.objects.filter(identity=identity).order_by("-sequence")
    return next((row for row in rows if is_genuine(row)), None)


def is_public(identity: UUID, *, at: datetime) -> bool:
    """Had one thing been signed off for the public by the moment `at`, and not been withdrawn by then?"""
    return public_row(identity, at=at) is not None


def public_row(identity: UUID, *, at: datetime) -> SignOff | None:
    """The genuine row that says what one thing shows the public at the moment `at`; None when it shows nothing."""
    rows = SignOff.objects.filter(identity=identity, effective_at__lte=at).order_by("-sequence")
    last = next((row for row in rows if is_genuine(row)), None)
    return None if last is None or last.act == SignOff.Act.WITHDRAW else last


def first_shown(row: SignOff) -> datetime:
    """Since when the thing of this row is public: a correction does not make it newer."""
    first = SignOff.objects.filter(identity=row.identity, act=SignOff.Act.PUBLISH, sequence__lte=row.sequence)
    return first.order_by("-sequence").values_list("effective_at", flat=True).first() or row.effective_at


def genuine(rows: Iterable[SignOff]) -> Iterator[SignOff]:
    """The same rows, each checked. Raises LedgerBroken at the first that was not written by `sign_off`."""
    for row in rows:
        if not is_genuine(row):
            raise LedgerBroken(row.sequence)
        yield row


def broken_rows() -> list[int]:
    """Walk the whole ledger; gives the sequences whose seal, digest or predecessor does not hold."""
    broken, previous, expected = [], GENESIS, 1
    for row in SignOff.objects.order_by("sequence").iterator(chunk_size=2000):
        fits = row.sequence == expected and row.previous == previous and row.digest == _digest(row)
        if not fits or not is_genuine(row):
            broken.append(row.sequence)
        previous, expected = row.digest, row.sequence + 1
    return broken


def content_of(version: Version, *, digest: str) -> dict[str, Any]:
    """The content that was signed: the row's, or the copy under its digest when somebody changed the row.

    Raises SignOffRefused when neither has the digest.
    """
    if digest_of_text(version.content) == digest:
        return json.loads(version.content)
    try:
        return json.loads(frozen_copies().get(digest))
    except (ObjectMissing, ObjectDamaged) as error:
        raise SignOffRefused([_("版本内容与签发的摘要不符")]) from error


def frozen_copies() -> ObjectStore:
    """Every version's text lies in the object store too, under the digest that is signed."""
    return ObjectStore(Home(settings.JIYUE_HOME).prepare())


def _least_levels(review: Review, content: dict[str, Any]) -> list[str]:
    least = {Level.FINAL} if review.act == Review.Act.WITHDRAW else LEAST[review.version.subject]
    # The route counts too: an extra level that a site asked for cannot be left out either.
    return [level for level in Level.values if level in least | set(review.levels)]


def _leads_outside(instruction: dict[str, Any]) -> bool:
    return instruction.get("kind") == "merged" and not leads_inside(instruction.get("target", ""))


def _reasons_against_reading(review: Review, content: dict[str, Any], approvals: dict[str, Decision]) -> list[str]:
    """A batch's secrecy review says in words what it came to, and names every drawn document (PRIV-01)."""
    found = approvals.get(Level.SECRECY)
    if review.version.subject != Subject.BATCH or found is None:
        return []
    if found.reason.strip() and set(content.get("sample", ())) <= set(found.looked_at or ()):
        return []
    return [_("批次的保密审查没有写明结论，或者没有看过抽到的全部稿件")]


def _reasons_against_people(review: Review, approvals: dict[str, Decision]) -> list[str]:
    reasons = []
    writers = {*review.version.writers, review.version.author_id}
    if not _takes_down_a_leak(review):
        # Who asks for a withdrawal did not write anything new; who wrote the text may not review it all the same.
        writers.add(review.submitted_by_id)
    persons = {decision.reviewer_id: _same_person(decision.reviewer) for decision in approvals.values()}
    if any(writers & accounts for accounts in persons.values()):
        reasons.append(_("作者不能审核自己的稿件"))
    three = [approvals[level].reviewer_id for level in THREE_LEVELS if level in approvals]
    if any(other in persons[one] for place, one in enumerate(three) for other in three[:place]):
        reasons.append(_("初审、复审、终审必须是不同的人"))
    for level, decision in approvals.items():
        if level in THREE_LEVELS and not set(decision.gates) >= ALL_GATES:
            reasons.append(_("%(level)s没有确认全部五关") % {"level": Level(level).label})
    inactive = User.objects.filter(pk__in=[d.reviewer_id for d in approvals.values()], is_active=False)
    reasons += [_("%(name)s 的账号已停用，其意见不再有效") % {"name": person.name} for person in inactive]
    return reasons


def _takes_down_a_leak(review: Review) -> bool:
    """What leaked goes at once: the final reviewer who found it needs nobody else to take it away (PRIV-10)."""
    return review.act == Review.Act.WITHDRAW and bool(review.instruction.get("leak"))


def _same_person(user: User) -> set[int]:
    return set(accounts_of_same_person(user).values_list("pk", flat=True))


def _title_of(review: Review) -> str:
    return review.version.record.title if review.version.record else str(review.version.identity)


def _row_of(review: Review, circle: together.Circle, *, now: datetime, effective_at: datetime) -> SignOff:
    version = review.version
    return SignOff(
        act=review.act, subject=version.subject, identity=version.identity, site_id=version.site_id, version=version,
        version_digest=version.digest, review=review, signers=_signers(review), signed_at=now,
        instruction=review.instruction | _bond(review, circle), effective_at=effective_at,
    )  # fmt: skip


def _bond(review: Review, circle: together.Circle) -> dict[str, list[str]]:
    """With what a row becomes public at once; a correction keeps it, because its first edition may not be out yet."""
    if review.act == Review.Act.CORRECT:
        last = current(review.version.identity)
        kept = last.instruction.get("together") if last else None
        return {"together": kept} if kept else {}
    return {"together": circle.identities} if len(circle.identities) > 1 else {}


# ---- standing rules for taking: one decision, rows as matter comes (ADR 0018) ------------------------------------------


@transaction.atomic
def take(*, rule: SignOff, version: Version, by: Actor, now: datetime) -> SignOff:
    """Write the row by which a site shows what its signed rule covers; the row names the rule's own.

    Believes nobody either: the rule is the last word about itself and genuine, the record is public, and what was
    signed at its origin is what the rule's signed text means. Raises SignOffRefused with every reason against it.
    """
    queue_for(LEDGER_LOCK)
    reasons = reasons_against_taking(rule, version, at=now)
    if reasons:
        raise SignOffRefused(reasons)
    row = SignOff(
        act=SignOff.Act.PLACE, subject=Subject.PLACEMENT, identity=version.identity, site_id=version.site_id,
        version=version, version_digest=version.digest, review=None, signers=rule.signers,
        instruction={"rule": rule.sequence, "rule_digest": rule.digest}, signed_at=now, effective_at=now,
    )  # fmt: skip
    _append([row])
    _mirror([row], by=by, now=now)
    event = SignedOff(
        subject=f"{version.subject}:{version.identity}", site=version.site.host, sequence=row.sequence, act=row.act,
        version=version.number, digest=version.digest, effective_at=now.isoformat(),
    )  # fmt: skip
    record(event, by=by, at=now)
    return row


def reasons_against_taking(rule: SignOff, version: Version, *, at: datetime) -> list[str]:
    """Why a taking is not covered by a rule, in words; empty when it is."""
    last = current(rule.identity)
    if last is None or last.pk != rule.pk or rule.subject != Subject.TAKING or rule.act != SignOff.Act.RULE:
        return [_("取用规则没有签发，或者封签不符")]
    if digest_of_text(version.content) != version.digest or version.subject != Subject.PLACEMENT:
        return [_("取用的内容与登记的摘要不符，可能被改动过")]
    content, terms = json.loads(version.content), content_of(rule.version, digest=rule.version_digest)
    origin = public_row(UUID(content["record"]), at=at)
    if origin is None:
        return [_("来源网站已经撤下这篇稿件")]
    shown = content_of(origin.version, digest=origin.version_digest)
    its_own = {"origin": origin.site_id, "column": terms["column"], "column_path": terms["column_path"]}
    if version.site_id != rule.site_id or any(content[name] != value for name, value in its_own.items()):
        return [_("取用的位置与规则不同")]
    if not covers(terms, shown, host=rule.site.host, effective_at=first_shown(origin)):
        return [_("稿件改了栏目、类型、分类或责任单位，不再符合规则")]
    return []


# ---- batches: one decision, rows piece by piece --------------------------------------------------------------------


def _ordered(review: Review, *, now: datetime, effective_at: datetime) -> BatchOrder:
    listed = json.loads(review.version.content)["versions"]
    order = BatchOrder(
        review=review, batch_id=review.instruction["batch"], version_digest=review.version.digest, documents=len(listed),
        signers=_signers(review), instruction=review.instruction, signed_at=now, effective_at=effective_at,
    )  # fmt: skip
    order.seal = seals().seal("batch-order", order_facts(order))
    order.save(force_insert=True)
    review.status, review.level = Review.Status.SIGNING, ""
    review.save(update_fields=["status", "level"])
    return order


def _carry_on(order: BatchOrder, review: Review, *, by: Actor, now: datetime) -> list[SignOff]:
    if not is_genuine_order(order):
        raise SignOffRefused([_("批次签发令的封签不符，已拒绝登记")])
    listed = content_of(review.version, digest=order.version_digest)["versions"]
    written = set(SignOff.objects.filter(review=review).values_list("version", flat=True))
    waiting = [entry for entry in listed if entry["version"] not in written]
    rows = _append(_rows_of_order(order, review, waiting[:PIECE]))
    _mirror(rows, by=by, now=now)
    if len(waiting) <= PIECE:
        _finish(review, rows, by=by, now=now)
    return rows


def _rows_of_order(order: BatchOrder, review: Review, entries: list[dict[str, Any]]) -> list[SignOff]:
    found = Version.objects.select_related("record").in_bulk([entry["version"] for entry in entries])
    return [
        SignOff(
            act=SignOff.Act.PUBLISH, subject=Subject.RECORD, identity=version.identity, site_id=version.site_id,
            version=version, version_digest=entry["digest"], review=review, batch_id=order.batch_id,
            signers=order.signers, instruction=order.instruction, signed_at=order.signed_at,
            effective_at=order.effective_at,
        )
        for entry in entries if (version := _same(found.get(entry["version"]), entry))
    ]  # fmt: skip


def _same(version: Version | None, entry: dict[str, Any]) -> Version:
    if version is None or version.subject != Subject.RECORD or str(version.identity) != entry["identity"]:
        raise SignOffRefused([_("批次中的稿件在送审后被改动过")])
    content_of(version, digest=entry["digest"])
    return version


def _signers(review: Review) -> list[dict[str, Any]]:
    return [_signer(decision) for decision in approvals_of(review).values()]


def _signer(decision: Decision) -> dict[str, Any]:
    return {
        "level": decision.level,
        "user": decision.reviewer_id,
        "name": decision.reviewer_name,
        "unit": decision.reviewer_unit,
        "at": decision.at.isoformat(),
    }


def _append(rows: list[SignOff]) -> list[SignOff]:
    last = SignOff.objects.order_by("-sequence").values("sequence", "digest").first()
    newest, previous = (last["sequence"], last["digest"]) if last else (0, GENESIS)
    for sequence, row in enumerate(rows, newest + 1):
        row.sequence, row.previous = sequence, previous
        row.digest = previous = _digest(row)
        row.seal = seals().seal("sign-off", {**signoff_facts(row), "digest": row.digest})
    return SignOff.objects.bulk_create(rows)


def _finish(review: Review, rows: list[SignOff], *, by: Actor, now: datetime) -> None:
    review.status, review.finished_at, review.level = Review.Status.SIGNED_OFF, now, ""
    review.save(update_fields=["status", "finished_at", "level"])
    _trace(review, rows, by=by, now=now)


def _digest(row: SignOff) -> str:
    facts = signoff_facts(row)
    stamped = {name: value.astimezone(UTC).isoformat() for name, value in facts.items() if isinstance(value, datetime)}
    return digest_of({**facts, **stamped})


def _mirror(rows: list[SignOff], *, by: Actor, now: datetime) -> None:
    records = [row.version.its_record.pk for row in rows if row.subject == Subject.RECORD]
    set_states(records=records, state=State.SIGNED_OFF)
    for row in rows:
        if row.subject == Subject.PLACEMENT:
            ended = row.act == SignOff.Act.WITHDRAW
            state = Placement.State.ENDED if ended else Placement.State.TAKEN
            change(placement=Placement.objects.get(identity=row.identity), state=state, by=by, now=now)
        elif row.subject == Subject.TAKING:
            rule = TakingRule.objects.select_related("site").get(identity=row.identity)
            move_rule(rule=rule, state=TakingRule.State.IN_FORCE, by=by, now=now)
        elif row.subject == Subject.STRUCTURE:
            _open_filings(row)


def _open_filings(row: SignOff) -> None:
    """A column that comes or goes in public is to be reported for filing (COL-08)."""
    earlier = SignOff.objects.filter(identity=row.identity, sequence__lt=row.sequence).order_by("-sequence")
    last = next((found for found in earlier.select_related("version").iterator() if is_genuine(found)), None)
    if last is not None:
        before, after = (content_of(found.version, digest=found.version_digest)["columns"] for found in (last, row))
        note_column_changes(site=row.site, before=before, after=after, at=row.effective_at)


def _trace(review: Review, rows: list[SignOff], *, by: Actor, now: datetime) -> None:
    last, version = rows[-1] if rows else review.sign_offs.latest("sequence"), review.version
    event = SignedOff(
        subject=f"{version.subject}:{version.identity}",
        site=review.site.host,
        sequence=last.sequence,
        act=review.act,
        version=version.number,
        digest=version.digest,
        effective_at=last.effective_at.isoformat(),
    )
    record(event, by=by, at=now)
