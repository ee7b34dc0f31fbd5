"""栏目处置 and 变更备案: what becomes of a column that cannot be kept up; columns that came and went are put on file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.console.office.frame import paged
from jiyue.console.stewardship.forms import DecisionForm, NoteForm, OpinionForm
from jiyue.console.stewardship.frame import done, page, readable_sites
from jiyue.content.arranging import answer_column_change, carry_out, decide, propose_decision, report_column_change
from jiyue.content.models import ColumnDecision, ColumnFiling
from jiyue.content.policies import (
    fetch_column_for,
    fetch_decision_for,
    fetch_filing_for,
    may_arrange_columns,
    may_decide_columns,
    visible_decisions,
    visible_filings,
)
from jiyue.content.queries import decision_behind
from jiyue.identity.roles import Permission
from jiyue.publishing.freshness import public_columns
from jiyue.publishing.stewardship import line_of, shown_in, unfiled_changes, unkept_columns

DECISIONS, FILINGS = "console_decisions", "console_filings"


def decisions(request: HttpRequest) -> HttpResponse:
    """Columns that nobody decided about though they are late, then all decisions."""
    rows = visible_decisions(request.user).select_related("column__site", "target", "proposed_by", "decided_by")
    unkept = unkept_columns(readable_sites(request), now=timezone.now())
    waiting = [(column, may_arrange_columns(request.user, column.site)) for column in unkept[:100]]
    return page(request, "decisions.html", tab=DECISIONS, rows=paged(request, rows), unkept=waiting)


def add_decision(request: HttpRequest, column: int) -> HttpResponse:
    """Propose to merge, adjust or close a column."""
    found = fetch_column_for(request.user, column, permission=Permission.MANAGE_SITE)
    form = DecisionForm(request.POST or None, instance=ColumnDecision(column=found))
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: propose_decision(decision=form.instance, **act)):
        messages.success(request, _("已提出，等督办人员决定"))
        return redirect("console_decision", form.instance.pk)
    return page(request, "decision_new.html", tab=DECISIONS, column=found, form=form)


def decision(request: HttpRequest, decision: int) -> HttpResponse:
    """One decision; the overseer answers it, the site's manager carries it out."""
    found = fetch_decision_for(request.user, decision)
    decides = _may_decide(request, found)
    carries = found.state == ColumnDecision.State.APPROVED and may_arrange_columns(request.user, found.column.site)
    form = OpinionForm(request.POST or None)
    if request.method == "POST":
        if not (decides or carries):
            raise PermissionDenied
        if done(form, lambda: _act_on_decision(request, found, form)):
            messages.success(request, _("已保存"))
            return redirect("console_decision", found.pk)
    return page(
        request, "decision.html", tab=DECISIONS, row=found, form=form, decides=decides, carries=carries,
        **_how_it_stands(request, found),
    )  # fmt: skip


def filings(request: HttpRequest) -> HttpResponse:
    """Columns that came or went and are not on file, the oldest first; then what is."""
    filed = (
        visible_filings(request.user)
        .filter(state=ColumnFiling.State.FILED)
        .select_related("column__site", "decided_by")
    )
    context = {"open": list(unfiled_changes(readable_sites(request))[:200]), "rows": paged(request, filed)}
    return page(request, "filings.html", tab=FILINGS, **context)


def filing(request: HttpRequest, filing: int) -> HttpResponse:
    """One change of columns: reported by the site's manager, put on file by the overseer."""
    found = fetch_filing_for(request.user, filing)
    waits = found.state in {ColumnFiling.State.UNREPORTED, ColumnFiling.State.RETURNED}
    reports = waits and may_arrange_columns(request.user, found.column.site)
    answers = (
        found.state == ColumnFiling.State.REPORTED
        and found.reported_by_id != request.user.pk
        and may_decide_columns(request.user, found.column.site)
    )
    decision = decision_behind(found)
    form = (
        NoteForm(request.POST or None, initial={"note": found.note or (decision.grounds if decision else "")})
        if reports
        else OpinionForm(request.POST or None)
    )
    if request.method == "POST":
        if not (reports or answers):
            raise PermissionDenied
        if done(form, lambda: _act_on_filing(request, found, form)):
            messages.success(request, _("已保存"))
            return redirect("console_filing", found.pk)
    return page(
        request, "filing.html", tab=FILINGS, row=found, form=form, reports=reports, answers=answers, decision=decision
    )


def _how_it_stands(request: HttpRequest, decision: ColumnDecision) -> dict[str, Any]:
    """What one decides about, and what is still to be done so that the public sees it."""
    column, now = decision.column, timezone.now()
    line = line_of(column, now=now) if column.closed_at is None else None
    closes = decision.outcome != ColumnDecision.Outcome.ADJUST
    unsigned = (
        decision.state == ColumnDecision.State.DONE and closes and column.pk in set(public_columns([column.site_id]))
    )
    return {
        "line": line, "shown": shown_in(column), "unsigned": unsigned and column.closed_at is not None,
        "arranges": may_arrange_columns(request.user, column.site),
    }  # fmt: skip


def _may_decide(request: HttpRequest, decision: ColumnDecision) -> bool:
    own = decision.proposed_by_id == request.user.pk
    waits = decision.state == ColumnDecision.State.PROPOSED
    return waits and not own and may_decide_columns(request.user, decision.column.site)


def _act_on_decision(request: HttpRequest, decision: ColumnDecision, form: OpinionForm) -> None:
    act = {"decision": decision, "by": request.user, "now": timezone.now()}
    if request.POST.get("act") == "done":
        carry_out(**act)
        return
    decide(approve=_yes(request), opinion=form.cleaned_data["opinion"], **act)


def _act_on_filing(request: HttpRequest, filing: ColumnFiling, form: NoteForm | OpinionForm) -> None:
    act = {"filing": filing, "by": request.user, "now": timezone.now()}
    if isinstance(form, NoteForm):
        report_column_change(note=form.cleaned_data["note"], **act)
        return
    answer_column_change(accept=_yes(request), opinion=form.cleaned_data["opinion"], **act)


def _yes(request: HttpRequest) -> bool:
    """Which of the two buttons; neither is a slip that must not count as consent."""
    if request.POST.get("act") not in {"yes", "no"}:
        raise ValidationError(_("请用“同意”或“不同意”按钮提交"))
    return request.POST["act"] == "yes"
