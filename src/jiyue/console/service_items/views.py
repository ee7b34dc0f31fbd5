"""办事事项: the catalogue of service items, kept by overseers and read by everybody who writes guides."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.console.office.frame import attempt, paged
from jiyue.console.office.frame import page as office_page
from jiyue.console.service_items.forms import EndForm, ItemForm
from jiyue.content.models import ServiceGuide, ServiceItem
from jiyue.content.needs import NEEDS, Theme
from jiyue.content.policies import fetch_item_for, kept_catalogues, may_keep_items, visible_items, visible_records
from jiyue.content.servicing import end_item, save_item
from jiyue.publishing.behind import guides_behind


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return office_page(request, template, folder="service_items", **context)


def items(request: HttpRequest) -> HttpResponse:
    """The items one may use, by code, with the number of guides on the sites one reads."""
    wanted, theme = request.GET.get("q", "").strip()[:100], request.GET.get("theme", "")
    found = visible_items(request.user).select_related("organisation").order_by("code")
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(code__istartswith=wanted))
    rows = [item for item in found if theme in item.themes] if theme in Theme.values else found
    shown = paged(request, rows)
    counts = _guides(request).filter(item__in=[item.pk for item in shown]).values("item").annotate(count=Count("pk"))
    by_item = {row["item"]: row["count"] for row in counts.order_by()}
    return page(
        request, "list.html", shown=shown, rows=[(item, by_item.get(item.pk, 0)) for item in shown], q=wanted,
        theme=theme, themes=Theme.choices, keeps=kept_catalogues(request.user).exists(),
        query=request.GET.urlencode(),
    )  # fmt: skip


def item(request: HttpRequest, service_item: int) -> HttpResponse:
    """One item with the guides of the sites one reads, and which of them are behind it."""
    found = fetch_item_for(request.user, service_item)
    guides = list(
        _guides(request).filter(item=found).select_related("site", "responsible").order_by("site__name", "pk")
    )
    behind = guides_behind(found, guides)
    return page(
        request, "item.html", item=found, facts=_facts(found), rows=[(guide, guide.pk in behind) for guide in guides],
        behind=len(behind), keeps=may_keep_items(request.user, found.organisation),
    )  # fmt: skip


def add_item(request: HttpRequest) -> HttpResponse:
    return _edit(request, ServiceItem(), title=_("登记通用事项"))


def change_item(request: HttpRequest, service_item: int) -> HttpResponse:
    found = fetch_item_for(request.user, service_item)
    if not may_keep_items(request.user, found.organisation):
        raise PermissionDenied
    return _edit(request, found, title=_("修改通用事项"))


def end(request: HttpRequest, service_item: int) -> HttpResponse:
    """The item exists no more from a day on."""
    found = fetch_item_for(request.user, service_item)
    if not may_keep_items(request.user, found.organisation):
        raise PermissionDenied
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _end(request, found, form)):
        messages.success(request, _("已取消；公开的指南要由各网站撤下，名单在事项页面上"))
        return redirect("console_service_item", found.pk)
    return page(request, "end.html", form=form, item=found)


def _edit(request: HttpRequest, found: ServiceItem, *, title: str) -> HttpResponse:
    new = found.pk is None
    form = ItemForm(request.POST or None, instance=found, units=kept_catalogues(request.user))
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _save(request, form)):
        said = _("事项已登记") if new else _("事项已保存；已经公开的指南要重新送审，名单在下面")
        messages.success(request, said)
        return redirect("console_service_item", form.instance.pk)
    return page(request, "form.html", form=form, item=found, title=title, new=new)


def _save(request: HttpRequest, form: ItemForm) -> None:
    save_item(item=form.instance, by=request.user, now=timezone.now())


def _end(request: HttpRequest, found: ServiceItem, form: EndForm) -> None:
    end_item(
        item=found, reason=form.cleaned_data["reason"], on=form.cleaned_data["on"], by=request.user, now=timezone.now()
    )


def _guides(request: HttpRequest) -> QuerySet[ServiceGuide]:
    return ServiceGuide.objects.filter(pk__in=visible_records(request.user).values("pk")).defer("body")


def _facts(found: ServiceItem) -> list[tuple[str, str]]:
    needs = {
        name: "、".join(str(choices(code).label) for code in getattr(found, name)) for name, choices in NEEDS.items()
    }
    charge = _("收费：%(basis)s") % {"basis": found.charge_basis} if found.charged else _("不收费")
    return [
        (_("事项编码"), found.code), (_("目录编制单位"), found.organisation.name),
        (_("事项类型"), found.get_item_class_display()), (_("设定依据"), found.legal_basis),
        (_("服务对象"), needs["audiences"]), (_("办事主题"), needs["themes"]),
        (_("人生事件和企业事件"), needs["life_events"]), (_("收费"), charge),
        (_("办理系统域名"), found.system_host or _("没有登记，不能放在线办理的链接")),
    ]  # fmt: skip
