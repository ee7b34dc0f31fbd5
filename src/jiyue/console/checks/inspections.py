"""保密安全检查: planned, drawn, looked at, answered and concluded; a site's people see what concerns their site."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.checks.frame import page
from jiyue.console.gate import may_open
from jiyue.console.office.frame import attempt, paged
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.rulebook.forms import Day
from jiyue.content.models import Column
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation
from jiyue.review.inspecting import (
    LARGEST,
    Plan,
    answer,
    cancel,
    conclude,
    draw,
    find,
    look_at,
    plan_inspection,
    settle,
)
from jiyue.review.inspection_policies import (
    fetch_inspection_finding_for,
    fetch_inspection_for,
    fetch_item_for,
    inspectable_sites,
    inspecting_units,
    may_answer_inspection,
    may_inspect,
    visible_inspection_findings,
    visible_inspections,
    visible_items,
)
from jiyue.review.models import InspectedItem, Inspection, InspectionFinding

LIST = "console_inspections"
THREE_LINES = forms.Textarea(attrs={"rows": 3})
TONES = {
    Inspection.State.PLANNED: "one", Inspection.State.DRAWN: "three", Inspection.State.CONCLUDED: "full",
    Inspection.State.CANCELLED: "bar", InspectionFinding.State.OPEN: "cross", InspectionFinding.State.ANSWERED: "three",
    InspectionFinding.State.CLOSED: "full",
}  # fmt: skip


class PlanForm(forms.Form):
    unit = forms.ModelChoiceField(
        label=gettext_lazy("组织单位"), queryset=Organisation.objects.none(), empty_label=None
    )
    name = forms.CharField(label=gettext_lazy("检查名称"), max_length=120)
    held_on = Day(label=gettext_lazy("检查日期"))
    sites = forms.ModelMultipleChoiceField(
        label=gettext_lazy("检查的网站"), queryset=Site.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    paths = forms.CharField(
        label=gettext_lazy("只查这些栏目"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("一行一个栏目网址，例如 zwgk/zcwj；留空表示全部栏目"),
    )  # fmt: skip
    public_from = Day(label=gettext_lazy("公开日期从"))
    public_until = Day(label=gettext_lazy("公开日期到"))
    size = forms.IntegerField(label=gettext_lazy("抽查件数"), min_value=1, max_value=LARGEST, initial=20)
    participants = forms.CharField(
        label=gettext_lazy("参加单位"), widget=THREE_LINES, max_length=2000,
        help_text=gettext_lazy("会同检查的单位和人员，一行一个，例如“保密行政管理部门：某某”"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = inspecting_units(user)
        self.fields["sites"].queryset = inspectable_sites(user)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        paths = {line.strip().strip("/") for line in given.get("paths", "").splitlines() if line.strip()}
        found = list(Column.objects.filter(site__in=given.get("sites") or (), path__in=paths))
        unknown = paths - {column.path for column in found}
        if unknown:
            self.add_error("paths", _("所选网站没有这些栏目：%(paths)s") % {"paths": "、".join(sorted(unknown))})
        return given | {"columns": found}

    def plan(self) -> Plan:
        given = self.cleaned_data
        names = ("name", "held_on", "public_from", "public_until", "participants", "size")
        facts = {name: given[name] for name in names}
        return Plan(**facts, sites=tuple(given["sites"]), columns=tuple(given["columns"]))


class WordsForm(forms.Form):
    """One text; `field` and `label` say which."""

    def __init__(self, *args: Any, field: str, label: Any, hint: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[field] = forms.CharField(label=label, help_text=hint, widget=THREE_LINES, max_length=2000)


class FoundForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("性质"), choices=InspectionFinding.Kind.choices)
    what = forms.CharField(
        label=gettext_lazy("问题和位置"), widget=THREE_LINES, max_length=2000,
        help_text=gettext_lazy("写位置和性质，不要抄写涉密内容本身"),
    )  # fmt: skip
    demand = forms.CharField(label=gettext_lazy("要求"), widget=THREE_LINES, max_length=2000)


@require_GET
def inspections(request: HttpRequest) -> HttpResponse:
    """Inspections of one's office, or those that look at one's sites; newest first."""
    rows = paged(request, visible_inspections(request.user).select_related("unit").order_by("-held_on", "-pk"))
    mine = visible_inspection_findings(request.user).filter(closed_at=None)
    findings = mine.select_related("item__inspection", "item__record", "site").order_by("recorded_at")[:50]
    context = {
        "rows": rows, "lines": [(row, *_stand(row)) for row in rows],
        "findings": [(each, *_stand(each)) for each in findings],
        "plans": may_open(request.user, "console_inspection_new") and inspecting_units(request.user).exists(),
    }  # fmt: skip
    return page(request, "inspections.html", tab=LIST, **context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Plan one."""
    form = PlanForm(request.POST or None, user=request.user)
    made: list[Inspection] = []
    if request.method == "POST" and form.is_valid():
        act = {"unit": form.cleaned_data["unit"], "by": request.user, "now": timezone.now()}
        if attempt(form, lambda: made.append(plan_inspection(plan=form.plan(), **act))):
            messages.success(request, _("检查计划已登记；到检查时再抽样。"))
            return redirect("console_inspection", made[0].pk)
    return page(request, "inspection_new.html", tab=LIST, form=form)


