"""比对与交换: where the other side's file lies, what each comparison gave, and the site's own services as a file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiyue.console.office.frame import attempt, paged
from jiyue.console.services.forms import CompareForm, SourceForm
from jiyue.console.services.frame import page
from jiyue.console.stewardship.frame import chosen_site, done, few_sites
from jiyue.content.models import ServiceSource, Synchronisation
from jiyue.content.policies import (
    fetch_synchronisation_for,
    may_exchange_services,
    visible_synchronisations,
)
from jiyue.content.service_importing import MOST_BYTES, Made, ServiceFileRefused, import_entries, read_file
from jiyue.content.service_sheets import workbook_of
from jiyue.content.service_sources import ask_for_comparison, set_source
from jiyue.content.synchronising import synchronise
from jiyue.domain.service_items import written
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for, may_manage
from jiyue.identity.roles import Permission
from jiyue.publishing.services import ours, shown_guides

TAB = "console_synchronisations"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def synchronisations(request: HttpRequest) -> HttpResponse:
    """The runs of one site, newest first, and where its nightly comparison looks."""
    site = chosen_site(request)
    runs = visible_synchronisations(request.user).filter(site=site).select_related("by")
    rows = paged(request, runs.defer("problems"))
    context = {
        "in_site": site, "sites": few_sites(request), "rows": rows, "source": _source(site),
        "manages": site is not None and may_manage(request.user, site),
        "exchanges": site is not None and may_exchange_services(request.user, site),
        "query": f"site={site.pk}" if site else "",
    }  # fmt: skip
    return page(request, "synchronisations.html", tab=TAB, **context)


def synchronisation(request: HttpRequest, synchronisation: int) -> HttpResponse:
    """One run with everything that could not be read."""
    run = fetch_synchronisation_for(request.user, synchronisation)
    again = run.origin == Synchronisation.Origin.ADDRESS and may_exchange_services(request.user, run.site)
    return page(
        request, "synchronisation.html", tab=TAB, in_site=run.site, run=run, again=again, source=_source(run.site)
    )


def compare(request: HttpRequest, site: int) -> HttpResponse:
    """Compare an uploaded file with the site, and bring in what is missing if asked."""
    found = _exchanged(request, site)
    form = CompareForm(request.POST or None, request.FILES or None)
    run = _compare(request, found, form) if request.method == "POST" and form.is_valid() else None
    if run is not None:
        messages.success(request, _said(run))
        return redirect("console_synchronisation", run.pk)
    return page(request, "compare.html", tab=TAB, in_site=found, form=form)


def source(request: HttpRequest, site: int) -> HttpResponse:
    """Configure where the service platform's file lies."""
    found = fetch_site_for(request.user, site, Permission.MANAGE_SITE)
    known = _source(found)
    form = SourceForm(request.POST or None, initial={"address": known.address if known else ""})
    act = {"site": found, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: set_source(address=form.cleaned_data["address"], **act)):
        messages.success(request, _("已保存；登记了网址的，几分钟内会先比对一次"))
        return _back(found)
    return page(request, "source.html", tab=TAB, in_site=found, form=form)


@require_POST
def again(request: HttpRequest, site: int) -> HttpResponse:
    """Ask the worker to compare with the configured address now."""
    found = _exchanged(request, site)
    known = _source(found)
    if known is None:
        raise Http404
    try:
        ask_for_comparison(source=known, by=request.user, now=timezone.now())
    except PermissionDenied as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已安排，几分钟内会有结果"))
    return _back(found)


def service_file(request: HttpRequest) -> HttpResponse:
    """The site's public services as other channels take them: the exchange format, or a workbook for people (SERV-13)."""
    site = chosen_site(request)
    entries = [one.entry for one in shown_guides([site]) if one.is_public and one.entry.code] if site else []
    name = f"services-{site.host if site else 'none'}"
    if request.GET.get("form") == "xlsx":
        return _download(workbook_of(entries), f"{name}.xlsx", XLSX)
    lines = "".join(f"{written(entry)}\n" for entry in entries)
    return _download(lines.encode(), f"{name}.jsonl", "application/x-ndjson; charset=utf-8")


def _compare(request: HttpRequest, site: Site, form: BaseForm) -> Synchronisation | None:
    upload, now = form.cleaned_data["file"], timezone.now()
    if upload.size > MOST_BYTES:
        form.add_error("file", _("文件太大，最多 %(limit)s MB") % {"limit": MOST_BYTES // 1024 // 1024})
        return None
    data = upload.read()
    try:
        lines = read_file(data)
    except ServiceFileRefused as refused:
        form.add_error("file", str(refused))
        return None
    made: list[Made] = []
    if form.cleaned_data["bring"]:
        entries = [line.entry for line in lines if line.entry is not None]
        bring = {"site": site, "source": upload.name, "by": request.user, "now": now}
        if not attempt(form, lambda: made.extend(import_entries(entries=entries, **bring))):
            return None
    return synchronise(
        site=site, origin=Synchronisation.Origin.FILE, source=upload.name, data=data, lines=lines, ours=ours(site),
        complete=form.cleaned_data["complete"], made=made, by=request.user, actor=request.user.actor(), now=now,
    )  # fmt: skip


def _said(run: Synchronisation) -> str:
    return _("读到 %(items)s 个事项：一致 %(equal)s，不一致 %(different)s，仅对方有 %(there)s，仅本站有 %(here)s") % {
        "items": run.items, "equal": run.equal, "different": run.different, "there": run.only_there,
        "here": run.only_here,
    }  # fmt: skip


def _exchanged(request: HttpRequest, site: int) -> Site:
    found = fetch_site_for(request.user, site, Permission.READ_CONTENT)
    if not may_exchange_services(request.user, found):
        raise Http404
    return found


def _source(site: Site | None) -> ServiceSource | None:
    return ServiceSource.objects.filter(site=site).select_related("set_by", "site").first() if site else None


def _download(data: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def of_site(request: HttpRequest, site: int) -> HttpResponse:
    """The list of one site, as the list of work leads to it."""
    return _to(fetch_site_for(request.user, site, Permission.READ_CONTENT).pk)


def _back(site: Site) -> HttpResponse:
    return _to(site.pk)


def _to(site: int) -> HttpResponse:
    answer = redirect(TAB)
    answer["Location"] += f"?site={site}"
    return answer
