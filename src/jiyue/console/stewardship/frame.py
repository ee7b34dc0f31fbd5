"""What the screens of 栏目保障 share: their tabs, the site in hand, refusals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import may_open
from jiyue.console.office.foreseeing import foresee
from jiyue.console.office.frame import attempt
from jiyue.console.office.frame import page as office_page
from jiyue.console.sites import FEW, current_site
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.roles import Permission

FOLDER = "stewardship"
TABS = (
    ("console_column_table", _("栏目保障表")),
    ("console_plans", _("策划和选题")),
    ("console_topics", _("三类专题")),
    ("console_tasks", _("年度任务")),
    ("console_decisions", _("栏目处置")),
    ("console_filings", _("变更备案")),
    ("console_catalogue", _("公开清单")),
    ("console_commitments", _("公开承诺")),
    ("console_notifications", _("变更通知")),
    ("console_reprints", _("转载任务")),
    ("console_feeds", _("上级动态")),
    ("console_sources", _("稿源名单")),
    ("console_outdated", _("到期复查")),
)


@dataclass(frozen=True)
class Tab:
    label: Any
    url: str
    current: bool


def page(request: HttpRequest, template: str, *, tab: str, **context: Any) -> HttpResponse:
    """Render one screen; `tab` is the list it belongs to."""
    tabs = [Tab(label, reverse(name), name == tab) for name, label in TABS if may_open(request.user, name)]
    return office_page(request, template, folder=FOLDER, tabs=tabs, **context)


def readable_sites(request: HttpRequest) -> QuerySet[Site]:
    """Sites whose content the person may read."""
    return sites_with(request.user, Permission.READ_CONTENT).order_by("name", "pk")


def chosen_site(request: HttpRequest) -> Site | None:
    """The site asked for, the one in hand, or the first the person reads."""
    sites = readable_sites(request)
    asked = request.GET.get("site", "")
    if asked.isdecimal() and len(asked) < 19 and (found := sites.filter(pk=int(asked)).first()):
        return found
    here = current_site(request)
    return (here and sites.filter(pk=here.pk).first()) or sites.first()


def few_sites(request: HttpRequest) -> list[Site]:
    """Sites to pick from on the screen; with more than a few the bar at the top is the way."""
    found = list(readable_sites(request)[: FEW + 1])
    return [] if len(found) > FEW else found


def done(form: BaseForm, act: Callable[[], Any], *, trial: Callable[[], Any] | None = None) -> bool:
    """Is the form right and was the act taken? If not, all that is wrong stands beside its fields, at once.

    `trial` is tried instead of an act that does long work before its first row: a trial holds the database's only writer.
    """
    if form.is_valid() and attempt(form, act):
        return True
    if form.is_bound and not form.non_field_errors():
        foresee(form, trial or act)
    return False
