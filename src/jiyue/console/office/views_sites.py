"""网站: the sites a person may see, founding one, its profile, its notices, and sending all that for sign-off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiyue.console.office.checklist import readiness_of
from jiyue.console.office.forms import NoticeForm, NoticeWordsForm, ProfileForm, SiteFromTemplateForm, WindowForm
from jiyue.console.office.frame import attempt, page, paged
from jiyue.console.structures import structure_rows
from jiyue.content.site_templates import create_site_from_template
from jiyue.content.structure import identity_of, structure_of
from jiyue.estate.actions import appoint, correct_notice, post_notice, save_site, set_mourning, set_status
from jiyue.estate.models import FloatingWindow, Notice, Site
from jiyue.estate.policies import fetch_site_for, is_operator, visible_sites
from jiyue.estate.windows import end_window, plan_window
from jiyue.identity.roles import Permission, Role
from jiyue.review import ledger
from jiyue.review.actions import submit_structure
from jiyue.review.models import Review

MANAGE = Permission.MANAGE_SITE
READ = Permission.READ_CONTENT


def sites(request: HttpRequest) -> HttpResponse:
    """All sites the person may see, with what is missing to open them."""
    wanted, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    found = visible_sites(request.user).select_related("owner", "superior_site").order_by("name", "pk")
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(host__icontains=wanted) | Q(owner__name__icontains=wanted))
    if kind in Site.Kind.values:
        found = found.filter(kind=kind)
    found = found.annotate(people=Count("appointments__user", distinct=True))
    context = {"rows": paged(request, found), "q": wanted, "kind": kind, "kinds": Site.Kind.choices}
    return page(request, "sites.html", operates=is_operator(request.user), **context)


def found_site(request: HttpRequest) -> HttpResponse:
    """A whole site on one screen: profile, channels and standard columns, manager."""
    if not is_operator(request.user):
        raise PermissionDenied
    initial = {"template": "portal"}
    form = SiteFromTemplateForm(
        request.POST or None, initial=initial, user=request.user, sites=visible_sites(request.user)
    )
    if request.method == "POST" and form.is_valid():
        made: list[Site] = []
        if attempt(form, lambda: made.append(_found(request, form))):
            messages.success(request, _("网站已建好，栏目是草稿；送审并签发后对外可见"))
            return redirect("console_site", made[0].pk)
    return page(request, "site_new.html", form=form)


@transaction.atomic
def _found(request: HttpRequest, form: SiteFromTemplateForm) -> Site:
    by, now = request.user.actor(), timezone.now()
    site = create_site_from_template(template=form.cleaned_data["template"], by=by, now=now, **form.profile())
    if form.cleaned_data["manager"]:
        appoint(user=form.cleaned_data["manager"], site=site, role=Role.SITE_MANAGER, by=by, now=now)
    return site


def site(request: HttpRequest, site: int) -> HttpResponse:
    """The card of a site: its facts, and what is still missing before it may open."""
    found = fetch_site_for(request.user, site)
    checks = readiness_of(found)
    return page(request, "site.html", site=found, checks=checks, ready=all(check.met for check in checks))


@require_POST
def open_site(request: HttpRequest, site: int) -> HttpResponse:
    """Mark a site as running once every line of the checklist is met."""
    found = fetch_site_for(request.user, site, MANAGE)
    missing = [str(check.label) for check in readiness_of(found) if not check.met]
    if missing:
        messages.error(request, _("还不能开通：%(missing)s") % {"missing": "、".join(missing)})
    elif found.status == Site.Status.PREPARING:
        by = request.user.actor()
        set_status(site=found, status=Site.Status.ONLINE, reason=_("开通检查全部满足"), by=by, now=timezone.now())
        messages.success(request, _("网站已标为运行中"))
    return redirect("console_site", found.pk)


def profile(request: HttpRequest, site: int) -> HttpResponse:
    """Marks, contact, blocks, colour, mourning window."""
    found = fetch_site_for(request.user, site, MANAGE)
    form = ProfileForm(request.POST or None, instance=Site.objects.get(pk=found.pk))
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _save(request, form)):
        messages.success(request, _("网站设置已保存；送审并签发后对外生效"))
        return redirect("console_profile", found.pk)
    return page(request, "profile.html", site=found, form=form)


def _save(request: HttpRequest, form: ProfileForm) -> None:
    by, now, changed = request.user.actor(), timezone.now(), form.instance
    since, until = form.cleaned_data["mourning_from"], form.cleaned_data["mourning_until"]
    if {"mourning_from", "mourning_until"} & set(form.changed_data):
        set_mourning(site=changed, since=since, until=until, by=by, now=now)
    else:
        save_site(site=changed, by=by, now=now)


def notices(request: HttpRequest, site: int) -> HttpResponse:
    """The life-cycle notices: past, present, planned; adding one."""
    found = fetch_site_for(request.user, site, READ)
    now = timezone.now()
    form = NoticeForm(request.POST or None)
    if request.method == "POST":
        found = fetch_site_for(request.user, site, MANAGE)
        act = {"site": found, "by": request.user.actor(), "now": now}
        if form.is_valid() and attempt(form, lambda: post_notice(**form.cleaned_data, **act)):
            messages.success(
                request, _("公告已登记，到 %(until)s 自动撤下；送审并签发后对外可见") % {"until": _words(form)}
            )
            return redirect("console_notices", found.pk)
    return page(request, "notices.html", site=found, form=form, rows=found.notices.order_by("-until"), now=now)


def notice_words(request: HttpRequest, notice: int) -> HttpResponse:
    """Put right what a notice says; its time stays as it was announced."""
    row = get_object_or_404(Notice.objects.select_related("site"), pk=notice)
    found = fetch_site_for(request.user, row.site_id, MANAGE)
    form = NoticeWordsForm(request.POST or None, initial={"text": row.text})
    act = {"notice": row, "by": request.user.actor(), "now": timezone.now()}
    asked = request.method == "POST" and form.is_valid()
    if asked and attempt(form, lambda: correct_notice(**form.cleaned_data, **act)):
        messages.success(request, _("公告已更正；送审并签发后对外生效，结束时间不变"))
        return redirect("console_notices", found.pk)
    return page(request, "notice_words.html", site=found, form=form, notice=row)


def windows(request: HttpRequest, site: int) -> HttpResponse:
    """飘窗: the floating windows of the home page, planning one, taking one down early."""
    found = fetch_site_for(request.user, site, READ)
    form = WindowForm(request.POST or None, instance=FloatingWindow(site=found))
    act = {"by": request.user.actor(), "now": timezone.now()}
    if request.method == "POST":
        fetch_site_for(request.user, site, MANAGE)
        if form.is_valid() and attempt(form, lambda: plan_window(window=form.instance, **act)):
            messages.success(request, _("飘窗已登记；送审并签发后对外可见，到时自动撤下"))
            return redirect("console_windows", found.pk)
    rows = found.windows.order_by("-until")
    return page(request, "windows.html", site=found, form=form, rows=rows, now=act["now"])


@require_POST
def take_down_window(request: HttpRequest, window: int) -> HttpResponse:
    """Take a floating window down before its time."""
    row = get_object_or_404(FloatingWindow, pk=window)
    site = fetch_site_for(request.user, row.site_id, MANAGE)
    try:
        end_window(window=row, by=request.user.actor(), now=timezone.now())
        messages.success(request, _("飘窗已取消；送审并签发后对外撤下"))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("console_windows", site.pk)


def _words(form: NoticeForm) -> str:
    return timezone.localtime(form.cleaned_data["until"]).strftime("%Y-%m-%d %H:%M")


def structure(request: HttpRequest, site: int) -> HttpResponse:
    """What differs from what is signed off, and the act of sending it for sign-off."""
    found = fetch_site_for(request.user, site, READ)
    row = ledger.current(identity_of(found))
    signed = ledger.content_of(row.version, digest=row.version_digest) if row else None
    pending = Review.objects.filter(version__identity=identity_of(found), status=Review.Status.OPEN).first()
    changes = structure_rows(signed, structure_of(found))
    if request.method == "POST":
        return _submit(request, fetch_site_for(request.user, site, MANAGE), changes)
    return page(request, "structure.html", site=found, changes=changes, signed=row, pending=pending)


def _submit(request: HttpRequest, site: Site, changes: list) -> HttpResponse:
    try:
        if changes:
            submit_structure(site=site, by=request.user, now=timezone.now())
            messages.success(request, _("已送审，终审人签发后对外生效"))
        else:
            messages.info(request, _("与已签发的设置没有差别，不用送审"))
    except PermissionDenied as refusal:
        messages.error(request, str(refusal))
    return redirect("console_structure", site.pk)
