"""公开清单: what has to be public, what is missing, and what stays unpublished with a reason and an approver."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.office.frame import paged
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.office.views_columns import units_of
from jiyue.console.stewardship.forms import ImportForm, ItemForm, OpinionForm, ReasonForm, WithholdingForm, spoken
from jiyue.console.stewardship.frame import chosen_site, done, few_sites, page
from jiyue.content.catalogue_import import CatalogueRefused, Imported, import_catalogue
from jiyue.content.cataloguing import decide_withholding, lift_withholding, propose_withholding, remove_item, save_item
from jiyue.content.models import CatalogueItem, Withholding
from jiyue.content.policies import (
    fetch_stewarded_for,
    fetch_withholding_for,
    may_decide_withholding,
    may_keep_catalogue,
    visible_stewardship,
    visible_withholdings,
)
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for
from jiyue.identity.roles import Permission
from jiyue.publishing.openness import counts, lines_of, withheld, without_content

TAB = "console_catalogue"
MISSING, WITHHELD, PUBLIC = "missing", "withheld", "public"
STATES = {MISSING: gettext_lazy("缺内容"), PUBLIC: gettext_lazy("已公开"), WITHHELD: gettext_lazy("不予公开")}
TONES = {MISSING: "cross", PUBLIC: "full", WITHHELD: "bar"}
W = Withholding.State


@dataclass(frozen=True)
class Row:
    item: CatalogueItem
    state: str

    @property
    def word(self) -> str:
        return str(STATES[self.state])

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def limit(self) -> str:
        return spoken(self.item.limit) if self.item.limit else _("按信息类别")

    @property
    def renewal(self) -> str:
        return spoken(self.item.renewal) if self.item.renewal else ""


def catalogue(request: HttpRequest) -> HttpResponse:
    """One site's catalogue, what is missing first."""
    site = chosen_site(request)
    items, now = _items(request, site), timezone.now()
    wanted = request.GET.get("state", "")
    rows = paged(request, list(_ordered(items, wanted, now)))
    totals = counts(items, now=now).values()
    context = {
        "in_site": site,
        "sites": few_sites(request),
        "rows": rows,
        "wanted": wanted,
        "total": sum(each.lines for each in totals),
        "counts": [
            (MISSING, STATES[MISSING], TONES[MISSING], sum(each.missing for each in totals)),
            (PUBLIC, STATES[PUBLIC], TONES[PUBLIC], sum(each.published for each in totals)),
            (WITHHELD, STATES[WITHHELD], TONES[WITHHELD], sum(each.withheld for each in totals)),
        ],
        "keeps": site is not None and may_keep_catalogue(request.user, site),
        "asked": _asked(request, site),
        "query": f"site={site.pk}&state={wanted}" if site else "",
    }
    return page(request, "catalogue.html", tab=TAB, **context)


def export(request: HttpRequest) -> HttpResponse:
    """The catalogue in the columns that `import_items` reads."""
    site = chosen_site(request)
    rows = _ordered(_items(request, site), request.GET.get("state", ""), timezone.now())
    return as_xlsx(f"catalogue-{site.host if site else 'none'}", _("公开清单"), _lines(rows))


def add_item(request: HttpRequest, site: int) -> HttpResponse:
    found = fetch_site_for(request.user, site, Permission.MANAGE_SITE)
    return _edit(request, CatalogueItem(site=found, unit=found.owner))


def item(request: HttpRequest, item: int) -> HttpResponse:
    """One line: its facts for all who read the site, its form for who keeps it."""
    found = fetch_stewarded_for(request.user, CatalogueItem, item)
    if may_keep_catalogue(request.user, found.site) and found.removed_on is None:
        return _edit(request, found)
    if request.method == "POST":
        raise PermissionDenied
    return page(request, "item.html", tab=TAB, **_facts(request, found))


def remove(request: HttpRequest, item: int) -> HttpResponse:
    """Take a line out of the catalogue, with the reason."""
    found = _kept(request, item)
    form = ReasonForm(request.POST or None, name="removed_reason", label=_("移出原因"))
    act = {"item": found, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: remove_item(reason=form.reason, **act)):
        messages.success(request, _("“%(name)s”已移出清单") % {"name": found.name})
        return _back(found.site)
    words = {"title": _("移出清单"), "button": _("移出"), "about": found}
    return page(request, "act.html", tab=TAB, form=form, back=f"?site={found.site_id}", back_to=TAB, **words)


def withhold(request: HttpRequest, item: int) -> HttpResponse:
    """Ask that a line stay unpublished."""
    found = _kept(request, item)
    form = WithholdingForm(request.POST or None)
    act = {"item": found, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: propose_withholding(**form.cleaned_data, **act)):
        messages.success(request, _("已提出，等督办人员批准"))
        return redirect("console_item", found.pk)
    words = {"title": _("申请不予公开"), "button": _("提出申请"), "about": found}
    return page(request, "act.html", tab=TAB, form=form, back_to=TAB, **words)


