"""资源库: look for what is public on any site, and take it into a column of one's own (取用)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console import rules
from jiyue.console.library.choices import columns_to_choose, taking_sites, target_of
from jiyue.console.library.placements import active_by_record
from jiyue.console.library.shelf import fetch_public_item, page_of, public_address, signed_contents, wanted_of
from jiyue.console.refusals import sentences
from jiyue.console.sites import FEW, current_site
from jiyue.content.models import Column, Placement, Record
from jiyue.content.placing import OPEN, ask_for
from jiyue.content.policies import fetch_column_for
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.publishing.models import PublicItem
from jiyue.review.placing import submit_placement


@dataclass(frozen=True)
class Book:
    """One public item as it stands on the shelf, seen from the sites a person writes for."""

    item: PublicItem
    title: str
    address: str
    own: bool
    intact: bool
    placements: list[Placement]
    takeable: bool


@require_GET
def shelf(request: HttpRequest) -> HttpResponse:
    """The list; the same number of queries for one item and for a full page."""
    wanted = wanted_of(request.GET)
    items, more = page_of(wanted)
    sites = list(Site.objects.order_by("name", "pk").values("host", "name")[: FEW + 1])
    context = {
        "books": books(request, items),
        "wanted": wanted,
        "page": wanted.page,
        "more": more,
        "query": wanted.query,
        "sites": sites if len(sites) <= FEW else [],
        "kinds": Record.Kind.choices,
        "column_kinds": [choice for choice in Column.Kind.choices if choice[0] != Column.Kind.CHANNEL],
        "takes": rules.writes(request.user),
    }
    return TemplateResponse(request, "console/library/shelf.html", context)


def books(request: HttpRequest, items: list[PublicItem]) -> list[Book]:
    """The items of a page with what the person's sites did with them: of the site in hand, or of all."""
    mine = set(taking_sites(request.user).values_list("pk", flat=True))
    in_hand = current_site(request)
    seen = mine & {in_hand.pk} if in_hand else mine
    contents = signed_contents(items)
    placed = active_by_record([item.identity for item in items], seen)
    return [_book(item, contents[item.pk], placed.get(item.identity, []), mine, seen) for item in items]


def _book(item: PublicItem, content, placements: list[Placement], mine: set[int], seen: set[int]) -> Book:
    elsewhere = (seen or mine) - {item.site_id} - {placement.site_id for placement in placements}
    return Book(
        item=item,
        title=content["title"] if content else _("内容与签发的不符，暂时不能取用"),
        address=public_address(item),
        own=item.site_id in seen,
        intact=content is not None,
        placements=placements,
        takeable=bool(content and elsewhere and item.state == PublicItem.State.SHOWN),
    )


@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a column and ask the own final reviewer: one page, one button."""
    item = fetch_public_item(pk)
    if request.method == "GET":
        return _take_page(request, item)
    try:
        column = take_into(request, Record.objects.get(identity=item.identity))
    except (PermissionDenied, ValidationError) as refusal:
        return _take_page(request, item, refusal=sentences(refusal), status=409)
    messages.success(request, taken_words(column))
    return redirect(_back(request))


@transaction.atomic
def take_into(request: HttpRequest, record: Record, *, site: Site | None = None) -> Column:
    """Ask for a record and submit the taking, or neither; for an offer, into a column of the `site` it was made to.

    Raises PermissionDenied, ValidationError, and Http404 for a column the person may not write in.
    """
    given = request.POST.get("column", "")
    if not (given.isascii() and given.isdigit()):
        raise ValidationError(_("请选择放入哪个栏目"))
    column = fetch_column_for(request.user, int(given), permission=Permission.WRITE_CONTENT)
    if site and column.site_id != site.pk:
        raise ValidationError(_("请选择%(site)s的栏目") % {"site": site.name})
    now = timezone.now()
    placement = ask_for(record=record, column=column, by=request.user, now=now)
    submit_placement(placement=placement, by=request.user, now=now)
    return column


def taken_words(column: Column) -> str:
    """What happens next, for the message after a taking was submitted."""
    words = _("已送终审。终审通过后显示在%(site)s“%(column)s”栏目；来源网站更正或撤下时，这里同时更新。")
    return words % {"site": column.site.name, "column": column.name}


def choosing(user: User, item: PublicItem, *, asked: str, in_hand: Site | None) -> dict[str, Any]:
    """What a form for taking needs: the target site, its columns, and the other sites one could take into."""
    target = target_of(user, asked=asked, in_hand=in_hand, origin=item.site_id)
    return {
        "target": target,
        "columns": columns_to_choose(user, target, like=item.column) if target else [],
        "targets": list(taking_sites(user).exclude(pk=item.site_id)[:FEW]),
    }


def _take_page(request: HttpRequest, item: PublicItem, *, refusal: list[str] | None = None, status: int = 200):
    content = signed_contents([item])[item.pk]
    form = choosing(request.user, item, asked=request.GET.get("site", ""), in_hand=current_site(request))
    target = form["target"]
    placed = active_by_record([item.identity], [target.pk] if target else []).get(item.identity, [])
    context = {
        "item": item,
        "content": content,
        "address": public_address(item),
        "kind": Record.Kind(item.kind).label,
        "placed": placed[0] if placed else None,
        "waiting": bool(placed) and placed[0].state in OPEN,
        "typed": request.POST,
        "refusal": refusal,
        "back": _back(request),
        **form,
    }
    return TemplateResponse(request, "console/library/take.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """The list the person came from, with her filter; only ever an address of this console."""
    given = request.POST.get("back") or request.GET.get("back") or ""
    return (
        given
        if given.startswith("/") and url_has_allowed_host_and_scheme(given, {request.get_host()})
        else "console_library"
    )
