"""政策宣讲: where a policy was carried to the people it is for, as a register with print and spreadsheet (POL-10)."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.office.frame import paged
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.office.views_columns import units_of
from jiyue.console.policy.forms import CampaignForm, ReasonForm
from jiyue.console.policy.frame import page
from jiyue.console.stewardship.frame import chosen_site, done, readable_sites
from jiyue.content.asking import remove_campaign, save_campaign
from jiyue.content.models import PolicyCampaign
from jiyue.content.policies import fetch_campaign_for, may_steward, visible_campaigns
from jiyue.estate.policies import fetch_site_for

TAB = "console_campaigns"
MOST_EXPORTED = 5000


@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """Campaigns of the sites one reads, the newest first, by kind of place and year."""
    rows = _asked_for(request)
    site = chosen_site(request)
    context = {
        "rows": paged(request, rows.prefetch_related("documents")), "kinds": PolicyCampaign.Place.choices,
        "wanted": request.GET.get("kind", ""), "year": request.GET.get("year", ""),
        "sites": list(readable_sites(request)[:50]), "picked": request.GET.get("site", ""), "in_site": site,
        "adds": site is not None and may_steward(request.user, site), "held": rows.exclude(people=None).count(),
        "people": rows.aggregate(total=Sum("people"))["total"] or 0,
        "query": "&".join(f"{name}={value}" for name, value in request.GET.items() if name != "p" and value),
    }  # fmt: skip
    return page(request, "campaigns.html", tab=TAB, **context)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same register for a spreadsheet program."""
    rows = _asked_for(request).prefetch_related("documents", "interpretations")[:MOST_EXPORTED]
    return as_xlsx("campaigns", _("政策宣讲"), _table(rows))


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, site: int) -> HttpResponse:
    found = fetch_site_for(request.user, site)
    if not may_steward(request.user, found):
        raise Http404
    fresh = PolicyCampaign(site=found, unit=found.owner, held_on=timezone.localdate())
    form = CampaignForm(request.POST or None, instance=fresh, site=found, units=units_of(found))
    if request.method == "POST" and _saved(request, form):
        messages.success(request, _("已登记"))
        return redirect("console_campaign", form.instance.pk)
    words = {"title": _("登记政策宣讲"), "button": _("登记"), "about": found, "back_to": TAB}
    return page(request, "act.html", tab=TAB, form=form, **words)


@require_http_methods(["GET", "POST"])
def campaign(request: HttpRequest, campaign: int) -> HttpResponse:
    """One campaign; whoever keeps the site's content corrects it or removes what was registered in error."""
    found = fetch_campaign_for(request.user, campaign)
    acts = may_steward(request.user, found.site)
    name = request.POST.get("act", "")
    given = request.POST if name == "save" else None
    form = CampaignForm(given, instance=found, site=found.site, units=units_of(found.site))
    removing = ReasonForm(request.POST if name == "remove" else None)
    if request.method == "POST":
        if not acts:
            raise PermissionDenied
        if name == "save" and _saved(request, form):
            messages.success(request, _("已保存"))
            return redirect("console_campaign", found.pk)
        how: dict[str, Any] = {"campaign": found, "by": request.user, "now": timezone.now()}
        if name == "remove" and done(removing, lambda: remove_campaign(reason=removing.cleaned_data["reason"], **how)):
            messages.success(request, _("已删除"))
            return redirect(TAB)
    shown = fetch_campaign_for(request.user, campaign)
    return page(request, "campaign.html", tab=TAB, row=shown, form=form, removing=removing, acts=acts)


def _saved(request: HttpRequest, form: CampaignForm) -> bool:
    def act() -> None:
        chosen = {name: form.cleaned_data[name] for name in ("documents", "interpretations")}
        save_campaign(campaign=form.instance, by=request.user, now=timezone.now(), **chosen)

    return done(form, act)


def _asked_for(request: HttpRequest) -> QuerySet[PolicyCampaign]:
    rows = visible_campaigns(request.user).select_related("site", "unit")
    picked, kind, year = (request.GET.get(name, "") for name in ("site", "kind", "year"))
    if picked.isdecimal() and len(picked) < 19:
        rows = rows.filter(site=int(picked))
    if kind in PolicyCampaign.Place.values:
        rows = rows.filter(place_kind=kind)
    if year.isdecimal() and len(year) == 4:
        rows = rows.filter(held_on__year=int(year))
    return rows.order_by("-held_on", "-pk")


def _table(rows: QuerySet[PolicyCampaign]) -> Iterator[list[Any]]:
    yield [
        _("活动日期"), _("活动名称"), _("主办单位"), _("进到哪里"), _("地点"), _("讲给谁听"), _("到场人数"),
        _("讲了哪些文件"), _("用了哪些解读"), _("发放的材料"), _("网站"),
    ]  # fmt: skip
    for row in rows:
        yield [
            row.held_on.isoformat(), row.title, row.unit.name, row.get_place_kind_display(), row.place, row.audience,
            "" if row.people is None else row.people, "；".join(str(each) for each in row.documents.all()),
            "；".join(str(each) for each in row.interpretations.all()), row.material, row.site.name,
        ]  # fmt: skip
