"""What becomes of a column that cannot be kept up, and the filing of columns that came or went (COL-07, COL-08).

Deciding changes nothing public by itself: closing a column is a draft of the site's structure, and the structure is
signed off as always.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.actions import close_column
from jiyue.content.events import (
    ColumnChangeAnswered,
    ColumnChangeReported,
    ColumnDecisionDone,
    ColumnDecisionMade,
    ColumnDecisionProposed,
)
from jiyue.content.models import Column, ColumnDecision, ColumnFiling
from jiyue.content.policies import may_arrange_columns, may_decide_columns
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User

Outcome = ColumnDecision.Outcome
Change = ColumnFiling.Change
OPEN_DECISIONS = (ColumnDecision.State.PROPOSED, ColumnDecision.State.APPROVED)


@transaction.atomic
def propose_decision(*, decision: ColumnDecision, by: User, now: datetime) -> ColumnDecision:
    """Ask for a column to be merged, adjusted or closed. Raises PermissionDenied, ValidationError."""
    column = decision.column
    if not may_arrange_columns(by, column.site):
        raise PermissionDenied(_("您不能为这个网站的栏目提出处置"))
    if column.closed_at is not None:
        raise ValidationError(_("栏目已经关闭"))
    if ColumnDecision.objects.filter(column=column, state__in=OPEN_DECISIONS).exists():
        raise ValidationError(_("这个栏目已有一项处置还没有办结"))
    _refuse_incomplete(decision)
    decision.proposed_by, decision.proposed_at, decision.state = by, now, ColumnDecision.State.PROPOSED
    decision.full_clean()
    decision.save()
    event = ColumnDecisionProposed(
        subject=f"column:{column.pk}", site=column.site.host, path=column.path, outcome=decision.outcome,
        grounds=decision.grounds,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return decision


@transaction.atomic
def decide(*, decision: ColumnDecision, approve: bool, opinion: str, by: User, now: datetime) -> ColumnDecision:
    """Agree or refuse, as an overseer of the unit and never on one's own proposal. Raises PermissionDenied, ValidationError."""
    decision = ColumnDecision.objects.select_for_update().select_related("column__site").get(pk=decision.pk)
    column = decision.column
    if decision.state != ColumnDecision.State.PROPOSED:
        raise ValidationError(_("这项处置已经有了决定"))
    if by.pk == decision.proposed_by_id or not may_decide_columns(by, column.site):
        raise PermissionDenied(_("栏目处置由上级督办人员决定，提出人不能自己决定"))
    if not approve and not opinion.strip():
        raise ValidationError({"opinion": _("不同意时请写明意见")})
    decision.state = ColumnDecision.State.APPROVED if approve else ColumnDecision.State.REFUSED
    decision.decided_by, decision.decided_at, decision.opinion = by, now, opinion.strip()
    decision.full_clean()
    decision.save()
    event = ColumnDecisionMade(
        subject=f"column:{column.pk}", site=column.site.host, path=column.path, outcome=decision.outcome,
        state=decision.state, opinion=decision.opinion,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return decision


@transaction.atomic
def carry_out(*, decision: ColumnDecision, by: User, now: datetime) -> ColumnDecision:
    """Do what was decided: a merged or closed column takes nothing new; an adjusted one was changed by hand before this.

    What it already published stays at its addresses. Raises PermissionDenied, ValidationError.
    """
    decision = ColumnDecision.objects.select_for_update().select_related("column__site").get(pk=decision.pk)
    column = decision.column
    if not may_arrange_columns(by, column.site):
        raise PermissionDenied(_("您不能办理这个网站的栏目处置"))
    if decision.state != ColumnDecision.State.APPROVED:
        raise ValidationError(_("只有已同意的处置可以办结"))
    if decision.outcome != Outcome.ADJUST and column.closed_at is None:
        close_column(column=column, reason=decision.grounds, by=by.actor(), now=now)
    decision.state, decision.done_by, decision.done_at = ColumnDecision.State.DONE, by, now
    decision.save(update_fields=["state", "done_by", "done_at"])
    event = ColumnDecisionDone(
        subject=f"column:{column.pk}", site=column.site.host, path=column.path, outcome=decision.outcome
    )
    trace(event, by=by.actor(), at=now)
    return decision


def note_column_changes(
    *, site: Site, before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]], at: datetime
) -> list[ColumnFiling]:
    """Open a filing for each column that a signed structure adds, closes or opens again. For review; safe to repeat.

    `before` and `after` are the columns of two signed structures of one site. A site's first structure needs no
    filing: its columns were part of opening the site.
    """
    old = {column["id"]: column for column in before}
    new = {column["id"]: column for column in after}
    known = set(Column.objects.filter(site=site, pk__in=old.keys() | new.keys()).values_list("pk", flat=True))
    found = [(key, change) for key in sorted(known) if (change := _change(old.get(key), new.get(key)))]
    rows = [ColumnFiling(column_id=key, change=change, happened_at=at) for key, change in found]
    return ColumnFiling.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def report_column_change(*, filing: ColumnFiling, note: str, by: User, now: datetime) -> None:
    """Report a change upwards, with what it is for. Raises PermissionDenied, ValidationError."""
    filing = ColumnFiling.objects.select_for_update().select_related("column__site").get(pk=filing.pk)
    column = filing.column
    if not may_arrange_columns(by, column.site):
        raise PermissionDenied(_("您不能报送这个网站的栏目变更"))
    if filing.state not in {ColumnFiling.State.UNREPORTED, ColumnFiling.State.RETURNED}:
        raise ValidationError(_("这项变更已经报送"))
    if not note.strip():
        raise ValidationError({"note": _("请说明变更的原因和内容")})
    filing.state, filing.note = ColumnFiling.State.REPORTED, note.strip()
    filing.reported_by, filing.reported_at = by, now
    filing.full_clean()
    filing.save()
    event = ColumnChangeReported(
        subject=f"column:{column.pk}", site=column.site.host, path=column.path, change=filing.change, note=filing.note
    )
    trace(event, by=by.actor(), at=now)


