"""Who may see and keep which concern and whose contacts. Staff reach both only through these functions."""

from django.db.models import QuerySet
from django.http import Http404

from jiyue.concerns.models import Concern, Contact, Step
from jiyue.content.policies import may_steward
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import Permission


def visible_concerns(user: User) -> QuerySet[Concern]:
    """Concerns of sites whose content the person may read."""
    return Concern.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def kept_sites(user: User) -> QuerySet[Site]:
    """Sites whose concerns the person keeps: their editors and their manager do."""
    writes, manages = sites_with(user, Permission.WRITE_CONTENT), sites_with(user, Permission.MANAGE_SITE)
    return Site.objects.filter(pk__in=writes.values("pk")) | Site.objects.filter(pk__in=manages.values("pk"))


def may_keep(user: User, site: Site) -> bool:
    return may_steward(user, site)


def fetch_concern_for(user: User, ref: int) -> Concern:
    """Raises Http404 for a concern of a site that the person may not read."""
    found = visible_concerns(user).select_related("site", "unit", "topic", "created_by").filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


def fetch_step_for(user: User, ref: int) -> Step:
    """Raises Http404 for a step about a concern of a site that the person may not read."""
    found = Step.objects.filter(concern__in=visible_concerns(user)).select_related("concern__site").filter(pk=ref)
    step = found.first()
    if step is None:
        raise Http404
    return step


def visible_contacts(user: User) -> QuerySet[Contact]:
    """Contacts of the units that own a site whose content the person may read."""
    owners = sites_with(user, Permission.READ_CONTENT).values("owner")
    return Contact.objects.filter(unit__in=owners)


def keeping_units(user: User) -> QuerySet[Organisation]:
    """Units whose register of contacts the person keeps: those that own a site she keeps."""
    return Organisation.objects.filter(pk__in=kept_sites(user).values("owner")).order_by("lineage")


def fetch_contact_for(user: User, ref: int) -> Contact:
    """Raises Http404 for a contact of a unit that the person has nothing to do with."""
    found = visible_contacts(user).select_related("unit").filter(pk=ref).first()
    if found is None:
        raise Http404
    return found