@require_GET
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """One inspection: plan, sample, findings, conclusion."""
    return _page(request, fetch_inspection_for(request.user, pk))


@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Draw, conclude or cancel, on the inspection's own screen."""
    row = fetch_inspection_for(request.user, pk)
    if not may_inspect(request.user, row):
        raise PermissionDenied
    form = _form_of(step, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = {"inspection": row, "by": request.user, "now": timezone.now(), **form.cleaned_data}
        if attempt(form, lambda: VERBS[step](**given)):
            messages.success(request, DONE[step])
            return redirect("console_inspection", pk)
    return _page(request, row, form=form, step=step, heading=STEPS[step])


@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The inspection as a table: plan, each item with its result, each finding with its handling, the conclusion."""
    row = fetch_inspection_for(request.user, pk)
    return as_xlsx(f"inspection-{row.pk}", _("保密安全检查"), _table(request, row))


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One drawn item: nothing found, or a problem with what is demanded."""
    row = fetch_item_for(request.user, pk)
    inspects = may_inspect(request.user, row.inspection) and row.inspection.closed_at is None
    problem = request.POST.get("act") == "problem"
    form = FoundForm(request.POST if problem else None)
    clean = WordsForm(
        request.POST if request.method == "POST" and not problem else None, field="note",
        label=gettext_lazy("查看情况"), hint=gettext_lazy("例如“正文和 2 个附件都看过”"),
    )  # fmt: skip
    if request.method == "POST":
        if not inspects:
            raise PermissionDenied
        given = {"item": row, "by": request.user, "now": timezone.now()}
        used, verb = (form, find) if problem else (clean, look_at)
        if used.is_valid() and attempt(used, lambda: verb(**given, **used.cleaned_data)):
            messages.success(request, _("已登记。"))
            return redirect("console_inspection", row.inspection_id)
    findings = [(each, *_stand(each)) for each in row.findings.all()]
    context = {"row": row, "form": form, "clean": clean, "inspects": inspects, "findings": findings}
    answer_ = page(request, "inspection_item.html", tab=LIST, **context)
    answer_.status_code = 422 if (form.is_bound and form.errors) or (clean.is_bound and clean.errors) else 200
    return answer_


@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: the unit says what it did, the office accepts it or sends it back."""
    row = fetch_inspection_finding_for(request.user, pk)
    answers = row.state == InspectionFinding.State.OPEN and may_answer_inspection(request.user, row)
    settles = row.state == InspectionFinding.State.ANSWERED and may_inspect(request.user, row.item.inspection)
    form: forms.Form | None = None
    if answers:
        form = WordsForm(
            request.POST or None, field="answer", label=gettext_lazy("处理情况"),
            hint=gettext_lazy("做了什么、什么时候做的、怎么避免再发生"),
        )  # fmt: skip
    elif settles:
        form = SettleForm(request.POST or None)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        given = {"finding": row, "by": request.user, "now": timezone.now()}
        verb: Callable[..., Any] = answer if answers else settle
        if form.is_valid() and attempt(form, lambda: verb(**given, **form.cleaned_data)):
            messages.success(request, _("已登记。"))
            return redirect("console_inspection_finding", pk)
    word, tone = _stand(row)
    context = {"row": row, "word": word, "tone": tone, "form": form, "answers": answers}
    return page(request, "inspection_finding.html", tab=LIST, **context)


class SettleForm(forms.Form):
    accepted = forms.TypedChoiceField(
        label=gettext_lazy("确认"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("处理到位，予以确认")), ("no", gettext_lazy("没有处理到位，退回"))],
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("退回的原因"), required=False, max_length=300)


VERBS: Mapping[str, Callable[..., Any]] = {"draw": draw, "conclude": conclude, "cancel": cancel}
STEPS = {"draw": gettext_lazy("抽样"), "conclude": gettext_lazy("结束检查"), "cancel": gettext_lazy("取消检查")}
DONE = {
    "draw": gettext_lazy("样本已抽出，可以逐件查看。"), "conclude": gettext_lazy("检查已结束。"),
    "cancel": gettext_lazy("检查已取消。"),
}  # fmt: skip


def _form_of(step: str, data: Any) -> forms.Form:
    if step == "conclude":
        return WordsForm(data, field="conclusion", label=gettext_lazy("检查结论"))
    if step == "cancel":
        return WordsForm(data, field="reason", label=gettext_lazy("取消的原因"))
    return forms.Form(data)


def _page(request: HttpRequest, row: Inspection, **context: Any) -> HttpResponse:
    inspects = may_inspect(request.user, row)
    items = (
        visible_items(request.user, row).select_related("site", "record__column", "recorded_by").defer("record__body")
    )
    findings = (
        visible_inspection_findings(request.user).filter(item__inspection=row).select_related("item__record", "site")
    )
    sites = row.sites.all() if inspects else row.sites.filter(pk__in=[each.site_id for each in items])
    word, tone = _stand(row)
    context |= {
        "row": row, "inspects": inspects, "items": list(items), "sites": sites, "word": word, "tone": tone,
        "findings": [(each, *_stand(each)) for each in findings], "columns": row.columns.all() if inspects else (),
    }  # fmt: skip
    return page(request, "inspection.html", tab=LIST, **context)


def _stand(row: Inspection | InspectionFinding) -> tuple[str, str]:
    state = type(row).State(row.state)
    return str(state.label), TONES[state]


def _table(request: HttpRequest, row: Inspection) -> list[list[str]]:
    items = (
        visible_items(request.user, row).select_related("site", "record", "recorded_by").prefetch_related("findings")
    )
    head = [
        [_("检查名称"), row.name], [_("组织单位"), row.unit.name], [_("检查日期"), f"{row.held_on:%Y-%m-%d}"],
        [_("公开日期"), f"{row.public_from:%Y-%m-%d} – {row.public_until:%Y-%m-%d}"], [_("参加单位"), row.participants],
        [_("抽样种子"), row.seed], [_("检查结论"), row.conclusion], [],
        [_("序号"), _("网站"), _("稿件"), _("结果"), _("性质"), _("问题和位置"), _("要求"), _("处理情况"), _("状态")],
    ]  # fmt: skip
    return [*head, *(line for each in items for line in _item_lines(each))]


def _item_lines(each: InspectedItem) -> list[list[str]]:
    first = [str(each.place), each.site.name, each.record.title, each.get_result_display()]
    found = [
        [*first, one.get_kind_display(), one.what, one.demand, one.answer, _stand(one)[0]]
        for one in each.findings.all()
    ]
    return found or [[*first, "", each.note, "", "", ""]]
