"""Who may do what on which site. The only way from a person to a site is through these functions.

Nothing here asks `is_superuser`, Django groups or permission rows: they open no door (ADR 0004).
"""

from functools import reduce
from operator import or_
from typing import TypeVar

from django.db.models import Exists, Model, Q, QuerySet
from django.http import Http404

from jiyue.estate.models import Appointment, Site
from jiyue.foundation.models import AuditEvent
from jiyue.identity.models import Membership, Organisation, User
from jiyue.identity.policies import memberships_of, within_reach
from jiyue.identity.roles import ENTITLEMENTS, SITE_ROLES, Permission, Role, roles_with

Found = TypeVar("Found", bound=Model)
# Roles over a part of the organisation tree, which reach every site owned there.
ABOVE = frozenset({Role.SUPERVISOR, Role.OVERSEER})


def appointments_of(user: User) -> QuerySet[Appointment]:
    """Valid appointments: of an active account, for roles of its own duty. A forged row of another duty counts for nothing.

    The platform operator has no content right (PLAT-05): beside that membership an appointment counts for nothing either.
    """
    if not user.is_authenticated or not user.is_active:
        return Appointment.objects.none()
    own = [role for role, given in ENTITLEMENTS.items() if given.duty == user.duty]
    operating = Membership.objects.filter(user=user, role=Role.OPERATOR)
    return Appointment.objects.filter(~Exists(operating), user=user, role__in=own)


def sites_with(user: User, permission: Permission) -> QuerySet[Site]:
    """Sites on which the person has `permission`, through an appointment or as supervisor or overseer of the owner."""
    roles = roles_with(permission)
    condition = Q(pk__in=appointments_of(user).filter(role__in=roles).values("site"))
    for role in sorted(roles & ABOVE):
        condition |= within_reach(user, role, prefix="owner__")
    return Site.objects.filter(condition)


def sites_watched(user: User) -> QuerySet[Site]:
    """Sites of the part of the tree that the person supervises or oversees; none for whoever works on sites."""
    roles = (within_reach(user, role, prefix="owner__") for role in sorted(ABOVE))
    return Site.objects.filter(reduce(or_, roles))


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


def managed_units(user: User) -> QuerySet[Organisation]:
    """Owners of the sites that the person manages: she keeps their word lists (see `checks.policies`)."""
    return Organisation.objects.filter(pk__in=sites_with(user, Permission.MANAGE_SITE).values("owner"))


def is_operator(user: User) -> bool:
    return memberships_of(user, Role.OPERATOR).exists()


def is_supervisor(user: User) -> bool:
    return memberships_of(user, Role.SUPERVISOR).exists()


def is_auditor(user: User) -> bool:
    return memberships_of(user, Role.AUDITOR).exists()


def is_overseer(user: User) -> bool:
    return memberships_of(user, Role.OVERSEER).exists()


def visible_organisations(user: User) -> QuerySet[Organisation]:
    """Units whose card the person may read: all for the operator, their part of the tree for supervisor and overseer."""
    units = Organisation.objects.select_related("superior", "vertical_superior")
    if is_operator(user):
        return units
    return units.filter(within_reach(user, Role.SUPERVISOR) | within_reach(user, Role.OVERSEER))


def visible_accounts(user: User) -> QuerySet[User]:
    """Accounts the person administers: all of them for the operator, none for others."""
    accounts = User.objects.select_related("organisation")
    return accounts if is_operator(user) else accounts.none()


def appointable_accounts(user: User, site: Site) -> QuerySet[User]:
    """Active accounts to which the person may give a role on `site`."""
    accounts = User.objects.filter(is_active=True).select_related("organisation")
    if is_operator(user):
        return accounts
    if not may_manage(user, site):
        return accounts.none()
    return accounts.filter(_of_own_units(site)).distinct()


def releasable_accounts(user: User) -> QuerySet[User]:
    """Held accounts that the person may vouch for: all for the operator, those appointed on her sites for a manager."""
    held = User.objects.exclude(held_by="").select_related("organisation")
    if is_operator(user):
        return held
    managed = sites_with(user, Permission.MANAGE_SITE)
    return held.filter(pk__in=Appointment.objects.filter(site__in=managed).values("user"))


def appointable_roles(user: User, site: Site) -> list[Role]:
    """Roles the person may give and take on `site`. Another site manager is appointed by the operator only."""
    if is_operator(user):
        return [role for role in Role if role in SITE_ROLES]
    if may_manage(user, site):
        return [role for role in Role if role in SITE_ROLES and role != Role.SITE_MANAGER]
    return []


def readable_trail(user: User) -> QuerySet[AuditEvent]:
    """Audit rows the person may read: all for the auditor, of the own sites for site managers and supervisors."""
    if is_auditor(user):
        return AuditEvent.objects.all()
    if not is_supervisor(user) and not sites_with(user, Permission.MANAGE_SITE).exists():
        return AuditEvent.objects.none()
    sites = sites_with(user, Permission.READ_CONTENT if is_supervisor(user) else Permission.MANAGE_SITE)
    return AuditEvent.objects.filter(site__in=sites.values("host"))


def fetch_organisation_for(user: User, ref: int) -> Organisation:
    """The unit with this key if the person may read its card. Raises Http404 otherwise."""
    return _only(visible_organisations(user).filter(pk=ref))


def fetch_account_for(user: User, ref: int) -> User:
    """The account with this key if the person administers it. Raises Http404 otherwise."""
    return _only(visible_accounts(user).filter(pk=ref))


def fetch_appointment_for(user: User, ref: int) -> Appointment:
    """The appointment with this key if the person may take it away. Raises Http404 otherwise."""
    appointment = _only(Appointment.objects.filter(pk=ref, site__in=visible_sites(user)).select_related("site", "user"))
    if appointment.role not in appointable_roles(user, appointment.site):
        raise Http404
    return appointment


def fetch_site_for(user: User, ref: int | str, permission: Permission | None = None) -> Site:
    """The site with this key or host, if the person may see it (and has `permission`). Raises Http404 otherwise."""
    sites = visible_sites(user) if permission is None else sites_with(user, permission)
    by = {"pk": int(ref)} if str(ref).isdecimal() else {"host": ref}
    site = sites.filter(**by).first()
    if site is None:
        raise Http404
    return site


def _only(found: QuerySet[Found]) -> Found:
    one = found.first()
    if one is None:
        raise Http404
    return one


def _of_own_units(site: Site) -> Q:
    """A condition on accounts: of the site's owner or operator or below them, or already serving there."""
    condition = Q(appointments__site=site)
    for unit in {site.owner_id, site.operator_id} - {None}:
        condition |= Q(organisation=unit) | Q(organisation__lineage__contains=f"/{unit}/")
    return condition
