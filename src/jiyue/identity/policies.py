"""What a person holds over a part of the organisation tree."""

from django.db.models import Exists, Q, QuerySet

from jiyue.identity.models import Membership, Organisation, User
from jiyue.identity.roles import Role, duty_of

# Not `Q()`: an empty condition beside another one vanishes, and "everything" would become "nothing more".
EVERYTHING = ~Q(pk__in=[])


def below(organisation: Organisation, *, chain: str, prefix: str = "") -> Q:
    """A condition for "at or below `organisation`"; `prefix` leads from the queried model to the unit (`owner__`)."""
    own = Q(**{f"{prefix}pk": organisation.pk}) if prefix else Q(pk=organisation.pk)
    field = "lineage" if chain == Membership.Chain.TERRITORIAL else "vertical_lineage"
    # "/12/" cannot match "/112/": keys stand between slashes.
    return own | Q(**{f"{prefix}{field}__contains": f"/{organisation.pk}/"})


def memberships_of(user: User, role: str) -> QuerySet[Membership]:
    """Valid platform memberships of one role. Beside the operator's, an overseer's counts for nothing (PLAT-05)."""
    if not user.is_authenticated or not user.is_active or duty_of(role) != user.duty:
        return Membership.objects.none()
    held = Membership.objects.filter(user=user, role=role).select_related("organisation")
    if role == Role.OVERSEER:
        held = held.exclude(Exists(Membership.objects.filter(user=user, role=Role.OPERATOR)))
    return held


def within_reach(user: User, role: str, *, prefix: str = "") -> Q:
    """A condition on units: at or below a unit for which the person holds this platform role; everything without one."""
    condition = Q(pk__in=[])
    for membership in memberships_of(user, role):
        if membership.organisation is None:
            return EVERYTHING
        condition |= below(membership.organisation, chain=membership.chain, prefix=prefix)
    return condition


def oversees(user: User, organisation: Organisation | None) -> bool:
    """Does the person oversee this unit (or, for None, the whole platform)?"""
    reach = within_reach(user, Role.OVERSEER)
    if organisation is None or reach == EVERYTHING:
        return reach == EVERYTHING
    return Organisation.objects.filter(reach, pk=organisation.pk).exists()
