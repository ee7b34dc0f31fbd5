"""举报: the unit that is reported never handles it, and every look at a report is traced.

Which unit is meant is for the desk to say, in a step of its own, before the report can be accepted. From then on nobody
of that unit reads it, receives it, is asked for help with it or handles it.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.domain.cases import Act, Kind
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import Organisation, User
from jiyue.interaction.events import ReportOpened
from jiyue.interaction.models import Case, CaseStep
from jiyue.interaction.policies import concerns, desk_for_reports, desks_of, visible_cases
from jiyue.interaction.stepping import subject_of, take


def identify(*, case: Case, accused: Organisation | None, reason: str, by: User, now: datetime) -> CaseStep:
    """Say which unit is reported; None where it is none of this platform's. A desk that is concerned loses the report.

    Raises as `stepping.take`; ValidationError where no other desk could take it.
    """
    if accused is not None and not _units_of(case).filter(pk=accused.pk).exists():
        raise ValidationError({"accused": _("请选择同级政府或者所属的单位")})
    changes: dict[str, object] = {"accused": accused, "identified_at": now}
    if accused is not None and concerns(accused, case.desk.owner):
        desk = desk_for_reports(case.site, accused=accused)
        if desk is None:
            raise ValidationError({"accused": _(
                "被举报的就是受理举报的单位，平台上没有别的单位可以受理。请用“不予受理”告诉举报人应当向哪个上级机关举报。"
            )})  # fmt: skip
        changes |= {"desk": desk, "handler": None}
    return take(case=case, act=Act.IDENTIFY, by=by, now=now, reason=reason, changes=changes)


def require_identified(case: Case) -> None:
    """Raises ValidationError for a report of which nobody has said yet whom it is about."""
    if case.kind == Kind.REPORT and case.identified_at is None:
        raise ValidationError(_("请先核定被举报的是哪个单位"))


def refuse_desk(case: Case, desk: Site, *, field: str = "desk") -> None:
    """Raises ValidationError where this site's unit is the one that is reported, or obeys it."""
    if case.accused is not None and concerns(case.accused, desk.owner):
        raise ValidationError({field: _("不能交给被举报的单位或者它的下属单位")})


def refuse_handler(case: Case, handler: User) -> None:
    """Raises ValidationError for somebody of the reported unit."""
    if case.accused is not None and concerns(case.accused, handler.organisation):
        raise ValidationError({"handler": _("不能由被举报单位的人办理")})


@transaction.atomic
def open_report(*, case: Case, by: User, now: datetime) -> None:
    """Somebody reads it; of other letters nothing is traced. Raises PermissionDenied."""
    if case.kind != Kind.REPORT:
        return
    if not visible_cases(by).filter(pk=case.pk).exists():
        raise PermissionDenied(_("您不能查看这件举报"))
    record(ReportOpened(subject=subject_of(case), site=case.desk.host, number=case.number), by=by.actor(), at=now)


def _units_of(case: Case):
    """Units that a report may be about: those whose sites stand under the same government, and that government."""
    return Organisation.objects.filter(pk__in=desks_of(case.site).values("owner"))


def units_of(case: Case) -> list[Organisation]:
    """The same, in the order in which they are offered."""
    return list(_units_of(case).order_by("lineage", "name"))
