"""一案三同步: opening a case, writing its plan, putting material in and taking it out. Signing: `review.together`."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.cases import plan_of
from jiyue.content.events import CaseDissolved, CaseMaterialChanged, CaseOpened, CasePlanned
from jiyue.content.models import Interpretation, PolicyCase, PolicyDocument, Record
from jiyue.content.models.records import UNDER_REVIEW, State
from jiyue.content.policies import may_write
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import Organisation, User

SIGNED = frozenset({State.SIGNED_OFF, State.PUBLISHED, State.FAILED})


@transaction.atomic
def open_case(*, document: PolicyDocument, by: User, now: datetime) -> PolicyCase:
    """Open the case of a document, or give the one that it has. Raises PermissionDenied, ValidationError."""
    document = _locked(document)
    _require_writer(by, document)
    existing = PolicyCase.objects.filter(document=document.pk).first()
    if existing is not None:
        return existing
    _refuse_settled(document)
    case = PolicyCase(
        site=document.site, document=document, unit=document.drafting_unit or document.responsible, created_by=by,
        created_at=now,
    )  # fmt: skip
    case.save()
    for found in Interpretation.objects.filter(documents=document.pk, site=document.site):
        if found.state not in UNDER_REVIEW:
            case.interpretations.add(found)
    trace(CaseOpened(**_about(case), title=document.title), by=by.actor(), at=now)
    return case


@transaction.atomic
def save_plan(
    *, case: PolicyCase, unit: Organisation | None, forms: list[str], points: str, audience: str, ready_on: date | None,
    by: User, now: datetime,
) -> PolicyCase:  # fmt: skip
    """Write the 解读方案. It is countersigned with the document. Raises PermissionDenied, ValidationError."""
    case = _open_to_change(case, by)
    before = plan_of(case)
    case.unit, case.points, case.audience, case.ready_on = unit, points.strip(), audience.strip(), ready_on
    case.forms = [form for form in Interpretation.Form.values if form in forms]
    case.full_clean()
    case.save()
    after = plan_of(case)
    if before != after:
        trace(CasePlanned(**_about(case), before=before, after=after), by=by.actor(), at=now)
    return case


@transaction.atomic
def add_material(*, case: PolicyCase, interpretation: Interpretation, by: User, now: datetime) -> None:
    """Put an interpretation into the case; from then on it is signed with the document. Raises as below."""
    case = _open_to_change(case, by)
    interpretation = _free(interpretation, by)
    if interpretation.site_id != case.site_id:
        raise ValidationError(_("解读材料要与文件在同一个网站，才能一起发布"))
    interpretation.documents.add(case.document_id)
    case.interpretations.add(interpretation)
    _trace_material(case, interpretation, "in", by=by, now=now)


@transaction.atomic
def remove_material(*, case: PolicyCase, interpretation: Interpretation, by: User, now: datetime) -> None:
    """Take an interpretation out of the case again; it stays as it is. Raises PermissionDenied, ValidationError."""
    case = _open_to_change(case, by)
    interpretation = _free(interpretation, by)
    if not case.interpretations.filter(pk=interpretation.pk).exists():
        raise ValidationError(_("这篇解读不在案件里"))
    case.interpretations.remove(interpretation)
    _trace_material(case, interpretation, "out", by=by, now=now)


@transaction.atomic
def dissolve_case(*, case: PolicyCase, reason: str, by: User, now: datetime) -> None:
    """Let document and interpretations go their own ways again; where the rules ask for a case, a new one is needed.

    Raises PermissionDenied, ValidationError.
    """
    case = _open_to_change(case, by)
    for found in case.interpretations.all():
        _free(found, by)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因")})
    event = CaseDissolved(**_about(case), title=case.document.title, plan=plan_of(case), reason=reason.strip())
    case.delete()
    trace(event, by=by.actor(), at=now)


def _open_to_change(case: PolicyCase, by: User) -> PolicyCase:
    document = _locked(PolicyDocument.objects.get(pk=case.document_id))
    _require_writer(by, document)
    _refuse_settled(document)
    return PolicyCase.objects.select_related("site", "document", "unit").get(pk=case.pk)


def _free(interpretation: Interpretation, by: User) -> Interpretation:
    found = Interpretation.objects.select_for_update().get(pk=interpretation.pk)
    if not may_write(by, found):
        raise PermissionDenied(_("您不能编写这篇解读"))
    if found.state in UNDER_REVIEW:
        raise ValidationError(_("解读“%(title)s”正在审核，请先撤回送审，再调整案件") % {"title": found.title})
    return found


def _locked(document: PolicyDocument) -> PolicyDocument:
    return PolicyDocument.objects.select_for_update(of=("self",)).select_related("site").get(pk=document.pk)


def _require_writer(by: User, record: Record) -> None:
    if not may_write(by, record):
        raise PermissionDenied(_("您不能办理这份文件的同步案件"))


def _refuse_settled(document: PolicyDocument) -> None:
    if document.state in UNDER_REVIEW:
        raise ValidationError(_("文件正在审核，请先撤回送审，再调整案件"))
    if document.state in SIGNED:
        raise ValidationError(_("文件已经签发，案件不再改动；新的解读可以直接编写、直接送审"))


def _trace_material(case: PolicyCase, interpretation: Interpretation, moved: str, *, by: User, now: datetime) -> None:
    event = CaseMaterialChanged(**_about(case), title=interpretation.title, moved=moved)
    trace(event, by=by.actor(), at=now)


def _about(case: PolicyCase) -> dict[str, str]:
    return {"subject": f"record:{case.document.identity}", "site": case.site.host}
