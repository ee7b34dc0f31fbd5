"""上级动态: which portals are read, what they published, and what of it must be reprinted (REPR-01)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiyue.console.office.frame import paged
from jiyue.console.reprinting.forms import FeedForm
from jiyue.console.stewardship.forms import ReprintForm
from jiyue.console.stewardship.frame import done
from jiyue.console.stewardship.frame import page as framed
from jiyue.content.feeds.watching import trouble_of
from jiyue.content.models import Feed, FeedEntry, ReprintTask
from jiyue.content.policies import fetch_feed_for, may_order_reprints, visible_feeds
from jiyue.content.reprinting import order_entry, pass_entry, read_soon, save_feed, stop_feed
from jiyue.rules.policies import proposable_units

TAB = "console_feeds"
STATES = ("wanted", "new", "ordered", "passed")


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return framed(request, f"../reprinting/{template}", tab=TAB, **context)


@require_GET
def feeds(request: HttpRequest) -> HttpResponse:
    """The portals, those in trouble first, and below them what waits for a decision."""
    found = visible_feeds(request.user).select_related("organisation")
    rows = [(feed, trouble_of(feed)) for feed in found.filter(stopped_at=None).order_by("-failures", "name", "pk")]
    state = request.GET.get("state", "")
    state = state if state in STATES else STATES[0]
    entries = FeedEntry.objects.filter(feed__in=found, state=state).select_related("feed__organisation", "task")
    shown = paged(request, entries.order_by("-seen_at", "-released_at", "-pk"))
    orders = {feed.organisation_id for feed in {entry.feed for entry in shown}}
    may = {unit for unit in orders if proposable_units(request.user).filter(pk=unit).exists()}
    context = {
        "rows": rows, "shown": shown, "entries": [(entry, entry.feed.organisation_id in may) for entry in shown],
        "state": state, "states": [(code, FeedEntry.State(code).label) for code in STATES], "query": f"state={state}",
        "watches": proposable_units(request.user).exists(),
    }  # fmt: skip
    return page(request, "feeds.html", **context)


@require_http_methods(["GET", "POST"])
def add_feed(request: HttpRequest) -> HttpResponse:
    return _form(request, Feed(), _("登记上级动态来源"))


@require_http_methods(["GET", "POST"])
def change_feed(request: HttpRequest, feed: int) -> HttpResponse:
    """One portal: its address and turn, read it now, watch it no more."""
    found = fetch_feed_for(request.user, feed)
    if found.stopped_at is not None or not may_order_reprints(request.user, found.organisation):
        return redirect(TAB)
    return _form(request, found, found.name)


def _form(request: HttpRequest, feed: Feed, title: str) -> HttpResponse:
    units = proposable_units(request.user).order_by("lineage")
    form = FeedForm(request.POST or None, instance=feed, units=units)
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: save_feed(feed=form.instance, **act)):
        messages.success(request, _("已保存，一分钟内读取第一次"))
        return redirect(TAB)
    trouble = trouble_of(feed) if feed.pk else ""
    return page(request, "feed.html", form=form, feed=feed if feed.pk else None, title=title, trouble=trouble)


@require_POST
def tend_feed(request: HttpRequest, feed: int) -> HttpResponse:
    """Read it soon, or stop watching it."""
    found = fetch_feed_for(request.user, feed)
    act = {"feed": found, "by": request.user, "now": timezone.now()}
    try:
        if request.POST.get("act") == "stop":
            stop_feed(**act)
            messages.success(request, _("已停用，读到过的内容还在"))
        else:
            read_soon(**act)
            messages.success(request, _("一分钟内会再读一次"))
    except (ValidationError, PermissionDenied) as refusal:
        messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
    return redirect(TAB)


@require_http_methods(["GET", "POST"])
def order_from_entry(request: HttpRequest, entry: int) -> HttpResponse:
    """必须转载: the task, filled in from what the portal said."""
    found = _entry(request, entry)
    units = proposable_units(request.user).order_by("lineage")
    if not may_order_reprints(request.user, found.feed.organisation):
        raise PermissionDenied
    initial = {
        "organisation": found.feed.organisation_id, "title": found.title, "source": found.feed.name,
        "address": found.address, "released_at": found.released_at and timezone.localtime(found.released_at),
    }  # fmt: skip
    form = ReprintForm(request.POST or None, units=units, initial=initial, instance=ReprintTask())
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: order_entry(entry=found, task=form.instance, **act)):
        messages.success(request, _("已布置；各网站的转载期限从原发布时间算起"))
        return redirect("console_reprint", form.instance.pk)
    return page(request, "order.html", form=form, entry=found)


@require_POST
def pass_over(request: HttpRequest, entry: int) -> HttpResponse:
    """It need not be reprinted."""
    found = _entry(request, entry)
    try:
        pass_entry(entry=found, by=request.user, now=timezone.now())
    except (ValidationError, PermissionDenied) as refusal:
        messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
    else:
        messages.success(request, _("已记为不转载"))
    return redirect(TAB)


def _entry(request: HttpRequest, ref: int) -> FeedEntry:
    entries = FeedEntry.objects.filter(feed__in=visible_feeds(request.user)).select_related("feed__organisation")
    return get_object_or_404(entries, pk=ref)
