"""What the reports share: their tabs, and the question that each is asked: which site, from when to when."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.gate import may_open
from jiyue.console.office.frame import page as office_page
from jiyue.console.rulebook.forms import Day
from jiyue.console.stewardship.frame import Tab
from jiyue.estate.models import Site

FOLDER = "reports"
LONGEST = 366  # days of one report
TABS = (
    ("console_counts", gettext_lazy("内容统计")),
    ("console_events_told", gettext_lazy("会议活动发布")),
    ("console_accountability", gettext_lazy("责任统计")),
    ("console_letters_watched", gettext_lazy("各地办信")),
)


class AskForm(forms.Form):
    site = forms.ModelChoiceField(
        label=gettext_lazy("网站"), queryset=Site.objects.none(), required=False, empty_label=gettext_lazy("全部")
    )
    since = Day(label=gettext_lazy("从"))
    until = Day(label=gettext_lazy("到"))

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites.order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("结束日期早于开始日期"))
        elif since and until and (until - since).days > LONGEST:
            self.add_error("until", _("一次最多统计一年"))
        return given


def asked(request: HttpRequest, sites: QuerySet[Site], form: type[AskForm] = AskForm, **more: Any) -> AskForm:
    """The question in the address; without one, this year of all sites."""
    today: date = timezone.localdate()
    given = {"since": f"{today.year}-01-01", "until": today.isoformat(), **more, **request.GET.dict()}
    return form(given, sites=sites)


def page(request: HttpRequest, template: str, *, tab: str, **context: Any) -> HttpResponse:
    """Render one report with its tabs."""
    tabs = [Tab(label, reverse(name), name == tab) for name, label in TABS if may_open(request.user, name)]
    return office_page(request, template, folder=FOLDER, tabs=tabs, query=request.GET.urlencode(), **context)
