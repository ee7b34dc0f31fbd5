"""所问的办事事项: which item of service a letter asks about, from the page by which it came or as who handles it says (SERV-10).

It moves no clock and is told to nobody; of a report of a wrong it is never noted. Public it becomes with the answer alone,
whose record names it and is reviewed (`publicity`).
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jiyue.content.belonging import items_for
from jiyue.content.models import ServiceItem
from jiyue.domain.cases import Kind, State, Who
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction.events import LetterService
from jiyue.interaction.models import Case
from jiyue.interaction.policies import parts_of
from jiyue.interaction.stepping import ChangedMeanwhile, NotNow, NotYours, locked, subject_of

NAMES = frozenset({Who.DESK, Who.HANDLER})
NO_MORE = frozenset({State.MERGED, State.WITHDRAWN})


def service_of(code: str) -> ServiceItem | None:
    """The item of a code that came with a letter; none for a code that nobody knows any more."""
    return ServiceItem.objects.filter(code=code[:40]).first() if code else None


def services_for(case: Case) -> QuerySet[ServiceItem]:
    """The items that the answering unit may have a guide for and that were not given up; its own noted one stays."""
    return items_for(case.desk).filter(Q(ended_on=None) | Q(pk=case.service_id)).order_by("code")


def may_name(user: User, case: Case) -> bool:
    """The desk and who handles the letter may say about what it is."""
    return case.kind != Kind.REPORT and case.state not in NO_MORE and bool(NAMES & parts_of(user, case))


@transaction.atomic
def name_service(*, case: Case, code: str, by: User, now: datetime) -> Case:
    """Say which item the letter asks about; an empty code says none. The same again changes nothing.

    Raises NotYours, NotNow, ChangedMeanwhile, ValidationError.
    """
    row = locked(case)
    if row.version != case.version:
        raise ChangedMeanwhile(_("这封信刚刚被别人处理过，请看过最新情况后再办"))
    if row.kind == Kind.REPORT or row.state in NO_MORE:
        raise NotNow(_("这封信不能再记所问的办事事项"))
    if not may_name(by, row):
        raise NotYours(_("所问的办事事项由受理单位或者承办人填写"))
    found = services_for(row).filter(code=code).first() if code else None
    if code and found is None:
        raise ValidationError({"service": _("没有“%(code)s”这个办事事项，请从列出的事项里选") % {"code": code[:40]}})
    if found == row.service:
        return row
    row.service, row.version = found, row.version + 1
    row.save(update_fields=["service", "version"])
    said = LetterService(
        subject=subject_of(row), site=row.desk.host, number=row.number, service=found.code if found else ""
    )  # fmt: skip
    record(said, by=by.actor(), at=now)
    return row
