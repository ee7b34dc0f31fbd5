"""What inspections ask of a person: to answer for a site, or to accept what a site did."""

from django.db.models import Q
from django.utils.translation import gettext as _

from jiyue.domain.todo import Todo
from jiyue.estate.policies import appointments_of
from jiyue.identity.models import Organisation, User
from jiyue.identity.policies import within_reach
from jiyue.identity.roles import Role
from jiyue.review.models import InspectionFinding

KIND = "inspection-finding"
MOST_TODOS = 100
ANSWERING = (Role.SITE_MANAGER, Role.SECRECY_REVIEWER)


def todo_for(user: User) -> list[Todo]:
    """Findings that wait for the person's answer, and answers that wait for her office."""
    sites = appointments_of(user).filter(role__in=ANSWERING).values("site")
    offices = Organisation.objects.filter(within_reach(user, Role.SUPERVISOR)).values("pk")
    answered = Q(answered_at__isnull=False, item__inspection__unit__in=offices)
    rows = InspectionFinding.objects.filter(Q(answered_at=None, site__in=sites) | answered, closed_at=None)
    rows = rows.select_related("site", "item__record", "item__inspection").defer("item__record__body")
    return [_todo(row) for row in rows.order_by("recorded_at", "pk")[:MOST_TODOS]]


def _todo(row: InspectionFinding) -> Todo:
    note = _("%(name)s：%(what)s") % {"name": row.item.inspection.name, "what": row.what}
    if row.returned and row.answered_at is None:
        note = _("退回：%(reason)s") % {"reason": row.returned}
    return Todo(
        kind=KIND, ref=str(row.pk), site=row.site.name, title=row.item.record.title, what=_("检查发现的问题"),
        state="block" if row.answered_at is None else "warn", since=row.answered_at or row.recorded_at, note=note,
    )  # fmt: skip
