"""Who plans and sees inspections: the supervising office its own, a site's people what concerns their site."""

from django.db.models import Q, QuerySet
from django.http import Http404

from jiyue.estate.models import Site
from jiyue.estate.policies import appointments_of, may_manage, sites_with
from jiyue.identity.models import Organisation, User
from jiyue.identity.policies import memberships_of, within_reach
from jiyue.identity.roles import Permission, Role
from jiyue.review.models import InspectedItem, Inspection, InspectionFinding


def inspecting_units(user: User) -> QuerySet[Organisation]:
    """Units for which the person plans inspections: where she supervises, or her own for the whole platform."""
    held = list(memberships_of(user, Role.SUPERVISOR))
    keys = {row.organisation_id or user.organisation_id for row in held}
    return Organisation.objects.filter(pk__in={key for key in keys if key is not None}).order_by("lineage")


def inspectable_sites(user: User) -> QuerySet[Site]:
    return Site.objects.filter(within_reach(user, Role.SUPERVISOR, prefix="owner__")).order_by("name", "pk")


def may_inspect(user: User, inspection: Inspection) -> bool:
    """Whoever supervises where it is organised, or above."""
    return _organised(user).filter(pk=inspection.pk).exists()


def visible_inspections(user: User) -> QuerySet[Inspection]:
    """Those of one's own office, and those that look at a site whose content one may read."""
    mine = Q(pk__in=_organised(user).values("pk"))
    concerned = Q(sites__in=sites_with(user, Permission.READ_CONTENT))
    return Inspection.objects.filter(mine | concerned).distinct()


def visible_items(user: User, inspection: Inspection) -> QuerySet[InspectedItem]:
    """All for those who inspect; for others the items of the sites they may read, once they were looked at."""
    items = InspectedItem.objects.filter(inspection=inspection)
    if may_inspect(user, inspection):
        return items
    return items.filter(site__in=sites_with(user, Permission.READ_CONTENT)).exclude(result="")


def visible_inspection_findings(user: User) -> QuerySet[InspectionFinding]:
    mine = Q(item__inspection__in=_organised(user).values("pk"))
    return InspectionFinding.objects.filter(mine | Q(site__in=sites_with(user, Permission.READ_CONTENT)))


def may_answer_inspection(user: User, finding: InspectionFinding) -> bool:
    """The manager and the secrecy reviewers of the site answer for it."""
    held = appointments_of(user).filter(site=finding.site_id, role=Role.SECRECY_REVIEWER).exists()
    return held or may_manage(user, finding.site)


def fetch_inspection_for(user: User, ref: int) -> Inspection:
    """Raises Http404 for an inspection that does not concern the person."""
    found = visible_inspections(user).select_related("unit", "created_by", "closed_by").filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


def fetch_item_for(user: User, ref: int) -> InspectedItem:
    """Raises Http404 for an item that the person may not see."""
    row = InspectedItem.objects.select_related("inspection__unit", "site", "record", "version").filter(pk=ref).first()
    if row is None or not visible_items(user, row.inspection).filter(pk=row.pk).exists():
        raise Http404
    return row


def fetch_inspection_finding_for(user: User, ref: int) -> InspectionFinding:
    """Raises Http404 for a finding that the person may not see."""
    rows = visible_inspection_findings(user).select_related("item__inspection__unit", "item__record", "site")
    found = rows.filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


def _organised(user: User) -> QuerySet[Inspection]:
    units = Organisation.objects.filter(within_reach(user, Role.SUPERVISOR))
    return Inspection.objects.filter(unit__in=units.values("pk"))
