"""整改: advertising, spam and hidden links in what is public are put right, and the checks see to it themselves (PAGE-10).

The examination opens and closes them; a person says what was done. Nobody closes one by hand: while the finding is there,
it is not done. How long it may take is asked of the rule packs (`publishing.duties.rectifications`).
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from jiyue.domain.actors import process
from jiyue.domain.todo import Todo
from jiyue.estate.models import Site
from jiyue.estate.policies import appointments_of
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.review.checking import found_from
from jiyue.review.events import (
    RectificationAssigned,
    RectificationClosed,
    RectificationFailed,
    RectificationOpened,
    RectificationReported,
)
from jiyue.review.models import Finding, Rectification
from jiyue.review.policies import RECTIFIERS, may_assign_rectification, may_report_rectification, rectifiers

KIND = "rectification"
MOST_TODOS = 100
RECTIFIED = ("advertisement", "spam", "hidden-link")
SHORTEST = 5  # characters of what was done: "已改" alone is none


def follow(site: Site, *, now: datetime, night: bool) -> None:
    """Open what was found, close what is gone; at night what was reported as done and is still there fails."""
    kinds = Q()
    for family in RECTIFIED:
        kinds |= Q(detector__startswith=f"{family}.")
    known = Rectification.objects.filter(finding=OuterRef("pk"), closed_at=None)
    found = Finding.objects.filter(kinds, ~Exists(known), site=site, handled_at=None)
    for finding in found.select_related("site").order_by("pk"):
        _open(finding, now=now)
    pending = Rectification.objects.filter(site=site, closed_at=None).select_related("finding", "site").order_by("pk")
    for row in pending:
        if row.finding.handled_at is not None:
            _close(row, now=now)
        elif night and row.reported_at is not None and row.reported_at < now:
            _fail(row, now=now)


@transaction.atomic
def assign(*, rectification: Rectification, person: User, by: User, now: datetime) -> Rectification:
    """Name who puts it right: an editor or manager of the site. Raises PermissionDenied, ValidationError."""
    row = _locked(rectification)
    if not may_assign_rectification(by, row):
        raise PermissionDenied(_("只有网站管理员可以指定整改人"))
    _refuse_closed(row)
    if not rectifiers(row.site).filter(pk=person.pk).exists():
        raise ValidationError({"person": _("整改人应当是本网站的编辑或者管理员")})
    row.person = person
    row.save(update_fields=["person"])
    trace(RectificationAssigned(**_about(row), name=person.name), by=by.actor(), at=now)
    return row


@transaction.atomic
def report(*, rectification: Rectification, measures: str, by: User, now: datetime) -> Rectification:
    """Say what was done; the next nightly run looks whether it is gone. Raises PermissionDenied, ValidationError."""
    row = _locked(rectification)
    if not may_report_rectification(by, row):
        raise PermissionDenied(_("只有整改人、能修改这篇稿件的人和网站管理员可以填报整改情况"))
    _refuse_closed(row)
    if len(measures.strip()) < SHORTEST:
        raise ValidationError({"measures": _("请写明怎么整改的，例如“删除了第 2 段的购物链接，已按更正送审”")})
    row.measures, row.reported_by, row.reported_at = measures.strip(), by, now
    row.save(update_fields=["measures", "reported_by", "reported_at"])
    trace(RectificationReported(**_about(row), measures=row.measures), by=by.actor(), at=now)
    return row


def todo_for(user: User) -> list[Todo]:
    """Rectifications that the person was charged with and has not reported as done."""
    sites = appointments_of(user).filter(role__in=RECTIFIERS).values("site")
    rows = Rectification.objects.filter(person=user, closed_at=None, reported_at=None, site__in=sites)
    rows = rows.select_related("site", "finding__record").defer("finding__record__body").order_by("opened_at", "pk")
    return [_charge(row) for row in rows[:MOST_TODOS]]


def _charge(row: Rectification) -> Todo:
    found, record = found_from(row.finding.said), row.finding.record
    note = _("%(where)s：%(what)s") % {"where": found.where, "what": found.say()}
    if row.failed_at is not None:
        note = _("复查仍有：%(what)s") % {"what": note}
    return Todo(
        kind=KIND, ref=str(row.pk), site=row.site.name, title=record.title if record else row.site.name,
        what=_("整改"), state=row.finding.severity, since=row.failed_at or row.opened_at, note=note,
    )  # fmt: skip


# ---- what the examination does ---------------------------------------------------------------------------------------


@transaction.atomic
def _open(finding: Finding, *, now: datetime) -> None:
    row, made = Rectification.objects.get_or_create(
        finding=finding, closed_at=None, defaults={"site": finding.site, "opened_at": now}
    )
    if made:
        event = RectificationOpened(**_about(row), detector=finding.detector)
        trace(event, by=process("examination"), at=now)


@transaction.atomic
def _close(row: Rectification, *, now: datetime) -> None:
    # The moment it was gone, not the night that looked: that is what a time limit is counted to.
    row.closed_at, row.outcome = row.finding.handled_at or now, row.finding.handling
    row.save(update_fields=["closed_at", "outcome"])
    trace(RectificationClosed(**_about(row), handling=row.outcome), by=process("examination"), at=now)


@transaction.atomic
def _fail(row: Rectification, *, now: datetime) -> None:
    row.reported_at, row.failed_at, row.failed_times = None, now, row.failed_times + 1
    row.save(update_fields=["reported_at", "failed_at", "failed_times"])
    trace(RectificationFailed(**_about(row), measures=row.measures), by=process("examination"), at=now)


def _locked(rectification: Rectification) -> Rectification:
    rows = Rectification.objects.select_for_update(of=("self",)).select_related("site", "finding__record")
    return rows.get(pk=rectification.pk)


def _refuse_closed(row: Rectification) -> None:
    if row.closed_at is not None:
        raise ValidationError(_("复查已经通过，整改结束"))


def _about(row: Rectification) -> dict[str, str]:
    return {"subject": f"rectification:{row.pk}", "site": row.site.host}
