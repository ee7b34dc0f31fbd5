"""泄露处置: what should never have been public is taken down everywhere at once, and everybody in its path is named.

PRIV-10 and REV-14; Hebi art. 41 and 52, Chaoyang art. 28 and 29, Xiangxi art. 12 and 20.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.models import Record
from jiyue.foundation.audit import record as trace
from jiyue.foundation.models import AuditEvent
from jiyue.identity.models import User
from jiyue.review import ledger
from jiyue.review.actions import confirm_withdrawal, recall_for_leak
from jiyue.review.course import open_review
from jiyue.review.events import LeakClosed, LeakOpened
from jiyue.review.models import (
    Decision,
    LeakCase,
    Level,
    Review,
    SignOff,
    UnitConsent,
    Version,
    Waiver,
    WaiverRevocation,
)
from jiyue.review.policies import may_close_leak, may_report_leak


@transaction.atomic
def open_leak(
    *, record: Record, kind: str, what: str, by: User, now: datetime, finder: str = "", found_at: datetime | None = None
) -> LeakCase:
    """Open the case and start the withdrawal, before everything else that waits for the final reviewer.

    A final reviewer who did not write it confirms at once, so that it is gone with this very act. A correction under
    review is called back. Raises PermissionDenied, ValidationError.
    """
    if not may_report_leak(by, record):
        raise PermissionDenied(_("您不能为这篇稿件启动泄露处置"))
    last = ledger.current(record.identity)
    if last is None or last.act == SignOff.Act.WITHDRAW:
        raise ValidationError(_("这篇稿件现在没有公开"))
    if kind not in LeakCase.Kind.values or not what.strip():
        raise ValidationError(_("请选择性质，并写明泄露了什么、在哪里"))
    if record.leak_cases.filter(closed_at=None).exists():
        raise ValidationError(_("这篇稿件已经在处置中"))
    leak = LeakCase(
        record=Record.objects.get(pk=record.pk), site=record.site, kind=kind, what=what.strip(), finder=finder.strip(),
        found_at=found_at or now, opened_by=by, opened_at=now,
    )  # fmt: skip
    leak.withdrawal = _withdrawal(leak, last, by=by, now=now)
    leak.full_clean(exclude=["withdrawal"])
    leak.save()
    event = LeakOpened(
        subject=f"record:{record.identity}", site=record.site.host, kind=kind, what=leak.what, finder=leak.finder
    )
    trace(event, by=by.actor(), at=now)
    confirm_withdrawal(review=leak.withdrawal, by=by, now=now)
    leak.withdrawal.refresh_from_db()
    return leak


@transaction.atomic
def close_leak(*, leak: LeakCase, measures: str, by: User, now: datetime) -> LeakCase:
    """Close a case whose matter is gone, with what was done and who was called to account. Raises as `open_leak`."""
    leak = (
        LeakCase.objects.select_for_update(of=("self",)).select_related("site", "record", "withdrawal").get(pk=leak.pk)
    )
    if not may_close_leak(by, leak):
        raise PermissionDenied(_("只有网站管理员可以结束处置"))
    if leak.closed_at is not None:
        raise ValidationError(_("处置已经结束"))
    if leak.withdrawal is None or leak.withdrawal.status != Review.Status.SIGNED_OFF:
        raise ValidationError(_("稿件还没有撤下，不能结束处置"))
    if not measures.strip():
        raise ValidationError({"measures": _("请写明处置情况：补救措施、告知当事人、责任追究")})
    leak.measures, leak.closed_by, leak.closed_at = measures.strip(), by, now
    leak.save(update_fields=["measures", "closed_by", "closed_at"])
    event = LeakClosed(subject=f"record:{leak.record.identity}", site=leak.site.host, measures=leak.measures)
    trace(event, by=by.actor(), at=now)
    return leak


@dataclass(frozen=True)
class Part:
    """One person's part in the path of a thing: what she did, of which unit, when."""

    at: datetime
    name: str
    unit: str
    did: str
    note: str = ""


def persons_of(leak: LeakCase) -> list[Part]:
    """Everybody in the path of the thing: writing, submitting, each signature, waivers and consents; by time."""
    identity = leak.record.identity
    parts = [*_writers(leak), *_submitters(identity), *_signatures(identity), *_waivers(identity), *_consents(leak)]
    return sorted(parts, key=lambda part: part.at)


def _withdrawal(leak: LeakCase, last: SignOff, *, by: User, now: datetime) -> Review:
    recall_for_leak(identity=last.identity, by=by, now=now)
    reason = _("泄露处置：%(kind)s") % {"kind": LeakCase.Kind(leak.kind).label}
    instruction = {"kind": "error", "reason": reason, "target": "", "finder": leak.finder, "leak": str(leak.identity)}
    return open_review(
        version=last.version, act=Review.Act.WITHDRAW, levels=[Level.FINAL], by=by, now=now, publish_at=None,
        emergency=True, instruction=instruction,
    )  # fmt: skip


def _writers(leak: LeakCase) -> Iterator[Part]:
    wrote = {"content.record_created": _("录入"), "content.record_edited": _("修改")}
    events = AuditEvent.objects.filter(subject=f"record:{leak.record.identity}", code__in=wrote).order_by("sequence")
    seen: set[tuple[str, str]] = set()
    for event in events:
        if (event.actor_key, event.code) not in seen:
            seen.add((event.actor_key, event.code))
            yield Part(event.at, event.actor_name, event.actor_unit, wrote[event.code])


def _submitters(identity) -> Iterator[Part]:
    reviews = Review.objects.filter(version__identity=identity).exclude(act=Review.Act.WITHDRAW)
    for review in reviews.select_related("submitted_by__organisation", "version"):
        person = review.submitted_by
        note = _("第 %(n)s 版") % {"n": review.version.number}
        yield Part(review.submitted_at, person.name, _unit(person), _("送审"), note)


def _signatures(identity) -> Iterator[Part]:
    decisions = Decision.objects.filter(review__version__identity=identity, answer=Decision.Answer.APPROVE)
    for decision in decisions.exclude(review__act=Review.Act.WITHDRAW).select_related("review__version"):
        did = _("%(level)s通过") % {"level": Level(decision.level).label}
        note = _("第 %(n)s 版") % {"n": decision.review.version.number}
        yield Part(decision.at, decision.reviewer_name, decision.reviewer_unit, did, note)


def _waivers(identity) -> Iterator[Part]:
    for waiver in Waiver.objects.filter(identity=identity):
        yield Part(
            waiver.at, waiver.by_name, waiver.by_unit, _("豁免：%(what)s") % {"what": waiver.message}, waiver.grounds
        )
    for ended in WaiverRevocation.objects.filter(waiver__identity=identity).select_related("waiver"):
        yield Part(
            ended.at,
            ended.by_name,
            ended.by_unit,
            _("撤销豁免：%(what)s") % {"what": ended.waiver.message},
            ended.reason,
        )


def _consents(leak: LeakCase) -> Iterator[Part]:
    found = UnitConsent.objects.filter(record=leak.record, recorded_at__isnull=False).select_related("unit")
    for consent in found:
        if consent.recorded_at:
            yield Part(consent.recorded_at, consent.given_by, consent.unit.name, _("会签同意"), consent.evidence)


def _unit(person: User) -> str:
    return person.organisation.name if person.organisation else ""


def versions_of(leak: LeakCase) -> list[Version]:
    """The versions that had been public, newest first."""
    return list(
        Version.objects.filter(identity=leak.record.identity, sign_offs__isnull=False).distinct().order_by("-number")
    )
