"""平台差异: what the site and the service platform say differently, side by side, each to be decided by a person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiyue.console.office.frame import paged
from jiyue.console.services import words
from jiyue.console.services.forms import KeepForm
from jiyue.console.services.frame import page
from jiyue.console.stewardship.frame import chosen_site, done, few_sites
from jiyue.content.belonging import items_for
from jiyue.content.models import ItemDifference
from jiyue.content.policies import fetch_difference_for, may_keep_items, may_steward, visible_differences
from jiyue.content.service_importing import guide_column
from jiyue.content.synchronising import keep_ours, take_theirs
from jiyue.domain.comparison import Piece, pieces
from jiyue.domain.service_differences import Kind
from jiyue.domain.service_items import ITEM_FIELDS
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for, may
from jiyue.identity.models import User
from jiyue.identity.roles import Permission

TAB = "console_differences"
State = ItemDifference.State
TONES = {State.OPEN: "cross", State.TAKEN: "two", State.KEPT: "bar", State.GONE: "full"}


@dataclass(frozen=True)
class Row:
    """A difference with both sides in words; `taken_here`: may this person take the other side's word?"""

    kept: ItemDifference
    taken_here: bool = False

    @property
    def place(self) -> str:
        return words.place(self.kept)

    @property
    def ours(self) -> str:
        return words.side(self.kept, self.kept.ours)

    @property
    def theirs(self) -> str:
        return words.side(self.kept, self.kept.theirs)

    @property
    def marked(self) -> tuple[Piece, ...]:
        """Both texts as one, for those that have both."""
        return pieces(self.ours, self.theirs) if self.ours and self.theirs else ()

    @property
    def tone(self) -> str:
        return TONES[State(self.kept.state)]

    @property
    def is_of_item(self) -> bool:
        """Does the catalogue say it, for all sites, and not the guide?"""
        return self.kept.field in ITEM_FIELDS


@dataclass(frozen=True)
class Subject:
    """An item or guide with its differences."""

    code: str
    name: str
    guide: Any
    rows: list[Row]


def differences(request: HttpRequest) -> HttpResponse:
    """The differences of one site in one state, guide by guide."""
    site = chosen_site(request)
    wanted = request.GET.get("state", "")
    wanted = wanted if wanted in State.values else State.OPEN
    every = visible_differences(request.user).filter(site=site)
    found = (
        every.filter(state=wanted).select_related("guide", "decided_by", "first_run").order_by("code", "guide", "pk")
    )
    shown = paged(request, found)
    counts = [(state.value, state.label, TONES[state], every.filter(state=state).count()) for state in State]
    context = {
        "in_site": site, "sites": few_sites(request), "subjects": _subjects(request, site, shown), "shown": shown,
        "wanted": wanted, "counts": counts, "decides": site is not None and may_steward(request.user, site),
        "writes": site is not None and may(request.user, Permission.WRITE_CONTENT, site),
        "query": f"site={site.pk}&state={wanted}" if site else "",
    }  # fmt: skip
    return page(request, "differences.html", tab=TAB, **context)


@require_POST
def take(request: HttpRequest, difference: int) -> HttpResponse:
    """Take the other side's word for one difference, or for all open ones of its guide (`all`), into one draft."""
    row = fetch_difference_for(request.user, difference)
    rows = [row]
    if request.POST.get("all"):
        same = visible_differences(request.user).filter(
            site=row.site_id, code=row.code, guide=row.guide, state=State.OPEN
        )
        rows = [each for each in same if each.field and each.field not in ITEM_FIELDS] or rows
    try:
        guide = take_theirs(differences=rows, by=request.user, now=timezone.now())
    except (ValidationError, PermissionDenied) as refusal:
        said = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        messages.error(request, "；".join(said))
        return _back(row)
    if guide is None:
        messages.success(request, _("通用事项已改；用它的各份指南重新送审后，公众才看到"))
        return _back(row)
    messages.success(request, _("已改在“%(title)s”的草稿里，请核对后送审") % {"title": guide.title})
    return redirect("console_path", guide.pk)


def keep(request: HttpRequest, difference: int) -> HttpResponse:
    """Keep what the site says, with the reason."""
    row = fetch_difference_for(request.user, difference)
    if not may_steward(request.user, row.site):
        raise Http404
    form = KeepForm(request.POST or None)
    act = {"difference": row, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: keep_ours(reason=form.cleaned_data["reason"], **act)):
        messages.success(request, _("已保留本站内容；对方或本站再改动时会重新列出"))
        return _back(row)
    return page(request, "keep.html", tab=TAB, in_site=row.site, row=Row(row), form=form)


def _subjects(request: HttpRequest, site: Site | None, rows: Any) -> list[Subject]:
    codes = {row.code for row in rows}
    may_take = _taking(request.user, site, codes) if site else lambda row: False
    found: dict[tuple[str, int | None], Subject] = {}
    for row in rows:
        key = (row.code, row.guide_id)
        subject = found.setdefault(key, Subject(row.code, row.name, row.guide, []))
        subject.rows.append(Row(row, row.state == State.OPEN and may_take(row)))
    return list(found.values())


def _taking(user: User, site: Site, codes: set[str]) -> Callable[[ItemDifference], bool]:
    """Who may take what: an item is its overseer's, a guide its site's editors'; the action asks again."""
    items = {item.code: item for item in items_for(site).filter(code__in=codes).select_related("organisation")}
    keeps = {code for code, item in items.items() if may_keep_items(user, item.organisation)}
    writes, begins = may(user, Permission.WRITE_CONTENT, site), guide_column(user, site) is not None

    def may_take(row: ItemDifference) -> bool:
        if row.field in ITEM_FIELDS:
            return row.code in keeps
        if row.field:
            return writes and row.guide_id is not None
        return row.kind == Kind.ONLY_THERE and begins and row.code in items

    return may_take


def of_site(request: HttpRequest, site: int) -> HttpResponse:
    """The list of one site, as the list of work leads to it."""
    return _to(fetch_site_for(request.user, site, Permission.READ_CONTENT).pk)


def _back(row: ItemDifference) -> HttpResponse:
    return _to(row.site_id)


def _to(site: int) -> HttpResponse:
    answer = redirect(TAB)
    answer["Location"] += f"?site={site}"
    return answer
