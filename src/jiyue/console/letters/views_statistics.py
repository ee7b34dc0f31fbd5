"""来信统计 for staff: per unit and person, of the sites whose letters one reads; as a table and as .xlsx."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiyue.console.letters.frame import page
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.reports.frame import AskForm, asked
from jiyue.estate.policies import sites_with
from jiyue.identity.roles import Permission
from jiyue.interaction.statistics import Line, Statistics, letter_statistics


@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """How many letters came, were answered, were late, how long it took and what senders said, in a period."""
    form, found = _found(request, timezone.now())
    return page(request, "statistics.html", form=form, found=found, query=request.GET.urlencode())


@require_GET
def statistics_export(request: HttpRequest) -> HttpResponse:
    """The same table as .xlsx; a question that cannot be answered gives the table's head alone."""
    _form, found = _found(request, timezone.now())
    return as_xlsx("letters", _("来信统计"), _rows(found))


def _found(request: HttpRequest, now: datetime) -> tuple[AskForm, Statistics | None]:
    sites = sites_with(request.user, Permission.READ_LETTERS)
    form = asked(request, sites)
    if not form.is_valid():
        return form, None
    given = form.cleaned_data
    chosen = sites.filter(pk=given["site"].pk) if given["site"] else sites
    return form, letter_statistics(chosen, since=given["since"], until=given["until"], now=now, whole=_("合计"))


def _rows(found: Statistics | None) -> Iterator[list[Any]]:
    yield [
        _("单位"), _("承办人"), _("收到"), _("已答复"), _("未办结"), _("超期"), _("用时中位数（工作日）"), _("满意率（%）"),
        _("评价人数"), _("质量标记"),
    ]  # fmt: skip
    if found is not None:
        yield from (_row(line, line.name, "") for line in found.units)
        yield from (_row(line, line.unit, line.name or _("还没有承办人")) for line in found.people)
        yield from (_row(line, _("来源：%(name)s") % {"name": line.name}, "") for line in found.channels)
        yield from (_row(line, _("办理类别：%(name)s") % {"name": line.name}, "") for line in found.classes)
        yield from (_row(line, _("办事事项：%(name)s") % {"name": line.name}, "") for line in found.services)
        yield _row(found.whole, found.whole.name, "")


def _row(line: Line, unit: str, person: str) -> list[Any]:
    return [
        unit, person, line.received, line.answered, line.open, line.late, line.median, line.satisfied, line.rated, line.marked
    ]  # fmt: skip
