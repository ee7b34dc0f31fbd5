"""检索: what visitors asked and did not find, answers put above all others, words that mean the same."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from jiyue.console.gate import may_open
from jiyue.console.office.frame import attempt, paged
from jiyue.console.office.frame import page as office_page
from jiyue.console.search.forms import PromotedForm, SynonymsForm
from jiyue.console.sites import FEW, current_site
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for, sites_with
from jiyue.identity.roles import Permission
from jiyue.search.actions import add_synonyms, end_promotion, end_synonyms, promote
from jiyue.search.models import PromotedAnswer, SynonymGroup
from jiyue.search.policies import fetch_promoted_for, fetch_synonyms_for, may_promote, visible_promoted
from jiyue.search.queries import asked as asked_of
from jiyue.search.queries import public_title
from jiyue.search.synonyms import shipped

SPANS = {"7": gettext_lazy("最近 7 天"), "30": gettext_lazy("最近 30 天"), "180": gettext_lazy("最近半年")}
TABS = (("console_asked", gettext_lazy("检索词")), ("console_promoted", gettext_lazy("推荐答案")))


def asked(request: HttpRequest) -> HttpResponse:
    """What visitors of one site asked; what found nothing comes first, because that is what somebody can mend."""
    site = _site(request)
    span = request.GET.get("span", "")
    span = span if span in SPANS else "30"
    since = timezone.localdate() - timedelta(days=int(span))
    fruitless = request.GET.get("show") != "all"
    rows = asked_of(site, since=since, fruitless=fruitless) if site else []
    context = {"rows": paged(request, rows), "span": span, "spans": SPANS.items(), "fruitless": fruitless}
    return _page(request, "asked.html", tab="console_asked", site=site, **context)


def promoted(request: HttpRequest) -> HttpResponse:
    """The promoted answers of one site."""
    site = _site(request)
    rows = visible_promoted(request.user).filter(site=site, ended_at=None) if site else PromotedAnswer.objects.none()
    shown = paged(request, rows)
    context = {"rows": shown, "lines": [(row, public_title(row)) for row in shown]}
    return _page(request, "promoted.html", tab="console_promoted", site=site, **context)


def add_promoted(request: HttpRequest, site: int) -> HttpResponse:
    found = fetch_site_for(request.user, site)
    if not may_promote(request.user, found):
        raise PermissionDenied
    form = PromotedForm(request.POST or None, initial={"words": request.GET.get("words", "")[:100]})
    act = {"site": found, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: promote(**form.cleaned_data, **act)):
        messages.success(request, _("已设置，几秒后生效"))
        return redirect("console_promoted")
    return _page(request, "promoted_new.html", tab="console_promoted", site=found, form=form)


@require_POST
def end_promoted(request: HttpRequest, answer: int) -> HttpResponse:
    end_promotion(answer=fetch_promoted_for(request.user, answer), by=request.user, now=timezone.now())
    messages.success(request, _("已取消"))
    return redirect("console_promoted")


def synonyms(request: HttpRequest) -> HttpResponse:
    """Words that are looked up for each other: added ones to be ended, shipped ones to be read."""
    form = SynonymsForm(request.POST or None)
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: add_synonyms(**form.cleaned_data, **act)):
        messages.success(request, _("已添加，几秒后生效"))
        return redirect("console_synonyms")
    rows = paged(request, SynonymGroup.objects.filter(ended_at=None))
    return office_page(request, "synonyms.html", folder="search", form=form, rows=rows, shipped=shipped())


@require_POST
def end_group(request: HttpRequest, group: int) -> HttpResponse:
    end_synonyms(group=fetch_synonyms_for(request.user, group), by=request.user, now=timezone.now())
    messages.success(request, _("已取消"))
    return redirect("console_synonyms")


def _page(request: HttpRequest, template: str, *, tab: str, site: Site | None, **context: Any) -> HttpResponse:
    tabs = [(name, label, name == tab) for name, label in TABS if may_open(request.user, name)]
    managed = sites_with(request.user, Permission.MANAGE_SITE).order_by("name", "pk")
    few = list(managed[: FEW + 1])
    sites = few if len(few) <= FEW else []
    return office_page(request, template, folder="search", search_tabs=tabs, in_site=site, sites=sites, **context)


def _site(request: HttpRequest) -> Site | None:
    """The site asked for, the one in hand, or the first that the person manages."""
    sites = sites_with(request.user, Permission.MANAGE_SITE).order_by("name", "pk")
    given = request.GET.get("site", "")
    if given.isdecimal() and len(given) < 19 and (found := sites.filter(pk=int(given)).first()):
        return found
    here = current_site(request)
    return (here and sites.filter(pk=here.pk).first()) or sites.first()
