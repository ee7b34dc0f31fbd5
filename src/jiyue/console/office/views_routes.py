"""审核流程: which levels a content class passes on a site (REV-02)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.console.office.frame import attempt, page
from jiyue.console.office.people_forms import RouteForm
from jiyue.content.models import Record
from jiyue.estate.models import Appointment, Site
from jiyue.estate.policies import fetch_site_for
from jiyue.identity.roles import Permission
from jiyue.review.actions import set_route
from jiyue.review.models import Level, ReviewRoute, Subject
from jiyue.review.routes import DEFAULTS, ROLE_OF_LEVEL


def routes(request: HttpRequest, site: int) -> HttpResponse:
    """The routes of a site, class by class, and changing one."""
    found = fetch_site_for(request.user, site, Permission.READ_CONTENT)
    first = request.GET.get("class", "")
    own = {route.content_class: route.levels for route in ReviewRoute.objects.filter(site=found)}
    form = RouteForm(request.POST or None, initial={"content_class": first, "order": ",".join(_levels(own, first))})
    if request.method == "POST":
        found = fetch_site_for(request.user, site, Permission.MANAGE_SITE)
        if form.is_valid() and attempt(form, lambda: _set(request, found, form)):
            messages.success(request, _("审核流程已保存，从下一次送审开始执行"))
            return redirect("console_routes", found.pk)
    return page(request, "routes.html", site=found, form=form, rows=_rows(own), vacant=_vacant(found))


def _set(request: HttpRequest, site: Site, form: RouteForm) -> None:
    given = form.cleaned_data["content_class"]
    set_route(site=site, content_class=given, levels=form.levels(), by=request.user, now=timezone.now())


def _levels(own: dict[str, list[str]], content_class: str) -> list[str]:
    return list(own.get(content_class) or own.get("") or DEFAULTS[Subject.RECORD])


def _rows(own: dict[str, list[str]]) -> list[tuple]:
    """Class, its levels in words, and whether the site decided them itself."""
    classes = [("", _("其余全部类别")), *Record.Kind.choices]
    return [(code, label, [Level(level).label for level in _levels(own, code)], code in own) for code, label in classes]


def _vacant(site: Site) -> list:
    """Levels that nobody could decide at present."""
    held = set(Appointment.objects.filter(site=site, user__is_active=True).values_list("role", flat=True))
    return [Level(level).label for level, role in ROLE_OF_LEVEL.items() if role not in held]
