"""推送: the origin offers a public record to other sites, and sees what each of them answered (LIB-03)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from jiyue.console.library.placements import ACTIVE, offered_to, sites_to_offer
from jiyue.console.library.shelf import public_address, public_item_of, signed_contents
from jiyue.console.refusals import sentences
from jiyue.console.sites import FEW
from jiyue.content.models import Record
from jiyue.content.policies import fetch_record_for
from jiyue.review.placing import offer


@require_http_methods(["GET", "POST"])
def offer_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose sites for one of the own public records; below, what became of earlier offers."""
    record = fetch_record_for(request.user, pk, writable=True)
    if request.method == "GET":
        return _page(request, record)
    try:
        count = _offer(request, record)
    except (PermissionDenied, ValidationError) as refusal:
        return _page(request, record, refusal=sentences(refusal), status=409)
    messages.success(request, ngettext("已推送给 %(n)s 个网站。", "已推送给 %(n)s 个网站。", count) % {"n": count})
    return redirect("console_offer", pk)


@transaction.atomic
def _offer(request: HttpRequest, record: Record) -> int:
    if public_item_of(record) is None:
        raise ValidationError(_("稿件公开以后才能推送给其他网站"))
    chosen = {int(given) for given in request.POST.getlist("site") if given.isascii() and given.isdigit()}
    sites = list(sites_to_offer(record.site_id, "").filter(pk__in=chosen))
    if not sites:
        raise ValidationError(_("请至少选择一个网站"))
    for site in sites:
        offer(record=record, site=site, by=request.user, now=timezone.now())
    return len(sites)


def _page(request: HttpRequest, record: Record, *, refusal: list[str] | None = None, status: int = 200):
    item = public_item_of(record)
    content = signed_contents([item])[item.pk] if item else None
    text = request.GET.get("q", "").strip()[:100]
    placements = list(offered_to(record.pk))
    standing = {placement.site_id for placement in placements if placement.state in ACTIVE}
    sites = list(sites_to_offer(record.site_id, text).exclude(pk__in=standing)[: FEW + 1])
    context = {
        "record": record,
        "title": content["title"] if content else record.title,
        "item": item,
        "address": public_address(item) if item else "",
        "sites": sites[:FEW],
        "more": len(sites) > FEW,
        "q": text,
        "placements": placements,
        "chosen": request.POST.getlist("site"),
        "refusal": refusal,
    }
    return TemplateResponse(request, "console/library/offer.html", context, status=status)
