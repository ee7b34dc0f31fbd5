"""Who may read which live enquiry, and who answers: as with letters."""

from django.db.models import Q, QuerySet
from django.http import Http404

from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.interaction.models import Enquiry, EnquiryDesk, EnquiryFile
from jiyue.interaction.policies import keys_of


def desks_for(user: User) -> QuerySet[EnquiryDesk]:
    """The desks that are on and at which the person may answer: those who receive or handle letters of the site."""
    keys = {*keys_of(user, Permission.RECEIVE_LETTERS), *keys_of(user, Permission.HANDLE_LETTERS)}
    rows = EnquiryDesk.objects.filter(site__in=keys, is_on=True)
    return rows.select_related("site__owner").order_by("site__name", "pk")


def may_answer(user: User, site: Site) -> bool:
    """May the person be on duty at this site's desk?"""
    return any(
        sites_with(user, permission).filter(pk=site.pk).exists()
        for permission in (Permission.RECEIVE_LETTERS, Permission.HANDLE_LETTERS)
    )


def visible_enquiries(user: User) -> QuerySet[Enquiry]:
    """Conversations that began at a site, or are answered by one, on which the person reads letters."""
    sites = keys_of(user, Permission.READ_LETTERS)
    return Enquiry.objects.filter(Q(site__in=sites) | Q(desk__in=sites))


def fetch_enquiry_for(user: User, ref: int) -> Enquiry:
    """Raises Http404 for a conversation that the person may not read."""
    found = (
        visible_enquiries(user)
        .select_related("site__owner", "desk__owner", "person", "case", "service")
        .filter(pk=ref)
        .first()
    )
    if found is None:
        raise Http404
    return found


def fetch_enquiry_file_for(user: User, ref: int) -> EnquiryFile:
    """Raises Http404 for an attachment of a conversation that the person may not read."""
    rows = EnquiryFile.objects.filter(pk=ref, word__enquiry__in=visible_enquiries(user))
    found = rows.select_related("word__enquiry__desk").first()
    if found is None:
        raise Http404
    return found
