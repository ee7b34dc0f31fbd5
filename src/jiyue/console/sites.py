"""The site a person is working on: chosen once, always in sight, kept in the session."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for, visible_sites

SESSION_KEY = "console_site"
FEW = 30  # More sites than this are looked for on a page of their own instead of in a list to pick from.
PER_PAGE = 25


def own_sites(request: HttpRequest) -> QuerySet[Site]:
    """The sites the person may choose, in the order of their names."""
    return visible_sites(request.user).order_by("name", "pk")


def current_site(request: HttpRequest) -> Site | None:
    """The chosen site if the person may still see it, else her only or first one; None for "all sites" and for nobody."""
    if not hasattr(request, "_console_site"):
        request._console_site = _current(request)
    return request._console_site


def _current(request: HttpRequest) -> Site | None:
    if not request.user.is_authenticated:
        return None
    chosen = request.session.get(SESSION_KEY)
    if chosen == "":
        return None
    sites = own_sites(request)
    return (chosen and sites.filter(pk=chosen).first()) or sites.first()


@require_POST
def choose_site(request: HttpRequest) -> HttpResponse:
    """Switch to a site, or to all of them (an empty value)."""
    chosen = request.POST.get("site", "")
    request.session[SESSION_KEY] = fetch_site_for(request.user, chosen).pk if chosen else ""
    following = request.POST.get("next", "")
    safe = following.startswith("/") and url_has_allowed_host_and_scheme(following, {request.get_host()})
    return redirect(following if safe else reverse("wagtailadmin_home"))


def sites(request: HttpRequest) -> HttpResponse:
    """All sites of a person who has many, to be found by name or host."""
    wanted = request.GET.get("q", "").strip()
    found = own_sites(request).select_related("owner")
    if wanted:
        found = found.filter(name__icontains=wanted) | found.filter(host__icontains=wanted)
    page = _page_number(request)
    rows = list(found[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    context = {"sites": rows[:PER_PAGE], "q": wanted, "page": page, "more": len(rows) > PER_PAGE}
    return TemplateResponse(request, "console/sites.html", context)


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("p", "1")
    return max(1, int(given)) if given.isdecimal() and len(given) < 6 else 1
