"""数据交换: whose change feeds a site follows, what came of every attempt, and what has to be looked at."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from jiyue.console.office.forms import ReasonForm
from jiyue.console.office.frame import attempt, page, paged
from jiyue.console.stewardship.frame import chosen_site, few_sites, readable_sites
from jiyue.content.exchanging import HEAD, add_source, ask, note_seen, stop_source
from jiyue.content.models import Column, Exchange, ExchangedItem, ExchangeSource
from jiyue.content.policies import fetch_exchanged_for, fetch_source_for, may_write_in, writable_columns
from jiyue.estate.policies import fetch_site_for
from jiyue.publishing.framing import origin_of

FOLDER = "exchange"
TONES = {"done": "full", "partly": "two", "failed": "cross"}
ITEM_TONES = {"taken": "full", "changed": "two", "withdrawn": "cross", "refused": "cross"}
CALLING = Q(items__seen_at__isnull=True) & Q(items__state__in=("changed", "withdrawn", "refused"))


class SourceForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("来源名称"), max_length=80, help_text=gettext_lazy("对方网站的全称，作为稿件的来源")
    )
    address = forms.URLField(
        label=gettext_lazy("对方网址"), max_length=300, assume_scheme="https",
        help_text=gettext_lazy("对方网站首页，例如 https://www.example.gov.cn"),
    )  # fmt: skip
    column = forms.ModelChoiceField(
        label=gettext_lazy("放入栏目"), queryset=Column.objects.none(), empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("收到的记录在这个栏目里存为草稿，照常送审"),
    )  # fmt: skip

    def __init__(self, *args: Any, columns: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns


def exchanges(request: HttpRequest) -> HttpResponse:
    """The sources of the sites one reads, and the attempts of all of them, the newest first."""
    site = chosen_site(request)
    sites = readable_sites(request)
    sources = ExchangeSource.objects.filter(site__in=sites).select_related("site", "column")
    sources = sources.annotate(waiting=Count("items", filter=CALLING)).order_by("stopped_at", "name", "pk")
    rows = Exchange.objects.filter(site__in=sites).select_related("site", "source", "asked_by")
    failed = request.GET.get("state") == "open"
    shown = paged(request, rows.exclude(state=Exchange.State.DONE) if failed else rows)
    adds = site is not None and writable_columns(request.user, site).exists()
    context = {
        "sources": [(row, _state_of(row)) for row in sources], "rows": shown, "lines": [(row, TONES[row.state]) for row in shown],
        "failed": failed, "query": "state=open" if failed else "", "in_site": site, "adds": adds,
        "own_feed": f"{origin_of(site.host)}{HEAD}" if site else "", "sites": few_sites(request),
    }  # fmt: skip
    return page(request, "exchanges.html", folder=FOLDER, **context)


def add(request: HttpRequest, site: int) -> HttpResponse:
    """Follow the change feed of another installation."""
    found = fetch_site_for(request.user, site)
    columns = writable_columns(request.user, found)
    if not columns.exists():
        raise PermissionDenied
    form = SourceForm(request.POST or None, columns=columns.order_by("path"))
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: add_source(**form.cleaned_data, **act)):
        messages.success(request, _("已登记，几分钟内开始第一次接收"))
        return redirect("console_exchanges")
    return page(request, "new.html", folder=FOLDER, form=form, in_site=found)


def source(request: HttpRequest, source: int) -> HttpResponse:
    """One source: its attempts, and what became of each of its records here. It is read at once, or stopped."""
    found = fetch_source_for(request.user, source)
    keeps = may_write_in(request.user, found.column)
    form = ReasonForm(request.POST if request.POST.get("act") == "stop" else None)
    act = {"source": found, "by": request.user, "now": timezone.now()}
    if request.method == "POST":
        if not keeps:
            raise PermissionDenied
        if request.POST.get("act") == "stop":
            if form.is_valid() and attempt(form, lambda: stop_source(reason=form.cleaned_data["reason"], **act)):
                messages.success(request, _("已停用，收到的稿件不受影响"))
                return redirect("console_exchange_source", found.pk)
        else:
            if attempt(form, lambda: ask(**act)):
                messages.success(request, _("已通知后台，几分钟内重新接收；以前没有接收的也会再取一次"))
            return redirect("console_exchange_source", found.pk)
    items = found.items.select_related("record__column").order_by("seen_at", "-at", "-pk")
    shown = paged(request, items)
    context = {
        "source": found, "word": _state_of(found), "keeps": keeps, "form": form, "rows": shown,
        "lines": [(item, ITEM_TONES[item.state], _calls(item)) for item in shown],
        "attempts": [(row, TONES[row.state]) for row in found.exchanges.select_related("asked_by")[:10]],
    }  # fmt: skip
    return page(request, "source.html", folder=FOLDER, **context)


@require_POST
def seen(request: HttpRequest, exchanged: int) -> HttpResponse:
    """Somebody dealt with what changed at the origin."""
    found = fetch_exchanged_for(request.user, exchanged)
    note_seen(item=found, by=request.user, now=timezone.now())
    messages.success(request, _("已标为处理过"))
    return redirect("console_exchange_source", found.source_id)


def _calls(item: ExchangedItem) -> bool:
    return item.seen_at is None and item.state != ExchangedItem.State.TAKEN


def _state_of(source: ExchangeSource) -> tuple[str, str]:
    """In one word, and its tone, how the source stands."""
    if source.stopped_at is not None:
        return _("已停用"), "hollow"
    if source.asked_at is not None:
        return _("等待接收"), "one"
    last = source.exchanges.first()
    if last is None:
        return (_("正常"), "full") if source.read_at else (_("还没有读过"), "hollow")
    return str(last.get_state_display()), TONES[last.state]
