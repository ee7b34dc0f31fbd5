"""泄露处置: opened from the path of a record, listed, followed, and closed with what was done."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from jiyue.console.checks.frame import page, sites_to_pick
from jiyue.console.office.frame import attempt, paged
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.content.policies import fetch_record_for
from jiyue.publishing.models import Publication
from jiyue.review.leaking import close_leak, open_leak, persons_of
from jiyue.review.models import LeakCase, Review
from jiyue.review.policies import fetch_leak_for, may_close_leak, may_report_leak, visible_leaks

LEAKS = "console_leaks"


class LeakForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("性质"), choices=LeakCase.Kind.choices, widget=forms.RadioSelect)
    what = forms.CharField(
        label=gettext_lazy("泄露了什么、在哪里"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
        help_text=gettext_lazy("写位置和种类，例如“附件第 2 页的 12 个身份证号”；不要抄写泄露的内容本身"),
    )  # fmt: skip
    finder = forms.CharField(label=gettext_lazy("发现人"), required=False, max_length=80)


class MeasuresForm(forms.Form):
    measures = forms.CharField(
        label=gettext_lazy("处置情况"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000,
        help_text=gettext_lazy("补救措施、告知当事人、向主管部门报告、责任追究"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def report_leak(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that something public must go at once, and why."""
    record = fetch_record_for(request.user, pk)
    if not may_report_leak(request.user, record):
        raise Http404
    form = LeakForm(request.POST or None)
    made: list[LeakCase] = []
    if request.method == "POST" and form.is_valid():
        act = {"record": record, "by": request.user, "now": timezone.now(), **form.cleaned_data}
        if attempt(form, lambda: made.append(open_leak(**act))):
            messages.success(request, _told(made[0]))
            return redirect("console_leak", made[0].pk)
    return page(request, "leak_new.html", tab=LEAKS, form=form, record=record)


@require_GET
def leaks(request: HttpRequest) -> HttpResponse:
    """All cases of the sites one reads, open ones first."""
    rows = visible_leaks(request.user).select_related("site", "record", "withdrawal").defer("record__body")
    site = request.GET.get("site", "")
    if site.isdecimal() and len(site) < 19:
        rows = rows.filter(site=site)
    listed = sorted(rows, key=lambda leak: (leak.closed_at is not None, -leak.opened_at.timestamp()))
    found = paged(request, listed)
    context = {"rows": found, "lines": [(leak, *_stand(leak)) for leak in found]}
    return page(request, "leaks.html", tab=LEAKS, **context, **sites_to_pick(request))


@require_http_methods(["GET", "POST"])
def leak(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: how fast it went, where it was, everybody in its path."""
    found = fetch_leak_for(request.user, pk)
    closes = found.closed_at is None and may_close_leak(request.user, found)
    form = MeasuresForm(request.POST or None)
    if request.method == "POST":
        if not closes:
            raise PermissionDenied
        act = {"leak": found, "by": request.user, "now": timezone.now()}
        if form.is_valid() and attempt(form, lambda: close_leak(measures=form.cleaned_data["measures"], **act)):
            messages.success(request, _("处置已结束。"))
            return redirect("console_leak", pk)
    word, tone = _stand(found)
    context = {"leak": found, "word": word, "tone": tone, "parts": persons_of(found), "places": _places(found)}
    return page(request, "leak.html", tab=LEAKS, form=form, closes=closes, **context)


@require_GET
def leak_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The accountability report as a table: every person, what she did, when."""
    found = fetch_leak_for(request.user, pk)
    head = [_("时间"), _("姓名"), _("单位"), _("经手"), _("说明")]
    rows = [[_clock(part.at), part.name, part.unit, part.did, part.note] for part in persons_of(found)]
    return as_xlsx(f"leak-{found.pk}", _("责任链"), [head, *rows])


def _told(leak: LeakCase) -> str:
    if leak.withdrawal and leak.withdrawal.status == Review.Status.SIGNED_OFF:
        return _("已从所有位置撤下，正在从网站上清除。")
    return _("撤下申请已排在终审人的最前面，请同时电话通知。")


def _stand(leak: LeakCase) -> tuple[str, str]:
    if leak.closed_at is not None:
        return _("已结束"), "full"
    if leak.withdrawal and leak.withdrawal.status == Review.Status.SIGNED_OFF:
        return _("已撤下，待结束"), "three"
    return _("待终审确认撤下"), "cross"


def _places(leak: LeakCase) -> list[dict[str, Any]]:
    """Where it was public, and when it was gone from there."""
    rows = Publication.objects.filter(sign_off__identity=leak.record.identity).select_related("site", "sign_off")
    sites: dict[int, dict[str, Any]] = {}
    for row in rows.order_by("sign_off__sequence"):
        place = sites.setdefault(row.site_id, {"site": row.site.name, "since": None, "gone": None})
        if row.sign_off.act == "withdraw":
            place["gone"] = row.deployed_at
        elif place["since"] is None:
            place["since"] = row.deployed_at
    return list(sites.values())


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
