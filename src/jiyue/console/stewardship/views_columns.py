"""栏目保障表: who keeps which column, by which rule, how fresh it is and when it is due next (COL-04, COL-06)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.duties import earlier
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.stewardship.frame import chosen_site, few_sites, page
from jiyue.content.models import Column, ColumnDecision
from jiyue.content.policies import may_arrange_columns, visible_decisions
from jiyue.domain.duties import State
from jiyue.estate.models import Site
from jiyue.publishing.freshness import TABLE
from jiyue.publishing.stewardship import ColumnLine, column_table
from jiyue.rules import wording
from jiyue.rules.library import shipped

TAB = "console_column_table"
LATE, SOON, FRESH, EVENT, UNSET = "late", "soon", "fresh", "event", "unset"
STATES = {
    LATE: gettext_lazy("逾期未更新"), SOON: gettext_lazy("即将到期"), FRESH: gettext_lazy("按时"),
    EVENT: gettext_lazy("随事项更新"), UNSET: gettext_lazy("没有更新要求"),
}  # fmt: skip
TONES = {LATE: "cross", SOON: "two", FRESH: "full", EVENT: "hollow", UNSET: "bar"}
ORDER = (LATE, SOON, FRESH, EVENT, UNSET)
OPEN = (ColumnDecision.State.PROPOSED, ColumnDecision.State.APPROVED)


@dataclass(frozen=True)
class Row:
    """A line of the table with its one word, and the decision that is open about its column."""

    line: ColumnLine
    state: str
    decision: ColumnDecision | None

    @property
    def word(self) -> str:
        return str(STATES[self.state])

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def asked(self) -> str:
        """What the rules, or the column's own class, ask for."""
        return earlier.asked_of(self.line.demand, self.line.column.name)

    @property
    def earlier(self) -> str:
        """Why the date is not the one that this would give: it began under something else."""
        duty = self.line.duty
        return earlier.of_column(duty, self.line.demand, self.line.column.name) if duty else ""

    @property
    def article(self) -> str:
        return "；".join(wording.basis(basis) for basis in self.line.answer.basis)

    @property
    def passed(self) -> list[str]:
        """Where nothing is asked of the column: every pack that was asked, and what each said."""
        return (
            [] if self.line.is_set or self.line.by_event else [wording.passed(each) for each in self.line.answer.passed]
        )


def table(request: HttpRequest) -> HttpResponse:
    """The columns of one site, the late ones first."""
    site = chosen_site(request)
    rows = list(_rows(request, site)) if site else []
    shown = list(_wanted(rows, request))
    context = {
        "in_site": site,
        "sites": few_sites(request),
        "rows": shown,
        "counts": [(code, STATES[code], TONES[code], sum(row.state == code for row in rows)) for code in ORDER],
        "keepers": sorted({row.line.keeper for row in rows}),
        "asked": request.GET,
        "arranges": site is not None and may_arrange_columns(request.user, site),
        "query": request.GET.urlencode(),
    }
    return page(request, "columns.html", tab=TAB, **context)


def export(request: HttpRequest) -> HttpResponse:
    """The same table for a spreadsheet program."""
    site = chosen_site(request)
    rows = list(_wanted(_rows(request, site), request)) if site else []
    host = site.host if site else "none"
    return as_xlsx(f"columns-{host}", _("栏目保障表"), _lines(rows))


def reference(request: HttpRequest) -> HttpResponse:
    """栏目保障表 as annexes of the packs print it: unit, columns, rule (Chaoyang's 21 lines and 46 columns)."""
    library = shipped()
    found = [(pack, value) for pack in map(library.pack, library.names) for value in pack.values.get(TABLE, ())]
    tables = [(pack, value, value.as_json()["terms"]["value"]) for pack, value in found]
    counted = [
        (pack, value, lines, sum(len(line["columns"]) for line in lines), len({line["text"] for line in lines}))
        for pack, value, lines in tables
    ]
    return page(request, "reference.html", tab=TAB, tables=counted)


def _rows(request: HttpRequest, site: Site) -> Iterator[Row]:
    lines = column_table(site, now=timezone.now())
    decisions = visible_decisions(request.user).filter(column__site=site, state__in=OPEN)
    open_ones = {decision.column_id: decision for decision in decisions}
    rows = [Row(line, state_of(line), open_ones.get(line.column.pk)) for line in lines]
    yield from sorted(
        rows, key=lambda row: (ORDER.index(row.state), row.line.due_at or timezone.now(), row.line.column.path)
    )


def state_of(line: ColumnLine) -> str:
    """One code for how a column stands."""
    if line.state in (State.OVERDUE, State.BREACHED):
        return LATE
    if line.state == State.DUE_SOON:
        return SOON
    if line.duty is not None:
        return FRESH
    return EVENT if line.by_event else FRESH if line.is_set and line.updated_at else UNSET


def _wanted(rows: Iterable[Row], request: HttpRequest) -> Iterator[Row]:
    keeper, state = request.GET.get("unit", ""), request.GET.get("state", "")
    for row in rows:
        if (not keeper or row.line.keeper == keeper) and (state not in STATES or row.state == state):
            yield row


def _lines(rows: list[Row]) -> Iterator[list[Any]]:
    yield [_("栏目"), _("网址"), _("责任单位"), _("更新类别"), _("更新要求"), _("依据"), _("最近更新"), _("距今天数"),
           _("下次应更新"), _("状态"), _("问过的规定"), _("期限说明")]  # fmt: skip
    for row in rows:
        line, column = row.line, row.line.column
        yield [column.name, f"/{column.path}/", line.keeper, Column.UpdateClass(column.update_class).label, row.asked,
               row.article, _day(line.updated_at), line.days_since, _day(line.due_at), row.word,
               "；".join(row.passed), row.earlier]  # fmt: skip


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
