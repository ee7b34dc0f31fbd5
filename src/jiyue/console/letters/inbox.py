"""The inbox: letters by tab and question, the most urgent on top."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from jiyue.console.gate import may_open
from jiyue.console.letters.bulk import WAYS
from jiyue.console.letters.frame import page, rows_of
from jiyue.console.office.frame import PER_PAGE
from jiyue.domain.cases import Kind, State
from jiyue.domain.deadlines import local
from jiyue.estate.models import Site
from jiyue.estate.policies import sites_with
from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.interaction.bulk import last_request
from jiyue.interaction.lists import (
    ByTheClock,
    Newest,
    Numbered,
    Span,
    leaf_of,
    looks_like_a_number,
    open_by_the_clock,
    waiting_by_the_clock,
)
from jiyue.interaction.models import STILL_OPEN, Case
from jiyue.interaction.words import KINDS, STATES

MINE, OPEN_ONES, LATE, ALL = "mine", "open", "late", "all"
TABS = {
    MINE: gettext_lazy("等我办理"), OPEN_ONES: gettext_lazy("未办结"), LATE: gettext_lazy("已逾期"), ALL: gettext_lazy("全部")
}  # fmt: skip
TODAY, SOON, LATER, UNSET = "today", "soon", "later", "unset"
SOON_IS = timedelta(days=3)
CLOCKS = {
    LATE: gettext_lazy("已逾期"), TODAY: gettext_lazy("今天到期"), SOON: gettext_lazy("三天内到期"),
    LATER: gettext_lazy("三天以后到期"), UNSET: gettext_lazy("规定未设期限"),
}  # fmt: skip
LONGEST_WORDS = 60


@dataclass(frozen=True)
class Asked:
    """What of the inbox somebody wants to see; what an address asks that does not exist is not asked."""

    tab: str
    state: str
    kind: str
    source: str
    clock: str
    unit: str
    q: str
    anywhere: str = ""  # a number sought in titles too, not only where numbers begin with it

    @property
    def query(self) -> dict[str, str]:
        """As the address tells it, without what was not asked."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def narrows(self) -> bool:
        return len(self.query) > 1


def asked(given: QueryDict) -> Asked:
    tab = given.get("tab", MINE)
    return Asked(
        tab if tab in TABS else MINE, _one_of(given, "state", set(State)), _one_of(given, "kind", set(Kind)),
        _one_of(given, "source", set(Case.Source)),
        _one_of(given, "clock", set(CLOCKS)), given.get("unit", "").strip()[:LONGEST_WORDS],
        given.get("q", "").strip()[:LONGEST_WORDS], "1" if given.get("anywhere") == "1" else "",
    )  # fmt: skip


def found(user: User, ask: Asked, *, now: datetime) -> ByTheClock | Newest | Numbered:
    """The letters that were asked for, of those that the person may read. What is open comes by the clock."""
    state, rest = Q(state=ask.state) if ask.state else Q(), _condition(ask)
    clock = LATE if ask.tab == LATE else ask.clock
    span = _span(clock, now) if clock else None
    if ask.tab == MINE:
        return waiting_by_the_clock(user, state & rest & _words(ask), span)
    if ask.tab != ALL or span:
        return open_by_the_clock(user, Q(STILL_OPEN, state), rest & _words(ask), span)
    if looks_like_a_number(ask.q) and not ask.anywhere:
        numbered = Numbered(user, ask.q, state & rest)
        if numbered.first(1):
            return numbered
    return Newest(user, state & rest & _words(ask))


@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """The inbox: what waits for the person first, the most urgent on top."""
    now, ask = timezone.now(), asked(request.GET)
    rows = found(request.user, ask, now=now)
    leaf = leaf_of(rows, request.GET.get("p"), per_page=PER_PAGE)
    tabs = [(code, label, urlencode({**ask.query, "tab": code})) for code, label in TABS.items()]
    return page(
        request, "letters.html", rows=rows_of(leaf.rows, now=now), leaf=leaf, tabs=tabs, ask=ask,
        query=urlencode(ask.query), by_number=isinstance(rows, Numbered), choices=_choices(ask),
        ways=list(WAYS.items()), last=last_request(request.user, now=now),
        writes=may_open(request.user, "console_text_blocks"),
        desks=sites_with(request.user, Permission.RECEIVE_LETTERS).order_by("name")[:5],
    )  # fmt: skip


def _choices(ask: Asked) -> list[tuple[str, Any, str, list[tuple[str, Any]]]]:
    return [
        ("state", gettext_lazy("状态"), ask.state, [(code.value, label) for code, label in STATES.items()]),
        ("kind", gettext_lazy("类别"), ask.kind, [(code.value, label) for code, label in KINDS.items()]),
        ("source", gettext_lazy("来源"), ask.source, list(Case.Source.choices)),
        ("clock", gettext_lazy("时限"), ask.clock, list(CLOCKS.items())),
    ]


def _one_of(given: QueryDict, name: str, known: set[Any]) -> str:
    value = given.get(name, "")
    return value if value in known else ""


def _condition(ask: Asked) -> Q:
    found = Q(kind=ask.kind) if ask.kind else Q()
    if ask.source:
        found &= Q(source=ask.source)
    if ask.unit:  # read at once: few sites, and an index of letters for them
        found &= Q(desk__in=list(Site.objects.filter(owner__name__contains=ask.unit).values_list("pk", flat=True)))
    return found


def _words(ask: Asked) -> Q:
    if not ask.q:
        return Q()
    return Q(number__contains=ask.q) | Q(title__contains=ask.q) | Q(outer_number__contains=ask.q)


def _span(clock: str, now: datetime) -> Span:
    """Where the moment to answer lies, seen from now; days are those of Beijing."""
    tomorrow = local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return {
        LATE: Span(until=now),
        TODAY: Span(since=now, until=tomorrow),
        SOON: Span(since=now, until=tomorrow + SOON_IS),
        LATER: Span(since=tomorrow + SOON_IS),
        UNSET: Span(unset=True),
    }[clock]
