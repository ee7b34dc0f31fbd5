"""公开年度报告: what is entered and written for a year, what still lacks, the sums of a government, the draft, the files."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from jiyue.console.disclosure.frame import page
from jiyue.console.disclosure.views_report import FIRST_YEAR
from jiyue.console.stewardship.frame import done
from jiyue.content.models import Column
from jiyue.content.policies import may_edit_now
from jiyue.disclosure.annual import LONGEST, LONGEST_SOURCE, annual_of, columns_for, draw_up, fees_in, save_annual
from jiyue.disclosure.annual_words import COLUMNS, LINES, PROSE
from jiyue.disclosure.annual_writing import FORMS, Annual, file_of
from jiyue.disclosure.exporting import four_rows, headings, three_rows
from jiyue.disclosure.policies import may_report, reporting_sites, sums_up
from jiyue.disclosure.reporting import YEARS
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure_annual import CELLS, Prose
from jiyue.domain.disclosure_annual import LINES as ROWS
from jiyue.estate.models import Site
from jiyue.publishing.renditions.typesetting import TypesettingFailed
from jiyue.rules import wording
from jiyue.rules.queries import book

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
}  # fmt: skip
DUTIES = {
    "disclosure.annual-report.department": gettext_lazy("部门的年度报告"),
    "disclosure.annual-report.government": gettext_lazy("政府的年度报告"),
}  # fmt: skip


class WhichForm(forms.Form):
    site = forms.ModelChoiceField(label=gettext_lazy("网站"), queryset=Site.objects.none(), empty_label=None)
    year = forms.IntegerField(label=gettext_lazy("年份"), min_value=FIRST_YEAR, max_value=YEARS[-1])
    whole = forms.ChoiceField(
        label=gettext_lazy("范围"), required=False,
        choices=[("", gettext_lazy("本单位")), ("1", gettext_lazy("本级政府汇总"))],
    )  # fmt: skip

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("whole") and given.get("site") and not sums_up(given["site"]):
            self.add_error("whole", _("汇总由政府的网站做，部门填写本单位的"))
        return given


class AnnualForm(forms.Form):
    """Numbers with their sources, and the written parts. Half-filled is kept; what lacks is listed beside."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, annual: Annual, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.annual = annual
        self.fields["version"].initial = annual.saved.version if annual.saved else 0
        if not annual.whole:
            self._add_table()
        for name in Prose:
            self.fields[name.value] = forms.CharField(
                label=PROSE[name], required=False, max_length=LONGEST[name], initial=annual.prose(name),
                widget=forms.Textarea(attrs={"rows": 8}),
            )  # fmt: skip

    def _add_table(self) -> None:
        sources = self.annual.saved.sources if self.annual.saved else {}
        for line in ROWS:
            for column in line.columns:
                self.fields[f"{line.name}-{column}"] = forms.CharField(
                    label=f"{LINES[line.name]} {COLUMNS[column]}", required=False, max_length=20,
                    initial=self.annual.two.get(line.name, {}).get(column, ""),
                    widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
                )  # fmt: skip
            self.fields[f"source-{line.name}"] = forms.CharField(
                label=f"{LINES[line.name]} {_('数据来源')}", required=False, max_length=LONGEST_SOURCE,
                initial=sources.get(line.name, ""),
            )  # fmt: skip

    @property
    def lines(self) -> list[tuple[Any, list[tuple[Any, Any]], Any]]:
        """Table two for the screen: row, its columns with their fields, the field of the source."""
        return [
            (LINES[line.name], [(COLUMNS[each], self[f"{line.name}-{each}"]) for each in line.columns],
             self[f"source-{line.name}"])
            for line in ROWS
            if not self.annual.whole
        ]  # fmt: skip

    @property
    def written(self) -> list[Any]:
        return [self[name.value] for name in Prose]


class DrawForm(forms.Form):
    column = forms.ModelChoiceField(label=gettext_lazy("栏目"), queryset=Column.objects.none(), empty_label=None)

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns_for(site)
        self.fields["column"].label_from_instance = lambda column: column.name


