"""Readings for those who keep a site: its table of columns, what cannot be kept up, what is outdated or unanswered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, DateField, Exists, F, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Least

from jiyue.content.models import ChangeNotice, Column, ColumnDecision, ColumnFiling, PolicyDocument, Record, ReprintTask
from jiyue.domain.duties import State
from jiyue.domain.rulesets import Answer
from jiyue.estate.models import Site
from jiyue.obligations.models import Obligation
from jiyue.publishing.duties.stewardship import AnsweredNotice, with_answers
from jiyue.publishing.freshness import Demand, Demands, FreshColumn, is_holder, keeper_of, loaded, public_columns
from jiyue.publishing.models import PublicItem
from jiyue.publishing.moments import chunks, day_of
from jiyue.rules.queries import Book, book

DatedRecord = Any  # a Record with what `outdated` adds, which the type of a model cannot say


@dataclass(frozen=True)
class ColumnLine:
    """One column of a site: who keeps it, how fresh it is, and what it owes by which rule. `duty` is the open one."""

    column: Column
    keeper: str
    demand: Demand
    updated_at: datetime | None
    days_since: int | None
    duty: Obligation | None
    state: State | None

    @property
    def parameter(self) -> str:
        return self.demand.parameter

    @property
    def answer(self) -> Answer:
        return self.demand.answer

    @property
    def is_set(self) -> bool:
        """Does anything demand updates? If not, `answer.passed` names the packs that set nothing."""
        return self.demand.is_set

    @property
    def by_event(self) -> bool:
        """Is each item owed by its own event, and nothing by the calendar?"""
        return self.demand.by_event

    @property
    def due_at(self) -> datetime | None:
        return self.duty.act_by if self.duty else None


def column_table(site: Site, *, now: datetime) -> list[ColumnLine]:
    """The open public columns of a site with freshness and duty, in the order of their addresses; six questions."""
    demands = Demands(book(), on=day_of(now))
    columns = Column.objects.filter(pk__in=list(public_columns([site.pk])), closed_at=None).order_by("path")
    open_rows = Obligation.objects.pending().filter(site=site, source="columns").select_related("rule")
    owed = {row.subject: row for row in open_rows}
    found = []
    for column in loaded(columns, now=now):
        demand = demands.of(column)
        if demand is not None and not is_holder(column):
            found.append(_line(column, demand, owed.get(f"column:{column.pk}"), now))
    return found


def line_of(column: Column, *, now: datetime) -> ColumnLine | None:
    """How one column stands now; None for one that only holds others."""
    duty = Obligation.objects.pending().filter(source="columns", subject=f"column:{column.pk}").select_related("rule")
    found = next(iter(loaded(Column.objects.filter(pk=column.pk), now=now)))
    demand = Demands(book(), on=day_of(now)).of(found)
    return _line(found, demand, duty.first(), now) if demand is not None else None


def shown_in(column: Column) -> int:
    """How many items stand in a column in public now."""
    return PublicItem.objects.filter(column=column, state=PublicItem.State.SHOWN).count()


def demand_on(subject: str, *, rules: Book, now: datetime) -> tuple[Demand, str] | None:
    """What is asked now of the column that a duty is about, and its name; None where it asks for nothing any more."""
    key = subject.partition(":")[2]
    column = Column.objects.select_related("site__owner", "responsible").filter(pk=int(key)).first()
    demand = Demands(rules, on=day_of(now)).of(column) if column else None
    return (demand, column.name) if column and demand is not None else None


def unkept_columns(sites: QuerySet[Site], *, now: datetime) -> QuerySet[Column]:
    """Open columns whose update is overdue and about which nothing was proposed or decided yet (COL-07)."""
    late = Obligation.objects.late(now).filter(source="columns", site__in=sites)
    keys = [int(subject.partition(":")[2]) for subject in late.values_list("subject", flat=True)]
    waiting = [ColumnDecision.State.PROPOSED, ColumnDecision.State.APPROVED]
    decided = ColumnDecision.objects.filter(column=OuterRef("pk"), state__in=waiting)
    columns = Column.objects.filter(pk__in=keys, closed_at=None).exclude(Exists(decided))
    return columns.select_related("site", "responsible").order_by("site", "path")


def unfiled_changes(sites: QuerySet[Site]) -> QuerySet[ColumnFiling]:
    """Columns that came or went in public and are not on file yet, the oldest first (COL-08)."""
    filings = ColumnFiling.objects.filter(column__site__in=sites).exclude(state=ColumnFiling.State.FILED)
    return filings.select_related("column__site").order_by("happened_at", "pk")


def outdated(sites: QuerySet[Site], *, now: datetime, ahead: int = 0) -> QuerySet[DatedRecord]:
    """Public records whose day of re-examination, end of validity, of force or of the topic's work has passed (COL-09, 10).

    With `ahead`, also those whose day comes within so many days. `on_day` is the earliest of the days of each.
    """
    last = day_of(now) + timedelta(days=ahead)
    shown = PublicItem.objects.filter(
        identity=OuterRef("identity"), site=OuterRef("site"), placed_by=None, state=PublicItem.State.SHOWN
    )
    expired = Q(noticeitem__valid_until__lt=last)
    in_force = Q(policydocument__validity=PolicyDocument.Validity.IN_FORCE)
    lapsed = Q(policydocument__expires_on__lt=last) & in_force
    goes_on = Q(topic__archived=False)
    over = Q(topic__ends_on__lt=last) & goes_on
    found = Record.objects.filter(Q(review_on__lte=last) | expired | lapsed | over, site__in=sites)
    found = found.filter(Exists(shown))
    found = found.annotate(
        valid_until=F("noticeitem__valid_until"),
        in_force_until=Case(When(in_force, then=F("policydocument__expires_on"))),
        topic_until=Case(When(goes_on, then=F("topic__ends_on"))),
        on_day=_earliest("review_on", "valid_until", "in_force_until", "topic_until"),
    )
    return found.select_related("site", "column", "responsible").defer("body").order_by("on_day", "pk")


def reasons_of(record: DatedRecord) -> list[tuple[str, date]]:
    """The days of a record from `outdated`, each with its code: review, valid, in-force or topic; the earliest first."""
    days = {
        "review": record.review_on, "valid": record.valid_until, "in-force": record.in_force_until,
        "topic": record.topic_until,
    }  # fmt: skip
    return sorted(((code, day) for code, day in days.items() if day is not None), key=lambda pair: pair[1])


def reprints_of(tasks: Iterable[ReprintTask], sites: Iterable[int]) -> dict[tuple[int, int], Obligation]:
    """What these sites owe by these tasks, by task and site; a site that need not carry one has no entry."""
    keys = {f"reprint:{task.pk}:{site}": (task.pk, site) for task in tasks for site in sites}
    found = {}
    for some in chunks(sorted(keys)):
        rows = Obligation.objects.filter(source="reprints", subject__in=some)
        for row in rows.select_related("rule", "site", "unit"):
            found[keys[row.subject]] = row
    return found


def _earliest(*names: str) -> Func:
    """The least of these days that are given; databases disagree on what the least of nothing is."""
    far = Value(date.max, output_field=DateField())
    return Least(*(Coalesce(F(name), far) for name in names), output_field=DateField())


def unanswered_changes(sites: QuerySet[Site]) -> QuerySet[AnsweredNotice]:
    """Facts that changed and still stand on the site as they were, the oldest first (COL-18)."""
    notices = with_answers(ChangeNotice.objects.filter(withdrawn_at=None, site__in=sites))
    return notices.filter(answered_at=None).select_related("site", "column", "record", "unit").order_by("changed_at")


def _line(column: FreshColumn, demand: Demand, duty: Obligation | None, now: datetime) -> ColumnLine:
    since = (day_of(now) - day_of(column.updated_at)).days if column.updated_at else None
    return ColumnLine(
        column, keeper_of(column).name, demand, column.updated_at, since, duty, duty.state(now) if duty else None
    )
