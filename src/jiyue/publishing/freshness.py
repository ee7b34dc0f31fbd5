"""How fresh each column is, and how fresh it has to be (COL-04, COL-05, COL-19; P-20 to P-24).

What is demanded follows from the column's kind and class and from the rules in force for who keeps it; a class can
make a column stricter than its kind, never laxer. What no pack sets is not demanded, and said to be not set.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from jiyue.content.models import Column
from jiyue.domain.limits import Limit, Period, SameDay, Span, Unit, WithEvent
from jiyue.domain.recurrences import window_of
from jiyue.domain.rule_terms import Recurrence
from jiyue.domain.rulesets import Answer, RuleSet
from jiyue.estate.models import Site
from jiyue.publishing.models import PublicItem, SitePublication
from jiyue.publishing.moments import day_of, midnight
from jiyue.review.ledger import content_of
from jiyue.rules.queries import Book

Class, Kind = Column.UpdateClass, Column.Kind
NEWS, POLICY, OTHER = "column.update.news", "column.update.policy", "column.update.other"
PORTAL_NEWS, SUBSITE, TABLE = "column.update.portal-news", "column.update.subsite", "column.table"
PARAMETERS = (NEWS, POLICY, OTHER, PORTAL_NEWS, TABLE)
STRICTEST_FIRST = (NEWS, POLICY, OTHER)
OF_KIND: Mapping[str, str] = {Kind.NEWS: NEWS, Kind.POLICY_DOCUMENTS: POLICY}
OF_CLASS: Mapping[str, str] = {Class.TWO_WEEKS: NEWS, Class.HALF_YEAR: POLICY, Class.YEAR: OTHER}
OWN_LIMITS: Mapping[str, Span] = {
    Class.DAILY: Span(1, Unit.DAYS), Class.WORKING_DAY: Span(1, Unit.WORKING_DAYS), Class.WEEKLY: Span(1, Unit.WEEKS),
}  # fmt: skip
RATES = {
    "1 per day": Span(1, Unit.DAYS), "1 per working-day": Span(1, Unit.WORKING_DAYS), "1 per week": Span(1, Unit.WEEKS),
}  # fmt: skip
# Their pages are kept right, not added to: a correction is the update an inspector looks for.
PAGE_LIKE = frozenset({Kind.OVERVIEW, Kind.INSTITUTIONS, Kind.LEADERS, Kind.DISCLOSURE_GUIDE})
ONE_DAY = timedelta(days=1)
FreshColumn = Any  # a Column with what `with_updates` adds, which the type of a model cannot say


@dataclass(frozen=True)
class Demand:
    """What is asked of a column. Without `own` and without a figure in `answer` nothing is asked: not set.

    `own` is the limit of the column's class, or of its line in the pack's table of columns. `by_event` means that each
    item is owed by its own event, and the column as such owes nothing.
    """

    parameter: str
    answer: Answer
    own: Limit | None = None
    by_event: bool = False

    @property
    def is_set(self) -> bool:
        return self.own is not None or (self.answer.is_set and self.parameter != TABLE)

    @property
    def per(self) -> Period | None:
        """The calendar period in which the pack counts, where it does."""
        terms = self.answer.terms
        return terms.rate.per if self.own is None and isinstance(terms, Recurrence) and terms.rate else None

    def started(self, day: date) -> datetime:
        """When the next update began to be owed, after an update on this day.

        A longest gap runs from the update; "once a week" is owed in the next week, however early in this one it was.
        """
        if self.per is not None:
            return midnight(window_of(self.per, day).last + ONE_DAY)
        if self.own == RATES["1 per week"]:
            return midnight(window_of(Period.WEEK, day).last)
        return midnight(day)


@dataclass
class Demands:
    """The demands on columns by the rules of one moment; asks the rules once for each unit that keeps columns."""

    rules: Book
    on: date
    _tables: dict[str, tuple[RuleSet, dict[str, dict]]] = field(default_factory=dict)

    def of(self, column: Column) -> Demand | None:
        """What is asked of the column; None for a channel, which only holds columns. `site` and units must be joined."""
        if column.kind == Kind.CHANNEL:
            return None
        rules, table = self._known(keeper_of(column).lineage)
        line = table.get(column.name)
        if line:
            return self._by_table(rules, line)
        if column.update_class == Class.SAME_DAY:
            return Demand(SUBSITE, rules.answer(SUBSITE, self.on), SameDay(), by_event=True)
        parameter = self._parameter(column, rules)
        answer = rules.answer(parameter, self.on)
        if column.update_class in OWN_LIMITS and parameter != PORTAL_NEWS:
            return Demand(parameter, answer, OWN_LIMITS[column.update_class])
        if isinstance(answer.terms, Recurrence) and answer.terms.event:
            return Demand(parameter, answer, WithEvent(), by_event=True)
        return Demand(parameter, answer)

    def same_day(self, column: Column) -> bool:
        """Must news of this column stand on the site on the day they happen (P-24)? On sub-sites, where a pack says so."""
        if column.site.kind == Site.Kind.PORTAL or column.kind != Kind.NEWS:
            return False
        rules, _table = self._known(keeper_of(column).lineage)
        return rules.answer(SUBSITE, self.on).is_set

    def _known(self, lineage: str) -> tuple[RuleSet, dict[str, dict]]:
        if lineage not in self._tables:
            rules = self.rules.ruleset(lineage, self.on)
            answer = rules.answer(TABLE, self.on)
            lines = answer.found.as_json()["terms"]["value"] if answer.is_set else []
            self._tables[lineage] = rules, {name: line for line in lines for name in line["columns"]}
        return self._tables[lineage]

    def _by_table(self, rules: RuleSet, line: dict) -> Demand:
        answer = rules.answer(TABLE, self.on)
        if "with" in line:
            return Demand(TABLE, answer, WithEvent(), by_event=True)
        return Demand(TABLE, answer, RATES[line["update"]])

    def _parameter(self, column: Column, rules: RuleSet) -> str:
        if (
            column.kind == Kind.NEWS
            and column.site.kind == Site.Kind.PORTAL
            and rules.answer(PORTAL_NEWS, self.on).is_set
        ):
            return PORTAL_NEWS
        asked = {OF_KIND.get(column.kind, OTHER), OF_CLASS.get(column.update_class, OTHER)}
        return min(asked, key=STRICTEST_FIRST.index)


def keeper_of(column: Column):
    """The unit that answers for a column: the one named, else the site's owner."""
    return column.responsible or column.site.owner


