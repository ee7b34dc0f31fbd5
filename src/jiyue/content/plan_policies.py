"""Who proposes plans for a site, who sees them, who decides, who carries them out (COL-14)."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from jiyue.content.models import EditorialPlan
from jiyue.content.policies import within_columns
from jiyue.estate.models import Appointment, Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import User
from jiyue.identity.roles import Permission, Role, roles_with

Kind, State = EditorialPlan.Kind, EditorialPlan.State


def kept_sites(user: User) -> QuerySet[Site]:
    """Sites for which the person writes, or that she manages."""
    writes, manages = sites_with(user, Permission.WRITE_CONTENT), sites_with(user, Permission.MANAGE_SITE)
    return Site.objects.filter(Q(pk__in=writes.values("pk")) | Q(pk__in=manages.values("pk")))


def plannable_sites(user: User) -> QuerySet[Site]:
    """Sites for which the person may propose: those she keeps, and those of the government her unit stands directly under."""
    kept = kept_sites(user)
    return Site.objects.filter(
        Q(pk__in=kept.values("pk")) | Q(owner__in=kept.values("owner__superior"))
    ).order_by("name", "pk")  # fmt: skip


def may_propose_plan(user: User, site: Site) -> bool:
    return plannable_sites(user).filter(pk=site.pk).exists()


def visible_plans(user: User) -> QuerySet[EditorialPlan]:
    """Plans for sites whose content the person reads, and those that the units of her own sites laid before others."""
    own = kept_sites(user).values("owner")
    return EditorialPlan.objects.filter(Q(site__in=sites_with(user, Permission.READ_CONTENT)) | Q(unit__in=own))


def decidable_plans(user: User) -> QuerySet[EditorialPlan]:
    """Plans that wait for this person: as manager or overseer of the site; stories also as their final reviewer."""
    stories = Q(kind=Kind.STORY) & within_columns(user, roles={Role.FINAL_REVIEWER})
    overseen, managed = sites_with(user, Permission.OVERSEE), sites_with(user, Permission.MANAGE_SITE)
    reached = Q(site__in=overseen) | Q(site__in=managed) | stories
    return EditorialPlan.objects.filter(reached, state=State.PROPOSED).exclude(proposed_by=user)


def may_decide_plan(user: User, plan: EditorialPlan) -> bool:
    return decidable_plans(user).filter(pk=plan.pk).exists()


def may_withdraw_plan(user: User, plan: EditorialPlan) -> bool:
    return plan.proposed_by_id == user.pk and may_propose_plan(user, plan.site)


def carriable_plans(user: User) -> QuerySet[EditorialPlan]:
    """Approved plans of which nothing came yet: stories in columns where the person writes, columns of sites she manages."""
    writes = Q(kind=Kind.STORY) & within_columns(user, roles=roles_with(Permission.WRITE_CONTENT))
    arranges = Q(kind=Kind.COLUMN, site__in=sites_with(user, Permission.MANAGE_SITE))
    return EditorialPlan.objects.filter(writes | arranges, state=State.APPROVED, record=None, opened=None)


def owed_plans(user: User) -> QuerySet[EditorialPlan]:
    """Of these, what this person is reminded of: her own stories, those whose owner cannot write there, and columns."""
    editors = Appointment.objects.filter(site=OuterRef("site"), user=OuterRef("owner"), role=Role.EDITOR)
    return carriable_plans(user).filter(Q(kind=Kind.COLUMN) | Q(owner=user) | ~Exists(editors))


def fetch_plan_for(user: User, ref: int) -> EditorialPlan:
    """The plan with this key if the person may read it. Raises Http404 otherwise."""
    rows = visible_plans(user).select_related("site", "unit", "owner", "column", "opened", "record", "proposed_by")
    found = rows.filter(pk=ref).first()
    if found is None:
        raise Http404
    return found
