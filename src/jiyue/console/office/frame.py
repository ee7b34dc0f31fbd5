"""What all screens of the office share: the page around them, the tabs of a site, pages of a list, refusals in a form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiyue.console.gate import may_open
from jiyue.estate.models import Site
from jiyue.estate.policies import is_operator, may, may_manage
from jiyue.identity.roles import Permission

PER_PAGE = 25
READERS_ONLY = frozenset({
    "console_columns", "console_notices", "console_structure", "console_routes", "console_marks", "console_windows",
    "console_mailboxes", "console_comment_orders",
})  # fmt: skip
MANAGERS_ONLY = frozenset({"console_profile", "console_enquiry_desk"})
TABS = (
    ("console_site", _("概况")),
    ("console_profile", _("网站设置")),
    ("console_marks", _("标识图片")),
    ("console_columns", _("栏目")),
    ("console_notices", _("公告")),
    ("console_windows", _("飘窗")),
    ("console_mailboxes", _("领导信箱")),
    ("console_comment_orders", _("评论和评价")),
    ("console_enquiry_desk", _("咨询台")),
    ("console_people", _("人员")),
    ("console_routes", _("审核流程")),
    ("console_structure", _("送审设置")),
    ("console_publications", _("发布状态")),
)


@dataclass(frozen=True)
class Tab:
    label: Any
    url: str
    current: bool


def tabs_of(request: HttpRequest, site: Site) -> list[Tab]:
    """The screens of one site that this person may open; what the operator may not read is not among them."""
    reads = may(request.user, Permission.READ_CONTENT, site)
    manages = may_manage(request.user, site)
    shown = []
    for name, label in TABS:
        if (name in READERS_ONLY and not reads) or (name in MANAGERS_ONLY and not manages):
            continue
        if may_open(request.user, name):
            shown.append(Tab(label, reverse(name, args=[site.pk]), request.resolver_match.url_name == name))
    return shown


def page(
    request: HttpRequest, template: str, *, site: Site | None = None, folder: str = "office", **context: Any
) -> HttpResponse:
    """Render one screen of a part of the console; with `site`, its tabs and who the person is there."""
    if site is not None:
        context |= {
            "site": site,
            "tabs": tabs_of(request, site),
            "manages": may_manage(request.user, site),
            "operates": is_operator(request.user),
        }
    forms = [value for value in context.values() if isinstance(value, BaseForm)]
    wrong = request.method == "POST" and any(form.is_bound and form.errors for form in forms)
    return render(request, f"console/{folder}/{template}", context, status=422 if wrong else 200)


def paged(request: HttpRequest, rows: QuerySet | list) -> Page:
    """The asked page of a list; a page that does not exist gives the nearest one."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))


def attempt(form: BaseForm, act: Callable[[], Any]) -> bool:
    """Run an act for a valid form; a refusal becomes the form's, beside its field, and nothing typed is lost."""
    try:
        act()
    except ValidationError as refusal:
        refuse(form, refusal)
        return False
    except PermissionDenied as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def refuse(form: BaseForm, refusal: ValidationError) -> None:
    """Put each message beside the field it speaks of, or above the form when it is about none of them."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name != NON_FIELD_ERRORS and name in form.fields else None, errors)
