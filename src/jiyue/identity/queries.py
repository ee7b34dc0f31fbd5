"""Reads over the organisation tree."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from jiyue.foundation.models import AuditEvent
from jiyue.identity.events import PasswordReset
from jiyue.identity.models import Membership, Organisation, User
from jiyue.identity.policies import below


def subordinates_of(organisation: Organisation, *, chain: str = Membership.Chain.TERRITORIAL) -> QuerySet[Organisation]:
    """The unit and everything below it along one chain (属地 or 垂直管理)."""
    return Organisation.objects.filter(below(organisation, chain=chain))


def superiors_of(organisation: Organisation, *, chain: str = Membership.Chain.TERRITORIAL) -> list[Organisation]:
    """All superiors along one chain, nearest first: the way an approval or a report goes upwards."""
    link = "superior" if chain == Membership.Chain.TERRITORIAL else "vertical_superior"
    found: list[Organisation] = []
    unit = getattr(organisation, link)
    while unit is not None:
        found.append(unit)
        unit = getattr(unit, link)
    return found


@dataclass(frozen=True)
class Branch:
    """One line of the drawn tree: the unit and how deep it stands."""

    unit: Organisation
    depth: int


def drawn_tree(organisations: Iterable[Organisation], *, chain: str = Membership.Chain.TERRITORIAL) -> list[Branch]:
    """The units in drawing order along one chain. A unit whose superior is not among them is drawn as a root."""
    link = "superior_id" if chain == Membership.Chain.TERRITORIAL else "vertical_superior_id"
    units = sorted(organisations, key=lambda unit: unit.code)
    known = {unit.pk for unit in units}
    below_of: dict[int | None, list[Organisation]] = {}
    for unit in units:
        above = getattr(unit, link)
        below_of.setdefault(above if above in known else None, []).append(unit)
    drawn: list[Branch] = []
    waiting = [Branch(unit, 0) for unit in reversed(below_of.get(None, []))]
    while waiting:
        branch = waiting.pop()
        drawn.append(branch)
        waiting += [Branch(unit, branch.depth + 1) for unit in reversed(below_of.get(branch.unit.pk, []))]
    return drawn


def last_issue(user: User) -> AuditEvent | None:
    """Who had the account's newest temporary password issued, and when; None when there never was one."""
    issued = AuditEvent.objects.filter(subject=f"user:{user.pk}", code=PasswordReset.code)
    return issued.order_by("-sequence").first()
