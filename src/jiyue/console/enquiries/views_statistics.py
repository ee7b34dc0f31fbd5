"""在线咨询统计 for staff: per unit and officer, of the sites whose letters one reads; as a table and as .xlsx."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiyue.console.enquiries.views import page
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.reports.frame import AskForm, asked
from jiyue.estate.policies import sites_with
from jiyue.identity.roles import Permission
from jiyue.interaction.enquiries.statistics import Figures, Line, enquiry_statistics


@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """How many conversations began, were answered or left, how long people waited, and what they said of it."""
    form, found = _found(request)
    return page(request, "statistics.html", form=form, found=found, query=request.GET.urlencode())


@require_GET
def statistics_export(request: HttpRequest) -> HttpResponse:
    """The same table as .xlsx; a question that cannot be answered gives the table's head alone."""
    _form, found = _found(request)
    return as_xlsx("enquiries", _("在线咨询统计"), _rows(found))


def _found(request: HttpRequest) -> tuple[AskForm, Figures | None]:
    sites = sites_with(request.user, Permission.READ_LETTERS)
    form = asked(request, sites)
    if not form.is_valid():
        return form, None
    given = form.cleaned_data
    chosen = sites.filter(pk=given["site"].pk) if given["site"] else sites
    return form, enquiry_statistics(chosen, since=given["since"], until=given["until"], whole=_("合计"))


def _rows(found: Figures | None) -> Iterator[list[Any]]:
    yield [
        _("单位"), _("值班员"), _("来访"), _("已回答"), _("没等到接待"), _("转为信件"), _("等待中位数（秒）"),
        _("接待中位数（秒）"), _("满意率（%）"), _("评价人数"),
    ]  # fmt: skip
    if found is not None:
        yield from (_row(line, line.name, "") for line in found.units)
        yield from (_row(line, line.unit, line.name) for line in found.people)
        yield _row(found.whole, found.whole.name, "")


def _row(line: Line, unit: str, person: str) -> list[Any]:
    return [
        unit, person, line.began, line.answered, line.left, line.letters, line.wait, line.length, line.satisfied,
        len(line.ratings),
    ]  # fmt: skip
