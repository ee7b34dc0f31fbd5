"""评论评价的安排 of a site: where people may comment or vote, until when, and who answers for it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiyue.console.comments.forms import OrderForm
from jiyue.console.office.frame import page as site_page
from jiyue.console.stewardship.frame import done
from jiyue.content.models import CommentOrder
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for, sites_with
from jiyue.identity.roles import Permission
from jiyue.interaction.comments.orders import end_order, set_order
from jiyue.interaction.policies import takes_letters
from jiyue.publishing.models import LISTED, PublicItem

FOLDER = "comments"


@require_http_methods(["GET", "POST"])
def orders(request: HttpRequest, site: int) -> HttpResponse:
    """All orders of a site; making one, or changing the one of the same place."""
    found = fetch_site_for(request.user, site, Permission.READ_CONTENT)
    if request.method == "POST":
        found = fetch_site_for(request.user, site, Permission.MANAGE_SITE)
    changed, initial = _asked(request, found)
    form = OrderForm(request.POST or None, site=found, initial=initial)
    who = {"site": found, "by": request.user, "now": timezone.now(), "order": changed}
    if request.method == "POST" and done(form, lambda: set_order(**form.cleaned_data, **who)):
        messages.success(request, _("已登记；送审并签发网站设置后起作用"))
        return redirect("console_comment_orders", found.pk)
    rows = CommentOrder.objects.filter(site=found).select_related("column", "record", "keeper", "deputy").order_by("pk")
    return site_page(
        request, "orders.html", folder=FOLDER, site=found, form=form, rows=rows, takes=takes_letters(found), changed=changed
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, comment_order: int) -> HttpResponse:
    """Take one order back."""
    rows = CommentOrder.objects.filter(site__in=sites_with(request.user, Permission.MANAGE_SITE))
    row = rows.select_related("site", "column", "record", "keeper", "deputy").filter(pk=comment_order).first()
    if row is None:
        raise Http404
    site = row.site
    if request.method == "POST":
        end_order(order=row, by=request.user, now=timezone.now())
        messages.success(request, _("已取消；送审并签发网站设置后起作用"))
        return redirect("console_comment_orders", site.pk)
    return site_page(request, "order_end.html", folder=FOLDER, site=site, row=row)


def _asked(request: HttpRequest, site: Site) -> tuple[CommentOrder | None, dict[str, Any]]:
    """The order that is to be changed, if one is named, and what the form begins with."""
    key = request.GET.get("order", "")
    rows = CommentOrder.objects.filter(site=site).select_related("record")
    row = rows.filter(pk=key).first() if key.isdecimal() and len(key) < 18 else None
    if row is None:
        return None, {}
    item = PublicItem.objects.filter(
        site=site, identity=row.record.identity, placed_by=None, state__in=LISTED
    ).first() if row.record else None  # fmt: skip
    if row.record and item is None:  # without its address the form would speak of the whole site
        messages.warning(request, _("这个网页已经撤下，对它的安排不能修改，只能取消"))
        return None, {}
    return row, {
        "column": row.column_id, "record": item.address if item else "", "takes_comments": row.takes_comments,
        "takes_votes": row.takes_votes, "opens_at": row.opens_at, "closes_at": row.closes_at, "named": row.named,
        "keeper": row.keeper_id, "deputy": row.deputy_id,
    }  # fmt: skip
