"""关切事项: the register, and one concern with everything that was said and done about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.concerns.actions import (
    close_concern,
    draft_answer,
    link_answer,
    open_concern,
    record_step,
    strike_step,
    withdraw_concern,
)
from jiyue.concerns.models import Concern, Step
from jiyue.concerns.policies import fetch_concern_for, fetch_step_for, may_keep, visible_concerns
from jiyue.console.concerns.forms import ConcernForm, DraftForm, LinkForm, StepForm
from jiyue.console.concerns.frame import length, page
from jiyue.console.duties.reasons import Reason, of_obligation
from jiyue.console.office.frame import paged
from jiyue.console.office.spreadsheets import as_xlsx
from jiyue.console.office.views_columns import units_of
from jiyue.console.stewardship.forms import ReasonForm
from jiyue.console.stewardship.frame import chosen_site, done, few_sites, readable_sites
from jiyue.content.policies import writable_columns
from jiyue.estate.policies import fetch_site_for
from jiyue.obligations.models import Obligation
from jiyue.publishing.concerns import Told, course, is_unanswered, told
from jiyue.rules.queries import book

TAB = "console_concerns"
UNANSWERED, OPEN, CLOSED, WITHDRAWN = "unanswered", "open", "closed", "withdrawn"
STATES = {
    UNANSWERED: gettext_lazy("待回应"), OPEN: gettext_lazy("已回应，未办结"), CLOSED: gettext_lazy("已办结"),
    WITHDRAWN: gettext_lazy("已撤销"),
}  # fmt: skip
TONES = {UNANSWERED: "cross", OPEN: "one", CLOSED: "full", WITHDRAWN: "bar"}
NAMES = {
    "happened": gettext_lazy("事件发生"), "found": gettext_lazy("发现"), "first": gettext_lazy("首次发布"),
    "later": gettext_lazy("后续发布"), "closed": gettext_lazy("办结"), **dict(Step.Kind.choices),
}  # fmt: skip
FIRST = {
    Concern.Kind.HOT_TOPIC: gettext_lazy("首次回应"), Concern.Kind.RUMOUR: gettext_lazy("发布澄清"),
    Concern.Kind.OPINION: gettext_lazy("首次回应"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A concern in the register: how it stands, and how long the public waited for the first word."""

    concern: Concern
    state: str
    told: Told
    waited: str

    @property
    def word(self) -> Any:
        reported = self.concern.kind == Concern.Kind.OPINION and self.told.first_at is None
        return _("已上报，未办结") if reported and self.state == OPEN else STATES[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state]


@dataclass(frozen=True)
class Owed:
    """What a rule demands about the concern, how it stands, and why."""

    duty: Obligation
    state: str
    reason: Reason


def concerns(request: HttpRequest) -> HttpResponse:
    """The register: what still wants an answer first, the longest waiting on top."""
    rows = _rows(_asked(request), timezone.now())
    site = chosen_site(request)
    adds = site is not None and may_keep(request.user, site)
    kind, picked = request.GET.get("kind", ""), request.GET.get("site", "")
    counts = {state: sum(row.state == state for row in rows) for state in STATES}
    return page(
        request, "concerns.html", tab=TAB, rows=paged(request, rows), kinds=Concern.Kind.choices, kind=kind,
        sites=few_sites(request), picked=picked, query=f"site={picked}&kind={kind}", in_site=site, adds=adds,
        counts=counts,
    )  # fmt: skip


def export(request: HttpRequest) -> HttpResponse:
    """The register as a workbook."""
    head = [
        _("类别"), _("事项"), _("网站"), _("责任单位"), _("来源"), _("事发时间"), _("发现时间"), _("上报时间"), _("首次发布时间"),
        _("间隔"), _("状态"), _("处置结果"),
    ]  # fmt: skip
    rows = _rows(_asked(request), timezone.now())
    return as_xlsx("concerns", _("回应关切"), [head, *map(_line, rows)])