@transaction.atomic
def answer_column_change(*, filing: ColumnFiling, accept: bool, opinion: str, by: User, now: datetime) -> None:
    """Put on file what was reported, or return it with what is missing. Raises PermissionDenied, ValidationError."""
    filing = ColumnFiling.objects.select_for_update().select_related("column__site").get(pk=filing.pk)
    column = filing.column
    if filing.state != ColumnFiling.State.REPORTED:
        raise ValidationError(_("这项变更还没有报送，或已经办结"))
    if by.pk == filing.reported_by_id or not may_decide_columns(by, column.site):
        raise PermissionDenied(_("栏目变更由上级督办人员审核备案，报送人不能自己备案"))
    if not accept and not opinion.strip():
        raise ValidationError({"opinion": _("退回时请写明意见")})
    filing.state = ColumnFiling.State.FILED if accept else ColumnFiling.State.RETURNED
    filing.decided_by, filing.decided_at, filing.opinion = by, now, opinion.strip()
    filing.save(update_fields=["state", "decided_by", "decided_at", "opinion"])
    event = ColumnChangeAnswered(
        subject=f"column:{column.pk}", site=column.site.host, path=column.path, change=filing.change,
        state=filing.state, opinion=filing.opinion,
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)


def _change(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    was = before is not None and not before["closed"]
    shown = after is not None and not after["closed"]
    if was == shown:
        return ""
    if was:
        return Change.CLOSED
    return Change.ADDED if before is None else Change.REOPENED


def _refuse_incomplete(decision: ColumnDecision) -> None:
    if not decision.grounds.strip():
        raise ValidationError({"grounds": _("请写明理由")})
    if decision.outcome == Outcome.ADJUST and not decision.adjustment.strip():
        raise ValidationError({"adjustment": _("请写明怎样调整")})
    if decision.outcome != Outcome.MERGE:
        decision.target = None
        return
    target = decision.target
    if target is None or target.site_id != decision.column.site_id or target.pk == decision.column_id:
        raise ValidationError({"target": _("请选择本网站的另一个栏目")})
    if target.closed_at is not None:
        raise ValidationError({"target": _("并入的栏目已经关闭")})
