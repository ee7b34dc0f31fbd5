"""待办清单: one list per person, per site and per unit, and the same rows as a file."""

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiyue.console.duties import rows as listing
from jiyue.console.duties.asked import (
    MOST_PAGES,
    PERIOD_CHOICES,
    STATE_CHOICES,
    UPDATES,
    Asked,
    asked_of,
)
from jiyue.console.duties.frame import screen
from jiyue.console.duties.rows import Row
from jiyue.console.duties.words import STATES
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.rule_names import name_of
from jiyue.rules.library import shipped

MOST_EXPORTED = 5_000


@require_GET
def duties(request: HttpRequest) -> HttpResponse:
    """What is owed, by whom, until when and how late; filters narrow it."""
    asked = asked_of(request)
    found = listing.found(asked)
    return screen(
        request, "list.html", asked=asked, rows=found.rows, page=asked.page, query=asked.query,
        more=found.more and asked.page < MOST_PAGES, states=STATE_CHOICES, periods=PERIOD_CHOICES, rules=_rules(),
        now=asked.now,
    )  # fmt: skip


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same rows as .xlsx, at most MOST_EXPORTED of them."""
    asked = asked_of(request)
    return as_xlsx("duties", _("待办清单"), _lines(asked))


def _lines(asked: Asked) -> Iterator[list]:
    yield [
        _("事项"), _("规则与依据"), _("网站或单位"), _("责任人"), _("状态"), _("还有多久"), _("办理时限"), _("最迟期限"),
        _("起算时间"), _("暂定"), _("补录"),
    ]  # fmt: skip
    for row in listing.every_row(asked, MOST_EXPORTED):
        yield _cells(row)


def _cells(row: Row) -> list:
    if row.duty is None:
        return [
            row.title,
            row.why,
            row.where,
            "",
            _("其他工作"),
            "",
            _time(row.todo.due),
            "",
            _time(row.todo.since),
            "",
            "",
        ]
    duty, yes = row.duty, _("是")
    return [
        row.title, row.why, row.where, row.person, str(STATES[row.state]), row.clock.words, _time(duty.act_by),
        _time(duty.latest_at), _time(duty.started_at), yes if duty.provisional else "", yes if row.late_record else "",
    ]  # fmt: skip


def _time(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _rules() -> list[tuple[str, str]]:
    """What can be owed at all: limits and cycles."""
    known = shipped().parameters.items()
    single = [(name, name_of(parameter)) for name, parameter in known if parameter.kind in ("deadline", "recurrence")]
    return [(UPDATES, _("栏目更新（全部）")), *single]
