"""同步案件: document, plan and material of one policy on one screen, and everything that is not public yet as a list."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jiyue.console.office.frame import paged
from jiyue.console.office.views_columns import units_of
from jiyue.console.policy.forms import DissolveForm, MaterialForm, PlanForm
from jiyue.console.policy.frame import page
from jiyue.console.refusals import sentences
from jiyue.console.stewardship.frame import done, readable_sites
from jiyue.content.binding import SIGNED, add_material, dissolve_case, open_case, remove_material, save_plan
from jiyue.content.cases import asks, rule_of
from jiyue.content.interpretations import basis_of
from jiyue.content.models import Interpretation, PolicyCase, PolicyDocument
from jiyue.content.models.records import UNDER_REVIEW
from jiyue.content.policies import fetch_case_for, fetch_record_for, visible_cases, writable_records
from jiyue.review.actions import sign_waiting
from jiyue.review.casework import AT_HOME, documents_without_case, may_handle, standing_of, submit_case
from jiyue.review.policies import may_sign_waiting

TAB = "console_cases"


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """Cases of the sites one reads, those that are not public first; and documents that could have one."""
    rows = visible_cases(request.user).select_related("site", "document", "unit")
    settled = Case(When(document__state__in=SIGNED, then=Value(1)), default=Value(0), output_field=IntegerField())
    rows = rows.annotate(settled=settled).prefetch_related("interpretations").order_by("settled", "-created_at")
    picked = request.GET.get("site", "")
    if picked.isdecimal() and len(picked) < 19:
        rows = rows.filter(site=int(picked))
    shown = paged(request, rows)
    context = {
        "rows": shown, "without": documents_without_case(request.user), "sites": list(readable_sites(request)[:50]),
        "picked": picked,
    }  # fmt: skip
    return page(request, "cases.html", tab=TAB, **context)


@require_POST
def open_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the case of a document, or go to the one that it has."""
    record = fetch_record_for(request.user, pk, writable=True).typed
    if not isinstance(record, PolicyDocument):
        raise PermissionDenied
    try:
        found = open_case(document=record, by=request.user, now=timezone.now())
    except ValidationError as refused:
        messages.error(request, "；".join(refused.messages))
        return redirect("console_path", record.pk)
    return redirect("console_case", found.pk)


@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, case: int) -> HttpResponse:
    """The whole case; whoever writes the document changes the plan and the material, and submits all of it."""
    found = fetch_case_for(request.user, case)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            return redirect("console_case", found.pk)
        return act(request, found)
    return _screen(request, found)


def _plan(request: HttpRequest, found: PolicyCase) -> HttpResponse:
    form = _plan_form(request, found, request.POST)
    given: Callable[[], Any] = lambda: save_plan(  # noqa: E731
        case=found, by=request.user, now=timezone.now(), **form.cleaned_data
    )
    if done(form, given):
        messages.success(request, _("解读方案已保存"))
        return redirect("console_case", found.pk)
    return _screen(request, found, plan=form)


def _add(request: HttpRequest, found: PolicyCase) -> HttpResponse:
    form = MaterialForm(request.POST, candidates=_candidates(request, found))
    how = {"case": found, "by": request.user, "now": timezone.now()}
    if done(form, lambda: add_material(interpretation=form.cleaned_data["interpretation"], **how)):
        messages.success(request, _("已放入案件"))
        return redirect("console_case", found.pk)
    return _screen(request, found, material=form)


def _remove(request: HttpRequest, found: PolicyCase) -> HttpResponse:
    asked = request.POST.get("interpretation", "")
    part = found.interpretations.filter(pk=int(asked) if asked.isdecimal() and len(asked) < 19 else 0).first()
    if part is None:
        return _screen(request, found, refusal=[_("这篇解读不在案件里")], status=409)
    how = {"case": found, "interpretation": part, "by": request.user, "now": timezone.now()}
    return _tried(request, found, lambda: remove_material(**how), _("已移出案件，解读还在"))


def _submit(request: HttpRequest, found: PolicyCase) -> HttpResponse:
    if not may_handle(request.user, found):
        raise PermissionDenied
    sent, left = submit_case(case=found, by=request.user, now=timezone.now())
    if sent:
        messages.success(request, _("已送审 %(n)s 件。") % {"n": len(sent)})
    if left:
        return _screen(request, fetch_case_for(request.user, found.pk), refusal=left, status=409)
    return redirect("console_case", found.pk)


def _sign(request: HttpRequest, found: PolicyCase) -> HttpResponse:
    waiting = standing_of(found, now=timezone.now()).waiting
    if waiting is None:
        return _screen(request, found, refusal=[_("现在没有等待同步签发的稿件")], status=409)
    how = {"review": waiting, "by": request.user, "now": timezone.now()}
    return _tried(request, found, lambda: sign_waiting(**how), _("已一起签发，正在发布"))


def _dissolve(request: HttpRequest, found: PolicyCase) -> HttpResponse:
    form = DissolveForm(request.POST)
    how = {"case": found, "by": request.user, "now": timezone.now()}
    if done(form, lambda: dissolve_case(reason=form.cleaned_data["reason"], **how)):
        messages.success(request, _("案件已解散，文件和解读都还在"))
        return redirect(TAB)
    return _screen(request, found, dissolve=form)


ACTS = {"plan": _plan, "add": _add, "remove": _remove, "submit": _submit, "sign": _sign, "dissolve": _dissolve}


def _tried(request: HttpRequest, found: PolicyCase, act: Callable[[], Any], words: str) -> HttpResponse:
    try:
        act()
    except (PermissionDenied, ValidationError) as refused:
        return _screen(request, found, refusal=sentences(refused), status=409)
    messages.success(request, words)
    return redirect("console_case", found.pk)


def _screen(
    request: HttpRequest, found: PolicyCase, *, refusal: list[str] | None = None, status: int = 200, **forms: Any
) -> HttpResponse:
    stands = standing_of(found, now=timezone.now())
    handles = may_handle(request.user, found)
    open_ = handles and found.document.state not in UNDER_REVIEW | SIGNED
    answer = rule_of(found.document, on=timezone.localdate())
    context = {
        "case": found, "stands": stands, "refusal": refusal or [], "handles": handles, "open": open_,
        "submits": handles and any(part.record.state in AT_HOME for part in stands.parts) and not stands.is_settled,
        "signs": stands.waiting is not None and may_sign_waiting(request.user, stands.waiting),
        "asked": basis_of(answer) if asks(answer) else "",
        "plan": forms.get("plan") or _plan_form(request, found), "typed": bool(forms.get("plan")),
        "material": forms.get("material") or MaterialForm(candidates=_candidates(request, found)),
        "dissolve": forms.get("dissolve") or DissolveForm(),
        "form_names": [str(Interpretation.Form(code).label) for code in found.forms if code in Interpretation.Form.values],
    }  # fmt: skip
    answered = page(request, "case.html", tab=TAB, **context)
    if status != 200:
        answered.status_code = status
    return answered


def _plan_form(request: HttpRequest, found: PolicyCase, given: Any = None) -> PlanForm:
    return PlanForm(given, case=found, units=units_of(found.site))


def _candidates(request: HttpRequest, found: PolicyCase) -> QuerySet[Interpretation]:
    rows = Interpretation.objects.filter(pk__in=writable_records(request.user).values("pk"), site=found.site)
    return rows.exclude(state__in=UNDER_REVIEW).exclude(cases=found)
