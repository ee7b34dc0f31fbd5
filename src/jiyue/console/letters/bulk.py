"""One act on many letters: chosen in the inbox, foreseen one by one, then taken one by one, with a page that says how far."""

import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.letters.forms import REASONS
from jiyue.console.letters.frame import page, rows_of
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.domain.cases import Act, Kind, State
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.interaction import bulk
from jiyue.interaction.models import BulkStep, Case
from jiyue.interaction.policies import desks_of, handlers_at
from jiyue.interaction.stepping import LONGEST_REASON
from jiyue.interaction.words import ACTS, KINDS, STATES

EXPORT, PRINT = "export", "print"
WAYS = {
    **{act.value: ACTS[act] for act in bulk.VERBS}, EXPORT: gettext_lazy("导出表格"), PRINT: gettext_lazy("打印全卷"),
}  # fmt: skip
CONFIRM = "confirm"


class BulkForm(forms.Form):
    """What the act needs besides the letters; for each letter the act itself says whether it fits."""

    def __init__(self, *args: Any, act: str, cases: list[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desks = {case.desk_id: case.desk for case in cases}
        if act == Act.ASSIGN:
            self.fields["desk"] = _DeskField(cases)
        if act in (Act.ASSIGN, Act.NAME):
            handlers = User.objects.filter(pk__in=[one.pk for desk in desks.values() for one in handlers_at(desk)])
            self.fields["handler"] = forms.ModelChoiceField(
                handlers.order_by("name", "pk"), label=_("承办人"), required=act == Act.NAME,
                empty_label=_("由承办单位指定") if act == Act.ASSIGN else None,
            )  # fmt: skip
        if act == Act.RETURN:
            lines = forms.Textarea(attrs={"rows": 3})
            self.fields["reason"] = forms.CharField(label=REASONS[Act.RETURN], max_length=LONGEST_REASON, widget=lines)


class _DeskField(forms.ModelChoiceField):
    def __init__(self, cases: list[Case]) -> None:
        sites = desks_of(cases[0].site).select_related("owner") if cases else Site.objects.none()
        first = cases[0].desk_id if cases else None
        super().__init__(sites, label=_("单位"), empty_label=None, initial=first)

    def label_from_instance(self, obj: Site) -> str:
        return str(obj.owner.name)


def several(request: HttpRequest) -> HttpResponse:
    """What would happen to each chosen letter; sent with its confirmation, it is done."""
    given = request.POST if request.method == "POST" else request.GET
    act = given.get("act", "") if given.get("act", "") in WAYS else Act.ACCEPT.value
    cases, problem = _chosen(request, given)
    if problem or not cases:
        return page(request, "bulk.html", act=act, label=WAYS[act], problem=problem, cases=[])
    if act == PRINT:
        return redirect(f"{reverse('console_letters_print')}?{urlencode([('letter', case.pk) for case in cases])}")
    form = BulkForm(request.POST if request.method == "POST" else None, act=act, cases=cases)
    ready = (not form.fields or form.is_bound) and (form.is_valid() if form.is_bound else True)
    if request.method == "POST" and given.get("step") == CONFIRM and ready:
        return _confirmed(request, act, cases, form)
    told = _foreseen(request, act, cases, form) if ready and act != EXPORT else []
    return page(
        request, "bulk.html", act=act, label=WAYS[act], form=form, cases=rows_of(cases, now=timezone.now()), told=told,
        foreseen=ready, will=[one for one in told if not one.refusal], left=[one for one in told if one.refusal],
        token=given.get("token") or secrets.token_hex(16), exports=act == EXPORT,
    )  # fmt: skip


def progress(request: HttpRequest, bulk_step: int) -> HttpResponse:
    """How far it went; what a broken connection or a killed process left undone is gone on with from here."""
    rows = list(bulk.asked_for(request.user, bulk.token_of(request.user, bulk_step)))
    if request.method == "POST":
        bulk.carry_out(token=rows[0].token, by=request.user, now=timezone.now())
        return redirect("console_letters_bulk_done", bulk_step)
    counts = [(label, sum(row.state == code for row in rows)) for code, label in BulkStep.State.choices]
    return page(request, "bulk_done.html", rows=rows, counts=counts, label=ACTS[Act(rows[0].act)], waiting=counts[0][1])


def _confirmed(request: HttpRequest, act: str, cases: list[Case], form: BulkForm) -> HttpResponse:
    now, token = timezone.now(), request.POST.get("token", "")
    if act == EXPORT:
        return as_xlsx("letters", _("信件"), _table(bulk.export(cases=cases, by=request.user, now=now)))
    if not (token.isalnum() and 16 <= len(token) <= 64):
        messages.error(request, _("这一页已经过期，请重新选择信件"))
        return redirect("console_letters")
    for case in cases:
        seen = request.POST.get(f"v{case.pk}", "")
        case.version = int(seen) if seen.isdecimal() and len(seen) < 9 else case.version
    given = form.cleaned_data if form.is_bound else {}
    bulk.ask(token=token, cases=cases, act=Act(act), given=given, by=request.user, now=now)
    bulk.carry_out(token=token, by=request.user, now=now)
    return redirect("console_letters_bulk_done", bulk.asked_for(request.user, token)[0].pk)


def _foreseen(request: HttpRequest, act: str, cases: list[Case], form: BulkForm) -> list[bulk.Foreseen]:
    given = {name: value for name, value in form.cleaned_data.items() if value} if form.is_bound else {}
    return bulk.foreseen(cases=cases, act=Act(act), given=given, by=request.user, now=timezone.now())


def _chosen(request: HttpRequest, given: QueryDict) -> tuple[list[Case], str]:
    keys = [int(key) for key in given.getlist("letter") if key.isdecimal() and len(key) < 19]
    try:
        cases = bulk.chosen(request.user, keys)
    except ValidationError as refusal:
        return [], refusal.messages[0]
    if given.get("act") == EXPORT:
        left = bulk.exportable(cases)
        return left, _("举报不导出到表格，请逐件查看") if cases and not left else ""
    return cases, ""


def _table(cases: list[Case]) -> Iterator[list[Any]]:
    yield [
        _("编号"), _("类别"), _("标题"), _("状态"), _("来信网站"), _("承办单位"), _("承办人"), _("收到时间"), _("时限"),
        _("答复时间"),
    ]  # fmt: skip
    for row in rows_of(cases, now=timezone.now()):
        case = row.case
        yield [
            case.number, str(KINDS[Kind(case.kind)]), case.title, str(STATES[State(case.state)]), case.site.name,
            case.desk.owner.name, case.handler.name if case.handler else "", _moment(case.received_at),
            _moment(row.duty.act_by) if row.duty else "", _moment(case.met_at),
        ]  # fmt: skip


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
