"""Whose duties a person sees, and who may act on one. The only way from a person to an obligation."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404

from jiyue.estate.models import Appointment, Site
from jiyue.estate.policies import appointments_of, may_manage, sites_with
from jiyue.identity.models import Organisation, User
from jiyue.identity.policies import EVERYTHING, memberships_of, oversees, within_reach
from jiyue.identity.queries import superiors_of
from jiyue.identity.roles import Permission, Role, roles_with
from jiyue.obligations.models import Obligation, ObligationQuerySet, StandingDuty, Waiver

ACTING = frozenset({Role.EDITOR, Role.SITE_MANAGER})


@dataclass(frozen=True)
class Narrowed:
    """What is left of appointments: `free` are for whole sites, the others for these areas only."""

    free: QuerySet[Appointment]
    areas: frozenset[str]


def _nothing_narrows(appointments: QuerySet[Appointment]) -> Narrowed:
    return Narrowed(appointments, frozenset())


_narrow: Callable[[QuerySet[Appointment]], Narrowed] = _nothing_narrows


def narrow_with(narrow: Callable[[QuerySet[Appointment]], Narrowed]) -> None:
    """Let a later app say which appointments are narrowed to parts of a site (content: to columns)."""
    global _narrow  # one wiring for the process, made while apps get ready
    _narrow = narrow


def visible_obligations(user: User) -> ObligationQuerySet:
    """Duties the person may read: own ones, those of sites served (within narrowed columns), those below supervised units."""
    return Obligation.objects.filter(_or(visible_ways(user)))


def own_obligations(user: User) -> ObligationQuerySet:
    """Duties that wait for this person: named for her, or of sites where she edits or manages and nobody is named."""
    return Obligation.objects.filter(_or(own_ways(user)))


def visible_ways(user: User) -> list[Q]:
    """Each way on which a duty becomes visible to the person, as a condition that one index answers."""
    ways = [Q(person=user.pk), *_served(user, roles_with(Permission.READ_CONTENT))]
    for role in (Role.SUPERVISOR, Role.OVERSEER):
        reach = within_reach(user, role)
        if reach == EVERYTHING:
            return [EVERYTHING]
        if memberships_of(user, role).exists():
            units = Organisation.objects.filter(reach)
            ways += [Q(unit__in=units.values("pk")), Q(site__in=Site.objects.filter(owner__in=units).values("pk"))]
    return ways


def own_ways(user: User) -> list[Q]:
    """Each way on which a duty waits for the person."""
    return [Q(person=user.pk), *(Q(person__isnull=True) & way for way in _served(user, ACTING))]


def watches(user: User) -> bool:
    """Does the person only look on? A supervisor does nothing on a site herself: hers is what is below her."""
    return memberships_of(user, Role.SUPERVISOR).exists()


def oversees_or_watches(user: User) -> QuerySet[Site] | None:
    """The sites below a supervisor or overseer; None for whoever is neither."""
    roles = [role for role in (Role.SUPERVISOR, Role.OVERSEER) if memberships_of(user, role).exists()]
    if not roles:
        return None
    return Site.objects.filter(_or([within_reach(user, role, prefix="owner__") for role in roles]))


def overseen_obligations(user: User) -> ObligationQuerySet:
    """Duties of units below those for which the person oversees."""
    return Obligation.objects.filter(within_reach(user, Role.OVERSEER, prefix="unit__"))


def waivers_to_answer(user: User) -> QuerySet[Waiver]:
    """Open requests the person may answer: of units below hers, asked by somebody else."""
    asked = Waiver.objects.filter(state=Waiver.State.ASKED, obligation__in=overseen_obligations(user))
    keys = [waiver.pk for waiver in asked.select_related("obligation__unit") if may_answer_waiver(user, waiver)]
    return asked.filter(pk__in=keys)


def may_act(user: User, obligation: Obligation) -> bool:
    """May the person close it with evidence, take the second step or ask for a waiver?"""
    return own_obligations(user).filter(pk=obligation.pk).exists() or _oversees(user, obligation, strictly=False)


def may_answer_waiver(user: User, waiver: Waiver) -> bool:
    """Another person than the one who asked, overseeing from a superior unit."""
    return waiver.asked_by_id != user.pk and _oversees(user, waiver.obligation, strictly=True)


def may_name_person(user: User, obligation: Obligation, person: User) -> bool:
    """The site's manager or an overseer names somebody who acts there, or an overseer of the unit."""
    allowed = _oversees(user, obligation, strictly=False)
    if obligation.site is not None:
        allowed = allowed or may_manage(user, obligation.site)
        serves = appointments_of(person).filter(role__in=ACTING, site=obligation.site).exists()
    else:
        serves = _oversees(person, obligation, strictly=False)
    return allowed and serves


def may_enrol(user: User, unit: Organisation, site: Site | None) -> bool:
    """An overseer of the unit; for a site, of the unit that owns it too."""
    return oversees(user, unit) and (site is None or oversees(user, site.owner))


def visible_standing(user: User) -> QuerySet[StandingDuty]:
    """Standing duties of the sites served, and of units overseen or supervised."""
    condition = Q(site__in=sites_with(user, Permission.READ_CONTENT))
    for role in (Role.OVERSEER, Role.SUPERVISOR):
        condition |= within_reach(user, role, prefix="unit__")
    return StandingDuty.objects.filter(condition).select_related("unit", "site", "person")


def fetch_standing_for(user: User, ref: int) -> StandingDuty:
    """The standing duty with this key if the person may read it. Raises Http404 otherwise."""
    found = visible_standing(user).filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


def fetch_obligation_for(user: User, ref: int) -> Obligation:
    """The duty with this key if the person may read it. Raises Http404 otherwise."""
    found = visible_obligations(user).filter(pk=ref).select_related("site", "unit", "person", "escalated_to").first()
    if found is None:
        raise Http404
    return found


def fetch_waiver_for(user: User, ref: int) -> Waiver:
    """The request with this key if the person may read its duty. Raises Http404 otherwise."""
    visible = visible_obligations(user).values("pk")
    found = Waiver.objects.filter(pk=ref, obligation__in=visible).select_related("obligation__unit", "asked_by").first()
    if found is None:
        raise Http404
    return found


def _served(user: User, roles: frozenset[str]) -> list[Q]:
    appointments = appointments_of(user).filter(role__in=roles)
    narrowed = _narrow(appointments)
    whole = Q(site__in=narrowed.free.values("site"))
    if not narrowed.areas:
        return [whole]
    limited = appointments.exclude(pk__in=narrowed.free.values("pk"))
    return [whole, Q(site__in=limited.values("site"), area__in=sorted(narrowed.areas))]


def _or(ways: list[Q]) -> Q:
    condition = ways[0]
    for way in ways[1:]:
        condition |= way
    return condition


def _oversees(user: User, obligation: Obligation, *, strictly: bool) -> bool:
    """Does the person oversee the unit; `strictly`: from a unit above it, along either chain, not from itself?"""
    reach = within_reach(user, Role.OVERSEER)
    if reach == EVERYTHING:
        return True
    units = [unit.pk for chain in ("territorial", "vertical") for unit in superiors_of(obligation.unit, chain=chain)]
    if not strictly:
        units.append(obligation.unit_id)
    held = set(memberships_of(user, Role.OVERSEER).values_list("organisation", flat=True))
    return bool(held & set(units))
