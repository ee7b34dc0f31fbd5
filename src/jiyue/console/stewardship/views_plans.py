"""栏目策划 and 选题: proposed after a look at what exists, decided with a reason, carried out as a draft or a column."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.office.frame import attempt, paged
from jiyue.console.stewardship.frame import done, page
from jiyue.console.stewardship.plan_forms import ColumnPlanForm, PlanForm, PlanOpinionForm, StoryForm
from jiyue.content.models import EditorialPlan
from jiyue.content.plan_policies import (
    carriable_plans,
    fetch_plan_for,
    may_decide_plan,
    may_withdraw_plan,
    plannable_sites,
    visible_plans,
)
from jiyue.content.planning import begin_story, decide_plan, existing_for, propose_plan, withdraw_plan
from jiyue.content.policies import may_read
from jiyue.estate.models import Site

PLANS = "console_plans"
Kind, State = EditorialPlan.Kind, EditorialPlan.State
FORMS: dict[str, type[PlanForm]] = {Kind.COLUMN: ColumnPlanForm, Kind.STORY: StoryForm}
MOST = 2000  # plans of a list; the newest
LATE, UNDECIDED, OPEN, CARRIED = "late", "undecided", "open", "carried"
STANDINGS = {
    LATE: gettext_lazy("逾期未办"), UNDECIDED: gettext_lazy("待决定"), OPEN: gettext_lazy("已同意，待办"),
    CARRIED: gettext_lazy("已办"), State.REFUSED: gettext_lazy("不同意"), State.WITHDRAWN: gettext_lazy("已撤回"),
}  # fmt: skip
TONES = {LATE: "cross", UNDECIDED: "two", OPEN: "three", CARRIED: "full", State.REFUSED: "back", State.WITHDRAWN: "bar"}


def plans(request: HttpRequest) -> HttpResponse:
    """Plans in sight: what is late first, then what waits for a decision, then the rest, the newest first."""
    today = timezone.localdate()
    rows = visible_plans(request.user).select_related("site", "owner", "unit").order_by("-proposed_at", "-pk")
    kind = request.GET.get("kind", "")
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    order = list(STANDINGS)
    lines = sorted(((row, standing(row, today)) for row in rows[:MOST]), key=lambda line: order.index(line[1]))
    shown = paged(request, lines)
    context = {
        "rows": shown, "lines": [(row, STANDINGS[word], TONES[word]) for row, word in shown], "kinds": Kind.choices,
        "picked": kind, "query": f"kind={kind}", "sites": list(plannable_sites(request.user)[:50]),
    }  # fmt: skip
    return page(request, "plans.html", tab=PLANS, **context)


def add_plan(request: HttpRequest) -> HttpResponse:
    """Propose; what exists under a similar name is shown before it can be sent."""
    site, kind = _asked_site(request), request.GET.get("kind", Kind.STORY)
    if kind not in FORMS:
        raise Http404
    fresh = EditorialPlan(site=site, kind=kind, owner=request.user)
    form = FORMS[kind](request.POST or None, instance=fresh, user=request.user, initial={"unit": site.owner_id})
    reason = request.POST.get("reuse_reason", "")[:300]
    if request.method == "POST" and form.is_valid():
        form.instance.reuse_reason = reason.strip()
        if attempt(form, lambda: propose_plan(plan=form.instance, by=request.user, now=timezone.now())):
            messages.success(request, _("已提出，等决定"))
            return redirect("console_plan", form.instance.pk)
    found = _existing(request, form) if form.is_bound else []
    context = {"site": site, "kind": kind, "kind_word": Kind(kind).label, "found": found, "reuse_reason": reason}
    return _page(request, "plan_new.html", form=form, **context)


def plan(request: HttpRequest, plan: int) -> HttpResponse:
    """One plan with what was found, who decided and what came of it."""
    found = fetch_plan_for(request.user, plan)
    decides = may_decide_plan(request.user, found)
    carries = carriable_plans(request.user).filter(pk=found.pk).exists()
    takes_back = found.state in {State.PROPOSED, State.APPROVED} and not found.carried
    takes_back = takes_back and may_withdraw_plan(request.user, found)
    form = PlanOpinionForm(request.POST if request.method == "POST" and decides else None)
    if request.method == "POST":
        if not (decides or carries or takes_back):
            raise PermissionDenied
        answer = _act(request, found, form)
        if answer is not None:
            return answer
    word = standing(found, timezone.localdate())
    context = {
        "row": found, "word": STANDINGS[word], "tone": TONES[word], "decides": decides, "carries": carries,
        "takes_back": takes_back, "reads": found.record is not None and may_read(request.user, found.record),
    }  # fmt: skip
    return page(request, "plan.html", tab=PLANS, form=form, **context)


def standing(row: EditorialPlan, today: date) -> str:
    """One code for how a plan stands; a day that passed without a draft or a column comes before everything else."""
    if row.state in {State.REFUSED, State.WITHDRAWN}:
        return row.state
    if row.carried:
        return CARRIED
    if row.due_on < today:
        return LATE
    return UNDECIDED if row.state == State.PROPOSED else OPEN


def _act(request: HttpRequest, row: EditorialPlan, form: PlanOpinionForm) -> HttpResponse | None:
    """Take the act of the pressed button; None when it was refused and the form says why."""
    act, by = request.POST.get("act", ""), {"by": request.user, "now": timezone.now()}
    if act == "begin":
        return _begin(request, row, by)
    if act == "withdraw":
        try:
            withdraw_plan(plan=row, **by)
        except ValidationError as refusal:
            messages.error(request, "；".join(refusal.messages))
    elif not may_decide_plan(request.user, row):
        raise PermissionDenied
    elif not done(form, lambda: decide_plan(
        plan=row, approve=_yes(act), opinion=form.cleaned_data["opinion"], **by
    )):  # fmt: skip
        return None
    return redirect("console_plan", row.pk)


def _begin(request: HttpRequest, row: EditorialPlan, by: dict[str, Any]) -> HttpResponse:
    try:
        record = begin_story(plan=row, **by)
    except (ValidationError, PermissionDenied) as refusal:
        told = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
        messages.error(request, "；".join(told))
        return redirect("console_plan", row.pk)
    messages.success(request, _("草稿已建好，策划里写明的已经填上"))
    return redirect("console_edit", record.pk)


def _yes(act: str) -> bool:
    if act not in {"yes", "no"}:
        raise ValidationError(_("请用“同意”或“不同意”按钮提交"))
    return act == "yes"


def _existing(request: HttpRequest, form: PlanForm) -> list:
    title = request.POST.get("title", "")[:200]
    form.instance.title = title
    return existing_for(form.instance, now=timezone.now())


def _asked_site(request: HttpRequest) -> Site:
    """The site named in the address, or the first for which the person may propose. Raises Http404."""
    sites, asked = plannable_sites(request.user), request.GET.get("site", "")
    if asked:
        sites = sites.filter(pk=int(asked) if asked.isdecimal() and len(asked) < 19 else 0)
    found = sites.first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return page(request, template, tab=PLANS, **context)
