"""Who may do what on which site. The only way from a person to a site is through these functions.

Nothing here asks `is_superuser`, Django groups or permission rows: they open no door (ADR 0004).
"""

from django.db.models import Q, QuerySet
from django.http import Http404

from jiyue.estate.models import Appointment, Site
from jiyue.identity.models import Membership, User
from jiyue.identity.queries import below
from jiyue.identity.roles import ENTITLEMENTS, Permission, Role, duty_of, roles_with


def appointments_of(user: User) -> QuerySet[Appointment]:
    """Valid appointments: of an active account, for roles of its own duty. A forged row of another duty counts for nothing."""
    if not user.is_authenticated or not user.is_active:
        return Appointment.objects.none()
    own = [role for role, given in ENTITLEMENTS.items() if given.duty == user.duty]
    return Appointment.objects.filter(user=user, role__in=own)


def memberships_of(user: User, role: str) -> QuerySet[Membership]:
    """Valid platform memberships of one role."""
    if not user.is_authenticated or not user.is_active or duty_of(role) != user.duty:
        return Membership.objects.none()
    return Membership.objects.filter(user=user, role=role).select_related("organisation")


def sites_with(user: User, permission: Permission) -> QuerySet[Site]:
    """Sites on which the person has `permission`, through an appointment or as a supervisor of the owner."""
    roles = roles_with(permission)
    condition = Q(pk__in=appointments_of(user).filter(role__in=roles).values("site"))
    if Role.SUPERVISOR in roles:
        condition |= _supervised(user)
    return Site.objects.filter(condition)


def visible_sites(user: User) -> QuerySet[Site]:
    """Sites whose existence and settings the person may see; the operator sees all of them, but none of their content."""
    if is_operator(user):
        return Site.objects.all()
    return sites_with(user, Permission.READ_CONTENT)


def has_role(user: User, role: str, site: Site) -> bool:
    """Does the person hold exactly this role on this site?"""
    return appointments_of(user).filter(role=role, site=site).exists()


def may(user: User, permission: Permission, site: Site) -> bool:
    """Does the person have `permission` on `site`?"""
    return sites_with(user, permission).filter(pk=site.pk).exists()


def may_manage(user: User, site: Site) -> bool:
    return may(user, Permission.MANAGE_SITE, site)


def is_operator(user: User) -> bool:
    return memberships_of(user, Role.OPERATOR).exists()


def is_supervisor(user: User) -> bool:
    return memberships_of(user, Role.SUPERVISOR).exists()


def is_auditor(user: User) -> bool:
    return memberships_of(user, Role.AUDITOR).exists()


def fetch_site_for(user: User, ref: int | str, permission: Permission | None = None) -> Site:
    """The site with this key or host, if the person may see it (and has `permission`). Raises Http404 otherwise."""
    sites = visible_sites(user) if permission is None else sites_with(user, permission)
    by = {"pk": int(ref)} if str(ref).isdecimal() else {"host": ref}
    site = sites.filter(**by).first()
    if site is None:
        raise Http404
    return site


def _supervised(user: User) -> Q:
    condition = Q(pk__in=[])
    for membership in memberships_of(user, Role.SUPERVISOR):
        if membership.organisation is None:
            return Q()
        condition |= below(membership.organisation, chain=membership.chain, prefix="owner__")
    return condition