def annual(request: HttpRequest) -> HttpResponse:
    """The report of a site and year: fill in, save, draw up."""
    which, found = _asked(request)
    if found is None:
        return page(request, "annual.html", which=which, about=None)
    sent = request.POST if request.method == "POST" else None
    drawing = sent is not None and sent.get("act") == "draw"
    form = AnnualForm(sent if sent is not None and not drawing else None, annual=found)
    draw = DrawForm(sent if drawing else None, site=found.site)
    if sent is not None:
        given = draw if drawing else form
        if done(given, lambda: _act(request, found, given)):
            messages.success(request, _("已生成稿件，请编辑核对后送审") if drawing else _("已保存"))
            return redirect(_address(found))
    return page(request, "annual.html", which=which, about=found, form=form, draw=draw, **_shown(request, found))


@require_GET
def annual_export(request: HttpRequest) -> HttpResponse:
    """The whole report as DOCX or PDF; refused with what is missing while it is not complete."""
    _which, found = _asked(request)
    form = request.GET.get("form", "")
    if found is None or form not in FORMS:
        raise Http404
    if found.lacks:
        for lack in found.lacks:
            messages.error(request, lack)
        return redirect(_address(found))
    try:
        data = file_of(found, form)
    except TypesettingFailed:
        messages.error(request, _("PDF 没有做成：报告里有字库没有的字。请下载 DOCX。"))
        return redirect(_address(found))
    answer = HttpResponse(data, content_type=TYPES[form])
    name = f"annual-{found.site.host}-{found.year}{'-whole' if found.whole else ''}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _asked(request: HttpRequest) -> tuple[WhichForm, Annual | None]:
    sites = reporting_sites(request.user).select_related("owner").order_by("name", "pk")
    first = sites.first()
    given = {"site": first.pk if first else "", "year": timezone.localdate().year - 1, **request.GET.dict()}
    which = WhichForm(given, sites=sites)
    if not which.is_valid():
        return which, None
    clean = which.cleaned_data
    return which, annual_of(clean["site"], clean["year"], whole=clean["whole"] == "1")


def _act(request: HttpRequest, found: Annual, form: forms.Form) -> None:
    given = dict(form.cleaned_data)
    common: dict[str, Any] = {
        "site": found.site, "year": found.year, "whole": found.whole, "by": request.user, "now": timezone.now(),
    }  # fmt: skip
    if "column" in given:
        draw_up(column=given["column"], **common)
        return
    save_annual(
        version=given["version"], figures={f"{row}-{column}": given.get(f"{row}-{column}", "") for row, column in CELLS},
        sources={line.name: given.get(f"source-{line.name}", "") for line in ROWS},
        prose={name.value: given[name.value] for name in Prose}, **common,
    )  # fmt: skip


def _address(found: Annual) -> str:
    whole = "&whole=1" if found.whole else ""
    return f"{reverse('console_disclosure_annual')}?site={found.site.pk}&year={found.year}{whole}"


def _shown(request: HttpRequest, found: Annual) -> dict[str, Any]:
    paid, yuan = fees_in(found.site, found.year)
    record = found.saved.record if found.saved else None
    return {
        "three": three_rows(found.three) if found.three is not None else [], "headings": headings(),
        "four": four_rows(found.four) if found.four is not None else [], "may": may_report(request.user, found.site),
        "paid": paid, "yuan": yuan, "record": record, "edits": record is not None and may_edit_now(request.user, record),
        "two": [(LINES[line.name], [(COLUMNS[each], found.two.get(line.name, {}).get(each, "")) for each in line.columns])
                for line in ROWS] if found.whole else [],
        "due": _due(found), "forms": FORMS,
        "query": _address(found).partition("?")[2],
    }  # fmt: skip


def _due(found: Annual) -> list[str]:
    """By which day it is to be published, as the rules have it, with where they have it from."""
    lineage, on = found.site.owner.lineage, local(timezone.now()).date()
    answers = [(named, book().answer(lineage, name, on)) for name, named in DUTIES.items()]
    return [
        _("%(name)s：%(rule)s（%(basis)s）")
        % {"name": named, "rule": wording.answer(one), "basis": "；".join(wording.basis(each) for each in one.basis)}
        for named, one in answers
        if one.terms is not None
    ]