def with_updates(columns: QuerySet[Column], *, now: datetime) -> QuerySet[FreshColumn]:
    """The columns with `updated_at`, the newest moment at which something new became public there, or nothing.

    `has_children` says whether open columns stand below.
    An item counts from the time it shows, and never later than it was released: what was brought along with old dates
    makes no column fresh. In columns of standing pages a correction counts too.
    """
    shown = _shown_in(OuterRef("pk"), now=now)
    newest = shown.order_by("-published_at", "-serial").values("published_at")[:1]
    below = Column.objects.filter(parent=OuterRef("pk"), closed_at=None)
    return columns.annotate(updated_at=Subquery(newest), has_children=Exists(below))


def corrected_at(columns: Iterable[int], *, now: datetime) -> dict[int, datetime]:
    """For columns of standing pages: when something in them last changed in public."""
    rows = listed_items().filter(column__in=list(columns), changed_at__lte=now).order_by("changed_at")
    return dict(rows.values_list("column", "changed_at"))


def updates_since(columns: Mapping[int, Column], *, since: datetime, now: datetime) -> dict[int, list[datetime]]:
    """Every moment of an update of these columns from `since` on, in order."""
    found: dict[int, list[datetime]] = {key: [] for key in columns}
    for name, keys in (("published_at", columns.keys()), ("changed_at", _page_like(columns))):
        moments = {f"{name}__gte": since, f"{name}__lte": now}
        for key, moment in listed_items().filter(column__in=list(keys), **moments).values_list("column", name):
            found[key].append(moment)
    return {key: sorted(moments) for key, moments in found.items()}


def loaded(columns: QuerySet[Column], *, now: datetime) -> list[FreshColumn]:
    """The columns with their updates, sites and units, in a fixed number of questions."""
    found = list(with_updates(columns.select_related("site__owner", "responsible"), now=now))
    corrections = corrected_at(_page_like({column.pk: column for column in found}), now=now)
    for column in found:
        if column.pk in corrections:
            column.updated_at = max(filter(None, (column.updated_at, corrections[column.pk])))
    return found


def public_columns(sites: Iterable[int]) -> Iterator[int]:
    """Keys of the open columns in the signed structures of these sites: what the public can see."""
    states = SitePublication.objects.filter(site__in=list(sites), structure__isnull=False)
    for state in states.select_related("structure__version"):
        assert state.structure is not None  # noqa: S101  (for the type checker: asked for above)
        structure = content_of(state.structure.version, digest=state.structure.version_digest)
        yield from (column["id"] for column in structure["columns"] if not column["closed"])


def is_holder(column: FreshColumn) -> bool:
    """A column that never showed anything and only holds other columns is kept up in those."""
    return column.updated_at is None and column.has_children


def since_of(column: FreshColumn) -> date | None:
    """The day from which the next update of a column is owed: the newest one, or the opening where that is later."""
    days = [day_of(moment) for moment in (column.updated_at, column.opened_at) if moment is not None]
    return max(days, default=None)


def _page_like(columns: Mapping[int, Column]) -> list[int]:
    return [key for key, column in columns.items() if column.kind in PAGE_LIKE]


def listed_items() -> QuerySet[PublicItem]:
    """What stands in lists now, for questions that must be answered from the index."""
    # Written out, not bound: only then does SQLite see that its partial index of listed items answers this. What claims
    # an earlier publication at a time after its release here contradicts itself, and makes no column fresh.
    return PublicItem.objects.extra(where=["state in ('shown', 'repealed')"]).filter(changed_at__gte=F("published_at"))


def _shown_in(column: OuterRef, *, now: datetime) -> QuerySet[PublicItem]:
    return listed_items().filter(column=column, published_at__lte=now)
