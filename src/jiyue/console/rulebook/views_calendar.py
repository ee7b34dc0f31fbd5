"""工作日历: a year with its holidays and shifted working days; a revision by notice, approved by a second overseer."""

import calendar as weeks
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.office.frame import attempt, page
from jiyue.console.rulebook.effects import provisional_in
from jiyue.console.rulebook.forms import Grounds
from jiyue.console.rulebook.holidays import days_of, lines_of, of_notice
from jiyue.console.rulebook.views_changes import FOLDER, sent
from jiyue.domain.working_days import CalendarYear, DayKind, Why, WorkingCalendar
from jiyue.identity.models import Organisation
from jiyue.rules import wording
from jiyue.rules.actions import revise_calendar
from jiyue.rules.models import CalendarRevision, Proposal
from jiyue.rules.policies import may_propose, proposable_units, visible
from jiyue.rules.queries import book, calendar, year_of

FIRST, LAST = 1949, 2200
WEEKDAYS = tuple(map(gettext_lazy, ("一", "二", "三", "四", "五", "六", "日")))
AHEAD = 2  # years after this one that are offered though nothing is announced for them
SHAPES = {
    DayKind.HOLIDAY: "off", DayKind.SHIFTED_WORK: "shifted", DayKind.WEEKEND: "rest", DayKind.WORKDAY: "work",
    DayKind.UNPUBLISHED_HOLIDAY: "off",
    DayKind.UNPUBLISHED_WEEKEND: "rest", DayKind.UNPUBLISHED_WORKDAY: "open", DayKind.UNSETTLED_WEEKEND: "rest",
    DayKind.UNSETTLED_WORKDAY: "open", DayKind.UNKEPT_WEEKEND: "rest", DayKind.UNKEPT_WORKDAY: "open",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One day of a month's table."""

    day: date
    why: Why
    today: bool

    @property
    def shape(self) -> str:
        return SHAPES[self.why.kind]

    @property
    def told(self) -> str:
        """Why, where it is not what the weekday says anyway."""
        return "" if self.why.kind in (DayKind.WORKDAY, DayKind.WEEKEND) else wording.why(self.why)

    @property
    def mark(self) -> str:
        return {"off": _("休"), "shifted": _("班")}.get(self.shape, "")


@dataclass(frozen=True)
class Month:
    number: int
    rows: list[list[Cell | None]]


class CalendarForm(Grounds):
    notice = forms.CharField(
        label=gettext_lazy("依据的通知"), max_length=300, help_text=gettext_lazy("放假安排通知的名称或文号")
    )
    pasted = forms.CharField(
        label=gettext_lazy("粘贴通知正文"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("整段贴进来，按“读出日期”，下面两栏就填好了"),
    )  # fmt: skip
    off = forms.CharField(
        label=gettext_lazy("放假"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 9}),
        help_text=gettext_lazy("一行一个假期，连同其中的周末，写成“1月1日至3日 元旦”"),
    )  # fmt: skip
    worked = forms.CharField(
        label=gettext_lazy("调休上班"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("因为哪个节日上班，写成“1月4日 元旦”"),
    )  # fmt: skip
    field_order = ("notice", "pasted", "off", "worked", "grounds")

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_off(self) -> dict[str, str]:
        return self._days("off")

    def clean_worked(self) -> dict[str, str]:
        return self._days("worked")

    def _days(self, name: str) -> dict[str, str]:
        days, wrong = days_of(self.cleaned_data[name], self.year)
        if wrong:
            raise forms.ValidationError(wrong)
        return days


class RegionalForm(CalendarForm):
    """Days that one government gave its own area."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("地区"), queryset=Organisation.objects.none(), empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("对这个单位和它的所有下级单位有效；其他单位仍按全国的安排"),
    )  # fmt: skip
    notice = forms.CharField(
        label=gettext_lazy("依据的通知"), max_length=300, help_text=gettext_lazy("本级人民政府放假通知的名称或文号")
    )
    off = forms.CharField(
        label=gettext_lazy("放假"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("只写地区自己增加的日子，一行一个假期，写成“1月1日至3日 节日名称”；全国的假期不用写"),
    )  # fmt: skip
    field_order = ("organisation", "notice", "off", "worked", "grounds")

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["pasted"]  # notices of regions have no common form that could be read
        self.fields["organisation"].queryset = units


def this_year(request: HttpRequest) -> HttpResponse:
    """To the calendar of the year, or of the one asked for."""
    asked = request.GET.get("year", "")
    known = asked.isdecimal() and len(asked) < 5 and FIRST <= int(asked) <= LAST
    return redirect("console_calendar", int(asked) if known else timezone.localdate().year)


def year(request: HttpRequest, year: int) -> HttpResponse:
    """Twelve months; what is not announced yet is marked as provisional."""
    _refuse_far(year)
    rules, regions = book(), _regions(request, year)
    region = next((row.organisation for row in regions if str(row.organisation_id) == request.GET.get("unit")), None)
    found = rules.calendar_for(region.lineage) if region else rules.calendar
    known = found.year(year)
    today = timezone.localdate()
    published = [each.year for each in found.years]
    context = {
        "year": year,
        "known": known,
        "unkept": found.is_before(year),
        "months": [_month(found, year, number, today) for number in range(1, 13)],
        "breaks": _breaks(known) if known else [],
        "working": sum(found.is_working(day) for day in _days_of(year)),
        "years": sorted({*published, *range(today.year, today.year + AHEAD + 1), year}, reverse=True),
        "published": set(published),
        "weekdays": WEEKDAYS,
        "revisions": _revisions(year),
        "waiting": provisional_in(year).filter(provisional=True).count() if known is None else 0,
        "revises": may_propose(request.user, None),
        "region": region,
        "regions": [(row, _breaks(year_of(row))) for row in regions],
        "sets_days": proposable_units(request.user).exists(),
        "earlier": year - 1 if year > FIRST else None,
        "later": year + 1 if year < LAST else None,
    }
    return page(request, "year.html", folder=FOLDER, **context)


def revise(request: HttpRequest, year: int) -> HttpResponse:
    """Propose the days of a year, from the notice's own text or line by line."""
    _refuse_far(year)
    if request.method == "GET" and not may_propose(request.user, None):
        messages.warning(
            request, _("全国的放假安排对所有单位有效，由全平台的督办人员修订；您可以登记本地区自己的放假日")
        )
        return redirect("console_calendar", year)
    known = calendar().year(year)
    initial = (
        {"off": lines_of(dict(known.off)), "worked": lines_of(dict(known.worked)), "notice": known.notice}
        if known
        else {}
    )
    if request.method == "POST" and "read" in request.POST:
        form = _read(request, year)
    else:
        form = CalendarForm(request.POST or None, year=year, initial=initial)
        if request.method == "POST" and form.is_valid() and (row := _revised(request, form, year)):
            return sent(request, row)
    return page(request, "revise.html", folder=FOLDER, form=form, year=year, known=known)


def regional(request: HttpRequest, year: int) -> HttpResponse:
    """Propose days off that a government set for its own area, beside the national arrangement."""
    _refuse_far(year)
    units = proposable_units(request.user).order_by("lineage")
    form = RegionalForm(request.POST or None, year=year, units=units, initial={"organisation": units.first()})
    if request.method == "POST" and form.is_valid() and (row := _revised(request, form, year)):
        return sent(request, row)
    return page(request, "regional.html", folder=FOLDER, form=form, year=year)


def _regions(request: HttpRequest, year: int) -> list[CalendarRevision]:
    """Of each area of which the person may know the newest days: of those above her own unit, and of those she oversees."""
    above = [
        int(key) for key in (request.user.organisation.lineage if request.user.organisation else "").split("/") if key
    ]
    approved = CalendarRevision.objects.filter(year=year, state=Proposal.State.APPROVED, organisation__isnull=False)
    seen = visible(request.user, CalendarRevision).values("pk")
    rows = approved.filter(Q(organisation__in=above) | Q(pk__in=seen)).select_related("organisation")
    return list({row.organisation_id: row for row in rows.order_by("answered_at", "pk")}.values())


def _read(request: HttpRequest, year: int) -> CalendarForm:
    """The form with the days of the pasted notice in it, to be looked at before it is sent."""
    typed = {name: request.POST.get(name, "") for name in ("notice", "pasted", "off", "worked", "grounds")}
    found = of_notice(typed["pasted"], year)
    if found.wrong:
        form = CalendarForm(typed, year=year)
        form.errors.clear()
        form.add_error("pasted", found.wrong)
        return form
    typed |= {"off": lines_of(_dates(found.off)), "worked": lines_of(_dates(found.worked))}
    return CalendarForm(initial=typed, year=year)


def _dates(days: dict[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): name for day, name in days.items()}


def _revised(request: HttpRequest, form: CalendarForm, year: int) -> CalendarRevision | None:
    made: list[CalendarRevision] = []
    given = {name: form.cleaned_data[name] for name in ("off", "worked", "notice", "grounds")}
    given["organisation"] = form.cleaned_data.get("organisation")
    act = {"by": request.user, "now": timezone.now(), **given}
    attempt(form, lambda: made.append(revise_calendar(year=year, **act)))
    return made[0] if made else None


def _month(found: WorkingCalendar, year: int, number: int, today: date) -> Month:
    """Weeks from Monday; days of other months are left out."""
    rows = [
        [Cell(day, found.why(day), day == today) if day.month == number else None for day in week]
        for week in weeks.Calendar().monthdatescalendar(year, number)
    ]
    return Month(number, rows)


def _breaks(year: CalendarYear) -> list[tuple[str, list[str], list[str]]]:
    """Each holiday of the year with its days off and the days worked for it."""
    names = dict.fromkeys([*year.off.values(), *year.worked.values()])
    return [(name, _lines(year.off, name), _lines(year.worked, name)) for name in names]


def _lines(days: Any, name: str) -> list[str]:
    own = {day: each for day, each in days.items() if each == name}
    return [line.rpartition(" ")[0] for line in lines_of(own).splitlines()]


def _days_of(year: int) -> Iterator[date]:
    return (
        date.fromordinal(number) for number in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    )


def _revisions(year: int) -> QuerySet[CalendarRevision]:
    rows = CalendarRevision.objects.filter(year=year, organisation=None)
    return rows.select_related("proposed_by", "answered_by")


def _refuse_far(year: int) -> None:
    if not FIRST <= year <= LAST:
        raise Http404