def add_concern(request: HttpRequest, site: int) -> HttpResponse:
    found = fetch_site_for(request.user, site)
    if not may_keep(request.user, found):
        raise PermissionDenied
    form = ConcernForm(
        request.POST or None, instance=Concern(site=found, unit=found.owner), units=units_of(found),
        initial={"found_at": timezone.localtime(), "kind": request.GET.get("kind") or Concern.Kind.HOT_TOPIC},
    )  # fmt: skip
    act = {"by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: open_concern(concern=form.instance, **act)):
        messages.success(request, _("已登记"))
        return redirect("console_concern", form.instance.pk)
    return page(request, "concern_new.html", tab=TAB, form=form, about=found)


def concern(request: HttpRequest, concern: int) -> HttpResponse:
    """One concern: its course with the time each step took, what is owed, and the acts that are open now."""
    found = fetch_concern_for(request.user, concern)
    keeps = found.is_open and may_keep(request.user, found.site)
    forms = _forms(request, found)
    if request.method == "POST":
        if not keeps:
            raise PermissionDenied
        answer = _acted(request, found, forms)
        if answer is not None:
            return answer
    known, now = told([found])[found.pk], timezone.now()
    lines = [(moment, _name(found, moment.name), length(moment.since_last)) for moment in course(found, known)]
    context = {
        "row": _row(found, known, now), "lines": lines, "pending": [each for each in known.answers if not each.at],
        "owed": list(_owed(found, now)), "keeps": keeps, "writes": bool(forms["draft"].fields["column"].queryset),
    }  # fmt: skip
    wrong = next((form for form in forms.values() if form.is_bound and form.errors), None)
    return page(request, "concern.html", tab=TAB, concern=found, form=wrong, forms=forms, **context)


def strike(request: HttpRequest, step: int) -> HttpResponse:
    """Say that a step was recorded in error; it stays readable."""
    found = fetch_step_for(request.user, step)
    if not may_keep(request.user, found.concern.site):
        raise PermissionDenied
    form = ReasonForm(request.POST or None, name="struck_reason", label=_("为什么划去"))
    act = {"step": found, "by": request.user, "now": timezone.now()}
    if request.method == "POST" and done(form, lambda: strike_step(reason=form.reason, **act)):
        messages.success(request, _("已划去，不再计入"))
        return redirect("console_concern", found.concern_id)
    return page(request, "strike.html", tab=TAB, form=form, step=found, name=NAMES[found.kind])


def _forms(request: HttpRequest, concern: Concern) -> dict[str, BaseForm]:
    """The forms of the page; only the one that was sent is bound."""
    sent = request.POST.get("act", "") if request.method == "POST" else ""

    def data(act: str) -> Any:
        return request.POST if sent == act else None

    columns = writable_columns(request.user, concern.site).order_by("path")
    step = StepForm(
        data("step"), instance=Step(concern=concern), prefix="step", initial={"at": timezone.localtime()},
    )  # fmt: skip
    return {
        "draft": DraftForm(data("draft"), columns=columns, prefix="draft", initial={"title": concern.title}),
        "link": LinkForm(data("link"), concern=concern, prefix="link"),
        "step": step,
        "close": ReasonForm(data("close"), name="outcome", label=_("处置结果"), prefix="close"),
        "withdraw": ReasonForm(data("withdraw"), prefix="withdraw"),
    }


def _acted(request: HttpRequest, concern: Concern, forms: dict[str, Any]) -> HttpResponse | None:
    """Take the act whose form was sent; None when it was refused and the form says why."""
    act: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    draft, link, step, close, withdraw = (forms[name] for name in ("draft", "link", "step", "close", "withdraw"))
    made: list[Any] = []
    if draft.is_bound:
        if done(draft, lambda: made.append(draft_answer(concern=concern, **draft.cleaned_data, **act))):
            messages.success(request, _("已建好草稿，写完后照常送审"))
            return redirect("console_edit", made[0].pk)
        return None
    taken = (
        (link.is_bound and done(link, lambda: link_answer(concern=concern, **link.cleaned_data, **act)))
        or (step.is_bound and done(step, lambda: record_step(step=step.instance, **act)))
        or (close.is_bound and done(close, lambda: close_concern(concern=concern, outcome=close.reason, **act)))
        or (
            withdraw.is_bound
            and done(withdraw, lambda: withdraw_concern(concern=concern, reason=withdraw.reason, **act))
        )
    )
    if not taken:
        return None
    messages.success(request, _("已保存"))
    return redirect("console_concern", concern.pk)


def _owed(concern: Concern, now: datetime) -> Iterator[Owed]:
    rules = book()
    duties = Obligation.objects.filter(subject=f"concern:{concern.pk}", site=concern.site)
    for duty in duties.select_related("rule", "unit", "site").order_by("pk"):
        calendar = rules.calendar_for(duty.unit.lineage)
        yield Owed(duty, duty.state(now), of_obligation(duty, calendar=calendar))


def _asked(request: HttpRequest) -> QuerySet[Concern]:
    rows = visible_concerns(request.user).select_related("site", "unit").order_by("found_at", "pk")
    asked, kind = request.GET.get("site", ""), request.GET.get("kind", "")
    if asked.isdecimal() and len(asked) < 19:
        rows = rows.filter(site__in=readable_sites(request).filter(pk=int(asked)))
    return rows.filter(kind=kind) if kind in Concern.Kind.values else rows


def _rows(concerns: QuerySet[Concern], now: datetime) -> list[Row]:
    known = told(concerns)
    rows = [_row(concern, known[concern.pk], now) for concern in concerns]
    waiting = [row for row in rows if row.state == UNANSWERED]
    others = [row for row in rows if row.state != UNANSWERED]
    return waiting + sorted(others, key=lambda row: (list(STATES).index(row.state), -row.concern.found_at.timestamp()))


def _row(concern: Concern, known: Told, now: datetime) -> Row:
    until = known.first_at or (now if concern.is_open else None)
    return Row(concern, _state(concern, known), known, length(until - concern.began_at) if until else "")


def _state(concern: Concern, known: Told) -> str:
    if concern.withdrawn_at:
        return WITHDRAWN
    if concern.closed_at:
        return CLOSED
    return UNANSWERED if is_unanswered(concern, known) else OPEN


def _name(concern: Concern, name: str) -> Any:
    return FIRST.get(Concern.Kind(concern.kind), NAMES[name]) if name == "first" else NAMES[name]


def _line(row: Row) -> list[Any]:
    concern = row.concern
    times = (concern.happened_at, concern.found_at, row.told.reported_at, row.told.first_at)
    spoken = [timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else "" for at in times]
    taken = length(row.told.first_at - concern.began_at) if row.told.first_at else ""
    return [
        concern.get_kind_display(), concern.title, concern.site.name, concern.unit.name, concern.get_origin_display(),
        *spoken, taken, row.word, concern.outcome or concern.withdrawn_reason,
    ]  # fmt: skip
