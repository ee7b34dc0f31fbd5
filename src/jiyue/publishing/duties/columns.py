"""栏目更新: each column owes its next update, from the newest one or from its opening."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from jiyue.content.models import Column
from jiyue.domain.duties import Fact
from jiyue.obligations.models import Obligation
from jiyue.publishing.duties.reach import Reach, named, reaches
from jiyue.publishing.freshness import (
    PARAMETERS,
    Demand,
    Demands,
    is_holder,
    keeper_of,
    loaded,
    public_columns,
    since_of,
    updates_since,
)
from jiyue.publishing.moments import day_of
from jiyue.rules.queries import book

Owed = dict[int, set[datetime]]


class ColumnSource:
    """One fact for each public column from which an update is owed, and one for each that was owed and came."""

    code = "columns"
    parameters = PARAMETERS

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        demands = Demands(book(), on=day_of(now))
        keys = named(subjects, "column")
        sites = None if keys is None else set(Column.objects.filter(pk__in=keys).values_list("site", flat=True))
        for reach in reaches(sites):
            columns = Column.objects.filter(pk__in=list(public_columns(reach.since)), closed_at=None)
            yield from self._of(columns if keys is None else columns.filter(pk__in=keys), reach, demands, now)

    def _of(self, columns, reach: Reach, demands: Demands, now: datetime) -> Iterator[Fact]:
        asked = {
            column.pk: (column, demand) for column in loaded(columns, now=now) if (demand := owing(column, demands))
        }
        asked = {key: found for key, found in asked.items() if not is_holder(found[0])}
        met = _met({key: column for key, (column, _demand) in asked.items()}, _open(self.code, asked), now)
        for key, (column, demand) in asked.items():
            started = demand.started(max(since_of(column) or day_of(reach.since[column.site_id]),
                                         day_of(reach.since[column.site_id])))  # fmt: skip
            for before, moments in met.get(key, {}).items():
                came = next((moment for moment in moments if demand.started(day_of(moment)) > before), None)
                if came is not None and before < started:
                    yield _fact(column, demand, before, met_at=came)
            yield _fact(column, demand, started)


def owing(column: Column, demands: Demands) -> Demand | None:
    """What the column as such owes by the calendar; None when nothing is set, or each item is owed by its own event."""
    demand = demands.of(column)
    return demand if demand is not None and demand.is_set and not demand.by_event else None


def _open(code: str, keys: Iterable[int]) -> Owed:
    subjects = [f"column:{key}" for key in keys]
    open_rows = Obligation.objects.pending().filter(source=code, subject__in=subjects)
    owed: Owed = {}
    for subject, started in open_rows.values_list("subject", "started_at"):
        owed.setdefault(int(subject.partition(":")[2]), set()).add(started)
    return owed


def _met(columns: dict[int, Column], owed: Owed, now: datetime) -> dict[int, dict[datetime, list[datetime]]]:
    """For every column with an open duty: the updates since each was begun."""
    waiting = {key: columns[key] for key in owed}
    if not waiting:
        return {}
    first = min(min(starts) for starts in owed.values())
    updates = updates_since(waiting, since=first, now=now)
    return {
        key: {start: [at for at in updates[key] if at >= start] for start in starts} for key, starts in owed.items()
    }


def _fact(column: Column, demand: Demand, started: datetime, *, met_at: datetime | None = None) -> Fact:
    return Fact(
        parameter=demand.parameter, subject=f"column:{column.pk}", title=column.name, unit=keeper_of(column).pk,
        site=column.site_id, area=f"column:{column.pk}", started_at=started, met_at=met_at, limit=demand.own,
    )  # fmt: skip
