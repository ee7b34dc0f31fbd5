"""保密安全检查: planned by the supervising office with other authorities, drawn, looked at, answered, concluded (PRIV-09).

The sample cannot be chosen and cannot be known beforehand: its seed is the SHA-256 of the ledger's last digest at the
moment of the drawing and of everything public in scope, and an inspection is drawn once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from jiyue.content.models import Column
from jiyue.domain.deadlines import local
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import Organisation, User
from jiyue.review.events import (
    InspectionAnswered,
    InspectionCancelled,
    InspectionConcluded,
    InspectionDrawn,
    InspectionFound,
    InspectionPlanned,
    InspectionSettled,
    ItemInspected,
)
from jiyue.review.inspection_policies import inspectable_sites, inspecting_units, may_answer_inspection, may_inspect
from jiyue.review.models import InspectedItem, Inspection, InspectionFinding, SignOff, Subject
from jiyue.review.sampling import sample_of
from jiyue.review.sealing import is_genuine

LARGEST = 500  # items a person can look at
SHORTEST = 5  # characters of what was done
MANY = 300


@dataclass(frozen=True)
class Plan:
    """What an inspection is to look at, when and with whom. `columns` empty means all columns of the sites."""

    name: str
    held_on: date
    public_from: date
    public_until: date
    participants: str
    size: int
    sites: tuple[Site, ...]
    columns: tuple[Column, ...] = ()


@transaction.atomic
def plan_inspection(*, unit: Organisation, plan: Plan, by: User, now: datetime) -> Inspection:
    """Plan an inspection of sites in one's reach. Raises PermissionDenied, ValidationError."""
    if not inspecting_units(by).filter(pk=unit.pk).exists():
        raise PermissionDenied(_("只有监管人员可以为本单位安排检查"))
    _refuse_plan(plan, by)
    inspection = Inspection(
        unit=unit, name=plan.name.strip(), held_on=plan.held_on, public_from=plan.public_from,
        public_until=plan.public_until, participants=plan.participants.strip(), size=plan.size, created_by=by,
        created_at=now,
    )  # fmt: skip
    inspection.full_clean()
    inspection.save()
    inspection.sites.set(plan.sites)
    inspection.columns.set(plan.columns)
    event = InspectionPlanned(
        **_about(inspection), held_on=plan.held_on.isoformat(), sites=[site.name for site in plan.sites],
        participants=inspection.participants,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return inspection


@transaction.atomic
def draw(*, inspection: Inspection, by: User, now: datetime) -> list[InspectedItem]:
    """Draw the sample from what is public in scope now, once. Raises PermissionDenied, ValidationError."""
    row = _locked(inspection, by)
    if row.state != Inspection.State.PLANNED:
        raise ValidationError(_("样本已经抽过，或者检查已经取消"))
    public = {str(sign_off.identity): sign_off for sign_off in _public_in_scope(row, now=now)}
    if not public:
        raise ValidationError(_("范围内没有公开的稿件，请改变网站、栏目或者日期另作计划"))
    head = SignOff.objects.order_by("-sequence").values_list("digest", flat=True)[0]
    row.seed, sample = sample_of(public, size=row.size, salt=head)
    row.drawn_at, row.drawn_from = now, len(public)
    row.save(update_fields=["seed", "drawn_at", "drawn_from"])
    items = [_item(row, public[identity], place) for place, identity in enumerate(sample, 1)]
    InspectedItem.objects.bulk_create(items)
    event = InspectionDrawn(**_about(row), documents=len(items), drawn_from=len(public), head=head, seed=row.seed)
    trace(event, by=by.actor(), at=now)
    return items


@transaction.atomic
def look_at(*, item: InspectedItem, note: str, by: User, now: datetime) -> InspectedItem:
    """Say that nothing was found in one drawn item. Raises PermissionDenied, ValidationError."""
    item = _locked_item(item, by)
    if item.findings.exists():
        raise ValidationError(_("这一件已经登记了问题，不能再写“未发现问题”"))
    _settle_item(item, InspectedItem.Result.CLEAN, note.strip(), by=by, now=now)
    return item


@transaction.atomic
def find(*, item: InspectedItem, kind: str, what: str, demand: str, by: User, now: datetime) -> InspectionFinding:
    """Register a problem of one drawn item; the site's people are told. Raises PermissionDenied, ValidationError."""
    item = _locked_item(item, by)
    if kind not in InspectionFinding.Kind.values or not what.strip() or not demand.strip():
        raise ValidationError(_("请选择性质，写明问题在哪里、要求怎么处理"))
    finding = InspectionFinding.objects.create(
        item=item, site=item.site, kind=kind, what=what.strip(), demand=demand.strip(), recorded_by=by, recorded_at=now
    )
    _settle_item(item, InspectedItem.Result.PROBLEM, "", by=by, now=now)
    event = InspectionFound(
        **_about(item.inspection, item.site), nature=str(InspectionFinding.Kind(kind).label), what=finding.what,
        demand=finding.demand,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return finding


@transaction.atomic
def answer(*, finding: InspectionFinding, answer: str, by: User, now: datetime) -> InspectionFinding:
    """Say what the site did about a finding. Raises PermissionDenied, ValidationError."""
    row = _locked_finding(finding)
    if not may_answer_inspection(by, row):
        raise PermissionDenied(_("只有被查网站的管理员和保密审查人可以答复"))
    _refuse_closed(row)
    if len(answer.strip()) < SHORTEST:
        raise ValidationError({"answer": _("请写明怎么处理的，例如“已撤下并告知当事人”")})
    row.answer, row.answered_by, row.answered_at, row.returned = answer.strip(), by, now, ""
    row.save(update_fields=["answer", "answered_by", "answered_at", "returned"])
    event = InspectionAnswered(**_about(row.item.inspection, row.site), answer=row.answer)
    trace(event, by=by.actor(), at=now)
    return row


@transaction.atomic
def settle(*, finding: InspectionFinding, accepted: bool, reason: str, by: User, now: datetime) -> InspectionFinding:
    """Accept what was done, or send it back with a reason. Raises PermissionDenied, ValidationError."""
    row = _locked_finding(finding)
    if not may_inspect(by, row.item.inspection):
        raise PermissionDenied(_("只有组织检查的单位可以确认"))
    _refuse_closed(row)
    if row.answered_at is None:
        raise ValidationError(_("被查网站还没有答复"))
    if not accepted and not reason.strip():
        raise ValidationError({"reason": _("不确认的，请写明还缺什么")})
    if accepted:
        row.closed_by, row.closed_at = by, now
    else:
        row.answered_at, row.returned = None, reason.strip()[:300]
    row.save(update_fields=["closed_by", "closed_at", "answered_at", "returned"])
    event = InspectionSettled(**_about(row.item.inspection, row.site), accepted=accepted, reason=reason.strip())
    trace(event, by=by.actor(), at=now)
    return row


@transaction.atomic
def conclude(*, inspection: Inspection, conclusion: str, by: User, now: datetime) -> Inspection:
    """End an inspection in which every drawn item was looked at and every finding handled.

    Raises PermissionDenied, ValidationError.
    """
    row = _locked(inspection, by)
    if row.state != Inspection.State.DRAWN:
        raise ValidationError(_("还没有抽样，或者检查已经结束"))
    left = row.items.filter(result="").count()
    open_ones = InspectionFinding.objects.filter(item__inspection=row, closed_at=None).count()
    if left or open_ones:
        values = {"left": left, "open": open_ones}
        raise ValidationError(_("还有 %(left)s 件没有查看、%(open)s 个问题没有处理完，不能结束") % values)
    if len(conclusion.strip()) < SHORTEST:
        raise ValidationError({"conclusion": _("请写明检查结论")})
    row.conclusion, row.closed_by, row.closed_at = conclusion.strip(), by, now
    row.save(update_fields=["conclusion", "closed_by", "closed_at"])
    found = InspectionFinding.objects.filter(item__inspection=row).count()
    trace(InspectionConcluded(**_about(row), conclusion=row.conclusion, found=found), by=by.actor(), at=now)
    return row


@transaction.atomic
def cancel(*, inspection: Inspection, reason: str, by: User, now: datetime) -> Inspection:
    """Call off an inspection that was not drawn yet. Raises PermissionDenied, ValidationError."""
    row = _locked(inspection, by)
    if row.state != Inspection.State.PLANNED:
        raise ValidationError(_("已经抽样的检查不能取消"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明取消的原因")})
    row.cancelled_at, row.reason = now, reason.strip()[:300]
    row.save(update_fields=["cancelled_at", "reason"])
    trace(InspectionCancelled(**_about(row), reason=row.reason), by=by.actor(), at=now)
    return row


# ---- what is public in scope -----------------------------------------------------------------------------------------


def _public_in_scope(inspection: Inspection, *, now: datetime) -> Iterable[SignOff]:
    """The rows of records that are public now, first public in the period, in the columns meant."""
    rows = SignOff.objects.filter(site__in=inspection.sites.all(), subject=Subject.RECORD, effective_at__lte=now)
    known = rows.values("identity").annotate(last=Max("sequence"), first=Min("effective_at")).order_by("identity")
    listed = [
        row["last"] for row in known if inspection.public_from <= local(row["first"]).date() <= inspection.public_until
    ]
    columns = set(inspection.columns.values_list("pk", flat=True))
    for start in range(0, len(listed), MANY):
        found = SignOff.objects.filter(sequence__in=listed[start : start + MANY]).select_related("version__record")
        yield from (row for row in found if _is_meant(row, columns))


def _is_meant(row: SignOff, columns: Collection[int]) -> bool:
    record = row.version.record
    if record is None or row.act == SignOff.Act.WITHDRAW or not is_genuine(row):
        return False
    return not columns or record.column_id in columns


def _item(inspection: Inspection, row: SignOff, place: int) -> InspectedItem:
    return InspectedItem(
        inspection=inspection, site_id=row.site_id, record=row.version.its_record, version=row.version, place=place
    )


def _refuse_plan(plan: Plan, by: User) -> None:
    if not plan.sites:
        raise ValidationError({"sites": _("请选择要检查的网站")})
    keys = {site.pk for site in plan.sites}
    if set(inspectable_sites(by).filter(pk__in=keys).values_list("pk", flat=True)) != keys:
        raise ValidationError({"sites": _("只能检查本单位监管的网站")})
    if any(column.site_id not in keys for column in plan.columns):
        raise ValidationError({"columns": _("栏目应当属于所选的网站")})
    if plan.public_from > plan.public_until:
        raise ValidationError({"public_until": _("结束日期要在开始日期之后")})
    if not 1 <= plan.size <= LARGEST:
        raise ValidationError({"size": _("抽查件数应在 1 到 %(most)s 之间") % {"most": LARGEST}})
    if not plan.participants.strip():
        raise ValidationError({"participants": _("请写明会同检查的单位")})


def _settle_item(item: InspectedItem, result: str, note: str, *, by: User, now: datetime) -> None:
    item.result, item.note, item.recorded_by, item.recorded_at = result, note[:300], by, now
    item.save(update_fields=["result", "note", "recorded_by", "recorded_at"])
    trace(ItemInspected(**_about(item.inspection, item.site), result=result), by=by.actor(), at=now)


def _locked(inspection: Inspection, by: User) -> Inspection:
    row = Inspection.objects.select_for_update(of=("self",)).select_related("unit").get(pk=inspection.pk)
    if not may_inspect(by, row):
        raise PermissionDenied(_("只有组织检查的单位可以办理"))
    return row


def _locked_item(item: InspectedItem, by: User) -> InspectedItem:
    row = (
        InspectedItem.objects.select_for_update(of=("self",)).select_related("inspection__unit", "site").get(pk=item.pk)
    )
    if not may_inspect(by, row.inspection):
        raise PermissionDenied(_("只有组织检查的单位可以办理"))
    if row.inspection.closed_at is not None:
        raise ValidationError(_("检查已经结束"))
    return row


def _locked_finding(finding: InspectionFinding) -> InspectionFinding:
    rows = InspectionFinding.objects.select_for_update(of=("self",)).select_related("item__inspection__unit", "site")
    return rows.get(pk=finding.pk)


def _refuse_closed(finding: InspectionFinding) -> None:
    if finding.closed_at is not None:
        raise ValidationError(_("这个问题已经处理完"))


def _about(inspection: Inspection, site: Site | None = None) -> dict[str, str]:
    # Of the whole inspection no site's people read the trace; of a finding those of its site do.
    return {"subject": f"inspection:{inspection.pk}", "site": site.host if site else "", "name": inspection.name}
