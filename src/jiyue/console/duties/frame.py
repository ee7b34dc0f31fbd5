"""What the screens of duties share: the tabs above them, and whose duties they are about."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiyue.console.duties.asked import MOST_CHOICES, Asked, sites_of, units_of
from jiyue.console.gate import may_open

TABS = (
    ("console_duties", _("清单")),
    ("console_duty_month", _("日历")),
    ("console_duty_board", _("看板")),
    ("console_duty_wall", _("值班大屏")),
    ("console_duty_post", _("订阅与邮件")),
)


@dataclass(frozen=True)
class Tab:
    label: Any
    url: str
    current: bool


def screen(request: HttpRequest, template: str, *, asked: Asked | None = None, **context: Any) -> HttpResponse:
    """Render one screen; with `asked`, the choice of whose duties it is about, which the tabs keep."""
    context |= {"asked": asked, "tabs": tabs_of(request, asked)}
    if asked is not None:
        context |= choices_of(asked)
    return TemplateResponse(request, f"console/duties/{template}", context)


def tabs_of(request: HttpRequest, asked: Asked | None) -> list[Tab]:
    """The screens the person may open, for the same site or unit."""
    query = f"?{asked.scope_query}" if asked and asked.scope_query else ""
    here = request.resolver_match.url_name
    shown = (tab for tab in TABS if may_open(request.user, tab[0]))
    return [Tab(label, reverse(name) + query, here == name) for name, label in shown]


def choices_of(asked: Asked) -> dict[str, Any]:
    """Sites and units to choose from; at most MOST_CHOICES, the rest is reached by its address."""
    sites = list(sites_of(asked.user).only("pk", "name")[:MOST_CHOICES])
    units = list(units_of(asked.user).only("pk", "name", "lineage")[:MOST_CHOICES])
    return {"sites": sites, "units": units}
