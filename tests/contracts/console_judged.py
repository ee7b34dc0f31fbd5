"""What checks, inspections and leaks have found at one unit, for the walks through the console."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from jiyue.checks.actions import add_word
from jiyue.checks.models import UnitWord
from jiyue.review.actions import submit
from jiyue.review.checking import findings_of, run_for
from jiyue.review.leaking import open_leak
from jiyue.review.models import (
    CheckRun,
    Finding,
    InspectedItem,
    Inspection,
    InspectionFinding,
    LeakCase,
    Rectification,
    UnitConsent,
)
from jiyue.review.models import Waiver as CheckWaiver
from jiyue.review.waiving import waive
from tests.cast import Tenant, draft, reviewed


@dataclass
class Judged:
    """What the checks leave behind: one row of everything that has a screen."""

    finding: Finding
    waiver: CheckWaiver
    rectification: Rectification
    inspection: Inspection
    inspected: InspectionFinding
    leak: LeakCase
    consent: UnitConsent
    word: UnitWord


def judged_of(tenant: Tenant, mark: str, *, now: datetime) -> Judged:
    """Rows as their actions would leave them: each can still be handled by whoever may."""
    finding = finding_of(tenant, mark, now=now)
    inspected = inspected_of(tenant, mark, now=now)
    return Judged(
        inspected=inspected, inspection=inspection_of(tenant, f"{mark}计划", now=now), finding=finding,
        waiver=waived_of(tenant, mark, now=now),
        rectification=Rectification.objects.create(site=tenant.site, finding=finding, opened_at=now),
        leak=leak_of(tenant, mark, now=now),
        consent=UnitConsent.objects.create(
            record=draft(tenant, now=now, title=f"{mark}的会签稿件"), unit=tenant.organisation, asked_by=tenant.editor,
            asked_at=now,
        ),
        word=add_word(
            organisation=tenant.organisation, family="wording", text=f"{mark}的错词", by=tenant.manager, now=now
        ),
    )  # fmt: skip


def finding_of(tenant: Tenant, mark: str, *, now: datetime) -> Finding:
    """Something the checks do find in the version, so that it can be waived."""
    body = [{"type": "paragraph", "value": "<p>联系人张某，联系电话：13900000000。</p>", "id": "p1"}]
    record = draft(tenant, now=now, title=f"{mark}的检测稿件", body=body)
    version = submit(record=record, by=tenant.editor, now=now).version
    run = run_for(version, occasion=CheckRun.Occasion.SUBMISSION, now=now)
    found = next(found for found in findings_of(run) if found.detector == "personal-data.mobile")
    said = replace(found, message=f"{mark}的问题", excerpt=f"{mark}的摘录")
    return Finding.objects.create(
        site=tenant.site, identity=record.identity, record=record, version=version, key=found.key,
        severity=found.severity, detector=found.detector, said=asdict(said), found_at=now,
    )  # fmt: skip


def inspected_of(tenant: Tenant, mark: str, *, now: datetime) -> InspectionFinding:
    """A finding of an inspection that waits for the site's answer."""
    record = draft(tenant, now=now, title=f"{mark}的抽查稿件")
    version = reviewed(tenant, record, now=now).version
    inspection = inspection_of(tenant, mark, now=now, seed="0" * 64, drawn_at=now, drawn_from=1)
    item = InspectedItem.objects.create(
        inspection=inspection, site=tenant.site, record=record, version=version, place=1, result="problem",
        recorded_by=tenant.manager, recorded_at=now,
    )  # fmt: skip
    return InspectionFinding.objects.create(
        item=item, site=tenant.site, kind="internal", what=f"{mark}的问题", demand=f"{mark}的要求",
        recorded_by=tenant.manager, recorded_at=now,
    )  # fmt: skip


def inspection_of(tenant: Tenant, mark: str, *, now: datetime, **facts: Any) -> Inspection:
    """An inspection of the tenant's site."""
    inspection = Inspection.objects.create(
        unit=tenant.organisation, name=f"{mark}的检查", held_on=now.date(), public_from=now.date(), public_until=now.date(),
        participants=f"{mark}的参加单位", size=1, created_by=tenant.manager, created_at=now, **facts,
    )  # fmt: skip
    inspection.sites.add(tenant.site)
    return inspection


def waived_of(tenant: Tenant, mark: str, *, now: datetime) -> CheckWaiver:
    """A finding that was let stand, so that the permission can be taken back."""
    body = [{"type": "paragraph", "value": "<p>联系人李某，联系电话：13900000001。</p>", "id": "p1"}]
    record = draft(tenant, now=now, title=f"{mark}的豁免稿件", body=body)
    version = submit(record=record, by=tenant.editor, now=now).version
    run = run_for(version, occasion=CheckRun.Occasion.SUBMISSION, now=now)
    key = next(found.key for found in findings_of(run) if found.detector == "personal-data.mobile")
    grounds = {"grounds": f"{mark}的豁免理由", "basis": "政府信息公开条例第二十条"}
    return waive(version=version, key=key, by=tenant.secrecy, now=now, **grounds)


def leak_of(tenant: Tenant, mark: str, *, now: datetime) -> LeakCase:
    """A case whose record is withdrawn and which can be closed, beside one that still waits for the withdrawal."""
    LeakCase.objects.create(
        record=draft(tenant, now=now, title=f"{mark}的待撤稿件"), site=tenant.site, kind="error", what=f"{mark}的泄露",
        found_at=now, opened_by=tenant.editor, opened_at=now,
    )  # fmt: skip
    record = draft(tenant, now=now, title=f"{mark}的泄露稿件")
    reviewed(tenant, record, now=now)
    return open_leak(record=record, kind="error", what=f"{mark}的泄露", by=tenant.final, now=now)
