"""What the screens of 政策解读 share: their tabs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import may_open
from jiyue.console.office.frame import page as office_page
from jiyue.console.stewardship.frame import Tab

FOLDER = "policy"
TABS = (
    ("console_cases", _("同步案件")),
    ("console_questions", _("公众关心的问题")),
    ("console_interpreted", _("解读统计")),
    ("console_campaigns", _("政策宣讲")),
)


def page(request: HttpRequest, template: str, *, tab: str, **context: Any) -> HttpResponse:
    """Render one screen; `tab` is the list it belongs to."""
    tabs = [Tab(label, reverse(name), name == tab) for name, label in TABS if may_open(request.user, name)]
    return office_page(request, template, folder=FOLDER, tabs=tabs, **context)
