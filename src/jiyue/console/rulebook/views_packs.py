"""规则: what the packs say. Every account may read it, because everybody works under it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from jiyue.console import rules as gates
from jiyue.console.duties.reasons import Reason, of_reckoning
from jiyue.console.gate import may_open
from jiyue.console.office.frame import page
from jiyue.console.rulebook import words
from jiyue.console.rulebook.forms import Compare, OnDay, Reckon, Search
from jiyue.console.rulebook.reading import (
    asked_units,
    choices_of_whose,
    counted,
    decisions_for,
    followers,
    history_of,
    said_by_all,
    topics_of,
    whose,
)
from jiyue.domain.deadlines import local
from jiyue.domain.rule_terms import Kind
from jiyue.domain.rulesets import Answer, Parameter
from jiyue.domain.working_days import WorkingCalendar
from jiyue.identity.models import Organisation
from jiyue.identity.roles import Role
from jiyue.rules.comparing import compare
from jiyue.rules.library import Library
from jiyue.rules.queries import Book, book, value_of
from jiyue.rules.reckoning import NoDate, Reckoning, reckon

FOLDER = "rulebook"
RECKONED = (Kind.DEADLINE, Kind.RECURRENCE)
oversees = gates.holds(Role.OVERSEER)


def packs(request: HttpRequest) -> HttpResponse:
    """All packs, and which one counts for the person's units."""
    rules = book()
    library = all_packs(rules)
    today = timezone.localdate()
    rows = [(pack, counted(pack), followers(request.user, pack.name)) for pack in map(library.pack, library.names)]
    own: dict[str, list[Organisation]] = {}
    for unit in asked_units(request.user):
        own.setdefault(rules.assigned(unit.lineage, today).pack, []).append(unit)
    mine = [(library.pack(name), units) for name, units in own.items()]
    return page(request, "packs.html", folder=FOLDER, rows=rows, mine=mine, library=library, **_rights(request))


def pack(request: HttpRequest, pack: str) -> HttpResponse:
    """One pack: its texts, and its values by topic."""
    library = all_packs(book())
    if pack not in library.names:
        raise Http404
    found = library.pack(pack)
    chain = library.chain(pack)[1:]
    context = {"pack": found, "chain": chain, "topics": topics_of(library, found), "count": counted(found)}
    return page(request, "pack.html", folder=FOLDER, followers=followers(request.user, pack), **context)


def parameters(request: HttpRequest) -> HttpResponse:
    """Every parameter with what holds for one unit or pack on a day."""
    rules = book()
    library = all_packs(rules)
    form = Search(request.GET or None, kinds=list(words.KINDS.items()), choices=choices_of_whose(request.user, library))
    asked = form.cleaned_data if form.is_valid() else {}
    on = asked.get("on") or timezone.localdate()
    by = whose(asked.get("whose", ""), user=request.user, book=rules, library=library, on=on)
    rows = [(one, by.rules.answer(one.name, on)) for one in _wanted(library, asked)]
    form.initial = {"whose": by.code, "on": on}
    return page(request, "parameters.html", folder=FOLDER, form=form, rows=rows, by=by, on=on)


def parameter(request: HttpRequest, parameter: str) -> HttpResponse:
    """What every pack says of one thing, since when, on what article; and what follows from it for a start."""
    rules = book()
    library = all_packs(rules)
    found = library.parameters.get(parameter)
    if found is None:
        raise Http404
    asked = OnDay(request.GET or None)
    on = (asked.is_valid() and asked.cleaned_data["on"]) or timezone.localdate()
    asked.initial = {"on": on}
    mine = whose("", user=request.user, book=rules, library=library, on=on)
    context = {
        "parameter": found,
        "asked": asked,
        "on": on,
        "mine": mine,
        "holds": mine.rules.answer(parameter, on),
        "said": said_by_all(library, parameter, on),
        "history": history_of(library, parameter, decisions_for(request.user, parameter), value_of),
        **_calculated(request, found, rules, library),
        **_rights(request),
    }
    return page(request, "parameter.html", folder=FOLDER, **context)


def comparison(request: HttpRequest) -> HttpResponse:
    """Two packs side by side on a day."""
    library = all_packs(book())
    names = [(name, library.pack(name).title) for name in library.names]
    form = Compare(request.GET or None, packs=names)
    context: dict[str, Any] = {"form": form, "pairs": None}
    if form.is_valid():
        asked = form.cleaned_data
        on = asked["on"] or timezone.localdate()
        left, right = library.ruleset(asked["left"]), library.ruleset(asked["right"])
        pairs = [pair for pair in compare(left, right, on=on) if asked["everything"] or pair.differs]
        context |= {"pairs": pairs, "left": left.nearest, "right": right.nearest, "on": on}
    elif not form.is_bound:
        form.initial = {"left": names[0][0], "right": names[-1][0], "on": timezone.localdate()}
    return page(request, "compare.html", folder=FOLDER, **context)


def all_packs(rules: Book) -> Library:
    """The shipped packs, and own ones in their newest version."""
    return rules.library.with_packs({pack.name: pack for _from, pack in rules.own_packs}.values())


def _wanted(library: Library, asked: dict) -> Iterator[Parameter]:
    text, kind = asked.get("q", "").strip().lower(), asked.get("kind", "")
    for one in library.parameters.values():
        named = [one.title.lower(), one.name, one.english.lower(), *(number.lower() for number in one.ids)]
        if (not kind or one.kind == kind) and (not text or any(text in name for name in named)):
            yield one


def _calculated(request: HttpRequest, parameter: Parameter, rules: Book, library: Library) -> dict:
    """The calculator of a parameter from which days follow, and its answer when it was asked."""
    if parameter.kind not in RECKONED:
        return {"reckon": None}
    asked = "start" in request.GET
    choices = choices_of_whose(request.user, library)
    form = Reckon(request.GET if asked else None, choices=choices)
    default = whose("", user=request.user, book=rules, library=library, on=timezone.localdate())
    form.initial = {"whose": default.code, "start": timezone.localtime().replace(second=0, microsecond=0)}
    if not asked or not form.is_valid():
        return {"reckon": form}
    start, event = form.cleaned_data["start"], form.cleaned_data["event"]
    on = local(start).date()
    by = whose(form.cleaned_data["whose"], user=request.user, book=rules, library=library, on=on)
    answer = by.rules.answer(parameter.name, on)
    return {
        "reckon": form,
        "by": by,
        "answer": answer,
        "reason": _reason(answer, start, event, rules.calendar_for(by.lineage)),
    }


def _reason(answer: Answer, start: datetime, event: datetime | None, days: WorkingCalendar) -> Reason | None:
    found = _reckoned(answer, start, event, days) if answer.is_set else None
    return of_reckoning(found) if found else None


def _reckoned(answer: Answer, start: datetime, event: datetime | None, days: WorkingCalendar) -> Reckoning | None:
    try:
        return reckon(answer, start=start, calendar=days, event_at=event)
    except NoDate:
        return None


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {"oversees": oversees(request.user), "answers": may_open(request.user, "console_rule_notices")}
