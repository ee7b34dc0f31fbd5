"""Who may keep a unit's lists, and who sees them. `narrower` decisions are for overseers alone."""

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.http import Http404

from jiyue.checks.models import CheckSetting, Kept, UnitWord
from jiyue.identity.models import Organisation, User
from jiyue.identity.policies import EVERYTHING, oversees, within_reach
from jiyue.identity.roles import Role

Row = TypeVar("Row", bound=Kept)
Keepers = Callable[[User], QuerySet[Organisation]]
# These weaken the checks, so who writes for a site does not decide them.
OVERSEERS_ONLY = frozenset({CheckSetting.Kind.PERMIT, CheckSetting.Kind.LEVEL, CheckSetting.Kind.THRESHOLD})
MATTERS: dict[str, type[Kept]] = {"word": UnitWord, "setting": CheckSetting}
_keepers: list[Keepers] = []


def keepers_with(units: Keepers) -> None:
    """Let a later app name the units whose lists a person keeps: it knows sites, this one does not."""
    if units not in _keepers:
        _keepers.append(units)


def kept_units(user: User, *, kind: str = "") -> QuerySet[Organisation]:
    """Units for which the person may add words and, of `kind`, decisions."""
    condition = within_reach(user, Role.OVERSEER)
    if kind not in OVERSEERS_ONLY:
        for units in _keepers:
            condition |= Q(pk__in=units(user).values("pk"))
    return Organisation.objects.filter(condition)


def may_keep(user: User, organisation: Organisation | None, *, kind: str = "") -> bool:
    """May the person add to or end something of this unit's lists? What is for everybody (None) overseers of all decide."""
    if organisation is None:
        return oversees(user, None)
    return kept_units(user, kind=kind).filter(pk=organisation.pk).exists()


def visible(user: User, model: type[Row]) -> QuerySet[Row]:
    """Rows of the units the person keeps or supervises, of the units above these, and those for everybody."""
    seen = Organisation.objects.filter(within_reach(user, Role.OVERSEER) | within_reach(user, Role.SUPERVISOR))
    units = [*seen.values_list("pk", "lineage"), *kept_units(user).values_list("pk", "lineage")]
    keys = {pk for pk, _lineage in units} | {int(key) for _pk, line in units for key in line.split("/") if key}
    return model._default_manager.filter(Q(organisation__isnull=True) | Q(organisation__in=keys)).select_related(
        "organisation", "created_by"
    )


def may_see(user: User) -> bool:
    """Has the person any unit whose lists she keeps or supervises?"""
    reach = within_reach(user, Role.OVERSEER) | within_reach(user, Role.SUPERVISOR)
    return reach == EVERYTHING or kept_units(user).exists() or Organisation.objects.filter(reach).exists()


def fetch_kept_for(user: User, matter: str, ref: int) -> Kept:
    """The word or setting with this key if the person may read it. Raises Http404 otherwise."""
    model = MATTERS.get(matter)
    row = visible(user, model).filter(pk=ref).first() if model else None
    if row is None:
        raise Http404
    return row
