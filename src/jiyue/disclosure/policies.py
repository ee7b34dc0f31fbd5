"""Who may read which request, and in which part a person meets it. The people are those of a site's letters (ADR 0025)."""

from django.db.models import Q, QuerySet
from django.http import Http404

from jiyue.disclosure.models import AnswerFile, Draft, Letter, Request, RequestFile
from jiyue.domain.disclosure import State, Who
from jiyue.estate.models import Site
from jiyue.estate.policies import appointments_of, sites_with
from jiyue.identity.models import Organisation, User
from jiyue.identity.persons import accounts_of_same_person
from jiyue.identity.roles import Permission, Role


def visible_requests(user: User) -> QuerySet[Request]:
    """Requests handed in at a site, or answered by it, on which the person reads letters."""
    sites = sites_with(user, Permission.READ_LETTERS).values("pk")
    return Request.objects.filter(Q(site__in=sites) | Q(desk__in=sites))


def fetch_request_for(user: User, ref: int) -> Request:
    """Raises Http404 for a request that the person may not read."""
    found = visible_requests(user).select_related("site__owner", "desk__owner", "handler").filter(pk=ref).first()
    if found is None:
        raise Http404
    return found


def fetch_file_for(user: User, ref: int) -> RequestFile:
    """Raises Http404 for an attachment of a request that the person may not read."""
    rows = RequestFile.objects.filter(pk=ref, request__in=visible_requests(user))
    found = rows.select_related("request__desk").first()
    if found is None:
        raise Http404
    return found


def fetch_answer_file_for(user: User, ref: int) -> AnswerFile:
    """Raises Http404 for a file of an answer to a request that the person may not read."""
    rows = AnswerFile.objects.filter(pk=ref, draft__request__in=visible_requests(user))
    found = rows.select_related("draft__request__desk").first()
    if found is None:
        raise Http404
    return found


def fetch_letter_for(user: User, ref: int) -> Letter:
    """Raises Http404 for a letter about a request that the person may not read, or whose addressee she may not see."""
    rows = Letter.objects.filter(pk=ref, request__in=visible_requests(user))
    found = rows.select_related("request__desk__owner", "request__site", "unit").first()
    if found is None or not may_see_applicant(user, found.request):
        raise Http404
    return found


def parts_of(user: User, request: Request) -> frozenset[Who]:
    """In which parts the person meets this request now; nobody is both writer and reviewer."""
    held = set(appointments_of(user).filter(site__in={request.site_id, request.desk_id}).values_list("site_id", "role"))
    parts: set[Who] = set()
    if (request.desk_id, Role.LETTER_CLERK) in held:
        parts.add(Who.DESK)
    if (request.desk_id, Role.LETTER_HANDLER) in held and request.handler_id in (None, user.pk):
        parts.add(Who.HANDLER)
    if (request.desk_id, Role.REPLY_REVIEWER) in held and not _asked_for_it(user, request):
        parts.add(Who.REVIEWER)
    return frozenset(parts)


def may_see_applicant(user: User, request: Request) -> bool:
    """Who has to know who asked: the desk, who handles it, and who reviews the answer that is addressed to them."""
    return bool(parts_of(user, request))


def may_register(user: User, site: Site) -> bool:
    """Requests that came by hand, post or fax are entered by the desk of the site."""
    return sites_with(user, Permission.RECEIVE_LETTERS).filter(pk=site.pk).exists()


def reporting_sites(user: User) -> QuerySet[Site]:
    """The sites whose annual tables the person may see: those whose requests she reads."""
    return sites_with(user, Permission.READ_LETTERS)


def may_report(user: User, site: Site) -> bool:
    """The annual report is written and stated by the desk of the site."""
    return may_register(user, site)


def sums_up(site: Site) -> bool:
    """A summary over units is their government's own and no department's."""
    return site.owner.kind == Organisation.Kind.GOVERNMENT


def _asked_for_it(user: User, request: Request) -> bool:
    """Did the person, under whatever account, write what is now to be decided?"""
    same = accounts_of_same_person(user)
    if request.state == State.REVIEWING:
        return Draft.objects.filter(request=request, drafted_by__in=same, state=Draft.State.SUBMITTED).exists()
    waits = request.extension_by_id if request.extended_at is None else None  # once granted it waits for nobody
    asked = {key for key in (waits, request.fee_asked_by_id) if key is not None}
    return bool(asked) and same.filter(pk__in=asked).exists()
