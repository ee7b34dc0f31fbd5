"""Who may change rules. Every change needs two people: one who proposes, another who answers."""

from typing import TypeVar

from django.db.models import Q, QuerySet
from django.http import Http404

from jiyue.identity.models import Organisation, User
from jiyue.identity.policies import oversees, within_reach
from jiyue.identity.roles import Role
from jiyue.rules.models import CalendarRevision, LocalPack, LocalStandard, Override, PackAssignment, Proposal

Row = TypeVar("Row", bound=Proposal)
MATTERS: dict[str, type[Proposal]] = {
    "override": Override, "assignment": PackAssignment, "pack": LocalPack, "calendar": CalendarRevision,
    "standard": LocalStandard,
}  # fmt: skip


def may_propose(user: User, organisation: Organisation | None) -> bool:
    """An overseer of the unit; what counts for all units (None) is proposed by an overseer of the whole platform."""
    return oversees(user, organisation)


def may_answer(user: User, proposal: Proposal) -> bool:
    """Another overseer of the same unit, while nobody has answered."""
    if proposal.state != Proposal.State.PROPOSED or proposal.proposed_by_id == user.pk:
        return False
    return oversees(user, getattr(proposal, "organisation", None))


def proposable_units(user: User) -> QuerySet[Organisation]:
    """Units for which the person may propose something."""
    return Organisation.objects.filter(within_reach(user, Role.OVERSEER))


def visible(user: User, model: type[Row]) -> QuerySet[Row]:
    """Rows of one matter that the person may read: of overseen and supervised units; those for all are for everybody."""
    rows = model._default_manager.select_related("proposed_by", "answered_by")
    reach = Q(organisation__isnull=True)
    for role in (Role.OVERSEER, Role.SUPERVISOR):
        reach |= within_reach(user, role, prefix="organisation__")
    return rows.filter(reach).select_related("organisation")


def to_answer(user: User) -> list[Proposal]:
    """What waits for this person's answer, the oldest first."""
    waiting = [row for model in MATTERS.values() for row in visible(user, model).filter(state=Proposal.State.PROPOSED)]
    return sorted((row for row in waiting if may_answer(user, row)), key=lambda row: (row.proposed_at, row.pk))


def fetch_proposal_for(user: User, matter: str, ref: int) -> Proposal:
    """The row of this matter with this key if the person may read it. Raises Http404 otherwise."""
    model = MATTERS.get(matter)
    row = visible(user, model).filter(pk=ref).first() if model else None
    if row is None:
        raise Http404
    return row
