"""Reads over records that more than one screen needs."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from jiyue.content.models import (
    ColumnDecision,
    ColumnFiling,
    EditorialPlan,
    FeedEntry,
    ItemDifference,
    PermittedSource,
    Record,
    Synchronisation,
    Withholding,
)
from jiyue.content.models.records import State
from jiyue.content.plan_policies import decidable_plans, owed_plans
from jiyue.content.policies import writable_records
from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.todo import Todo
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import Organisation, User
from jiyue.identity.policies import within_reach
from jiyue.identity.roles import Permission, Role

MOST_TODOS = 100


def listed(records: QuerySet[Record]) -> QuerySet[Record]:
    """The same records with what a list shows and nothing more; the body, which weighs most, stays in the database."""
    return records.select_related("site", "column").only(
        "identity", "kind", "state", "emergency", "title", "changed_at", "created_at", "latest_revision",
        "site__name", "site__host", "site__colour", "column__name", "column__path",
    )  # fmt: skip


def todo_for(user: User) -> list[Todo]:
    """Drafts that the person began and has not submitted, oldest first."""
    drafts = writable_records(user).filter(created_by=user, state=State.DRAFT).order_by("changed_at")
    return [_draft(record) for record in listed(drafts)[:MOST_TODOS]]


def stewardship_todo_for(user: User) -> list[Todo]:
    """What waits for this person about columns and the catalogue: to be decided as overseer, to be done as manager."""
    overseen, managed = sites_with(user, Permission.OVERSEE), sites_with(user, Permission.MANAGE_SITE)
    decisions = ColumnDecision.objects.select_related("column__site")
    filings = ColumnFiling.objects.select_related("column__site")
    asked = Withholding.objects.filter(item__site__in=overseen, state=Withholding.State.PROPOSED)
    to_decide = decisions.filter(column__site__in=overseen, state=ColumnDecision.State.PROPOSED)
    to_do = decisions.filter(column__site__in=managed, state=ColumnDecision.State.APPROVED)
    to_file = filings.filter(column__site__in=overseen, state=ColumnFiling.State.REPORTED)
    open_states = [ColumnFiling.State.UNREPORTED, ColumnFiling.State.RETURNED]
    to_report = filings.filter(column__site__in=managed, state__in=open_states)
    found = [
        *(_of_column("column-decision", row, row.proposed_at) for row in to_decide.exclude(proposed_by=user)),
        *(_of_column("column-decision", row, row.decided_at or row.proposed_at) for row in to_do),
        *(
            _of_column("column-filing", row, row.reported_at or row.happened_at)
            for row in to_file.exclude(reported_by=user)
        ),
        *(_of_column("column-filing", row, row.decided_at or row.happened_at) for row in to_report),
        *(_withholding(row) for row in asked.exclude(proposed_by=user).select_related("item__site")),
    ]
    return sorted(found, key=lambda todo: todo.since)[:MOST_TODOS]


def decision_behind(filing: ColumnFiling) -> ColumnDecision | None:
    """The decision that closed the column whose closing is to be filed; None for what was closed or added without one."""
    if filing.change != ColumnFiling.Change.CLOSED:
        return None
    closing = [ColumnDecision.Outcome.MERGE, ColumnDecision.Outcome.CLOSE]
    done = ColumnDecision.objects.filter(column=filing.column_id, outcome__in=closing, done_at__lte=filing.happened_at)
    return done.order_by("done_at").last()


def plans_todo_for(user: User, *, now: datetime) -> list[Todo]:
    """Plans that this person has to decide, then approved ones that she has to write or open."""
    rows = decidable_plans(user).select_related("site").order_by("proposed_at", "pk")[:MOST_TODOS]
    owed = owed_plans(user).select_related("site").order_by("due_on", "pk")[:MOST_TODOS]
    return [*(_plan("plan-decide", row, row.proposed_at) for row in rows),
            *(_plan("plan-carry", row, row.decided_at or now) for row in owed)]  # fmt: skip


def _plan(kind: str, row: EditorialPlan, since: datetime) -> Todo:
    return Todo(
        kind=kind, ref=str(row.pk), site=row.site.name, title=row.title, what=row.get_kind_display(), state=row.state,
        since=since, due=datetime.combine(row.due_on, time.max, SHANGHAI), note=row.audience,
    )  # fmt: skip


def services_todo_for(user: User, *, now: datetime) -> list[Todo]:
    """What comparisons of services found on the sites the person manages: open differences, and a run that failed."""
    managed = sites_with(user, Permission.MANAGE_SITE).order_by("pk")
    open_rows = ItemDifference.objects.filter(site__in=managed, state=ItemDifference.State.OPEN)
    counted = open_rows.order_by().values("site").annotate(number=Count("pk"), since=Min("noted_at"))
    found = {row["site"]: row for row in counted}
    newest = Synchronisation.objects.filter(site=OuterRef("pk"), origin=Synchronisation.Origin.ADDRESS).order_by(
        "-at", "-pk"
    )
    sites = managed.annotate(failed=Subquery(newest.values("trouble")[:1]), failed_at=Subquery(newest.values("at")[:1]))
    todos = [_differences(site, found[site.pk]) for site in sites if site.pk in found]
    todos += [_failed_comparison(site, now) for site in sites if site.failed]
    return todos[:MOST_TODOS]


def _differences(site: Site, row: Mapping[str, Any]) -> Todo:
    return Todo(
        kind="service-differences", ref=str(site.pk), site=site.name,
        title=_("办事指南和政务服务平台有 %(n)s 处不一致") % {"n": row["number"]}, what=_("平台差异"), state="open",
        since=row["since"],
    )  # fmt: skip


def _failed_comparison(site: Any, now: datetime) -> Todo:
    return Todo(
        kind="service-comparison", ref=str(site.pk), site=site.name, title=_("服务事项比对没有成功"), what=_("服务事项比对"),
        state="open", since=site.failed_at or now, note=site.failed,
    )  # fmt: skip


def reprint_todo_for(user: User) -> list[Todo]:
    """As overseer: what a watched portal published and may have to be reprinted, and sources that were asked for."""
    units = Organisation.objects.filter(within_reach(user, Role.OVERSEER))
    entries = FeedEntry.objects.filter(
        feed__organisation__in=units, feed__stopped_at=None, state=FeedEntry.State.WANTED
    )
    asked = PermittedSource.objects.filter(organisation__in=units, state=PermittedSource.State.PROPOSED)
    found = [
        *(_entry(row) for row in entries.select_related("feed__organisation").order_by("seen_at")[:MOST_TODOS]),
        *(_source(row) for row in asked.exclude(proposed_by=user).select_related("organisation")[:MOST_TODOS]),
    ]
    return sorted(found, key=lambda todo: todo.since)[:MOST_TODOS]


def _entry(row: FeedEntry) -> Todo:
    return Todo(
        kind="reprint-entry", ref=str(row.pk), site=row.feed.organisation.name, title=row.title,
        what=_("要不要转载"), state=row.state, since=row.moment, note=row.feed.name,
    )  # fmt: skip


def _source(row: PermittedSource) -> Todo:
    return Todo(
        kind="reprint-source", ref=str(row.pk), site=row.organisation.name, title=row.name, what=_("稿源"),
        state=row.state, since=row.proposed_at, note=row.grounds,
    )  # fmt: skip


def _of_column(kind: str, row: ColumnDecision | ColumnFiling, since: datetime) -> Todo:
    what = row.get_outcome_display() if isinstance(row, ColumnDecision) else row.get_change_display()
    return Todo(
        kind=kind, ref=str(row.pk), site=row.column.site.name, title=row.column.name, what=what, state=row.state,
        since=since, note=f"/{row.column.path}/",
    )  # fmt: skip


def _withholding(row: Withholding) -> Todo:
    return Todo(
        kind="withholding", ref=str(row.pk), site=row.item.site.name, title=row.item.name, what=_("不予公开"),
        state=row.state, since=row.proposed_at, note=row.item.number,
    )  # fmt: skip


def _draft(record: Record) -> Todo:
    return Todo(
        kind="draft", ref=str(record.pk), site=record.site.name, title=record.title, what=record.get_kind_display(),
        state=record.state, since=record.changed_at, emergency=record.emergency, note=record.column.name,
    )  # fmt: skip
