"""What the screens of 办事服务质量 share: their tabs and the site in hand."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import may_open
from jiyue.console.office.frame import Tab
from jiyue.console.office.frame import page as office_page

FOLDER = "services"
TABS = (
    ("console_services", _("指南检查")),
    ("console_service_depths", _("网办程度")),
    ("console_differences", _("平台差异")),
    ("console_synchronisations", _("比对与交换")),
)


def page(request: HttpRequest, template: str, *, tab: str, **context: Any) -> HttpResponse:
    """Render one screen; `tab` is the list it belongs to, the site in hand goes with it."""
    site = context.get("in_site")
    query = f"?site={site.pk}" if site else ""
    tabs = [Tab(label, reverse(name) + query, name == tab) for name, label in TABS if may_open(request.user, name)]
    return office_page(request, template, folder=FOLDER, service_tabs=tabs, **context)