def withholding(request: HttpRequest, withholding: int) -> HttpResponse:
    """One request to keep something unpublished, and its answer."""
    found = fetch_withholding_for(request.user, withholding)
    own = found.proposed_by_id == request.user.pk
    decides = found.state == W.PROPOSED and not own and may_decide_withholding(request.user, found.item)
    lifts = found.state == W.APPROVED and (
        may_keep_catalogue(request.user, found.item.site) or may_decide_withholding(request.user, found.item)
    )
    form = OpinionForm(request.POST or None)
    if request.method == "POST":
        if not (decides or lifts):
            raise PermissionDenied
        if done(form, lambda: _answer(request, found, form)):
            messages.success(request, _("已保存"))
            return redirect("console_withholding", found.pk)
    return page(request, "withholding.html", tab=TAB, row=found, form=form, decides=decides, lifts=lifts)


def import_items(request: HttpRequest, site: int) -> HttpResponse:
    """Take in a unit's catalogue from a spreadsheet: all of it, or nothing and every wrong row named."""
    found = fetch_site_for(request.user, site, Permission.MANAGE_SITE)
    form = ImportForm(request.POST or None, request.FILES or None, units=units_of(found))
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            taken = _import(request, found, form)
        except CatalogueRefused as refused:
            problems = refused.problems
            form.add_error("file", _("没有导入，请按所列的行改正后再传"))
        else:
            messages.success(
                request, _("新增 %(added)s 项，修改 %(changed)s 项") % {"added": taken.added, "changed": taken.changed}
            )
            return _back(found)
    return page(request, "import.html", tab=TAB, in_site=found, form=form, problems=problems[:200], wrong=len(problems))


def _import(request: HttpRequest, site: Site, form: ImportForm) -> Imported:
    upload = form.cleaned_data["file"]
    return import_catalogue(
        site=site, unit=form.cleaned_data["unit"], name=upload.name, data=upload.read(), by=request.user,
        now=timezone.now(),
    )  # fmt: skip


def _edit(request: HttpRequest, item: CatalogueItem) -> HttpResponse:
    form = ItemForm(request.POST or None, instance=item, units=units_of(item.site))
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: save_item(item=form.instance, **act)):
        messages.success(request, _("“%(name)s”已保存") % {"name": form.instance.name})
        return redirect("console_item", form.instance.pk)
    return page(request, "item.html", tab=TAB, form=form, **_facts(request, item))


def _facts(request: HttpRequest, item: CatalogueItem) -> dict[str, Any]:
    asked = visible_withholdings(request.user).filter(item=item.pk).select_related("proposed_by", "decided_by")
    rows = list(asked.order_by("-proposed_at"))
    found = lines_of(CatalogueItem.objects.filter(pk=item.pk), now=timezone.now()).first() if item.pk else None
    row = Row(found, _state(found)) if found else None
    free = not any(each.state in {W.PROPOSED, W.APPROVED} for each in rows)
    keeps = may_keep_catalogue(request.user, item.site)
    return {"item": item, "in_site": item.site, "row": row, "withholdings": rows, "keeps": keeps, "free": free}


def _answer(request: HttpRequest, withholding: Withholding, form: OpinionForm) -> None:
    act = {
        "withholding": withholding,
        "by": request.user,
        "now": timezone.now(),
        "opinion": form.cleaned_data["opinion"],
    }
    if withholding.state == W.APPROVED:
        lift_withholding(**act)
        return
    decide_withholding(approve=request.POST.get("act") == "yes", **act)


def _kept(request: HttpRequest, item: int) -> CatalogueItem:
    found = fetch_stewarded_for(request.user, CatalogueItem, item)
    if not may_keep_catalogue(request.user, found.site):
        raise PermissionDenied
    return found


def _items(request: HttpRequest, site: Site | None) -> QuerySet[CatalogueItem]:
    return visible_stewardship(request.user, CatalogueItem).filter(site=site, removed_on=None)


def _asked(request: HttpRequest, site: Site | None) -> list[Withholding]:
    """Requests that wait for an answer on this site."""
    rows = visible_withholdings(request.user).filter(state=W.PROPOSED, item__site=site)
    return list(rows.select_related("item", "proposed_by").order_by("proposed_at"))


def _ordered(items: QuerySet[CatalogueItem], wanted: str, now: Any) -> Iterator[Row]:
    if wanted in (MISSING, ""):
        yield from (Row(each, MISSING) for each in without_content(items, now=now))
    if wanted in (PUBLIC, ""):
        shown = lines_of(items, now=now).filter(withheld=False, latest_at__isnull=False)
        yield from (Row(each, PUBLIC) for each in shown)
    if wanted in (WITHHELD, ""):
        yield from (Row(each, WITHHELD) for each in withheld(items, now=now))


def _state(item: CatalogueItem) -> str:
    if item.withheld:
        return WITHHELD
    return PUBLIC if item.latest_at else MISSING


def _lines(rows: Iterator[Row]) -> Iterator[list[Any]]:
    yield [_("序号"), _("公开事项"), _("公开内容"), _("公开依据"), _("公开时限"), _("责任部门"), _("公开栏目"), _("信息类别"),
           _("更新周期"), _("最近公开"), _("状态")]  # fmt: skip
    for row in rows:
        item = row.item
        latest = f"{timezone.localtime(item.latest_at):%Y-%m-%d}" if item.latest_at else ""
        yield [item.number, item.name, item.content, item.basis, spoken(item.limit) if item.limit else "",
               item.responsible.name if item.responsible else "", item.column.path if item.column else "",
               item.get_information_class_display(), row.renewal, latest, row.word]  # fmt: skip


def _back(site: Site) -> HttpResponse:
    answer = redirect(TAB)
    answer["Location"] += f"?site={site.pk}"
    return answer
