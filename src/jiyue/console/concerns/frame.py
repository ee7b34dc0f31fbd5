"""What the screens of 回应关切 share: their tabs, and words for how long something took."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.gate import may_open
from jiyue.console.office.frame import page as office_page
from jiyue.console.stewardship.frame import Tab

FOLDER = "concerns"
TABS = (("console_concerns", gettext_lazy("关切事项")), ("console_contacts", gettext_lazy("联系单位")))


def page(request: HttpRequest, template: str, *, tab: str, **context: Any) -> HttpResponse:
    """Render one screen; `tab` is the list it belongs to."""
    tabs = [Tab(label, reverse(name), name == tab) for name, label in TABS if may_open(request.user, name)]
    return office_page(request, template, folder=FOLDER, tabs=tabs, **context)


def length(span: timedelta | None) -> str:
    """2 天 3 小时, 5 小时 20 分, 8 分钟: how long something took, by two units at most."""
    if span is None:
        return ""
    minutes = int(span.total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return _("%(days)s 天 %(hours)s 小时") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": rest}
    return _("%(minutes)s 分钟") % {"minutes": rest}
