"""公开年报表: tables three and four of a site and year, each figure leading to its requests; stated once the year is over."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from jiyue.console.disclosure.frame import page, rows_of
from jiyue.disclosure import exporting
from jiyue.disclosure.models import Request
from jiyue.disclosure.policies import reporting_sites, visible_requests
from jiyue.disclosure.reporting import YEARS, Tables, keep_report, sentence, sentence_of, tables_of
from jiyue.disclosure.words import APPLICANTS, REMEDIES, ROWS, VERDICTS
from jiyue.domain.disclosure_outcomes import Applicant, Remedy, Verdict
from jiyue.domain.disclosure_report import COLUMNS, TOTAL, Unbalanced
from jiyue.estate.models import Site

FIRST_YEAR = 2019


class AskForm(forms.Form):
    site = forms.ModelChoiceField(label=gettext_lazy("网站"), queryset=Site.objects.none(), empty_label=None)
    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=FIRST_YEAR, max_value=YEARS[-1])

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites


def report(request: HttpRequest) -> HttpResponse:
    """The tables as they stand; a figure that was chosen shows its requests below."""
    form, tables = _tables(request)
    if request.method == "POST" and tables is not None:
        try:
            keep_report(site=tables.site, year=tables.year, by=request.user, now=timezone.now())
            messages.success(request, _("已确认，结转数是下一年的上年结转"))
            return redirect(f"{reverse('console_disclosure_report')}?site={tables.site.pk}&year={tables.year}")
        except ValidationError as refusal:
            for word in refusal.messages:
                messages.error(request, word)
    context: dict[str, Any] = {"form": form, "tables": tables, "chosen": None}
    if tables is not None:
        context |= _shown(request, tables)
    return page(request, "report.html", **context)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The tables as a file; refused with a sentence while they do not balance."""
    _form, tables = _tables(request)
    form = request.GET.get("form", "")
    if tables is None or form not in exporting.FORMS:
        raise Http404
    try:
        data = exporting.written(tables, form)
    except Unbalanced as error:
        messages.error(request, sentence(error))
        return redirect(f"{reverse('console_disclosure_report')}?site={tables.site.pk}&year={tables.year}")
    answer = HttpResponse(data, content_type="application/octet-stream")
    name = f"disclosure-{tables.site.host}-{tables.year}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _tables(request: HttpRequest) -> tuple[AskForm, Tables | None]:
    sites = reporting_sites(request.user).select_related("owner").order_by("name", "pk")
    first = sites.first()
    given = {"site": first.pk if first else "", "year": timezone.localdate().year, **request.GET.dict()}
    form = AskForm(given, sites=sites)
    if not form.is_valid():
        return form, None
    return form, tables_of(form.cleaned_data["site"], form.cleaned_data["year"])


def _shown(request: HttpRequest, tables: Tables) -> dict[str, Any]:
    lines = [
        (name, heading, list(zip(COLUMNS, figures, strict=False)))
        for name, heading, figures in exporting.lines_of(tables)
    ]
    fifteen = tables.fifteen()
    four = [(REMEDIES[one], list(fifteen[one].values())) for one in Remedy]
    chosen, rows = _chosen(request, tables)
    return {
        "lines": lines, "headings": exporting.headings(), "four": four,
        "verdicts": [VERDICTS[one] for one in Verdict], "wrong": [sentence_of(one) for one in tables.three.imbalances()],
        "over": tables.year < timezone.localdate().year, "chosen": chosen, "rows": rows,
        "contests": _contests(tables), "forms": list(exporting.FORMS),
    }  # fmt: skip


def _chosen(request: HttpRequest, tables: Tables) -> tuple[str, list[Any]]:
    """The requests behind one figure."""
    row, column = request.GET.get("row", ""), request.GET.get("column", "")
    if row not in ROWS or column not in COLUMNS:
        return "", []
    keys = tables.three.requests(row, column)
    found = visible_requests(request.user).filter(pk__in=keys).select_related("desk__owner").order_by("received_at")
    label = _("总计") if column == TOTAL else APPLICANTS[Applicant(column)]
    return f"{ROWS[row]}，{label}", rows_of(found, now=timezone.now())


def _contests(tables: Tables) -> list[Request]:
    keys = [key for found in tables.four.values() for key in found]
    return list(Request.objects.filter(contests__in=keys).distinct().order_by("received_at"))
