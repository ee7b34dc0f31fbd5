"""各地办信: the letters of all governments that a supervisor or overseer watches, down to each unit (INT-02)."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.reports.frame import page
from jiyue.estate.policies import sites_watched
from jiyue.interaction.overview import ALL_YEARS, Line, Overview, overview, years_of

WATCHED = "console_letters_watched"
LONGEST_KEY = 18  # digits of a key
NOTHING = "—"


class YearForm(forms.Form):
    year = forms.ChoiceField(label=gettext_lazy("收到的年份"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(str(year), _("%(year)s年") % {"year": year}) for year in years_of(timezone.now())]
        self.fields["year"].choices = [*years, (str(ALL_YEARS), _("历年合计"))]


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """One line for each government; of one of them, one for each of its units."""
    form, found = _found(request)
    year = form.cleaned_data.get("year", "") if form.is_valid() else ""
    own = urlencode({"year": year, **({"of": found.of.key} if found and found.of else {})})
    heading = _heading(found)
    lines = [] if found is None else [_shown(line, heading, year, found) for line in found.lines]
    whole = None if found is None or len(found.lines) < 2 else _shown(found.whole, heading, year, None)
    return page(
        request, "letters.html", tab=WATCHED, form=form, found=found, heading=heading, lines=lines, whole=whole, own=own,
        year=year,
    )  # fmt: skip


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same lines as a workbook."""
    _form, found = _found(request)
    return as_xlsx("letters-of-governments", _("各地办信"), _rows(found))


def _found(request: HttpRequest) -> tuple[YearForm, Overview | None]:
    """Raises Http404 for a government of which the person watches no site."""
    now = timezone.now()
    form = YearForm({"year": str(timezone.localdate().year), **request.GET.dict()}, today=timezone.localdate())
    if not form.is_valid():
        return form, None
    given = request.GET.get("of", "")
    if given and (not given.isdecimal() or len(given) > LONGEST_KEY):
        raise Http404
    found = overview(
        sites_watched(request.user), year=int(form.cleaned_data["year"]), now=now, of=int(given) if given else None,
        whole=_("合计"),
    )  # fmt: skip
    if found is None:
        raise Http404
    return form, found


def _heading(found: Overview | None) -> list[str]:
    return [
        _("单位") if found is not None and found.of else _("政府"), _("收到"), _("未办结"), _("三个工作日内到期"), _("已逾期"),
        _("按期答复率"), _("用时中位数（工作日）"), _("不予受理"), _("来信人要求重办"), _("满意率"),
    ]  # fmt: skip


def _shown(line: Line, heading: list[str], year: str, found: Overview | None) -> dict[str, Any]:
    """With the address of its units, where it is a government."""
    drills = found is not None and found.of is None
    address = urlencode({"year": year, "of": line.key}) if drills else ""
    return {"line": line, "address": address, "cells": list(zip(heading[1:], _cells(line), strict=True))}


def _cells(line: Line) -> list[str]:
    rated = line.satisfied
    return [
        str(line.received), str(line.open), str(line.soon), str(line.overdue),
        NOTHING if line.in_time is None else f"{line.in_time}%", NOTHING if line.median is None else f"{line.median:g}",
        str(line.returned), str(line.reopened),
        NOTHING if rated is None else _("%(share)s%%（%(count)s 人评价）") % {"share": rated[0], "count": rated[1]},
    ]  # fmt: skip


def _rows(found: Overview | None) -> Iterator[list[str]]:
    heading = _heading(found)
    yield [heading[0], _("网站"), *heading[1:], _("没有计入的网站")]
    for line in [] if found is None else [*found.lines, found.whole]:
        yield [line.name, line.site, *_cells(line), "、".join(line.broken)]
