"""What the screens of 内容检测 share: their tabs, and the sites to pick from."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import may_open
from jiyue.console.office.frame import Tab
from jiyue.console.office.frame import page as office_page
from jiyue.console.sites import FEW
from jiyue.estate.policies import sites_with
from jiyue.identity.roles import Permission

FOLDER = "checks"
TABS = (
    ("console_findings", _("公开内容的问题")),
    ("console_rectifications", _("整改")),
    ("console_examinations", _("夜间复查")),
    ("console_page_rules", _("模板对照检查")),
    ("console_check_waivers", _("豁免清单")),
    ("console_leaks", _("泄露处置")),
    ("console_inspections", _("保密安全检查")),
    ("console_check_lists", _("词表与设置")),
    ("console_check_try", _("试一试")),
)


def page(request: HttpRequest, template: str, *, tab: str, **context: Any) -> HttpResponse:
    """Render one screen; `tab` is the list it belongs to."""
    tabs = [Tab(label, reverse(name), name == tab) for name, label in TABS if may_open(request.user, name)]
    return office_page(request, template, folder=FOLDER, tabs=tabs, **context)


def sites_to_pick(request: HttpRequest) -> dict[str, Any]:
    """Sites a list can be narrowed to, and the one that was picked."""
    sites = list(sites_with(request.user, Permission.READ_CONTENT).order_by("name", "pk")[: FEW + 1])
    return {"sites": sites if len(sites) <= FEW else [], "picked": request.GET.get("site", "")}
