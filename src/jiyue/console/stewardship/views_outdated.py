"""到期复查: what stands in public and has to be looked at again, because its day has come or will soon (COL-10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.office.frame import paged
from jiyue.console.stewardship.forms import LookedAtForm
from jiyue.console.stewardship.frame import chosen_site, done, few_sites, page, readable_sites
from jiyue.content.models import Record
from jiyue.content.policies import fetch_record_for, may_set_review_date, may_write
from jiyue.content.stewarding import set_review_date
from jiyue.publishing.stewardship import outdated, reasons_of

TAB = "console_outdated"
AHEAD = 30  # days
REASONS = {
    "review": gettext_lazy("复查日期"), "valid": gettext_lazy("有效期届满"), "in-force": gettext_lazy("文件有效期届满"),
    "topic": gettext_lazy("专题预计结束，请归档或改结束日期"),
}  # fmt: skip
# A day of re-examination is the first on which it is owed; the last day of validity is still valid.
FROM_THE_DAY_ON = frozenset({"review"})


@dataclass(frozen=True)
class Why:
    """One day of a record, in words, and whether it has come."""

    word: Any
    day: date
    come: bool


@dataclass(frozen=True)
class Row:
    record: Record
    whys: list[Why]
    acts: bool

    @property
    def come(self) -> bool:
        return any(why.come for why in self.whys)

    @property
    def days(self) -> int:
        """How many days ago, or ahead."""
        return abs((timezone.localdate() - self.whys[0].day).days)


def records(request: HttpRequest) -> HttpResponse:
    """Of the sites one reads: what is due for another look, the longest due first, then what comes within a month."""
    asked = request.GET.get("site", "")
    sites = readable_sites(request)
    if asked.isdecimal() and len(asked) < 19:
        sites = sites.filter(pk=int(asked))
    found = outdated(sites, now=timezone.now(), ahead=AHEAD)
    shown = paged(request, found)
    rows = list(_rows(request, shown))
    context = {"rows": rows, "shown": shown, "sites": few_sites(request), "in_site": chosen_site(request)}
    due = outdated(sites, now=timezone.now()).count()
    return page(request, "outdated.html", tab=TAB, picked=asked, query=f"site={asked}", due=due, ahead=AHEAD, **context)


def looked_at(request: HttpRequest, record: int) -> HttpResponse:
    """Say that one was looked at and is still right, and when to look again."""
    found = fetch_record_for(request.user, record)
    if not may_set_review_date(request.user, found):
        raise PermissionDenied
    form = LookedAtForm(request.POST or None)
    act = {"record": found, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: set_review_date(**form.cleaned_data, **act)):
        messages.success(request, _("已登记复查结果"))
        return redirect(TAB)
    row = next(_rows(request, outdated(readable_sites(request).filter(pk=found.site_id), now=timezone.now(), ahead=AHEAD)
                     .filter(pk=found.pk)), None)  # fmt: skip
    writes = may_write(request.user, found)
    return page(request, "looked_at.html", tab=TAB, form=form, record=found, row=row, writes=writes)


def _rows(request: HttpRequest, records: Any) -> Iterator[Row]:
    today = timezone.localdate()
    for record in records:
        whys = [Why(REASONS[code], day, _has_come(code, day, today)) for code, day in reasons_of(record)]
        yield Row(record, whys, may_set_review_date(request.user, record))


def _has_come(code: str, day: date, today: date) -> bool:
    return day <= today if code in FROM_THE_DAY_ON else day < today
