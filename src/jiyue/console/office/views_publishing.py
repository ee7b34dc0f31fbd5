"""发布状态: for each document signed off, baked, deployed, with times; releases, going back, incidents."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiyue.console.office.forms import ReasonForm
from jiyue.console.office.frame import attempt, page, paged
from jiyue.domain.release_chain import Release, ReleaseDamaged
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for, is_operator, may, visible_sites
from jiyue.identity.roles import Permission
from jiyue.publishing.actions import may_retry, resume, retry, roll_back
from jiyue.publishing.models import Incident, Publication, SitePublication
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.turns import SiteBusy
from jiyue.review.models import Subject

RECENT_RELEASES = 50
STATES = Publication.State


@dataclass(frozen=True)
class Line:
    """One sign-off and what became of it. `title` is empty for who may not read content."""

    row: Publication
    title: str
    record: int | None
    late: float  # seconds between the promised moment and the public one


def publications(request: HttpRequest, site: int) -> HttpResponse:
    """What was signed off on a site and how far each has come; failures first."""
    found = fetch_site_for(request.user, site)
    asked = request.GET.get("state", "")
    rows = Publication.objects.filter(site=found).select_related("sign_off__version__record")
    rows = rows.defer("sign_off__version__content")
    if asked in STATES.values:
        rows = rows.filter(state=asked)
    shown = paged(request, rows.order_by("-sign_off__sequence"))
    reads = may(request.user, Permission.READ_CONTENT, found)
    context = {
        "rows": shown,
        "lines": [_line(row, reads=reads) for row in shown],
        "failed": Publication.objects.filter(site=found, state=STATES.FAILED).count(),
        "state": asked,
        "states": STATES.choices,
        "publication": SitePublication.objects.filter(site=found).first(),
        "incidents": _incidents(found)[:10],
        "may_retry": may_retry(request.user, found),
        "reads": reads,
    }
    return page(request, "publications.html", site=found, **context)


def _line(row: Publication, *, reads: bool) -> Line:
    record = row.sign_off.version.record
    title = ""
    if reads:
        title = record.title if record else str(Subject(row.sign_off.subject).label)
    late = (row.deployed_at - row.sign_off.effective_at).total_seconds() if row.deployed_at else 0.0
    return Line(row, title, record.pk if record and reads else None, late)


@require_POST
def try_again(request: HttpRequest, publication: int) -> HttpResponse:
    """再试一次: ask for another attempt at once."""
    found = Publication.objects.filter(pk=publication, site__in=visible_sites(request.user)).first()
    if found is None or not may_retry(request.user, found.site):
        raise Http404
    retry(publication=found, by=request.user, now=timezone.now())
    messages.success(request, _("已安排重试，几秒后刷新页面看结果"))
    return redirect("console_publications", found.site_id)


def releases(request: HttpRequest, site: int) -> HttpResponse:
    """The newest releases of a site, read from the signed files."""
    found = fetch_site_for(request.user, site)
    publisher = Publisher()
    rows, damaged = _releases(publisher, found)
    state = SitePublication.objects.filter(site=found).first()
    return page(request, "releases.html", site=found, rows=rows, damaged=damaged, publication=state)


def _releases(publisher: Publisher, site: Site) -> tuple[list[Release], list[int]]:
    rows, damaged = [], []
    for sequence in sorted(publisher.deployer.sequences(site.host), reverse=True)[:RECENT_RELEASES]:
        try:
            rows.append(publisher.deployer.release(site.host, sequence))
        except (ReleaseDamaged, OSError):
            damaged.append(sequence)
    return rows, damaged


def go_back(request: HttpRequest, site: int, release: int) -> HttpResponse:
    """Show again what an earlier release showed (operator), with a reason; publishing is held until resumed."""
    found = _operated(request, site)
    publisher = Publisher()
    if release not in publisher.deployer.sequences(found.host):
        raise Http404
    form = ReasonForm(request.POST or None)
    act = {"site": found, "to_release": release, "by": request.user.actor(), "now": timezone.now()}
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _roll_back(publisher, form, act)):
        messages.success(request, _("已回退到第 %(n)s 批；发布已暂停，处理完请恢复发布") % {"n": release})
        return redirect("console_releases", found.pk)
    return page(request, "go_back.html", site=found, form=form, release=release)


def _roll_back(publisher: Publisher, form: ReasonForm, act: dict) -> None:
    try:
        roll_back(publisher=publisher, reason=form.cleaned_data["reason"], **act)
    except SiteBusy as busy:
        raise ValidationError(_("这个网站正在发布，请过几秒再试")) from busy


@require_POST
def go_on(request: HttpRequest, site: int) -> HttpResponse:
    """恢复发布 after a rollback."""
    found = _operated(request, site)
    try:
        resume(publisher=Publisher(), site=found, by=request.user.actor(), now=timezone.now())
        messages.success(request, _("已恢复发布，暂停期间签发的内容正在补发"))
    except SiteBusy:
        messages.error(request, _("这个网站正在发布，请过几秒再试"))
    return redirect("console_releases", found.pk)


def incidents(request: HttpRequest) -> HttpResponse:
    """发布异常 of the sites the person may see; those of the whole platform for the operator."""
    own = Q(site__in=visible_sites(request.user))
    if is_operator(request.user):
        own |= Q(site=None)
    found = Incident.objects.filter(own).select_related("site").order_by("closed_at", "-last_at")
    return page(request, "incidents.html", rows=paged(request, found), reads=not is_operator(request.user))


def _incidents(site: Site) -> QuerySet[Incident]:
    return Incident.objects.filter(site=site, closed_at=None).order_by("-last_at")


def _operated(request: HttpRequest, site: int) -> Site:
    if not is_operator(request.user):
        raise PermissionDenied
    return fetch_site_for(request.user, site)
