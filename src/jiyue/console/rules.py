"""Who is offered what: predicates on a person, for the gate and the menu. Objects are asked about in `policies`."""

from collections.abc import Callable

from jiyue.estate.policies import appointments_of, memberships_of
from jiyue.identity.models import User
from jiyue.identity.roles import PLATFORM_ROLES, REVIEW_ROLES, Permission, Role, roles_with

Rule = Callable[[User], bool]


def roles_of(user: User) -> frozenset[str]:
    """All roles the person validly holds anywhere. Asked once a request: the user object lives no longer than that."""
    held = getattr(user, "_console_roles", None)
    if held is None:
        held = set(appointments_of(user).values_list("role", flat=True).distinct())
        held |= {role for role in PLATFORM_ROLES if memberships_of(user, role).exists()}
        user._console_roles = held = frozenset(held)
    return held


def holds(*roles: str) -> Rule:
    """A rule: the person holds one of `roles` somewhere."""
    wanted = frozenset(roles)
    return lambda user: bool(wanted & roles_of(user))


def everybody(user) -> bool:
    """Also who is not signed in: the way in, and what the way in needs."""
    return True


def staff(user) -> bool:
    """Whoever is signed in with a valid account."""
    return user.is_authenticated and user.is_active and bool(user.duty)


writes = holds(*roles_with(Permission.WRITE_CONTENT))
reviews = holds(*REVIEW_ROLES)
reads_content = holds(*roles_with(Permission.READ_CONTENT))
manages_sites = holds(Role.SITE_MANAGER)
operates = holds(Role.OPERATOR)
supervises = holds(Role.SUPERVISOR)
audits = holds(Role.AUDITOR)
